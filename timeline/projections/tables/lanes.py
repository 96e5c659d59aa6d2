"""Lanes: which merged actor stands in whose lane, and the readings of each lane."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec
from sqlalchemy import Connection, func, or_, select

from timeline.domain.position import Reading, Withdrawal
from timeline.projections.tables import schema
from timeline.projections.tables.prepared import Param, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Iterable


RANKS = range(3)
"""Every rank of a reading. Within one, the index of a lane is in the order of its days."""

EVER: Final = "ever"
"""In place of a log position: every version, of all times."""

Known = int | Literal["ever"] | None


class Lanes(msgspec.Struct, frozen=True):
    """The lanes of merged actors, as known at one position.

    For each merged actor, ``lane`` has the actor in whose lane its words are, and ``since`` the log
    position of the merge.
    """

    lane: dict[str, str]
    since: dict[str, int]

    def of(self, actor: str) -> str:
        """Return the actor in whose lane the words of this one are: mostly itself."""
        return self.lane.get(actor, actor)

    def members(self, actor: str) -> set[str]:
        """Return the actors whose words are in this lane; none if it is merged into another."""
        if actor in self.lane:
            return set()
        return {actor} | {member for member, lane in self.lane.items() if lane == actor}

    def reading(self, row: Any) -> Reading:  # noqa: ANN401 - a row of `readings`
        """Return what the rule reads; it is known since both the words and the merge are."""
        # Pages read thousands of rows: unpacking is quicker than access by name.
        _, actor, number, known_from, known_until, rank, _, counts_from, *said = row
        stance, timed, joint, retracted, speaker, wording = said
        speaker = speaker or actor
        return Reading(
            statement=number,
            speaker=self.lane.get(speaker, speaker),
            counts_from=counts_from,
            timed=bool(timed),
            rank=rank,
            joint=bool(joint),
            stance=stance,
            wording=wording,
            retracted=bool(retracted),
            known_from=max(known_from, self.since.get(actor, 0)),
            known_until=known_until,
        )


def lanes_known(conn: Connection, known_at: int | None = None) -> Lanes:
    """Return the lanes of merged actors, as known at a position."""
    rows = conn.execute(*_members(known_at=known_at)).all()
    lane = {row.member: row.lane for row in rows}
    return Lanes(lane, {row.member: row.known_from for row in rows})


@prepared
def _members(*, known_at: Param | None) -> Query:
    table = schema.lane_members
    return select(table).where(*known(table.c, known_at))


def lane_of(conn: Connection, known_at: int | None = None) -> dict[str, str]:
    """Return the lane of every actor that is merged into another, as known at a position."""
    return lanes_known(conn, known_at).lane


def up_to(column: Any, bound: object) -> tuple[Any, ...]:  # noqa: ANN401 - SQL clauses
    """Return the clause for a column up to a bound, which is included; none without a bound."""
    return () if bound is None else (column <= bound,)


def equal(column: Any, value: object) -> tuple[Any, ...]:  # noqa: ANN401 - SQL clauses
    """Return the clause for a column with a value; none without a value."""
    return () if value is None else (column == value,)


def known(columns: Any, known_at: Known | Param, begin: str = "known_from") -> tuple[Any, ...]:  # noqa: ANN401 - SQL clauses
    """Return the clauses for rows known at a log position; ``None`` means now.

    ``begin`` is the name of the column with the position from which a row is known.
    """
    if isinstance(known_at, str):
        return ()
    if known_at is None:
        return (columns.known_until.is_(None),)
    return (
        columns[begin] <= known_at,
        or_(columns.known_until.is_(None), columns.known_until > known_at),
    )


def roots(merges: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return, for each merged actor, the actor in whose lane its words are.

    ``merges`` holds ``(absorbed, into)``, oldest first. A merge that would close a circle has no
    effect.
    """
    into: dict[str, str] = {}
    for absorbed, target in merges:
        if _root(into, target) != absorbed:
            into[absorbed] = target
    return {absorbed: _root(into, absorbed) for absorbed in into}


