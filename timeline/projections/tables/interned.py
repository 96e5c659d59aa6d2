"""Text that recurs: it is stored once, and rows hold its number.

Queries say and get the text itself. Ids, handles, dates and codes recur; words that a law may
erase are never among them.
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
"""Texts that are looked for by one question to the database."""

metadata = MetaData()

texts = Table(
    "texts",
    metadata,
    Column("key", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False, unique=True),
)


class InternedText(UserDefinedType[str]):
    """A column of such text."""

    cache_ok = True

    class Comparator(UserDefinedType.Comparator[str]):
        """Looks for any of many by one question for their numbers."""

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
    """Return the column with its numbers, in place of the texts that these stand for."""
    return type_coerce(column, Integer)


def spelled(column: ColumnElement[str]) -> ColumnElement[str]:
    """Return the text of a column of numbers, to put rows in its order."""
    other = texts.alias()
    here = other.c.key == key(column)
    return select(other.c.text).where(here).correlate_except(other).scalar_subquery()


def as_stored(table: Table) -> list[ColumnElement[Any]]:
    """Return the columns of a table as they are stored, without what they stand for."""
    return [_as_stored(column) for column in table.columns]


def _as_stored(column: Column[Any]) -> ColumnElement[Any]:
    if isinstance(column.type, InternedText):
        return key(column)
    return type_coerce(column, LargeBinary) if isinstance(column.type, Identifier) else column


def keys_of(
    conn: Connection, said: Collection[str], known: dict[str, int] | None = None
) -> dict[str, int]:
    """Return the numbers of texts; those that have none yet get the next ones.

    ``known`` has what was found before, and gets the rest: it is returned.
    """
    found: dict[str, int] = {} if known is None else known
    wanted = [one for one in said if one not in found]
    for start in range(0, len(wanted), AT_ONCE):
        asked = {"wanted": wanted[start : start + AT_ONCE]}
        found.update((text, key) for key, text in conn.execute(_KNOWN, asked))
    if new := sorted(text for text in wanted if text not in found):
        last = conn.execute(_LAST).scalar_one()
        numbered = {text: key for key, text in enumerate(new, last + 1)}
        conn.execute(insert(texts), [{"key": key, "text": text} for text, key in numbered.items()])
        found |= numbered
    return found


def texts_of(conn: Connection, numbers: Collection[int]) -> dict[int, str]:
    """Return what numbers stand for."""
    found: dict[int, str] = {}
    wanted = [*numbers]
    for start in range(0, len(wanted), AT_ONCE):
        asked = {"wanted": wanted[start : start + AT_ONCE]}
        found.update((number, text) for number, text in conn.execute(_SPELLED, asked))
    return found


_KNOWN = select(texts).where(texts.c.text.in_(bindparam("wanted", expanding=True)))
_SPELLED = select(texts).where(texts.c.key.in_(bindparam("wanted", expanding=True)))
_LAST = select(func.coalesce(func.max(texts.c.key), 0))


def stored(
    conn: Connection,
    table: Table,
    rows: Sequence[tuple[Any, ...]],
    known: dict[str, int] | None = None,
) -> Sequence[tuple[Any, ...]]:
    """Return rows as they are stored: numbers in place of text that recurs, ids as bytes.

    ``known`` has numbers of texts, as `keys_of` takes them.
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
        columns[at] = tuple(map(packed, columns[at]))
    return [*zip(*columns, strict=True)]


def _is_listed(other: object) -> bool:
    return isinstance(other, (list, tuple, set, frozenset, BindParameter))


SIZE = 16


class Identifier(TypeDecorator[str]):
    """A column of ids; queries say and get them as text."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> bytes | None:
        return None if value is None else packed(value)

    def process_result_value(self, value: bytes | None, _dialect: Dialect) -> str | None:
        return None if value is None else unpacked(value)


def packed(text: str) -> bytes:
    """Return the bytes of a UUID; what is none, or is written otherwise, as more than these."""
    try:
        found = bytes.fromhex(text.replace("-", ""))
    except ValueError:
        found = b""
    if len(found) == SIZE and _written(found) == text:
        return found
    return bytes(SIZE) + b"\1" + text.encode()


def unpacked(stored: bytes) -> str:
    """Return the id that was packed."""
    if len(stored) == SIZE:
        return _written(stored)
    return bytes(stored[SIZE + 1 :]).decode()


def _written(found: bytes) -> str:
    digits = found.hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
