"""Somebody writes into what pages read: `doctor` and `replay --check` name the table."""

from __future__ import annotations

import random
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from tests.cli.terminal import REFUSED, done, only_line, standline
from tests.projections.histories import Past
from tests.projections.record import Record
from tests.projections.test_projector import poison
from tests.support.postgres import cloned_database, fresh_database
from tests.support.store_copies import copied
from timeline.bootstrap import open_store
from timeline.domain.event import Byline
from timeline.projections.generations.digest import differing_counts, digests, snapshot
from timeline.projections.tables import schema
from timeline.projections.writing.bulk import count_rows
from timeline.stores.engines import exclusive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine

TABLES = [table.name for table in (*schema.metadata.sorted_tables, schema.search)]
KEYS = {
    table.name: [column.name for column in table.primary_key]
    for table in schema.metadata.sorted_tables
}
DIFFERS = "what pages read is not what the log says; it differs in: "
CHOICES = 900


def fill(url: str) -> str:
    """Put a record into a store of which every table of the read models has rows."""
    chance = random.Random(30)  # noqa: S311 - the same history in every run
    choices = [(*chance.choices(range(100), k=4),) for _ in range(CHOICES)]
    with Record.opened(url) as record:
        events = Past().take(choices).events  # type: ignore[arg-type]
        record.append(events)
        record.log.append([poison(Byline(events[-1].recorded_at + 1, "anna", "form"), version=1)])
        record.models.catch_up()
    return url


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> str:
    return fill(f"sqlite:///{tmp_path_factory.mktemp('filled') / 'newsroom.db'}")


@pytest.fixture(scope="session")
def filled_postgres(postgres_server: str) -> Iterator[str]:
    with fresh_database(postgres_server) as url:
        yield fill(url)


@pytest.fixture(params=["sqlite", "postgres"])
def any_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A copy of it, of each kind."""
    if request.param == "sqlite":
        with copied(request.getfixturevalue("filled"), tmp_path) as url:
            yield url
    else:
        with cloned_database(request.getfixturevalue("filled_postgres")) as url:
            yield url


def change(store: str, *doings: Any) -> None:  # noqa: ANN401 - what is done, with a table
    """Write into the live read models."""
    with (
        closing(open_store(store, create=False, prepare=False)) as services,
        exclusive(services.models.engine()) as conn,
    ):
        for do, table in doings:
            do(conn, table)


def place(conn: Connection, table: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Return a condition that finds one row of a table, its values, and the row."""
    own = "ctid" if conn.dialect.name == "postgresql" else "rowid"
    keys = KEYS.get(table) or [own]
    columns = ", ".join(f"{key} AS key_{at}" for at, key in enumerate(keys))
    row = conn.execute(text(f"SELECT {columns}, * FROM {table} LIMIT 1")).mappings().one()  # noqa: S608
    here = " AND ".join(f"{key} = :key_{at}" for at, key in enumerate(keys))
    given = {f"key_{at}": row[f"key_{at}"] for at in range(len(keys))}
    return here, given, {name: row[name] for name in row if not name.startswith("key_")}


def remove(conn: Connection, table: str) -> None:
    here, given, _ = place(conn, table)
    conn.execute(text(f"DELETE FROM {table} WHERE {here}"), given)  # noqa: S608 - own names


def alter(conn: Connection, table: str) -> None:
    """Change the last field of a row that holds something, its key only where it has no other."""
    here, given, row = place(conn, table)
    if table == "search":
        row = {"stems": "other words"}
    free = {name: row[name] for name in row if name not in KEYS.get(table, ())} or row
    name, old = [pair for pair in free.items() if pair[1] is not None][-1]
    new = old + b"x" if isinstance(old, bytes) else f"{old}x" if isinstance(old, str) else old + 1
    conn.execute(text(f"UPDATE {table} SET {name} = :new WHERE {here}"), {**given, "new": new})  # noqa: S608


def doctored(store: str) -> str:
    """Return what a doctor tells of read models that are not as they were written."""
    answer = standline("doctor", "--store", store)
    assert answer.status == REFUSED
    assert "the read models are not as they were written" in only_line(answer.err)
    return next(line for line in answer.out.splitlines() if line.startswith("read models"))


def checked(store: str) -> set[str]:
    """Return the tables that `replay --check` names."""
    answer = standline("replay", "--check", "--store", store)
    assert answer.status == REFUSED
    line = only_line(answer.err)
    assert line.startswith(DIFFERS)
    told, _, _ = line.removeprefix(DIFFERS).partition(";")
    *named, last = told.replace("no row in ", "").split(", ")
    # A line that names them all is cut off at its end.
    cut = last.removesuffix("…")
    begun = TABLES[-1] if cut != last and TABLES[-1].startswith(cut) else last
    return {*named, begun}


