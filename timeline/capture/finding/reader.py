"""Going through a text sentence by sentence, in any language."""

from __future__ import annotations

from abc import ABC, abstractmethod
from itertools import compress
from typing import TYPE_CHECKING, NamedTuple

from timeline.capture.finding.found import CARRIED_QUOTE, Content, Memory, passages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from timeline.capture.finding.found import Found, People, Speaker
    from timeline.capture.reading.tokens import Sentence, Token
    from timeline.capture.suggestion import Form


class Part(NamedTuple):
    """The sentences of a text, those that are in one language marked as such."""

    sentences: Sequence[Sentence]
    is_own: Sequence[bool]


class Reader(ABC):
    """Reads the sentences of a text that are in one language.

    It knows everybody in these, and all the ``people`` that readers of other languages met before
    it reads; and it has in mind who spoke last.
    """

    def __init__(self, text: str, part: Part, people: People) -> None:
        self.text, self.part, self.people = text, part, people
        self.memory = Memory(self.people)
        for sentence in compress(*part):
            for speaker in self.named(sentence.words()):
                self.people.meet(speaker)

    def found(self) -> Iterator[tuple[Sentence, Found]]:
        """Yield the passages of the text, none of which overlap, each with its sentence."""
        for sentence, is_own in zip(*self.part, strict=True):
            self.memory.next_sentence()
            if not is_own:
                continue
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
