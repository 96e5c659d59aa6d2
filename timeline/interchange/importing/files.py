"""Import files row by row and report what became of each row."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from timeline.application.directory import Directory
from timeline.application.newsroom import byline
from timeline.domain.errors import Refused, StandlineError
from timeline.domain.messages import Message
from timeline.domain.statement import StatementRecorded
from timeline.interchange.formats.full_log import LogFormat, restore_log
from timeline.interchange.formats.opening import broken_files_are_refused, open_source
from timeline.interchange.formats.registry import importer_of
from timeline.interchange.formats.source_row import Layout
from timeline.interchange.importing.definitions import Permissions
from timeline.interchange.importing.loading import BATCH, Loader, Run
from timeline.interchange.importing.reading import Reader
from timeline.interchange.importing.rejects import RejectsFile, Shape
from timeline.interchange.importing.summary import StatementFacts, Summary
from timeline.interchange.maps.map_file import Map, checked_map
from timeline.stores.gc_tuning import collect_recent, collector_paused
from timeline.stores.log import EventLog
from timeline.stores.log_beside import PendingLog
from timeline.stores.progress import silent
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from timeline.domain.event import Event
    from timeline.interchange.formats.contracts import Store
    from timeline.interchange.formats.opening import SourceFile
    from timeline.interchange.formats.source_row import RowFormat, Rows
    from timeline.stores.progress import OnProgress
    from timeline.stores.recordable import Numbered, Recordable
    from timeline.stores.rows import StoredRow

FULL_LOG_TAKES_NO_MAP = Message(
    "full_log_takes_no_map",
    "a full log comes in as it is, without a map or a topic",
    fix="leave out --map and --topic",
)
FILE_NAME_UNFIT = Message(
    "file_name_unfit", "the name of the file cannot be recorded: %(why)s", fix="rename it"
)


class ImportOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Options of an import; ``by`` is the public handle of the importer.

    ``format`` and ``mapping`` are detected by default. ``topic`` puts every entry under one topic.
    ``creates`` lets rows open topics and introduce actors. ``strict`` records nothing if a row is
    refused. ``dry_run`` records nothing and returns the same summary. With ``goes_on`` the summary
    names a file that cannot be read, and the import continues. ``batch`` is the number of rows in
    one transaction. ``update`` is a reason: with it, a changed row with a known key corrects its
    entry.
    """

    by: str = "importer"
    format: str | None = None
    mapping: Map | None = None
    topic: str | None = None
    rejects: Path | None = None
    creates: bool = True
    strict: bool = False
    dry_run: bool = False
    goes_on: bool = False
    batch: int = BATCH
    update: str | None = None


def import_files(
    store: Store,
    files: Sequence[Path],
    options: ImportOptions | None = None,
    on_progress: OnProgress = silent,
) -> Summary:
    """Import files one after the other and return the summary.

    A refused row stops only a strict import; importing the same files again appends nothing. Raises
    `StandlineError` for an invalid map and, without ``goes_on``, for an invalid file; earlier
    batches stay recorded.
    """
    run = _Import(store, files, options or ImportOptions(), on_progress)
    run.check()
    with collector_paused():
        return run.rehearse_and_record()


def scale_of(store: Store, topic: str) -> str:
    """Return the name of a topic's scale; empty for an unknown topic."""
    try:
        return Directory(store.log, store.register).topic(topic).scale
    except StandlineError:
        return ""


