"""An entry that waits, told field by field as it would be recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from timeline.domain.complete import check_complete
from timeline.domain.dates import said_or_published
from timeline.domain.entry import FURTHER_SOURCES
from timeline.domain.errors import Refused
from timeline.domain.field import Type
from timeline.domain.fields import DEVELOPMENT, DOCUMENT, STATEMENT
from timeline.domain.scales import NO_POSITION
from timeline.domain.variables import VARIABLES
from web.entries.variables import shown_values
from web.i18n import dates
from web.i18n.languages import language_named
from web.i18n.translate import gettext, lazy_gettext
from web.record.fields import choices
from web.record.fields.dates import date_in_words
from web.record.fields.written_moments import FIELD
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
"""What a form asks of each field; the passage is no field of a development, but kept beside it."""

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
"""Fields that nobody is asked to agree to, each with the reason."""

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
    """A field, what it is called, and what would be recorded in it."""

    field: str
    name: str
    words: str


def stances_in_words(draft: Draft) -> list[list[FieldRow]]:
    """Return what a statement says, and of each further stance of its words what differs."""
    further = [statement_in_words(one) for one in draft.further]
    return [
        statement_in_words(draft),
        *([row for row in rows if is_own(row.field)] for rows in further),
    ]


def statement_in_words(draft: Draft) -> list[FieldRow]:
    """Return what a statement says, without fields that are empty."""
    given, sheet = command.command_of(draft), draft.sheet
    condition = given.condition.topic if given.condition else None
    named = choices.chosen_topic(draft.groups, condition or "")
    told = {
        "actor": draft.actor.name if draft.actor else given.actor or "",
        "on_behalf_of": dict(draft.behalf.mandates).get(given.on_behalf_of or "")
        or given.on_behalf_of
        or "",
        "topic": draft.topic.question if draft.topic else given.topic,
        "stance": _stance(draft, given.stance),
        "condition.topic": named.question if named else condition or "",
        "said_at": sheet.notes.get("said_at", ""),
    }
    values = shown_values(given.variables or {}, draft.variables)
    own = [FieldRow(VARIABLES + view.id, view.label, view.words) for view in values]
    return [*_rows(STATEMENT, STATEMENT_ROWS, given, told), *own, *_source(given)]


def development_in_words(
    sheet: FormState, given: dict[str, Any], topics: Mapping[str, str]
) -> list[FieldRow]:
    """Return what a development says.

    ``given`` is what is right of the sheet, ``topics`` has the questions by slug.
    """
    happened = development.command_of(given)
    span = article.passage(sheet.value("text"), sheet.value("passage"))
    told = {
        "topics": " ".join(topics.get(topic, topic) for topic in happened.topics),
        "according_to": sheet.value("according_to"),
        "happened_at": _happened(happened.happened_at, happened.source.published_at),
        PASSAGE: sheet.value("text")[slice(*span)] if span else "",
    }
    return [*_rows(DEVELOPMENT, DEVELOPMENT_ROWS, happened, told), *_source(happened)]


def embargo_in_words(sheet: FormState) -> list[FieldRow]:
    """Return from when on an entry would be on record, if that is said."""
    words = sheet.notes.get(FIELD, "")
    return [FieldRow(FIELD, gettext("Embargo"), words)] if words else []


def _source(given: Command) -> list[FieldRow]:
    labels = {field.name: gettext(field.label) for field in DOCUMENT}
    return _rows(DOCUMENT, labels, given, {})


def _rows(
    fields: tuple[Field, ...], labels: Mapping[str, object], given: Command, told: dict[str, str]
) -> list[FieldRow]:
    """Return the rows that are not empty; ``told`` are those that take more than the command."""
    known = {field.name: field for field in fields}
    found = {
        name: told[name] if name in told else _words(known[name], _stated(given, name))
        for name in labels
    }
    return [FieldRow(name, str(labels[name]), words) for name, words in found.items() if words]


def _stated(given: Command, name: str) -> str:
    found: Any = given
    for part in name.split("."):
        found = getattr(found, part, None)
    return found or ""


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


def _happened(given: str | None, published: str | None) -> str:
    try:
        return date_in_words(said_or_published(given, published), given)
    except Refused:
        return given or ""
