"""Who and what there is: stories, topics and actors by slug, id or name."""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from sqlalchemy import Connection, and_, func, or_, select, true

from timeline.domain.actor import NO_SUCH_ACTOR
from timeline.domain.errors import NotFound
from timeline.domain.lookalikes import look_alike
from timeline.domain.messages import InQuotes
from timeline.domain.naming import SLUG_LENGTH, slug_of
from timeline.domain.scales import SCALES, Scale
from timeline.domain.spelling import name_key, nearest
from timeline.domain.story import NO_SUCH_STORY
from timeline.domain.topic import NO_SUCH_TOPIC
from timeline.projections.queries.translations import NONE, Texts, language_of, translations
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import lane_of
from timeline.projections.tables.prepared import Given, Query, few, prepared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Row

W = TypeVar("W", bound=msgspec.Struct)

ACRONYMS = {"eu", "nato", "us", "un", "uk", "usa", "osce", "g7", "ai", "co2"}

MOST_COMPARED = 5_000
"""Names that are compared with one that nobody has; a person waits for the answer."""

FEW_WORDS = 4
"""Words of what is typed that may each be a name written wrongly."""

SHORTEST_PART = 3
"""Letters of a part of a name by which somebody may be meant; an initial is like anything."""


class Story(msgspec.Struct, frozen=True):
    """A running story; ``sides`` holds ``(label, actor ids)`` in lane order.

    ``lang`` is the language of its title, empty for that of the record.
    """

    id: str
    slug: str
    title: str
    sides: tuple[tuple[str, tuple[str, ...]], ...]
    lang: str = ""


class Topic(msgspec.Struct, frozen=True):
    """A topic as now worded; ``story`` is an id and ``statements`` counts the unretracted.

    One whose words were erased goes by its slug, which stays.

    It was opened at the log position ``opened``, at ``opened_at`` in microseconds. ``moved`` is the
    instant of its last change from one position to another; ``usual_gap`` the median of the days
    between those on which it was spoken on, ``None`` where there are fewer than two. ``lang`` is
    the language of its question, empty for that of the record.
    """

    id: str
    slug: str
    scale: Scale
    story: str | None
    succeeds: str | None
    wording: int
    question: str
    name: str
    closed: bool
    opened: int
    opened_at: int
    statements: int
    moved: int | None = None
    usual_gap: float | None = None
    lang: str = ""

    @property
    def label(self) -> str:
        """The short name for crumbs and cells; the question, or its slug, where none was given."""
        if self.name:
            return self.name
        if self.slug == slug_of(self.question):
            return shorten(self.question.rstrip(" ?"), SLUG_LENGTH, placeholder=" …")
        return label_of(self.slug)


class Wording(msgspec.Struct, frozen=True):
    """One wording of a topic's question; ``known_from`` is a log position."""

    wording: int
    question: str
    reason: str
    known_from: int


class Actor(msgspec.Struct, frozen=True):
    """An actor as now named; one whose names were erased goes by its slug, which stays.

    ``lang`` is the language of the name, empty for that of the record.
    """

    id: str
    slug: str
    kind: str
    name: str
    introduced: int
    lang: str = ""


class Mandate(msgspec.Struct, frozen=True):
    """Leave to speak: ``actor`` and ``on_behalf_of`` are ids, the bounds EDTF or open."""

    id: str
    actor: str
    on_behalf_of: str
    role: str
    since: str | None
    until: str | None
    known_from: int


def label_of(slug: str) -> str:
    """Return a readable name for a slug: `eu-accession` is "EU accession"."""
    words = [word.upper() if word in ACRONYMS else word for word in slug.split("-")]
    return words[0][:1].upper() + words[0][1:] + "".join(f" {word}" for word in words[1:])


def stories(conn: Connection) -> list[Story]:
    """Return all stories, oldest first."""
    return _stories_of(conn, conn.execute(*_stories()).all())


@prepared
def _stories() -> Query:
    return select(schema.stories).order_by(schema.stories.c.opened)


def story(conn: Connection, slug: str) -> Story:
    """Return a story; raises `NotFound` with the nearest slugs."""
    table = schema.stories
    row = conn.execute(select(table).where(table.c.slug == slug)).first()
    if row is None:
        known = tuple(conn.execute(select(table.c.slug)).scalars())
        raise NotFound(
            NO_SUCH_STORY, field="story", name=InQuotes(slug), nearest=tuple(nearest(slug, known))
        )
    return _stories_of(conn, [row])[0]


