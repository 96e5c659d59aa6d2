"""Generations of read models: rebuilt while others read and write, and switched to at once."""

from __future__ import annotations

import gc
import threading
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import text

from tests.projections.histories import Past
from tests.projections.record import Record
from tests.stores.newsroom import introduced
from tests.support.loaded_processes import LoadedProcess
from tests.support.tiers import scaled
from timeline.benchmark.newsroom import Newsroom
from timeline.bootstrap import microseconds, open_store
from timeline.projections.generations.read_models import ReadModels
from timeline.projections.queries import directory, log, positions
from timeline.projections.tables import schema
from timeline.projections.writing import projector
from timeline.stores.engines import exclusive, generations
from timeline.stores.log import EventLog
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

HALF_BUILT = """
import sys, time
from timeline.bootstrap import open_store
def stop(what, done, of):
    if what == sys.argv[2]:
        print("half", flush=True)
        time.sleep(60)
services = open_store(sys.argv[1])
services.models.rebuild(stop)
"""


@pytest.fixture
def desk(record: Record) -> Record:
    record.talks()
    for day in range(10, 14):
        record.say(said_at=f"2025-12-{day}", stance=("accepts", "opposes")[day % 2])
    record.models.catch_up()
    return record


def test_a_rebuild_makes_another_generation_live(desk: Record) -> None:
    before, grown = desk.log.live_generation(), desk.digests()
    told: list[tuple[str, int, int]] = []
    desk.models.rebuild(lambda *progress: told.append(progress))
    assert desk.log.live_generation() == before + 1
    assert desk.digests() == grown
    assert {what for what, _, _ in told} == {"events", "indexes", "positions"}
    assert told[0] == ("events", desk.log.head(), desk.log.head())


def test_the_server_knows_what_positions_are_derived_from_before_they_are(
    postgres_url: str,
) -> None:
    with Record.opened(postgres_url) as record:
        record.talks()
        record.say()
        schema_name = f"read_{record.log.live_generation() + 1}"
        seen: list[set[str]] = []

        def look(what: str, _done: int, _of: int) -> None:
            if what == "positions":
                seen.append(with_statistics(postgres_url, schema_name))

        record.models.rebuild(look)
    assert {"readings", "statements", "actors"} <= seen[0]


def with_statistics(url: str, schema_name: str) -> set[str]:
    """Return the tables of a schema that the server has looked at."""
    with psycopg.connect(url) as connection:
        query = "SELECT DISTINCT tablename FROM pg_stats WHERE schemaname = %s"
        return {name for (name,) in connection.execute(query, (schema_name,))}


def test_both_stores_show_the_same_of_the_same_history(sqlite_url: str, postgres_url: str) -> None:
    events = Past().take([(n, n * 3, n * 5, n * 7) for n in range(90)]).events
    shown = []
    for address in (sqlite_url, postgres_url):
        with Record.opened(address) as record:
            record.append(events)
            shown.append(record.digests())
    assert shown[0] == shown[1]


@pytest.mark.thorough
def test_readers_see_one_whole_generation_or_the_next(desk: Record) -> None:
    expected = desk.log.count()
    with reading(desk.url, lambda conn: (log.count(conn), len(directory.actors(conn)))) as seen:
        for _ in range(4):
            desk.models.rebuild()
    assert len(seen) > 20
    assert set(seen) == {(expected, 5)}


@pytest.mark.thorough
def test_a_reader_goes_on_while_two_rebuilds_pass(desk: Record) -> None:
    with desk.models.engine().connect() as conn:
        before = positions.current_positions(conn)
        desk.models.rebuild()
        desk.models.rebuild()
        assert positions.standing_at(conn)
        assert positions.current_positions(conn) == before


