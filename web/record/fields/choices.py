"""The choices of a form: topics by story, words of a scale, actors, whom somebody speaks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.scales import EARLIER_REASONS, FIRST_VERSION, NO_POSITION, REASONS
from timeline.domain.spelling import comparable_name
from timeline.projections.queries import directory, paging
from timeline.projections.queries.paging import Filter
from timeline.projections.tables.lanes import lanes_known
from web.chart.levels import step
from web.i18n.translate import gettext, lazy_gettext
from web.shell.request import reader_language
from web.wording import stances
from web.wording.kinds import reason_word
from web.wording.scale_words import step_words

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.domain.dates import SaidDate
    from timeline.domain.scales import Scale
    from timeline.domain.statement import Statement
    from timeline.projections.queries.directory import Actor, Topic


LISTED = 500
SELF, OTHER = "self", "other"
OFF_THE_RECORD = "off_the_record"


class TopicGroup(msgspec.Struct, frozen=True):
    """The topics of a story; topics without a story have an empty title."""

    title: str
    topics: tuple[Topic, ...]


class StanceChoice(msgspec.Struct, frozen=True):
    """A word of a scale: ``value`` as the record has it, ``word`` in the reader's language."""

    value: str
    word: str
    step: str


class Behalf(msgspec.Struct, frozen=True):
    """Whom an actor may speak for: pairs of slug and words; ``chosen`` is one of the slugs."""

    actor: str
    mandates: tuple[tuple[str, str], ...]
    chosen: str

    @property
    def signature(self) -> str:
        """A key of the choices: a form that shows the same key need not be redrawn."""
        return " ".join((self.actor, *(slug for slug, _ in self.mandates)))


def questions_by_slug() -> dict[str, str]:
    """Return the questions of all topics in the reader's language."""
    with reader_language() as conn:
        return {topic.slug: topic.question for topic in directory.topics(conn)}


def topic_groups(*, closed: bool = False) -> list[TopicGroup]:
    """Return all topics that take statements, by story, in the reader's language."""
    with reader_language() as conn:
        stories, topics = directory.stories(conn), directory.topics(conn)
    titles = {story.id: story.title for story in stories}
    groups: dict[str, list[Topic]] = {title: [] for title in (*titles.values(), "")}
    for topic in topics:
        if closed or not topic.closed:
            groups[titles.get(topic.story or "", "")].append(topic)
    return [TopicGroup(title, tuple(group)) for title, group in groups.items() if group]


def chosen_topic(groups: list[TopicGroup], slug: str) -> Topic | None:
    """Return the topic with a slug, if there is one."""
    return next((topic for group in groups for topic in group.topics if topic.slug == slug), None)


def stance_choices(scale: Scale, recorded: Statement | None = None) -> list[StanceChoice]:
    """Return the words of a scale, lowest first, and the earlier word if one is on record."""
    choices = [
        StanceChoice(scale.word(value), stances.word(scale, value), step(scale, value))
        for value in scale.steps
    ]
    if recorded is not None and is_coded_earlier(scale, recorded):
        value, version = recorded.fields["stance"], recorded.fields["scale_version"]
        words = stances.word(scale, value, version)
        choices.append(StanceChoice(scale.word(value, version), words, step(scale, value)))
    return choices


def is_coded_earlier(scale: Scale, recorded: Statement) -> bool:
    """Tell whether a stance is a word that its scale no longer has."""
    has_words = recorded.fields["stance"] in dict(scale.earlier)
    return has_words and recorded.fields["scale_version"] == FIRST_VERSION


def all_stances(scale: Scale) -> list[str]:
    """Return every stance that a statement on this scale may have."""
    return [*filter(None, scale.words), *dict(scale.earlier).values(), NO_POSITION]


def actor_named(conn: Connection, written: str) -> Actor | None:
    """Return the actor with a name in any spelling, if there is exactly one.

    Of several, return the one whose name is spelled exactly so: Ottilie is not Otilie.
    """
    actors = directory.actors_named(conn, written) if written else []
    if len(actors) > 1:
        actors = [actor for actor in actors if _is_written(conn, actor, written)]
    return actors[0] if len(actors) == 1 else None


