"""Ways to ask for a reply and what may come of it, in words."""

from __future__ import annotations

from timeline.desk.inquiries import ANSWERED, DECLINED, NO_ANSWER, OUTCOMES, WAYS
from timeline.domain.complete import check_complete
from web.i18n.translate import lazy_gettext

WAY_WORDS = {
    "email": lazy_gettext("by e-mail"),
    "phone": lazy_gettext("by phone"),
    "letter": lazy_gettext("by letter"),
    "in_person": lazy_gettext("in person"),
    "other": lazy_gettext("another way"),
}
OUTCOME_WORDS = {
    ANSWERED: lazy_gettext("answered"),
    DECLINED: lazy_gettext("declined to answer"),
    NO_ANSWER: lazy_gettext("no answer"),
}
check_complete("WAY_WORDS", WAY_WORDS, WAYS)
check_complete("OUTCOME_WORDS", OUTCOME_WORDS, OUTCOMES)


def way_words(way: str) -> str:
    """Return a way in words."""
    return str(WAY_WORDS.get(way, way))


def outcome_words(outcome: str) -> str:
    """Return an outcome in words."""
    return str(OUTCOME_WORDS.get(outcome, outcome))


def ways() -> list[tuple[str, str]]:
    """Return all ways with their words."""
    return [(way, str(words)) for way, words in WAY_WORDS.items()]


def outcomes() -> list[tuple[str, str]]:
    """Return all outcomes with their words."""
    return [(outcome, str(words)) for outcome, words in OUTCOME_WORDS.items()]
