"""The fields of forms for topics, stories and actors, one schema a form."""

from __future__ import annotations

from typing import Any

from marshmallow import INCLUDE, ValidationError, fields, validates_schema

from web.i18n.translate import gettext, lazy_gettext
from web.record.fields.inputs import WHY, Aliases, FormSchema, Lines, Missing, When, Words


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


class WatchSchema(FormSchema):
    """Where was watched, for whom, and from when to when."""

    number = Words()
    actor = Words()
    outlets = Lines(lazy_gettext("Name the outlets, one a line."))
    since = When(lazy_gettext("Give the first day."))
    until = When()
    how = Words()
    note = Words()


class WatchReasonSchema(FormSchema):
    """Why coverage is taken back."""

    number = Words()
    reason = Words(WHY)


class NatureSchema(FormSchema):
    """What a topic asks for."""

    asks = Words(lazy_gettext("Choose what it asks for."))
    recurring = Words()
    limit_months = Words()
    no_limit = Words()
    derived = Words()
    reason = Words()


class LedeSchema(FormSchema):
    """What the newsroom says first: a sentence, and the changes that it pins, in order."""

    lede = Words()
    pin_1 = Words()
    pin_2 = Words()
    pin_3 = Words()
    pin_4 = Words()
    pin_5 = Words()


class FilingSchema(FormSchema):
    """The story that a topic belongs to, or none."""

    story = Words()


class StorySchema(FormSchema):
    """A running story."""

    title = Words(lazy_gettext("Name the running story in a few words."))
    slug = Words()


class RetitleSchema(FormSchema):
    """Another title for a story."""

    title = Words(lazy_gettext("Name the running story in a few words."))
    reason = Words(WHY)


class SidesSchema(FormSchema):
    """The sides of a story, the fields of each in the order of their rows."""

    side_label = fields.List(fields.Str(), load_default=list)
    side_actors = fields.List(fields.Str(), load_default=list)


class ActorSchema(FormSchema):
    """Somebody new, with other spellings and one mandate."""

    actor_name = Words(lazy_gettext("Give the name of the actor."))
    slug = Words()
    actor_kind = Words(lazy_gettext("Choose what kind of actor it is."))
    aliases = Aliases()
    on_behalf_of = Words()
    role = Words()
    since = When()
    until = When()
    standing = Words()


class RenameSchema(FormSchema):
    """Another name for an actor."""

    actor_name = Words(lazy_gettext("Give the name of the actor."))
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
    standing = Words()


class StandingSchema(FormSchema):
    """Whether a mandate decides or speaks: on a topic, or on all, and from when to when."""

    mandate = Words(lazy_gettext("Choose the mandate."))
    standing = Words(lazy_gettext("Say whether the actor decides or speaks."))
    topic = Words()
    since = When()
    until = When()
    reason = Words()


class EndMandateSchema(FormSchema):
    """The last day of a mandate."""

    mandate = Words(lazy_gettext("Choose the mandate."))
    until = When(lazy_gettext("Give the last day."))


class DescriptionSchema(FormSchema):
    """What codebooks ask of an actor: fields of their own beside the reason."""

    class Meta:
        """Which attributes there are, the codebooks say."""

        unknown = INCLUDE

    reason = Words()


class MergeSchema(FormSchema):
    """Two actors that are one."""

    into = Words(lazy_gettext("Name the actor that it is the same as."))
    reason = Words(WHY)
