"""A redacted event is empty wherever it is read, and what is stored has one form alone."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING

import msgspec
import pytest

from tests.interchange.desk import Desk
from tests.stores.newsroom import introduced, record_actor, redact
from tests.stores.test_chain import broken_at, overwrite
from timeline.domain.catalogue import EVENT_TYPES
from timeline.domain.errors import Refused
from timeline.interchange import ExportOptions, export
from timeline.interchange.formats.registry import exporters
from timeline.stores.log import EventLog
from timeline.stores.mapper import exact_parts, state_of
from timeline.stores.proving import LogDoesNotHold
from timeline.stores.redactions import REDACTIONS
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from pathlib import Path

NAME = "Zacharias Secretson"


def raw_state(log: EventLog, position: int) -> bytes:
    """Return the state at a position as it lies in the database."""
    return bytes(log._recorder.range(position - 1, position)[0][4])  # noqa: SLF001


def put_back(url: StoreUrl, log: EventLog) -> tuple[str, int]:
    """Erase an actor's name, and write it into the table again."""
    actor_id, position = record_actor(log, "zacharias", NAME)
    before = raw_state(log, position)
    redact(log, actor_id, position)
    log.erase([position])
    log.append([introduced(7)])
    overwrite(url, position, before)
    assert NAME.encode() in raw_state(log, position)
    return actor_id, position


def failing(log: EventLog) -> tuple[int, str]:
    with pytest.raises(LogDoesNotHold) as broken:
        log.verify()
    return broken.value.position, broken.value.code


def test_words_that_were_put_back_are_found_at_their_position(url: StoreUrl, log: EventLog) -> None:
    _, position = put_back(url, log)
    assert failing(log) == (position, "words_put_back")
    assert broken_at(log) == (position, "words_put_back")
    with pytest.raises(LogDoesNotHold), log.snapshot() as snapshot:
        list(snapshot.rows())


def test_words_that_were_put_back_are_given_to_nobody(
    url: StoreUrl, log: EventLog, tmp_path: Path
) -> None:
    actor_id, position = put_back(url, log)
    for opened in (log, EventLog.open(url)):
        assert next(opened.stored()).content is None
        readings = (
            opened.event(position),
            opened.stream_of(actor_id)[0],
            opened.first_events([actor_id])[actor_id][1],
            next(opened.stream())[1],
        )
        assert [getattr(event, "content", "") for event in readings] == [None] * 4
        desk = Desk(opened, tmp_path)
        for form in exporters():
            out = io.BytesIO()
            export(desk, out, form, ExportOptions())
            assert NAME.encode() not in out.getvalue()
    opened.close()


def test_words_that_were_put_back_are_erased_by_erasing_them_again(
    url: StoreUrl, log: EventLog
) -> None:
    actor_id, position = put_back(url, log)
    assert log.with_content(actor_id) == [position]
    log.erase([position])
    assert NAME.encode() not in raw_state(log, position)
    assert log.verify().size == 3


def test_a_redaction_of_another_stream_hides_nothing(log: EventLog) -> None:
    actor_id, _ = record_actor(log, "peskov", "Peskov")
    _, other = record_actor(log, "umerov", NAME)
    redact(log, actor_id, other)
    assert next(log.stored(other - 1, other)).content
    assert log.verify().size == 3


def test_a_log_with_an_interrupted_erasure_is_restored_without_the_words(
    log: EventLog, tmp_path: Path
) -> None:
    actor_id, position = record_actor(log, "zacharias", NAME)
    interrupted = list(log.stored())
    redact(log, actor_id, position)
    interrupted += log.stored(position)
    with closing(EventLog.open(StoreUrl.parse(f"sqlite:///{tmp_path}/other.db"))) as other:
        other.restore(interrupted)
        assert NAME.encode() not in raw_state(other, position)
        assert other.verify().size == 2


def _parts(state: bytes) -> tuple[bytes, bytes, bytes]:
    committed, salt, content = exact_parts(state)
    return committed, salt or b"", content or b""


def fourth_part(state: bytes) -> bytes:
    return b"\x94" + state[1:] + msgspec.msgpack.encode(NAME)


def wide_header(state: bytes) -> bytes:
    return b"\xdc\x00\x03" + state[1:]


def widest_header(state: bytes) -> bytes:
    return b"\xdd\x00\x00\x00\x03" + state[1:]


def wide_salt(state: bytes) -> bytes:
    committed, salt, content = _parts(state)
    return b"\x93" + committed + b"\xc5\x00\x10" + salt + content


def longer_salt(state: bytes) -> bytes:
    committed, salt, content = _parts(state)
    # The name alone is MessagePack, too, and the hash is of salt and content in one piece.
    cut = content.index(bytes((0xA0 | len(NAME),)))
    moved, rest = content[:cut], content[cut:]
    return b"\x93" + committed + msgspec.msgpack.encode(salt + moved) + rest


OTHER_FORMS: tuple[Callable[[bytes], bytes], ...] = (
    fourth_part,
    wide_header,
    widest_header,
    wide_salt,
    longer_salt,
)


@pytest.mark.parametrize("form", OTHER_FORMS)
def test_other_bytes_that_mean_the_same_are_found(
    url: StoreUrl, log: EventLog, form: Callable[[bytes], bytes]
) -> None:
    _, position = record_actor(log, "zacharias", NAME)
    log.append([introduced(7)])
    overwrite(url, position, form(raw_state(log, position)))
    assert failing(log) == (position, "bytes_added")
    assert broken_at(log) == (position, "bytes_added")


def salted(state: bytes) -> bytes:
    return state_of(_parts(state)[0], NAME.encode(), None)


def empty_salt(state: bytes) -> bytes:
    return state_of(_parts(state)[0], b"", None)


@pytest.mark.parametrize("form", [fourth_part, wide_header, widest_header, salted, empty_salt])
def test_nothing_is_kept_with_an_erased_event(
    url: StoreUrl, log: EventLog, form: Callable[[bytes], bytes]
) -> None:
    actor_id, position = record_actor(log, "zacharias", NAME)
    redact(log, actor_id, position)
    log.erase([position])
    overwrite(url, position, form(raw_state(log, position)))
    assert failing(log) == (position, "bytes_added")
    if form is salted:
        assert log.with_content(actor_id) == [position]
    assert next(log.stored()).salt is None


@pytest.mark.parametrize(
    ("salt", "content"), [(b"words", None), (b"", None), (None, b"\x81\xa4name\xa1x")]
)
def test_a_log_that_keeps_anything_with_an_erased_event_is_not_restored(
    log: EventLog, tmp_path: Path, salt: bytes | None, content: bytes | None
) -> None:
    actor_id, position = record_actor(log, "zacharias", NAME)
    redact(log, actor_id, position)
    log.erase([position])
    first, *others = log.stored()
    altered = msgspec.structs.replace(first, salt=salt, content=content)
    with closing(EventLog.open(StoreUrl.parse(f"sqlite:///{tmp_path}/other.db"))) as other:
        with pytest.raises(Refused, match="not what was committed"):
            other.restore([altered, *others])
        assert other.head() == 0


def test_every_type_of_redaction_is_in_the_index() -> None:
    assert {*REDACTIONS} == {one for one in EVENT_TYPES if one.endswith(".redacted")}
