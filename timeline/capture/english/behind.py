"""Words after an English verb of saying: hearer, time, place, and the words said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from timeline.capture.english.nouns import phrase_at
from timeline.capture.english.words import (
    AUXILIARIES,
    CIRCUMSTANCES,
    DETERMINERS,
    NO_CONTENT,
    OBJECTS,
    PREPOSITIONS,
    QUESTIONS,
    SUBJECTS,
    TIMES,
    is_adverb,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.capture.english.cues import Cue
    from timeline.capture.english.speaking import Saying
    from timeline.capture.reading.tokens import Token

_CONTRACTED = re.compile(r"\w['’](?:t|s|re|ll|d|ve|m)$")
_HEARERS_GO_ON = frozenset({"and", "of", "at", "on", "in", "for", "from"})
_VERBAL = ("s", "ed", "ew", "ent", "ame", "ook", "ave")
"""Endings of possible verbs: "rises", "moved", "knew", "went", "came", "took", "gave"."""

_FEWEST_WORDS = 3


def place_behind(tokens: Sequence[Token], cue: Cue, saying: Saying) -> int | None:
    """Return the place after a verb, its hearer, and the time and place of saying."""
    at = max(cue.places) + 1
    if saying.inverted:
        at += len(phrase_at(tokens, at))
    if "hearer" in cue.verb.takes:
        at = _behind_hearer(tokens, at)
    at = _behind_circumstances(tokens, at)
    if at < len(tokens) and tokens[at].low == "that":
        at += 1
    return at if at < len(tokens) else None


def is_remnant(tokens: Sequence[Token], rest: int, cue: Cue) -> bool:
    """Tell whether the words after a verb are too few or too different to be what was said."""
    begins_otherwise = tokens[rest].low in NO_CONTENT | cue.verb.prepositions
    is_short = len(tokens) - rest < _FEWEST_WORDS
    return is_short or (begins_otherwise and tokens[rest - 1].low != "that")


def _behind_hearer(tokens: Sequence[Token], at: int) -> int:
    if at >= len(tokens) or tokens[at].low == "that" or tokens[at].low in QUESTIONS:
        return at
    if tokens[at].low in OBJECTS:
        return at + 1
    at += len(phrase_at(tokens, at))
    while at + 1 < len(tokens) and tokens[at].low in _HEARERS_GO_ON:
        phrase = phrase_at(tokens, at + 1)
        if not phrase:
            break
        at += 1 + len(phrase)
    return at


def _behind_circumstances(tokens: Sequence[Token], at: int) -> int:
    while at < len(tokens) and tokens[at].low not in ("that", "there", "this"):
        low = tokens[at].low
        if low in TIMES or (is_adverb(low) and not tokens[at].capital):
            at += 1
            continue
        phrase = phrase_at(tokens, at + 1) if low in CIRCUMSTANCES else ()
        if not phrase:
            break
        at += 1 + len(phrase)
    return at


def has_verb(tokens: Sequence[Token]) -> bool:
    """Tell whether words without a conjunction are a clause: a subject, then a verb."""
    if tokens[0].kind not in ("word", "number"):
        return False
    first = tokens[0].low
    begins = first in SUBJECTS or first.endswith("ing") or _CONTRACTED.search(first) is not None
    return begins or any(map(_may_be_verb, tokens, tokens[1:]))


def _may_be_verb(before: Token, token: Token) -> bool:
    if token.low in AUXILIARIES or _CONTRACTED.search(token.low):
        return True
    is_small = token.kind == "word" and not token.capital
    follows = before.kind != "mark" and before.low not in DETERMINERS | PREPOSITIONS
    return is_small and follows and token.low.endswith(_VERBAL)
