"""Load native rows into the record: batches of entries, and lines of nouns between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeGuard

import msgspec

from timeline.application.commands import RecordStatement
from timeline.application.directory import Directory
from timeline.application.intake import Intake, IntakeRow
from timeline.application.variables import declared
from timeline.domain.actor import UNKNOWN, ActorIntroduced
from timeline.domain.errors import StandlineError
from timeline.domain.lookalikes import look_alike, skeleton
from timeline.domain.naming import slug_of
from timeline.domain.quotations import is_narrated
from timeline.domain.scales import NO_POSITION
from timeline.domain.statement import Statement
from timeline.domain.text import repair_mojibake
from timeline.interchange.importing.definitions import Definitions, Permissions, attributes_of
from timeline.interchange.importing.entry_lines import EntryLines
from timeline.interchange.importing.explaining import Explainer
from timeline.interchange.importing.reading import NativeRow
from timeline.interchange.importing.summary import Rejection
from timeline.interchange.native.additions_in import additions_of, adds_only
from timeline.interchange.native.fields import ENTRIES, REJECT, check_belongs
from timeline.interchange.native.rows_in import command_of, entry_id, id_of_key, id_without_key

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from timeline.application.batch import Outcome
    from timeline.application.commands import Command
    from timeline.application.directory import Register
    from timeline.domain.event import Byline, Event
    from timeline.interchange.formats.source_row import SourceRow
    from timeline.interchange.importing.reading import Reader
    from timeline.interchange.importing.summary import Summary
    from timeline.stores.recordable import Recordable

FINISHED = ("story", "actor")
"""Kinds of lines that open a noun in place, and finish it once all other nouns are open.

A story gets its sides then, an actor its attributes.
"""

LAST = (*FINISHED, "link", "reading", "verdict")
"""Kinds of lines that may refer to any other line of the file, in the order of loading."""

BATCH = 5_000
"""Default number of rows in one transaction."""

NAMED_IN = {"actor_name": "actor", "topic_name": "topic", "topic_question": "topic"}
"""Fields with names of actors and topics, and the noun of each.

