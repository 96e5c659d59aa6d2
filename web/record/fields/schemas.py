"""The fields of forms for entries and their sources, under the names of the native interchange.

They stand in the order in which the form asks for them; what is inherited comes first, and of
several bases the last. Fields of entries and sources are those of `timeline.domain.fields`.
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
    FormSchema,
    Missing,
    Moment,
    SourceText,
    When,
    Words,
    asks,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


@asks(DOCUMENT, "source.url", OTHERS)
class ImprintSchema(FormSchema):
    """What is known of a source."""


class SourceSchema(ImprintSchema):
    """Where it stands: something must name it."""

    @validates_schema(skip_on_field_errors=False)
    def _ask_for_source(self, data: dict[str, Any], **_: object) -> None:
        if not any(data.get(name) for name in ("source_url", "source_outlet", "source_title")):
            message = gettext("Name the source: its address, its outlet or its title.")
            raise ValidationError(Missing(message), "source.url")


def source_of(given: Mapping[str, Any]) -> Source:
    """Return the source that a form names."""
    return Source(**{field.on_record: given.get(field.attribute) or None for field in DOCUMENT})


def _ask_for_date(data: Mapping[str, Any], field: str) -> None:
    if not data.get(field) and not data.get("source_published_at"):
        message = gettext("Give the day, or the day that the source was published.")
        raise ValidationError(Missing(message), field)


@asks(
    STATEMENT,
    *("passage", "attribution", "quote", "translation", "reported_via"),
    *("actor", "on_behalf_of", "behalf_other", "mandate_reason", "said_at"),
    *("topic", "stance", "no_position_reason", "asked", OTHERS, "paraphrase", "utterance"),
    actor=Words(lazy_gettext("Say who said it.")),
    topic=Words(lazy_gettext("Choose the topic.")),
    stance=Words(lazy_gettext("Choose the stance that the words take.")),
    said_at=When(precision="precision"),
)
class StatementSchema(SourceSchema):
    """Who said what on which topic."""

    embargo_until = Moment()
    text = SourceText()

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
            raise ValidationError(Missing(message), "quote.text")
        if not quote and not data.get("paraphrase") and attribution != "voted":
            message = gettext("Say in a sentence of ours what was said.")
            raise ValidationError(Missing(message), "paraphrase")

    @validates_schema(skip_on_field_errors=False)
    def _ask_for_reasons(self, data: dict[str, Any], **_: object) -> None:
        reason = data.get("no_position_reason") if data.get("stance") == NO_POSITION else "none"
        if not reason:
            message = gettext("Say whether the question was declined, or no side was taken.")
            raise ValidationError(Missing(message), "no_position_reason")
        if reason == "declined" and not data.get("asked"):
            message = gettext("Give the question that was declined.")
            raise ValidationError(Missing(message), "asked")
        if data.get("attribution") == "second_hand" and not data.get("reported_via"):
            message = gettext("Name who says so, as the source does.")
            raise ValidationError(Missing(message), "reported_via")


@asks(
    DEVELOPMENT,
    *("title", "summary", "status", "topics", OTHERS),
    title=Words(lazy_gettext("Say in one line what happened.")),
    status=Words(lazy_gettext("Choose how certain it is.")),
    happened_at=When(precision="precision"),
)
class HappeningSchema(FormSchema):
    """What happened."""


class DevelopmentSchema(SourceSchema, HappeningSchema):
    """What happened, and where it stands."""

    embargo_until = Moment()

    @validates_schema(skip_on_field_errors=False)
    def _ask_for_date(self, data: dict[str, Any], **_: object) -> None:
        _ask_for_date(data, "happened_at")

    @validates_schema(skip_on_field_errors=False)
    def _ask_for_topics(self, data: dict[str, Any], **_: object) -> None:
        if not data.get("topics"):
            message = gettext("Choose at least one topic that it bears on.")
            raise ValidationError(Missing(message), "topics")


@asks(
    STATEMENT,
    *("actor", "on_behalf_of", "mandate_reason", "topic", "stance", "no_position_reason"),
    *("asked", "paraphrase", "passage", "quote", "translation", "attribution", "reported_via"),
    *(OTHERS, "said_at", "utterance"),
)
class SaidSchema(FormSchema):
    """Every field of a statement that can be corrected, but for its source."""


@asks(DEVELOPMENT, "title", "summary", "topics", "status", OTHERS)
class HappenedSchema(FormSchema):
    """Every field of a development that can be corrected, but for its source."""


class CorrectionSchema(ImprintSchema, HappenedSchema, SaidSchema):
    """What is corrected of an entry or its source, and why."""

    reason = Words(WHY)
