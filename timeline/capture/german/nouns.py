"""German noun phrases: their beginning and end, and whether they can be a subject."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from timeline.capture.first_names import is_first_name
from timeline.capture.german.words import (
    BETWEEN_NAMES,
    BODIES,
    CLOSED,
    DETERMINERS,
    GRADES,
    NO_NAMES,
    OBLIQUE,
    PREPOSITIONS,
    REFLEXIVES,
    ROLES,
    SOURCES,
    SUBJECTS,
    SUBORDINATORS,
    TIMES,
    WRITINGS,
)
from timeline.capture.places import is_place

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from timeline.capture.reading.tokens import Token

_ADJECTIVE = re.compile(r"\w{2,}(?:e|er|en|es|em)$|^\d")
_ROLE = re.compile(rf"(?:{'|'.join(sorted(ROLES, key=len, reverse=True))})(?:in|innen|en|n|s|es)?$")
_ABSTRACT = re.compile(r"(?:ung|heit|keit|schaft|tion|tät|nis|tum)$")
_AGENT = re.compile(r"\w{3}(?:ern?|or(?:en)?|(?:ist|ant|(?<!m)ent)(?:en)?|eure?n?|linge?n?)$")
_SPEAKING = (*BODIES, *WRITINGS, "angaben", "aussagen", "berichten", "informationen")
_OBJECTS = REFLEXIVES | {"sie", "es"}
_ATTRIBUTES = frozenset({"von", "vom", "für"})
_GENITIVES = frozenset({"des", "der", "eines", "einer"})
_JOINING = frozenset({"und", "sowie"})
_AFTER_ROLES = frozenset({"de", "du", "del"})
_OPENING = DETERMINERS | OBLIQUE
_MOST_ADJECTIVES = 6


class Phrase(NamedTuple):
    """A noun phrase, by the places of its tokens: first, core, and the place after its last.

    ``core`` are the capitalised words ("Außenminister Sergej Lawrow"); for a pronoun, the pronoun.
    """

    first: int
    last: int
    core: tuple[int, int]
    determiner: str = ""

    @property
    def is_one_word(self) -> bool:
        """Tell whether it is a single name, noun or pronoun."""
        return self.last - self.first == 1


def is_noun(token: Token) -> bool:
    """Tell whether a word may be a noun or a name."""
    return token.capital and token.low not in CLOSED


def is_role(token: Token) -> bool:
    """Tell whether a word is a role: "Außenminister", "Sprecherin"."""
    return token.kind == "word" and _ROLE.search(token.low) is not None


def speaks(core: Sequence[Token]) -> bool:
    """Tell whether capitalised words may be a speaker: a role, a body, a paper, or a name."""
    return any(
        is_role(token)
        or token.low.endswith(_SPEAKING)
        or (_AGENT.search(token.low) and token.low not in NO_NAMES)
        or not token.text[1:].islower()
        or is_place(token.text, "de")
        or is_first_name(token.text)
        for token in core
    )


def describes(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a word is an adjective or the like, before a noun."""
    for place in range(at, min(at + _MOST_ADJECTIVES, len(tokens))):
        token = tokens[place]
        if is_noun(token):
            return place > at
        if token.kind in ("mark", "quote") or token.capital:
            return False
        if token.low not in GRADES and (token.low in CLOSED or not _ADJECTIVE.search(token.low)):
            return False
    return False


def can_act(phrase: Phrase, tokens: Sequence[Token]) -> bool:
    """Tell whether a phrase can be the subject, by its determiner and its words."""
    if phrase.determiner in OBLIQUE:
        return False
    adjectives = tokens[phrase.first + 1 : phrase.core[0]]
    if phrase.determiner == "der" and adjectives and adjectives[-1].low.endswith("en"):
        return False  # "der neuen Regierung" is a genitive or a dative
    return not all(token.low in TIMES for token in tokens[slice(*phrase.core)])


