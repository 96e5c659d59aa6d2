"""Classify German clauses: subordinate, without a verb, indirect speech."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from timeline.capture.german.cues import Cue, cue_in, is_finite
from timeline.capture.german.nouns import Nouns, describes
from timeline.capture.german.words import (
    AUXILIARIES,
    CLOSED,
    DETERMINERS,
    JOINING,
    OBLIQUE,
    RELATIVES,
    SUBORDINATORS,
    first_subjunctive,
    second_subjunctive,
)
from timeline.capture.reading.clauses import Clause, clauses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.capture.reading.tokens import Sentence, Token

_SEPARATED_TO = re.compile(
    r"(?:ab|an|auf|aus|auseinander|bei|bekannt|bereit|dar|durch|ein|entgegen|fern|fest|fort|frei|her"
    r"|heraus|herbei|hervor|hin|klar|los|mit|nach|offen|sicher|statt|teil|um|unter|vor|voran|vorbei"
    r"|weg|weiter|wieder|zu|zurecht|zurück|zusammen)zu\w{3,}n"
)
_OTHER_TO = frozenset({"um", "ohne", "statt", "anstatt"})
_IN_BARE = frozenset({"am", "de"})


class Parse(NamedTuple):
    """The clauses of a sentence, each with its verb of saying, if any."""

    sentence: Sentence
    clauses: tuple[Clause, ...]
    cues: tuple[Cue | None, ...]

    @property
    def last(self) -> int:
        """The place of the last clause."""
        return len(self.clauses) - 1


def parse(sentence: Sentence) -> Parse:
    """Split a sentence into clauses and find their verbs of saying."""
    parts = clauses(sentence.tokens, _begins_anew)
    return Parse(sentence, parts, tuple(cue_in(part.tokens) for part in parts))


def is_relative(clause: Clause) -> bool:
    """Tell whether a clause depends on a noun before it, or on a conjunction."""
    if not (clause.before and clause.first in RELATIVES):
        return clause.first in SUBORDINATORS
    tokens = clause.tokens
    phrase = Nouns().core_at(tokens, 0)
    if phrase and phrase.last < len(tokens) and is_subjunctive(tokens[phrase.last]):
        return False  # "das Werk bleibe"
    verb = next((at for at, token in enumerate(tokens) if _is_verb(token)), len(tokens))
    return all(map(_is_verb, tokens[verb:]))


def is_bare(clause: Clause) -> bool:
    """Tell whether a clause has no verb: an apposition, a date, a place."""
    tokens = clause.tokens
    return all(_needs_no_verb(tokens, at) for at in range(len(tokens)))


def is_subjunctive(token: Token) -> bool:
    """Tell whether a word is a subjunctive, such as "sei" or "hätte"."""
    if token.kind != "word" or token.capital:
        return False
    return first_subjunctive(token.low) or second_subjunctive(token.low)


def is_indirect(clause: Clause) -> bool:
    """Tell whether a clause is indirect speech by its verb."""
    return not _is_mine(clause) and any(map(is_subjunctive, clause.tokens))


def is_surely_indirect(clause: Clause, *, follows_speech: bool) -> bool:
    """Tell whether a clause is indirect speech without an introduction.

    "hätten" and "würden", which replace forms that look like the indicative, count only directly
    after other words of a speaker.
    """
    if _is_mine(clause):
        return False
    return any(
        first_subjunctive(token.low) or (follows_speech and token.low in ("hätten", "würden"))
        for before, token in zip((None, *clause.tokens), clause.tokens, strict=False)
        if token.kind == "word" and not token.capital and not token.quoted
        if before is None or before.low not in DETERMINERS | OBLIQUE
    )


def is_infinitive(clause: Clause) -> bool:
    """Tell whether a clause is "… zu tun"."""
    tokens = clause.tokens
    if tokens[0].low in _OTHER_TO:
        return False
    return any(
        _SEPARATED_TO.fullmatch(second.low)
        or (first and first.low == "zu" and second.low.endswith("n"))
        for first, second in zip((None, *tokens), tokens, strict=False)
        if second.kind == "word" and not second.capital
    )


def _is_mine(clause: Clause) -> bool:
    return any(token.low == "ich" for token in clause.tokens)


def _is_verb(token: Token) -> bool:
    return is_finite(token) or is_subjunctive(token)


def _begins_anew(first: Token, second: Token) -> bool:
    is_word = second.kind == "word" and not second.capital
    return first.low in JOINING and is_word and is_finite(second)


def _needs_no_verb(tokens: Sequence[Token], at: int) -> bool:
    token = tokens[at]
    if token.kind == "quote" or token.low in AUXILIARIES:
        return False
    if token.kind != "word" or token.capital or token.quoted:
        return True
    return token.low in CLOSED or token.low in _IN_BARE or describes(tokens, at)
