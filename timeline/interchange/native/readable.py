"""The fields of rows and events that readers may see: one list of allowed names.

Everything that publishes a row or an event (JSON, CSV, payloads of the log) uses it. Pages, feeds
and frames show entries; their queries leave out withheld words
(`timeline.projections.queries.withheld`). Importing this module fails if a field is in no list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import msgspec

from timeline.domain.catalogue import EVENT_TYPES, OF_ROOMS
from timeline.domain.complete import check_complete
from timeline.domain.event import Content, own_fields
from timeline.domain.fields import ROWS
from timeline.domain.variables import ATTRIBUTES, VARIABLES
from timeline.interchange.native.fields import TRANSLATIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from timeline.domain.event import Event
    from timeline.projections.queries.attached import Reply

OPEN_ENDED = (TRANSLATIONS, VARIABLES, ATTRIBUTES)
"""Prefixes of fields that are named by the record itself."""

COLUMNS = frozenset(ROWS["statement"].keys() | ROWS["development"].keys())
"""The fields of a row, apart from `OPEN_ENDED` ones."""

WITHHELD = frozenset(("kind", "said_at", "happened_at", "first_recorded_at"))
"""Fields that stay if the entry is withheld."""

OF_NOUNS = {kind: frozenset(ROWS[kind]) for kind in ("story", "topic", "actor", "link")}
"""The fields of lines of nouns and links, which events show anyway."""

ENVELOPE = ("originator_id", "originator_version", "recorded_at", "recorded_by", "via", "key")
"""The fields of every event that readers see."""

READABLE = {
    "story.opened": "slug title",
    "story.renamed": "title reason",
    "story.sides_arranged": "sides labels",
    "story.translated": "lang words by",
    "topic.opened": "slug scale story succeeds question name reason",
    "topic.reworded": "wording question name reason",
    "topic.translated": "lang words by",
    "topic.codebook_written": "codebook about stances rules variables reason",
    "topic.watched": "watch since until actor how outlets note",
    "topic.watch_withdrawn": "watch reason",
    "topic.classified": "asks recurring limit_months prints reason",
    "topic.lede_set": "pinned sentence",
    "topic.filed_under": "story",
    "topic.closed": "reason",
    "topic.reopened": "reason",
    "topic.redacted": "positions basis",
    "actor.introduced": "slug kind name reason",
    "actor.renamed": "name reason",
    "actor.classified": "kind reason",
    "actor.alias_added": "alias",
    "actor.mandated": "mandate on_behalf_of since until standing role",
    "actor.standing_stated": "mandate standing topic since until reason",
    "actor.mandate_ended": "mandate until",
    "actor.described": "attributes reason",
    "actor.merged": "into reason",
    "actor.merge_undone": "into reason",
    "actor.translated": "lang words by",
    "actor.redacted": "positions basis",
    "document.filed": "published_at lang outlet_kind outlet title author url",
    "document.snapshot_taken": "sha256",
    "document.corrected": "field old new material reason",
    "document.redacted": "positions basis",
    "statement.recorded": (
        "topic wording speaker on_behalf_of stance no_position_reason condition_topic said_at "
        "document attribution utterance quote translation paraphrase condition hedge "
        "reported_via asked mandate_reason passage scale_version condition_actor "
        "condition_id drops dissent variables"
    ),
    "statement.corrected": "field old new material reason",
    "statement.retracted": "withhold reason",
    "statement.reinstated": "reason",
    "statement.seconded": "document attribution reported_via",
    "statement.linked": "kind target note",
    "statement.unlinked": "kind target reason",
    "statement.redacted": "positions basis condition_id",
    "statement.translated": "lang words by",
    "statement.coded": (
        "stance no_position_reason coder first_coder decision scale_version topic has_condition "
        "note"
    ),
    "statement.quote_read": "reader",
    "statement.quote_unread": "reader",
    "statement.reply_requested": "note",
    "statement.passage_added": "passage",
    "statement.reply_received": "replied_at text lang",
    "statement.reply_retracted": "reply reason",
    "development.recorded": "topics happened_at status according_to document title summary",
    "development.corrected": "field old new material reason",
    "development.translated": "lang words by",
    "development.retracted": "withhold reason",
    "development.reinstated": "reason",
    "development.seconded": "document attribution reported_via",
    "development.linked": "kind target note",
    "development.unlinked": "kind target reason",
    "development.redacted": "positions basis",
    "change.signed": "topic lane edition before after sentence caveat also",
    "change.declined": "topic lane edition before after cause note",
    "change.reopened": "reason",
    "change.redacted": "positions basis",
    "clock.confirmed": "reached",
    "ledger.key_rotated": "note",
}
"""Further fields that readers see, by type of event, texts included."""

for _noun in OF_ROOMS.values():
    READABLE |= _noun.READABLE

FOR_EDITORS = {
    "document.snapshot_taken": "text",
    "statement.quote_read": "carries direction",
}
"""Fields that readers do not see, so that the next reader of a quote reads it blind."""

ALWAYS = ("reason", "withhold", "positions", "basis")
"""Fields of an event that stay, with its envelope, if its entry is withheld."""


def _field_names(*tables: Mapping[str, str]) -> set[str]:
    return {
        f"{type_} {name}" for table in tables for type_ in table for name in table[type_].split()
    }


def _declared() -> Iterator[str]:
    """Yield type and name of every field of every event, texts included."""
    for type_, kind in EVENT_TYPES.items():
        for field in msgspec.structs.fields(kind):
            if field.name == "content":
                words = next(arg for arg in get_args(field.type) if issubclass(arg, Content))
                yield from (f"{type_} {name}" for name in own_fields(words))
            elif field.name not in ENVELOPE:
                yield f"{type_} {field.name}"


check_complete("READABLE", _field_names(READABLE) | _field_names(FOR_EDITORS), _declared())


def readable_row(row: Mapping[str, Any], *, withheld: bool) -> dict[str, Any]:
    """Return the fields of a row that readers may see."""
    if withheld:
        return {name: row[name] for name in row if name in WITHHELD}
    return {name: row[name] for name in row if name in COLUMNS or name.startswith(OPEN_ENDED)}


def readable_line(line: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a story, topic, actor or link line that readers may see."""
    names = OF_NOUNS[line["kind"]]
    return {name: line[name] for name in line if name in names or name.startswith(OPEN_ENDED)}


def readable_replies(replies: Iterable[Reply]) -> list[dict[str, Any]]:
    """Return the replies that readers may see, without erased ones."""
    names = READABLE["statement.reply_received"].split()
    return [_only(msgspec.structs.asdict(reply), names) for reply in replies if reply.text]


def readable_event(event: Event, *, withheld: bool) -> dict[str, Any]:
    """Return the fields of an event that readers may see; ``withheld`` if its entry is."""
    fields = msgspec.to_builtins(event)
    words = fields.pop("content", None)
    names = READABLE.get(event.TOPIC, "").split()
    names = [name for name in names if name in ALWAYS] if withheld else names
    answer = {"type": event.TOPIC} | _only(fields, (*ENVELOPE, *names))
    if words is not None:
        answer["content"] = _only(words, names)
    return answer


def _only(fields: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {name: fields[name] for name in fields if name in names}
