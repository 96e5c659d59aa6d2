"""Verbs of saying in all their German forms."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from timeline.capture.finding import Verb, read_verbs
from timeline.capture.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIXES = ("be", "emp", "ent", "er", "ge", "hinter", "miss", "unter", "ver", "wider", "zer")
_SHORTEST_ROOT = 3
_TWO_CONSONANTS = ("dn", "fn", "gn", "chn")


class Inflected(NamedTuple):
    """A form of a verb; ``particle`` must stand elsewhere in the clause ("kündigte … an")."""

    verb: Verb
    kind: Literal["finite", "participle"]
    particle: str = ""


@cache
def inflections() -> dict[str, list[Inflected]]:
    """Return every form in small letters with the verbs that it may be of."""
    found: dict[str, dict[Inflected, None]] = defaultdict(dict)
    read = table(__package__, "verbs.toml")
    strong = {line.split()[0]: line.split()[1:] for line in read["strong"].splitlines() if line}
    for verb in read_verbs(read):
        for word, inflected in _forms(verb, strong):
            found[word][inflected] = None
    return {word: list(some) for word, some in found.items()}


def _forms(verb: Verb, strong: dict[str, list[str]]) -> Iterator[tuple[str, Inflected]]:
    particle, _, base = verb.infinitive.rpartition("|")
    prefix = _prefix(base)
    root = base.removeprefix(prefix)
    finite, participle = _strong(root, *strong[root]) if root in strong else _weak(root)
    for word in (prefix + one for one in finite):
        yield word, Inflected(verb, "finite", particle)
        if particle:
            yield particle + word, Inflected(verb, "finite")
    unmarked = prefix or root.endswith("ieren")
    participle = participle.removeprefix("ge") if unmarked else participle
    yield particle + prefix + participle, Inflected(verb, "participle")


def _strong(root: str, present: str, past: str, participle: str) -> tuple[set[str], str]:
    """Return the third persons of a strong verb, and its participle."""
    pasts = past + ("n" if past.endswith("e") else "en")
    if root == "sein":
        return {present, past, pasts, "sind", "sei", "seien"}, participle
    return {present, past, pasts, root, root.removesuffix("n")}, participle


def _weak(root: str) -> tuple[set[str], str]:
    stem = root.removesuffix("n").removesuffix("e")
    stem += "e" if stem[-1] in "td" or stem.endswith(_TWO_CONSONANTS) else ""
    subjunctive = root.removesuffix("n").removesuffix("e") + "e"
    return {stem + "t", stem + "te", stem + "ten", root, subjunctive}, f"ge{stem}t"


def _prefix(base: str) -> str:
    return next(
        (
            one
            for one in _PREFIXES
            if base.startswith(one) and len(base) > len(one) + _SHORTEST_ROOT
        ),
        "",
    )