def topics(conn: Connection, *, story: str | None = None) -> list[Topic]:
    """Return all topics (of a story, given by id), oldest first."""
    table = schema.topics
    query = select(table).order_by(table.c.opened)
    if story is not None:
        query = query.where(table.c.story == story)
    return _topics_of(conn, conn.execute(query).all())


class TopicCounts(msgspec.Struct, frozen=True):
    """How many topics there are, how many of them moved, and their unretracted statements."""

    topics: int
    moved: int
    statements: int


class StoryCounts(msgspec.Struct, frozen=True):
    """How many topics a story has, their unretracted statements, and when one moved last."""

    topics: int = 0
    statements: int = 0
    moved: int | None = None


def count_topics(conn: Connection) -> TopicCounts:
    """Count all topics."""
    return TopicCounts(*map(int, conn.execute(*_topic_counts()).one()))


def count_topics_by_story(conn: Connection) -> dict[str, StoryCounts]:
    """Count the topics of each story, by its id; a story without topics is missing."""
    rows = conn.execute(*_topic_counts_by_story())
    return {row.story: StoryCounts(row.topics, int(row.statements), row.moved) for row in rows}


@prepared
def _topic_counts() -> Query:
    columns = schema.topics.c
    said = func.coalesce(func.sum(columns.statements), 0)
    return select(func.count(), func.count(columns.moved), said).select_from(schema.topics)


@prepared
def _topic_counts_by_story() -> Query:
    columns = schema.topics.c
    query = select(
        columns.story,
        func.count().label("topics"),
        func.sum(columns.statements).label("statements"),
        func.max(columns.moved).label("moved"),
    )
    return query.where(columns.story.is_not(None)).group_by(columns.story)


def count_moved_since(conn: Connection, instant: int) -> int:
    """Count the topics that moved at an instant or later."""
    columns = schema.topics.c
    query = select(func.count()).select_from(schema.topics).where(columns.moved >= instant)
    return int(conn.execute(query).scalar_one())


def last_to_move(
    conn: Connection, limit: int, *, story: str | None = None, skip: int = 0
) -> list[Topic]:
    """Return so many topics (of a story, given by id) that moved, the last to move first."""
    rows = conn.execute(*_last_to_move(story=story, most=limit, skip=skip)).all()
    return _topics_of(conn, rows)


@prepared
def _last_to_move(*, story: Given | None, most: Given, skip: Given) -> Query:
    columns = schema.topics.c
    query: Query = select(schema.topics).where(columns.moved.is_not(None))
    if story is not None:
        query = query.where(columns.story == story)
    return query.order_by(columns.moved.desc(), columns.opened).offset(skip).limit(most)


def unmoved(conn: Connection, limit: int, *, more_than: int = -1) -> list[Topic]:
    """Return so many topics that never moved, with more statements than that, oldest first."""
    columns = schema.topics.c
    query = select(schema.topics).where(columns.moved.is_(None), columns.statements > more_than)
    rows = conn.execute(query.order_by(columns.opened).limit(limit)).all()
    return _topics_of(conn, rows)


def topics_after(conn: Connection, slug: str, limit: int) -> list[Topic]:
    """Return so many topics by slug, those after one."""
    table = schema.topics
    query = select(table).where(table.c.slug > slug).order_by(table.c.slug).limit(limit)
    return _topics_of(conn, conn.execute(query).all())


def topic(conn: Connection, slug: str) -> Topic:
    """Return a topic; raises `NotFound` with the nearest slugs."""
    table = schema.topics
    row = conn.execute(*_topic_called(slug=slug)).first()
    if row is None:
        known = tuple(conn.execute(select(table.c.slug)).scalars())
        raise NotFound(
            NO_SUCH_TOPIC, field="topic", name=InQuotes(slug), nearest=tuple(nearest(slug, known))
        )
    return _topics_of(conn, [row])[0]


@prepared
def _topic_called(*, slug: Given) -> Query:
    return select(schema.topics).where(schema.topics.c.slug == slug)


