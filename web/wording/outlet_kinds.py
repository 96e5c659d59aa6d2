"""What kind of outlet published something, in words."""

from __future__ import annotations

from timeline.domain.complete import check_complete
from timeline.domain.document import OUTLET_KINDS
from web.i18n.translate import lazy_gettext

WORDS = {
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

check_complete("WORDS", WORDS, OUTLET_KINDS)


def outlet_kind_word(kind: str) -> str:
    """Return the words for a kind of outlet; nothing where nobody said."""
    return str(WORDS[kind]) if kind in WORDS else ""


def outlet_kinds() -> list[tuple[str, str]]:
    """Return the kinds of outlets, each with its words."""
    return [(kind, str(words)) for kind, words in WORDS.items()]
