"""Verbs of saying as their tables have them, in any language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.capture.suggestion import Form

FORMS: tuple[Form, ...] = ("reported", "demand", "denial", "ascribed")
"""The parts of a table of verbs: how what they tell is given."""


class Verb(NamedTuple):
    """A verb of saying: what it takes, and the words that must stand with it.

    ``prepositions`` are those that what was said stands behind; of each of ``needs`` one word must
    be there.
    """

    infinitive: str
    form: Form
    takes: frozenset[str]
    prepositions: frozenset[str]
    needs: tuple[frozenset[str], ...] = ()

    def takes_any(self, *names: str) -> bool:
        """Tell whether it takes one of these."""
        return not self.takes.isdisjoint(names)


def read_verbs(table: dict[str, Any]) -> Iterator[Verb]:
    """Yield the verbs of a table, and the phrases at its end."""
    for form in FORMS:
        for taken, infinitives in table[form].items():
            for infinitive in infinitives.split():
                yield _verb(infinitive, form, taken)
    for one in table["phrase"]:
        needs = tuple(frozenset(words.lower().split()) for words in one["needs"])
        yield _verb(one["verb"], one.get("form", "reported"), one["takes"], needs)


def _verb(infinitive: str, form: Form, taken: str, needs: tuple[frozenset[str], ...] = ()) -> Verb:
    takes, prepositions = set(), set()
    for one in taken.split():
        name, _, after = one.partition(":")
        takes.add(name)
        prepositions |= set(after.split(",")) - {""}
    return Verb(infinitive, form, frozenset(takes), frozenset(prepositions), needs)
