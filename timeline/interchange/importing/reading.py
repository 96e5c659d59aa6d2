"""The native rows of one file: read, mapped and checked one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from timeline.domain.errors import Refused, StandlineError
from timeline.domain.fields import TOPIC
from timeline.domain.messages import Message
from timeline.interchange.formats.source_row import SourceRow, undecoded
from timeline.interchange.maps.mapping import Mapper
from timeline.interchange.native.fields import REJECT, is_field, kind_of, unknown_field
from timeline.interchange.native.rows_in import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.interchange.formats.opening import Opened
    from timeline.interchange.formats.source_row import Rows
    from timeline.interchange.maps.map_file import Map

HEADERS_UNKNOWN = Message(
    "headers_unknown",
    "none of the headers is a field of ours: %(headers)s",
    fix="say what they mean in a map (--map), or begin with a line of headers",
)

OF_TOPICS = frozenset({"topics", *(field.name for field in TOPIC)})


class NativeRow(msgspec.Struct, frozen=True):
    """A row in our own fields; ``error`` says why it is none, ``skipped`` that the map drops it.

    ``left_out`` says what it is, where the record has no place for such a row.
    """

    source: SourceRow
    kind: str = ""
    fields: dict[str, Any] = {}
    error: StandlineError | None = None
    skipped: bool = False
    left_out: str = ""


class Reader:
    """Turns the rows of one file into native ones, by a map if there is one."""

    def __init__(self, opened: Opened, rows: Rows, given: Map | None, topic: str | None) -> None:
        self.name = opened.name
        self._rows = rows
        self._mapper = Mapper(given) if given else None
        self._topic = topic
        self._check_columns()

    def _check_columns(self) -> None:
        columns = self._rows.columns
        if columns is None:
            return
        where = f"{self.name}, line 1"
        try:
            if self._mapper:
                self._mapper.check_columns(columns)
            else:
                _check_native(columns)
        except Refused as error:
            raise Refused.again(error, field=where) from None

    def __iter__(self) -> Iterator[NativeRow]:
        """Yield every row of the file, the refused ones with their error."""
        for row in self._rows:
            try:
                yield from self._native(row)
            except StandlineError as error:
                yield NativeRow(row, fields=self._of_its_topic(row), error=error)

    def column_of(self, field: str) -> str:
        """Return what the file calls one of our fields."""
        return self._mapper.column_of(field) if self._mapper else field

    @property
    def cut(self) -> int:
        """How many texts map and format have cut to what fits."""
        by_format: int = getattr(self._rows, "cut", 0)
        return by_format + (self._mapper.cut if self._mapper else 0)

    def _of_its_topic(self, row: SourceRow) -> dict[str, Any]:
        """Return what a row that is refused unread says of its topic, as far as that is ours."""
        ours = ("topic", "topic_question", "scale") if self._mapper is None else ()
        return {name: row.fields[name] for name in ours if row.fields.get(name)}

    def _native(self, row: SourceRow) -> list[NativeRow]:
        if row.error is not None:
            raise row.error
        if row.left_out:
            return [NativeRow(row, left_out=row.left_out)]
        _check_decoded(row)
        closed = self._rows.columns is not None
        found = [row.fields]
        if self._mapper:
            found = self._mapper.native(row.fields, row.line, closed=closed)
        return [self._one(row, fields) for fields in found] or [NativeRow(row, skipped=True)]

    def _one(self, row: SourceRow, fields: dict[str, Any]) -> NativeRow:
        made = plain(fields)
        kind = kind_of(made)
        if self._topic and kind == "statement":
            made = _about(made, "topic", self._topic)
        elif self._topic and kind == "development":
            made = _about(made, "topics", [self._topic])
        return NativeRow(row, kind, made)


def _about(row: dict[str, Any], field: str, topic: Any) -> dict[str, Any]:  # noqa: ANN401 - a slug or a list of one
    kept = {name: row[name] for name in row if name not in OF_TOPICS}
    return kept | {field: topic}


def _check_native(columns: tuple[str, ...]) -> None:
    strays = [name for name in columns if not is_field(name) and not name.startswith(REJECT)]
    if not strays:
        return
    if len(strays) == len(columns):
        raise Refused(HEADERS_UNKNOWN, headers=", ".join(strays)[:200])
    raise unknown_field(strays[0])


def _check_decoded(row: SourceRow) -> None:
    if isinstance(row.raw, list) and not "".join(row.raw).isascii():
        for column, cell in row.fields.items():
            if isinstance(cell, str) and (problem := undecoded(cell, column)):
                raise problem
