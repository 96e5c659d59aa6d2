"""Read a German text for reported statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.capture.finding import COLON, Content, Reader, quoted_content
from timeline.capture.german.clauses import (
    is_bare,
    is_relative,
    is_subjunctive,
    is_surely_indirect,
    parse,
)
from timeline.capture.german.contents import ASIDE, Contents
from timeline.capture.german.cues import is_finite
from timeline.capture.german.nouns import Nouns
from timeline.capture.german.sources import Sources
from timeline.capture.german.speakers import speaker_of
from timeline.capture.german.speaking import Speakers
from timeline.capture.german.words import JOINING, NOBODY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from timeline.capture.finding import FoundPassage, Part, People, Speaker
    from timeline.capture.german.clauses import Parse
    from timeline.capture.german.cues import Cue
    from timeline.capture.reading.clauses import Clause
    from timeline.capture.reading.tokens import Sentence, Token

CARRIED, HEARSAY, REASON = "carried", "hearsay", "reason"
_REASONS = frozenset({"weil", "da", "obwohl"})
_REACH = 3
"""Most sentences between the last speaker and their indirect speech in a new paragraph."""


class GermanReader(Reader):
    """Reads the German sentences of a text."""

    def __init__(self, text: str, part: Part, people: People) -> None:
        super().__init__(text, part, people)
        nouns = Nouns(self.people.surnames)
        self._nouns = nouns
        self._speakers = Speakers(text, nouns, self.people, self.memory)
        self._contents = Contents(nouns)
        self._sources = Sources(nouns, self._speakers, self.memory)
        self._before: Sentence | None = None
        self._parsed: Parse | None = None

    def speakers_in(self, tokens: Sequence[Token]) -> Iterator[Speaker]:
        """Yield everybody that some words may name."""
        for phrase in Nouns().cores(tokens):
            yield speaker_of(self.text, tokens, phrase)

    def said_in(self, sentence: Sentence) -> Iterator[FoundPassage]:
        """Yield the passages of a sentence, surest first."""
        yield from self._passages(sentence)
        self._before = sentence

    def _passages(self, sentence: Sentence) -> Iterator[FoundPassage]:
        parsed = self._parsed = parse(sentence)
        passages: list[FoundPassage] = []
        for i, cue in _cues(parsed):
            start = parsed.clauses[i].start
            if not any(passage.start <= start < passage.end for passage in passages):
                passages += self._by_cue(parsed, i, cue)
        yield from passages
        if not passages and not self._sources.first_in(parsed, in_main_clause=True):
            yield from self._without_cue(parsed)
        yield from self._by_source(parsed)
        if not passages:
            yield from self._reasons(parsed)

    def _reasons(self, parsed: Parse) -> Iterator[FoundPassage]:
        """Yield a reported reason: "lehnt ab, weil es zu teuer sei"."""
        for clause in parsed.clauses[1:]:
            if clause.first in _REASONS and is_surely_indirect(clause, follows_speech=False):
                content = Content(clause.start, clause.end, REASON)
                is_told = any(map(is_subjunctive, parsed.clauses[0].tokens))
                speaker = self._last_speaker(parsed.sentence) if is_told else self._subject(parsed)
                yield from self.attributed(parsed.sentence, content, speaker, clause.first)
                return

    def _by_cue(self, parsed: Parse, i: int, cue: Cue) -> Iterator[FoundPassage]:
        tokens = parsed.clauses[i].tokens
        saying = self._speakers.saying(parsed, i, cue)
        if saying.speaker is None:
            saying = saying._replace(speaker=self._named_source(parsed))
        subject = saying.phrase and tokens[saying.phrase.first].low
        if subject in NOBODY - {"das", "dies", "es", "man"}:
            return
        content = self._contents.of(parsed, i, cue, saying) or self._told_before(parsed, i, cue)
        if content:
            said = (content, saying.speaker, cue.text(tokens), cue.verb.form)
            yield from self.attributed(parsed.sentence, *said)
        elif saying.speaker and not saying.speaker.is_thing:
            self.memory.spoke(saying.speaker, parsed.sentence.paragraph)

    def _told_before(self, parsed: Parse, i: int, cue: Cue) -> Content | None:
        """Return the sentence before as the content of "Das teilte X mit"."""
        tokens, before = parsed.clauses[i].tokens, self._before
        says = cue.verb.takes_any("speech", "that")
        if i or tokens[0].low not in ("das", "dies") or cue.at != 1 or not says or not before:
            return None
        is_free = before.paragraph == parsed.sentence.paragraph and self.memory.distance > 1
        return Content(before.start, before.end, ASIDE) if is_free else None

    def _named_source(self, parsed: Parse) -> Speaker | None:
        """Return the source that a sentence names next to what is said."""
        first = self._sources.first_in(parsed)
        return self._sources.speaker(parsed.clauses[first[0]], first[1]) if first else None

    def _by_source(self, parsed: Parse) -> Iterator[FoundPassage]:
        first = self._sources.first_in(parsed)
        if first is None:
            return
        i, source = first
        speaker = self._sources.speaker(parsed.clauses[i], source)
        content = self._sources.content(parsed, i, source)
        if content:
            yield from self.attributed(parsed.sentence, content, speaker, source.cue)
        else:
            self.memory.spoke(speaker, parsed.sentence.paragraph)

    def _without_cue(self, parsed: Parse) -> Iterator[FoundPassage]:
        sentence = parsed.sentence
        if sentence.is_quotation:
            yield from self.carried_quote(sentence)
        elif _ends_in_quotation(parsed):
            content = quoted_content(parsed.clauses[-1].tokens[0])._replace(rule=COLON)
            yield from self.attributed(sentence, content, self._announced(parsed), ":")
        elif (cue := _hearsay(parsed)) and (speaker := self._last_body(sentence)):
            content = Content(sentence.start, sentence.end, HEARSAY)
            yield from self.attributed(sentence, content, speaker, cue)
        elif self._is_carried(parsed):
            cue = next(token.text for token in sentence.tokens if is_subjunctive(token))
            content = Content(sentence.start, sentence.end, CARRIED)
            speaker = None if self._goes_on(parsed) else self._subject(parsed)
            speaker = speaker or self._last_speaker(sentence)
            yield from self.attributed(sentence, content, speaker, cue)

    def _announced(self, parsed: Parse) -> Speaker | None:
        """Return the speaker named before a colon."""
        parts, i = parsed.clauses, parsed.last - 1
        subject = self._nouns.subject(parts[i].tokens)
        owner = self._speakers.before(parts, i) if i > 0 else None
        if owner is not None and (subject is None or is_finite(parts[i].tokens[0])):
            return self._speakers.apposed(parts, owner, i)
        return self._speakers.speaker_of(parts[i].tokens, subject)

    def _is_carried(self, parsed: Parse) -> bool:
        """Tell whether a sentence continues somebody's words, by its verb."""
        if any(token.low == "ich" for token in parsed.sentence.tokens):
            return False
        follows = self.memory.distance <= 1
        return any(
            is_surely_indirect(clause, follows_speech=follows)
            for clause in parsed.clauses
            if not is_relative(clause)
        )

    def _goes_on(self, parsed: Parse) -> bool:
        """Tell whether the main clause continues them, not a clause in another report."""
        first = next((clause for clause in parsed.clauses if not _hangs(clause)), None)
        follows = self.memory.distance <= 1
        return first is not None and is_surely_indirect(first, follows_speech=follows)

    def subject_of(self, sentence: Sentence) -> Speaker | None:
        """Return the subject of the first main clause."""
        is_read = self._parsed is not None and self._parsed.sentence is sentence
        parsed = self._parsed if self._parsed and is_read else parse(sentence)
        return None if sentence.is_quotation else self._subject(parsed)

    def _subject(self, parsed: Parse) -> Speaker | None:
        parts = parsed.clauses
        main = next((i for i, clause in enumerate(parts) if not _hangs(clause)), None)
        if main is None:
            return None
        owner = self._speakers.before(parts, main) if main else None
        tokens = parts[main].tokens
        if owner is not None and is_finite(tokens[0]):
            return self._speakers.apposed(parts, owner, main)
        subject = self._speakers.speaker_of(tokens, self._nouns.subject(tokens))
        if not main or (subject and subject.is_person) or not is_bare(parts[0]):
            return subject
        first = self._speakers.speaker_of(parts[0].tokens, self._nouns.at(parts[0].tokens, 0))
        return first if first and first.is_person else subject

    def _last_body(self, sentence: Sentence) -> Speaker | None:
        """Return the last speaker in the paragraph, if it is no person."""
        last, memory = self.memory.speaker, self.memory
        goes_on = memory.distance <= 1 and memory.paragraph == sentence.paragraph
        return last if goes_on and last and not (last.is_person or last.is_thing) else None

    def _last_speaker(self, sentence: Sentence) -> Speaker | None:
        memory = self.memory
        subject = memory.subject
        if subject and not subject.is_thing and memory.distance > 1:
            is_rather = subject.is_person or memory.distance > _REACH
        else:
            is_rather = False
        is_near = memory.distance <= _REACH or memory.paragraph == sentence.paragraph
        return subject if is_rather else memory.speaker if is_near else None


def _hearsay(parsed: Parse) -> str:
    """Return the words of hearsay such as "soll das Haus gestürmt haben"; empty if none."""
    for clause in parsed.clauses:
        tokens = clause.tokens
        verb = next((token.text for token in tokens if token.low in ("soll", "sollen")), "")
        if verb and not is_relative(clause) and tokens[-1].low in ("haben", "sein"):
            return f"{verb} {tokens[-1].text}"
    return ""


def _hangs(clause: Clause) -> bool:
    """Tell whether a clause is subordinate, or has no verb of its own."""
    return is_relative(clause) or is_bare(clause) or clause.first == "was"


def _cues(parsed: Parse) -> list[tuple[int, Cue]]:
    """Return the verbs of saying, those after their content ("…, sagte X") first."""
    cues = [(i, cue) for i, cue in enumerate(parsed.cues) if cue]
    return sorted(cues, key=lambda cue: cue[1].at > 0 or parsed.clauses[cue[0]].before in JOINING)


def _ends_in_quotation(parsed: Parse) -> bool:
    last = parsed.clauses[-1] if len(parsed.clauses) > 1 else None
    return last is not None and last.before == ":" and last.tokens[0].kind == "quote"
