"""Interned text: recurring text is stored once, and rows hold its number.

Queries use and return the text itself. Ids, handles, dates and codes are interned; words that may
have to be erased never are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BindParameter,
    Column,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    bindparam,
    func,
    insert,
    select,
    type_coerce,
)
from sqlalchemy.sql import operators
from sqlalchemy.types import TypeDecorator, UserDefinedType

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import ColumnElement, Connection, Dialect


AT_ONCE = 5_000
"""Texts in one query."""

metadata = MetaData()

texts = Table(
    "texts",
    metadata,
    Column("key", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False, unique=True),
)


class InternedText(UserDefinedType[str]):
    """A column of interned text."""

    cache_ok = True

    class Comparator(UserDefinedType.Comparator[str]):
        """Finds rows with any of many texts by one subquery for their numbers."""

        def operate(self, op: Any, *other: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - SQL
            if op in (operators.in_op, operators.not_in_op) and _is_listed(other[0]):
                other = (select(texts.c.key).where(texts.c.text.in_(other[0])),)
            return super().operate(op, *other, **kwargs)

    comparator_factory = Comparator

    def get_col_spec(self, **_: object) -> str:
        return "INTEGER"

    def bind_expression(self, bindvalue: BindParameter[str]) -> ColumnElement[str]:
        other = texts.alias()
        here = other.c.text == type_coerce(bindvalue, Text)
        return select(other.c.key).where(here).correlate_except(other).scalar_subquery()

    def column_expression(self, column: ColumnElement[str]) -> ColumnElement[str]:
        return spelled(column)


def key(column: ColumnElement[Any]) -> ColumnElement[int]:
    """Return a column of interned text as its numbers."""
    return type_coerce(column, Integer)


def spelled(column: ColumnElement[str]) -> ColumnElement[str]:
    """Return the text of an interned column, to sort by it."""
    other = texts.alias()
    here = other.c.key == key(column)
    return select(other.c.text).where(here).correlate_except(other).scalar_subquery()


def stored_columns(table: Table) -> list[ColumnElement[Any]]:
    """Return the columns of a table in their stored form."""
    return [_stored_column(column) for column in table.columns]


def _stored_column(column: Column[Any]) -> ColumnElement[Any]:
    if isinstance(column.type, InternedText):
        return key(column)
    return type_coerce(column, LargeBinary) if isinstance(column.type, Identifier) else column


def keys_of(
    conn: Connection, strings: Collection[str], known: dict[str, int] | None = None
) -> dict[str, int]:
    """Return the numbers of texts; new texts get the next numbers.

    ``known`` is a cache of numbers: it is extended and returned.
    """
    keys: dict[str, int] = {} if known is None else known
    wanted = [string for string in strings if string not in keys]
    for start in range(0, len(wanted), AT_ONCE):
        params = {"wanted": wanted[start : start + AT_ONCE]}
        keys.update((text, key) for key, text in conn.execute(_KNOWN, params))
    if new := sorted(text for text in wanted if text not in keys):
        last = conn.execute(_LAST).scalar_one()
        numbered = {text: key for key, text in enumerate(new, last + 1)}
        conn.execute(insert(texts), [{"key": key, "text": text} for text, key in numbered.items()])
        keys |= numbered
    return keys


def texts_of(conn: Connection, numbers: Collection[int]) -> dict[int, str]:
    """Return the texts of these numbers."""
    texts_by_number: dict[int, str] = {}
    wanted = [*numbers]
    for start in range(0, len(wanted), AT_ONCE):
        params = {"wanted": wanted[start : start + AT_ONCE]}
        texts_by_number.update((number, text) for number, text in conn.execute(_SPELLED, params))
    return texts_by_number


_KNOWN = select(texts).where(texts.c.text.in_(bindparam("wanted", expanding=True)))
_SPELLED = select(texts).where(texts.c.key.in_(bindparam("wanted", expanding=True)))
_LAST = select(func.coalesce(func.max(texts.c.key), 0))


def stored_rows(
    conn: Connection,
    table: Table,
    rows: Sequence[tuple[Any, ...]],
    known: dict[str, int] | None = None,
) -> Sequence[tuple[Any, ...]]:
    """Return rows in their stored form: numbers in place of interned text, ids as bytes.

    ``known`` is a cache of numbers, as in `keys_of`.
    """
    recurring = [
        at for at, column in enumerate(table.columns) if isinstance(column.type, InternedText)
    ]
    ids = [at for at, column in enumerate(table.columns) if isinstance(column.type, Identifier)]
    if not recurring and not ids:
        return rows
    columns = [*zip(*rows, strict=True)]
    find = keys_of(conn, set().union(*(columns[at] for at in recurring)) - {None}, known).get
    for at in recurring:
        columns[at] = tuple(map(find, columns[at]))
    for at in ids:
        columns[at] = tuple(map(pack_id, columns[at]))
    return [*zip(*columns, strict=True)]


def _is_listed(other: object) -> bool:
    return isinstance(other, (list, tuple, set, frozenset, BindParameter))


SIZE = 16


class Identifier(TypeDecorator[str]):
    """A column of ids; queries use and return them as text."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> bytes | None:
        return None if value is None else pack_id(value)

    def process_result_value(self, value: bytes | None, _dialect: Dialect) -> str | None:
        return None if value is None else unpack_id(value)


def pack_id(text: str) -> bytes:
    """Return the 16 bytes of a UUID; any other text becomes longer."""
    try:
        data = bytes.fromhex(text.replace("-", ""))
    except ValueError:
        data = b""
    if len(data) == SIZE and _uuid_text(data) == text:
        return data
    return bytes(SIZE) + b"\1" + text.encode()


def unpack_id(stored: bytes) -> str:
    """Return the id from its bytes."""
    if len(stored) == SIZE:
        return _uuid_text(stored)
    return bytes(stored[SIZE + 1 :]).decode()


def _uuid_text(data: bytes) -> str:
    digits = data.hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
