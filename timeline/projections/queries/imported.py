"""The entries that imported files brought, and earlier entries that may be the same."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from sqlalchemy import select

from timeline.projections.queries import entries
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import known

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection

T = TypeVar("T")

StatementKey = tuple[str, str, str, str]
"""What two versions of one statement share: the ids of topic, speaker and document, the date."""

PIECE = 2_000
"""Numbers in one query."""


PAUSE_US = 10_000_000
"""A pause of so many microseconds ends an import."""


class Import(msgspec.Struct, frozen=True):
    """One import of a file: its first and last log position, and when it began.

    ``recorded_at`` is in microseconds UTC; ``standing`` are the numbers of its entries that stand.
    """

    first: int
    last: int
    recorded_at: int
    standing: tuple[int, ...]


def imports(conn: Connection, file: str, after: int, upto: int) -> list[Import]:
    """Return the imports of a file between log positions of which entries still stand.

    The log has only the name of the file, so imports of one name are separated by other events
    between them, by a pause, and by who imported.
    """
    columns = schema.log_index.c
    query = select(columns.position, columns.recorded_at, columns.recorded_by).where(
        columns.via == f"import:{file}", columns.position.between(after + 1, upto)
    )
    runs: list[list[Any]] = []
    for row in conn.execute(query.order_by(columns.position)):
        if not runs or _is_apart(runs[-1][-1], row):
            runs.append([row])
        runs[-1][1:] = [row]
    stands = standing(conn, file, after)
    candidates = (_import(first, last, stands) for first, last in runs)
    return [candidate for candidate in candidates if candidate.standing]


def _import(first: Any, last: Any, stands: list[int]) -> Import:  # noqa: ANN401 - rows of the index
    begin, end = bisect_left(stands, first.position), bisect_right(stands, last.position)
    return Import(first.position, last.position, first.recorded_at, tuple(stands[begin:end]))


def _is_apart(before: Any, after: Any) -> bool:  # noqa: ANN401 - rows of the log's index
    return bool(
        after.position > before.position + 1
        or after.recorded_at > before.recorded_at + PAUSE_US
        or after.recorded_by != before.recorded_by
    )


def standing(conn: Connection, file: str, after: int = 0) -> list[int]:
    """Return the numbers of a file's entries that are not retracted, in order.

    Only those recorded after a log position, which separates one import of a file from another.
    """
    columns = schema.log_index.c
    query = select(columns.position).where(
        columns.via == f"import:{file}",
        columns.number == columns.position,
        columns.position > after,
    )
    numbers = conn.execute(query.order_by(columns.position)).scalars().all()
    return [number for piece in _pieces(numbers) for number in _standing(conn, piece)]


def earlier_twins(conn: Connection, numbers: Sequence[int], head: int) -> dict[int, int]:
    """Return by number the earlier statement, recorded up to ``head``, that each of these may be.

    Actor, question, day and source are the same, and neither is retracted: it may be the same
    statement, edited in a file whose rows have no key.
    """
    return twins_of_drafts(conn, _keys(conn, numbers), head)


def twins_of_drafts(
    conn: Connection, drafts: Mapping[int, StatementKey], head: int
) -> dict[int, int]:
    """Return the same for unrecorded statements, by the numbers that they would have."""
    keys, earlier = {*drafts.values()}, dict[StatementKey, int]()
    for piece in _pieces([*{document for _, _, document, _ in keys}]):
        earlier |= {key: old for key, old in _of_documents(conn, piece, head) if key in keys}
    return {new: earlier[key] for new, key in drafts.items() if key in earlier}


def _keys(conn: Connection, numbers: Sequence[int]) -> dict[int, StatementKey]:
    """Return the keys of statements that are not retracted, by number."""
    columns = schema.statements.c
    query = select(columns.number, *_key_columns(columns)).where(
        columns.retracted == 0, *known(columns, None)
    )
    keys: dict[int, StatementKey] = {}
    for piece in _pieces(numbers):
        rows = conn.execute(query.where(columns.number.in_(piece)))
        keys |= {number: (*key,) for number, *key in rows}
    return keys


def _of_documents(
    conn: Connection, piece: Sequence[str], head: int
) -> Iterator[tuple[StatementKey, int]]:
    """Yield keys and numbers of standing statements from these documents, oldest first."""
    old, filed = schema.statements.c, schema.sources.c
    from_them = select(filed.number).where(filed.document.in_(piece), filed.number <= head)
    query = select(*_key_columns(old), old.number).where(
        old.number.in_(from_them), old.retracted == 0, *known(old, None)
    )
    for *key, number in conn.execute(query.order_by(old.number)):
        yield (*key,), number


def _key_columns(columns: Any) -> tuple[Any, ...]:  # noqa: ANN401 - columns of SQL
    return columns.topic, columns.speaker, columns.document, columns.said_at


def _pieces(every: Sequence[T]) -> Iterator[Sequence[T]]:
    return (every[start : start + PIECE] for start in range(0, len(every), PIECE))


def _standing(conn: Connection, numbers: Sequence[int]) -> list[int]:
    statements, developments = (
        entries.statements(conn, numbers),
        entries.developments(conn, numbers),
    )
    stands = {number for number, entry in statements.items() if not entry.retracted}
    stands |= {number for number, entry in developments.items() if not entry.retracted}
    return [number for number in numbers if number in stands]
