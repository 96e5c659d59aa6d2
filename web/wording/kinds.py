"""Kinds of things in words: changes, actors, outlets, questions, reasons, ways of watching."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.complete import check_complete
from timeline.domain.coverage import COMPLETE, FOLLOWED, SEARCHED
from timeline.domain.document import OUTLET_KINDS
from timeline.domain.nature import ASKS, DERIVED
from timeline.domain.scales import REASONS
from timeline.projections.tables.kinds import DEVELOPMENT, KINDS
from web.i18n.translate import gettext, lazy_gettext, ngettext

if TYPE_CHECKING:
    from timeline.domain.nature import Nature


CHANGES = {
    "reversal": lazy_gettext("turns from one side to the other"),
    "terms": lazy_gettext("conditions set or dropped"),
    "opens": lazy_gettext("sides left"),
    "settles": lazy_gettext("sides taken"),
    "succession": lazy_gettext("new people in charge"),
    "withdrawn": lazy_gettext("words taken back"),
    "vote": lazy_gettext("other votes"),
    "mixed": lazy_gettext("differing votes of a day"),
    "first": lazy_gettext("first words"),
    DEVELOPMENT: lazy_gettext("developments"),
}
check_complete("CHANGES", CHANGES, KINDS)


def kinds_word(kind: str) -> str:
    """Return the word for changes of a kind, in the reader's language."""
    return str(CHANGES[kind])


def kind_word(kind: str) -> str:
    """Return a kind of actor in the reader's language."""
    words = {
        "person": gettext("person"),
        "office": gettext("office"),
        "organisation": gettext("organisation"),
        "state": gettext("state"),
        "collective": gettext("collective"),
        "unnamed": gettext("unnamed source"),
        "unknown": gettext("kind not known"),
    }
    return words.get(kind, kind)


OUTLETS = {
    "agency": lazy_gettext("news agency"),
    "newspaper": lazy_gettext("newspaper"),
    "broadcaster": lazy_gettext("broadcaster"),
    "government": lazy_gettext("a government’s own"),
    "party": lazy_gettext("a party’s own"),
    "aggregator": lazy_gettext("aggregator"),
    "sanctioned": lazy_gettext("state media under sanction"),
    "mirror": lazy_gettext("mirror of others"),
    "other": lazy_gettext("another outlet"),
}

check_complete("OUTLETS", OUTLETS, OUTLET_KINDS)


def outlet_kind_word(kind: str) -> str:
    """Return the words for a kind of outlet, empty if unknown."""
    return str(OUTLETS[kind]) if kind in OUTLETS else ""


def outlet_kinds() -> list[tuple[str, str]]:
    """Return the kinds of outlets, each with its words."""
    return [(kind, str(words)) for kind, words in OUTLETS.items()]


NO_POSITION = {
    "refuses": lazy_gettext("asked, declined to answer"),
    "silent": lazy_gettext("took no side"),
    "defers": lazy_gettext("leaves it to somebody else"),
    "forecast": lazy_gettext("says what will be, not what should"),
    "comments": lazy_gettext("speaks of what somebody else says"),
    "declined": lazy_gettext("asked, declined to answer"),
    "unstated": lazy_gettext("took no side"),
}

check_complete("NO_POSITION", NO_POSITION, REASONS)


def reason_word(reason: str) -> str:
    """Return the words for a reason."""
    return str(NO_POSITION[reason])


ASKED = {
    "position": lazy_gettext("a position: should something be?"),
    "fact": lazy_gettext("a fact: is something so?"),
    "forecast": lazy_gettext("a forecast: will something be?"),
    "decision": lazy_gettext("a decision of a body"),
    "vote": lazy_gettext("a vote"),
}

check_complete("ASKED", ASKED, ASKS)


def nature_word(asks: str) -> str:
    """Return in a word what a topic asks for."""
    return str(ASKED[asks])


def nature_in_words(nature: Nature) -> str:
    """Return in a line what a topic asks for, and after how long positions are old."""
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


def how_watched(how: str) -> str:
    """Return how somebody watched, empty if unknown."""
    words = {
        FOLLOWED: gettext("followed as it happened"),
        SEARCHED: gettext("searched afterwards"),
        COMPLETE: gettext("complete: all that it holds"),
    }
    return words.get(how, "")
