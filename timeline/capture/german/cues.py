"""Find the verb of saying in a clause."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from timeline.capture.finding import Verb, read_verbs
from timeline.capture.german.words import (
    AUXILIARIES,
    BECAME,
    DETERMINERS,
    HAD,
    MODALS,
    OBLIQUE,
    PARTICLES,
    WAS,
)
from timeline.capture.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from timeline.capture.reading.tokens import Token

_OPENING = DETERMINERS | OBLIQUE


class Cue(NamedTuple):
    """A verb of saying in a clause; ``at`` is the place of its finite part, ``places`` of all."""

    verb: Verb
    at: int
    places: tuple[int, ...]
    passive: bool = False

    def text(self, tokens: Sequence[Token]) -> str:
        """Return its words."""
        return " ".join(tokens[place].text for place in self.places)

    @property
    def is_hearsay(self) -> bool:
        """Tell whether it is "hieß es"."""
        return self.verb.infinitive == "heißen"

    @property
    def is_quoting(self) -> bool:
        """Tell whether its subject speaks only in the passive: "Kern wird zitiert"."""
        return self.verb.infinitive == "zitieren"


def cue_in(tokens: Sequence[Token]) -> Cue | None:
    """Return the verb of saying of a clause: the one with the most words, then the first."""
    return max(
        _cues(tokens),
        key=lambda cue: (len(cue.verb.needs), len(cue.places), -cue.at),
        default=None,
    )


def is_finite(token: Token) -> bool:
    """Tell whether a word is a finite auxiliary or a finite verb of saying."""
    if token.kind != "word" or token.quoted:
        return False
    forms = verb_forms().get(token.low, ())
    return token.low in AUXILIARIES or any(form.kind == "finite" for form in forms)


def _cues(tokens: Sequence[Token]) -> Iterator[Cue]:
    words = {token.low for token in tokens}
    for at, token in enumerate(tokens):
        if token.kind != "word" or token.quoted or (token.capital and at > 0):
            continue
        for form in verb_forms().get(token.low, ()):
            places = _places(tokens, at, form)
            if places and not _is_other_verb(tokens, at, form, words):
                yield from _with_auxiliary(tokens, at, form, places, words)


def _places(tokens: Sequence[Token], at: int, form: VerbForm) -> tuple[int, ...]:
    """Return the places of a verb and the words that it needs; none if a word is missing."""
    needed = [_particle(tokens, at, form.particle)] if form.particle else []
    needed += [
        next(
            (place for place, token in enumerate(tokens) if token.low in words and place != at), -1
        )
        for words in form.verb.needs
    ]
    return () if -1 in needed else (at, *needed)


def _particle(tokens: Sequence[Token], at: int, particle: str) -> int:
    """Return the place of a particle: near the end of its clause, and not before a phrase."""
    last = max((p for p in range(at + 1, len(tokens)) if tokens[p].low == particle), default=-1)
    follower = tokens[last + 1] if 0 <= last < len(tokens) - 1 else None
    opens = follower and (follower.capital or follower.kind == "number" or follower.low in _OPENING)
    return -1 if opens else last


def _is_other_verb(tokens: Sequence[Token], at: int, form: VerbForm, words: set[str]) -> bool:
    """Tell whether other words of the clause make a form part of another verb."""
    verb = form.verb
    if verb.needs:
        return False
    if "sich" in words and "object" in verb.takes:
        return True  # "bestätigt sich": nobody says it
    is_last = at == len(tokens) - 1
    is_finite = form.kind == "finite"
    return is_finite and not form.particle and not is_last and tokens[-1].low in PARTICLES


def _with_auxiliary(
    tokens: Sequence[Token], at: int, form: VerbForm, places: tuple[int, ...], words: set[str]
) -> Iterator[Cue]:
    if form.kind == "finite":
        if not _is_infinitive(tokens, at, form, words):
            yield Cue(form.verb, at, places)
        return
    for place, token in enumerate(tokens):
        if token.low in HAD:
            yield Cue(form.verb, place, (place, *places))
            return
        is_passive = token.low in BECAME or (token.low in WAS and "worden" in words)
        if is_passive and token.low != "worden" and words.isdisjoint(MODALS):
            yield Cue(form.verb, place, (place, *places), passive=True)
            return


def _is_infinitive(tokens: Sequence[Token], at: int, form: VerbForm, words: set[str]) -> bool:
    """Tell whether a form that may be an infinitive is one here."""
    word = tokens[at].low
    if not word.endswith("n"):
        return False
    follows_to = at > 0 and tokens[at - 1].low == "zu"
    is_infinitive = form.verb.infinitive.replace("|", "").endswith(word)
    return follows_to or (is_infinitive and not words.isdisjoint(MODALS | BECAME))


_PREFIXES = ("be", "emp", "ent", "er", "ge", "hinter", "miss", "unter", "ver", "wider", "zer")
_SHORTEST_ROOT = 3
_TWO_CONSONANTS = ("dn", "fn", "gn", "chn")


class VerbForm(NamedTuple):
    """A form of a verb; ``particle`` must be elsewhere in the clause ("kündigte … an")."""

    verb: Verb
    kind: Literal["finite", "participle"]
    particle: str = ""


@cache
def verb_forms() -> dict[str, list[VerbForm]]:
    """Return all forms in lower case, each with the verbs that it may belong to."""
    forms: dict[str, dict[VerbForm, None]] = defaultdict(dict)
    read = table(__package__, "verbs.toml")
    strong = {line.split()[0]: line.split()[1:] for line in read["strong"].splitlines() if line}
    for verb in read_verbs(read):
        for word, inflected in _forms(verb, strong):
            forms[word][inflected] = None
    return {word: list(some) for word, some in forms.items()}


def _forms(verb: Verb, strong: dict[str, list[str]]) -> Iterator[tuple[str, VerbForm]]:
    particle, _, base = verb.infinitive.rpartition("|")
    prefix = _prefix(base)
    root = base.removeprefix(prefix)
    finite, participle = _strong(root, *strong[root]) if root in strong else _weak(root)
    for word in (prefix + form for form in finite):
        yield word, VerbForm(verb, "finite", particle)
        if particle:
            yield particle + word, VerbForm(verb, "finite")
    unmarked = prefix or root.endswith("ieren")
    participle = participle.removeprefix("ge") if unmarked else participle
    yield particle + prefix + participle, VerbForm(verb, "participle")


def _strong(root: str, present: str, past: str, participle: str) -> tuple[set[str], str]:
    """Return the forms of the third person of a strong verb, and its participle."""
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
            prefix
            for prefix in _PREFIXES
            if base.startswith(prefix) and len(base) > len(prefix) + _SHORTEST_ROOT
        ),
        "",
    )
