"""The kinds of changes in words, as filters and lists name them."""

from __future__ import annotations

from timeline.domain.complete import check_complete
from timeline.projections.tables.kinds import CHANGED, DEVELOPMENT, KINDS
from web.i18n.translate import lazy_gettext

WORDS = {
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
check_complete("WORDS", WORDS, KINDS)

EARLIER = {"shift": CHANGED, "reported": CHANGED}
"""Kinds that addresses once named, each with those of today that it may be."""


def kinds_word(kind: str) -> str:
    """Return what changes of a kind are called, in the reader's language."""
    return str(WORDS[kind])


def kinds_of_today(named: tuple[str, ...]) -> tuple[str, ...]:
    """Return the kinds that an address names, as they are called today."""
    return tuple(dict.fromkeys(kind for one in named for kind in EARLIER.get(one, (one,))))
