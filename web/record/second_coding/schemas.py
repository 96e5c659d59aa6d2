"""The forms that draw a sample, code a statement again, and decide on differences."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, validates_schema

from timeline.domain.scales import NO_POSITION
from web.i18n.translate import gettext, lazy_gettext
from web.record.fields.inputs import (
    WHY,
    DateInput,
    FormSchema,
    MissingMessage,
    TextInput,
    VerbatimInput,
)

STANCE = lazy_gettext("Choose a stance, or that there is none.")
SPEAKER = lazy_gettext("Say who speaks.")
DAY = lazy_gettext("Say when it was said.")
WORDS = lazy_gettext("Choose the words in the paragraph.")


class DrawSchema(FormSchema):
    """Who should code how much of a topic again."""

    topic = TextInput(lazy_gettext("Choose the topic."))
    coder = TextInput(lazy_gettext("Choose who codes it again."))
    size = TextInput(lazy_gettext("Give a number, or a share such as 10%."))
    shows = TextInput()


class SecondReadingSchema(FormSchema):
    """The reading of a statement by somebody who does not know the first reading."""

    stance = TextInput(STANCE)
    no_position_reason = TextInput()
    note = TextInput()

    @validates_schema(skip_on_field_errors=False)
    def _ask_for_reason(self, data: dict[str, Any], **_: object) -> None:
        if data.get("stance") == NO_POSITION and not data.get("no_position_reason"):
            raise ValidationError(
                MissingMessage(gettext("Say why there is none.")), "no_position_reason"
            )


class ParagraphReadingSchema(SecondReadingSchema):
    """The same for a paragraph, with its speaker, day and passage.

    Without a position these may be empty: nothing in the paragraph answers the question.
    """

    speaker = TextInput()
    said_at = DateInput()
    words = VerbatimInput(data_key="passage.text")

    @validates_schema(skip_on_field_errors=False)
    def _ask_for_what_was_said(self, data: dict[str, Any], **_: object) -> None:
        strings = {"speaker": SPEAKER, "said_at": DAY, "passage.text": WORDS}
        values = {"passage.text": data.get("words"), **data}
        if data.get("stance") != NO_POSITION or any(values.get(name) for name in strings):
            missing = {name: message for name, message in strings.items() if not values.get(name)}
            if missing:
                raise ValidationError(
                    {name: [MissingMessage(str(message))] for name, message in missing.items()}
                )


class DecisionSchema(FormSchema):
    """The decision on two readings that differ, and the reason."""

    stance = TextInput(lazy_gettext("Choose what stands on record."))
    no_position_reason = TextInput()
    asked = TextInput()
    reason = TextInput(WHY)
