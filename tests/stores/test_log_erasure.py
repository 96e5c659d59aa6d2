"""What a redaction takes away from the disk, and what it leaves."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.stores.newsroom import introduced, record_actor, redact
from timeline.domain.actor import Actor
from timeline.domain.errors import Refused
from timeline.stores.log import EventLog

if TYPE_CHECKING:
    from timeline.stores.store_url import StoreUrl


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
    _, other = record_actor(log, "umerov", "Umerov")
    redact(log, actor_id, position)
    with pytest.raises(Refused, match=f"no redaction on record names {other};"):
        log.erase([position, other])
    assert all(row.content for row in log.stored(0, other))


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


def files_with(name: str, url: StoreUrl, request: pytest.FixtureRequest) -> list[Path]:
    if url.is_sqlite:
        folder = url.log_path.parent
    else:
        with psycopg.connect(request.getfixturevalue("postgres_server")) as connection:
            ((data,),) = connection.execute("SHOW data_directory").fetchall()
            connection.execute("CHECKPOINT")
        folder = Path(data)
    pieces = [name[at : at + 20].encode() for at in range(0, len(name), 500)]
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if any(map(path.read_bytes().__contains__, pieces))]