@pytest.mark.thorough
@pytest.mark.scaled
def test_a_switch_loses_nothing_that_is_recorded_meanwhile(desk: Record) -> None:
    stop = threading.Event()
    said: list[int] = []

    def write() -> None:
        while not stop.is_set():
            said.append(desk.say(stance=("accepts", "opposes")[len(said) % 2]).position)

    writer = threading.Thread(target=write)
    writer.start()
    for _ in range(scaled(6)):
        desk.models.rebuild()
    stop.set()
    writer.join()
    assert said
    assert desk.ask(directory.topic, "eu-accession").statements == 4 + len(said)
    assert desk.ask(log.count) == desk.log.count()
    assert desk.models.check() == ()


def test_two_who_rebuild_at_once_do_it_one_after_the_other(desk: Record) -> None:
    before = desk.log.live_generation()
    with closing(ReadModels(desk.log, desk.url, microseconds)) as other:
        both = [threading.Thread(target=models.rebuild) for models in (desk.models, other)]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
    assert desk.log.live_generation() == before + 2
    assert desk.models.check() == ()


@pytest.mark.thorough
@pytest.mark.parametrize("step", ["events", "positions"])
def test_a_rebuild_that_was_killed_is_cleared_away_and_done_again(desk: Record, step: str) -> None:
    live, grown = desk.log.live_generation(), desk.digests()
    killed = LoadedProcess(HALF_BUILT, desk.url.text, step)
    assert killed.stdout.readline() == "half\n"
    assert generations(desk.url) == [live, live + 1]
    assert desk.digests() == grown
    killed.kill()
    killed.communicate()
    with Record.opened(desk.url.text) as again:
        assert generations(desk.url) == [live]
        again.models.rebuild()
        assert again.digests() == grown


def test_what_another_builds_is_left_alone(desk: Record) -> None:
    live = desk.log.live_generation()
    with LoadedProcess(HALF_BUILT, desk.url.text, "events") as building:
        building.stdout.readline()
        with Record.opened(desk.url.text):
            assert generations(desk.url) == [live, live + 1]
        building.kill()


@pytest.mark.thorough
def test_a_generation_that_served_its_time_is_removed(store_url: str) -> None:
    with Record.opened(store_url, grace=0.3) as record:
        record.talks()
        record.models.rebuild()
        assert generations(record.url) == [1, 2]
        time.sleep(0.4)
        assert record.models.catch_up(1.0) == 0
        assert generations(record.url) == [2]
        record.models.rebuild()
    time.sleep(0.4)
    with Record.opened(store_url, grace=0.3) as later:
        assert generations(later.url) == [3]


def test_a_check_finds_what_somebody_changed(desk: Record) -> None:
    assert desk.models.check() == ()
    with exclusive(desk.models.engine()) as conn:
        conn.execute(text("UPDATE positions SET stance = 2 WHERE stance = -2"))
        conn.execute(text("DELETE FROM sources WHERE number = (SELECT MAX(number) FROM sources)"))
    assert desk.models.check() == ("positions", "sources")
    assert generations(desk.url) == [desk.log.live_generation()]
    desk.models.rebuild()
    assert desk.models.check() == ()


def test_a_check_does_not_hold_up_who_records(desk: Record) -> None:
    said: list[int] = []
    done: list[tuple[str, ...]] = []
    checking = threading.Thread(target=lambda: done.append(desk.models.check()))
    checking.start()
    while checking.is_alive():
        said.append(desk.say().position)
        desk.models.catch_up(1.0)
    assert done == [()]


def test_read_models_of_older_code_are_built_anew(desk: Record) -> None:
    live, grown = desk.log.live_generation(), desk.digests()
    with exclusive(desk.models.engine()) as conn:
        older = schema.CODE_VERSION - 1
        conn.execute(schema.progress.update().values(code_version=older))
    with Record.opened(desk.url.text) as newer:
        assert newer.log.live_generation() == live + 1
        assert newer.digests() == grown


def test_a_damaged_file_is_built_anew(sqlite_url: str) -> None:
    with Record.opened(sqlite_url) as record:
        record.talks()
        grown = record.digests()
    StoreUrl.parse(sqlite_url).beside("read-1.db").write_bytes(b"not a database at all" * 400)
    with Record.opened(sqlite_url) as record:
        assert record.log.live_generation() == 2
        assert record.digests() == grown


