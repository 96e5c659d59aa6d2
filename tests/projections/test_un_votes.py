"""A roll call as bulk: what the read models show is what a plain count of the file says.

The file is made from the fixture, its six motions under two headings, so that a country may say
yes and no on one day. `STANDLINE_UN_VOTES` names another of that form, of any size, to be held to
the same (see docs/performance.md).
"""

from __future__ import annotations

import calendar
import csv
import gzip
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from sqlalchemy import func, select

from tests.projections.record import Record
from timeline.domain.dates import parse_as_of
from timeline.domain.two_clocks import TwoClocks
from timeline.projections.queries import directory, positions
from timeline.projections.queries.extent import facts
from timeline.projections.tables import schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

FIXTURES = Path(__file__).parents[2] / "fixtures"
GIVEN = "STANDLINE_UN_VOTES"
HEADINGS = {
    "cuba-embargo": "Human rights",
    "mercenaries": "Human rights",
    "right-to-development": "Human rights",
}
STANCES = {"yes": 2, "abstain": 0, "no": -2}
MIXED = "2002-12-31"
"""A day by which somebody's last word was yes and no."""

MOMENTS = ("1975-12-31", "1991-12-25", MIXED, "2019-06-30", None)
MEMORY = 400_000
"""Kilobytes that an import of any size may use."""

IMPORT = """
import atexit, pathlib, sys
from timeline.cli import main
status = pathlib.Path("/proc/self/status")
if status.exists():
    atexit.register(lambda: sys.stderr.write(status.read_text()))
main()
"""
PEAK = re.compile(r"VmHWM:\s+(\d+) kB")

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(3_600 if GIVEN in os.environ else 300)]


class Vote(NamedTuple):
    actor: str
    topic: str
    stance: str
    day: str


def bulk(path: Path) -> Path:
    """Write the fixture's votes in the form of the bulk files."""
    with (
        gzip.open(FIXTURES / "un-votes.csv.gz", "rt", encoding="utf-8", newline="") as votes,
        gzip.open(path, "wt", encoding="utf-8", newline="") as file,
    ):
        out = csv.writer(file)
        out.writerow(("actor", "topic", "stance", "occurred_at", "text", "source"))
        for row in csv.DictReader(votes):
            heading = HEADINGS.get(row["motion"], "Arms control and disarmament")
            source = f"UNGA rcid {row['rcid']} ({row['resolution']})"
            out.writerow((row["country"], heading, row["vote"], row["date"], row["title"], source))
    return path


def votes_of(path: Path) -> Iterator[Vote]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield Vote(row["actor"], row["topic"], row["stance"], last_day(row["occurred_at"]))


def last_day(date: str) -> str:
    """Return the last day of a date, which may be a month."""
    year, month, *day = date.split("-")
    return date if day else f"{date}-{calendar.monthrange(int(year), int(month))[1]}"


def standing(votes: list[Vote], moment: str | None) -> tuple[object, int] | None:
    """Return the stance of the last day by then, and how many votes prove it."""
    by_then = [vote for vote in votes if moment is None or vote.day <= moment]
    if not by_then:
        return None
    latest = max(vote.day for vote in by_then)
    cast = [STANCES[vote.stance] for vote in by_then if vote.day == latest]
    return (cast[0] if len(set(cast)) == 1 else "mixed"), len(cast)


def imported(path: Path, address: str) -> str:
    """Import a file in a process of its own, and return what it says."""
    arguments = ["import", str(path), "--map", str(FIXTURES / "un-votes-bulk.toml")]
    command = [sys.executable, "-c", IMPORT, *arguments, "--store", address]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    peak = PEAK.search(done.stderr)
    print(f"{path.name}: {peak[0] if peak else 'peak not known'}")  # noqa: T201
    assert peak is None or int(peak[1]) < MEMORY
    return done.stdout


def test_the_read_models_say_what_a_plain_count_says(store_url: str, tmp_path: Path) -> None:
    path = Path(os.environ.get(GIVEN) or bulk(tmp_path / "bulk.csv.gz"))
    votes = list(votes_of(path))
    assert f"{len(votes):,} rows recorded" in imported(path, store_url)
    with Record.opened(store_url) as record, record.read() as conn:
        check_counts(conn, votes)
        lanes = defaultdict(list)
        for vote in votes:
            lanes[vote.actor, vote.topic].append(vote)
        for moment in MOMENTS:
            check_standing(conn, lanes, moment)
        check_changes(conn, lanes)
    assert "mixed" in {stood[0] for votes in lanes.values() if (stood := standing(votes, MIXED))}
    known, *_ = imported(path, store_url).splitlines()  # then what the file holds that looks odd
    assert known == f"{len(votes):,} known already"


def check_counts(conn: Connection, votes: list[Vote]) -> None:
    table, names = schema.statements, Names(conn)
    told = (table.c.speaker, table.c.topic, table.c.stance)
    rows = conn.execute(select(*told, func.count().label("votes")).group_by(*told))
    assert {
        (names.actors[row.speaker], names.topics[row.topic], row.stance): row.votes for row in rows
    } == Counter((vote.actor, vote.topic, STANCES[vote.stance]) for vote in votes)
    for topic, name in names.topics.items():
        shown = facts(conn, topic)
        ours = [vote for vote in votes if vote.topic == name]
        assert (shown.statements, shown.retracted) == (len(ours), 0)
        assert shown.actors == len({vote.actor for vote in ours})


def check_standing(
    conn: Connection, lanes: dict[tuple[str, str], list[Vote]], moment: str | None
) -> None:
    as_of = parse_as_of(moment) if moment else None
    found = (
        positions.current_positions(conn)
        if as_of is None
        else positions.standing_at(conn, TwoClocks(as_of=as_of))
    )
    names = Names(conn)
    expected = {lane: standing(votes, moment) for lane, votes in lanes.items()}
    assert {
        (names.actors[position.lane], names.topics[position.topic]): (
            position.position.stance,
            len(position.position.counted),
        )
        for position in found
    } == {lane: stood for lane, stood in expected.items() if stood is not None}


def check_changes(conn: Connection, lanes: dict[tuple[str, str], list[Vote]]) -> None:
    """See that each two days with different votes, one after the other, make a change."""
    table, names = schema.changes, Names(conn)
    told = (table.c.lane, table.c.topic)
    query = select(*told, func.count().label("changes")).where(table.c.kind == "vote")
    found = {
        (names.actors[row.lane], names.topics[row.topic]): row.changes
        for row in conn.execute(query.group_by(*told))
    }
    expected = {lane: turns(votes) for lane, votes in lanes.items()}
    assert found == {lane: count for lane, count in expected.items() if count}
    print(f"{sum(found.values()):,} changes")  # noqa: T201


def turns(votes: list[Vote]) -> int:
    """Return how often what was voted on a day differs from what was voted on the day before it."""
    days: dict[str, set[str]] = defaultdict(set)
    for vote in votes:
        days[vote.day].add(vote.stance)
    stood = [min(cast) if len(cast) == 1 else "mixed" for _, cast in sorted(days.items())]
    return sum(one != other for one, other in pairwise(stood))


class Names:
    """What actors and topics are called in the file, by id."""

    def __init__(self, conn: Connection) -> None:
        self.actors = {actor.id: actor.name for actor in directory.actors(conn)}
        self.topics = {topic.id: topic.name for topic in directory.topics(conn)}
