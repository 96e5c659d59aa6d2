"""The fields of forms that do something to what is on record, one schema a form."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, validates_schema

from timeline.domain.scales import NO_POSITION
from web.i18n.translate import gettext, lazy_gettext
from web.record.fields.inputs import WHY, FormSchema, Language, Missing, Verbatim, When, Words
from web.record.fields.schemas import SourceSchema

STANCE = lazy_gettext("Choose a stance, or that there is none.")
SPEAKER = lazy_gettext("Say who speaks.")
DAY = lazy_gettext("Say when it was said.")
WORDS = lazy_gettext("Choose the words in the paragraph.")


class ReasonSchema(FormSchema):
    """A reason alone, as for what is taken back."""

    reason = Words(WHY)


class AlikeSchema(ReasonSchema):
    """What several statements should hold, and why."""

    topic = Words()
    actor = Words()


class RetractSchema(ReasonSchema):
    """Why an entry is withdrawn, and whether its words go out of sight."""

    withhold = Words()


class ErasureSchema(FormSchema):
    """Which law demands that the words go."""

    basis = Words(WHY)


class LinkSchema(FormSchema):
    """A connection to another entry."""

    link = Words(lazy_gettext("Choose how the two are connected."))
    target = Words(lazy_gettext("Give the number of the other entry."))
    note = Words()


class UnlinkSchema(FormSchema):
    """A connection taken back."""

    link = Words()
    target = Words()
    reason = Words(WHY)


class RequestSchema(FormSchema):
    """That the actor was asked for a reply."""

    note = Words()


class ReplySchema(FormSchema):
    """The actor's own answer, to the letter."""

    replied_at = When(lazy_gettext("Give the day of the reply."))
    reply = Verbatim(lazy_gettext("Give the actor’s own words, unedited."))
    lang = Language()


class RetractReplySchema(ReasonSchema):
    """Which reply is taken back, counted from 1, and why."""

    which = Words()


class SecondSchema(SourceSchema):
    """A further source of the same words."""

    attribution = Words()
    reported_via = Words()


class PassageSchema(FormSchema):
    """The passage of the source that carries a statement."""

    passage = Words(lazy_gettext("Copy the passage from the source."), data_key="passage.text")


class UnsecondSchema(FormSchema):
    """A further source taken back, by the id of its document."""

    document = Words()
    reason = Words(WHY)


class DrawSchema(FormSchema):
    """Who is to code how much of a topic again."""

    topic = Words(lazy_gettext("Choose the topic."))
    coder = Words(lazy_gettext("Choose who codes it again."))
    size = Words(lazy_gettext("Give a number, or a share such as 10%."))
    shows = Words()


class SecondReadingSchema(FormSchema):
    """How a statement is read by somebody who does not know how it was coded."""

    stance = Words(STANCE)
    no_position_reason = Words()
    note = Words()

    @validates_schema(skip_on_field_errors=False)
    def _ask_for_reason(self, data: dict[str, Any], **_: object) -> None:
        if data.get("stance") == NO_POSITION and not data.get("no_position_reason"):
            raise ValidationError(Missing(gettext("Say why there is none.")), "no_position_reason")


class ParagraphReadingSchema(SecondReadingSchema):
    """The same of a paragraph, with who speaks in it, when, and by which words.

    Without a position these may be missing: nothing in the paragraph answers the question.
    """

    speaker = Words()
    said_at = When()
    words = Verbatim(data_key="passage.text")

    @validates_schema(skip_on_field_errors=False)
    def _ask_for_what_was_said(self, data: dict[str, Any], **_: object) -> None:
        told = {"speaker": SPEAKER, "said_at": DAY, "passage.text": WORDS}
        given = {"passage.text": data.get("words"), **data}
        if data.get("stance") != NO_POSITION or any(given.get(name) for name in told):
            missing = {name: wanted for name, wanted in told.items() if not given.get(name)}
            if missing:
                raise ValidationError({name: [Missing(str(one))] for name, one in missing.items()})


class DecisionSchema(FormSchema):
    """What is decided where two readings differ, and why."""

    stance = Words(lazy_gettext("Choose what stands on record."))
    no_position_reason = Words()
    asked = Words()
    reason = Words(WHY)
