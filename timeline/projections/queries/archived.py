"""What analysis reads of the record: who said what, and when it was known, as plain numbers.

It has slugs, but no names and no words: what an erasure takes was never here, or is written anew
each time (`own_values`, `attributes`). A noun is named by the log position of its first event.
Where something ended after its range, a row of its own (``…_ended``) says so: no row of a range
ever changes.

Then what edition 2 of the rule finds: where each lane stands, and how it changed, as known at one
log position, for the end of any day: each row says from which day on it holds, and until when.
Topics that ask for votes are left out.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import count, groupby, pairwise, zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from sqlalchemy import and_, case, func, select

from timeline.domain.instants import DAY, end_of_day
from timeline.domain.position.edition2.track import number_in_day, tracks
from timeline.domain.variables import TEXT
from timeline.projections.queries.codebooks import declared_variables
from timeline.projections.queries.tracks import split_votes, topic_evidence
from timeline.projections.tables import schema
from timeline.projections.tables.rows import stance_column

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from timeline.domain.position import Change, Step
    from timeline.domain.position.edition2 import Record

AT_ONCE = 10_000


class Range(NamedTuple):
    """The log positions after ``after`` and up to ``upto``."""

    after: int
    upto: int

    def holds(self, column: Any) -> Any:  # noqa: ANN401 - SQL
        """Return the clause for a position in the range."""
        return and_(column > self.after, column <= self.upto)


def topics(conn: Connection, within: Range) -> Iterator[Sequence[Any]]:
    """Yield the topics opened in a range: number, slug, scale."""
    table = schema.topics.c
    query = select(table.opened, table.slug, table.scale).where(within.holds(table.opened))
    return _rows(conn, query.order_by(table.opened))


def actors(conn: Connection, within: Range) -> Iterator[Sequence[Any]]:
    """Yield the actors introduced in a range: number, slug."""
    table = schema.actors.c
    query = select(table.introduced, table.slug).where(within.holds(table.introduced))
    return _rows(conn, query.order_by(table.introduced))


def words(conn: Connection, within: Range) -> Iterator[Sequence[Any]]:
    """Yield the readings of statements, in the versions that came in a range."""
    read, topic, actor = schema.readings, schema.topics, schema.actors
    speaker = actor.alias("speaker")
    query = (
        select(
            read.c.number,
            topic.c.opened,
            actor.c.introduced,
            func.coalesce(speaker.c.introduced, actor.c.introduced),
            read.c.known_from,
            _until(read.c.known_until, within),
            read.c.rank,
            read.c.joint,
            read.c.timed,
            read.c.day,
            read.c.counts_from,
            read.c.stance,
            read.c.wording,
            read.c.retracted % schema.HIDDEN_SINCE,
        )
        .join_from(read, topic, topic.c.id == read.c.topic)
        .join(actor, actor.c.id == read.c.actor)
        .join(speaker, speaker.c.id == read.c.speaker, isouter=True)
        .where(within.holds(read.c.known_from))
    )
    return _rows(conn, query)


def words_ended(conn: Connection, within: Range) -> Iterator[Sequence[Any]]:
    """Yield the earlier versions that ended in a range."""
    read, actor = schema.readings.c, schema.actors
    query = (
        select(read.number, actor.c.introduced, read.known_from, read.known_until)
        .join_from(schema.readings, actor, actor.c.id == read.actor)
        .where(within.holds(read.known_until), read.known_from <= within.after)
    )
    return _rows(conn, query)


def lanes(conn: Connection, within: Range) -> Iterator[Sequence[Any]]:
    """Yield who was merged into whose lane in a range."""
    return _rows(conn, _lanes(within, ended=False))


def lanes_ended(conn: Connection, within: Range) -> Iterator[Sequence[Any]]:
    """Yield who, merged before a range, left that lane in it."""
    return _rows(conn, _lanes(within, ended=True))


def _lanes(within: Range, *, ended: bool) -> Any:  # noqa: ANN401 - SQL
    table, member = schema.lane_members.c, schema.actors.alias("member")
    lane = schema.actors.alias("lane")
    until = table.known_until if ended else _until(table.known_until, within)
    query = select(member.c.introduced, lane.c.introduced, table.known_from, until)
    query = query.join_from(schema.lane_members, member, member.c.id == table.member)
    query = query.join(lane, lane.c.id == table.lane)
    return query.where(*_starts_or_ends(table, within, ended=ended))


def walkbacks(conn: Connection, within: Range) -> Iterator[Sequence[Any]]:
    """Yield the walk-backs of a range: which statement takes back which."""
    return _rows(conn, _walkbacks(within, ended=False))


def walkbacks_ended(conn: Connection, within: Range) -> Iterator[Sequence[Any]]:
    """Yield the earlier walk-backs that were undone in a range."""
    return _rows(conn, _walkbacks(within, ended=True))


def _walkbacks(within: Range, *, ended: bool) -> Any:  # noqa: ANN401 - SQL
    table = schema.links.c
    until = table.known_until if ended else _until(table.known_until, within)
    query = select(table.number, table.target, table.known_from, until)
    begun = _starts_or_ends(table, within, ended=ended)
    return query.where(table.kind == "withdraws", *begun)


def _starts_or_ends(table: Any, within: Range, *, ended: bool) -> tuple[Any, ...]:  # noqa: ANN401
    if ended:
        return within.holds(table.known_until), table.known_from <= within.after
    return (within.holds(table.known_from),)


def _until(column: Any, within: Range) -> Any:  # noqa: ANN401 - SQL
    """Return the end of a version if it lies in the range, else null."""
    return case((column <= within.upto, column))


def own_values(conn: Connection) -> Iterator[Sequence[Any]]:
    """Yield the values of own variables, in all versions of statements.

    Free text is left out, and statements that are withheld now.
    """
    said, table, now = schema.statements, schema.own_values, schema.statements.alias("now")
    query = (
        select(
            said.c.number,
            said.c.known_from,
            said.c.known_until,
            said.c.topic,
            table.c.variable,
            table.c.value,
        )
        .join_from(
            table,
            said,
            and_(said.c.number == table.c.number, said.c.known_from == table.c.known_from),
        )
        .join(now, and_(now.c.number == said.c.number, now.c.known_until.is_(None)))
        .where(now.c.withheld == 0)
        .order_by(said.c.number, said.c.known_from, table.c.variable)
    )
    coded = {
        (topic, declaration.id)
        for topic, declaration in declared_variables(conn)
        if declaration.kind != TEXT
    }
    for number, since, until, topic, variable, value in _rows(conn, query):
        if (topic, variable) in coded:
            yield number, since, until, variable, value


def attributes(conn: Connection) -> Iterator[Sequence[Any]]:
    """Yield the attributes of actors that codebooks ask for, free text left out."""
    table, actor = schema.actor_attributes.c, schema.actors.c
    coded = {
        variable.id
        for _, variable in declared_variables(conn)
        if variable.is_attribute and variable.kind != TEXT
    }
    query = select(actor.introduced, table.attribute, table.known_from, table.value).join_from(
        schema.actors, schema.actor_attributes, table.actor == actor.id
    )
    rows = _rows(conn, query.order_by(actor.introduced, table.attribute, table.known_from))
    for (number, attribute), group in groupby(rows, key=lambda row: (row[0], row[1])):
        values = [(int(row[2]), row[3]) for row in group if attribute in coded]
        ends = [since for since, _ in values[1:]]
        for (since, value), until in zip_longest(values, ends):
            if value:
                yield number, since, until, attribute, value


def _rows(conn: Connection, query: Any) -> Iterator[Sequence[Any]]:  # noqa: ANN401 - SQL
    yield from conn.execute(query, execution_options={"yield_per": AT_ONCE})


ARCHIVED: dict[str, Callable[[Connection, Range], Iterator[Sequence[Any]]]] = {
    "topics": topics,
    "actors": actors,
    "words": words,
    "words_ended": words_ended,
    "lanes": lanes,
    "lanes_ended": lanes_ended,
    "walkbacks": walkbacks,
    "walkbacks_ended": walkbacks_ended,
}
"""The tables of an archive that grow by ranges, each with its query."""

REWRITTEN: dict[str, Callable[[Connection], Iterator[Sequence[Any]]]] = {
    "own_values": own_values,
    "attributes": attributes,
}
"""The tables that every run of the archive writes whole."""


Moves = dict[str, list[tuple["Change", int]]]
"""The changes of each lane, each with its place among those of its day."""
_encode = msgspec.json.Encoder().encode


class RuleRows(NamedTuple):
    """The rows of each table; a proof (``found_words``) names its row by number."""

    tracked: list[Sequence[object]]
    stands: list[Sequence[object]]
    moves: list[Sequence[object]]
    found_words: list[Sequence[object]]


class _DaySpan(NamedTuple):
    """The days at whose end a row holds: from ``begins`` on, and before ``ends`` if that is set."""

    begins: int
    ends: int | None


def rule_rows(conn: Connection, known_at: int, *, is_now: bool) -> RuleRows:
    """Return what the rule finds as known at a log position; ``is_now`` if it is the latest."""
    rows = RuleRows([], [], [], [])
    at = None if is_now else known_at
    opened = schema.topics.c
    query = select(opened.id, opened.opened).where(opened.opened <= known_at)
    numbers = {row.id: int(row.opened) for row in conn.execute(query.order_by(opened.opened))}
    introduced = schema.actors.c
    actors = {
        row.id: int(row.introduced)
        for row in conn.execute(select(introduced.id, introduced.introduced))
    }
    writing = _RowWriter(rows, known_at, actors)
    for topic in split_votes(conn, [*numbers], at)[1]:
        rows.tracked.append((known_at, numbers[topic]))
        writing.topic(numbers[topic], topic_evidence(conn, topic, at).record)
    return rows


class _RowWriter:
    """The rows as they come, topic by topic."""

    def __init__(self, rows: RuleRows, known_at: int, actors: dict[str, int]) -> None:
        self._rows, self._known_at, self._actors = rows, known_at, actors
        self._ids = count(1)

    def topic(self, number: int, record: Record) -> None:
        now = tracks(record)
        for lane, track in now.items():
            self._stands(number, self._actors[lane], track.steps)
        every = {lane: [*number_in_day(track.changes)] for lane, track in now.items()}
        for lane, moves in moves_in_time(record, every).items():
            for (change, place), spans in moves.items():
                for span in spans:
                    self._move(number, lane, change, place, span)

    def _stands(self, topic: int, lane: int, steps: Sequence[Step]) -> None:
        opened: list[Step] = []
        for step, after in zip_longest(steps, steps[1:]):
            standing = step.standing
            if not standing.counted:
                opened = []
                continue
            if opened and opened[0].standing.stance != standing.stance:
                opened = []
            opened.append(step)
            key = next(self._ids)
            self._rows.stands.append(
                (
                    *(self._known_at, key, topic, lane, step.day, after.day if after else None),
                    stance_column(standing.stance),
                    *standing.span,
                    max(version.counts_from for version in standing.counted) // DAY,
                    sum(len(earlier.standing.counted) for earlier in opened),
                    self._actors[standing.counted[-1].speaker],
                    max(version.counts_from for version in standing.counted),
                    max(version.known_from for version in standing.counted),
                )
            )
            proof = ((version.counts_from, version.statement) for version in standing.counted)
            self._prove(key, "counted", proof)
            self._prove(key, "opened", [(0, opened[0].standing.numbers[0])])

    def _move(self, topic: int, lane: str, change: Change, place: int, span: _DaySpan) -> None:
        key = next(self._ids)
        mover = (change.lanes or (lane,))[0]
        self._rows.moves.append(
            (
                *(self._known_at, key, topic, self._actors[lane], *span, change.day, place),
                *(int(mover == lane), change.kind, change.status, int(change.is_visible)),
                *(
                    stance_column(change.from_),
                    stance_column(change.to),
                    change.lowest,
                    change.highest,
                ),
                *(change.counts_from, change.known_at),
                *(self._actors.get(change.before_by), self._actors.get(change.after_by)),
                change.back_on,
                *map(int, (change.certain, change.old, change.joint, change.uncoded)),
                *map(int, (change.new_office, change.other_speaker, change.other_wording)),
                *(len(change.appeared), len(change.gone), _encode(change.because).decode()),
            )
        )
        for name in ("before", "after", "withdrawn_by", "between", "returns_to", "back"):
            self._prove(key, name, enumerate(getattr(change, name)))

    def _prove(self, key: int, of: str, numbers: Iterable[tuple[int, int]]) -> None:
        self._rows.found_words.extend((self._known_at, key, of, *number) for number in numbers)


def moves_in_time(
    record: Record, now: Moves
) -> dict[str, dict[tuple[Change, int], list[_DaySpan]]]:
    """Return the changes of each lane with the spans of days for which the rule finds them.

    A change holds from its own day on. But where a position came back later, or words were taken
    back, the days before that read differently: they are derived one by one.
    """
    spans_by_move: dict[str, dict[tuple[Change, int], list[_DaySpan]]] = defaultdict(dict)
    days = _days_apart(record, (change for moves in now.values() for change, _ in moves))
    apart_on = {day: tracks(record, as_of=end_of_day(day)) for day in days}
    spoken = sorted({version.day for version in record.words})
    following = dict(pairwise(spoken))
    ends = {day: following[day] for day in days}
    for lane, moves in now.items():
        for move in moves:
            spans, begins = [], move[0].day
            for day in days:
                if day < begins:
                    continue
                if begins < day:
                    spans.append(_DaySpan(begins, day))
                begins = ends[day]
            spans.append(_DaySpan(begins, None))
            spans_by_move[lane][move] = spans
    for day, tracks_then in apart_on.items():
        for lane, track in tracks_then.items():
            for move in number_in_day(track.changes):
                spans_by_move[lane].setdefault(move, []).append(_DaySpan(day, ends[day]))
    return {
        lane: {move: _joined(spans) for move, spans in moves.items()}
        for lane, moves in spans_by_move.items()
    }


def _joined(spans: list[_DaySpan]) -> list[_DaySpan]:
    """Join spans of days that touch."""
    joined: list[_DaySpan] = []
    for when in sorted(spans, key=lambda item: item.begins):
        if joined and joined[-1].ends == when.begins:
            joined[-1] = _DaySpan(joined[-1].begins, when.ends)
        else:
            joined.append(when)
    return joined


def _days_apart(record: Record, changes: Iterable[Change]) -> list[int]:
    """Return the days with statements at whose end the rule found something else than now."""
    days_by_number = {version.statement: version.day for version in record.words}
    taken_back = [
        (days_by_number[link.target], days_by_number[link.by])
        for link in record.withdrawals
        if {link.target, link.by} <= days_by_number.keys()
    ]
    spans = []
    for change in changes:
        ends = [back for first, back in taken_back if first <= change.day < back]
        if change.back_on is not None:
            ends.append(change.back_on)
        spans += [(change.day, max(ends))] if ends else []
    days = sorted({*days_by_number.values()})
    return [day for day in days if any(first <= day < last for first, last in spans)]
