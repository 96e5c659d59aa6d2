"""Find the speaker of a German verb of saying."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from timeline.capture.finding import Speaker
from timeline.capture.german.clauses import is_bare, is_relative
from timeline.capture.german.cues import is_finite
from timeline.capture.german.nouns import is_noun, speaks
from timeline.capture.german.speakers import speaker_of
from timeline.capture.german.words import (
    JOINING,
    PREPOSITIONS,
    REFLEXIVES,
    RELATIVES,
    SUBJECTS,
    TIMES,
    WHOM,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.capture.finding import Gender, Memory, People
    from timeline.capture.german.clauses import Parse
    from timeline.capture.german.cues import Cue
    from timeline.capture.german.nouns import Nouns, Phrase
    from timeline.capture.reading.clauses import Clause
    from timeline.capture.reading.tokens import Token

_ADVERBIAL = re.compile(r"(?:end|lich|ig|weise|isch|dem|dings|mals|falls|seits|wärts)$")
_FROM = frozenset({"aus", "in", "im", "von", "vom", "seitens", "bei", "beim"})
_BY = frozenset({"von", "vom", "seitens"})
_GENDERS: dict[str, Gender] = {"er": "he", "sie": "she"}
_PRONOUNS = frozenset({"er", "sie", "wir", "man", "ich"})


class Saying(NamedTuple):
    """The speaker: ``phrase`` is their name next to the verb, ``owner`` the clause with it."""

    speaker: Speaker | None
    phrase: Phrase | None
    owner: int


class Speakers:
    """Finds speakers in a text, by noun phrases, people and the memory of earlier sentences."""

    def __init__(self, text: str, nouns: Nouns, people: People, memory: Memory) -> None:
        self._text = text
        self._nouns = nouns
        self._people = people
        self._memory = memory
        self._before: tuple[Clause, ...] = ()

    def saying(self, parse: Parse, i: int, cue: Cue) -> Saying:
        """Return the speaker of the verb in a clause."""
        clause = parse.clauses[i]
        self._before = parse.clauses[:i]
        if cue.is_hearsay:
            return Saying(self._source_of_hearsay(clause.tokens), None, i)
        if cue.passive and not cue.is_quoting:
            return Saying(self._agent(clause.tokens), None, i)
        if cue.is_quoting != cue.passive:
            return Saying(None, None, i)
        if cue.at == 0 and i > 0 and clause.before in JOINING:
            return Saying(self._inherited(parse.clauses, i), None, i)
        return self._in_clause(parse.clauses, i, cue)

    def speaker_of(self, tokens: Sequence[Token], phrase: Phrase | None) -> Speaker | None:
        """Return the speaker of a phrase, resolved over the text; none for most pronouns."""
        if phrase is None:
            return None
        first = tokens[phrase.first]
        if phrase.is_one_word and first.low in SUBJECTS and not is_noun(first):
            return self._meant_by(tokens, phrase)
        speaker = speaker_of(self._text, tokens, phrase)
        if phrase.determiner and self._is_genitive(speaker):
            return Speaker(f"{tokens[phrase.core[0]].text} {speaker.name}", role=speaker.role)
        return self._in_role(phrase, speaker) or self._people.full(speaker)

    def _is_genitive(self, speaker: Speaker) -> bool:
        """Tell whether a role belongs to somebody, such as "der Arzt Kerns"."""
        surnames = self._people.surnames
        return speaker.name not in surnames and speaker.name.removesuffix("s") in surnames

    def before(self, parts: Sequence[Clause], i: int) -> int | None:
        """Return the clause with only a subject, before commas and the verb."""
        k = i - 1
        while k > 0 and parts[k].first != "wie" and (is_bare(parts[k]) or is_relative(parts[k])):
            k -= 1
        if k < 0 or not is_bare(parts[k]):
            return None
        tokens = parts[k].tokens
        phrase = self._nouns.subject(tokens)
        is_all = phrase and (phrase.last == len(tokens) or tokens[phrase.last].low in PREPOSITIONS)
        return k if is_all else None

    def apposed(self, parts: Sequence[Clause], owner: int, i: int) -> Speaker | None:
        """Return the speaker of a subject, or of the name after it ("der Minister, X, sagte")."""
        tokens = parts[owner].tokens
        speaker = self.speaker_of(tokens, self._nouns.subject(tokens))
        if speaker is None or speaker.is_person or owner + 1 >= i:
            return speaker
        tokens = parts[owner + 1].tokens
        phrase = self._nouns.at(tokens, 0)
        other = speaker_of(self._text, tokens, phrase) if phrase else speaker
        return self._people.full(other) if other.is_person else speaker

    def _meant_by(self, tokens: Sequence[Token], phrase: Phrase) -> Speaker | None:
        pronoun = tokens[phrase.first].low
        if pronoun not in _GENDERS:
            return None
        verb = tokens[phrase.last if phrase.first == 0 else phrase.first - 1 :][:1]
        if pronoun == "sie" and verb and verb[0].low.endswith("en"):
            subject = self._memory.subject
            return None if subject is None or subject.is_person else subject
        gender = _GENDERS[pronoun]
        return self._named_before(gender) or self._memory.meant_by(gender)

    def _named_before(self, gender: Gender) -> Speaker | None:
        """Return the person who is the subject of an earlier clause in the same sentence."""
        for clause in reversed(self._before):
            phrase = self._nouns.subject(clause.tokens)
            if phrase is None or clause.tokens[phrase.first].low in SUBJECTS:
                continue
            speaker = self._people.full(speaker_of(self._text, clause.tokens, phrase))
            if speaker.is_person and speaker.gender == gender:
                return speaker
        return None

    def _in_role(self, phrase: Phrase, speaker: Speaker) -> Speaker | None:
        """Return the person whom "der Minister" means."""
        is_bare_role = phrase.last == phrase.core[1] == phrase.core[0] + 1
        if speaker.is_person or not speaker.role or not is_bare_role:
            return None
        person = self._people.in_role(speaker.role) if phrase.determiner in ("der", "die") else None
        return person if person and person.gender in ("", speaker.gender) else None

    def _in_clause(self, parts: Sequence[Clause], i: int, cue: Cue) -> Saying:
        clause = parts[i]
        tokens = clause.tokens
        before = self._nouns.subject(tokens, 0, cue.at)
        after = self._nouns.subject(tokens, cue.at + 1)
        if before and not (after and self._rather_after(tokens, before, after, cue)):
            is_pronoun = before.first == 0 and before.is_one_word and clause.first in RELATIVES
            if is_pronoun and i > 0:
                return Saying(self._antecedent(parts[i - 1]), None, i)
            return Saying(self.speaker_of(tokens, before), before, i)
        owner = self.before(parts, i) if i > 0 and (cue.at == 0 or not after) else None
        if owner is not None:
            return Saying(self.apposed(parts, owner, i), None, owner)
        if after:
            return Saying(self.speaker_of(tokens, after), after, i)
        if i > 0 and (clause.before in JOINING or (cue.at == 0 and is_finite(tokens[0]))):
            return Saying(self._inherited(parts, i), None, i)
        is_relative_pronoun = cue.at == 0 and i > 0 and clause.first in RELATIVES
        return Saying(self._antecedent(parts[i - 1]) if is_relative_pronoun else None, None, i)

    def _inherited(self, parts: Sequence[Clause], i: int) -> Speaker | None:
        """Return the subject of the clause that this one continues after "und"."""
        for k in range(i - 1, -1, -1):
            phrase = self._nouns.subject(parts[k].tokens)
            if phrase and not (k and is_relative(parts[k])):
                return self.speaker_of(parts[k].tokens, phrase)
        return None

    def _antecedent(self, clause: Clause) -> Speaker | None:
        """Return the antecedent of "der" or "die": the end of the clause before."""
        last = max(self._nouns.cores(clause.tokens), default=None)
        if last is None or last.last < len(clause.tokens) - 1:
            return None
        return self.speaker_of(clause.tokens, last)

    def _rather_after(
        self, tokens: Sequence[Token], before: Phrase, after: Phrase, cue: Cue
    ) -> bool:
        """Tell whether the subject follows the verb although a phrase precedes it."""
        if any(token.low not in REFLEXIVES for token in tokens[cue.at + 1 : after.first]):
            return False
        first, second = tokens[before.first], tokens[after.first]
        is_thing = self._is_thing(tokens, before) and not self._is_thing(tokens, after)
        if is_thing or (first.low in ("das", "dies") and before.is_one_word):
            return True
        if second.low in _PRONOUNS and not second.capital and first.low not in SUBJECTS:
            return True
        if before.is_one_word and first.capital and _ADVERBIAL.search(first.low):
            return True
        if cue.verb.infinitive in WHOM and before.determiner:
            return False
        is_name = tokens[after.core[0]].text in self._people.surnames and not after.determiner
        return is_name and not self._people.full(speaker_of(self._text, tokens, before)).is_person

    def _is_thing(self, tokens: Sequence[Token], phrase: Phrase) -> bool:
        core = tokens[slice(*phrase.core)]
        if (phrase.is_one_word and core[0].low in SUBJECTS) or speaks(core):
            return False
        return not self._people.full(speaker_of(self._text, tokens, phrase)).is_person

    def _agent(self, tokens: Sequence[Token]) -> Speaker | None:
        """Return the agent of a passive: "von der Stadt", "seitens der Stadt"."""
        for at, token in enumerate(tokens):
            phrase = self._nouns.at(tokens, at + 1) if token.low in _BY else None
            if phrase and speaks(tokens[slice(*phrase.core)]):
                return self._people.full(speaker_of(self._text, tokens, phrase))
        return None

    def _source_of_hearsay(self, tokens: Sequence[Token]) -> Speaker | None:
        for at, token in enumerate(tokens):
            phrase = self._nouns.at(tokens, at + 1) if token.low in _FROM else None
            if phrase and not all(word.low in TIMES for word in tokens[slice(*phrase.core)]):
                return self._people.full(speaker_of(self._text, tokens, phrase))
        return None
