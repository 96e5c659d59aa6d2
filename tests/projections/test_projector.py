"""Following the log: exactly once, whoever else follows it, and nothing stops for one event."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from tests.projections.histories import Past
from tests.stores.newsroom import introduced
from tests.support.loaded_processes import LoadedProcess
from tests.support.tiers import scaled
from timeline.bootstrap import microseconds
from timeline.domain.dates import parse_as_of
from timeline.domain.errors import NotFound, StandlineError
from timeline.domain.naming import stable_id
from timeline.domain.statement import StatementLinked, StatementRecorded
from timeline.projections.generations.read_models import ReadModels
from timeline.projections.queries import directory, entries, log, positions
from timeline.projections.writing import projector
from timeline.projections.writing.projector import Progress, Projector
from timeline.stores.engines import exclusive
from timeline.stores.mapper import CODECS
from timeline.stores.sqlite_driver import dbapi2

if TYPE_CHECKING:
    from tests.projections.record import Record
    from timeline.domain.event import Byline, Event
    from timeline.projections.writing.batch import Batch
    from timeline.stores.store_url import StoreUrl

EU = stable_id("topic", "eu-accession")
FOLLOW = """
import sys
from timeline.bootstrap import open_store
services = open_store(sys.argv[1])
while services.models.shown() < int(sys.argv[2]):
    services.models.catch_up(1.0)
