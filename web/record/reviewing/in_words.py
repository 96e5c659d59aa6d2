"""An entry that waits for review, field by field as it would be recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from timeline.domain.complete import check_complete
from timeline.domain.dates import said_or_published
from timeline.domain.entry import FURTHER_SOURCES
from timeline.domain.errors import Refused
from timeline.domain.field import Type
from timeline.domain.fields import DEVELOPMENT, DOCUMENT, STATEMENT
from timeline.domain.scales import NO_POSITION, scale_named
from timeline.domain.variables import VARIABLES
from web.entries.variables import shown_values
from web.i18n import dates
from web.i18n.languages import language_named
from web.i18n.translate import gettext, lazy_gettext
from web.record.fields import choices
from web.record.fields.dates import FIELD, date_in_words
from web.record.nouns import development
from web.record.source_text import article
from web.record.statement import command
from web.record.statement.several import is_own
from web.wording import stances
from web.wording.kinds import outlet_kinds

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from timeline.application.commands import Command
    from timeline.domain.field import Field
    from timeline.domain.scales import Scale
    from web.record.forms.form_state import FormState
    from web.record.statement.draft import Draft

STATEMENT_ROWS: Mapping[str, object] = {
    "actor": lazy_gettext("Actor"),
    "on_behalf_of": lazy_gettext("On behalf of"),
    "mandate_reason": lazy_gettext("Why the words stand for both"),
    "topic": lazy_gettext("Topic"),
    "stance": lazy_gettext("Stance"),
    "no_position_reason": lazy_gettext("Why none?"),
    "asked": lazy_gettext("The question that was asked"),
    "paraphrase": lazy_gettext("What was said"),
    "passage.text": lazy_gettext("Passage"),
    "attribution": lazy_gettext("How are the words given?"),
    "quote.text": lazy_gettext("Quote"),
    "quote.lang": lazy_gettext("Language of the quote"),
    "quote.wording": lazy_gettext("Wording of the quote"),
    "quote.translated_by": lazy_gettext("Translated by"),
    "translation": lazy_gettext("Translation of the quote"),
    "reported_via": lazy_gettext("Who says so"),
    "condition.text": lazy_gettext("Condition"),
    "condition.topic": lazy_gettext("Topic of the condition"),
    "condition.actor": lazy_gettext("Whose act it is"),
    "condition.same_as": lazy_gettext("The same condition as in"),
    "drops": lazy_gettext("Drops the condition of"),
    "dissent": lazy_gettext("Dissent"),
    "hedge": lazy_gettext("Hedge in the source"),
    "said_at": lazy_gettext("Said on"),
}
PASSAGE = "passage"
DEVELOPMENT_ROWS: Mapping[str, object] = {
    "title": lazy_gettext("What happened"),
    "summary": lazy_gettext("A few more words"),
    "topics": lazy_gettext("Topics that it bears on"),
    "status": lazy_gettext("How certain is it?"),
    "according_to": lazy_gettext("According to"),
    "happened_at": lazy_gettext("Happened on"),
    PASSAGE: lazy_gettext("Passage"),
}
"""The labels of fields; the passage is no field of a development, but kept with it."""

BESIDE = ("prefix", "suffix", "start", "end")
LEFT_OUT = {
    "source": "told by the fields of the source",
    FURTHER_SOURCES: "a form names one source",
    "wording": "that which the topic has then",
    "variables": "each is a row of its own, as the codebook calls it",
    "scale_version": "follows from the word of the stance",
    "utterance": "an id, which says nothing to anybody",
    **dict.fromkeys(
        (f"{words}.{of}" for words in ("quote", "passage") for of in BESIDE),
        "found where the words stand in the text",
    ),
}
"""Fields that the review leaves out, each with the reason."""

check_complete("STATEMENT_ROWS", {*STATEMENT_ROWS, *LEFT_OUT}, (field.name for field in STATEMENT))
check_complete(
    "DEVELOPMENT_ROWS", {*DEVELOPMENT_ROWS, *LEFT_OUT}, (field.name for field in DEVELOPMENT)
)

CHOICES: Mapping[str, Callable[[], list[tuple[str, str]]]] = {
    "no_position_reason": choices.all_reasons,
    "dissent": choices.dissents,
    "source.outlet_kind": outlet_kinds,
    "attribution": choices.attributions,
    "quote.wording": choices.wordings,
    "status": choices.statuses,
}


class FieldRow(msgspec.Struct, frozen=True):
    """A field, its label, and the value that would be recorded."""

    field: str
    name: str
    words: str


def stances_in_words(draft: Draft) -> list[list[FieldRow]]:
    """Return the rows of a statement, and for each further stance its own fields."""
    further = [statement_in_words(stance) for stance in draft.further]
    return [
        statement_in_words(draft),
        *([row for row in rows if is_own(row.field)] for rows in further),
    ]


def statement_in_words(draft: Draft) -> list[FieldRow]:
    """Return the rows of a statement, without empty fields."""
    entry, sheet = command.command_of(draft), draft.sheet
    condition = entry.condition.topic if entry.condition else None
    condition_topic = choices.chosen_topic(draft.groups, condition or "")
    extra = {
        "actor": draft.actor.name if draft.actor else entry.actor or "",
        "on_behalf_of": dict(draft.behalf.mandates).get(entry.on_behalf_of or "")
        or entry.on_behalf_of
        or "",
        "topic": draft.topic.question if draft.topic else entry.topic,
        "stance": _stance(draft, entry.stance),
        "condition.topic": condition_topic.question if condition_topic else condition or "",
        "said_at": sheet.notes.get("said_at", ""),
    }
    values = shown_values(entry.variables or {}, draft.variables)
    variable_rows = [FieldRow(VARIABLES + view.id, view.label, view.words) for view in values]
    return [*_rows(STATEMENT, STATEMENT_ROWS, entry, extra), *variable_rows, *_source(entry)]


def development_in_words(
    sheet: FormState, data: dict[str, Any], topics: Mapping[str, str]
) -> list[FieldRow]:
    """Return the rows of a development.

    ``data`` are the valid values of the sheet, ``topics`` has the questions by slug.
    """
    entry = development.command_of(data)
    span = article.passage(sheet.value("text"), sheet.value("passage"))
    extra = {
        "topics": " ".join(topics.get(topic, topic) for topic in entry.topics),
        "according_to": sheet.value("according_to"),
        "happened_at": _date_words(entry.happened_at, entry.source.published_at),
        PASSAGE: sheet.value("text")[slice(*span)] if span else "",
    }
    return [*_rows(DEVELOPMENT, DEVELOPMENT_ROWS, entry, extra), *_source(entry)]


def embargo_in_words(sheet: FormState) -> list[FieldRow]:
    """Return the row with the end of an entry's embargo, if it has one."""
    words = sheet.notes.get(FIELD, "")
    return [FieldRow(FIELD, gettext("Embargo"), words)] if words else []


