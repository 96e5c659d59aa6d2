"""Verbs of saying in all their English forms."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from timeline.capture.finding import Verb, read_verbs
from timeline.capture.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator

_VOWELS = "aeiou"
_DOUBLED = re.compile(rf"[^{_VOWELS}]+[{_VOWELS}][bgmnpt]")
"""Verbs that double their last letter: "slammed"."""

Kind = Literal["finite", "base", "gerund", "progressive", "participle"]


class VerbForm(NamedTuple):
    """A form of a verb; ``base`` may be the infinitive or the plural of the present.

    A gerund after "is" and the like is ``progressive``.
    """

    verb: Verb
    kind: Kind


@cache
def verb_forms() -> dict[str, list[VerbForm]]:
    """Return all forms in lower case, each with the verbs that it may belong to."""
    forms: dict[str, dict[VerbForm, None]] = defaultdict(dict)
    read = table(__package__, "verbs.toml")
    irregular = {line.split()[0]: line.split() for line in read["irregular"].splitlines() if line}
    for verb in read_verbs(read):
        for word, kind in _forms(irregular.get(verb.infinitive) or _regular(verb.infinitive)):
            forms[word][VerbForm(verb, kind)] = None
    return {word: list(some) for word, some in forms.items()}


def _forms(parts: list[str]) -> Iterator[tuple[str, Kind]]:
    base, third, past, gerund, participle = parts
    yield third, "finite"
    yield past, "finite"
    yield base, "base"
    yield gerund, "gerund"
    if participle != past:
        yield participle, "participle"


def _regular(verb: str) -> list[str]:
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        stem = verb.removesuffix("y")
        return [verb, f"{stem}ies", f"{stem}ied", f"{verb}ing", f"{stem}ied"]
    third = verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s")
    stem = verb.removesuffix("e") + (verb[-1] if _DOUBLED.fullmatch(verb) else "")
    return [verb, third, f"{stem}ed", f"{stem}ing", f"{stem}ed"]
