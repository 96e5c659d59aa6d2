"""Find what was said by an English verb of saying: after it, before it, or as its object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.capture.english.behind import has_verb, is_remnant, place_behind
from timeline.capture.english.speaking import is_bare
from timeline.capture.english.words import (
    AUXILIARIES,
    DETERMINERS,
    JOINING,
    PREPOSITIONS,
    SUBJECTS,
    SUBORDINATORS,
    TELLING,
)
from timeline.capture.finding import Content, quoted_content

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.capture.english.cues import Cue, Parse
    from timeline.capture.english.speaking import Saying
    from timeline.capture.reading.clauses import Clause
    from timeline.capture.reading.tokens import Token

THAT, BEFORE, INFINITIVE = "that", "before", "infinitive"
ASIDE, OBJECT, PREPOSITION = "aside", "object", "preposition"
_FEWEST_WORDS_BEFORE = 4
_REACH, _REACH_AT, _REACH_TO = 8, 2, 12
"""How many words after a verb may precede its preposition, "at" or "to"."""

_BEFORE_QUOTES = frozenset({":", ",", "", "–", "—", '"'})
_BEFORE_SAID = frozenset({",", "–", "—", '"'})
_NO_CLOSING = PREPOSITIONS | SUBORDINATORS | JOINING


def content_of(parse: Parse, i: int, cue: Cue, saying: Saying) -> Content | None:
    """Return what was said by a verb in a clause, if it can be found."""
    tokens = parse.clauses[i].tokens
    rest = place_behind(tokens, cue, saying)
    is_said_elsewhere = rest is None or (is_remnant(tokens, rest, cue) and not _goes_on(parse, i))
    is_clause = rest is not None and not is_said_elsewhere and _is_clause(parse, i, cue, rest)
    if not is_clause and cue.verb.takes_any("speech", "quote", "hearer"):
        quotes = _quotes(parse, i, cue, saying, only_before=not is_said_elsewhere)
        if quotes:
            return quoted_content(*quotes)
    if tokens[0].low == "as" and cue.at > 0:
        return _around(parse, i) if cue.verb.infinitive in TELLING else None
    if rest is not None and is_clause:
        return Content(tokens[rest].start, _end(parse, i), THAT)
    return (
        _next_clause(parse, i, cue)
        or _infinitive(parse, i, cue)
        or (_before(parse, i, cue, saying) if is_said_elsewhere else None)
        or _behind_preposition(parse, i, cue, saying)
        or _object(parse, i, cue, saying)
    )


def _quotes(parse: Parse, i: int, cue: Cue, saying: Saying, *, only_before: bool) -> list[Token]:
    """Return the quotations before and right after a verb, or those that it introduces."""
    parts, first = parse.clauses, saying.owner
    before = [] if cue.kind == "gerund" else _run_before(parts, first)
    if before:
        follows = i < parse.last and parts[i + 1].tokens[0].kind == "quote"
        return [*before, *([parts[i + 1].tokens[0]] if follows else [])]
    if only_before or i == parse.last or parts[i + 1].before not in _BEFORE_QUOTES:
        return []
    return _run_after(parts, i + 1)


def _run_before(parts: Sequence[Clause], end: int) -> list[Token]:
    first = end
    while first > 0 and parts[first - 1].tokens[0].kind == "quote":
        first -= 1
    return [part.tokens[0] for part in parts[first:end]]


def _run_after(parts: Sequence[Clause], first: int) -> list[Token]:
    end = first
    while end < len(parts) and parts[end].tokens[0].kind == "quote":
        end += 1
    return [part.tokens[0] for part in parts[first:end]]


def _is_clause(parse: Parse, i: int, cue: Cue, rest: int) -> bool:
    """Tell whether the words after a verb are what was said."""
    tokens, takes = parse.clauses[i].tokens, cue.verb.takes
    has_that = tokens[rest - 1].low == "that"
    speaks = takes & {"speech", "hearer"} or ("that" in takes and has_that)
    later = parse.clauses[i + 2].tokens if _goes_on(parse, i) else ()
    return bool(speaks) and (has_that or has_verb([*tokens[rest:], *later]))


def _goes_on(parse: Parse, i: int) -> bool:
    """Tell whether a verb follows after commas: "said the plan, drawn up in May, was safe"."""
    parts = parse.clauses
    has_bare = i + 2 <= parse.last and is_bare(parts[i + 1])
    return has_bare and parts[i + 2].first in AUXILIARIES


def _next_clause(parse: Parse, i: int, cue: Cue) -> Content | None:
    """Return what begins after a comma before or after "that"."""
    if i == parse.last or not cue.verb.takes_any("speech", "that", "hearer"):
        return None
    if parse.clauses[i].tokens[-1].low == "that":
        return Content(parse.clauses[i + 1].start, _end(parse, i + 1), THAT)
    k = i + 2 if is_bare(parse.clauses[i + 1]) and i + 2 <= parse.last else i + 1
    clause = parse.clauses[k if parse.clauses[i + 1].first != "that" else i + 1]
    if clause.first != "that" or len(clause.tokens) == 1:
        return None
    return Content(clause.tokens[1].start, _end(parse, k), THAT)


def _infinitive(parse: Parse, i: int, cue: Cue) -> Content | None:
    tokens = parse.clauses[i].tokens
    if "to" not in cue.verb.takes:
        return None
    for at in range(cue.at + 1, min(len(tokens) - 1, cue.at + _REACH_TO + 1)):
        after = tokens[at + 1]
        is_verb = not after.capital and after.low not in DETERMINERS | PREPOSITIONS
        if tokens[at].low == "to" and is_verb:
            return Content(tokens[at].start, _end(parse, i), INFINITIVE)
    return None


def _before(parse: Parse, i: int, cue: Cue, saying: Saying) -> Content | None:
    """Return what precedes "…, she said"."""
    parts, first = parse.clauses, saying.owner
    if first == 0 or parts[first].before not in _BEFORE_SAID or not _closes(parse, cue, saying):
        return None
    lead = parts[:first]
    words = sum(token.kind == "word" for part in lead for token in part.tokens)
    if all(map(_is_fringe, lead)):
        goes_on = i < parse.last and parts[i + 1].before in (",", "–", "—")
        return Content(parts[0].start, parts[-1].end, ASIDE) if goes_on else None
    if words < _FEWEST_WORDS_BEFORE:
        return None
    return Content(parts[0].start, parts[first - 1].end, BEFORE)


def _closes(parse: Parse, cue: Cue, saying: Saying) -> bool:
    """Tell whether a clause is only "she said", after or within what was said."""
    first = parse.clauses[saying.owner].first
    verb, speaker = cue.verb, saying.speaker
    if cue.kind == "gerund" or verb.form != "reported" or first in _NO_CLOSING:
        return False
    is_name = speaker is not None and speaker.name[:1].isupper()
    return verb.takes_any("speech", "hearer") and ("object" not in verb.takes or is_name)


def _behind_preposition(parse: Parse, i: int, cue: Cue, saying: Saying) -> Content | None:
    tokens = parse.clauses[i].tokens
    if not _has_subject(parse, i, cue, saying) and cue.kind != "gerund":
        return None
    reach = _REACH_AT if "at" in cue.verb.takes else _REACH
    for at in range(cue.at + 1, min(len(tokens) - 1, cue.at + reach + 1)):
        if tokens[at].low in cue.verb.prepositions:
            return Content(tokens[at + 1].start, _end(parse, i), PREPOSITION)
    return None


def _has_subject(parse: Parse, i: int, cue: Cue, saying: Saying) -> bool:
    before = parse.clauses[i].tokens[: cue.at]
    return saying.speaker is not None or any(token.low in SUBJECTS for token in before)


def _object(parse: Parse, i: int, cue: Cue, saying: Saying) -> Content | None:
    tokens, at = parse.clauses[i].tokens, max(cue.places) + 1
    if "object" not in cue.verb.takes or saying.inverted:
        return None
    if not _has_subject(parse, i, cue, saying):
        return None
    if "quote" in cue.verb.takes and saying.speaker and not saying.speaker.is_person:
        return None  # "a group called Bridges Now"
    if at >= len(tokens) or tokens[at].low in PREPOSITIONS | JOINING:
        return None
    return Content(tokens[at].start, _end(parse, i), OBJECT)


def _around(parse: Parse, i: int) -> Content | None:
    """Return the sentence without an aside such as "as X put it"."""
    parts = parse.clauses
    if i == 0:
        return Content(parts[1].start, parts[-1].end, ASIDE) if parse.last else None
    return Content(parts[0].start, parts[i - 1 if i == parse.last else parse.last].end, ASIDE)


def _is_fringe(clause: Clause) -> bool:
    """Tell whether a clause only gives time, place or manner."""
    is_clause = any(token.low in AUXILIARIES for token in clause.tokens)
    is_gerund = clause.first.endswith("ing") and not is_clause
    leads = clause.first in PREPOSITIONS | SUBORDINATORS or is_gerund
    return leads or clause.tokens[0].kind == "quote" or is_bare(clause)


def _end(parse: Parse, i: int) -> int:
    """Return where reported speech ends, given the index of its first clause."""
    end = next((k for k in range(i + 1, len(parse.clauses)) if _stops(parse, k)), None)
    return parse.clauses[parse.last if end is None else end - 1].end


def _stops(parse: Parse, k: int) -> bool:
    clause, cues = parse.clauses[k], parse.cues[k]
    if clause.before == ";" or clause.first == "according":
        return True
    if clause.tokens[0].kind == "quote" and clause.before == '"':
        return True
    leads = parse.cues[0] and parse.cues[0][0].kind == "gerund" and parse.cues[0][0].at == 0
    if k == 1 and leads:
        return True
    return bool(cues) and (cues[0].at == 0 or clause.first == "as" or clause.before in JOINING)
