"""Read the native rows of one file: map and check them one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from timeline.domain.errors import Refused, StandlineError
from timeline.domain.field import Type
from timeline.domain.fields import COLUMNS, TOPIC
from timeline.domain.messages import Message
from timeline.interchange.formats.source_row import SourceRow, undecoded_byte
from timeline.interchange.importing.summary import Rejection
from timeline.interchange.maps.map_file import LINE
from timeline.interchange.maps.mapping import Mapper
from timeline.interchange.maps.nothing import says_nothing
from timeline.interchange.native.fields import REJECT, is_field, is_own, kind_of, unknown_field
from timeline.interchange.native.rows_in import clean_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.interchange.formats.opening import SourceFile
    from timeline.interchange.formats.source_row import Rows
    from timeline.interchange.maps.map_file import Map

HEADERS_UNKNOWN = Message(
    "headers_unknown",
    "none of the headers is a field of ours: %(headers)s",
    fix="say what they mean in a map (--map), or begin with a line of headers",
)

OF_TOPICS = frozenset({"topics", *(field.name for field in TOPIC)})


_CONTEXTS = frozenset(field.name for field in COLUMNS.values() if field.type is Type.CONTEXT)


class NativeRow(msgspec.Struct, frozen=True):
    """A row in our own fields; ``error`` says why it is invalid, ``skipped`` that the map skips it.

    ``left_out`` describes a row for which the record has no place. A map may split a row into
    parts: ``is_part`` marks one, and ``rest`` more follow.
    """

    source: SourceRow
    kind: str = ""
    fields: dict[str, Any] = {}
    error: StandlineError | None = None
    skipped: bool = False
    left_out: str = ""
    rest: int = 0
    is_part: bool = False


class Reader:
    """Turns the rows of one file into native rows, with a map if there is one.

    ``scale`` is the name of the scale of all its rows, if known. ``may_be_asked`` are variables
    that count only if the codebook of their topic declares them.
    """

    def __init__(
        self,
        file: SourceFile,
        rows: Rows,
        mapping: Map | None,
        topic: str | None,
        scale: str = "",
        may_be_asked: frozenset[str] = frozenset(),
    ) -> None:
        self.name, self.may_be_asked = file.name, may_be_asked
        self._rows = rows
        self._mapper = Mapper(mapping, scale) if mapping else None
        self._topic = topic
        self._nothings: set[str] = set()
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
        """Yield every row of the file, refused rows with their error."""
        for row in self._rows:
            try:
                native = self._native(row)
            except StandlineError as error:
                native = [NativeRow(row, fields=self._of_its_topic(row), error=error)]
            yield from native

    def column_of(self, field: str) -> str:
        """Return the file's column for one of our fields."""
        return self._mapper.column_of(field) if self._mapper else field

    def doubt(self, row: NativeRow, field: str, reason: str) -> Rejection:
        """Return a warning about a field of a row, with the file's own column."""
        return Rejection(self.name, row.source.line, self.column_of(field), reason)

    @property
    def counts_lines(self) -> bool:
        """Whether only the number of the line distinguishes rows."""
        has_own = LINE in (self._rows.columns or ())
        return bool(self._mapper and self._mapper.map.is_keyed_by_line and not has_own)

    @property
    def nothings(self) -> list[str]:
        """The words that were read as blank."""
        return sorted(self._nothings | (self._mapper.nothings if self._mapper else set()))

    @property
    def cut(self) -> int:
        """How many texts were cut by map and format."""
        by_format: int = getattr(self._rows, "cut", 0)
        return by_format + (self._mapper.cut if self._mapper else 0)

    def _of_its_topic(self, row: SourceRow) -> dict[str, Any]:
        """Return the native fields of the topic in a row that could not be mapped."""
        ours = ("topic", "topic_question", "scale") if self._mapper is None else ()
        return {name: row.fields[name] for name in ours if row.fields.get(name)}

    def _native(self, row: SourceRow) -> list[NativeRow]:
        if row.error is not None:
            raise row.error
        if row.left_out:
            return [NativeRow(row, left_out=row.left_out)]
        _check_decoded(row)
        closed = self._rows.columns is not None
        if self._mapper:
            native = self._mapper.native(row.fields, row.line, closed=closed)
        else:
            native = [self._without_nothing(row.fields)]
        if len(native) > 1:
            made = [self._native_row(row, fields) for fields in native]
            rest = range(len(made) - 1, -1, -1)
            parts = zip(made, rest, strict=True)
            return [msgspec.structs.replace(part, rest=more, is_part=True) for part, more in parts]
        return [self._native_row(row, fields) for fields in native] or [
            NativeRow(row, skipped=True)
        ]

    def _without_nothing(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Return the fields of a native row that are not blank.

        A choice in an export may be a word that means blank elsewhere.
        """
        of_export = bool(fields.get("first_recorded_at"))
        blank = {
            name: value
            for name, value in fields.items()
            if type(value) is str
            and value
            and says_nothing(value)
            and name not in _CONTEXTS
            and not (of_export and is_own(name))
        }
        self._nothings.update(filter(str.strip, blank.values()))
        return {name: fields[name] for name in fields if name not in blank} if blank else fields

    def _native_row(self, row: SourceRow, fields: dict[str, Any]) -> NativeRow:
        made = clean_row(fields)
        kind = kind_of(made)
        if self._topic and kind == "statement":
            made = _about(made, "topic", self._topic)
        elif self._topic and kind == "development":
            made = _about(made, "topics", [self._topic])
        return NativeRow(row, kind, made)


def _about(row: dict[str, Any], field: str, topic: Any) -> dict[str, Any]:  # noqa: ANN401 - a slug or a list of one
    others = {name: row[name] for name in row if name not in OF_TOPICS}
    return others | {field: topic}


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
            if isinstance(cell, str) and (problem := undecoded_byte(cell, column)):
                raise problem
