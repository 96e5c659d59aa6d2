"""The fields of forms by which statements are drawn, coded again and decided on."""

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
    """Who is to code how much of a topic again."""

    topic = TextInput(lazy_gettext("Choose the topic."))
    coder = TextInput(lazy_gettext("Choose who codes it again."))
    size = TextInput(lazy_gettext("Give a number, or a share such as 10%."))
    shows = TextInput()


class SecondReadingSchema(FormSchema):
    """How a statement is read by somebody who does not know how it was coded."""

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
    """The same of a paragraph, with who speaks in it, when, and by which words.

    Without a position these may be missing: nothing in the paragraph answers the question.
    """

    speaker = TextInput()
    said_at = DateInput()
    words = VerbatimInput(data_key="passage.text")

    @validates_schema(skip_on_field_errors=False)
    def _ask_for_what_was_said(self, data: dict[str, Any], **_: object) -> None:
        strings = {"speaker": SPEAKER, "said_at": DAY, "passage.text": WORDS}
        given = {"passage.text": data.get("words"), **data}
        if data.get("stance") != NO_POSITION or any(given.get(name) for name in strings):
            missing = {name: wanted for name, wanted in strings.items() if not given.get(name)}
            if missing:
                raise ValidationError(
                    {name: [MissingMessage(str(string))] for name, string in missing.items()}
                )


class DecisionSchema(FormSchema):
    """What is decided where two readings differ, and why."""

    stance = TextInput(lazy_gettext("Choose what stands on record."))
    no_position_reason = TextInput()
    asked = TextInput()
    reason = TextInput(WHY)
