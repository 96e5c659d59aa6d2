"""The chain: one changed event shows, an erased one does not."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from tests.stores.newsroom import introduced, record_actor, redact
from timeline.domain.errors import StandlineError
from timeline.stores.chain import BEGINNING, leaf_of, link
from timeline.stores.log import AnotherLog, EventLog
from timeline.stores.mapper import exact_parts, state_of
from timeline.stores.proving import LogDoesNotHold
from timeline.stores.rows import LogPlace
from timeline.stores.sqlite_driver import dbapi2
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Change = Callable[[str, tuple[Any, ...]], object]


@contextmanager
def tampering(url: StoreUrl) -> Iterator[Change]:
    """Lend the log's tables to somebody who writes into them directly; {} is the position."""
    if url.is_sqlite:
        with closing(dbapi2.connect(str(url.log_path))) as connection:
            yield lambda text, values: connection.execute(text.format("rowid"), values)
            connection.commit()
    else:
        with psycopg.connect(f"{url.text}&options=-c%20search_path%3Dlog") as connection:
            yield lambda text, values: connection.execute(
                text.format("notification_id").replace("?", "%s").encode(), values
            )


def overwrite(url: StoreUrl, position: int, state: bytes) -> None:
    with tampering(url) as change:
        change("UPDATE stored_events SET state = ? WHERE {} = ?", (state, position))


def prove(log: EventLog) -> None:
    """Go along a whole log; raises `LogDoesNotHold`."""
    proof = log.begin_proof()
    for _ in log.proven(proof, 0, log.head()):
        pass
    proof.end()
    log.check_turns()


def broken_at(log: EventLog) -> tuple[int, str]:
    with pytest.raises(LogDoesNotHold) as broken:
        prove(log)
    return broken.value.position, broken.value.code


def test_the_hash_of_an_event_covers_every_event_before_it(log: EventLog) -> None:
    before = BEGINNING
    log.append([introduced(1), introduced(2)])
    log.append([introduced(3)])
    for row in log.rows():
        before = link(before, leaf_of(row))
        assert log.place_at(row[0]) == LogPlace(row[0], before)
    assert log.place() == LogPlace(3, before)
    prove(log)


def test_an_empty_log_is_at_the_beginning(log: EventLog) -> None:
    assert log.place() == log.place_at(0) == LogPlace(0, BEGINNING)
    prove(log)


def test_a_restored_log_has_the_hashes_of_the_original(log: EventLog, tmp_path: Path) -> None:
    log.append([introduced(number) for number in range(5)])
    with closing(EventLog.open(StoreUrl.parse(f"sqlite:///{tmp_path}/other.db"))) as other:
        other.restore(log.stored())
        assert other.place() == log.place()
        prove(other)


def test_an_erasure_leaves_the_hashes_as_they_were(log: EventLog) -> None:
    actor_id, position = record_actor(log, "peskov", "Peskov")
    redact(log, actor_id, position)
    before = log.place()
    log.erase([position])
    assert log.place() == before
    prove(log)


def test_words_that_are_gone_without_a_redaction_are_found(url: StoreUrl, log: EventLog) -> None:
    log.append([introduced(1), introduced(2)])
    committed, *_ = exact_parts(next(log.rows())[4])
    overwrite(url, 1, state_of(committed, None, None))
    assert broken_at(log) == (1, "words_missing")


def test_words_that_were_changed_are_found(url: StoreUrl, log: EventLog) -> None:
    log.append([introduced(1), introduced(2)])
    _, second = log.rows()
    committed, salt, content = exact_parts(second[4])
    assert content is not None
    overwrite(url, 2, state_of(committed, salt, content.replace(b"Actor", b"Actix")))
    assert broken_at(log) == (2, "words_altered")


def test_a_code_that_was_changed_is_found(url: StoreUrl, log: EventLog) -> None:
    log.append([introduced(1), introduced(2), introduced(3)])
    _, second, _ = log.rows()
    overwrite(url, 2, second[4].replace(b"person", b"office"))
    assert broken_at(log) == (2, "chain_broken")


def test_bytes_that_are_no_event_any_more_are_found(url: StoreUrl, log: EventLog) -> None:
    log.append([introduced(1), introduced(2)])
    overwrite(url, 2, b"\xc1")
    assert broken_at(log) == (2, "bytes_damaged")


def test_an_event_that_was_taken_out_is_found_at_the_next(url: StoreUrl, log: EventLog) -> None:
    log.append([introduced(1), introduced(2), introduced(3)])
    with tampering(url) as change:
        change("DELETE FROM stored_events WHERE {} = ?", (2,))
    assert broken_at(log) == (3, "chain_broken")


def test_a_stream_that_lacks_a_version_is_found(url: StoreUrl, log: EventLog) -> None:
    actor_id, position = record_actor(log, "peskov", "Peskov")
    redact(log, actor_id, position)
    with tampering(url) as change:
        change("UPDATE stored_events SET originator_version = 3 WHERE {} = ?", (2,))
    with pytest.raises(LogDoesNotHold, match="event 2 does not follow in its stream"):
        log.check_turns()


def test_who_read_another_log_is_told_so(log: EventLog) -> None:
    log.append([introduced(1), introduced(2)])
    read = log.place_at(1)
    assert log.place_after(read, 2) == log.place()
    with pytest.raises(AnotherLog, match="this log ends at event 2"):
        log.place_after(LogPlace(1, b"x" * 32), 2)
    with pytest.raises(AnotherLog, match="up to event 9"):
        log.place_after(LogPlace(9, b"x" * 32), 9)


def test_what_does_not_hold_is_told_in_one_line(url: StoreUrl, log: EventLog) -> None:
    log.append([introduced(1)])
    overwrite(url, 1, b"\xc1")
    with pytest.raises(StandlineError) as broken:
        prove(log)
    assert "\n" not in str(broken.value)
    assert "restore a backup" in str(broken.value)
