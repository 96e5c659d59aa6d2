"""The conditions that statements name and drop, each with an identity apart from its words.

A condition is identified by the statement that named it first. A correction in substance makes it
a new condition: whoever named it before meant the old one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from sqlalchemy import and_, or_, select

from timeline.domain.position.edition2.words import NO_TERMS
from timeline.domain.statement import Words
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import known, up_to
from timeline.projections.tables.rows import read_terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

_free_text = msgspec.json.Decoder(Words).decode

TEXT, NAMED, DROPPED = "condition", "condition_id", "drops"


class LogMoment(NamedTuple):
    """The log position of an event, and the instant at which its command was given."""

    position: int
    at: int


class Conditions:
    """The conditions of a topic's statements (rows of `statements`), as known at a log position.

    ``by_number`` has the words in which each statement names its condition.
    """

    def __init__(self, conn: Connection, rows: Sequence[Any], known_at: int | None) -> None:
        self._conn, self._known_at = conn, known_at
        self._named: dict[str, str | None] = {}
        self._when: dict[str, dict[str, list[LogMoment]]] = {}
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
        return frozenset(self._identity(condition, upto) for condition in dropped)

    def _identity(self, statement: str, upto: int | None) -> str:
        """Return the identity of the condition that a statement names, as of a log position.

        The statement may point to another one's condition, and corrections may close a circle: then
        all of them name one condition.
        """
        seen: list[str] = []
        while statement not in seen:
            seen.append(statement)
            named, last = self._named.get(statement), self._last(statement, NAMED)
            corrected = self._corrected(statement, upto)
            if named in (None, statement) or (corrected and corrected.at > last.at):
                return f"{statement}@{corrected.position}" if corrected else statement
            statement, upto = str(named), last.position
        return min(seen[seen.index(statement) :])

    def _corrected(self, statement: str, upto: int | None) -> LogMoment | None:
        """Return when a condition was last corrected into another one, up to a log position."""
        some = self._when.get(statement, {}).get(TEXT, ())
        return max((when for when in some if upto is None or when.position <= upto), default=None)

    def _last(self, statement: str, field: str) -> LogMoment:
        return max(self._when.get(statement, {}).get(field, ()), default=LogMoment(0, 0))

    def _take(self, rows: Sequence[Any]) -> None:
        """Read the rows of statements, then those of the statements that they refer to."""
        while rows:
            terms = {row.stream: read_terms(row.terms) for row in rows}
            self._named |= {stream: said.condition for stream, said in terms.items()}
            self._note(rows)
            named = {stream for said in terms.values() for stream in (said.condition, *said.drops)}
            rows = self._rows(stream for stream in named if stream and stream not in self._named)

    def _rows(self, streams: Iterable[str]) -> Sequence[Any]:
        missing, table = [*streams], schema.statements
        if not missing:
            return ()
        where = table.c.stream.in_(missing), *known(table.c, self._known_at)
        return self._conn.execute(select(table).where(*where)).all()

    def _note(self, rows: Sequence[Any]) -> None:
        """Note when each statement named or dropped a condition, and when its words changed."""
        by_number, table = {row.number: row for row in rows}, schema.amendments.c
        for row in rows:
            first = LogMoment(row.number, row.recorded_at)
            self._when[row.stream] = {TEXT: [], NAMED: [first], DROPPED: [first]}
        query = select(table.number, table.field, table.position, table.recorded_at).where(
            table.number.in_([*by_number]),
            or_(table.field.in_((NAMED, DROPPED)), and_(table.field == TEXT, table.material == 1)),
            *up_to(table.position, self._known_at),
        )
        for number, field, position, at in self._conn.execute(query):
            self._when[by_number[number].stream][field].append(LogMoment(position, at))


def condition_of(row: Any) -> str:  # noqa: ANN401 - a row of `statements`
    """Return the words of the condition that a statement names."""
    return " ".join(_free_text(row.words).condition.split())
