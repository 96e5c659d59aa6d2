"""Entries, stories, topics and actors as rows of the native interchange, with their additions."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from timeline.application.intake import AS_STATED
from timeline.application.prepare import YES
from timeline.application.wordings import AS_WORDED
from timeline.domain.dates import iso_us
from timeline.domain.development import Development
from timeline.domain.entry import FURTHER_SOURCES
from timeline.domain.fields import DEVELOPMENT, DOCUMENT, STATEMENT
from timeline.domain.scales import NO_POSITION, SCALES
from timeline.domain.variables import ATTRIBUTES, VARIABLES
from timeline.interchange.native.codebooks import AS_CODED, CODEBOOKS, state_codebook
from timeline.interchange.native.coverage import COVERAGE, state_coverage
from timeline.interchange.native.fields import MANY_TEXTS, PASSAGE, TRANSLATIONS
from timeline.interchange.native.rows_in import key_of
from timeline.interchange.native.topic_parts import LEDES, NATURES, state_ledes, state_natures

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from timeline.domain.actor import Actor
    from timeline.domain.codebook import Codebook
    from timeline.domain.document import Document
    from timeline.domain.entry import Entry, Linked
    from timeline.domain.field import Field
    from timeline.domain.standing import StatedStanding
    from timeline.domain.story import Story
    from timeline.domain.topic import Topic, Wording
    from timeline.domain.translation import Translatable
    from timeline.interchange.exporting.standing import CitedSource, CurrentEntry, Record

Row = dict[str, Any]

_ANCHORS = tuple(
    (field.name, *field.path.split("."))
    for field in STATEMENT
    if field.in_rows and field.path.startswith(("quote.", "passage.")) and not field.correctable
)
"""Names of places in a source's text: in the row, the object that has it, and its field there."""


def entry_row(record: Record, standing: CurrentEntry) -> Row:
    """Return an entry as a flat row with dotted names, without blank fields."""
    if isinstance(standing.entry, Development):
        row = {"kind": "development"} | _own(record, DEVELOPMENT, standing.entry.fields)
    else:
        row = _statement(record, standing)
    document, _, _ = record.source(standing)
    row |= _source(document) | {
        "key": key_of(standing.first),
        "first_recorded_at": iso_us(standing.first.recorded_at),
    }
    return _without_blanks(
        row | further_sources(record, standing) | translations_out(standing.entry)
    )


def _without_blanks(row: Row) -> Row:
    return {name: value for name, value in row.items() if value not in (None, "", [], (), -1)}


def _statement(record: Record, standing: CurrentEntry) -> Row:
    fields = standing.entry.fields
    topic = record.topics[fields["topic"]]
    speaker = record.actors[fields["speaker"]]
    document, attribution, via = record.source(standing)
    reason = fields["mandate_reason"]
    row = {"kind": "statement"} | topic_row(record, topic, fields["wording"])
    row |= _introduction(speaker)
    row |= _own(record, STATEMENT, fields) | {
        "mandate_reason": None if reason == AS_STATED else reason,
        "stance": _word(topic, fields["stance"], fields["scale_version"]),
        "dissent": YES if fields["dissent"] else None,
        "attribution": attribution,
        "reported_via": via,
    }
    if record.words_a_condition_first(standing) and fields["condition_id"] == standing.entry.id:
        row = _without("condition.same_as", row)
    row |= {name: fields[name] for name in sorted(fields) if name.startswith(VARIABLES)}
    row |= _places(standing.entry)
    if document.id != fields["document"]:
        row = _without(PASSAGE, row)  # it is not the wording of the source that the row names
    return row if fields["quote"] else _without("quote.", row)


def _own(record: Record, fields: tuple[Field, ...], values: Mapping[str, Any]) -> Row:
    """Return an entry's own fields, with slugs for ids."""
    row: Row = {}
    for field in fields:
        if field.in_rows:
            row[field.name] = value = values.get(field.on_record)
            if value and field.noun:
                slug = partial(_slug, record, field.noun)
                row[field.name] = list(map(slug, value)) if field.many else slug(value)
    return row


def _slug(record: Record, noun: str, stream: str) -> str:
    if noun == "statement":
        return record.key_of(stream)
    named = (record.topics if noun == "topic" else record.actors).get(stream)
    return named.slug if named else stream


def _places(said: Entry) -> Row:
    """Return the places of quote and passage in the source; corrected words have none."""
    return {
        name: getattr(words, inner)
        for name, outer, inner in _ANCHORS
        if (words := getattr(said, outer))
    }


def _without(part: str, row: Row) -> Row:
    return {name: value for name, value in row.items() if not name.startswith(part)}


def _source(document: Document) -> Row:
    return {field.name: document.fields[field.on_record] for field in DOCUMENT}


def document_row(document: Document) -> Row:
    """Return a document that no entry names as a row; an erased one has only its kind."""
    return _without_blanks({"kind": "document"} | _source(document))


def _word(topic: Topic, stance: int | None, version: int) -> str:
    return NO_POSITION if stance is None else SCALES[topic.scale].word(stance, version)


def link_row(key: str, target: str, link: Linked, *, with_note: bool) -> Row:
    """Return a link between two entries, named by their keys, as a row.

    The note may speak of both entries, so it is left out if the words of either are.
    """
    note = link.content.note if link.content and with_note else ""
    row = {"kind": "link", "key": key, "relation": link.kind, "target": target, "note": note}
    return _without_blanks(row)


