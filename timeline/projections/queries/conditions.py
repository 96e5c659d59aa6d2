"""The conditions that statements name and drop, each under an identity that its words do not make.

A condition is that of the statement which named it first. Who named the same one before its words
were corrected, in substance, meant it as it was then: from the correction on it is another one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from sqlalchemy import and_, or_, select

from timeline.domain.position.edition2.words import NO_TERMS
from timeline.domain.statement import Words
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import known
from timeline.projections.tables.rows import read_terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

_free_text = msgspec.json.Decoder(Words).decode

TEXT, NAMED, DROPPED = "condition", "condition_id", "drops"


class When(NamedTuple):
    """The log position of an event, and the instant at which its command was given."""

    position: int
    at: int


class Conditions:
    """The conditions of a topic's statements (rows of `statements`), known at a log position.

    ``by_number`` has the words in which each statement names its condition.
    """

    def __init__(self, conn: Connection, rows: Sequence[Any], known_at: int | None) -> None:
        self._conn, self._known_at = conn, known_at
        self._named: dict[str, str | None] = {}
        self._when: dict[str, dict[str, list[When]]] = {}
        with_terms = [row for row in rows if row.terms]
        self.by_number = {row.number: said for row in with_terms if (said := condition_of(row))}
        self._take(with_terms)

    def sets(self, row: Any) -> frozenset[str]:  # noqa: ANN401 - a row of `statements`
        """Return the condition that a statement names, if it takes a position."""
        if row.stance is None or not self._named.get(row.stream):
            return NO_TERMS
        return frozenset((self._identity(row.stream, None),))

    def drops(self, row: Any) -> frozenset[str]:  # noqa: ANN401 - a row of `statements`
        """Return the conditions that a statement drops, each as it was when that was said."""
        dropped = read_terms(row.terms).drops if row.terms else ()
        upto = self._last(row.stream, DROPPED).position if dropped else None
        return frozenset(self._identity(one, upto) for one in dropped)

    def _identity(self, statement: str, upto: int | None) -> str:
        """Return which condition a statement names, by its words as of a log position.

        It may have named another statement's later, and corrections may close a circle: all of it
        names one condition.
        """
        seen: list[str] = []
        while statement not in seen:
            seen.append(statement)
            named, last = self._named.get(statement), self._last(statement, NAMED)
            mended = self._corrected(statement, upto)
            if named in (None, statement) or (mended and mended.at > last.at):
                return f"{statement}@{mended.position}" if mended else statement
            statement, upto = str(named), last.position
        return min(seen[seen.index(statement) :])

    def _corrected(self, statement: str, upto: int | None) -> When | None:
        """Return when a condition became another one last, up to a log position."""
        some = self._when.get(statement, {}).get(TEXT, ())
        return max((when for when in some if upto is None or when.position <= upto), default=None)

    def _last(self, statement: str, field: str) -> When:
        return max(self._when.get(statement, {}).get(field, ()), default=When(0, 0))

    def _take(self, rows: Sequence[Any]) -> None:
        """Read the rows of statements, and then of those that they refer to."""
        while rows:
            terms = {row.stream: read_terms(row.terms) for row in rows}
            self._named |= {stream: said.condition for stream, said in terms.items()}
            self._note(rows)
            named = {one for said in terms.values() for one in (said.condition, *said.drops)}
            rows = self._rows(one for one in named if one and one not in self._named)

    def _rows(self, streams: Iterable[str]) -> Sequence[Any]:
        missing, table = [*streams], schema.statements
        if not missing:
            return ()
        where = table.c.stream.in_(missing), *known(table.c, self._known_at)
        return self._conn.execute(select(table).where(*where)).all()

    def _note(self, rows: Sequence[Any]) -> None:
        """Note when each statement named or dropped a condition, and when its words changed."""
        said, table = {row.number: row for row in rows}, schema.amendments.c
        for row in rows:
            first = When(row.number, row.recorded_at)
            self._when[row.stream] = {TEXT: [], NAMED: [first], DROPPED: [first]}
        query = select(table.number, table.field, table.position, table.recorded_at).where(
            table.number.in_([*said]),
            or_(table.field.in_((NAMED, DROPPED)), and_(table.field == TEXT, table.material == 1)),
        )
        if self._known_at is not None:
            query = query.where(table.position <= self._known_at)
        for number, field, position, at in self._conn.execute(query):
            self._when[said[number].stream][field].append(When(position, at))


def condition_of(row: Any) -> str:  # noqa: ANN401 - a row of `statements`
    """Return the words of the condition that a statement names."""
    return " ".join(_free_text(row.words).condition.split())
