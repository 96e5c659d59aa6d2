"""Why somebody takes no position, in words."""

from __future__ import annotations

from timeline.domain.complete import check_complete
from timeline.domain.scales import REASONS
from web.i18n.translate import lazy_gettext

WORDS = {
    "refuses": lazy_gettext("asked, declined to answer"),
    "silent": lazy_gettext("took no side"),
    "defers": lazy_gettext("leaves it to somebody else"),
    "forecast": lazy_gettext("says what will be, not what should"),
    "comments": lazy_gettext("speaks of what somebody else says"),
    "declined": lazy_gettext("asked, declined to answer"),
    "unstated": lazy_gettext("took no side"),
}

check_complete("WORDS", WORDS, REASONS)


def reason_word(reason: str) -> str:
    """Return the words for a reason."""
    return str(WORDS[reason])
