"""The base of the commands of every noun: the log, and a fresh directory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from timeline.application.directory import Directory, Register
from timeline.application.texts import text, translated
from timeline.domain.translation import Translatable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from timeline.application.recording import Recorded, StreamWriter
    from timeline.domain.aggregate import Aggregate
    from timeline.domain.event import Byline, Event
    from timeline.stores.recordable import Appendable

T = TypeVar("T", bound=Translatable)


class Noun:
    """Base of stories, topics, actors, documents, statements and developments."""

    def __init__(self, recording: StreamWriter, register: Register) -> None:
        self._recording = recording
        self._register = register

    def _directory(self, log: Appendable | None = None) -> Directory:
        return Directory(log or self._recording.log, self._register)

    def _open(self, new: Aggregate) -> Recorded:
        return self._recording.open(new.collect_events())


class TranslatableNoun(Noun, Generic[T]):
    """Base of the nouns that have a name and words to translate.

    Commands on an existing one raise `Conflict` if it has moved on from the version that the
    byline has ``seen``; the error has the events since then.
    """

    KIND: type[T]

    def stream(self, name: Any) -> str:  # noqa: ANN401 - a slug, a name, a number or an id
        """Return the id of the noun with a name; raises `NotFound` if there is none."""
        raise NotImplementedError

    def translate(
        self,
        byline: Byline,
        name: str | int,
        lang: str,
        words: Mapping[str, str],
        translated_by: str = "",
    ) -> Recorded:
        """Record a translation of our words; ``words`` are by field."""
        clean, by = translated(words), text(translated_by, "translated_by")
        return self._revise(byline, name, lambda noun: noun.translate(byline, lang, clean, by))

    def _revise(
        self,
        byline: Byline,
        name: str | int,
        decide: Callable[[T], object],
        *,
        new: Sequence[Event] = (),
    ) -> Recorded:
        stream = self.stream(name)
        return self._recording.revise(self.KIND, stream, byline, decide, new=new)
