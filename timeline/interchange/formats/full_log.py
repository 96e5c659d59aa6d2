"""The full log as CloudEvents 1.0, one a line, from which the same log can be restored.

Attributes are those of the CloudEvents specification and of its Sequence extension. Ours are
`streamversion`, `typeversion` and, in base64, the exact bytes `committed`, `salt` and `content`:
these are restored, since upcast or redacted data does not contain them. `data` is for people.
An event that this code cannot read has its exact `state` in their place, and why in `unread`.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from timeline.domain.dates import iso_us
from timeline.domain.errors import Refused, StandlineError
from timeline.domain.messages import Message
from timeline.interchange.formats.source_row import Lines
from timeline.stores.log import read_row
from timeline.stores.mapper import exact_parts
from timeline.stores.rows import StoredRow
from timeline.stores.trouble import UnreadableEvent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from timeline.domain.event import Event
    from timeline.interchange.formats.opening import SourceFile
    from timeline.stores.log import EventLog
    from timeline.stores.recordable import Recordable
    from timeline.stores.rows import EventRow

NOT_A_LOGGED_EVENT = Message(
    "not_a_logged_event",
    "this is no event of a full log (%(why)s)",
    fix="restore from an export that was not altered",
)

SPECVERSION = "1.0"
SOURCE = "standline"
DIGITS = 19
"""Digits of a sequence, which sorts as text: those of the greatest 64-bit number."""

MOST, MOST_VERSIONS = 2**63 - 1, 2**31 - 1
"""The greatest log position and the greatest version of a stream that both stores hold."""

LONGEST = 64_000_000
"""Most characters of a line, which has the stored text of a source twice."""

ENVELOPE = ("originator_id", "originator_version", "recorded_at")


class LogLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One CloudEvent; ``subject`` is the stream, ``sequence`` the position in the log."""

    specversion: str
    id: str
    source: str
    type: str
    subject: str
    time: str = ""
    sequence: str
    streamversion: Annotated[int, msgspec.Meta(ge=1, le=MOST_VERSIONS)]
    typeversion: int = 0
    committed: bytes = b""
    salt: bytes | None = None
    content: bytes | None = None
    data: Any = None
    state: bytes = b""
    unread: str = ""


class _Commitment(msgspec.Struct):
    v: int
    hash: bytes | None = None


_read_committed = msgspec.msgpack.Decoder(_Commitment).decode
_read_line = msgspec.json.Decoder(LogLine).decode
_encode = msgspec.json.Encoder().encode


class LogFormat:
    """The importer of full logs; it restores a log and has no rows."""

    name = "log"

    def recognises(self, file: SourceFile) -> bool:
        """Tell whether the file begins with one of our CloudEvents."""
        first = file.head.lstrip("\ufeff \r\n").partition("\n")[0]
        return first.startswith("{") and '"specversion"' in first


def lines(log: EventLog, upto: int | None = None) -> Iterator[bytes]:
    """Yield every event of a log up to a position, one a line, streamed."""
    return (_encode(line_of(row)) + b"\n" for row in log.rows(upto=upto))


def line_of(row: EventRow) -> LogLine:
    """Return a stored event as one line; only its bytes if this code cannot read it."""
    position, stream, version, type_, state = row
    line = LogLine(
        specversion=SPECVERSION,
        id=f"{stream}.{version}",
        source=SOURCE,
        type=type_,
        subject=stream,
        sequence=f"{position:0{DIGITS}d}",
        streamversion=version,
    )
    try:
        event = read_row(row)
    except UnreadableEvent as error:
        return msgspec.structs.replace(line, state=state, unread=str(error))
    committed, salt, content = exact_parts(state)
    commitment = _read_committed(committed)
    return msgspec.structs.replace(
        line,
        time=iso_us(event.recorded_at),
        typeversion=commitment.v,
        committed=committed,
        salt=salt,
        content=content,
        data=_data(event, commitment, erased=content is None),
    )


def _data(event: Event, commitment: _Commitment, *, erased: bool) -> dict[str, Any]:
    fields = msgspec.to_builtins(event)
    data = {name: value for name, value in fields.items() if name not in ENVELOPE}
    if erased and commitment.hash is not None:
        data["hash"] = commitment.hash.hex()
    return data


def rows_of(file: SourceFile) -> Iterator[StoredRow]:
    """Yield the stored events of a file; raises `Refused` with the first invalid line."""
    lines = Lines(file.text, LONGEST)
    for number in count(1):
        where = f"{file.name}, line {number}"
        try:
            line = next(lines, "")
            row = _row(_read_line(line)) if line.strip() else None
        except Refused as error:
            raise Refused.again(error, field=where) from None
        except (msgspec.MsgspecError, UnicodeError, ValueError, RecursionError) as error:
            raise Refused(NOT_A_LOGGED_EVENT, field=where, why=error) from None
        if not line:
            return
        if row is not None:
            yield row


def _row(line: LogLine) -> StoredRow:
    position = int(line.sequence) if len(line.sequence) <= DIGITS else MOST + 1
    if not 0 < position <= MOST:
        msg = f"sequence {line.sequence[:DIGITS]} is no position of a log"
        raise ValueError(msg)
    if line.id != f"{line.subject}.{line.streamversion}":
        msg = "its id is not that of its subject and version"
        raise ValueError(msg)
    return StoredRow(
        position,
        line.subject,
        line.streamversion,
        line.type,
        *(exact_parts(line.state) if line.state else (line.committed, line.salt, line.content)),
    )


STORE_HOLDS_ANOTHER_LOG = Message(
    "store_holds_another_log",
    "the store is not empty and holds another log",
    fix="name a new store with --store",
)

TOLD_EVERY = 5_000


def restore_log(log: Recordable, file: SourceFile, on_progress: Callable[[], None]) -> int:
    """Restore a full log into an empty store, all or nothing; return the number of events.

    A store that begins with these events needs nothing. Raises `Refused` for any other store that
    is not empty, and for an altered file. Calls ``on_progress`` after some thousand events.
    """
    count = 0

    def counted() -> Iterator[StoredRow]:
        nonlocal count
        for count, row in enumerate(rows_of(file), 1):
            if count % TOLD_EVERY == 0:
                on_progress()
            yield row

    if log.head():
        _check_same(log, file.name, counted())
        return 0
    try:
        log.restore(counted())
    except StandlineError as error:
        if error.field.startswith(file.name):
            raise
        raise Refused.again(error, field=f"{file.name}, event {count}") from None
    return count


def _check_same(log: Recordable, name: str, rows: Iterable[StoredRow]) -> None:
    """Raise `Refused` unless the store begins with all these events."""
    there = log.stored()
    for row in rows:
        stored = next(there, None)
        if stored is None or _identity(stored) != _identity(row):
            raise Refused(STORE_HOLDS_ANOTHER_LOG, field=f"{name}, position {row.position}")


def _identity(row: StoredRow) -> tuple[int, str, int, str, bytes]:
    """Return the parts of an event that never change, even if its content is erased."""
    return row.position, row.stream, row.version, row.type, row.committed
