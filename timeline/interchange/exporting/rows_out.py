"""Entries, stories, topics and actors as rows of the native interchange."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from timeline.application.intake import AS_STATED
from timeline.domain.dates import iso_us
from timeline.domain.development import Development
from timeline.domain.errors import Refused
from timeline.domain.scales import NO_POSITION, SCALES
from timeline.interchange.native.rows_in import OWN_ID, id_of_key

if TYPE_CHECKING:
    from timeline.domain.actor import Actor
    from timeline.domain.document import Document
    from timeline.domain.story import Story
    from timeline.domain.topic import Topic
    from timeline.interchange.exporting.standing import Record, Standing

Row = dict[str, Any]

ANCHOR = ("prefix", "suffix", "start", "end")
"""Where a quote stands in the stored text of its source."""


def entry_row(record: Record, standing: Standing) -> Row:
    """Return an entry as a flat row with dotted names; what is blank is left out."""
    if isinstance(standing.entry, Development):
        row = _development(record, standing)
    else:
        row = _statement(record, standing)
    document, _, _ = record.source(standing)
    row |= _source(document) | {
        "key": _key(standing),
        "first_recorded_at": iso_us(standing.first.recorded_at),
    }
    return _filled(row)


def _filled(row: Row) -> Row:
    return {name: value for name, value in row.items() if value not in (None, "", [], -1)}


def _statement(record: Record, standing: Standing) -> Row:
    fields = standing.entry.fields
    topic = record.topics[fields["topic"]]
    speaker = record.actors[fields["speaker"]]
    behalf, about = fields["on_behalf_of"], fields["condition_topic"]
    _, attribution, via = record.source(standing)
    reason = fields["mandate_reason"]
    return {
        "kind": "statement",
        **topic_row(record, topic),
        "actor": speaker.slug,
        "actor_name": speaker.name,
        "actor_kind": speaker.kind,
        "on_behalf_of": record.actors[behalf].slug if behalf else None,
        "mandate_reason": None if reason == AS_STATED else reason,
        "stance": _word(topic, fields["stance"]),
        "no_position_reason": fields["no_position_reason"],
        "condition.text": fields["condition"],
        "condition.topic": record.topics[about].slug if about in record.topics else about,
        "hedge": fields["hedge"],
        "asked": fields["asked"],
        "attribution": attribution,
        "reported_via": via,
        "utterance": fields["utterance"],
        **_quote(standing),
        "translation": fields["translation"],
        "paraphrase": fields["paraphrase"],
        "said_at": fields["said_at"],
    }


def _development(record: Record, standing: Standing) -> Row:
    fields = standing.entry.fields
    says = fields["according_to"]
    return {
        "kind": "development",
        "title": fields["title"],
        "summary": fields["summary"],
        "topics": [record.topics[each].slug for each in fields["topics"]],
        "according_to": record.actors[says].slug if says else None,
        "status": fields["status"],
        "happened_at": fields["happened_at"],
    }


def _quote(standing: Standing) -> Row:
    fields = standing.entry.fields
    if not fields["quote"]:
        return {}
    content = standing.first.content
    first = getattr(content, "quote", None)
    row = {
        "quote.text": fields["quote"],
        "quote.lang": fields["quote_lang"],
        "quote.wording": fields["quote_wording"],
        "quote.translated_by": fields["quote_translated_by"],
    }
    # Where it stood in the source is known of the words as first recorded only.
    if first is not None and first.exact == fields["quote"]:
        row |= {f"quote.{name}": getattr(first, name) for name in ANCHOR}
    return row


def _source(document: Document) -> Row:
    names = ("outlet", "title", "url", "author", "published_at", "lang")
    return {f"source.{name}": document.fields[name] for name in names}


def _key(standing: Standing) -> str | None:
    """Return the key that the row came with, or else the id itself, so that it comes back."""
    event = standing.first
    for key in (event.key, OWN_ID + event.originator_id):
        with suppress(Refused):
            if key and id_of_key(key) == event.originator_id:
                return key
    return None


def _word(topic: Topic, stance: int | None) -> str:
    return NO_POSITION if stance is None else SCALES[topic.scale].word(stance)


def story_row(record: Record, story: Story) -> Row:
    """Return a story as a row."""
    sides = [
        {"label": label, "actors": [record.actors[actor].slug for actor in side]}
        for label, side in zip(story.labels, story.sides, strict=False)
    ]
    row = {"kind": "story", "story": story.slug, "title": story.title, "sides": sides}
    return _filled(row)


def topic_row(record: Record, topic: Topic) -> Row:
    """Return what a row says of its topic."""
    story = record.stories.get(topic.story or "")
    row = {
        "story": story.slug if story else None,
        "topic": topic.slug,
        "topic_name": topic.name,
        "topic_question": topic.question,
        "scale": topic.scale,
    }
    return _filled(row)


def actor_row(record: Record, actor: Actor) -> Row:
    """Return an actor as a row, with other names and mandates."""
    mandates = [
        {
            "for": record.actors[held.on_behalf_of].slug,
            "as": held.role,
            "from": held.since,
            "until": held.until,
        }
        for held in actor.mandates.values()
    ]
    row = {
        "kind": "actor",
        "actor": actor.slug,
        "actor_name": actor.name,
        "actor_kind": actor.kind,
        "aliases": sorted(actor.aliases),
        "mandates": [_filled(held) for held in mandates],
    }
    return _filled(row)
