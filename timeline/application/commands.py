"""The commands of forms, scripts and importers: plain values, no ids.

The names are those of the native interchange, so a line of a native file decodes into one of
these. Topics, actors and stories are given by slug (or name), dates as EDTF text, stances as a
word of the topic's scale or ``no_position``.
"""

from __future__ import annotations

import msgspec


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A source: at least an outlet, a title or an address."""

    outlet: str | None = None
    title: str | None = None
    url: str | None = None
    author: str | None = None
    published_at: str | None = None
    lang: str | None = None
    outlet_kind: str | None = None


class Quoted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that the source itself puts in quotation marks; offsets count code points."""

    text: str
    lang: str | None = None
    wording: str | None = None
    translated_by: str | None = None
    prefix: str | None = None
    suffix: str | None = None
    start: int = -1
    end: int = -1


class Excerpt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The passage of the source that carries a statement; offsets count code points."""

    text: str
    prefix: str | None = None
    suffix: str | None = None
    start: int = -1
    end: int = -1


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The condition of a stance: in words, whose act it is, and the topic about just that.

    ``same_as`` is the statement that named the same condition first: its id, or ``#12`` for its
    number.
    """

    text: str | None = None
    topic: str | None = None
    actor: str | None = None
    same_as: str | None = None


class RecordStatement(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="kind",
    tag="statement",
):
    """Someone said something on one topic.

    ``topic_question``, ``scale``, ``story`` and the actor's name and kind matter only if the topic
    or the actor is new. ``drops`` names statements whose conditions the words drop, by id or
    number (``#12``); ``dissent`` says ``yes`` of a vote against the body. ``variables`` has the
    values of the codebook's variables, by id. ``key`` is the row's own; ``first_recorded_at`` is
    never a clock.
    """

    story: str | None = None
    topic: str
    topic_question: str | None = None
    topic_name: str | None = None
    scale: str | None = None
    actor: str | None = None
    actor_name: str | None = None
    actor_kind: str | None = None
    on_behalf_of: str | None = None
    mandate_reason: str | None = None
    stance: str
    no_position_reason: str | None = None
    condition: Condition | None = None
    drops: tuple[str, ...] | None = None
    dissent: str | None = None
    hedge: str | None = None
    asked: str | None = None
    attribution: str | None = None
    reported_via: str | None = None
    utterance: str | None = None
    quote: Quoted | None = None
    passage: Excerpt | None = None
    translation: str | None = None
    paraphrase: str | None = None
    variables: dict[str, str] | None = None
    said_at: str | None = None
    source: Source
    key: str | None = None
    first_recorded_at: str | None = None


class RecordDevelopment(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="kind",
    tag="development",
):
    """Something happened, or was announced; it may bear on several topics.

    One of them, ``topic`` or the only one, is opened if it is new and the question is given.
    """

    story: str | None = None
    topic: str | None = None
    topic_question: str | None = None
    topic_name: str | None = None
    scale: str | None = None
    title: str
    summary: str | None = None
    topics: tuple[str, ...]
    according_to: str | None = None
    status: str
    happened_at: str | None = None
    source: Source
    key: str | None = None
    first_recorded_at: str | None = None


Command = RecordStatement | RecordDevelopment
