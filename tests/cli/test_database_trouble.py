"""A PostgreSQL that refuses or goes away: one clear line each, and the next command goes on."""

from __future__ import annotations

import csv
import io
import time
from typing import TYPE_CHECKING, NamedTuple

import psycopg
import pytest

from tests.cli.terminal import (
    REFUSED,
    TALKS,
    done,
    ended,
    one_line,
    only_line,
    refused,
    standline,
    started,
)
from tests.support.postgres import running_postgres
from timeline.stores.log import EventLog
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.postgres import PostgresServer

pytestmark = pytest.mark.thorough

ROWS = 6_000
PASSWORDS = "local all postgres trust\nlocal all all scram-sha-256\n"
ROLES = (
    "CREATE ROLE ann LOGIN PASSWORD 'right'",
    "CREATE ROLE reader LOGIN PASSWORD 'right'",
    "CREATE DATABASE empty",
)
READER = (
    "GRANT USAGE ON SCHEMA log, read_1 TO reader",
    "GRANT SELECT ON ALL TABLES IN SCHEMA log, read_1 TO reader",
)


class Door(NamedTuple):
    """A server that asks for passwords, with the Berlin talks in its database ``postgres``."""

    folder: Path

    def store(self, who: str, database: str = "postgres") -> str:
        """Return the address of a database for somebody, with the password that they say."""
        return f"postgresql://{who}@/{database}?host={self.folder}"


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    """A server behind which not everybody may do everything."""
    with running_postgres(durable=False) as server:
        done("import", *TALKS, "--store", server.url)
        (server.home / "data" / "pg_hba.conf").write_text(PASSWORDS)
        with psycopg.connect(server.url, autocommit=True) as connection:
            for statement in (*ROLES, *READER, "SELECT pg_reload_conf()"):
                connection.execute(statement.encode())
        yield Door(server.home)


def remarks() -> str:
    """Return rows in some batches of an import."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["topic", "actor", "stance", "said_at", "source.outlet"])
    for n in range(ROWS):
        day = f"20{n // 372 % 25:02}-{1 + n // 31 % 12:02}-{1 + n % 28:02}"
        table.writerow([f"topic-{n % 2}", f"Actor {n % 10}", "asserts", day, f"News {n}"])
    return out.getvalue()


@pytest.mark.parametrize("command", [("topics",), ("import", *TALKS), ("serve", "--port", "0")])
@pytest.mark.parametrize(
    ("who", "database", "line"),
    [
        ("ann:wrong", "postgres", 'password authentication failed for user "ann"; check the add'),
        ("nobody:right", "postgres", 'password authentication failed for user "nobody"; check'),
        ("ann", "postgres", "no password supplied; check the address and the rights"),
        ("ann:right", "missing", 'database "missing" does not exist; check the address and the'),
        ("ann:right", "postgres", "permission denied for schema log; check the address and the"),
    ],
)
def test_a_database_that_lets_nobody_in_is_told_in_one_line(
    door: Door, command: tuple[str, ...], who: str, database: str, line: str
) -> None:
    told = refused(*command, "--store", door.store(who, database))
    assert told.startswith("--store: the database cannot be used as a store: ")
    assert line in told


def test_who_may_make_nothing_makes_no_store(door: Door) -> None:
    told = refused("import", *TALKS, "--store", door.store("ann:right", "empty"))
    assert "permission denied for database empty; check the address and the rights" in told
    assert "there is no store in that database" in refused(
        "topics", "--store", door.store("ann:right", "empty")
    )


@pytest.mark.parametrize(
    "command",
    [
        ("replay",),
        ("record", "statement", "--topic", "eu-accession", "--actor", "russia"),
    ],
)
def test_who_may_only_read_is_told_so_and_can_read(door: Door, command: tuple[str, ...]) -> None:
    store = door.store("reader:right")
    more = ("--stance", "accepts", "--source-outlet", "X", "--said-at", "2025-12-01")
    told = refused(*command, *(more if len(command) > 1 else ()), "--store", store)
    assert "permission denied for table stored_events; nothing is half done; see whether" in told
    assert len(done("topics", "--store", store).out.splitlines()) == 15


def test_the_doctor_tells_a_reader_all_that_can_be_told(door: Door) -> None:
    answer = standline("doctor", "--store", door.store("reader:right"))
    assert answer.status == REFUSED
    lacking = "this role may make no schema, which a rebuild needs"
    assert only_line(answer.err) == f"{lacking}; see the lines above"
    assert f"rights       {lacking}" in answer.out
    assert "generation 1  0 behind" in answer.out


def test_an_import_whose_server_goes_away_ends_in_one_line_and_is_finished_by_the_next(
    own_postgres: PostgresServer, tmp_path: Path
) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text(remarks())
    log = EventLog.open(StoreUrl.parse(own_postgres.url))
    process = started("import", str(rows), "--batch", "500", "--store", own_postgres.url)
    while not log.count():
        assert process.poll() is None
        time.sleep(0.01)
    log.close()
    own_postgres.kill()
    told = one_line(ended(process))
    assert "the store cannot do it now: " in told
    assert "nothing is half done; see whether it is up" in told
    own_postgres.start()
    lines = done("import", str(rows), "--store", own_postgres.url).out.splitlines()
    recorded, known = (int(line.split()[0].replace(",", "")) for line in lines[:2])
    assert recorded + known == ROWS
    assert known
