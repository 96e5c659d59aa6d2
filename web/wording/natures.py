"""What a topic asks for, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.complete import check_complete
from timeline.domain.nature import ASKS, DERIVED
from web.i18n.translate import gettext, lazy_gettext, ngettext

if TYPE_CHECKING:
    from timeline.domain.nature import Nature

WORDS = {
    "position": lazy_gettext("a position: should something be?"),
    "fact": lazy_gettext("a fact: is something so?"),
    "forecast": lazy_gettext("a forecast: will something be?"),
    "decision": lazy_gettext("a decision of a body"),
    "vote": lazy_gettext("a vote"),
}

check_complete("WORDS", WORDS, ASKS)


def nature_word(asks: str) -> str:
    """Return what a topic asks for."""
    return str(WORDS[asks])


def in_words(nature: Nature) -> str:
    """Return in a line what a topic asks for, and when words on it are old."""
    parts = [nature_word(nature.asks)]
    if nature.recurring:
        parts.append(gettext("decided again and again"))
    if nature.limit_months is None:
        parts.append(gettext("words on it are never old"))
    else:
        limit = ngettext("old after %(num)d month", "old after %(num)d months", nature.limit_months)
        parts.append(limit)
    if nature.prints == DERIVED:
        parts.append(gettext("changes derived by the rule"))
    return ", ".join(parts)