Such names may look like those of another noun of the same kind.
"""

CORRECT_ONE = "correct the record, or the row, or let the import correct it (--update)"

ANOTHER_IN_ITS_LINE = (
    "the line is all that names the row, and another stood there then: import the rejects file with"
    " its first columns, or give rows numbers of their own"
)

REJECTED_FILE = f"{REJECT}file"

_Names = dict[tuple[str, str], str]

SHORT = 60
"""Most characters of garbled words in a message."""

_COUNTED = {
    "fresh": "recorded",
    "known": "known",
    "redacted": "erased",
}
_ADDED = {
    "translated": "translations",
    "seconded": "further_sources",
    "linked": "links",
    "reworded": "wordings",
    "codebook_written": "codebooks",
    "watched": "coverage",
    "lede_set": "ledes",
    "passage_added": "passages",
    "quote_read": "readings",
    "signed": "verdicts",
    "declined": "verdicts",
    "described": "attributes",
    "reopened": "verdicts",
}
_BROUGHT = {
    "story.opened": "stories_opened",
    "topic.opened": "topics_opened",
    "topic.reworded": "wordings",
    "topic.codebook_written": "codebooks",
    "topic.watched": "coverage",
    "topic.lede_set": "ledes",
    "actor.introduced": "actors_introduced",
    "document.filed": "documents_filed",
}


class _BatchRow(msgspec.Struct, frozen=True):
    """A row of the batch, in the order of the file, with its command or its error."""

    row: NativeRow
    entered: IntakeRow | None = None
    error: StandlineError | None = None


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """State that the files of one import share.

    ``unopened`` has the slugs of topics whose opening was refused. ``head`` is the end of the log
    before the import. ``batch`` is the number of rows in one transaction. ``recode`` is the reason
    for corrections by rows, if they are allowed.
    """

    head: int
    unopened: set[str] = set()
    batch: int = BATCH
    recode: str | None = None


class Loader:
    """Loads the rows of one file; calls ``refuse`` for every row that is not recorded."""

    def __init__(
        self,
        reader: Reader,
        log: Recordable,
        register: Register,
        byline: Callable[[], Byline],
        summary: Summary,
        refuse: Callable[[SourceRow, Rejection], None],
        *,
        allowed: Permissions,
        run: Run,
    ) -> None:
        self._reader = reader
        self._run = run
        self._may_be_asked = reader.may_be_asked
        self._asked: dict[str, frozenset[str]] = {}
        self._log = log
        self._register = register
        self._byline = byline
        self._summary = summary
        self._refuse = refuse
        self._allowed = allowed
        self._definitions = Definitions(log, register, byline, allowed)
        self._entry_lines = EntryLines(log, register, byline)
        self._explainer = Explainer(log, register)
        self._intake = self._new_intake()
        self._last: list[NativeRow] = []
        self._named: _Names = {}
        self._written: dict[str, set[str]] = {}
        self._batch: list[_BatchRow] = []

    def load(self) -> Iterator[int]:
        """Load every row, and yield the number of rows read so far after each batch."""
        count, is_due = 0, False
        for count, row in enumerate(self._reader, 1):
            self._take(self._with_what_is_asked(row))
            is_due |= count % self._run.batch == 0
            if is_due and not row.rest:
                self._flush()
                is_due = False
                yield count
        self._flush()
        self._summary.cut += self._reader.cut
        self._summary.nothing.update(self._reader.nothings)
        for row in sorted(self._last, key=lambda row: LAST.index(row.kind)):
            self._finish(row)
        yield count

    def _take(self, row: NativeRow) -> None:
        if row.left_out:
            self._summary.leave_out(row.left_out)
            return
        if row.error is None and not row.skipped:
            if garbled := _garbled(self._reader, row):
                self._summary.doubt(garbled)
            self._summary.other_case += self._in_other_case(row)
            if narrated := _narrated(self._reader, row):
                self._summary.narrated += 1
                self._summary.warn([narrated])
            if not NAMED_IN.keys().isdisjoint(row.fields):
                self._summary.warn(_alike(self._reader, row, self._named))
        if row.skipped:
            self._summary.skipped += 1
        elif row.error is None and row.kind in LAST and row.kind not in FINISHED:
            self._last.append(row)
        elif row.error is None and row.kind not in ENTRIES:
            self._define(row)
        else:
            first = row.source.fields.get(REJECTED_FILE)
            name = first if isinstance(first, str) and first else self._reader.name
            self._batch.append(_batch_row(row, name))
            if self._batch[-1].error:
                self._leave_unopened(_opens(row))

    def _with_what_is_asked(self, row: NativeRow) -> NativeRow:
        """Return a row without variables that the codebook of its topic does not declare."""
        if self._may_be_asked.isdisjoint(row.fields):
            return row
        topic = str(row.fields.get("topic", ""))
        if topic not in self._asked:
            self._asked[topic] = self._asked_on(topic)
        unasked = self._may_be_asked.intersection(row.fields) - self._asked[topic]
        self._summary.unasked.update(unasked)
        fields = {name: value for name, value in row.fields.items() if name not in unasked}
        return msgspec.structs.replace(row, fields=fields)

    def _asked_on(self, topic: str) -> frozenset[str]:
        try:
            opened = Directory(self._log, self._register).topic(topic)
        except StandlineError:
            return frozenset()
        return frozenset(variable.field for variable in declared(opened).values())

    def _in_other_case(self, row: NativeRow) -> int:
        """Count the names of a row that occur in this file with other capitals too."""
        names = (row.fields.get(field) for field in ("actor", "on_behalf_of"))
        count = 0
        for name in names:
            if isinstance(name, str):
                written = self._written.setdefault(name.lower(), set())
                count += bool(written) and name not in written
                written.add(name)
        return count

    def _leave_unopened(self, slug: str | None) -> None:
        """Mark a topic as not opened, after recording the rows before, which were not affected."""
        if slug and slug not in self._run.unopened:
            self._flush()
            self._run.unopened.add(slug)

    def _define(self, row: NativeRow) -> None:
        self._flush()
        outcome = self._definitions.take(row.kind, row.fields)
        if outcome.error:
            self._leave_unopened(_opens(row))
        self._count(row, outcome)
        self._count_brought(self._definitions.brought)
        if row.kind == "story" or (row.kind == "actor" and attributes_of(row.fields)):
            self._last.append(row)
        # The intake has to forget what the line changed.
        self._intake = self._new_intake()

    def _finish(self, row: NativeRow) -> None:
        """Load a line that may refer to any other line of the file."""
        if row.kind not in FINISHED:
            self._count(row, self._entry_lines.take(row.kind, row.fields))
            return
        finish = self._definitions.finish_story
        if row.kind == "actor":
            finish = self._definitions.finish_actor
        try:
            self._count_added(finish(row.fields))
        except StandlineError as error:
            self._reject(row, error)

    def _flush(self) -> None:
        if not self._batch:
            return
        batch, self._batch = _refuse_split_rows(self._batch), []
        entries = [taken.entered for taken in batch if taken.entered]
        counted = [entered.entry for entered in entries] if self._reader.counts_lines else ()
        put = self._intake.put(entries, _ranges(batch), counted) if entries else []
        outcomes = iter(put)
        for taken in batch:
            if taken.error is not None:
                self._reject(taken.row, taken.error)
            else:
                self._count(taken.row, next(outcomes))
        self._count_brought(self._intake.brought)
        if self._run.head:
            new = {outcome.id for outcome in put if outcome.kind == "fresh"}
            self._tell_said_without_key(batch, new)

    def _tell_said_without_key(self, batch: Iterable[_BatchRow], new: Collection[str]) -> None:
        """Report new statements with a key that repeat an older statement without a key."""
        said = {
            id_without_key(taken.row.fields, taken.row.kind, taken.entered.command): taken.row
            for taken in batch
            if taken.entered and taken.entered.entry in new and _has_key(taken.entered.command)
        }
        known = self._log.first_events(said) if said else {}
        for entry, (number, _) in known.items():
            before = self._log.load(Statement, entry) if number <= self._run.head else None
            if before is not None and not before.retracted:
                self._summary.say_again(self._reader.name, said[entry].source.line, number)

    def _count(self, row: NativeRow, outcome: Outcome) -> None:
        if outcome.error is not None:
            self._reject(row, outcome.error)
        elif outcome.kind == "conflict":
            columns = ", ".join(self._reader.column_of(name) for name in outcome.differs)
            number = f" as number {outcome.position}" if outcome.position else ""
            why = self._unsourced(row, outcome) or self._other_row()
            reason = f"on record{number} with another {columns}; {why}"
            self._tell(row, columns.partition(", ")[0], reason, conflict=True)
        elif outcome.kind == "corrected":
            self._tell_correction(row, outcome)
        elif outcome.kind == "known" and self._is_repeated(row, outcome):
            self._add_up("repeated")
        else:
            self._add_up(_COUNTED[outcome.kind])
            self._count_added(outcome.added)
            if outcome.kind == "fresh":
                self._count_fresh(row, outcome)

    def _count_fresh(self, row: NativeRow, outcome: Outcome) -> None:
        if row.fields.get("stance") == NO_POSITION:
            self._add_up("no_position")
        is_keyless = row.kind == "statement" and "key" not in row.fields
        if is_keyless and self._run.head and outcome.position:
            self._summary.keyless[outcome.position] = (self._reader.name, row.source.line)

    def _other_row(self) -> str:
        is_refused = self._run.recode is not None and self._reader.counts_lines
        return ANOTHER_IN_ITS_LINE if is_refused else CORRECT_ONE

    def _unsourced(self, row: NativeRow, outcome: Outcome) -> str:
        """Explain why a row without a source conflicts with its entry; empty for other rows."""
        fields = ("source.outlet", "source.title", "source.url")
        if outcome.differs != ("source",) or any(row.fields.get(field) for field in fields):
            return ""
        before = self._explainer.source_of(outcome.id)
        return (
            f"the row names no source, so its file ({self._reader.name!r}) is taken for one, and"
            f" {before} was then: import it under that name, or name it as the source of the row"
        )

    def _tell_correction(self, row: NativeRow, outcome: Outcome) -> None:
        """Count a row that corrects an entry, and report the corrected fields."""
        self._add_up("corrected")
        words = self._explainer.corrections(outcome, row.fields.get("topic", ""))
        rejection = Rejection(self._reader.name, row.source.line, "", words)
        self._summary.correct(rejection)

    def _is_repeated(self, row: NativeRow, outcome: Outcome) -> bool:
        """Tell whether a row without a key repeats another row of this import."""
        if row.kind not in ENTRIES or "key" in row.fields:
            return False
        return (outcome.position or 0) > self._run.head

    def _count_added(self, topics: Iterable[str]) -> None:
        for topic in topics:
            if name := _ADDED.get(topic.rpartition(".")[2]):
                self._add_up(name)

    def _add_up(self, name: str) -> None:
        setattr(self._summary, name, getattr(self._summary, name) + 1)

    def _count_brought(self, brought: dict[tuple[str, int], Event]) -> None:
        for event in brought.values():
            if name := _BROUGHT.get(event.TOPIC):
                self._add_up(name)
            if isinstance(event, ActorIntroduced) and event.kind == UNKNOWN:
                self._add_up("of_unknown_kind")
        brought.clear()

    def _reject(self, row: NativeRow, error: StandlineError) -> None:
        error = self._explainer.explained(error, row.fields)
        field = error.field if error.field in row.fields else NAMED_IN.get(error.field, error.field)
        column = self._reader.column_of(field)
        reason = f"{error.message}; {error.fix}" if error.fix else error.message
        self._tell(row, column, reason, conflict=False)

    def _tell(self, row: NativeRow, column: str, reason: str, *, conflict: bool) -> None:
        one_line = " ".join(reason.split())
        rejection = Rejection(self._reader.name, row.source.line, column, one_line, conflict)
        self._summary.refuse(rejection)
        self._refuse(row.source, rejection)

    def _new_intake(self) -> Intake:
        directory = Directory(
            self._log,
            self._register,
            creates=self._allowed.creates,
            unopened=self._run.unopened,
            other_wording=self._allowed.other_wording,
        )
        return Intake(self._log, directory, self._byline, self._run.recode)


def _refuse_split_rows(batch: list[_BatchRow]) -> list[_BatchRow]:
    """Refuse all parts of a split row if one of them is refused."""
    bad = {
        id(taken.row.source): taken.error for taken in batch if taken.error and taken.row.is_part
    }
    return [
        _BatchRow(taken.row, error=bad[id(taken.row.source)])
        if id(taken.row.source) in bad
        else taken
        for taken in batch
    ]


def _ranges(batch: list[_BatchRow]) -> list[range]:
    """Return the places of split rows among the rows that can be recorded."""
    entered = [taken.row for taken in batch if taken.entered]
    first: dict[int, int] = {}
    for at, row in enumerate(entered):
        first.setdefault(id(row.source), at)
    return [
        range(first[id(row.source)], at + 1)
        for at, row in enumerate(entered)
        if row.is_part and not row.rest
    ]


def _has_key(command: Command | None) -> TypeGuard[RecordStatement]:
    return isinstance(command, RecordStatement) and command.key is not None


def _garbled(reader: Reader, row: NativeRow) -> list[Rejection]:
    """Return the fields whose words look decoded with the wrong encoding."""
    return [
        reader.doubt(
            row, name, f"read in the wrong encoding? {_short(value)!r} may be {_short(meant)!r}"
        )
        for name, value in row.fields.items()
        if type(value) is str and not value.isascii() and (meant := repair_mojibake(value)) != value
    ]


def _narrated(reader: Reader, row: NativeRow) -> Rejection | None:
    """Report a quote that the source tells in its own words.

    It is recorded all the same, so that every export can be imported.
    """
    fields = row.fields
    quote, passage = fields.get("quote.text"), fields.get("passage.text")
    if not (isinstance(quote, str) and isinstance(passage, str)):
        return None
    is_direct = fields.get("attribution") in (None, "", "quoted")
    if not is_direct or fields.get("quote.wording") == "translated" or _is_own(fields):
        return None
    if not is_narrated(passage, quote):
        return None
    reason = f"{_short(quote)!r} is no quotation in the passage: quoted, or told?"
    return reader.doubt(row, "quote.text", reason)


def _is_own(fields: Mapping[str, object]) -> bool:
    """Tell whether the speaker wrote the row's source, so that all its words are theirs."""
    author = fields.get("source.author")
    names = {fields.get("actor"), fields.get("actor_name")}
    return isinstance(author, str) and bool(names & {author, slug_of(author)})


