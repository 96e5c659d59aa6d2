"""An archive of a record for tests, and its answers beside those of the read models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import msgspec

from timeline.analysis.answers import MIXED_VALUE, numbers
from timeline.analysis.archiving import archive
from timeline.analysis.asking import Asked
from timeline.analysis.duck import asking_duckdb
from timeline.analysis.text import question
from timeline.domain.position import MIXED, Beside, Change, Position
from timeline.parquet.engine import Limits
from timeline.projections.queries import positions
from timeline.projections.queries.changes_then import changes_at
from timeline.projections.tables import schema

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from tests.projections.record import Record
    from timeline.analysis.manifest import Manifest

    Lane = tuple[str, str]

FRUGAL = Limits(memory="200MB", spill="200MB", threads=1)


class Archived:
    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder, self.manifest = folder, manifest

    @classmethod
    def brought_up(cls, record: Record, folder: Path) -> Self:
        return cls(folder, archive(record, folder, limits=FRUGAL))

    def check(self, record: Record, as_of: int | None, known_at: int) -> None:
        """Hold the answers of a moment against the rule in Python."""
        with record.read() as conn:
            slugs = slugs_of(conn)
            clocks: dict[str, Any] = {"as_of": as_of, "known_at": known_at}
            stood = {
                (slugs[one.topic], slugs[one.lane]): bare(one.position)
                for one in positions.positions_at(conn, **clocks)
            }
            turned: dict[Lane, list[Change]] = {}
            for one in changes_at(conn, **clocks):
                turned.setdefault((slugs[one.topic], slugs[one.lane]), []).append(one.change)
        with record.read() as conn:
            actors = tuple(row.slug for row in conn.execute(schema.actors.select()))
        assert self.positions(as_of, known_at, actors) == stood
        assert self.changes(as_of, known_at) == turned

    def positions(
        self, as_of: int | None, known_at: int, actors: tuple[str, ...]
    ) -> dict[Lane, Position]:
        """Return where each of these actors stood, also who spoke for somebody else alone."""
        return {
            (row["topic"], row["actor"]): stood(row)
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
        with asking_duckdb(self.folder, self.manifest, FRUGAL) as engine:
            asked = Asked(known_at, as_of, actors=actors)
            return list(engine.answer(question(name), asked.tables()))


def slugs_of(conn: Connection) -> dict[str, str]:
    """Return the slugs of topics and actors by their ids."""
    tables = (schema.topics, schema.actors)
    return {row.id: row.slug for table in tables for row in conn.execute(table.select())}


def bare(stood: Position) -> Position:
    return msgspec.structs.replace(stood, ignored=())


def stance(value: int | None) -> Any:  # noqa: ANN401 - the domain's `Stance`
    return MIXED if value == MIXED_VALUE else value


def stood(row: dict[str, Any]) -> Position:
    """Return an answer's row as the rule tells it."""
    counted = numbers(row["counted"])
    beside = None
    if row["reported_rank"] is not None:
        beside = Beside(
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
