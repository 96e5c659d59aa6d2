"""Find the speaker of an English verb of saying."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from timeline.capture.english.nouns import phrase_at, phrase_before, role_of
from timeline.capture.english.verbs import verb_forms
from timeline.capture.english.words import (
    ADVERBS,
    AUXILIARIES,
    DETERMINERS,
    JOINING,
    NOUNS_TOO,
    OBJECTS,
    PREPOSITIONS,
    SUBJECTS,
    SUBORDINATORS,
    TIMES,
    is_adverb,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.capture.english.cues import Cue, Parse
    from timeline.capture.english.nouns import Names
    from timeline.capture.finding import Memory, People, Speaker
    from timeline.capture.reading.clauses import Clause
    from timeline.capture.reading.tokens import Token

_WHO = frozenset({"who", "which", "whose"})
_LONGEST_BARE = 14


class Saying(NamedTuple):
    """The speaker; ``owner`` is the clause with their name, ``inverted`` as in "said Ms Roe"."""

    speaker: Speaker | None
    owner: int
    inverted: bool = False


class Speakers:
    """Finds speakers in a text, by noun phrases, people and the memory of earlier sentences."""

    def __init__(self, names: Names, people: People, memory: Memory) -> None:
        self._names = names
        self._people = people
        self._memory = memory

    def saying(self, parse: Parse, i: int, cue: Cue) -> Saying:
        """Return the speaker of a verb in a clause."""
        parts, tokens = parse.clauses, parse.clauses[i].tokens
        if cue.kind == "gerund":
            leads = i == 0 and len(parts) > 1
            return Saying(self.opening(parts, 1) if leads else self._of_sentence(parse, i, cue), i)
        before = _without_adverbs(tokens[: cue.at])
        if before:
            return Saying(self._before_verb(parts, i, before), i)
        if parts[i].before in JOINING:
            return Saying(self._of_sentence(parse, i, cue), i)
        owner = None if i == 0 or _is_inverted(parts, i, cue) else _bare_subject(parts, i)
        if owner is not None:
            return Saying(self._apposed(parts, owner, i), owner)
        after = phrase_at(tokens, cue.at + 1) if i > 0 and _may_invert(parts, i, cue) else ()
        if _is_subject(tokens, cue.at + 1, after):
            return Saying(self.speaker_of(parts, i, after), i, inverted=True)
        has_apposition = i > 1 and parts[0].tokens[0].kind != "quote"
        return Saying(self.opening(parts, 0) if has_apposition else None, i)

    def speaker_of(
        self, parts: Sequence[Clause], i: int, phrase: Sequence[Token]
    ) -> Speaker | None:
        """Return the speaker that a phrase names, resolved over the text."""
        phrase = phrase[1:] if phrase[0].low == "that" and len(phrase) > 1 else phrase
        pronoun = phrase[-1].low
        if len(phrase) > 1 or pronoun not in SUBJECTS:
            speaker = self._people.full(self._names.speaker(phrase))
            role = "" if speaker.is_person else role_of(phrase)
            return self._people.in_role(role) or speaker if role else speaker
        if pronoun == "he":
            return self._memory.meant_by("he")
        if pronoun == "she":
            return self._memory.meant_by("she")
        if pronoun == "who" and i > 0:
            antecedent = phrase_before(parts[i - 1].tokens)
            return self.speaker_of(parts, i - 1, antecedent) if antecedent else None
        return self._they() if pronoun in ("they", "it") else None

    def opening(self, parts: Sequence[Clause], i: int) -> Speaker | None:
        """Return the speaker named at the beginning of a clause."""
        phrase = phrase_at(parts[i].tokens, 0)
        return self.speaker_of(parts, i, phrase) if phrase else None

    def _they(self) -> Speaker | None:
        last = self._memory.speaker
        return last if last and not last.is_person and self._memory.distance <= 1 else None

    def _before_verb(
        self, parts: Sequence[Clause], i: int, before: Sequence[Token]
    ) -> Speaker | None:
        phrase = before[-1:] if before[-1].low in SUBJECTS else phrase_before(before)
        if phrase:
            return self.speaker_of(parts, i, phrase)
        return self.opening(parts, i) if before[0].low not in PREPOSITIONS else None

    def _of_sentence(self, parse: Parse, i: int, cue: Cue) -> Speaker | None:
        """Return the shared subject of a verb that has no subject of its own."""
        for k in range(i, -1, -1):
            for other in sorted(parse.cues[k], key=attrgetter("at")):
                if other.kind != "gerund" and (k < i or other.at < cue.at):
                    return self.saying(parse, k, other).speaker
        for k, clause in enumerate(parse.clauses[: i + 1]):
            leads = clause.first in PREPOSITIONS | SUBORDINATORS or is_adverb(clause.first)
            if not leads and clause.tokens[0].kind != "quote":
                return self.opening(parse.clauses, k)
        return None

    def _apposed(self, parts: Sequence[Clause], owner: int, i: int) -> Speaker | None:
        """Return the speaker of a subject, or of the name after it ("the minister, X, said")."""
        phrase = phrase_before(parts[owner].tokens)
        speaker = self.speaker_of(parts, owner, phrase) if phrase else None
        if speaker is None or speaker.is_person or owner + 1 >= i:
            return speaker
        apposition = phrase_before(parts[owner + 1].tokens)
        other = self.speaker_of(parts, owner + 1, apposition) if apposition else None
        return other if other and other.is_person else speaker


def is_bare(clause: Clause) -> bool:
    """Tell whether a clause has no verb: an apposition, a date, a place."""
    tokens = clause.tokens
    is_short = len(tokens) <= _LONGEST_BARE and tokens[0].kind != "quote"
    return is_short and not any(map(_may_be_verb, tokens))


def _may_be_verb(token: Token) -> bool:
    if token.low in AUXILIARIES or token.low in SUBJECTS:
        return True
    is_small = token.kind == "word" and not token.capital and token.low not in NOUNS_TOO
    forms = verb_forms().get(token.low, ())
    return is_small and (token.low.endswith("ed") or any(form.kind == "finite" for form in forms))


def _without_adverbs(tokens: Sequence[Token]) -> Sequence[Token]:
    """Drop words between a subject and its verb: "also", "has", "this week"."""
    end = len(tokens)
    while end and (tokens[end - 1].low in AUXILIARIES or _is_adverb(tokens[end - 1])):
        end -= 1
    at = end
    while at and (tokens[at - 1].low in TIMES or tokens[at - 1].kind == "number"):
        at -= 1
    if 1 < at < end and tokens[at - 1].low in DETERMINERS | PREPOSITIONS | ADVERBS:
        return _without_adverbs(tokens[: at - 1])
    return tokens[:end]


def _is_adverb(token: Token) -> bool:
    """Tell whether a word is an adverb, and no name such as "Kelly"."""
    return is_adverb(token.low) and not token.capital


def _is_inverted(parts: Sequence[Clause], i: int, cue: Cue) -> bool:
    """Tell whether a verb directly follows a quotation, and its subject follows the verb."""
    tokens = parts[i].tokens
    if cue.at > 0 or parts[i - 1].tokens[0].kind != "quote" or len(tokens) == 1:
        return False
    return tokens[1].capital or tokens[1].low in DETERMINERS | SUBJECTS


def _may_invert(parts: Sequence[Clause], i: int, cue: Cue) -> bool:
    """Tell whether a subject may follow its verb; without a quotation only that of "said"."""
    return cue.verb.infinitive == "say" or parts[i - 1].tokens[0].kind == "quote"


def _is_subject(tokens: Sequence[Token], at: int, phrase: Sequence[Token]) -> bool:
    """Tell whether a phrase after a verb is its subject, not that of the words said."""
    if not phrase or phrase[0].low in (OBJECTS - SUBJECTS) | {"that"}:
        return False
    behind = tokens[at + len(phrase) :]
    return not behind or not _may_be_verb(behind[0])


def _bare_subject(parts: Sequence[Clause], i: int) -> int | None:
    """Return the clause with only a subject, before commas and the verb."""
    k = i - 1
    while k > 0 and (parts[k].first in _WHO or (is_bare(parts[k]) and is_bare(parts[k - 1]))):
        if _leads(parts[k - 1], k - 1):
            break
        k -= 1
    is_alone = is_bare(parts[k]) and parts[k].first not in PREPOSITIONS
    return k if is_alone else None


def _leads(clause: Clause, at: int) -> bool:
    """Tell whether a clause before a subject only gives a time or place: "On Monday, however"."""
    opens = next((token.low for token in clause.tokens if token.low not in JOINING), "")
    is_alone = len(clause.tokens) == 1 and is_adverb(opens)
    return is_alone or (at == 0 and (opens in PREPOSITIONS or opens in TIMES))
