"""What an import did, counted row by row."""

from __future__ import annotations

import msgspec

SHOWN = 20
"""Rejections that a summary keeps in full; the rejects file has them all."""

PLURALS = {"story": "stories"}


class Rejection(msgspec.Struct, frozen=True):
    """Why a row was not recorded. ``line`` counts from 1, ``column`` is the file's own name."""

    file: str
    line: int
    column: str
    reason: str
    conflict: bool = False

    def __str__(self) -> str:
        """Return the whole rejection as one line."""
        column = f", column {self.column}" if self.column else ""
        return " ".join(f"{self.file}, line {self.line}{column}: {self.reason}".split())


class Summary(msgspec.Struct):
    """Every row is counted once, among the first six; what is new beside it after that.

    ``known`` rows were on record already, of ``conflicting`` ones the id stands for other words,
    ``erased`` ones stay erased, ``skipped`` ones the map leaves out on purpose.
    """

    recorded: int = 0
    known: int = 0
    conflicting: int = 0
    rejected: int = 0
    erased: int = 0
    skipped: int = 0
    stories_opened: int = 0
    topics_opened: int = 0
    actors_introduced: int = 0
    documents_filed: int = 0
    events_restored: int = 0
    dry_run: bool = False
    withheld: bool = False
    rejections: list[Rejection] = []
    rejects_files: list[str] = []

    @property
    def clean(self) -> bool:
        """Whether no row was refused."""
        return not self.rejected and not self.conflicting

    def refuse(self, rejection: Rejection) -> None:
        """Count a row that is not recorded, and keep the first few to be shown."""
        if rejection.conflict:
            self.conflicting += 1
        else:
            self.rejected += 1
        if len(self.rejections) < SHOWN:
            self.rejections.append(rejection)

    def lines(self) -> list[str]:
        """Return the summary in words, one fact a line, without what did not happen."""
        verb = "would be recorded" if self.dry_run or self.withheld else "recorded"
        facts = (
            (self.events_restored, "event", "restored"),
            (self.recorded, "row", verb),
            (self.known, "", "known already"),
            (self.conflicting, "", "in conflict with what is on record"),
            (self.rejected, "", "rejected"),
            (self.erased, "", "erased by law, left alone"),
            (self.skipped, "", "skipped, as the map says"),
            (self.stories_opened, "story", "opened"),
            (self.topics_opened, "topic", "opened"),
            (self.actors_introduced, "actor", "introduced"),
            (self.documents_filed, "source", "filed"),
        )
        told = [_fact(*fact) for fact in facts if fact[0]]
        if self.withheld:
            told.append("nothing was recorded, since some rows were refused")
        told += [f"refused rows are in {name}" for name in self.rejects_files]
        return told or ["nothing to do: everything is on record already"]


def _fact(count: int, noun: str, what: str) -> str:
    if noun and count != 1:
        noun = PLURALS.get(noun, f"{noun}s")
    return " ".join(filter(None, (f"{count:,}", noun, what)))