class Nouns:
    """Finds noun phrases, with the known surnames of a text."""

    def __init__(self, surnames: Container[str] = ()) -> None:
        self._surnames = surnames

    def at(self, tokens: Sequence[Token], at: int) -> Phrase | None:
        """Return the phrase that begins at a place, with its genitives and other attributes."""
        phrase = self.core_at(tokens, at)
        if phrase is None:
            return None
        last = self._behind_attributes(tokens, phrase.last, is_named=self._names(tokens, phrase))
        return phrase._replace(last=last)

    def core_at(self, tokens: Sequence[Token], at: int) -> Phrase | None:
        """Return the phrase that begins at a place, without attributes."""
        first, determiner = at, ""
        if at < len(tokens) and tokens[at].low in _OPENING:
            determiner = tokens[at].low
            at += 1
        while at < len(tokens) and describes(tokens, at):
            at += 1
        last = _behind_core(tokens, at, has_determiner=bool(determiner))
        return Phrase(first, last, (at, last), determiner) if last > at else None

    def cores(self, tokens: Sequence[Token]) -> Iterator[Phrase]:
        """Yield the phrases of a sentence, without attributes."""
        at = 0
        while at < len(tokens):
            phrase = self.core_at(tokens, at) if tokens[at].kind == "word" else None
            if phrase:
                yield phrase
            at = phrase.last if phrase else at + 1

    def subject(
        self, tokens: Sequence[Token], begin: int = 0, end: int | None = None
    ) -> Phrase | None:
        """Return the first phrase between two places that can be the subject."""
        tokens = tokens[:end]
        at = begin
        while at < len(tokens):
            low = tokens[at].low
            if low in PREPOSITIONS and not (
                low in SUBORDINATORS and at + 1 < len(tokens) and tokens[at + 1].low in SUBJECTS
            ):
                at = self._behind_object(tokens, at + 1)
                continue
            phrase = self.at(tokens, at) if _may_open(tokens, at) else None
            if phrase is None and low in SUBJECTS:
                return Phrase(at, at + 1, (at, at + 1), low)
            if phrase and can_act(phrase, tokens):
                return phrase
            at = phrase.last if phrase else at + 1
        return None

    def next_bare(self, tokens: Sequence[Token], at: int) -> int:
        """Return the place of the next phrase without a preposition, or the end."""
        while at < len(tokens) and self.core_at(tokens, at) is None:
            is_taken = tokens[at].low in PREPOSITIONS
            at = self._behind_object(tokens, at + 1) if is_taken else at + 1
        return at

    def _names(self, tokens: Sequence[Token], phrase: Phrase) -> bool:
        """Tell whether a phrase ends in a name, which takes no genitive."""
        begin, end = phrase.core
        if end - begin > 1:
            return not phrase.determiner or is_role(tokens[begin])
        return not phrase.determiner and tokens[begin].text in self._surnames

    def _behind_object(self, tokens: Sequence[Token], at: int) -> int:
        """Return the place after the object of a preposition."""
        phrase = self.at(tokens, at)
        if phrase:
            return phrase.last
        return at + (at < len(tokens) and tokens[at].low in _OBJECTS)

    def _behind_attributes(self, tokens: Sequence[Token], at: int, *, is_named: bool) -> int:
        """Return the place after the genitives, "von …" and "und …" that follow a noun."""
        while at + 1 < len(tokens):
            low = tokens[at].low
            hangs = not is_named and low in _GENITIVES | _ATTRIBUTES
            if not hangs and low not in _JOINING:
                return at
            phrase = self.core_at(tokens, at + (low not in _GENITIVES))
            if phrase is None or (low in _JOINING and not can_act(phrase, tokens)):
                return at
            at, is_named = phrase.last, self._names(tokens, phrase)
        return at


def _may_open(tokens: Sequence[Token], at: int) -> bool:
    token = tokens[at]
    return token.low in _OPENING or is_noun(token) or describes(tokens, at)


def _behind_core(tokens: Sequence[Token], begin: int, *, has_determiner: bool) -> int:
    at = begin
    while at < len(tokens):
        behind = at + is_noun(tokens[at])
        if behind == at and at > begin and _joins_names(tokens, at, has_determiner=has_determiner):
            behind = _behind_between(tokens, at)
        if behind == at:
            break
        at = behind
    return at


def _joins_names(tokens: Sequence[Token], at: int, *, has_determiner: bool) -> bool:
    if tokens[at].low in _AFTER_ROLES:
        return True
    before = tokens[at - 1]
    is_noun_before = is_role(before) or before.low in SOURCES or _ABSTRACT.search(before.low)
    return not has_determiner and not is_noun_before


def _behind_between(tokens: Sequence[Token], at: int) -> int:
    """Return the place after the small words within a name ("Ursula von der Leyen")."""
    behind = at
    while behind < len(tokens) and tokens[behind].low in BETWEEN_NAMES:
        behind += 1
    begins_name = tokens[at].low not in ("der", "den", "zum", "zur", "vom")
    is_name = behind - at in (1, 2) and behind < len(tokens) and is_noun(tokens[behind])
    return behind if is_name and begins_name else at
