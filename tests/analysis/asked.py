"""An archive of a record for tests, and its answers beside those of the read models."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Self

import msgspec

from timeline.analysis.answers import MIXED_VALUE, numbers
from timeline.analysis.archiving import archive
from timeline.analysis.asking import Scope
from timeline.analysis.duck import open_duckdb
from timeline.analysis.text import own_question, question
from timeline.domain.errors import Refused
from timeline.domain.instants import NEWEST, day_of, end_of_day
from timeline.domain.position import MIXED, Change, LaterHearsay, Position
from timeline.domain.position.edition2 import RULE
from timeline.domain.two_clocks import TwoClocks
from timeline.parquet import Limits
from timeline.projections.queries import positions
from timeline.projections.queries.historical_changes import changes_at
from timeline.projections.queries.tracks import vote_topics
from timeline.projections.tables import schema
from timeline.projections.tables.rows import stance_column

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from tests.projections.record import Record
    from timeline.analysis.manifest import Manifest

    Lane = tuple[str, str]

FRUGAL = Limits(memory="200MB", spill="200MB", threads=1)
MOVED = (
    *("kind", "from_", "to", "counts_from", "day", "before", "after", "withdrawn_by"),
    *("other_speaker", "other_wording", "known_at", "lowest", "highest"),
)
"""What an archive says of a change."""

FOUND = """
select t.slug as topic, a.slug as actor, m.kind, m.status, m.from_stance, m.to_stance, m.day
from moves as m
join topics as t on t.topic = m.topic
join actors as a on a.actor = m.actor
where m.known_at = {known_at} and m.counts_from <= {as_of} and m.from_day <= {day}
  and (m.until_day is null or m.until_day > {day})
