"""What a German verb of saying says: what follows it, what stands before it, its object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.capture.finding.found import Content, quoted
from timeline.capture.german.clauses import (
    is_bare,
    is_indirect,
    is_infinitive,
    is_relative,
    is_subjunctive,
)
from timeline.capture.german.words import (
    DETERMINERS,
    JOINING,
    NOBODY,
    OBLIQUE,
    PREPOSITIONS,
    QUESTIONS,
    RELATIVES,
    SUBJECTS,
    SUBORDINATORS,
    TIMES,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.capture.finding.verbs import Verb
    from timeline.capture.german.clauses import Parse
    from timeline.capture.german.cues import Cue
    from timeline.capture.german.nouns import Nouns
    from timeline.capture.german.speaking import Saying
    from timeline.capture.reading.clauses import Clause
    from timeline.capture.reading.tokens import Token

THAT, INDIRECT, INFINITIVE = "that", "indirect", "infinitive"
ASIDE, OBJECT, PREPOSITION = "aside", "object", "preposition"
_REACH = 3
"""Clauses behind a verb in which what was said may begin, after appositions and the like."""

_FEWEST_WORDS = 3
_AFTER_VERB = frozenset({"der", "die", "das", "er", "sie", "ein", "eine"})


class Contents:
    """Finds what was said, given who said it."""

    def __init__(self, nouns: Nouns) -> None:
        self._nouns = nouns

    def of(self, parse: Parse, i: int, cue: Cue, saying: Saying) -> Content | None:
        """Return what the verb of a clause says, or nothing."""
        following = _following(parse, i, cue.verb)
        if _is_aside(parse, i, cue, saying):
            return following if following and following.quotes else _around(parse, saying.owner, i)
        if _says_what_stands_before(parse, i, cue, saying):
            return (
                following
                if following and _leads(parse.clauses[0])
                else _before(parse, i, cue, following)
            )
        if following and following.rule == INFINITIVE and "object" in cue.verb.takes:
            return self._with_object(parse, i, cue, saying, following)
        return following or self._object(parse, i, cue, saying)

    def _with_object(
        self, parse: Parse, i: int, cue: Cue, saying: Saying, following: Content
    ) -> Content:
        """Return an infinitive with the noun that it hangs on: "jede Absicht, … anzugreifen"."""
        tokens = parse.clauses[i].tokens
        start = self._object_from(parse, i, cue, saying)
        phrase = None if start is None else self._nouns.at(tokens, start)
        hangs = phrase is not None and phrase.last == len(tokens)
        return (
            following._replace(start=tokens[phrase.first].start) if phrase and hangs else following
        )

    def _object(self, parse: Parse, i: int, cue: Cue, saying: Saying) -> Content | None:
        tokens = parse.clauses[i].tokens
        if cue.passive or tokens[-1].low == "nicht" or _has_no_object(parse, i, cue, saying):
            return None
        for at in range(len(tokens) - 1):
            if self._takes(tokens, at, cue, saying):
                return _with_tail(parse, i, at + 1, cue, PREPOSITION)
        if not cue.verb.takes_any("object", "as") or _lacks_judgement(tokens, cue):
            return None
        start = self._object_from(parse, i, cue, saying)
        if start is not None:
            return _with_tail(parse, i, start, cue, OBJECT)
        return self._object_in_front(parse, i, cue, saying)

    def _object_from(self, parse: Parse, i: int, cue: Cue, saying: Saying) -> int | None:
        """Return where an object begins behind a verb and its subject."""
        tokens, phrase = parse.clauses[i].tokens, saying.phrase
        start = phrase.last if phrase and phrase.first > cue.at else cue.at + 1
        start = self._nouns.next_bare(tokens, start)
        return start if start < _end(tokens, start, cue) else None

    def _object_in_front(self, parse: Parse, i: int, cue: Cue, saying: Saying) -> Content | None:
        """Return the object of "Den Plan lehnte der Minister ab"."""
        tokens, subject = parse.clauses[i].tokens, saying.phrase
        front = self._nouns.at(tokens, 0)
        if not (subject and subject.first > cue.at and front and front.last <= cue.at):
            return None
        return Content(tokens[0].start, tokens[cue.at - 1].end, OBJECT)

    def _takes(self, tokens: Sequence[Token], at: int, cue: Cue, saying: Saying) -> bool:
        """Tell whether a preposition of the verb stands at a place, with something behind it."""
        phrase, low = saying.phrase, tokens[at].low
        if low not in cue.verb.prepositions or (phrase and phrase.first <= at < phrase.last):
            return False
        before = tokens[at - 1] if at else None
        hangs_on_noun = (
            low == "von"
            and before is not None
            and before.capital
            and before.low not in TIMES
            and not (phrase and phrase.last == at)
        )
        behind = self._nouns.core_at(tokens, at + 1) or tokens[at + 1].quoted
        return bool(behind) and not hangs_on_noun


def stops(parse: Parse, k: int) -> bool:
    """Tell whether a clause no longer belongs to what was said in the one before."""
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
            return quoted(tokens[0]) if speaks else None
        rule = _rule(parse, j, verb, is_next=j == i + 1)
        if rule:
            return Content(parts[j].start, parts[_extent(parse, j)].end, rule)
        if not (is_relative(parts[j]) or is_bare(parts[j])):
            return None
    return None


def _rule(parse: Parse, j: int, verb: Verb, *, is_next: bool) -> str:
    """Return the rule by which a clause is what was said, or nothing."""
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
    """Return the last clause of what was said that begins with a clause."""
    end = next((k for k in range(j + 1, len(parse.clauses)) if stops(parse, k)), None)
    return parse.last if end is None else end - 1


def _is_aside(parse: Parse, i: int, cue: Cue, saying: Saying) -> bool:
    """Tell whether a clause only says who said the rest: "wie X mitteilte", "das betonte X"."""
    if not cue.verb.takes_any("speech", "that"):
        return False
    clause = parse.clauses[i]
    if saying.owner != i:
        return parse.clauses[saying.owner].first == "wie"
    return clause.first in ("wie", "so") or (clause.first == "das" and cue.at == 1 and i > 0)


def _around(parse: Parse, first: int, last: int) -> Content | None:
    """Return the sentence without an aside."""
    parts = parse.clauses
    if first == 0:
        return _span(parse, last + 1, parse.last) if last < parse.last else None
    return _span(parse, 0, parse.last if last < parse.last else first - 1) if parts else None


def _span(parse: Parse, first: int, last: int) -> Content:
    parts = parse.clauses[first : last + 1]
    if all(part.tokens[0].kind == "quote" for part in parts):
        return quoted(*(part.tokens[0] for part in parts))
    return Content(parts[0].start, parts[-1].end, ASIDE)


def _says_what_stands_before(parse: Parse, i: int, cue: Cue, saying: Saying) -> bool:
    """Tell whether a verb stands first in its clause, after what was said: "…, sagte X"."""
    stands_first = cue.at == 0 and i > 0 and saying.owner == i
    speaks = cue.verb.takes_any("speech", "that", "quote")
    return stands_first and speaks and parse.clauses[i].before not in JOINING


def _leads(clause: Clause) -> bool:
    """Tell whether a clause only leads to the verb: "Als er kam, sagte X …"."""
    return clause.first in SUBORDINATORS | PREPOSITIONS


def _before(parse: Parse, i: int, cue: Cue, following: Content | None) -> Content | None:
    parts = parse.clauses[:i]
    quotes = [part.tokens[0] for part in parts if part.tokens[0].kind == "quote"]
    words = [token for part in parts for token in part.tokens if token.kind == "word"]
    if quotes and not words:
        return quoted(*quotes, *(following.quotes if following else ()))
    if not quotes and not following and not _may_be_said(parse, i, cue, words):
        return None
    begin = max(k for k, part in enumerate(parts) if k == 0 or part.before == ":")
    end = following.end if following else parts[-1].end
    return Content(parts[begin].start, end, INDIRECT)


def _may_be_said(parse: Parse, i: int, cue: Cue, words: Sequence[Token]) -> bool:
    """Tell whether words before a verb can be what was said, and not only when or where it was."""
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


def _has_no_object(parse: Parse, i: int, cue: Cue, saying: Saying) -> bool:
    """Tell whether nobody who could have said it is there, or the verb is turned on itself."""
    clause, phrase, needs = parse.clauses[i], saying.phrase, cue.verb.needs
    is_turned = any(token.low in ("sich", "man") for token in clause.tokens)
    if is_turned and not any("sich" in words for words in needs):
        return True
    if phrase:
        return clause.tokens[phrase.first].low in NOBODY
    return clause.before not in JOINING and clause.first not in RELATIVES and saying.owner == i


def _lacks_judgement(tokens: Sequence[Token], cue: Cue) -> bool:
    """Tell whether "nannte den Plan" has no word that says what the plan was called."""
    if "object" in cue.verb.takes:
        return False
    is_judged = any(token.quoted or token.low == "als" for token in tokens)
    ends_in_noun = tokens[-1].capital or cue.verb.infinitive != "nennen"
    return not is_judged and ends_in_noun


def _end(tokens: Sequence[Token], start: int, cue: Cue) -> int:
    return min([len(tokens), *(place for place in cue.places if place > start)])


def _with_tail(parse: Parse, i: int, start: int, cue: Cue, rule: str) -> Content:
    """Return an object with the clauses that hang on it."""
    tokens = parse.clauses[i].tokens
    end = tokens[_end(tokens, start, cue) - 1].end
    for k in range(i + 1, len(parse.clauses)):
        part = parse.clauses[k]
        if parse.cues[k] or not (is_relative(part) or is_infinitive(part)):
            break
        end = part.end
    return Content(tokens[start].start, end, rule)