def _is_written(conn: Connection, actor: Actor, written: str) -> bool:
    names = (actor.slug, actor.name, *directory.aliases(conn, actor.id))
    return comparable_name(written) in map(comparable_name, names)


def all_names(conn: Connection) -> list[str]:
    """Return the names of actors for a browser without script, as many as a list may hold."""
    return [actor.name for actor in directory.actors(conn, limit=LISTED)]


def behalf(conn: Connection, actor: Actor | None, said: SaidDate | None, chosen: str) -> Behalf:
    """Return whom an actor may speak for on a day; a mandate that they hold is the default."""
    mandates = _mandates(conn, actor, said) if actor else ()
    if chosen not in {SELF, OTHER, *(slug for slug, _ in mandates)}:
        chosen = mandates[0][0] if mandates else SELF
    return Behalf(actor.name if actor else "", mandates, chosen)


def _mandates(conn: Connection, actor: Actor, said: SaidDate | None) -> tuple[tuple[str, str], ...]:
    earliest, latest = (said.earliest, said.latest) if said else (None, None)
    lanes = lanes_known(conn)
    pairs = [
        (mandate, lanes.of(mandate.on_behalf_of))
        for name in sorted({actor.id} | lanes.members(actor.id))
        for mandate in directory.mandates(conn, of=name)
        if mandate.covers(earliest, latest)
    ]
    whom = directory.actors_by_id(conn, {party for _, party in pairs})
    words_by_slug = {}
    for mandate, party in reversed(pairs):
        name = whom[party].name
        words = (
            gettext("%(name)s, as %(role)s", name=name, role=mandate.role) if mandate.role else name
        )
        words_by_slug[whom[party].slug] = words
    return tuple(words_by_slug.items())


def statements_from(conn: Connection, document: str) -> int:
    """Count the statements on record that are taken from a document."""
    criteria = Filter(documents=frozenset({document}), kinds=frozenset({"statement"}))
    return paging.count(conn, None, criteria)


def statuses() -> list[tuple[str, str]]:
    """Return how sure a development is, each with its words."""
    return [
        ("confirmed", gettext("confirmed")),
        ("claimed", gettext("claimed by one side")),
        ("disputed", gettext("disputed")),
        ("announced", gettext("announced, yet to happen")),
    ]


def attributions() -> list[tuple[str, str]]:
    """Return how the source gives the words, each with its name."""
    return [
        ("quoted", gettext("Their words")),
        ("reported", gettext("Reported speech")),
        ("second_hand", gettext("Second-hand")),
        ("ascribed", gettext("Ascribed")),
        ("joint", gettext("Joint statement")),
        ("voted", gettext("Vote")),
    ]


def ways_to_speak() -> list[tuple[str, str]]:
    """Return the same and "off the record", which the form refuses with a reason."""
    return [*attributions(), (OFF_THE_RECORD, gettext("Off the record"))]


def wordings() -> list[tuple[str, str]]:
    """Return in which language quoted words were said, each with its name."""
    return [
        ("original", gettext("as spoken")),
        ("translated", gettext("translated by the source")),
        ("unknown", gettext("not known")),
    ]


def reasons() -> list[tuple[str, str]]:
    """Return the current reasons for no position, each with its words."""
    return [(reason, reason_word(reason)) for reason in REASONS if reason not in EARLIER_REASONS]


def all_reasons() -> list[tuple[str, str]]:
    """Return all reasons, also those of the earlier scale."""
    return [(reason, reason_word(reason)) for reason in REASONS]


def dissents() -> list[tuple[str, str]]:
    """Return the choice that marks a vote as a dissent."""
    return [("yes", gettext("a vote against the body"))]


def known_as(conn: Connection, actor: Actor) -> str:
    """Return the actor's name, or its slug where others bear the name too."""
    return actor.name if actor_named(conn, actor.name) == actor else actor.slug


NONE = lazy_gettext("was asked and did not answer, or took no side; the lane stays as it was")


def meaning(scale: Scale, chosen: str) -> tuple[str, str] | None:
    """Return a position's word and what it means, in the reader's language."""
    if chosen == NO_POSITION:
        return stances.word(scale, None), str(NONE)
    if chosen not in filter(None, scale.words):
        return None
    value = scale.value(chosen)
    return stances.word(scale, value), str(step_words(scale.name, value).meaning)
