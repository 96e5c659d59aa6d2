"""JSON-LD in the vocabulary of schema.org: claims, quotations, events, and corrections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from timeline.domain.dates import iso_us
from timeline.domain.instants import MICROSECONDS
from timeline.interchange.exporting.export import select_entries
from timeline.interchange.exporting.rows_out import entry_row
from timeline.interchange.foreign.named_rows import actors_by_slug, is_in_own_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from timeline.domain.actor import Actor
    from timeline.domain.entry import Corrected
    from timeline.domain.topic import Topic, TopicLedeSet
    from timeline.interchange.exporting.rows_out import Row
    from timeline.interchange.exporting.standing import CurrentEntry, Record, Selection
    from timeline.interchange.formats.contracts import ExportOptions, Store

Node = dict[str, Any]

CONTEXT = {"@vocab": "https://schema.org/", "url": {"@type": "@id"}}
"""The context, inline, so that nobody has to fetch it."""

_KINDS = {
    "person": "Person",
    "office": "Person",
    "state": "Country",
    "organisation": "Organization",
    "collective": "Organization",
}
_encode = msgspec.json.Encoder().encode


class LinkedDataExporter:
    """Each statement is a `Claim` with its `Quotation`, each development an `Event`."""

    name = "jsonld"

    def write(self, store: Store, options: ExportOptions, out: BinaryIO) -> None:
        """Write one graph, node by node; raises `NotFound` for an unknown topic or actor."""
        record, selection = select_entries(store, options)
        out.write(b'{"@context":' + _encode(CONTEXT) + b',"@graph":[')
        between = b""
        for node in _nodes(record, selection, own_words=options.own_words):
            out.writelines((between, _encode(node)))
            between = b",\n"
        out.write(b"]}\n")


def _nodes(record: Record, selection: Selection, *, own_words: bool) -> Iterator[Node]:
    """Yield the entries, then their questions that have a lede."""
    actors, slugs = actors_by_slug(record), set[str]()
    for standing in record.entries(selection):
        row = entry_row(record, standing)
        if not own_words or is_in_own_words(row):
            slugs |= {row["topic"]} if row["kind"] == "statement" else {*row["topics"]}
            yield _node(record, actors, standing, row)
    for topic in record.topics.values():
        lede = record.ledes.get(topic.id)
        if lede is not None and topic.slug in slugs and topic.lede:
            yield _question(topic, lede, selection.as_of)


def _node(record: Record, actors: dict[str, Actor], standing: CurrentEntry, row: Row) -> Node:
    made = _claim(actors, row) if row["kind"] == "statement" else _event(actors, row)
    corrections = [_correction(corrected) for corrected in record.corrections(standing)]
    return _without_blanks(
        {"@id": f"urn:uuid:{standing.first.originator_id}"}
        | made
        | {"correction": corrections, "sdDatePublished": iso_us(standing.first.recorded_at)}
    )


def _question(topic: Topic, lede: TopicLedeSet, as_of: int | None) -> Node:
    """Return a question with its lede, unless that is later than ``as_of``."""
    worded = topic.wordings.get(topic.wording)
    is_later = as_of is not None and as_of < lede.recorded_at // MICROSECONDS
    said = "" if is_later else topic.lede.sentence
    translated = sorted(
        (lang, text) for (lang, of), text in topic.translations.items() if of == said
    )
    comment = {
        "@type": "Comment",
        "text": said,
        "author": {"@type": "Thing", "name": lede.recorded_by},
        "dateCreated": iso_us(lede.recorded_at),
        "workTranslation": [
            {"@type": "Comment", "text": text, "inLanguage": lang} for lang, text in translated
        ],
    }
    return _without_blanks(
        {
            "@id": f"urn:standline:topic:{topic.slug}",
            "@type": "Question",
            "text": worded.question if worded else None,
            "comment": _without_blanks(comment) if said else None,
            "mentions": [{"@id": f"urn:uuid:{statement}"} for statement in topic.lede.pinned],
        }
    )


def _claim(actors: dict[str, Actor], row: Row) -> Node:
    slug: str = row["actor"]
    author = _actor(slug, row.get("actor_name") or slug, row.get("actor_kind") or "")
    whom = row.get("on_behalf_of")
    is_own = is_in_own_words(row)
    stance = {"@type": "PropertyValue", "propertyID": "stance", "value": row["stance"]}
    return {
        "@type": "Claim",
        "text": row.get("paraphrase") or row.get("passage.text") or row.get("quote.text"),
        # Hearsay: the actor is not the author.
        "author": author if is_own else None,
        "mentions": None if is_own else author,
        "sponsor": _actor_node(actors, whom) if whom else None,
        "about": {
            "@id": f"urn:standline:topic:{row['topic']}",
            "@type": "Question",
            "text": row.get("topic_question"),
        },
        "additionalProperty": [stance, *_more(row)],
        "dateCreated": _iso(row["said_at"]),
        "temporal": row["said_at"],
        "appearance": _work(row),
        "hasPart": _quotation(row, author),
    }


def _more(row: Row) -> list[Node]:
    names = ("attribution", "reported_via", "condition.text", "hedge", "no_position_reason")
    return [
        {"@type": "PropertyValue", "propertyID": name, "value": row[name]}
        for name in names
        if row.get(name)
    ]


def _quotation(row: Row, author: Node) -> Node | None:
    if not row.get("quote.text"):
        return None
    return _without_blanks(
        {
            "@type": "Quotation",
            "text": row["quote.text"],
            "inLanguage": row.get("quote.lang"),
            "spokenByCharacter": {"@id": author["@id"]} if is_in_own_words(row) else None,
            "isPartOf": _work(row),
        }
    )


def _event(actors: dict[str, Actor], row: Row) -> Node:
    first, _, last = row["happened_at"].partition("/")
    return {
        "@type": "Event",
        "name": row.get("title"),
        "description": row.get("summary"),
        "startDate": _iso(first),
        "endDate": _iso(last),
        "temporal": row["happened_at"],
        "about": [{"@id": f"urn:standline:topic:{topic}"} for topic in row["topics"]],
        "recordedIn": _work(row),
        "additionalProperty": {
            "@type": "PropertyValue",
            "propertyID": "status",
            "value": row["status"],
        },
        "contributor": _actor_node(actors, row["according_to"])
        if row.get("according_to")
        else None,
    }


def _actor_node(actors: dict[str, Actor], slug: str) -> Node:
    actor = actors.get(slug)
    return _actor(slug, (actor and actor.name) or slug, actor.kind if actor else "")


def _actor(slug: str, name: str, kind: str) -> Node:
    type_ = _KINDS.get(kind, "Thing")
    return {"@id": f"urn:standline:actor:{slug}", "@type": type_, "name": name}


def _work(row: Row) -> Node:
    outlet, author = row.get("source.outlet"), row.get("source.author")
    return _without_blanks(
        {
            "@type": "CreativeWork",
            "name": row.get("source.title"),
            "url": row.get("source.url"),
            "publisher": {"@type": "Organization", "name": outlet} if outlet else None,
            "author": {"@type": "Thing", "name": author} if author else None,
            "datePublished": _iso(row.get("source.published_at", "")),
            "inLanguage": row.get("source.lang"),
        }
    )


def _correction(event: Corrected) -> Node:
    return _without_blanks(
        {
            "@type": "CorrectionComment",
            "text": event.content.reason if event.content else "",
            "about": event.field,
            "dateCreated": iso_us(event.recorded_at),
        }
    )


def _iso(edtf: str) -> str | None:
    """Return a date in ISO 8601 for schema.org, if possible; ``temporal`` has the full date."""
    if not edtf or edtf[:1] in ".Y-" or any(sign in edtf for sign in "?~%X/"):
        return None
    return edtf


def _without_blanks(node: Node) -> Node:
    return {name: value for name, value in node.items() if value not in (None, "", [])}