def topics_by_id(conn: Connection, ids: set[str] | None = None) -> dict[str, Topic]:
    """Return topics by id; all of them without ``ids``."""
    found = _topics_of(conn, conn.execute(*_topics(ids=few(ids))).all())
    return {topic.id: topic for topic in found if ids is None or topic.id in ids}


@prepared
def _topics(*, ids: Given | None) -> Query:
    query = select(schema.topics)
    return query if ids is None else query.where(schema.topics.c.id.in_(ids))


def successors(conn: Connection, topic_id: str) -> list[Topic]:
    """Return the topics that took a topic's place with another meaning, oldest first."""
    return _topics_of(conn, conn.execute(*_successors(topic=topic_id)).all())


@prepared
def _successors(*, topic: Given) -> Query:
    table = schema.topics
    return select(table).where(table.c.succeeds == topic).order_by(table.c.opened)


def wordings(conn: Connection, topic_id: str) -> list[Wording]:
    """Return the wordings of a topic's question, oldest first."""
    table = schema.wordings
    query = select(table.c.wording, table.c.question, table.c.reason, table.c.known_from)
    query = query.where(table.c.topic == topic_id).order_by(table.c.wording)
    return [Wording(*row) for row in conn.execute(query)]


def actors(conn: Connection, *, skip: int = 0, limit: int | None = None) -> list[Actor]:
    """Return actors that are not merged into another by name, so many after the first ``skip``."""
    table, merged = schema.actors, [*lane_of(conn)]
    query = select(table).where(table.c.id.not_in(merged))
    query = query.order_by(func.lower(table.c.name), table.c.slug)
    return _actors_of(conn, conn.execute(query.offset(skip).limit(limit)).all())


def actors_after(conn: Connection, slug: str, limit: int) -> list[Actor]:
    """Return so many actors that are not merged into another by slug, those after one."""
    table, merged = schema.actors, [*lane_of(conn)]
    query = select(table).where(table.c.slug > slug, table.c.id.not_in(merged))
    return _actors_of(conn, conn.execute(query.order_by(table.c.slug).limit(limit)).all())


def count_actors(conn: Connection) -> int:
    """Count the actors that are not merged into another."""
    every = conn.execute(select(func.count()).select_from(schema.actors)).scalar_one()
    return int(every) - len(lane_of(conn))


def actor(conn: Connection, slug: str) -> Actor:
    """Return an actor, or the one that it is merged into; raises `NotFound` with the nearest."""
    table = schema.actors
    row = conn.execute(select(table).where(table.c.slug == slug)).first()
    if row is None:
        known = tuple(conn.execute(select(table.c.slug)).scalars())
        meant = _bearers(conn, slug) or tuple(nearest(slug, known))
        raise NotFound(NO_SUCH_ACTOR, field="actor", name=InQuotes(slug), nearest=meant)
    into = lane_of(conn).get(row.id)
    if into is not None:
        row = conn.execute(select(table).where(table.c.id == into)).one()
    return _actors_of(conn, [row])[0]


def _bearers(conn: Connection, name: str) -> tuple[str, ...]:
    """Return the slugs of those who bear a name, in whichever spelling."""
    names, table = schema.actor_names, schema.actors
    bear = select(names.c.actor).where(names.c.key == name_key(name))
    query = select(table.c.slug).where(table.c.id.in_(bear)).order_by(table.c.slug)
    return tuple(conn.execute(query).scalars())


def actors_by_id(conn: Connection, ids: set[str] | None = None) -> dict[str, Actor]:
    """Return actors by id, merged ones too; all of them without ``ids``."""
    found = _actors_of(conn, conn.execute(*_actors(ids=few(ids))).all())
    return {actor.id: actor for actor in found if ids is None or actor.id in ids}


@prepared
def _actors(*, ids: Given | None) -> Query:
    query = select(schema.actors)
    return query if ids is None else query.where(schema.actors.c.id.in_(ids))


def merged_into(conn: Connection, actor_id: str) -> list[Actor]:
    """Return the actors whose words stand with another one's, by name."""
    members = {member for member, lane in lane_of(conn).items() if lane == actor_id}
    found = actors_by_id(conn, members).values() if members else ()
    return sorted(found, key=lambda one: one.name)


