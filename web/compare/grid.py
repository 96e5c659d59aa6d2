"""What is compared: the actors, the questions, and where each of them stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import directory
from timeline.projections.queries.compared import compared, resting_on, topics_of
from timeline.projections.queries.directory import Actor, Story, Topic
from timeline.projections.queries.matrix import usual_actors
from timeline.projections.queries.own_values import actors_having, statements_having
from timeline.projections.queries.positions import Lane

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.projections.queries.compared import Held
    from web.compare.address import Choice, CompareAddress
    from web.wording.clocks import Clocks

ACTORS = 12
"""Actors that are compared at once; a page and a table name those that are left out."""

USUAL = 4
"""Actors that are shown where nobody is chosen."""

ROWS = 20
"""Questions of one page."""


class Chosen(msgspec.Struct, frozen=True):
    """What the address names: questions in order, and the actors that are one too many.

    ``is_usual`` where it names no actor, and those are shown who said most. ``having`` are the
    statements with the values of own variables that are asked for, ``None`` for all.
    """

    actors: list[Actor]
    left_out: list[Actor]
    stories: list[Story]
    topics: list[Topic]
    is_usual: bool = False
    having: frozenset[int] | None = None


class Grid(msgspec.Struct, frozen=True):
    """Where these actors stand on these questions, then and now; at now both are the same.

    ``hidden`` are the lanes whose position rests on statements that were not asked for.
    """

    actors: list[Actor]
    topics: list[Topic]
    held: dict[Lane, Held]
    held_now: dict[Lane, Held]
    hidden: frozenset[Lane] = frozenset()

    @property
    def cells(self) -> int:
        """How many pairs of an actor and a question there are."""
        return len(self.actors) * len(self.topics)

    def differs(self, lane: Lane) -> bool:
        """Tell whether a cell reads differently now: another position, or one more or less."""
        then, now = self.held.get(lane), self.held_now.get(lane)
        if then is None or now is None:
            return then is not now
        return then.position.stance != now.position.stance

    @property
    def differing(self) -> int:
        """How many cells read differently now."""
        return sum(self.differs(lane) for lane in self.held.keys() | self.held_now.keys())


def chosen(
    conn: Connection,
    address: Choice,
    known: int | None,
    among: frozenset[str] | None = None,
    *,
    everybody: bool = False,
) -> Chosen:
    """Look up who and what is chosen; raises `NotFound` for a slug that nobody has.

    No more actors than can be compared are chosen, unless ``everybody`` is, and only those whose
    ids are ``among`` some, if these are given.
    """
    most = None if everybody else ACTORS
    found = {actor.id: actor for actor in (directory.actor(conn, slug) for slug in address.actor)}
    actors = [actor for actor in found.values() if among is None or actor.id in among]
    stories = [directory.story(conn, slug) for slug in address.story]
    topics = {topic.id: topic for topic in (directory.topic(conn, slug) for slug in address.topic)}
    for story in stories:
        topics |= {topic.id: topic for topic in directory.topics(conn, story=story.id)}
    if not topics and actors:
        topics = directory.topics_by_id(conn, {*topics_of(conn, found)})
    opened = [topic for topic in topics.values() if known is None or topic.opened <= known]
    some, left_out = actors[:most], actors[len(actors[:most]) :]
    return Chosen(some, left_out, stories, _in_order(conn, opened, some, address))


def to_compare(conn: Connection, address: CompareAddress, known: int | None) -> Chosen:
    """Look up who and what is chosen, as `chosen` does; where nobody is, those who said most."""
    among = actors_having(conn, address.attribute, known) if address.attribute else None
    picked = chosen(conn, address, known, among)
    topics = {topic.id for topic in picked.topics}
    having = statements_having(conn, topics, address.variable, known)
    picked = msgspec.structs.replace(picked, having=having)
    if address.actor or not topics:
        return picked
    usual = usual_actors(conn, topics, known)
    actors = [actor for actor in usual if among is None or actor.id in among][:USUAL]
    return msgspec.structs.replace(picked, actors=actors, is_usual=bool(actors))


def _in_order(
    conn: Connection, topics: list[Topic], actors: list[Actor], address: Choice
) -> list[Topic]:
    """Put questions in order: those named, then those on which most of the actors have spoken."""
    spoken = topics_of(conn, {actor.id for actor in actors}) if actors else {}
    named = {slug: place for place, slug in enumerate(address.topic)}

    def place(topic: Topic) -> tuple[int, int, int, int]:
        named_at = named.get(topic.slug, len(named))
        return named_at, -spoken.get(topic.id, 0), -topic.statements, topic.opened

    return sorted(topics, key=place)


def read_grid(
    conn: Connection,
    actors: list[Actor],
    topics: list[Topic],
    clocks: Clocks,
    having: frozenset[int] | None = None,
) -> Grid:
    """Read where these actors stand on these questions; ``having`` is that of `Chosen`.

    Positions that rest on other statements are hidden.
    """
    ids = {actor.id for actor in actors}
    now = compared(conn, topics, ids)
    then = now if clocks.is_now else compared(conn, topics, ids, clocks)
    shown, shown_now = resting_on(having, then), resting_on(having, now)
    return Grid(actors, topics, shown, shown_now, frozenset(then.keys() - shown.keys()))


def spoken_on(grid: Grid, asked: set[str]) -> tuple[list[Topic], list[Topic]]:
    """Tell the questions that have a row from those on which none of the actors has spoken.

    A question whose slug is ``asked`` for has a row in any case; one on which all that was said is
    hidden is neither.
    """
    spoken = {topic for topic, _ in grid.held.keys() | grid.held_now.keys()}
    rows = [topic for topic in grid.topics if topic.id in spoken or topic.slug in asked]
    told = spoken | {topic for topic, _ in grid.hidden} | {topic.id for topic in rows}
    return rows, [topic for topic in grid.topics if topic.id not in told]
