"""Find verbs of saying in clauses."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from timeline.capture.english.nouns import is_noun, phrase_before
from timeline.capture.english.verbs import verb_forms
from timeline.capture.english.words import (
    AUXILIARIES,
    BE,
    DETERMINERS,
    HAD,
    JOINING,
    NOUNS_TOO,
    PLURALS,
    PREPOSITIONS,
    is_adverb,
)
from timeline.capture.reading.clauses import Clause, clauses

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from timeline.capture.english.verbs import Kind, VerbForm
    from timeline.capture.finding import Verb
    from timeline.capture.reading.tokens import Sentence, Token

_REACH = 8
"""How many words after a verb may contain the words that it needs."""

_BEFORE_GERUNDS = frozenset({"by", "before", "after", "and", "while"})
_MAY_STAND_ALONE = frozenset({"that", "all", "both", "many", "some", "several", "others"})
_POSSESSIVES = ("'s", "’s", "s'", "s’")
_ADJECTIVES = ("ous", "ing", "ful", "ive", "ible", "able", "ic", "recent", "morning", "such", "ed")
"""Endings of adjectives and words before a noun."""


class Cue(NamedTuple):
    """A verb of saying in a clause: its place, and the places of all its words."""

    verb: Verb
    at: int
    places: tuple[int, ...]
    kind: Kind

    def text(self, tokens: Sequence[Token]) -> str:
        """Return its words."""
        return " ".join(tokens[place].text for place in self.places)


class Parse(NamedTuple):
    """The clauses of a sentence, each with its verbs of saying, likeliest first."""

    sentence: Sentence
    clauses: tuple[Clause, ...]
    cues: tuple[tuple[Cue, ...], ...]

    @property
    def last(self) -> int:
        """The place of the last clause."""
        return len(self.clauses) - 1


def parse(sentence: Sentence) -> Parse:
    """Split a sentence into clauses and find their verbs of saying."""
    parts = clauses(sentence.tokens, _begins_anew)
    return Parse(sentence, parts, tuple(cues_in(part.tokens) for part in parts))


def cues_in(tokens: Sequence[Token]) -> tuple[Cue, ...]:
    """Return the verbs of saying of a clause, those with the most words first."""
    return tuple(sorted(_cues(tokens), key=lambda cue: (-len(cue.places), cue.at)))


def _cues(tokens: Sequence[Token]) -> Iterator[Cue]:
    for at, token in enumerate(tokens):
        if token.kind != "word" or token.quoted or (token.capital and at > 0):
            continue
        for form in verb_forms().get(token.low, ()):
            places = _places(tokens, at, form)
            kind = _kind(tokens, at, form.kind)
            if places and _is_said(tokens, at, kind):
                yield Cue(form.verb, at, places, kind)


def _kind(tokens: Sequence[Token], at: int, kind: Kind) -> Kind:
    previous = _before(tokens, at)
    is_progressive = previous is not None and previous.low in BE and tokens[at - 1].low != "not"
    return "progressive" if kind == "gerund" and is_progressive else kind


def _places(tokens: Sequence[Token], at: int, form: VerbForm) -> tuple[int, ...]:
    """Return the places of a verb and the words that it needs; none if a word is missing."""
    within = range(at + 1, min(len(tokens), at + _REACH))
    needed = [next((p for p in within if tokens[p].low in words), -1) for words in form.verb.needs]
    return () if -1 in needed else (at, *needed)


def _is_said(tokens: Sequence[Token], at: int, kind: Kind) -> bool:
    """Tell whether a form is a verb here, with a subject that says something."""
    previous = _before(tokens, at)
    word = previous.low if previous else ""
    if kind == "gerund":
        return at == 0 or word in _BEFORE_GERUNDS
    if kind == "participle":
        return word in HAD
    if kind == "base":
        return previous is not None and (_is_plural(previous) or _is_several(tokens[:at]))
    if kind == "progressive":
        return True
    if word in BE or word == "to" or word in DETERMINERS - _MAY_STAND_ALONE:
        return False
    return tokens[at].low not in NOUNS_TOO or _is_verb_here(tokens, at, word)


def _before(tokens: Sequence[Token], at: int) -> Token | None:
    """Return the last word before a place that is no adverb."""
    before = at - 1
    while before >= 0 and is_adverb(tokens[before].low) and tokens[before].low not in DETERMINERS:
        before -= 1
    return tokens[before] if before >= 0 else None


def _is_plural(token: Token) -> bool:
    if token.low in AUXILIARIES | PREPOSITIONS | DETERMINERS:
        return False
    is_noun_in_s = is_noun(token) and token.low.endswith("s")
    return token.low in PLURALS or (is_noun_in_s and not token.low.endswith(_POSSESSIVES[:2]))


def _is_several(tokens: Sequence[Token]) -> bool:
    """Tell whether words end in a plural phrase: "Ms Roe and Mr Poe", "aides to Ms Roe"."""
    phrase = phrase_before(tokens)
    at = next((at for at, token in enumerate(phrase) if token.low in (*PREPOSITIONS, "and")), 0)
    return at > 0 and (phrase[at].low == "and" or _is_plural(phrase[at - 1]))


def _is_verb_here(tokens: Sequence[Token], at: int, before: str) -> bool:
    """Tell whether a word that may be a noun is a verb, by its neighbours."""
    after = tokens[at + 1].low if at + 1 < len(tokens) else ""
    is_object = before in PREPOSITIONS or before.endswith((*_POSSESSIVES, *_ADJECTIVES))
    return not is_object and after not in AUXILIARIES | {"of", "said", "where"}


def _begins_anew(first: Token, second: Token) -> bool:
    if first.low not in JOINING or second.kind != "word" or second.capital:
        return False
    return any(form.kind == "finite" for form in verb_forms().get(second.low, ()))
