"""Writes editors' verdicts on changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select, update

from timeline.domain.verdict import (
    DECLINED,
    SIGNED,
    ChangeDeclined,
    ChangeSigned,
    SignedWords,
    ends_of,
)
from timeline.projections.tables import schema

if TYPE_CHECKING:
    from timeline.domain.verdict import ChangeRedacted, ChangeReopened
    from timeline.projections.writing.batch import Batch


def change_signed(batch: Batch, position: int, event: ChangeSigned) -> None:
    words = event.content or SignedWords(sentence="")
    also = msgspec.json.encode(words.also).decode()
    _decide(batch, position, event, (SIGNED, "", words.sentence, words.caveat, also))


def change_declined(batch: Batch, position: int, event: ChangeDeclined) -> None:
    note = event.content.note if event.content else ""
    _decide(batch, position, event, (DECLINED, event.cause, note, "", "[]"))


def change_reopened(batch: Batch, position: int, event: ChangeReopened) -> None:
    _end(batch, position, event.originator_id)


def change_redacted(batch: Batch, _position: int, event: ChangeRedacted) -> None:
    batch.flush()
    table = schema.verdicts
    erased = update(table).where(table.c.stream == event.originator_id)
    batch.conn.execute(erased.values(words="", caveat="", also="[]"))


def _decide(
    batch: Batch,
    position: int,
    event: ChangeSigned | ChangeDeclined,
    columns: tuple[str, str, str, str, str],
) -> None:
    _end(batch, position, event.originator_id)
    ends = ends_of(event)
    numbers = (msgspec.json.encode(end).decode() for end in (ends.before, ends.after))
    of = event.originator_id, None, ends.topic, ends.lane, ends.edition, *numbers
    row = position, *of, *columns, event.recorded_at, event.recorded_by
    batch.add(schema.verdicts, row)
    batch.touch_topic(ends.topic)


def _end(batch: Batch, position: int, stream: str) -> None:
    batch.flush()
    table = schema.verdicts
    stands = table.c.stream == stream, table.c.known_until.is_(None)
    for topic in batch.conn.execute(select(table.c.topic).where(*stands)).scalars():
        batch.touch_topic(topic)
    batch.conn.execute(update(table).where(*stands).values(known_until=position))
