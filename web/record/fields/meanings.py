"""What a position means on each scale, told beside the choice: when to take which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.scales import NO_POSITION
from web.i18n.translate import lazy_gettext
from web.wording import stances
from web.wording.scale_words import step_words

if TYPE_CHECKING:
    from timeline.domain.scales import Scale

NONE = lazy_gettext("was asked and did not answer, or took no side; the lane stays as it was")


def meaning(scale: Scale, chosen: str) -> tuple[str, str] | None:
    """Return a position's word and what it means, in the reader's language."""
    if chosen == NO_POSITION:
        return stances.word(scale, None), str(NONE)
    if chosen not in filter(None, scale.words):
        return None
    value = scale.value(chosen)
    return stances.word(scale, value), str(step_words(scale.name, value).meaning)
