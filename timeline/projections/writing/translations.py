"""Writes translations: the latest of each text in each language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from timeline.domain.spelling import name_key
from timeline.projections.tables import schema
from timeline.projections.writing import developments, statements
from timeline.projections.writing.search import find_topic

if TYPE_CHECKING:
    from timeline.domain.translation import Translated
    from timeline.projections.writing.batch import Batch


def translated(batch: Batch, position: int, event: Translated) -> None:
    """Replace earlier translations of the same texts."""
    words = event.content.words if event.content else {}
    by = event.content.by if event.content else ""
    for original, text in words.items():
        batch.translate((event.originator_id, event.lang, original, text, by, position))


def topic_translated(batch: Batch, position: int, event: Translated) -> None:
    translated(batch, position, event)
    batch.renamed.add(event.originator_id)
    find_topic(batch, event.originator_id)


def actor_translated(batch: Batch, position: int, event: Translated) -> None:
    """Add the translated name to the names of the actor."""
    translated(batch, position, event)
    batch.renamed.add(event.originator_id)
    batch.flush()
    actors, names = schema.actors, schema.actor_names
    own = select(actors.c.name).where(actors.c.id == event.originator_id)
    words = event.content.words if event.content else {}
    name = words.get(batch.conn.execute(own).scalar_one())
    known = select(names.c.name).where(names.c.actor == event.originator_id)
    if name and name not in batch.conn.execute(known).scalars().all():
        batch.add(names, (event.originator_id, name, name_key(name), position))


def statement_translated(batch: Batch, position: int, event: Translated) -> None:
    translated(batch, position, event)
    batch.reindex_later(event.originator_id, statements.reindex)


def development_translated(batch: Batch, position: int, event: Translated) -> None:
    translated(batch, position, event)
    batch.reindex_later(event.originator_id, developments.reindex)