@pytest.mark.thorough
def test_every_table_has_rows_and_is_told_to_be_whole(any_store: str) -> None:
    with closing(open_store(any_store)) as services, services.models.engine().connect() as conn:
        counted = count_rows(conn)
        assert services.models.faults() == []
    assert [name for name, rows in counted.items() if not rows] == []
    assert {*counted, "progress"} == {*TABLES}
    assert done("replay", "--check", "--store", any_store).out.endswith("equal to the live ones\n")


@pytest.fixture(scope="session")
def models(filled: str) -> Iterator[Engine]:
    """What pages read of it, whose changes are taken back."""
    with closing(open_store(filled)) as services:
        yield services.models.engine()


@pytest.fixture(scope="session")
def whole(models: Engine) -> dict[str, str]:
    """The digests of its tables, which are those of a rebuild."""
    with snapshot(models) as conn:
        return digests(conn)


def differing(conn: Connection, whole: dict[str, str]) -> set[str]:
    """Return the tables that a check finds to differ, as it compares them with a rebuild."""
    return {name for name, digest in digests(conn).items() if digest != whole[name]}


@pytest.mark.thorough
def test_a_row_that_was_removed_is_found_in_its_table(
    models: Engine, whole: dict[str, str]
) -> None:
    with models.connect() as conn:
        # How far they are comes last: the counts of the others hang on it.
        for table in sorted(TABLES, key="progress".__eq__):
            remove(conn, table)
            faults = differing_counts(conn)
            assert any(fault.split(" in ")[1].split()[0] == table for fault in faults), table
        assert differing(conn, whole) == {*TABLES}
        conn.rollback()


def test_a_row_that_was_altered_is_found_in_its_table(
    models: Engine, whole: dict[str, str]
) -> None:
    with models.connect() as conn:
        for table in reversed(TABLES):
            alter(conn, table)
        assert differing(conn, whole) == {*TABLES}
        conn.rollback()


@pytest.mark.thorough
def test_rows_that_were_removed_from_all_tables_are_found_in_each(any_store: str) -> None:
    every = [table for table in TABLES if table != "progress"]
    change(any_store, *((remove, table) for table in every))
    told = doctored(any_store)
    assert [table for table in every if f"in {table}" not in told] == []
    assert checked(any_store) >= {*every}


@pytest.mark.thorough
def test_rows_that_were_altered_in_all_tables_are_found_in_each(any_store: str) -> None:
    change(any_store, *((alter, table) for table in reversed(TABLES)))
    assert checked(any_store) == {*TABLES}


IN_PLACE = ("ALTER TABLE {0} RENAME TO hidden", "CREATE VIEW {0} AS SELECT * FROM hidden")


@pytest.mark.parametrize("table", ["positions", "clock"])
def test_a_view_in_place_of_a_table_is_found_by_both(any_store: str, table: str) -> None:
    def replace(conn: Connection, table: str) -> None:
        for statement in IN_PLACE:
            conn.execute(text(statement.format(table)))

    change(any_store, (replace, table))
    assert f"a view {table}, no table {table}" in doctored(any_store)
    assert f"a view {table}" in checked(any_store)


def test_a_trigger_on_what_pages_read_is_found_by_both(any_store: str) -> None:
    def leak(conn: Connection, table: str) -> None:
        if conn.dialect.name == "sqlite":
            body = f"AFTER INSERT ON {table} BEGIN SELECT 1; END"
        else:
            conn.execute(
                text(
                    "CREATE FUNCTION leaking() RETURNS trigger LANGUAGE plpgsql AS"
                    " 'BEGIN RETURN NEW; END'"
                )
            )
            body = f"BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION leaking()"
        conn.execute(text(f"CREATE TRIGGER leak {body}"))

    change(any_store, (leak, "positions"))
    assert "a trigger leak on positions" in doctored(any_store)
    assert "a trigger leak on positions" in checked(any_store)


def test_an_index_that_pages_need_and_is_gone_is_found_by_both(any_store: str) -> None:
    change(any_store, (lambda conn, name: conn.execute(text(f"DROP INDEX {name}")), "topics_slug"))
    assert "no index topics_slug" in doctored(any_store)
    assert "no index topics_slug" in checked(any_store)
