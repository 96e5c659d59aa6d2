"""A whole log taken out and put into an empty store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from tests.stores.newsroom import NOON, SECOND, introduced, record_actor, redact
from timeline.domain.errors import Refused
from timeline.stores.log import EventLog
from timeline.stores.mapper import write_event
from timeline.stores.rows import StoredRow
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def original(tmp_path: Path) -> Iterator[EventLog]:
    """Return a log with a gap, a second version, an erased content and a late clock."""
    log = EventLog.open(StoreUrl.parse(f"sqlite:///{tmp_path}/original.db"))
    actor_id, position = record_actor(log, "peskov", "Peskov")
    redact(log, actor_id, position)
    log.erase([position])
    log.append([introduced(1, NOON + 9 * SECOND), introduced(2, NOON + 3 * SECOND)])
    yield log
    log.close()


def with_a_gap(rows: Iterator[StoredRow], gap: int) -> list[StoredRow]:
    """Leave a gap after the redaction, which names the position before it."""
    return [
        row if row.position <= 2 else msgspec.structs.replace(row, position=row.position + gap)
        for row in rows
    ]


def test_a_restored_log_has_the_same_bytes_at_the_same_positions(
    original: EventLog, log: EventLog
) -> None:
    rows = with_a_gap(original.stored(), 100)
    log.restore(iter(rows))
    assert list(log.stored()) == rows
    assert log.last() == (104, NOON + 9 * SECOND)
    assert log.position_at(NOON + 3 * SECOND) == 2


def test_the_next_append_follows_the_restored_rows(original: EventLog, log: EventLog) -> None:
    log.restore(with_a_gap(original.stored(), 100))
    assert log.append([introduced(3, NOON + 9 * SECOND)]) == [105]


def test_a_log_is_restored_into_an_empty_store_only(original: EventLog, log: EventLog) -> None:
    log.append([introduced(7)])
    with pytest.raises(Refused, match="only be restored into an empty store"):
        log.restore(original.stored())
    assert log.count() == 1


def test_a_log_is_restored_whole_or_not_at_all(original: EventLog, log: EventLog) -> None:
    rows = list(original.stored())
    with pytest.raises(Refused, match="position 1 follows 4"):
        log.restore([*rows, rows[0]])
    assert log.head() == 0


def test_altered_content_is_not_restored(original: EventLog, log: EventLog) -> None:
    *rows, last = original.stored()
    assert last.content is not None
    forged = msgspec.structs.replace(last, content=last.content.replace(b"Actor 2", b"Actor 3"))
    with pytest.raises(Refused, match="the content at position 4 is not what was committed"):
        log.restore([*rows, forged])


def test_content_may_be_missing_only_where_a_redaction_of_its_stream_names_it(
    original: EventLog, log: EventLog
) -> None:
    first, redaction, *others = original.stored()
    with pytest.raises(Refused, match="the content at position 1 is missing"):
        log.restore([first, *others])
    elsewhere = msgspec.structs.replace(redaction, stream="another", version=1)
    with pytest.raises(Refused, match="the content at position 1 is missing"):
        log.restore([first, elsewhere, *others])
    assert log.head() == 0


def test_bytes_that_are_no_event_are_not_restored(log: EventLog) -> None:
    row = StoredRow(1, "actor-1", 1, "actor.introduced", b"\xc1", None, None)
    with pytest.raises(Refused, match="position 1 is not an event"):
        log.restore([row])


def test_a_stream_that_has_a_version_twice_is_not_restored(
    original: EventLog, log: EventLog
) -> None:
    rows = list(original.stored())
    twice = msgspec.structs.replace(rows[-1], position=9)
    with pytest.raises(Refused, match="twice"):
        log.restore([*rows, twice])
    assert log.head() == 0


def test_stored_rows_are_the_exact_bytes(log: EventLog) -> None:
    (position,) = log.append([introduced(1)])
    (row,) = log.stored()
    assert (row.position, row.stream, row.version) == (position, "actor-00000001", 1)
    assert row.type == "actor.introduced"
    assert write_event(introduced(1)) not in row.committed
    assert row.content == msgspec.msgpack.encode({"name": "Actor 1"})