def story_row(record: Record, story: Story) -> Row:
    """Return a story as a row."""
    sides = [
        {"label": label, "actors": [record.actors[actor].slug for actor in side]}
        for label, side in zip(story.labels, story.sides, strict=False)
    ]
    row = {"kind": "story", "story": story.slug, "title": story.title, "sides": sides}
    return _without_blanks(row)


def topic_row(record: Record, topic: Topic, wording: int) -> Row:
    """Return the topic's fields of a row: the question in the wording that it answers."""
    story = record.stories.get(topic.story or "")
    worded = topic.wordings.get(wording)
    row = {
        "story": story.slug if story else None,
        "topic": topic.slug,
        "topic_name": worded.name if worded else "",
        "topic_question": worded.question if worded else "",
        "scale": topic.scale,
    }
    return _without_blanks(row)


def topic_line(record: Record, topic: Topic) -> Row:
    """Return a topic as a row of its own, with its codebooks, and all wordings if several."""
    row = {"kind": "topic"} | topic_row(record, topic, topic.wording)
    worded = [_wording(topic.wordings[number]) for number in sorted(topic.wordings)]
    books = [topic.codebooks[version] for version in sorted(topic.codebooks)]
    more = {
        "wordings": worded if len(worded) > 1 else [],
        CODEBOOKS: [_codebook(codebook, topic) for codebook in books],
        COVERAGE: _coverage(record, topic),
        NATURES: msgspec.to_builtins(state_natures(topic.natures)),
        LEDES: msgspec.to_builtins(state_ledes(topic.ledes)),
    }
    return row | _without_blanks(more)


def _coverage(record: Record, topic: Topic) -> list[Row]:
    watches = [topic.watches[number] for number in sorted(topic.watches)]
    slugs = {actor.id: actor.slug for actor in record.actors.values()}
    stated: list[Row] = msgspec.to_builtins(state_coverage(watches, slugs))
    return stated


def _codebook(codebook: Codebook, topic: Topic) -> Row:
    stated = state_codebook(codebook, SCALES[topic.scale])
    if stated.reason == AS_CODED:
        stated = msgspec.structs.replace(stated, reason="")
    return dict(msgspec.to_builtins(stated))


def _wording(worded: Wording) -> Row:
    reason = "" if worded.reason == AS_WORDED else worded.reason
    return _without_blanks({"question": worded.question, "name": worded.name, "reason": reason})


def actor_row(record: Record, actor: Actor) -> Row:
    """Return an actor as a row, with aliases and mandates."""
    mandates = [
        {
            "for": record.actors[mandate.on_behalf_of].slug,
            "as": mandate.role,
            "from": mandate.since,
            "until": mandate.until,
            "standing": mandate.standing,
            "stated": _standings(record, actor.standings.get(mandate.id, ())),
        }
        for mandate in actor.mandates.values()
    ]
    row = {
        "kind": "actor",
        **_introduction(actor),
        "aliases": sorted(actor.aliases),
        "mandates": [_without_blanks(mandate) for mandate in mandates],
    } | {ATTRIBUTES + id_: actor.attributes[id_] for id_ in sorted(actor.attributes)}
    return _without_blanks(row)


def _standings(record: Record, stated: Iterable[StatedStanding]) -> list[Row]:
    """Return the recorded standings of a mandate, without those on unknown topics."""
    rows = [
        {
            "standing": standing.standing,
            "topic": record.topics[standing.topic].slug if standing.topic else None,
            "from": standing.since,
            "until": standing.until,
            "reason": "" if standing.reason == AS_STATED else standing.reason,
        }
        for standing in stated
        if standing.topic is None or standing.topic in record.topics
    ]
    return [_without_blanks(row) for row in rows]


def _introduction(actor: Actor) -> Row:
    return {"actor": actor.slug, "actor_name": actor.name, "actor_kind": actor.kind}


_COLUMNS = {on_record: column for column, on_record in MANY_TEXTS.items()}
_DOCUMENT = tuple((field.name.removeprefix("source."), field.on_record) for field in DOCUMENT)


def translations_out(translatable: Translatable) -> dict[str, str]:
    """Return the translations of the current texts, as flat fields of a row."""
    if not translatable.translations:
        return {}
    texts = {field: text for field, text in translatable.texts().items() if text}
    return {
        f"{TRANSLATIONS}{lang}.{_column(field)}": translatable.translations[lang, text]
        for lang in sorted({lang for lang, _ in translatable.translations})
        for field, text in texts.items()
        if (lang, text) in translatable.translations
    }


def _column(field: str) -> str:
    name, colon, original = field.partition(":")
    return f"{_COLUMNS[name]}.{original}" if colon else field


def further_sources(record: Record, standing: CurrentEntry) -> dict[str, list[dict[str, Any]]]:
    """Return all sources but the strongest, as a field of a row; without any no field."""
    _, *others = record.sources(standing)
    listed = [_cited_source(cited) for cited in others]
    return {FURTHER_SOURCES: [source for source in listed if len(source) > 1]} if listed else {}


def _cited_source(cited: CitedSource) -> dict[str, Any]:
    """Return a source and its attribution; an erased source has nothing else."""
    fields = cited.document.fields
    said = {name: fields[on_record] for name, on_record in _DOCUMENT}
    said |= {"attribution": cited.attribution, "reported_via": cited.via}
    return {name: value for name, value in said.items() if value}