def aliases_by_id(conn: Connection, ids: set[str]) -> dict[str, list[str]]:
    """Return the other names of actors by id, with those of actors merged into them.

    Who has none is missing.
    """
    lanes = lane_of(conn)
    merged = {member for member, lane in lanes.items() if lane in ids}
    own = {row.id: row.name for row in conn.execute(*_actors(ids=few(ids)))}
    found: dict[str, set[str]] = {}
    for row in conn.execute(*_names(actors=few(ids | merged))):
        actor = lanes.get(row.actor, row.actor)
        if actor in ids and row.name != own[actor]:
            found.setdefault(actor, set()).add(row.name)
    return {actor: sorted(others) for actor, others in found.items()}


@prepared
def _names(*, actors: Given | None) -> Query:
    table = schema.actor_names
    query = select(table.c.actor, table.c.name)
    return query if actors is None else query.where(table.c.actor.in_(actors))


def aliases(conn: Connection, actor_id: str) -> list[str]:
    """Return the other names of an actor, with those of actors merged into it."""
    return aliases_by_id(conn, {actor_id}).get(actor_id, [])


def actors_named(conn: Connection, name: str) -> list[Actor]:
    """Return the actors that go by a name in any spelling or transliteration."""
    names, table = schema.actor_names, schema.actors
    ids = select(names.c.actor).where(or_(names.c.key == name_key(name), names.c.name == name))
    query = select(table).where(or_(table.c.id.in_(ids), table.c.slug == name))
    lanes = lane_of(conn)
    found = {lanes.get(row.id, row.id) for row in conn.execute(query)}
    return sorted(actors_by_id(conn, found).values(), key=lambda one: one.name)


def persons_named_last(conn: Connection, name: str) -> list[Actor]:
    """Return the persons whose names end with this one, as news texts name somebody again."""
    names, table, key = schema.actor_names, schema.actors, name_key(name)
    if not key:
        return []
    ids = select(names.c.actor).where(names.c.key.endswith(f" {key}", autoescape=True))
    query = select(table.c.id).where(table.c.id.in_(ids), table.c.kind == "person")
    lanes = lane_of(conn)
    found = {lanes.get(row.id, row.id) for row in conn.execute(query)}
    return sorted(actors_by_id(conn, found).values(), key=lambda one: one.name)


def bearers(conn: Connection, names: set[str]) -> dict[str, frozenset[str]]:
    """Return the ids of the actors that bear exactly these names, as their own or as an alias."""
    table = schema.actor_names
    found: dict[str, set[str]] = {}
    query = select(table.c.name, table.c.actor).where(table.c.name.in_(names))
    for name, actor in conn.execute(query):
        found.setdefault(name, set()).add(actor)
    return {name: frozenset(actors) for name, actors in found.items()}


def lookalikes(conn: Connection, name: str) -> list[Actor]:
    """Return the actors that go by a name which looks like this one and is written otherwise."""
    names, lanes = schema.actor_names, lane_of(conn)
    rows = conn.execute(select(names.c.actor, names.c.name))
    found = {lanes.get(row.actor, row.actor) for row in rows if look_alike(row.name, name)}
    return sorted(actors_by_id(conn, found).values(), key=lambda one: one.name)


def topic_lookalikes(conn: Connection, words: str) -> list[Topic]:
    """Return the topics whose question or name looks like this and is written otherwise."""
    if not words:
        return []
    return [
        one for one in topics(conn) if any(look_alike(of, words) for of in (one.question, one.name))
    ]


def actors_matching(conn: Connection, typed: str, limit: int = 8) -> list[Actor]:
    """Return actors one of whose names contains what is typed, as far as it is typed."""
    names, key = schema.actor_names, name_key(typed)
    sounds = and_(names.c.key.contains(key, autoescape=True), as_written(typed, key))
    query = select(names.c.actor).where(sounds).distinct()
    lanes = lane_of(conn)
    ids = {lanes.get(found, found) for found in conn.execute(query).scalars()}
    return sorted(actors_by_id(conn, ids).values(), key=lambda one: one.name)[:limit]


def as_written(typed: str, key: str) -> ColumnElement[bool]:
    """Return what holds a name to its letters where the key says too little: "zzz" becomes "s"."""
    names, letters = schema.actor_names, typed.strip()
    return (
        names.c.name.icontains(letters, autoescape=True) if len(key) == 1 < len(letters) else true()
    )


