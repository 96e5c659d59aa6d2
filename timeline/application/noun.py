"""What the commands of every noun share: the log, and a fresh look at who is on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.application.directory import Directory, Register

if TYPE_CHECKING:
    from timeline.application.recording import Recorded, Recording
    from timeline.domain.aggregate import Aggregate


class Noun:
    """Base of stories, topics, actors, documents, statements and developments."""

    def __init__(self, recording: Recording, register: Register) -> None:
        self._recording = recording
        self._register = register

    def _directory(self) -> Directory:
        return Directory(self._recording.log, self._register)

    def _open(self, new: Aggregate) -> Recorded:
        return self._recording.open(new.id, new.collect_events())
