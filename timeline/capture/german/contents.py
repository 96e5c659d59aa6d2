"""Find what was said by a German verb of saying: after it or before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.capture.finding import Content, quoted_content
from timeline.capture.german.clauses import (
    is_bare,
    is_indirect,
    is_infinitive,
    is_relative,
    is_subjunctive,
)
from timeline.capture.german.objects import Objects
from timeline.capture.german.words import (
    DETERMINERS,
    JOINING,
    OBLIQUE,
    PREPOSITIONS,
    QUESTIONS,
    RELATIVES,
    SUBJECTS,
    SUBORDINATORS,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.capture.finding import Verb
    from timeline.capture.german.clauses import Parse
    from timeline.capture.german.cues import Cue
    from timeline.capture.german.nouns import Nouns
    from timeline.capture.german.speaking import Saying
    from timeline.capture.reading.clauses import Clause
    from timeline.capture.reading.tokens import Token

THAT, INDIRECT, INFINITIVE = "that", "indirect", "infinitive"
ASIDE = "aside"
_REACH = 3
"""How many clauses after a verb are searched for the words said, past appositions."""

_FEWEST_WORDS = 3
_AFTER_VERB = frozenset({"der", "die", "das", "er", "sie", "ein", "eine"})


class Contents:
    """Finds what was said, given the speaker."""

    def __init__(self, nouns: Nouns) -> None:
        self._objects = Objects(nouns)

    def of(self, parse: Parse, i: int, cue: Cue, saying: Saying) -> Content | None:
        """Return what was said by the verb of a clause, if it can be found."""
        following = _following(parse, i, cue.verb)
        if _is_aside(parse, i, cue, saying):
            return following if following and following.quotes else _around(parse, saying.owner, i)
        if _says_what_stands_before(parse, i, cue, saying):
            if following and _leads(parse.clauses[0]):
                return following
            return _before(parse, i, cue, following)
        if following and following.rule == INFINITIVE:
            return self._objects.with_noun(parse, i, cue, saying, following)
        return following or self._objects.of(parse, i, cue, saying)


def stops(parse: Parse, k: int) -> bool:
    """Tell whether a clause no longer belongs to the words said in the clause before."""
    clause, cue = parse.clauses[k], parse.cues[k]
    if clause.before == ";" or (clause.first == "so" and is_bare(clause)):
        return True
    return cue is not None and (cue.at == 0 or clause.first in ("wie", "so"))


def _following(parse: Parse, i: int, verb: Verb) -> Content | None:
    parts = parse.clauses
    for j in range(i + 1, min(i + 1 + _REACH, len(parts))):
        tokens = parts[j].tokens
        if tokens[0].kind == "quote":
            speaks = verb.takes_any("speech", "quote", "as") or parts[j].before == ":"
            return quoted_content(tokens[0]) if speaks else None
        rule = _rule(parse, j, verb, is_next=j == i + 1)
        if rule:
            return Content(parts[j].start, parts[_extent(parse, j)].end, rule)
        if not (is_relative(parts[j]) or is_bare(parts[j])):
            return None
    return None


def _rule(parse: Parse, j: int, verb: Verb, *, is_next: bool) -> str:
    """Return the rule by which a clause is what was said; empty if it is not."""
    clause = parse.clauses[j]
    if clause.before in JOINING:
        return ""
    if verb.takes_any("speech", "that"):
        if clause.first in ("dass", "daß"):
            return THAT
        if "speech" in verb.takes and parse.cues[j] is None and _is_question(clause):
            return THAT
        if is_next and not is_relative(clause) and is_indirect(clause):
            return INDIRECT
    return INFINITIVE if "to" in verb.takes and is_infinitive(clause) else ""


def _is_question(clause: Clause) -> bool:
    tokens = clause.tokens
    if len(tokens) < _FEWEST_WORDS or clause.first not in QUESTIONS - RELATIVES - {"was"}:
        return False
    second = tokens[1]
    is_noun_phrase = second.capital or second.low in DETERMINERS | OBLIQUE | SUBJECTS
    return not (clause.first == "wie" and is_noun_phrase)


def _extent(parse: Parse, j: int) -> int:
    """Return the index of the last clause of reported speech, given that of its first."""
    end = next((k for k in range(j + 1, len(parse.clauses)) if stops(parse, k)), None)
    return parse.last if end is None else end - 1


def _is_aside(parse: Parse, i: int, cue: Cue, saying: Saying) -> bool:
    """Tell whether a clause only names the speaker: "wie X mitteilte", "das betonte X"."""
    if not cue.verb.takes_any("speech", "that"):
        return False
    clause = parse.clauses[i]
    if saying.owner != i:
        return parse.clauses[saying.owner].first == "wie"
    return clause.first in ("wie", "so") or (clause.first == "das" and cue.at == 1 and i > 0)


def _around(parse: Parse, first: int, last: int) -> Content | None:
    """Return the sentence without the clauses of an aside."""
    if first == 0:
        return _span(parse, last + 1, parse.last) if last < parse.last else None
    return _span(parse, 0, parse.last if last < parse.last else first - 1)


def _span(parse: Parse, first: int, last: int) -> Content:
    parts = parse.clauses[first : last + 1]
    if all(part.tokens[0].kind == "quote" for part in parts):
        return quoted_content(*(part.tokens[0] for part in parts))
    return Content(parts[0].start, parts[-1].end, ASIDE)


def _says_what_stands_before(parse: Parse, i: int, cue: Cue, saying: Saying) -> bool:
    """Tell whether a verb is first in its clause, after what was said: "…, sagte X"."""
    stands_first = cue.at == 0 and i > 0 and saying.owner == i
    speaks = cue.verb.takes_any("speech", "that", "quote")
    return stands_first and speaks and parse.clauses[i].before not in JOINING


def _leads(clause: Clause) -> bool:
    """Tell whether a clause only introduces the verb: "Als er kam, sagte X …"."""
    return clause.first in SUBORDINATORS | PREPOSITIONS


def _before(parse: Parse, i: int, cue: Cue, following: Content | None) -> Content | None:
    parts = parse.clauses[:i]
    quotes = [part.tokens[0] for part in parts if part.tokens[0].kind == "quote"]
    words = [token for part in parts for token in part.tokens if token.kind == "word"]
    if quotes and not words:
        return quoted_content(*quotes, *(following.quotes if following else ()))
    if not quotes and not following and not _may_be_said(parse, i, cue, words):
        return None
    begin = max(k for k, part in enumerate(parts) if k == 0 or part.before == ":")
    end = following.end if following else parts[-1].end
    return Content(parts[begin].start, end, INDIRECT)


def _may_be_said(parse: Parse, i: int, cue: Cue, words: Sequence[Token]) -> bool:
    """Tell whether words before a verb can be what was said, not only time or place."""
    parts = parse.clauses[:i]
    if len(words) < _FEWEST_WORDS or is_relative(parts[0]):
        return False
    if cue.is_hearsay or any(map(is_subjunctive, words)):
        return True
    if parse.cues[0]:
        return False
    tokens = parse.clauses[i].tokens
    is_named = len(tokens) > 1 and (tokens[1].capital or tokens[1].low in _AFTER_VERB)
    return is_named and "speech" in cue.verb.takes and not is_bare(parts[-1])