def _root(into: dict[str, str], actor: str) -> str:
    while actor in into:
        actor = into[actor]
    return actor


def reading_rows(
    conn: Connection,
    topic: str | list[str],
    members: set[str] | None,
    known_at: Known = None,
    *more: Any,  # noqa: ANN401 - SQL clauses
) -> Iterable[Any]:
    """Return the readings of these actors (all for ``None``) on a topic, or on several."""
    here = None if members is None else list(members)
    is_one = isinstance(topic, str)
    query, values = _readings(topic=topic, is_one=is_one, members=here, **_clock_params(known_at))
    return conn.execute(query.where(*more) if more else query, values)


@prepared
def _readings(
    *, topic: Param, is_one: bool, members: Param | None, known_at: Param | None, ever: bool
) -> Query:
    table = schema.readings
    here = table.c.topic == topic if is_one else table.c.topic.in_(topic)
    shown = here, table.c.retracted < schema.HIDDEN
    query = select(table).where(*shown, *known(table.c, EVER if ever else known_at))
    return query if members is None else query.where(table.c.actor.in_(members))


def _clock_params(known_at: Known) -> dict[str, int | bool | None]:
    ever = known_at == EVER
    return {"known_at": None if isinstance(known_at, str) else known_at, "ever": ever}


def spoken_on(topic: str | Param | None) -> Any:  # noqa: ANN401 - a SQL subquery
    """Select the actors who ever spoke on a topic (``None`` for each topic), by steps on an index.

    The last row of a topic has no actor.
    """
    topics, table = schema.topics, schema.readings
    first = select(func.min(table.c.actor)).where(table.c.topic == topics.c.id).scalar_subquery()
    begin = select(topics.c.id.label("topic"), first.label("actor"))
    if topic is not None:
        begin = begin.where(topics.c.id == topic)
    keys = begin.cte("keys", recursive=True)
    following = select(func.min(table.c.actor)).where(
        table.c.topic == keys.c.topic, table.c.actor > keys.c.actor
    )
    rest = select(keys.c.topic, following.scalar_subquery()).where(keys.c.actor.is_not(None))
    return keys.union_all(rest)


def unique(readings: Iterable[Reading]) -> list[Reading]:
    """Return one reading of a statement at a time, where two members of a lane share it.

    A correction may end the version of one member only. The version known first is kept, then the
    longer one, then what these leave uncovered.
    """
    by_statement: dict[int, list[Reading]] = {}
    for reading in sorted(readings, key=_sooner_and_longer):
        versions = by_statement.setdefault(reading.statement, [])
        end = versions[-1].known_until if versions else 0
        if end is None or (reading.known_until is not None and reading.known_until <= end):
            continue
        overlaps = reading.known_from < end
        versions.append(msgspec.structs.replace(reading, known_from=end) if overlaps else reading)
    return [version for versions in by_statement.values() for version in versions]


def _sooner_and_longer(reading: Reading) -> tuple[int, float]:
    return reading.known_from, -inf if reading.known_until is None else -reading.known_until


def walk_backs(conn: Connection, known_at: Known = None) -> dict[int, list[Withdrawal]]:
    """Return all walk-backs, which are few, by the number of the statement that they take back."""
    by_target: dict[int, list[Withdrawal]] = {}
    for row in conn.execute(*_withdrawals(**_clock_params(known_at))):
        link = Withdrawal(
            by=row.number, target=row.target, known_from=row.known_from, known_until=row.known_until
        )
        by_target.setdefault(row.target, []).append(link)
    return by_target


@prepared
def _withdrawals(*, known_at: Param | None, ever: bool) -> Query:
    table = schema.links
    query = select(table).where(
        table.c.kind == "withdraws", *known(table.c, EVER if ever else known_at)
    )
    return query.order_by(table.c.target, table.c.known_from)


def walk_backs_within(
    links: dict[int, list[Withdrawal]], numbers: Iterable[int]
) -> list[Withdrawal]:
    """Return the walk-backs whose two statements are both among these."""
    if not links:
        return []
    here = set(numbers)
    return [link for number in here & links.keys() for link in links[number] if link.by in here]