def _source(entry: Command) -> list[FieldRow]:
    labels = {field.name: gettext(field.label) for field in DOCUMENT}
    return _rows(DOCUMENT, labels, entry, {})


def _rows(
    fields: tuple[Field, ...],
    labels: Mapping[str, object],
    entry: Command,
    extra: dict[str, str],
) -> list[FieldRow]:
    """Return the rows that are not empty; ``extra`` has words that the command lacks."""
    by_name = {field.name: field for field in fields}
    values = {
        name: extra[name] if name in extra else _words(by_name[name], _get(entry, name))
        for name in labels
    }
    return [FieldRow(name, str(labels[name]), words) for name, words in values.items() if words]


def _get(entry: Command, name: str) -> str:
    value: Any = entry
    for part in name.split("."):
        value = getattr(value, part, None)
    return value or ""


def _words(field: Field, value: str) -> str:
    if field.type is Type.CHOICE:
        return dict(CHOICES[field.name]()).get(value, value)
    if not value:
        return ""
    if field.type is Type.DATE:
        return dates.said(value)
    return language_named(value) if field.type is Type.LANGUAGE else value


def _stance(draft: Draft, chosen: str) -> str:
    if draft.topic is None or not chosen:
        return chosen
    if chosen == NO_POSITION:
        return gettext("takes no position")
    scale = draft.topic.scale
    return stances.word(scale, scale.value(chosen))


def _date_words(happened_at: str | None, published: str | None) -> str:
    try:
        return date_in_words(said_or_published(happened_at, published), happened_at)
    except Refused:
        return happened_at or ""


STANCE = "stance"


class Difference(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A field that somebody reads differently, and how.

    ``place`` counts several stances from 1; it is 0 if there is one. A stance is stored as its
    ``value`` on a ``scale`` if it is a word of that scale; anything else as ``words``.
    """

    field: str
    words: str = ""
    place: int = 0
    scale: str = ""
    value: str = ""


_decode = msgspec.json.Decoder(Difference).decode


def new_difference(field: str, words: str, place: int, scale: Scale | None) -> Difference:
    """Return a difference; ``scale`` is that of the topic, whose words the reader may have used."""
    if field == STANCE and scale:
        choices = {
            value: _stance_word(scale, value) for value in (*filter(None, scale.words), NO_POSITION)
        }
        for value, word in choices.items():
            if word == words:
                return Difference(field, place=place, scale=scale.name, value=value)
    return Difference(field, words, place)


def encode_difference(diff: Difference) -> str:
    """Return a difference as JSON, as a form carries it."""
    return msgspec.json.encode(diff).decode()


def difference_in_words(stored: str) -> str:
    """Return a difference in the reader's language; other text of a form stays."""
    try:
        diff = _decode(stored)
        reading = _stance_word(scale_named(diff.scale), diff.value) if diff.value else diff.words
    except (msgspec.MsgspecError, Refused):
        return stored
    name = str(_names().get(diff.field, diff.field))
    if diff.place:
        name = gettext("Stance %(n)s of these words, %(field)s", n=diff.place, field=name)
    return gettext("%(field)s: %(reading)s", field=name, reading=reading) if reading else name


def _stance_word(scale: Scale, value: str) -> str:
    if value == NO_POSITION:
        return gettext("takes no position")
    return stances.word(scale, scale.value(value))


def _names() -> dict[str, object]:
    source = {field.name: gettext(field.label) for field in DOCUMENT}
    return {**DEVELOPMENT_ROWS, **STATEMENT_ROWS, **source, FIELD: gettext("Embargo")}
