"""Noun phrases: what ends before a verb, what begins at a place, and whom it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.capture.english.verbs import inflections
from timeline.capture.english.words import (
    BETWEEN_NAMES,
    CLOSED,
    DETERMINERS,
    HE,
    ROLES,
    SHE,
    SUBJECTS,
    TIMES,
)
from timeline.capture.finding import Speaker

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from timeline.capture.finding import Gender
    from timeline.capture.reading.tokens import Token

_LINKS = frozenset({"of", "for", "from", "at"})
_ARTICLES = frozenset({"the", "a", "an"})
_POSSESSIVES = ("'s", "’s")
_LONGEST_NAME = 4


def is_noun(token: Token) -> bool:
    """Tell whether a word may be part of a noun phrase."""
    return token.kind in ("word", "number") and token.low not in CLOSED


def is_name(token: Token) -> bool:
    """Tell whether a word may be part of a name."""
    return token.capital and token.low not in CLOSED


def phrase_before(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return the noun phrase that ends some words; empty if none does."""
    at = end = len(tokens)
    while at > 0:
        token = tokens[at - 1]
        follows_noun = at < end and at > 1 and is_noun(tokens[at - 2])
        joins = follows_noun and token.low in _LINKS | BETWEEN_NAMES | {"and"}
        opens = token.low in DETERMINERS and at < end
        if not (joins or opens or (is_noun(token) and token.low not in TIMES)):
            break
        at -= 1
        if opens and not (at > 1 and tokens[at - 1].low in _LINKS and is_noun(tokens[at - 2])):
            break
    while at < end and tokens[at].low in _LINKS | {"and"}:
        at += 1
    return tokens[at:end]


def phrase_at(tokens: Sequence[Token], at: int) -> Sequence[Token]:
    """Return the noun phrase that begins at a place; empty if none does."""
    begin = at
    if at < len(tokens) and tokens[at].low in SUBJECTS:
        return tokens[at : at + 1]
    at = _behind_nouns(tokens, at)
    while at > begin and at + 1 < len(tokens) and tokens[at].low in ("of", "for"):
        behind = _behind_nouns(tokens, at + 1)
        if behind == at + 1:
            break
        at = behind
    return tokens[begin:at]


def _behind_nouns(tokens: Sequence[Token], begin: int) -> int:
    first = begin
    while first < len(tokens) and tokens[first].low in DETERMINERS:
        first += 1
    at = first
    while at < len(tokens):
        token, is_later = tokens[at], at > first
        is_between = is_later and token.low in BETWEEN_NAMES
        ends = is_later and (
            token.low in TIMES or (not token.capital and token.low in inflections())
        )
        if ends or not (is_noun(token) or is_between):
            break
        at += 1
    return at if at > first else begin


class Names:
    """Reads noun phrases as names, in a text of which the surnames are known."""

    def __init__(self, text: str, surnames: Container[str] = ()) -> None:
        self._text = text
        self._surnames = surnames

    def speaker(self, phrase: Sequence[Token]) -> Speaker:
        """Return whom a noun phrase names: a person without roles and the like, or all of it."""
        is_determined = phrase[0].low in DETERMINERS
        link = next((at for at, one in enumerate(phrase) if one.low in _LINKS), len(phrase))
        core = phrase[:link]
        begin = _last_names(core)
        run = core[begin:]
        before = [token for token in core[:begin] if token.low not in DETERMINERS]
        if run:
            person = self._person(run, may_be_title=is_determined and not before)
            is_lone = len(run) == 1 and link == len(phrase) and (before or not is_determined)
            if person is None and ((before and len(run) > 1) or is_lone):
                person = Speaker(_words(run), is_person=bool(before))
            if person:
                return person
        return Speaker(self._whole(phrase))

    def each(self, tokens: Sequence[Token]) -> Iterator[Speaker]:
        """Yield the people whom a sentence names."""
        at = 0
        while at < len(tokens):
            end = _behind_names(tokens, at)
            if end > at:
                is_determined = at > 0 and tokens[at - 1].low in DETERMINERS
                run = [token for token in tokens[at:end] if token.kind == "word"]
                person = self._person(run, may_be_title=is_determined)
                if person:
                    yield person
                elif len(run) == 1:
                    yield Speaker(_words(run))
            at = max(end, at + 1)

    def _person(self, run: Sequence[Token], *, may_be_title: bool) -> Speaker | None:
        """Return the person of a run of names, without the roles before it."""
        named = next((at for at, one in enumerate(run) if not _is_role(one)), len(run))
        roles, name = [token.low for token in run[:named]], run[named:]
        if not name or len(name) > _LONGEST_NAME or name[0].low in TIMES:
            return None
        is_alone = len(name) == 1 and name[0].text not in self._surnames
        if not roles and (may_be_title or is_alone):
            return None
        role = roles[-1] if roles else ""
        return Speaker(_words(name), is_person=True, role=role, gender=_gender(roles))

    def _whole(self, phrase: Sequence[Token]) -> str:
        has_article = len(phrase) > 1 and phrase[0].low in _ARTICLES
        return " ".join(self._text[phrase[has_article].start : phrase[-1].end].split())


def _is_role(token: Token) -> bool:
    return token.low in ROLES or token.low.rpartition("-")[2] in ROLES


def _last_names(core: Sequence[Token]) -> int:
    """Return where the names begin with which a phrase ends."""
    at = len(core)
    while at > 0:
        token = core[at - 1]
        if not (is_name(token) or (token.low in BETWEEN_NAMES and 1 < at < len(core))):
            break
        if at < len(core) and token.text.endswith(_POSSESSIVES):
            break
        at -= 1
    return at


def _behind_names(tokens: Sequence[Token], at: int) -> int:
    begin = at
    while at < len(tokens):
        token = tokens[at]
        goes_on = at > begin and at + 1 < len(tokens) and is_name(tokens[at + 1])
        is_dot = token.text == "." and at > begin and tokens[at - 1].low in ROLES
        if not (is_name(token) or (goes_on and (token.low in BETWEEN_NAMES or is_dot))):
            break
        at += 1
        if token.text.endswith(_POSSESSIVES):
            break
    return at


def _words(name: Sequence[Token]) -> str:
    words = " ".join(token.text for token in name)
    return words.removesuffix(_POSSESSIVES[0]).removesuffix(_POSSESSIVES[1])


def _gender(roles: Sequence[str]) -> Gender:
    if not SHE.isdisjoint(roles):
        return "she"
    return "" if HE.isdisjoint(roles) else "he"
