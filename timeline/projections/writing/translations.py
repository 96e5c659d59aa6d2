"""Translations as pages show them: the latest of each text in each language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from timeline.domain.spelling import name_key
from timeline.projections.tables import schema
from timeline.projections.writing import developments, statements
from timeline.projections.writing.search import find_topic

if TYPE_CHECKING:
    from timeline.domain.translation import Translated
    from timeline.projections.writing.batch import Batch


def translated(batch: Batch, position: int, event: Translated) -> None:
    """Put the words of a translation in place of earlier ones of the same texts."""
    batch.flush()
    stream, lang, table = event.originator_id, event.lang, schema.translations
    words = event.content.words if event.content else {}
    known = table.c.stream == stream, table.c.lang == lang
    batch.conn.execute(delete(table).where(*known, table.c.original.in_([*words])))
    by = event.content.by if event.content else ""
    for original, text in words.items():
        batch.add(table, (stream, lang, original, text, by, position))


def topic_translated(batch: Batch, position: int, event: Translated) -> None:
    translated(batch, position, event)
    find_topic(batch, event.originator_id)


def actor_translated(batch: Batch, position: int, event: Translated) -> None:
    """Let the actor be found under the translated name as under any other."""
    translated(batch, position, event)
    actors, names = schema.actors, schema.actor_names
    own = select(actors.c.name).where(actors.c.id == event.originator_id)
    words = event.content.words if event.content else {}
    name = words.get(batch.conn.execute(own).scalar_one())
    known = select(names.c.name).where(names.c.actor == event.originator_id)
    if name and name not in batch.conn.execute(known).scalars().all():
        batch.add(names, (event.originator_id, name, name_key(name)))


def statement_translated(batch: Batch, position: int, event: Translated) -> None:
    translated(batch, position, event)
    statements.find_anew(batch, event.originator_id)


def development_translated(batch: Batch, position: int, event: Translated) -> None:
    translated(batch, position, event)
    developments.find_anew(batch, event.originator_id)
