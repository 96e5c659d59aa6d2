"""English noun phrases: before a verb, at a place, and the person that they name."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from timeline.capture.english.verbs import verb_forms
from timeline.capture.english.words import (
    BETWEEN_NAMES,
    BODIES,
    CLOSED,
    DETERMINERS,
    FIELDS,
    HE,
    NO_FIRST_NAMES,
    ROLES,
    SHE,
    SUBJECTS,
    TIMES,
)
from timeline.capture.finding import Speaker
from timeline.capture.first_names import gender_of, is_first_name
from timeline.capture.places import is_place

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from timeline.capture.finding import Gender
    from timeline.capture.reading.tokens import Token

_LINKS = frozenset({"of", "for", "from", "at", "to"})
_WITH = frozenset({"familiar", "people", "person", "officials", "sources", "source", "those"})
"""What stands before "with" in a speaker: "people with knowledge of the plan"."""

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
    """Return the noun phrase at the end of some words; empty if there is none."""
    at = end = len(tokens)
    while at > 0:
        token = tokens[at - 1]
        follows_noun = at < end and at > 1 and is_noun(tokens[at - 2])
        joins = follows_noun and (
            token.low in _LINKS | BETWEEN_NAMES | {"and"} or _is_within(tokens, at - 1)
        )
        opens = token.low in DETERMINERS and at < end
        if not (joins or opens or (is_noun(token) and token.low not in TIMES)):
            break
        at -= 1
        goes_on = at > 1 and (
            (tokens[at - 1].low in _LINKS | {"and"} and is_noun(tokens[at - 2]))
            or _is_within(tokens, at - 1)
        )
        if opens and not goes_on:
            break
    while at < end and tokens[at].low in _LINKS | {"and"}:
        at += 1
    return tokens[at:end]


def _is_within(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether "in" or "with" continues a phrase: "delegates in Rome", "people with jobs"."""
    before = tokens[at - 1] if at else None
    if before is None or not is_noun(before):
        return False
    is_verb = before.low in verb_forms() or before.low.endswith(("ed", "ing"))
    is_in = tokens[at].low == "in" and not is_verb
    return is_in or (tokens[at].low == "with" and before.low in _WITH)


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
            token.low in TIMES
            or (not token.capital and token.low in verb_forms())
            or (
                not token.capital
                and token.low.endswith("ed")
                and all(map(is_name, tokens[begin:at]))
            )
        )
        if ends or not (is_noun(token) or is_between):
            break
        at += 1
    return at if at > first else begin


def role_of(phrase: Sequence[Token]) -> str:
    """Return the role of a phrase without a name: "the mayor", "the city's first mayor"."""
    last = phrase[-1].low
    is_one = phrase[0].low == "the" or phrase[0].text.endswith(_POSSESSIVES)
    return last if is_one and last in ROLES and last not in FIELDS else ""


def _role_behind(tokens: Sequence[Token], at: int) -> str:
    """Return the role in commas after a name: "Ann Kern, the mayor of Rome,"."""
    if at >= len(tokens) or tokens[at].text != ",":
        return ""
    behind = takewhile(
        lambda token: is_noun(token) or token.low in DETERMINERS, tokens[at + 1 : at + 9]
    )
    return next((token.low for token in reversed(list(behind)) if _is_title(token)), "")


def _is_title(token: Token) -> bool:
    return _is_role(token) and token.low not in FIELDS


