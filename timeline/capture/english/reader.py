"""Read an English text for reported statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.capture.english.contents import content_of
from timeline.capture.english.cues import parse
from timeline.capture.english.nouns import Names, phrase_at
from timeline.capture.english.speaking import Speakers
from timeline.capture.finding import COLON, Content, Reader, quoted_content

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from timeline.capture.english.cues import Cue, Parse
    from timeline.capture.finding import FoundPassage, Part, People, Speaker
    from timeline.capture.reading.tokens import Sentence, Token

SOURCE = "source"


class EnglishReader(Reader):
    """Reads the English sentences of a text."""

    def __init__(self, text: str, part: Part, people: People) -> None:
        super().__init__(text, part, people)
        names = Names(text, self.people.surnames)
        self._speakers = Speakers(names, self.people, self.memory)

    def speakers_in(self, tokens: Sequence[Token]) -> Iterator[Speaker]:
        """Yield everybody that some words may name."""
        yield from Names(self.text, self.people.surnames).people(tokens)

    def subject_of(self, sentence: Sentence) -> Speaker | None:
        """Return the person at the beginning of a sentence."""
        parts = parse(sentence).clauses
        subject = self._speakers.opening(parts, 0) if parts else None
        return subject if subject and subject.is_person else None

    def said_in(self, sentence: Sentence) -> Iterator[FoundPassage]:
        """Yield the passages of a sentence, surest first."""
        parsed = parse(sentence)
        passages: list[FoundPassage] = []
        for i, clause in enumerate(parsed.clauses):
            if not any(passage.start <= clause.start < passage.end for passage in passages):
                passages += self._by_cues(parsed, i)
        passages += self._by_source(parsed)
        yield from passages or self._without_cue(parsed)

    def _by_cues(self, parsed: Parse, i: int) -> Iterator[FoundPassage]:
        for cue in parsed.cues[i]:
            if i == cue.at == 0 and cue.kind == "finite":
                continue  # "Asked about it, he laughed"
            passages = list(self._by_cue(parsed, i, cue))
            if passages:
                yield from passages
                return

    def _by_cue(self, parsed: Parse, i: int, cue: Cue) -> Iterator[FoundPassage]:
        saying = self._speakers.saying(parsed, i, cue)
        content = content_of(parsed, i, cue, saying)
        if content:
            said = (content, saying.speaker, cue.text(parsed.clauses[i].tokens), cue.verb.form)
            yield from self.attributed(parsed.sentence, *said)
        elif saying.speaker and cue.verb.takes_any("speech", "hearer"):
            self.memory.spoke(saying.speaker, parsed.sentence.paragraph)

    def _by_source(self, parsed: Parse) -> Iterator[FoundPassage]:
        """Yield the words next to "according to X"."""
        for i, clause in enumerate(parsed.clauses):
            tokens = clause.tokens
            for at in range(len(tokens) - 1):
                if (tokens[at].low, tokens[at + 1].low) != ("according", "to"):
                    continue
                phrase = phrase_at(tokens, at + 2)
                speaker = self._speakers.speaker_of(parsed.clauses, i, phrase) if phrase else None
                content = _content_beside(parsed, i, at)
                if content:
                    yield from self.attributed(parsed.sentence, content, speaker, "according to")
                return

    def _without_cue(self, parsed: Parse) -> Iterator[FoundPassage]:
        sentence = parsed.sentence
        last = parsed.clauses[-1] if len(parsed.clauses) > 1 else None
        if last and last.before == ":" and last.tokens[0].kind == "quote":
            speaker = self._speakers.opening(parsed.clauses, parsed.last - 1)
            content = quoted_content(last.tokens[0])._replace(rule=COLON)
            person = speaker if speaker and speaker.is_person else None
            yield from self.attributed(sentence, content, person, ":")
        else:
            yield from self.carried_quote(sentence)


def _content_beside(parsed: Parse, i: int, at: int) -> Content | None:
    """Return the words next to a source that begins at a place of a clause."""
    parts = parsed.clauses
    if i == at == 0:
        return Content(parts[1].start, parts[-1].end, SOURCE) if parsed.last else None
    end = parts[i].tokens[at - 1].end if at else parts[i - 1].end
    return Content(parts[0].start, end, SOURCE)
