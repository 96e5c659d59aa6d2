"""What a position means on each scale, told beside the choice: when to take which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.scales import NO_POSITION
from web.i18n.translate import lazy_gettext
from web.wording import stances

if TYPE_CHECKING:
    from timeline.domain.scales import Scale

NONE = lazy_gettext("was asked and did not answer, or took no side; the lane stays as it was")

MEANINGS = {
    "position": (
        lazy_gettext("rejects it"),
        lazy_gettext("finds it unwelcome, but does not rule it out"),
        lazy_gettext("names a condition, and takes no direction without it"),
        lazy_gettext("would live with it"),
        lazy_gettext("wants it, argues for it"),
    ),
    "vote": (
        lazy_gettext("votes no"),
        "",
        lazy_gettext("takes part, and votes neither way"),
        "",
        lazy_gettext("votes yes"),
    ),
    "expectation": (
        lazy_gettext("says that it will not happen"),
        lazy_gettext("does not count on it, but does not rule it out"),
        lazy_gettext("says that it may go either way"),
        lazy_gettext("counts on it, but is not certain"),
        lazy_gettext("says that it will happen"),
    ),
    "claim": (
        lazy_gettext("says that it is not so"),
        lazy_gettext("doubts that it is so"),
        lazy_gettext("says that it may be so or not"),
        lazy_gettext("takes it to be so, without vouching for it"),
        lazy_gettext("says that it is so"),
    ),
}
"""One for each of −2 … +2, in the order of a scale's words."""


def meaning(scale: Scale, chosen: str) -> tuple[str, str] | None:
    """Return a position's word and what it means, in the reader's language."""
    if chosen == NO_POSITION:
        return stances.word(scale, None), str(NONE)
    if chosen not in filter(None, scale.words):
        return None
    value = scale.value(chosen)
    return stances.word(scale, value), str(MEANINGS[scale.name][value + 2])
