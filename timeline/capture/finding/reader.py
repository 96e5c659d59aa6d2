"""Going through a text sentence by sentence, in any language."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from timeline.capture.finding.found import CARRIED_QUOTE, Content, passages
from timeline.capture.finding.memory import Memory
from timeline.capture.finding.people import People
from timeline.capture.reading.tokens import read, without_headings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from timeline.capture.finding.found import Found
    from timeline.capture.finding.people import Speaker
    from timeline.capture.reading.tokens import Sentence, Token
    from timeline.capture.suggestion import Form


class Reader(ABC):
    """Reads one text; it knows everybody in it, and has in mind who spoke last."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.sentences = list(without_headings(text, read(text)))
        self.people = People()
        self.memory = Memory(self.people)
        for sentence in self.sentences:
            for speaker in self.named(sentence.words()):
                self.people.meet(speaker)

    def found(self) -> Iterator[tuple[Sentence, Found]]:
        """Yield the passages of the text, none of which overlap, each with its sentence."""
        for sentence in self.sentences:
            self.memory.next_sentence()
            for one in _apart(self.said_in(sentence)):
                yield sentence, one
            for speaker in self.named(sentence.words()):
                self.memory.name(self.people.full(speaker))

    @abstractmethod
    def named(self, tokens: Sequence[Token]) -> Iterator[Speaker]:
        """Yield everybody whom some words may name."""

    @abstractmethod
    def said_in(self, sentence: Sentence) -> Iterator[Found]:
        """Yield the passages of a sentence, the surest first."""

    def carried_quote(self, sentence: Sentence) -> Iterator[Found]:
        """Yield a sentence that is all quotation, if it goes on with what was said before it."""
        if sentence.is_quotation and self.memory.distance <= 1:
            content = Content(sentence.start, sentence.end, CARRIED_QUOTE, sentence.quotes())
            yield from self.attributed(sentence, content, self.memory.speaker, "“”")

    def attributed(
        self,
        sentence: Sentence,
        content: Content,
        speaker: Speaker | None,
        cue: str,
        form: Form = "reported",
    ) -> Iterator[Found]:
        """Yield what somebody said as passages, and keep in mind who it was."""
        self.memory.spoke(speaker, sentence.paragraph)
        yield from passages(self.text, content, speaker, form, cue)


def _apart(found: Iterable[Found]) -> list[Found]:
    """Keep of passages that overlap the first."""
    kept: list[Found] = []
    for one in found:
        if not any(one.start < other.end and other.start < one.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)