def actors_near(conn: Connection, typed: str, limit: int = 3) -> list[Actor]:
    """Return actors whose names resemble what is typed, or one of its words, likeliest first."""
    table = schema.actor_names
    named: dict[str, str] = {}
    for row in conn.execute(select(table.c.actor, table.c.key).limit(MOST_COMPARED)):
        parts = (one for one in row.key.split() if len(one) >= SHORTEST_PART)
        named |= dict.fromkeys((row.key, *parts), row.actor)
    lanes = lane_of(conn)
    meant = [near for one in (typed, *typed.split()[:FEW_WORDS]) for near in nearest(one, named)]
    ids = list(dict.fromkeys(lanes.get(named[one], named[one]) for one in meant))[:limit]
    found = actors_by_id(conn, set(ids))
    return [found[one] for one in ids]


def mandates(conn: Connection, *, of: str | None = None, for_: str | None = None) -> list[Mandate]:
    """Return the mandates of an actor, or those to speak for one, oldest first."""
    rows = conn.execute(*_mandates(of=of, for_=for_)).all()
    told = translations(conn, {row.actor for row in rows})
    held = [Mandate(*row) for row in rows]
    return [_worded(one, told.get(one.actor, NONE), role=one.role) for one in held]


def mandates_of(conn: Connection, actors: set[str]) -> list[Mandate]:
    """Return the mandates of these actors, oldest first, their roles as they were recorded."""
    table = schema.mandates
    query = select(table).where(table.c.actor.in_(actors)).order_by(table.c.known_from)
    return [Mandate(*row) for row in conn.execute(query)]


@prepared
def _mandates(*, of: Given | None, for_: Given | None) -> Query:
    table = schema.mandates
    query: Query = select(table).order_by(table.c.known_from)
    if of is not None:
        query = query.where(table.c.actor == of)
    if for_ is not None:
        query = query.where(table.c.on_behalf_of == for_)
    return query


def _stories_of(conn: Connection, rows: Sequence[Row[Any]]) -> list[Story]:
    told, lang = translations(conn, {row.id for row in rows}), language_of(conn)
    return [_story(row, told.get(row.id, NONE), lang) for row in rows]


def _story(row: Row[Any], told: Texts, lang: str) -> Story:
    sides = tuple(
        (told.get(side["label"], side["label"]), tuple(side["actors"]))
        for side in msgspec.json.decode(row.sides)
    )
    title = told.get(row.title, row.title)
    return Story(row.id, row.slug, title, sides, lang if row.title in told else "")


def _topics_of(conn: Connection, rows: Sequence[Row[Any]]) -> list[Topic]:
    told, lang = translations(conn, {row.id for row in rows}), language_of(conn)
    return [_topic(row, told.get(row.id, NONE), lang) for row in rows]


def _topic(row: Row[Any], told: Texts, lang: str) -> Topic:
    return Topic(
        id=row.id,
        slug=row.slug,
        scale=SCALES[row.scale],
        story=row.story,
        succeeds=row.succeeds,
        wording=row.wording,
        question=told.get(row.question, row.question) or row.slug,
        name=told.get(row.name, row.name),
        closed=bool(row.closed),
        opened=row.opened,
        opened_at=row.opened_at,
        statements=row.statements,
        moved=row.moved,
        usual_gap=row.usual_gap,
        lang=lang if row.question in told else "",
    )


def _actors_of(conn: Connection, rows: Sequence[Row[Any]]) -> list[Actor]:
    told, lang = translations(conn, {row.id for row in rows}), language_of(conn)
    found = [_called(Actor(*one)) for one in map(tuple[Any, ...], rows)]
    return [_named(one, told[one.id], lang) if one.id in told else one for one in found]


def _called(actor: Actor) -> Actor:
    return actor if actor.name else msgspec.structs.replace(actor, name=actor.slug)


def _named(actor: Actor, told: Texts, lang: str) -> Actor:
    if actor.name not in told:
        return actor
    return msgspec.structs.replace(actor, name=told[actor.name], lang=lang)


def _worded(one: W, told: Texts, **words: str) -> W:
    """Return it with its words translated, where they are."""
    new = {field: told[word] for field, word in words.items() if word in told}
    return msgspec.structs.replace(one, **new) if new else one
