"""Writes stories, topics, actors and documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import delete, select, update

from timeline.domain import actor as a
from timeline.domain import document as d
from timeline.domain import story as s
from timeline.domain import topic as t
from timeline.domain.spelling import name_key
from timeline.projections.tables import schema
from timeline.projections.tables.interned import keys_of
from timeline.projections.tables.lanes import Lanes, lanes_known, roots
from timeline.projections.writing.entries import erase_translations
from timeline.projections.writing.search import find_topic
from timeline.projections.writing.statements import redate_statements

if TYPE_CHECKING:
    from sqlalchemy import Table

    from timeline.projections.writing.batch import Batch


def story_opened(batch: Batch, position: int, event: s.StoryOpened) -> None:
    title = event.content.title if event.content else ""
    batch.add(schema.stories, (event.originator_id, event.slug, title, "[]", position))


def story_renamed(batch: Batch, _position: int, event: s.StoryRenamed) -> None:
    title = event.content.title if event.content else ""
    _set(batch, schema.stories, event.originator_id, title=title)
    topics = schema.topics.c
    filed = select(topics.id).where(topics.story == event.originator_id)
    for topic in batch.conn.execute(filed).scalars().all():
        find_topic(batch, topic)


def sides_arranged(batch: Batch, _position: int, event: s.StorySidesArranged) -> None:
    labels = event.content.labels if event.content else ("",) * len(event.sides)
    sides = [{"label": x, "actors": y} for x, y in zip(labels, event.sides, strict=True)]
    _set(batch, schema.stories, event.originator_id, sides=msgspec.json.encode(sides).decode())


def topic_opened(batch: Batch, position: int, event: t.TopicOpened) -> None:
    words = event.content or t.Wording(question="")
    batch.add(
        schema.topics,
        (
            event.originator_id,
            event.slug,
            event.scale,
            event.story,
            event.succeeds,
            1,
            words.question,
            words.name,
            0,
            position,
            event.recorded_at,
            0,
            0,
            None,
            None,
            0,
            0,
        ),
    )
    batch.add(schema.wordings, (event.originator_id, 1, words.question, "", position))
    find_topic(batch, event.originator_id)
    batch.renamed.add(event.originator_id)


def topic_reworded(batch: Batch, position: int, event: t.TopicReworded) -> None:
    words = event.content or t.Wording(question="")
    row = (event.originator_id, event.wording, words.question, words.reason, position)
    batch.add(schema.wordings, row)
    _set(
        batch,
        schema.topics,
        event.originator_id,
        wording=event.wording,
        question=words.question,
        name=words.name,
    )
    find_topic(batch, event.originator_id)
    batch.renamed.add(event.originator_id)


def codebook_written(batch: Batch, position: int, event: t.TopicCodebookWritten) -> None:
    words = msgspec.json.encode(event.content).decode() if event.content else ""
    written = event.recorded_at, event.recorded_by
    batch.add(schema.codebooks, (event.originator_id, event.codebook, position, *written, words))


def topic_watched(batch: Batch, position: int, event: t.TopicWatched) -> None:
    _end_watch(batch, position, event.originator_id, event.watch)
    watch = t.watch_of(event)
    row = (
        event.originator_id,
        event.watch,
        position,
        None,
        watch.actor,
        watch.since,
        watch.until,
        watch.how,
        msgspec.json.encode(watch.outlets).decode(),
        watch.note,
        event.recorded_at,
    )
    batch.add(schema.watches, row)


def watch_withdrawn(batch: Batch, position: int, event: t.TopicWatchWithdrawn) -> None:
    _end_watch(batch, position, event.originator_id, event.watch)


def _end_watch(batch: Batch, position: int, topic: str, watch: int) -> None:
    batch.flush()
    table = schema.watches
    this = table.c.topic == topic, table.c.watch == watch, table.c.known_until.is_(None)
    batch.conn.execute(update(table).where(*this).values(known_until=position))


def topic_classified(batch: Batch, position: int, event: t.TopicClassified) -> None:
    nature, reason = t.nature_of(event), event.content.reason if event.content else ""
    row = position, nature.asks, int(nature.recurring), nature.limit_months, nature.prints, reason
    batch.add(schema.natures, (event.originator_id, *row))
    batch.touch_topic(event.originator_id)


def lede_set(batch: Batch, position: int, event: t.TopicLedeSet) -> None:
    lede = t.lede_of(event)
    pinned = msgspec.json.encode(lede.pinned).decode()
    written = event.recorded_at, event.recorded_by
    batch.add(schema.ledes, (event.originator_id, position, *written, lede.sentence, pinned))


def topic_filed_under(batch: Batch, _position: int, event: t.TopicFiledUnder) -> None:
    if event.story is not None:
        keys_of(batch.conn, [event.story])
    _set(batch, schema.topics, event.originator_id, story=event.story)
    find_topic(batch, event.originator_id)


def topic_closed(batch: Batch, _position: int, event: t.TopicClosed) -> None:
    _set(batch, schema.topics, event.originator_id, closed=1)


def topic_reopened(batch: Batch, _position: int, event: t.TopicReopened) -> None:
    _set(batch, schema.topics, event.originator_id, closed=0)


def actor_introduced(batch: Batch, position: int, event: a.ActorIntroduced) -> None:
    name = event.content.name if event.content else ""
    batch.add(schema.actors, (event.originator_id, event.slug, event.kind, name, position))
    if name:
        named = event.originator_id, name, name_key(name), position
        batch.add(schema.actor_names, named)
    if not batch.derives_later:
        batch.ranked_actors.add(event.originator_id)
    batch.renamed.add(event.originator_id)


def actor_renamed(batch: Batch, position: int, event: a.ActorRenamed) -> None:
    if event.content:
        _set(batch, schema.actors, event.originator_id, name=event.content.name)
        _name(batch, position, event.originator_id, event.content.name)
        batch.touch_actor(event.originator_id)
    batch.renamed.add(event.originator_id)


def actor_classified(batch: Batch, position: int, event: a.ActorClassified) -> None:
    _keep_earlier(batch, position, schema.actors, event.originator_id, "kind")
    _set(batch, schema.actors, event.originator_id, kind=event.kind)
    batch.touch_actor(event.originator_id)


def alias_added(batch: Batch, position: int, event: a.ActorAliasAdded) -> None:
    if event.content:
        _name(batch, position, event.originator_id, event.content.alias)
        batch.touch_actor(event.originator_id)


def actor_mandated(batch: Batch, position: int, event: a.ActorMandated) -> None:
    role = event.content.role if event.content else ""
    batch.add(
        schema.mandates,
        (
            event.mandate,
            event.originator_id,
            event.on_behalf_of,
            role,
            event.since,
            event.until,
            event.standing,
            position,
            position,
            None,
        ),
    )

    batch.touch_actor(event.originator_id)


def mandate_ended(batch: Batch, position: int, event: a.ActorMandateEnded) -> None:
    batch.flush()
    table = schema.mandates
    is_known = table.c.id == event.mandate, table.c.known_until.is_(None)
    mandate = batch.conn.execute(select(table).where(*is_known)).one()
    batch.conn.execute(update(table).where(*is_known).values(known_until=position))
    ended = {**mandate._mapping, "until": event.until, "known_from": position}
    batch.add(table, tuple(ended[column.name] for column in table.c))
    batch.touch_actor(event.originator_id)


def standing_stated(batch: Batch, position: int, event: a.ActorStandingStated) -> None:
    standing = a.stated_standing(event)
    row = position, event.mandate, event.originator_id, standing.standing, standing.topic
    batch.add(schema.standings, (*row, standing.since, standing.until, standing.reason))
    batch.touch_actor(event.originator_id)


def actor_described(batch: Batch, position: int, event: a.ActorDescribed) -> None:
    attributes = event.content.attributes if event.content else {}
    for attribute, value in attributes.items():
        batch.add(schema.actor_attributes, (event.originator_id, attribute, position, value))


def actor_merged(batch: Batch, position: int, event: a.ActorMerged) -> None:
    batch.add(schema.merges, (event.originator_id, event.into, position))
    batch.flush()
    remember_merges(batch, position)


def merge_undone(batch: Batch, position: int, event: a.ActorMergeUndone) -> None:
    batch.flush()
    table = schema.merges
    batch.conn.execute(delete(table).where(table.c.actor == event.originator_id))
    remember_merges(batch, position)


def document_filed(batch: Batch, position: int, event: d.DocumentFiled) -> None:
    words = event.content or d.Imprint()
    batch.remember_published(event.originator_id, event.published_at)
    batch.add(
        schema.documents,
        (
            event.originator_id,
            words.outlet,
            words.title,
            words.author,
            words.url,
            event.published_at,
            event.lang,
            None,
            position,
            event.outlet_kind,
        ),
    )


def snapshot_taken(batch: Batch, _position: int, event: d.DocumentSnapshotTaken) -> None:
    _set(batch, schema.documents, event.originator_id, sha256=event.sha256)


def document_corrected(batch: Batch, position: int, event: d.DocumentCorrected) -> None:
    new = event.content.new if event.content and event.content.new is not None else event.new
    if event.field == "author":
        _keep_earlier(batch, position, schema.documents, event.originator_id, "author")
    _set(batch, schema.documents, event.originator_id, **{event.field: new})
    if event.field == "author":
        _touch_topics_of(batch, event.originator_id)
    if event.field == "published_at":
        batch.remember_published(event.originator_id, new)
        redate_statements(batch, position, event.originator_id)


def topic_redacted(batch: Batch, _position: int, event: t.TopicRedacted) -> None:
    erase_translations(batch, event.originator_id)
    _set(batch, schema.topics, event.originator_id, question="", name="")
    for table, words in (
        (schema.wordings, {"question": "", "reason": ""}),
        (schema.codebooks, {"words": ""}),
        (schema.watches, {"outlets": "[]", "note": ""}),
        (schema.natures, {"reason": ""}),
        (schema.ledes, {"sentence": ""}),
    ):
        of_topic = table.c.topic == event.originator_id
        batch.conn.execute(update(table).where(of_topic).values(**words))
    find_topic(batch, event.originator_id)
    batch.renamed.add(event.originator_id)


def actor_redacted(batch: Batch, _position: int, event: a.ActorRedacted) -> None:
    erase_translations(batch, event.originator_id)
    _set(batch, schema.actors, event.originator_id, name="")
    for table in (schema.actor_names, schema.actor_attributes):
        batch.conn.execute(delete(table).where(table.c.actor == event.originator_id))
    for table, words in ((schema.mandates, {"role": ""}), (schema.standings, {"reason": ""})):
        of_actor = table.c.actor == event.originator_id
        batch.conn.execute(update(table).where(of_actor).values(**words))
    batch.touch_actor(event.originator_id)
    batch.renamed.add(event.originator_id)


def document_redacted(batch: Batch, _position: int, event: d.DocumentRedacted) -> None:
    _set(batch, schema.documents, event.originator_id, outlet="", title="", author="", url="")
    earlier = schema.earlier_values
    batch.conn.execute(delete(earlier).where(earlier.c.stream == event.originator_id))
    _touch_topics_of(batch, event.originator_id)


def _touch_topics_of(batch: Batch, document: str) -> None:
    """Derive the topics of a document's statements anew: its author matters to the rule."""
    table = schema.topic_sources.c
    for topic in batch.conn.execute(
        select(table.topic).where(table.document == document)
    ).scalars():
        batch.touch_topic(topic)