def _alike(reader: Reader, row: NativeRow, names: _Names) -> Iterator[Rejection]:
    """Yield names that look like another; ``names`` has the first name of each look."""
    for field, noun in NAMED_IN.items():
        name = row.fields.get(field)
        if not isinstance(name, str):
            continue
        other = names.setdefault((noun, skeleton(name)), name)
        if other == name:
            continue
        if look_alike(other, name):
            reason = f"{_short(name)!r} looks like {_short(other)!r} and is written otherwise"
            yield reader.doubt(row, field, reason)


def _short(words: str) -> str:
    return words if len(words) <= SHORT else f"{words[:SHORT]}…"


def _opens(row: NativeRow) -> str | None:
    """Return the slug of the topic that a row opens, if any."""
    get = row.fields.get
    says_how = row.kind == "topic" or get("topic_question") or get("scale")
    topic = get("topic") or (get("topic_name") if row.kind == "topic" else None)
    return slug_of(topic) if says_how and isinstance(topic, str) else None


def _batch_row(row: NativeRow, file: str) -> _BatchRow:
    if row.error is not None:
        return _BatchRow(row, error=row.error)
    try:
        return _BatchRow(row, _entered(row.fields, row.kind, file))
    except StandlineError as error:
        return _BatchRow(row, error=error)


def _entered(row: dict[str, Any], kind: str, file: str) -> IntakeRow:
    if adds_only(row):
        check_belongs(row, kind)
        return IntakeRow(id_of_key(row["key"]), None, additions_of(row, kind))
    command = command_of(row, kind, file)
    return IntakeRow(entry_id(row, kind, command), command, additions_of(row, kind))