class _Import:
    def __init__(
        self,
        store: Store,
        files: Sequence[Path],
        options: ImportOptions,
        on_progress: OnProgress,
    ) -> None:
        self._store = store
        self._files = files
        self._options = options
        self._on_progress = on_progress
        passes = 2 if self._options.strict and not self._options.dry_run else 1
        # Opening the topic reports that it is unknown.
        self._size = passes * sum(path.stat().st_size for path in files if path.exists())
        self._read = 0
        self._run = Run(head=store.log.head(), batch=options.batch, recode=options.update)

    def check(self) -> None:
        """Raise `StandlineError` for an invalid handle, or a topic unknown to record and map."""
        options = self._options
        byline(options.by, "", self._store.clock())
        table = options.mapping.topics if options.mapping else None
        mapped = {topic.native["topic"] for topic in table.topics} if table else set()
        if options.topic is not None and options.topic not in mapped:
            Directory(self._store.log, self._store.register).topic(options.topic)

    def rehearse_and_record(self) -> Summary:
        options = self._options
        if options.dry_run or options.strict:
            with rehearsed(self._store.log) as aside:
                summary = self._through(aside)
                if options.dry_run:
                    summary.rehearsed = _statement_facts(aside, summary.keyless)
            if options.dry_run or not summary.clean:
                summary.dry_run, summary.withheld = options.dry_run, not options.dry_run
                return summary
        return self._through(self._store.log)

    def _through(self, log: Recordable) -> Summary:
        summary = Summary(head=self._run.head)
        self._run.unopened.clear()
        with RejectsFile(self._options.rejects, self._files) as rejects:
            for path in self._files:
                try:
                    self._import_file(log, path, summary, rejects)
                except Refused as error:
                    if not self._options.goes_on:
                        raise
                    summary.refused_files.append(error)
        summary.rejects_files = rejects.names
        return summary

    def _import_file(
        self, log: Recordable, path: Path, summary: Summary, rejects: RejectsFile
    ) -> None:
        layout = self._options.mapping.layout if self._options.mapping else Layout()
        with (
            open_source(path, layout.encoding) as file,
            broken_files_are_refused(file.name, file.encoding),
        ):
            name = self._options.format
            if name is None and self._options.mapping:
                name = self._options.mapping.format
            format_ = importer_of(file, name)
            if isinstance(format_, LogFormat):
                self._restore(log, file, summary)
            else:
                self._load(log, file, format_, summary, rejects)
            self._read += file.size

    def _restore(self, log: Recordable, file: SourceFile, summary: Summary) -> None:
        options = self._options
        if options.mapping or options.topic is not None:
            raise Refused(FULL_LOG_TAKES_NO_MAP, field=file.name)
        summary.logs += 1
        summary.events_restored += restore_log(log, file, lambda: self._tell(file))
        self._tell(file)

    def _load(
        self,
        log: Recordable,
        file: SourceFile,
        format_: RowFormat,
        summary: Summary,
        rejects: RejectsFile,
    ) -> None:
        self._check_name(file)
        mapping = self._options.mapping or _ready(format_)
        layout = mapping.layout if mapping else Layout()
        rows = format_.rows(file, layout)
        may_be_asked = {} if self._options.mapping else _variables(format_, rows)
        if mapping and may_be_asked:
            mapping = msgspec.structs.replace(mapping, columns=may_be_asked | mapping.columns)
        shape = Shape(file.encoding, rows.columns, rows.delimiter, layout.quote)
        topic = self._options.topic or (mapping.constants.get("topic") if mapping else None)
        scale = scale_of(self._store, topic) if topic else ""
        loader = Loader(
            Reader(file, rows, mapping, self._options.topic, scale, frozenset(may_be_asked)),
            log,
            self._store.register,
            lambda: byline(self._options.by, f"import:{file.name}", self._store.clock()),
            summary,
            lambda row, why: rejects.add(shape, row, why),
            allowed=Permissions(
                self._options.creates, mapping.on_other_wording if mapping else "reword"
            ),
            run=self._run,
        )
        for _ in loader.load():
            # Exceptions keep the rows of their batch alive.
            collect_recent()
            self._tell(file)

    def _check_name(self, file: SourceFile) -> None:
        """Raise `Refused` for an invalid file name: it goes into every event."""
        try:
            byline(self._options.by, f"import:{file.name}", self._store.clock())
        except Refused as error:
            raise Refused(FILE_NAME_UNFIT, field=file.name, why=error.what) from None

    def _tell(self, file: SourceFile) -> None:
        self._on_progress("reading", self._read + file.progress(), self._size)


def _statement_facts(aside: Recordable, numbers: Iterable[int]) -> dict[int, StatementFacts]:
    """Return the facts of rehearsed statements, by their numbers."""
    events = ((number, aside.event(number)) for number in numbers)
    return {
        number: StatementFacts(event.topic, event.speaker, event.document, event.said_at)
        for number, event in events
        if isinstance(event, StatementRecorded)
    }


def _variables(format_: RowFormat, rows: Rows) -> dict[str, str]:
    """Return the columns of a foreign format that codebooks may use as variables."""
    variables = getattr(format_, "variables", None)
    return variables(rows.columns or ()) if variables else {}


def _ready(format_: RowFormat) -> Map | None:
    """Return the default map of a foreign format."""
    ready = getattr(format_, "ready", None)
    return checked_map(ready()) if ready else None


class RehearsalLog(PendingLog):
    """The log with rehearsed events: reads see both, and appends are not stored.

    So a dry run uses the same code as a real import. The rehearsed events are in a file on disk.
    """

    def __init__(self, log: EventLog, aside: EventLog) -> None:
        super().__init__(log)
        self._aside = aside
        self._head = log.head()

    def append(self, events: Sequence[Event], numbered: Sequence[Numbered] = ()) -> list[int]:
        """Append events to the rehearsal, after those on record."""
        return [self._after(position) for position in self._aside.append(events, numbered)]

    def streams_of(
        self, streams: Collection[str], upto: int | None = None
    ) -> dict[str, list[Event]]:
        """Return the events of streams that exist, those on record first."""
        histories = self._log.streams_of(streams, upto)
        for stream, events in self._aside.streams_of(streams).items():
            histories[stream] = [*histories.get(stream, ()), *events]
        return histories

    def erase(self, positions: Collection[int]) -> None:
        """Erase nothing: a rehearsal does not change the record."""

    def event(self, position: int) -> Event | None:
        """Return the event at a position, on record or rehearsed."""
        if position > self._head:
            return self._aside.event(position - self._head)
        return self._log.event(position)

    def first_events(self, streams: Collection[str]) -> dict[str, tuple[int, Event]]:
        """Return the first events of streams that exist, on record or rehearsed."""
        aside = self._aside.first_events(streams)
        later = {stream: (self._after(place), event) for stream, (place, event) in aside.items()}
        return later | self._log.first_events(streams)

    def _after(self, position: int) -> int:
        return self._head + position

    def restore(self, rows: Iterable[StoredRow]) -> None:
        """Restore into the rehearsal; raises `Refused` as the log would."""
        self._aside.restore(rows)


@contextmanager
def rehearsed(log: EventLog) -> Iterator[Recordable]:
    """Return a log for a rehearsal; everything appended to it is discarded at the end."""
    with tempfile.TemporaryDirectory(prefix="standline-rehearsal-") as folder:
        aside = EventLog.open(StoreUrl.parse(f"sqlite:///{Path(folder) / 'aside.db'}"))
        try:
            yield RehearsalLog(log, aside)
        finally:
            aside.close()
