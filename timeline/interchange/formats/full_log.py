"""The full log as CloudEvents 1.0, one a line: from it the same log can be made again.

Attributes are those of the CloudEvents specification and of its Sequence extension. Ours are
`streamversion`, `typeversion` and, in base64, the exact bytes `committed`, `salt` and `content`:
they decide, since data that was upcast or redacted cannot give them back. `data` is for reading.
An event that no code here can read has its exact `state` in their place, and says why in `unread`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from timeline.domain.dates import iso_us
from timeline.domain.errors import Refused
from timeline.domain.messages import Message
from timeline.stores.log import read_row
from timeline.stores.mapper import exact_parts
from timeline.stores.rows import StoredRow
from timeline.stores.trouble import UnreadableEvent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.domain.event import Event
    from timeline.interchange.formats.opening import Opened
    from timeline.stores.log import EventLog
    from timeline.stores.rows import Row

NOT_A_LOGGED_EVENT = Message(
    "not_a_logged_event",
    "this is no event of a full log (%(why)s)",
    fix="restore from an export that was not altered",
)

SPECVERSION = "1.0"
SOURCE = "standline"
DIGITS = 19
"""A sequence sorts as text: it has the digits of the greatest 64-bit number."""

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
    streamversion: int
    typeversion: int = 0
    committed: bytes = b""
    salt: bytes | None = None
    content: bytes | None = None
    data: Any = None
    state: bytes = b""
    unread: str = ""


class _Committed(msgspec.Struct):
    v: int
    hash: bytes | None = None


_read_committed = msgspec.msgpack.Decoder(_Committed).decode
_read_line = msgspec.json.Decoder(LogLine).decode
_encode = msgspec.json.Encoder().encode


class LogFormat:
    """The importer of full logs; it restores a log and has no rows."""

    name = "log"

    def recognises(self, opened: Opened) -> bool:
        """Tell whether the file begins with a CloudEvent of ours."""
        first = opened.head.lstrip("\ufeff \r\n").partition("\n")[0]
        return first.startswith("{") and '"specversion"' in first


def lines(log: EventLog, upto: int | None = None) -> Iterator[bytes]:
    """Yield every event of a log up to a position, one a line; they are read on the way."""
    return (_encode(line_of(row)) + b"\n" for row in log.rows(upto=upto))


def line_of(row: Row) -> LogLine:
    """Return a stored event as one line; its bytes alone where no code here can read it."""
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


def _data(event: Event, commitment: _Committed, *, erased: bool) -> dict[str, Any]:
    told = msgspec.to_builtins(event)
    data = {name: value for name, value in told.items() if name not in ENVELOPE}
    if erased and commitment.hash is not None:
        data["hash"] = commitment.hash.hex()
    return data


def rows_of(opened: Opened) -> Iterator[StoredRow]:
    """Yield the stored events of a file; raises `Refused` with the line that is none."""
    for number, line in enumerate(opened.text, 1):
        if line.strip():
            try:
                yield _row(_read_line(line))
            except (msgspec.MsgspecError, UnicodeError, ValueError) as error:
                where = f"{opened.name}, line {number}"
                raise Refused(NOT_A_LOGGED_EVENT, field=where, why=error) from None


def _row(line: LogLine) -> StoredRow:
    return StoredRow(
        int(line.sequence),
        line.subject,
        line.streamversion,
        line.type,
        *(exact_parts(line.state) if line.state else (line.committed, line.salt, line.content)),
    )
