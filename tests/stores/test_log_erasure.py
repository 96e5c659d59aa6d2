"""What a redaction takes away from the disk, and what it leaves."""

from __future__ import annotations

import secrets
import threading
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from pysqlite3 import dbapi2  # type: ignore[import-untyped]  # pysqlite3 ships no types

from tests.stores.disk import files_with
from tests.stores.newsroom import introduced, record_actor, redact
from timeline.domain.actor import Actor
from timeline.domain.errors import Refused
from timeline.stores.log import EventLog
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_erased_words_are_gone_and_the_rest_of_the_event_stays(log: EventLog) -> None:
    actor_id, position = record_actor(log, "peskov", "Peskov")
    (before,) = log.stored()
    redact(log, actor_id, position)
    log.erase([position])
    after = next(log.stored())
    assert (after.salt, after.content) == (None, None)
    assert (after.committed, after.stream, after.version) == (
        before.committed,
        before.stream,
        before.version,
    )
    actor = log.load(Actor, actor_id)
    assert actor is not None
    assert (actor.slug, actor.name) == ("peskov", "")


def test_nothing_is_erased_that_no_redaction_names(log: EventLog) -> None:
    actor_id, position = record_actor(log, "peskov", "Peskov")
    other_id, other = record_actor(log, "umerov", "Umerov")
    redact(log, actor_id, position)
    with pytest.raises(Refused, match=f"no redaction on record names {other};"):
        log.erase([position, other])
    assert [log.with_content(one) for one in (actor_id, other_id)] == [[], [other]]


def test_the_words_go_with_the_redaction_in_one_step(url: StoreUrl, log: EventLog) -> None:
    actor_id, position = record_actor(log, "peskov", "Peskov")
    redact(log, actor_id, position)
    with closing(EventLog.open(url)) as after_a_crash:
        assert after_a_crash.with_content(actor_id) == []
        assert after_a_crash.verify().size == 2


def test_a_redaction_erases_nothing_of_another_stream(log: EventLog) -> None:
    actor_id, _ = record_actor(log, "peskov", "Peskov")
    _, other = record_actor(log, "umerov", "Umerov")
    redact(log, actor_id, other)
    with pytest.raises(Refused):
        log.erase([other])


def test_an_erasure_may_be_repeated(log: EventLog) -> None:
    actor_id, position = record_actor(log, "peskov", "Peskov")
    redact(log, actor_id, position)
    log.erase([position])
    log.erase([position])
    assert log.with_content(actor_id) == []


@pytest.mark.parametrize("length", [20, 1_200, 30_000])
def test_no_file_of_the_store_holds_erased_words(
    url: StoreUrl, length: int, request: pytest.FixtureRequest
) -> None:
    log = EventLog.open(url)
    log.append([introduced(number) for number in range(50)])
    name = secrets.token_urlsafe(length)
    actor_id, position = record_actor(log, "peskov", name)
    log.append([introduced(number) for number in range(50, 60)])
    assert files_with(name, url, request)
    redact(log, actor_id, position)
    log.erase([position])
    assert files_with(name, url, request) == []
    log.close()


def test_an_erasure_waits_for_those_who_still_read_the_words(
    url: StoreUrl, request: pytest.FixtureRequest
) -> None:
    with reading(url) as keeper:
        waits_for(keeper, url, request)


def test_an_erasure_waits_for_those_who_began_to_write_before_it(
    postgres_url: str, request: pytest.FixtureRequest
) -> None:
    with psycopg.connect(postgres_url) as keeper:
        keeper.execute("SELECT pg_current_xact_id()").fetchall()
        waits_for(keeper, StoreUrl.parse(postgres_url), request)


def waits_for(keeper: Any, url: StoreUrl, request: pytest.FixtureRequest) -> None:  # noqa: ANN401 - of either driver
    log = EventLog.open(url)
    name = secrets.token_urlsafe(1_200)
    actor_id, position = record_actor(log, "peskov", name)
    redact(log, actor_id, position)
    erasing = threading.Thread(target=log.erase, args=([position],))
    erasing.start()
    time.sleep(0.5)
    assert erasing.is_alive()
    keeper.rollback()
    erasing.join()
    assert files_with(name, url, request) == []
    log.close()


@contextmanager
def reading(url: StoreUrl) -> Iterator[Any]:
    """Hold a transaction that sees the log as it is now."""
    EventLog.open(url).close()
    if url.is_sqlite:
        with closing(dbapi2.connect(str(url.log_path), isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT COUNT(*) FROM stored_events").fetchall()
            yield reader
    else:
        with psycopg.connect(url.text) as reader:
            reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            reader.execute("SELECT COUNT(*) FROM pg_class").fetchall()
            yield reader
