"""The summary of an import, counted row by row."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from timeline.domain.errors import StandlineError

if TYPE_CHECKING:
    from collections.abc import Iterable

SHOWN = 20
"""Most rejections in a summary; the rejects file has all."""

OF_THE_SAME = "of the same actor, question, day and source"
IF_MENDED = (
    "and says something else; if the row was mended, retract the earlier one (standline retract"
    " {old}); only rows that had a key when they first came in are corrected by --update"
)
WITHOUT_KEY = (
    "says word for word what #{old} says without a key, and a key that is given later makes a"
    " second entry: retract #{old} (standline retract {old}) if the key is to stay"
)

PLURALS = {
    "story": "stories",
    "entry": "entries",
    "stretch of coverage": "stretches of coverage",
}


class Rejection(msgspec.Struct, frozen=True):
    """Why a row was not recorded. ``line`` counts from 1, ``column`` is the file's own name.

    ``more`` is the number of further rows with the same reason.
    """

    file: str
    line: int
    column: str
    reason: str
    conflict: bool = False
    more: int = 0

    def __str__(self) -> str:
        """Return the whole rejection as one line."""
        column = f", column {self.column}" if self.column else ""
        line = " ".join(f"{self.file}, line {self.line}{column}: {self.reason}".split())
        lines = "line" if self.more == 1 else "lines"
        return f"{line} (so in {self.more:,} more {lines})" if self.more else line

    def is_again(self, other: Rejection) -> bool:
        """Tell whether both are equal but for the line."""
        mine = self.file, self.column, self.reason
        return mine == (other.file, other.column, other.reason)


class StatementFacts(NamedTuple):
    """Topic, speaker and document of a statement (ids), and its date."""

    topic: str
    speaker: str
    document: str
    said_at: str


class Summary(msgspec.Struct):
    """The first eight fields count every row once; the others count what else is new.

    ``known`` rows were on record already, ``repeated`` ones repeat another row, ``corrected`` ones
    corrected their entry, ``conflicting`` ones differ from it, ``erased`` ones stay erased, and
    ``skipped`` ones were skipped by the map. ``left_out`` counts rows for which the record has no
    place, by kind. New and known rows added ``translations`` and ``further_sources``, known rows
    ``passages``. ``logs`` is the number of full logs among the files. ``unasked`` names variables
    whose values were left out because no codebook declares them.
    """

    recorded: int = 0
    known: int = 0
    repeated: int = 0
    corrected: int = 0
    conflicting: int = 0
    rejected: int = 0
    erased: int = 0
    skipped: int = 0
    left_out: dict[str, int] = {}
    no_position: int = 0
    stories_opened: int = 0
    topics_opened: int = 0
    wordings: int = 0
    codebooks: int = 0
    coverage: int = 0
    ledes: int = 0
    actors_introduced: int = 0
    of_unknown_kind: int = 0
    documents_filed: int = 0
    translations: int = 0
    further_sources: int = 0
    passages: int = 0
    attributes: int = 0
    links: int = 0
    readings: int = 0
    verdicts: int = 0
    events_restored: int = 0
    logs: int = 0
    dry_run: bool = False
    withheld: bool = False
    garbled: int = 0
    cut: int = 0
    nothing: set[str] = set()
    unasked: set[str] = set()
    other_case: int = 0
    narrated: int = 0
    rejections: list[Rejection] = []
    corrections: list[Rejection] = []
    doubts: list[Rejection] = []
    refused_files: list[StandlineError] = []
    rejects_files: list[str] = []
    keyless: dict[int, tuple[str, int]] = {}
    rehearsed: dict[int, StatementFacts] = {}
    beside: int = 0
    said_without_key: int = 0
    head: int = 0

    @property
    def clean(self) -> bool:
        """Whether no row and no file was refused."""
        return not (self.rejected or self.conflicting or self.refused_files)

    def refuse(self, rejection: Rejection) -> None:
        """Count a row that is not recorded, and keep the first few for display."""
        if rejection.conflict:
            self.conflicting += 1
        else:
            self.rejected += 1
        for place, earlier in enumerate(self.rejections):
            if earlier.is_again(rejection):
                self.rejections[place] = msgspec.structs.replace(earlier, more=earlier.more + 1)
                return
        if len(self.rejections) < SHOWN:
            self.rejections.append(rejection)

    @property
    def hidden(self) -> int:
        """How many refused rows are neither shown nor counted with a shown one."""
        counted = sum(1 + rejection.more for rejection in self.rejections)
        return self.rejected + self.conflicting - counted

    def as_object(self) -> dict[str, Any]:
        """Return the summary for scripts: every count, and lists of lines."""
        lists = ("rejections", "corrections", "doubts", "refused_files")
        own = (*lists, "keyless", "rehearsed", "head", "nothing", "unasked")
        plain = {name: getattr(self, name) for name in self.__struct_fields__ if name not in own}
        plain |= {"nothing": sorted(self.nothing), "unasked": sorted(self.unasked)}
        return plain | {name: [str(item) for item in getattr(self, name)] for name in lists}

    def correct(self, rejection: Rejection) -> None:
        """Keep the first few corrections for display; they are counted elsewhere."""
        if len(self.corrections) < SHOWN:
            self.corrections.append(rejection)

    def doubt(self, rows: list[Rejection]) -> None:
        """Count a row whose words look garbled, and keep the first few for display."""
        self.garbled += bool(rows)
        self.warn(rows)

    def warn(self, rows: Iterable[Rejection]) -> None:
        """Keep the first few warnings on rows that were recorded and may be mistakes."""
        self.doubts += islice(rows, max(0, SHOWN - len(self.doubts)))

    def stand_beside(self, old_by_new: dict[int, int]) -> None:
        """Warn of new statements that may be corrected versions of older ones.

        ``old_by_new`` has the number of the older one by that of the new one.
        """
        self.beside = len(old_by_new)
        for new, old in old_by_new.items():
            file, line = self.keyless[new]
            subject = "it would stand" if self.dry_run else f"#{new} stands"
            warning = f"{subject} beside #{old} {OF_THE_SAME}, {IF_MENDED.format(old=old)}"
            self.warn([Rejection(file, line, "", warning)])

    def say_again(self, file: str, line: int, old: int) -> None:
        """Count a new row with a key that repeats an older entry without a key."""
        self.said_without_key += 1
        self.warn([Rejection(file, line, "key", WITHOUT_KEY.format(old=old))])

    def leave_out(self, kind: str) -> None:
        """Count a row for which the record has no place, by its kind."""
        self.left_out[kind] = self.left_out.get(kind, 0) + 1

    def lines(self) -> list[str]:
        """Return the summary in words: one line for each count that is not zero."""
        would = "would be " if self.dry_run or self.withheld else ""
        facts = (
            (self.events_restored, "event", f"{would}restored"),
            (self.recorded, "row", f"{would}recorded"),
            (self.no_position, "", "of them without a position"),
            (self.beside, "", f"of them beside an entry {OF_THE_SAME}"),
            (self.said_without_key, "", "of them word for word as an entry that has no key"),
            (self.known, "", "known already"),
            (self.repeated, "row", "repeated word for word without a key, recorded once"),
            (self.corrected, "entry", f"{would}corrected"),
            (self.conflicting, "", "in conflict with what is on record"),
            (self.rejected, "", "rejected"),
            (self.erased, "", "erased by law, left alone"),
            (self.skipped, "", "skipped, as the map says"),
            *((count, "", f"left out: {kind}") for kind, count in self.left_out.items()),
            (self.garbled, "row", "with words that look garbled, taken as they are"),
            (self.cut, "text", "cut to what fits"),
            (self.narrated, "quote", "that the passage tells in its own words, taken as it is"),
            (self.other_case, "name", "differing from another in case only, taken for the same"),
            (self.stories_opened, "story", f"{would}opened"),
            (self.topics_opened, "topic", f"{would}opened"),
            (self.wordings, "question", f"{would}worded anew"),
            (self.codebooks, "codebook version", f"{would}written"),
            (self.coverage, "stretch of coverage", f"{would}noted"),
            (self.ledes, "lede", f"{would}set"),
            (self.actors_introduced, "actor", f"{would}introduced"),
            (self.of_unknown_kind, "", "of them of unknown kind, since nothing says what they are"),
            (self.documents_filed, "source", f"{would}filed"),
            (self.translations, "translation", f"{would}added"),
            (self.further_sources, "further source", f"{would}added"),
            (self.passages, "passage", f"{would}added"),
            (self.attributes, "actor", f"{would}described"),
            (self.links, "link", f"{would}added"),
            (self.readings, "blind reading", f"{would}added"),
            (self.verdicts, "verdict", f"{would}added"),
        )
        lines = [_fact(*fact) for fact in facts if fact[0]]
        if self.withheld:
            refused = "rows" if self.rejected or self.conflicting else "files"
            lines.append(f"nothing was recorded, since some {refused} were refused")
        if self.nothing:
            words = ", ".join(sorted(self.nothing))
            lines.append(f"cells that say {words} are taken for nothing (a map: nothing = [])")
        if self.unasked:
            names = ", ".join(sorted(self.unasked))
            lines.append(f"values of {names} are left out where no codebook declares them")
        lines += [f"refused rows are in {name}" for name in self.rejects_files]
        return lines or self._nothing()

    def _nothing(self) -> list[str]:
        if self.refused_files:
            return []
        why = "everything is on record already" if self.logs else "there are no rows"
        return [f"nothing to do: {why}"]


def _fact(count: int, noun: str, verb: str) -> str:
    if noun and count != 1:
        noun = PLURALS.get(noun, f"{noun}s")
    return " ".join(filter(None, (f"{count:,}", noun, verb)))
