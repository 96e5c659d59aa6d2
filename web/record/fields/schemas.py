"""The forms' fields, one schema a form, under the names of the native interchange.

They stand in the order in which the form asks for them; what is inherited comes first, and of
several bases the last. Fields of entries and sources are those of `timeline.domain.fields`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marshmallow import ValidationError, fields, validates_schema

from timeline.application.commands import Source
from timeline.application.texts import text
from timeline.domain.fields import DEVELOPMENT, DOCUMENT, LIMITS, STATEMENT
from timeline.domain.scales import NO_POSITION
from timeline.domain.text import clean
from web.i18n.translate import gettext, lazy_gettext
from web.record.fields.choices import OFF_THE_RECORD
from web.record.fields.inputs import OTHERS, FormSchema, Missing, Moment, When, Words, asks

if TYPE_CHECKING:
    from collections.abc import Mapping

WHY = lazy_gettext("Say why. The reason stays on record.")


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
    return Source(**{one.on_record: given.get(one.attribute) or None for one in DOCUMENT})


def _ask_for_date(data: Mapping[str, Any], field: str) -> None:
    if not data.get(field) and not data.get("source_published_at"):
        message = gettext("Give the day, or the day that the source was published.")
        raise ValidationError(Missing(message), field)


class SourceText(Words):
    """The pasted text of the source."""

    def read(self, value: str, name: str, data: Mapping[str, Any]) -> str:
        """Return the text as it will be kept; raises `Refused`."""
        del data
        return clean(value, name, LIMITS["snapshot"]) if value.strip() else ""


class Verbatim(Words):
    """Somebody's own words, of which nothing is taken away."""

    def read(self, value: str, name: str, data: Mapping[str, Any]) -> str:
        """Return the text as it will be kept; raises `Refused`."""
        del data
        return clean(value, name, LIMITS[name]) if value.strip() else ""


class Lines(Words):
    """Names, one a line."""

    def read(self, value: str, name: str, data: Mapping[str, Any]) -> str:
        """Return the lines that say something; raises `Refused`."""
        del name, data
        return "\n".join(filter(None, (text(line, "alias") for line in value.splitlines())))


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
    *("title", "summary", "topics", "status", OTHERS),
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


class TopicSchema(FormSchema):
    """A question, its scale and its story."""

    topic_question = Words(lazy_gettext("Word it as one neutral question."))
    topic_name = Words()
    slug = Words()
    scale = Words(lazy_gettext("Choose the words in which people answer."))
    story = Words()
    new_story = Words()
    succeeds = Words()

    @validates_schema(skip_on_field_errors=False)
    def _ask_for_story(self, data: dict[str, Any], **_: object) -> None:
        if data.get("story") == "new" and not data.get("new_story"):
            raise ValidationError(Missing(gettext("Give the new story a title.")), "new_story")


class RewordSchema(FormSchema):
    """The question in other words."""

    topic_question = Words(lazy_gettext("Word it as one neutral question."))
    topic_name = Words()
    same_meaning = Words(
        lazy_gettext("A new meaning needs a new topic: confirm that it is the same.")
    )
    reason = Words(WHY)


class CodebookSchema(FormSchema):
    """What a codebook says of a question as a whole; stances, cases and rules stand in rows."""

    about = Words()
    reason = Words()


STANCE = lazy_gettext("Choose a stance, or that there is none.")


class DrawSchema(FormSchema):
    """Who is to code how much of a topic again."""

    topic = Words(lazy_gettext("Choose the topic."))
    coder = Words(lazy_gettext("Choose who codes it again."))
    size = Words(lazy_gettext("Give a number, or a share such as 10%."))


class SecondReadingSchema(FormSchema):
    """How a statement is read by somebody who does not know how it was coded."""

    stance = Words(STANCE)
    no_position_reason = Words()
    note = Words()

    @validates_schema(skip_on_field_errors=False)
    def _ask_for_reason(self, data: dict[str, Any], **_: object) -> None:
        if data.get("stance") == NO_POSITION and not data.get("no_position_reason"):
            raise ValidationError(Missing(gettext("Say why there is none.")), "no_position_reason")


class DecisionSchema(FormSchema):
    """What is decided where two readings differ, and why."""

    stance = Words(lazy_gettext("Choose what stands on record."))
    no_position_reason = Words()
    asked = Words()
    reason = Words(WHY)


class Outlets(Words):
    """Where was watched, one outlet a line."""

    def read(self, value: str, name: str, data: Mapping[str, Any]) -> str:
        """Return the lines that say something; raises `Refused`."""
        del data
        return "\n".join(filter(None, (text(line, name) for line in value.splitlines())))


class WatchSchema(FormSchema):
    """Where was watched, for whom, and from when to when."""

    number = Words()
    actor = Words()
    outlets = Outlets(lazy_gettext("Name the outlets, one a line."))
    since = When(lazy_gettext("Give the first day."))
    until = When()
    note = Words()


class WatchReasonSchema(FormSchema):
    """Why coverage is taken back."""

    number = Words()
    reason = Words(WHY)


class FilingSchema(FormSchema):
    """The story that a topic belongs to, or none."""

    story = Words()


class StorySchema(FormSchema):
    """A running story."""

    title = Words(lazy_gettext("Name the running story in a few words."))
    slug = Words()


class SidesSchema(FormSchema):
    """The sides of a story, the fields of each in the order of their rows."""

    side_label = fields.List(fields.Str(), load_default=list)
    side_actors = fields.List(fields.Str(), load_default=list)


class ActorSchema(FormSchema):
    """Somebody new, with other spellings and one mandate."""

    actor_name = Words(lazy_gettext("Name the actor as the newsroom does."))
    slug = Words()
    actor_kind = Words(lazy_gettext("Choose what kind of actor it is."))
    aliases = Lines()
    on_behalf_of = Words()
    role = Words()
    since = When()
    until = When()


class RenameSchema(FormSchema):
    """Another name for an actor."""

    actor_name = Words(lazy_gettext("Name the actor as the newsroom does."))
    reason = Words(WHY)


class KindSchema(FormSchema):
    """What an actor is."""

    actor_kind = Words(lazy_gettext("Choose what kind of actor it is."))
    reason = Words()


class AliasSchema(FormSchema):
    """Another spelling."""

    alias = Words(lazy_gettext("Write the other spelling."))


class MandateSchema(FormSchema):
    """Leave to speak for another."""

    on_behalf_of = Words(lazy_gettext("Name whom the actor speaks for."))
    role = Words(lazy_gettext("Say as what: president, minister, spokesperson."))
    since = When()
    until = When()


class EndMandateSchema(FormSchema):
    """The last day of a mandate."""

    mandate = Words(lazy_gettext("Choose the mandate."))
    until = When(lazy_gettext("Give the last day."))


class MergeSchema(FormSchema):
    """Two actors that are one."""

    into = Words(lazy_gettext("Name the actor that it is the same as."))
    reason = Words(WHY)


class ReasonSchema(FormSchema):
    """A reason alone, as for what is taken back."""

    reason = Words(WHY)


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
    lang = Words()


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
