"""The fields of forms for entries and their sources, under the names of the native interchange.

The fields have the order of the form; inherited ones come first, those of the last base before
the others. Fields of entries and sources are those of `timeline.domain.fields`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marshmallow import ValidationError, validates_schema

from timeline.application.commands import Source
from timeline.domain.fields import DEVELOPMENT, DOCUMENT, STATEMENT
from timeline.domain.scales import NO_POSITION
from web.i18n.translate import gettext, lazy_gettext
from web.record.fields.choices import OFF_THE_RECORD
from web.record.fields.inputs import (
    OTHERS,
    WHY,
    DateInput,
    FormSchema,
    MissingMessage,
    MomentInput,
    SourceTextInput,
    TextInput,
    declare_inputs,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


@declare_inputs(DOCUMENT, "source.url", OTHERS)
class ImprintSchema(FormSchema):
    """The fields of a source."""


class SourceSchema(ImprintSchema):
    """The source of an entry: its address, outlet or title is required."""

    @validates_schema(skip_on_field_errors=False)
    def _ask_for_source(self, data: dict[str, Any], **_: object) -> None:
        if not any(data.get(name) for name in ("source_url", "source_outlet", "source_title")):
            message = gettext("Name the source: its address, its outlet or its title.")
            raise ValidationError(MissingMessage(message), "source.url")


def source_of(data: Mapping[str, Any]) -> Source:
    """Return the source that a form names."""
    return Source(**{field.on_record: data.get(field.attribute) or None for field in DOCUMENT})


def _ask_for_date(data: Mapping[str, Any], field: str) -> None:
    if not data.get(field) and not data.get("source_published_at"):
        message = gettext("Give the day, or the day that the source was published.")
        raise ValidationError(MissingMessage(message), field)


@declare_inputs(
    STATEMENT,
    *("passage", "attribution", "quote", "translation", "reported_via"),
    *("actor", "on_behalf_of", "behalf_other", "mandate_reason", "said_at"),
    *("topic", "stance", "no_position_reason", "asked", OTHERS, "paraphrase", "utterance"),
    actor=TextInput(lazy_gettext("Say who said it.")),
    topic=TextInput(lazy_gettext("Choose the topic.")),
    stance=TextInput(lazy_gettext("Choose the stance that the words take.")),
    said_at=DateInput(precision="precision"),
)
class StatementSchema(SourceSchema):
    """Who said what on which topic."""

    embargo_until = MomentInput()
    text = SourceTextInput()

    @validates_schema(skip_on_field_errors=False)
    def _ask_for_date(self, data: dict[str, Any], **_: object) -> None:
        _ask_for_date(data, "said_at")

    @validates_schema(skip_on_field_errors=False)
    def _refuse_secrets(self, data: dict[str, Any], **_: object) -> None:
        if data.get("attribution") == OFF_THE_RECORD:
            message = gettext(
                "Off the record is not recorded here, and this form is not kept as a draft: nobody"
                " could check it. What was agreed as background keeps its agreed label: choose"
                " “Second-hand” and give the label, such as “a person familiar with the talks”."
            )
            raise ValidationError(message, "attribution")

    @validates_schema(skip_on_field_errors=False)
    def _ask_for_words(self, data: dict[str, Any], **_: object) -> None:
        quote, attribution = data.get("quote_text"), data.get("attribution")
        if attribution == "quoted" and not quote:
            message = gettext("Give the words that the source puts in quotation marks.")
            raise ValidationError(MissingMessage(message), "quote.text")
        if not quote and not data.get("paraphrase") and attribution != "voted":
            message = gettext("Say in a sentence of ours what was said.")
            raise ValidationError(MissingMessage(message), "paraphrase")

    @validates_schema(skip_on_field_errors=False)
    def _ask_for_reasons(self, data: dict[str, Any], **_: object) -> None:
        reason = data.get("no_position_reason") if data.get("stance") == NO_POSITION else "none"
        if not reason:
            message = gettext("Say whether the question was declined, or no side was taken.")
            raise ValidationError(MissingMessage(message), "no_position_reason")
        if reason == "declined" and not data.get("asked"):
            message = gettext("Give the question that was declined.")
            raise ValidationError(MissingMessage(message), "asked")
        if data.get("attribution") == "second_hand" and not data.get("reported_via"):
            message = gettext("Name who says so, as the source does.")
            raise ValidationError(MissingMessage(message), "reported_via")


@declare_inputs(
    DEVELOPMENT,
    *("title", "summary", "status", "topics", OTHERS),
    title=TextInput(lazy_gettext("Say in one line what happened.")),
    status=TextInput(lazy_gettext("Choose how certain it is.")),
    happened_at=DateInput(precision="precision"),
)
class HappeningSchema(FormSchema):
    """What happened."""


class DevelopmentSchema(SourceSchema, HappeningSchema):
    """What happened, and its source."""

    embargo_until = MomentInput()

    @validates_schema(skip_on_field_errors=False)
    def _ask_for_date(self, data: dict[str, Any], **_: object) -> None:
        _ask_for_date(data, "happened_at")

    @validates_schema(skip_on_field_errors=False)
    def _ask_for_topics(self, data: dict[str, Any], **_: object) -> None:
        if not data.get("topics"):
            message = gettext("Choose at least one topic that it bears on.")
            raise ValidationError(MissingMessage(message), "topics")


@declare_inputs(
    STATEMENT,
    *("actor", "on_behalf_of", "mandate_reason", "topic", "stance", "no_position_reason"),
    *("asked", "paraphrase", "passage", "quote", "translation", "attribution", "reported_via"),
    *(OTHERS, "said_at", "utterance"),
)
class SaidSchema(FormSchema):
    """Every field of a statement that can be corrected, except its source."""


@declare_inputs(DEVELOPMENT, "title", "summary", "topics", "status", OTHERS)
class HappenedSchema(FormSchema):
    """Every field of a development that can be corrected, except its source."""


class CorrectionSchema(ImprintSchema, HappenedSchema, SaidSchema):
    """What is corrected of an entry or its source, and why."""

    reason = TextInput(WHY)
