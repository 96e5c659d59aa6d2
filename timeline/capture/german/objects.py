"""Find what was said as a noun: "kritisierte den Plan", "warnte vor Kosten"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.capture.finding import Content
from timeline.capture.german.clauses import is_infinitive, is_relative
from timeline.capture.german.words import JOINING, NOBODY, RELATIVES, TIMES, TOLL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.capture.german.clauses import Parse
    from timeline.capture.german.cues import Cue
    from timeline.capture.german.nouns import Nouns
    from timeline.capture.german.speaking import Saying
    from timeline.capture.reading.tokens import Token

OBJECT, PREPOSITION = "object", "preposition"


class Objects:
    """Finds noun phrases that are the content of verbs of saying."""

    def __init__(self, nouns: Nouns) -> None:
        self._nouns = nouns

    def of(self, parse: Parse, i: int, cue: Cue, saying: Saying) -> Content | None:
        """Return the noun phrase that a verb reports, if any."""
        tokens = parse.clauses[i].tokens
        if cue.passive or tokens[-1].low == "nicht" or _has_no_object(parse, i, cue, saying):
            return None
        if any(token.low in TOLL for token in tokens):
            return None
        for at in range(len(tokens) - 1):
            if self._takes(tokens, at, cue, saying):
                return _with_tail(parse, i, at + 1, cue, PREPOSITION)
        if not cue.verb.takes_any("object", "as") or _lacks_judgement(tokens, cue):
            return None
        start = self._begins(parse, i, cue, saying)
        if start is not None:
            return _with_tail(parse, i, start, cue, OBJECT)
        return self._in_front(parse, i, cue, saying)

    def with_noun(
        self, parse: Parse, i: int, cue: Cue, saying: Saying, infinitive: Content
    ) -> Content:
        """Return an infinitive with the noun that it depends on: "jede Absicht, … zu schließen"."""
        tokens = parse.clauses[i].tokens
        start = self._begins(parse, i, cue, saying) if "object" in cue.verb.takes else None
        phrase = None if start is None else self._nouns.at(tokens, start)
        if phrase is None or phrase.last < len(tokens):
            return infinitive
        return infinitive._replace(start=tokens[phrase.first].start)

    def _begins(self, parse: Parse, i: int, cue: Cue, saying: Saying) -> int | None:
        """Return the place where an object begins after a verb and its subject."""
        tokens, phrase = parse.clauses[i].tokens, saying.phrase
        start = phrase.last if phrase and phrase.first > cue.at else cue.at + 1
        start = self._nouns.next_bare(tokens, start)
        return start if start < _end(tokens, start, cue) else None

    def _in_front(self, parse: Parse, i: int, cue: Cue, saying: Saying) -> Content | None:
        """Return the object of "Den Plan lehnte der Minister ab"."""
        tokens, subject = parse.clauses[i].tokens, saying.phrase
        front = self._nouns.at(tokens, 0)
        if not (subject and subject.first > cue.at and front and front.last <= cue.at):
            return None
        return Content(tokens[0].start, tokens[cue.at - 1].end, OBJECT)

    def _takes(self, tokens: Sequence[Token], at: int, cue: Cue, saying: Saying) -> bool:
        """Tell whether a preposition of the verb is at a place, with words after it."""
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


def _has_no_object(parse: Parse, i: int, cue: Cue, saying: Saying) -> bool:
    """Tell whether there is no speaker, or the verb is reflexive."""
    clause, phrase, needs = parse.clauses[i], saying.phrase, cue.verb.needs
    is_turned = any(token.low in ("sich", "man") for token in clause.tokens)
    if is_turned and not any("sich" in words for words in needs):
        return True
    if phrase:
        return clause.tokens[phrase.first].low in NOBODY
    return clause.before not in JOINING and clause.first not in RELATIVES and saying.owner == i


def _lacks_judgement(tokens: Sequence[Token], cue: Cue) -> bool:
    """Tell whether "nannte den Plan" lacks the name that was given to the plan."""
    if "object" in cue.verb.takes:
        return False
    is_judged = any(token.quoted or token.low == "als" for token in tokens)
    ends_in_noun = tokens[-1].capital or cue.verb.infinitive != "nennen"
    return not is_judged and ends_in_noun


def _end(tokens: Sequence[Token], start: int, cue: Cue) -> int:
    return min([len(tokens), *(place for place in cue.places if place > start)])


def _with_tail(parse: Parse, i: int, start: int, cue: Cue, rule: str) -> Content:
    """Return an object with the clauses that depend on it."""
    tokens = parse.clauses[i].tokens
    end = tokens[_end(tokens, start, cue) - 1].end
    for k in range(i + 1, len(parse.clauses)):
        part = parse.clauses[k]
        if parse.cues[k] or not (is_relative(part) or is_infinitive(part)):
            break
        end = part.end
    return Content(tokens[start].start, end, rule)