"""


class Archived:
    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder, self.manifest = folder, manifest

    @classmethod
    def brought_up(cls, record: Record, folder: Path, known_at: int | None = None) -> Self:
        return cls(folder, archive(record, folder, known_at=known_at, limits=FRUGAL))

    def check(
        self,
        record: Record,
        as_of: int | None,
        known_at: int,
        ended: Record | None = None,
    ) -> None:
        """Hold the answers of a moment against the rule in Python.

        Of votes the rule is asked of what ``ended`` there, if that is given.
        """
        self.manifest = archive(record, self.folder, known_at=known_at, limits=FRUGAL)
        if as_of is not None and as_of != (evening := end_of_day(day_of(as_of))):
            try:
                self.rows("changes", as_of, known_at)
            except Refused:
                # Within a day only votes are answered.
                as_of = evening
        with record.read() as conn, (ended or record).read() as votes:
            self.check_at(conn, as_of, known_at, votes)

    def check_at(
        self, conn: Connection, as_of: int | None, known_at: int, of_votes: Connection | None = None
    ) -> None:
        """Hold the same, the archive having what the rule finds at that position.

        Votes are asked of a connection of their own, if one is given.
        """
        slugs = slugs_of(conn)
        clocks = TwoClocks(as_of, known_at)
        votes = {slugs[one] for one in vote_topics(conn, [*topic_ids(conn)], known_at)}
        stood = {
            (slugs[one.topic], slugs[one.lane]): bare(one.position)
            for is_vote, asked in enumerate((conn, of_votes or conn))
            for one in positions.positions_at(asked, clocks)
            if (slugs[one.topic] in votes) == is_vote
        }
        turned: dict[Lane, list[Change]] = {}
        found: Counter[tuple[object, ...]] = Counter()
        every = [
            one
            for is_vote, asked in enumerate((conn, of_votes or conn))
            for one in changes_at(asked, clocks)
            if (slugs[one.topic] in votes) == is_vote
        ]
        for one in every:
            topic, lane, change = slugs[one.topic], slugs[one.lane], one.change
            mover = (change.lanes or (one.lane,))[0]
            if topic in votes or (change.is_visible and mover == one.lane):
                turned.setdefault((topic, lane), []).append(change)
            if topic not in votes:
                steps = map(stance_column, (change.from_, change.to))
                found[(topic, lane, change.kind, change.status, *steps, change.day)] += 1
        actors = tuple(row.slug for row in conn.execute(schema.actors.select()))
        told = self.positions(as_of, known_at, actors)
        assert told.keys() == stood.keys()
        for key, (position, held_by) in told.items():
            expected = stood[key]
            if key[0] in votes:
                assert position == expected
                continue
            assert said_by_edition_2(position) == said_by_edition_2(expected)
            assert held_by == slugs[expected.held_by or ""]
        changes = self.changes(as_of, known_at)
        assert {key: [*map(said_of, some)] for key, some in changes.items()} == {
            key: [*map(said_of, some)] for key, some in turned.items()
        }
        assert self.found(as_of, known_at) == found

    def found(self, as_of: int | None, known_at: int) -> Counter[tuple[object, ...]]:
        """Return all that the rule found by a moment, whatever its status."""
        until = NEWEST if as_of is None else as_of
        text = FOUND.format(known_at=known_at, as_of=until, day=day_of(until))
        with open_duckdb(self.folder, self.manifest, FRUGAL) as engine:
            return Counter(tuple(row.values()) for row in engine.answer(own_question(text), {}))

    def positions(
        self, as_of: int | None, known_at: int, actors: tuple[str, ...]
    ) -> dict[Lane, tuple[Position, str]]:
        """Return where each of these actors stood, also who spoke for somebody else alone."""
        return {
            (row["topic"], row["actor"]): (stood(row), row["held_by"])
            for row in self.rows("positions", as_of, known_at, actors)
        }

    def changes(self, as_of: int | None, known_at: int) -> dict[Lane, list[Change]]:
        found: dict[Lane, list[Change]] = {}
        for row in self.rows("changes", as_of, known_at):
            found.setdefault((row["topic"], row["actor"]), []).append(moved(row))
        return found

    def rows(
        self, name: str, as_of: int | None, known_at: int, actors: tuple[str, ...] = ()
    ) -> list[dict[str, Any]]:
        with open_duckdb(self.folder, self.manifest, FRUGAL) as engine:
            asked = Scope(known_at, as_of, actors=actors)
            return list(engine.answer(question(name), asked.checked_tables(engine)))


def said_of(change: Change) -> tuple[object, ...]:
    """Return what an archive says of a change."""
    return tuple(getattr(change, name) for name in MOVED)


def said_by_edition_2(stood: Position) -> tuple[object, ...]:
    """Return what an archive says of a position that edition 2 finds."""
    return stood.stance, stood.lowest, stood.highest, stood.counted


def topic_ids(conn: Connection) -> list[str]:
    return [row.id for row in conn.execute(schema.topics.select())]


def slugs_of(conn: Connection) -> dict[str, str]:
    """Return the slugs of topics and actors by their ids."""
    tables = (schema.topics, schema.actors)
    return {row.id: row.slug for table in tables for row in conn.execute(table.select())}


def bare(stood: Position) -> Position:
    return msgspec.structs.replace(stood, ignored=(), rule=RULE)


def stance(value: int | None) -> Any:  # noqa: ANN401 - the domain's `Stance`
    return MIXED if value == MIXED_VALUE else value


def stood(row: dict[str, Any]) -> Position:
    """Return an answer's row as the rule tells it."""
    counted = numbers(row["counted"])
    beside = None
    if row["reported_rank"] is not None:
        beside = LaterHearsay(
            stance(row["reported_stance"]), row["reported_rank"], numbers(row["reported"])
        )
    return Position(
        stance=stance(row["stance"]),
        rank=row["rank"],
        counted=counted,
        ignored=(),
        reported=beside,
        first=numbers(row["opened"])[0],
        last=counted[-1],
        statements=int(row["statements"]),
        lowest=row["lowest"],
        highest=row["highest"],
        rule=RULE,
    )


def moved(row: dict[str, Any]) -> Change:
    """Return an answer's row as the rule tells it."""
    return Change(
        kind=row["kind"],
        from_=stance(row["from_stance"]),
        to=stance(row["to_stance"]),
        counts_from=row["counts_from"],
        day=row["day"],
        before=numbers(row["before"] or ()),
        after=numbers(row["after"] or ()),
        withdrawn_by=numbers(row["withdrawn_by"] or ()),
        other_speaker=bool(row["other_speaker"]),
        other_wording=bool(row["other_wording"]),
        known_at=row["known_at"],
        lowest=row["lowest"],
        highest=row["highest"],
    )