class Names:
    """Reads noun phrases as names, with the known surnames of the text."""

    def __init__(self, text: str, surnames: Container[str] = ()) -> None:
        self._text = text
        self._surnames = surnames

    def speaker(self, phrase: Sequence[Token]) -> Speaker:
        """Return the speaker of a noun phrase: a person without roles, or the whole phrase."""
        is_determined = phrase[0].low in DETERMINERS
        link = next((at for at in range(len(phrase)) if _is_link(phrase, at)), len(phrase))
        core = phrase[:link]
        begin = _last_names(core)
        run = core[begin:]
        before = [token for token in core[:begin] if token.low not in DETERMINERS]
        if run and not _is_of_several(phrase):
            person = self._person(run, may_be_title=is_determined and not before)
            is_lone = len(run) == 1 and link == len(phrase) and (before or not is_determined)
            if person is None and ((before and len(run) > 1) or is_lone):
                person = Speaker(self._name(run), is_person=bool(before))
            if person:
                return person
        return Speaker(self._phrase_text(phrase))

    def people(self, tokens: Sequence[Token]) -> Iterator[Speaker]:
        """Yield the people whom a sentence names."""
        at = 0
        while at < len(tokens):
            end = _behind_names(tokens, at)
            if end > at:
                is_determined = at > 0 and tokens[at - 1].low in DETERMINERS
                run = [token for token in tokens[at:end] if token.kind == "word"]
                while run and run[-1].low in TIMES:
                    run.pop()
                person = self._person(run, may_be_title=is_determined)
                if person:
                    yield person._replace(role=person.role or _role_behind(tokens, end))
                elif len(run) == 1:
                    yield Speaker(self._name(run))
            at = max(end, at + 1)

    def _person(self, run: Sequence[Token], *, may_be_title: bool) -> Speaker | None:
        """Return the person in a run of capitalised words, without the roles before the name."""
        roles_end = next((at for at in range(len(run), 0, -1) if _is_role(run[at - 1])), 0)
        if roles_end and run[roles_end - 1].low in FIELDS and len(run) - roles_end == 1:
            roles_end = 0
        roles, name = [token.low for token in run[:roles_end]], run[roles_end:]
        if not name or len(name) > _LONGEST_NAME or _names_nobody(name):
            return None
        is_alone = len(name) == 1
        is_unknown = (
            is_alone and name[0].text.removesuffix("'s").removesuffix("’s") not in self._surnames
        )
        if not roles and (may_be_title or is_unknown):
            return None
        role = roles[-1] if roles else ""
        gender = _gender(roles) or ("" if is_alone else gender_of(name[0].text))
        return Speaker(self._name(name), is_person=True, role=role, gender=gender)

    def _name(self, run: Sequence[Token]) -> str:
        name = " ".join(self._text[run[0].start : run[-1].end].split())
        return name.removesuffix(_POSSESSIVES[0]).removesuffix(_POSSESSIVES[1])

    def _phrase_text(self, phrase: Sequence[Token]) -> str:
        has_article = len(phrase) > 1 and phrase[0].low in _ARTICLES
        return " ".join(self._text[phrase[has_article].start : phrase[-1].end].split())


def _names_nobody(name: Sequence[Token]) -> bool:
    """Tell whether capitalised words name a body, a place or a day."""
    first, last = name[0], name[-1]
    if first.low in NO_FIRST_NAMES | TIMES or last.low in BODIES:
        return True
    return len(name) > 1 and not is_first_name(first.text) and is_place(last.text, "en")


def _is_link(phrase: Sequence[Token], at: int) -> bool:
    """Tell whether a phrase continues after its noun, except "Secretary of State Ann Kern"."""
    is_office = phrase[at + 1 :] and phrase[at + 1].low in FIELDS
    return phrase[at].low in _LINKS | {"in", "with"} and not is_office


def _is_of_several(phrase: Sequence[Token]) -> bool:
    """Tell whether a phrase names several: "Ms Roe and Mr Poe"."""
    ands = [at for at, token in enumerate(phrase) if token.low == "and"]
    return any(is_name(phrase[at - 1]) and not _is_role(phrase[at - 1]) for at in ands if at)


def _is_shortened(token: Token) -> bool:
    return token.low in ROLES or len(token.text) == 1


def _is_role(token: Token) -> bool:
    return token.low in ROLES or token.low.rpartition("-")[2] in ROLES


def _last_names(core: Sequence[Token]) -> int:
    """Return the place where the name at the end of a phrase begins."""
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
        is_dot = token.text == "." and at > begin and _is_shortened(tokens[at - 1])
        if not (is_name(token) or (goes_on and (token.low in BETWEEN_NAMES or is_dot))):
            break
        at += 1
        if token.text.endswith(_POSSESSIVES):
            break
    return at


def _gender(roles: Sequence[str]) -> Gender:
    if not SHE.isdisjoint(roles):
        return "she"
    return "" if HE.isdisjoint(roles) else "he"