def _keep_earlier(batch: Batch, position: int, table: Table, identity: str, field: str) -> None:
    """Store the value that a field had up to a log position."""
    batch.flush()
    query = select(table.c[field]).where(table.c.id == identity)
    value = batch.conn.execute(query).scalar_one()
    batch.add(schema.earlier_values, (identity, field, position, value))


def _name(batch: Batch, position: int, actor: str, name: str) -> None:
    batch.flush()
    table = schema.actor_names
    known = select(table.c.actor).where(table.c.actor == actor, table.c.name == name)
    if batch.conn.execute(known).first() is None:
        batch.add(table, (actor, name, name_key(name), position))


def _set(batch: Batch, table: Table, identity: str, **values: Any) -> None:  # noqa: ANN401
    batch.flush()
    batch.conn.execute(update(table).where(table.c.id == identity).values(**values))


def remember_merges(batch: Batch, position: int) -> None:
    """Store who is merged into whose lane from ``position`` on, and touch the lanes that differ."""
    merges, members = schema.merges, schema.lane_members
    rows = select(merges.c.actor, merges.c.into).order_by(merges.c.known_from)
    new = roots([(row.actor, row.into) for row in batch.conn.execute(rows)])
    old = lanes_known(batch.conn)
    moved: set[str] = set()
    for member in sorted(new.keys() | old.lane.keys()):
        if new.get(member) == old.lane.get(member):
            continue
        current = members.c.member == member, members.c.known_until.is_(None)
        batch.conn.execute(update(members).where(*current).values(known_until=position))
        if member in new:
            batch.add(members, (member, new[member], position, None))
        moved |= {member, new.get(member, member), old.of(member)}
    batch.flush()
    if not batch.derives_later:
        batch.recounted |= moved
        # Merged actors have no row in the list of actors; the others get theirs back.
        ranks = schema.actor_ranks
        batch.conn.execute(delete(ranks).where(ranks.c.actor.in_(moved)))
        _touch(batch, moved, old)


def _touch(batch: Batch, moved: set[str], old: Lanes) -> None:
    """Touch the lanes of these actors, their old lanes, and those of whom they spoke for."""
    readings, statements = schema.readings, schema.statements
    own = select(readings.c.topic, readings.c.actor).where(readings.c.actor.in_(moved))
    behalf = select(statements.c.topic, statements.c.on_behalf_of).where(
        statements.c.speaker.in_(moved), statements.c.on_behalf_of.is_not(None)
    )
    for topic, actor in batch.conn.execute(own.union(behalf)):
        batch.touch(topic, actor)
        batch.touch(topic, old.of(actor))
