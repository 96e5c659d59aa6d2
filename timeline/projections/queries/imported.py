"""What files brought on record: all of one, and what stands beside an entry from before."""

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

Said = tuple[str, str, str, str]
"""What a statement says of whom: the ids of topic, speaker and document, and the date."""

PIECE = 2_000
"""Numbers in one query."""


PAUSE_US = 10_000_000
"""Microseconds without an event of a file that end an import of it."""


class Import(msgspec.Struct, frozen=True):
    """One import of files of a name: its log positions, both counted, and when it began.

    ``recorded_at`` is in microseconds UTC; ``standing`` are the numbers of what stands of it.
    """

    first: int
    last: int
    recorded_at: int
    standing: tuple[int, ...]


def imports(conn: Connection, file: str, after: int, upto: int) -> list[Import]:
    """Return the imports of which something stands between log positions, the first not counted.

    The log has the name of a file alone, so those of one name are told apart by what was recorded
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
    found = (_import(first, last, stands) for first, last in runs)
    return [one for one in found if one.standing]


def _import(first: Any, last: Any, stands: list[int]) -> Import:  # noqa: ANN401 - rows of the index
    begin, end = bisect_left(stands, first.position), bisect_right(stands, last.position)
    return Import(first.position, last.position, first.recorded_at, tuple(stands[begin:end]))


def _is_apart(before: Any, one: Any) -> bool:  # noqa: ANN401 - rows of the log's index
    return bool(
        one.position > before.position + 1
        or one.recorded_at > before.recorded_at + PAUSE_US
        or one.recorded_by != before.recorded_by
    )


def standing(conn: Connection, file: str, after: int = 0) -> list[int]:
    """Return the numbers of entries that a file brought and that are not retracted, in order.

    Only those beyond the log position ``after``, which tells one import of a file from another.
    """
    columns = schema.log_index.c
    query = select(columns.position).where(
        columns.via == f"import:{file}",
        columns.number == columns.position,
        columns.position > after,
    )
    found = conn.execute(query.order_by(columns.position)).scalars().all()
    return [number for piece in _pieces(found) for number in _standing(conn, piece)]


def beside(conn: Connection, numbers: Sequence[int], head: int) -> dict[int, int]:
    """Return which of these statements stand beside one from up to ``head``, by its number.

    Actor, question, day and source are the same, and neither is retracted: it may be the same
    statement, mended in a file whose rows have no key.
    """
    return would_be_beside(conn, _said(conn, numbers), head)


def would_be_beside(conn: Connection, told: Mapping[int, Said], head: int) -> dict[int, int]:
    """Return the same of statements that are not on record, by the number they would have."""
    wanted, stands = {*told.values()}, dict[Said, int]()
    for piece in _pieces([*{document for _, _, document, _ in wanted}]):
        stands |= {said: old for said, old in _of_documents(conn, piece, head) if said in wanted}
    return {new: stands[said] for new, said in told.items() if said in stands}


def _said(conn: Connection, numbers: Sequence[int]) -> dict[int, Said]:
    """Return what statements say of whom, of those that are not retracted."""
    columns = schema.statements.c
    query = select(columns.number, *_told(columns)).where(
        columns.retracted == 0, *known(columns, None)
    )
    found: dict[int, Said] = {}
    for piece in _pieces(numbers):
        rows = conn.execute(query.where(columns.number.in_(piece)))
        found |= {number: (*said,) for number, *said in rows}
    return found


def _of_documents(conn: Connection, piece: Sequence[str], head: int) -> Iterator[tuple[Said, int]]:
    """Yield what stands from these documents up to ``head``, with its number, oldest first."""
    old, filed = schema.statements.c, schema.sources.c
    from_them = select(filed.number).where(filed.document.in_(piece), filed.number <= head)
    query = select(*_told(old), old.number).where(
        old.number.in_(from_them), old.retracted == 0, *known(old, None)
    )
    for *said, number in conn.execute(query.order_by(old.number)):
        yield (*said,), number


def _told(columns: Any) -> tuple[Any, ...]:  # noqa: ANN401 - columns of SQL
    return columns.topic, columns.speaker, columns.document, columns.said_at


def _pieces(every: Sequence[T]) -> Iterator[Sequence[T]]:
    return (every[start : start + PIECE] for start in range(0, len(every), PIECE))


def _standing(conn: Connection, numbers: Sequence[int]) -> list[int]:
    said, happened = entries.statements(conn, numbers), entries.developments(conn, numbers)
    stands = {number for number, entry in said.items() if not entry.retracted}
    stands |= {number for number, entry in happened.items() if not entry.retracted}
    return [number for number in numbers if number in stands]