services.close()
"""


def poison(byline: Byline, stream: str = "nobody-said-this", version: int = 2) -> Event:
    """A link between statements that are not there: no projection can make sense of it."""
    return StatementLinked(
        originator_id=stream,
        originator_version=version,
        recorded_at=byline.at,
        recorded_by=byline.by,
        via=byline.via,
        kind="contradicts",
        target="nor-this",
    )


def test_what_was_recorded_is_read_at_once(record: Record) -> None:
    record.talks()
    said = record.say()
    assert record.models.catch_up(1.0) == 0
    assert record.models.shown() == said.position
    with record.models.engine().connect() as conn:
        assert entries.statement(conn, said.position).stance == 1


def test_a_poison_event_is_set_aside_and_the_rest_goes_on(record: Record) -> None:
    record.talks()
    record.log.append([poison(record.anna(), version=1)])
    said = record.say()
    with record.read() as conn:
        (aside,) = log.quarantined_events(conn)
        assert (aside.type, aside.error) == (
            "statement.linked",
            "LookupError: no entry with id nobody-said-this",
        )
        line = log.line(conn, aside.position)
        assert line is not None
        assert (line.type, line.number) == ("statement.linked", None)
        assert entries.statement(conn, said.position).stance == 1
        assert log.count(conn) == record.log.count()
    grown = record.digests()
    record.models.rebuild()
    assert record.digests() == grown


def test_how_far_read_models_are_tells_what_was_set_aside(record: Record) -> None:
    record.talks()
    record.models.catch_up()
    assert record.models.reached() == Progress(record.log.head(), 0, ())
    number = record.say().position
    stream = record.ask(entries.statement, number).stream
    aside = record.log.append([poison(record.anna(), stream, version) for version in range(2, 7)])
    record.say()
    record.models.catch_up()
    assert record.models.reached() == Progress(record.log.head(), 5, tuple(aside[:3]))
    assert record.ask(log.quarantined_positions, [stream]) == aside
    assert record.ask(log.quarantined_positions, [EU]) == []


def test_a_rebuild_goes_on_behind_an_event_of_a_type_that_is_not_known_here(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    record.talks()
    aside = record.newsroom.confirm_clock(record.anna())
    record.say()
    monkeypatch.delitem(CODECS, "clock.confirmed")
    record.models.rebuild()
    assert record.models.reached() == Progress(record.log.head(), 1, (aside,))


def test_an_event_that_cannot_be_read_is_set_aside_too(record: Record) -> None:
    record.talks()
    spoilt = record.log.append([introduced(1)])[0]
    said = record.say()
    spoil(record.url, spoilt)
    with record.read() as conn:
        (aside,) = log.quarantined_events(conn)
        assert (aside.position, aside.type) == (spoilt, "actor.introduced")
        with pytest.raises(NotFound, match=f"event {spoilt} could not be read and is set aside"):
            entries.entry(conn, spoilt)
        assert entries.statement(conn, said.position).stance == 1
        assert log.count(conn) == record.log.count()


def test_trouble_of_the_database_sets_nothing_aside(record: Record) -> None:
    record.talks()
    record.models.catch_up()
    with exclusive(record.models.engine()) as conn:
        conn.execute(text("ALTER TABLE positions RENAME TO elsewhere"))
    record.say()
    with pytest.raises(StandlineError, match="positions"):
        record.models.catch_up()
    with exclusive(record.models.engine()) as conn:
        conn.execute(text("ALTER TABLE elsewhere RENAME TO positions"))
    with record.read() as conn:
        assert log.quarantined_events(conn) == []
        assert len(positions.current_positions(conn)) == 1


def test_who_asks_for_a_second_waits_no_longer_for_another_projector(record: Record) -> None:
    record.talks()
    with exclusive(record.models.engine()) as conn:
        conn.execute(text("UPDATE progress SET code_version = code_version"))
        # The lock is let go only after this, so waiting for it would never end.
        assert record.models.catch_up(0.3) == record.log.head()
    assert record.models.catch_up(1.0) == 0


def test_a_lock_that_is_not_to_be_had_is_an_error_where_nobody_asks_for_a_time(
    record: Record,
) -> None:
    engine = record.models.engine()
    with exclusive(engine) as conn:
        conn.execute(text("UPDATE progress SET code_version = code_version"))
        with pytest.raises(OperationalError), exclusive(engine, patience=0.2) as other:
            other.execute(text("UPDATE progress SET code_version = code_version"))


# A file has no server that would end what others do.
@pytest.mark.parametrize("record", ["postgres"], indirect=True)
def test_who_stops_while_they_project_lets_others_and_sets_nothing_aside(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    record.talks()
    record.models.catch_up()
    said = record.say()
    log_line = projector.HANDLERS[StatementRecorded]

    def stop(batch: Batch, position: int, event: Event) -> None:
        monkeypatch.undo()
        time.sleep(1)
        log_line(batch, position, event)

    monkeypatch.setattr(projector, "SILENCE", 0.2)
    monkeypatch.setattr(projector, "HANDLERS", projector.HANDLERS | {StatementRecorded: stop})
    with pytest.raises(StandlineError, match="terminating connection due to idle-in-transaction"):
        record.models.catch_up()
    assert record.models.shown() < said.position
    assert record.models.catch_up() == 0
    assert record.models.reached().aside == 0


@pytest.mark.thorough
@pytest.mark.scaled
def test_catching_up_in_pieces_is_catching_up_at_once(record: Record) -> None:
    events = Past().take([(n, n * 3, n * 5, n * 7) for n in range(scaled(75))]).events
    record.log.append(events)
    pieces = Projector(record.log, record.models.engine())
    for position in range(record.log.head() + 1):
        assert pieces.catch_up(record.log.place_at(position)) == position
    grown = record.digests()
    record.erase(events)
    record.models.rebuild()
    assert record.digests() == grown


@pytest.mark.thorough
@pytest.mark.scaled
def test_several_processes_and_threads_project_each_event_once(record: Record) -> None:
    record.talks()
    numbers = [record.say(said_at="2025-12-10").position]
    stop = record.log.head() + 2 * scaled(40)
    others = [LoadedProcess(FOLLOW, record.url.text, str(stop)) for _ in range(2)]
    threads = [
        threading.Thread(
            target=follow, args=(ReadModels(record.log, record.url, microseconds), stop)
        )
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    while record.log.head() < stop:
        numbers.append(record.say(stance=("accepts", "opposes")[len(numbers) % 2]).position)
        record.models.catch_up(1.0)
    for thread in threads:
        thread.join()
    assert [other.communicate(60) for other in others] == [("", "")] * 2
    assert [other.returncode for other in others] == [0, 0]
    assert record.ask(directory.topic, "eu-accession").statements == len(numbers)
    assert record.ask(log.count) == record.log.count()
    assert record.models.check() == ()


def test_a_date_that_another_process_mended_is_not_remembered_wrongly(record: Record) -> None:
    record.talks()
    said = record.say(said_at="2025-12")
    document = record.ask(entries.statement, said.position).document
    record.newsroom.documents.correct(
        record.anna(), document, "published_at", "2025-12-09", "Misread."
    )
    with closing(ReadModels(record.log, record.url, microseconds)) as other:
        other.catch_up()
    later = record.say(said_at="2025-12", stance="opposes")
    assert record.ask(entries.statement, later.position).counts_from == parse_as_of("2025-12-09")


def spoil(url: StoreUrl, position: int) -> None:
    """Flip what a disk may flip: the first byte of an event."""
    if url.is_sqlite:
        with closing(dbapi2.connect(str(url.log_path))) as connection:
            connection.execute(
                "UPDATE stored_events SET state = x'c1' WHERE rowid = ?", (position,)
            )
            connection.commit()
    else:
        with psycopg.connect(url.text) as connection:
            flip = "UPDATE log.stored_events SET state = '\\xc1' WHERE notification_id = %s"
            connection.execute(flip, (position,))


def follow(models: ReadModels, stop: int) -> None:
    while models.shown() < stop:
        models.catch_up(1.0)
    models.close()