def test_a_rebuild_that_fails_leaves_the_live_one(desk: Record) -> None:
    live = desk.log.live_generation()

    def fail(what: str, _done: int, _of: int) -> None:
        if what == "positions":
            raise RuntimeError

    with pytest.raises(RuntimeError):
        desk.models.rebuild(fail)
    assert desk.log.live_generation() == live
    assert len(desk.ask(positions.current_positions)) == 1


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError])
def test_a_rebuild_that_is_given_up_leaves_nothing_on_the_disk(
    desk: Record, stop: type[BaseException]
) -> None:
    live = desk.log.live_generation()

    def give_up(*_: object) -> None:
        raise stop

    with pytest.raises(BaseException):  # noqa: B017, PT011 - an error of the system is worded anew
        desk.models.rebuild(give_up)
    assert generations(desk.url) == [live]
    assert desk.models.check() == ()


@pytest.mark.thorough
def test_a_rebuild_takes_along_what_is_recorded_while_it_fills(desk: Record) -> None:
    told: list[tuple[str, int]] = []

    def tell(what: str, done: int, _of: int) -> None:
        if len(told) < 3:
            desk.say(paraphrase=f"Said meanwhile, {len(told)}.")
        told.append((what, done))

    desk.models.rebuild(tell)
    filled = [done for what, done in told if what == "events"]
    assert len(filled) == 4
    assert filled[-1] == desk.log.head() == desk.models.shown()
    assert desk.models.check() == ()


@pytest.mark.thorough
def test_several_who_are_far_behind_rebuild_once(store_url: str) -> None:
    with (
        Record.opened(store_url, rebuild_from=5) as record,
        Record.opened(store_url, rebuild_from=5) as other,
    ):
        record.talks()
        threads = [threading.Thread(target=each.models.catch_up) for each in (record, other)]
        with record.log.rebuild_lock():
            for thread in threads:
                thread.start()
            time.sleep(0.5)
        for thread in threads:
            thread.join()
        assert record.log.live_generation() == 2
        assert record.models.shown() == other.models.shown() == record.log.head()


def test_a_long_way_to_catch_up_is_gone_as_a_rebuild(store_url: str) -> None:
    with Record.opened(store_url, rebuild_from=20) as record:
        record.log.append([introduced(number) for number in range(19)])
        assert record.models.catch_up() == 0
        assert record.log.live_generation() == 1
        record.log.append([introduced(number) for number in range(100, 120)])
        assert record.models.catch_up(10.0) == 0
        assert record.log.live_generation() == 1
        record.log.append([introduced(number) for number in range(200, 220)])
        assert record.models.catch_up() == 0
        assert record.log.live_generation() == 2
        assert record.ask(log.count) == record.log.count()


@contextmanager
def reading(url: StoreUrl, question: Callable[..., object]) -> Iterator[list[object]]:
    """Let two threads ask the same again and again; what goes wrong is among the answers."""
    stop = threading.Event()
    seen: list[object] = []

    def ask(models: ReadModels) -> None:
        while not stop.is_set():
            try:
                with models.engine().connect() as conn:
                    seen.append(question(conn))
            except Exception as error:  # noqa: BLE001 - whatever a reader meets is a failure
                seen.append(repr(error))

    opened = EventLog.open(url)
    models = ReadModels(opened, url, microseconds)
    readers = [threading.Thread(target=ask, args=(models,)) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        yield seen
    finally:
        stop.set()
        for reader in readers:
            reader.join()
        models.close()
        opened.close()


@pytest.mark.thorough
def test_a_rebuild_of_a_larger_record_leaves_no_more_to_the_collector(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projector, "LARGE_BATCH", 250)
    left = []
    for size in (1_000, 4_000):
        with closing(open_store(f"sqlite:///{tmp_path / str(size)}.db")) as services:
            services.log.append([*Newsroom(size).events()])
            services.models.rebuild()
            gc.collect()
            gc.disable()
            try:
                services.models.rebuild()
                left.append(gc.collect())
            finally:
                gc.enable()
    assert left[1] < left[0] + 500
