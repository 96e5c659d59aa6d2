"""Views for which readers choose actors, stories and questions: addresses and form boxes."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import parse_qsl, urlencode

import msgspec

from timeline.projections.queries import directory
from timeline.projections.queries.compared import speakers
from web.shell.request import this_request

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy import Connection
    from werkzeug.datastructures import MultiDict

    from timeline.projections.queries.directory import Actor, Story, Topic


class ChoosingAddress(msgspec.Struct, frozen=True, kw_only=True):
    """The fields that such addresses share; slugs in the reader's order.

    A ``variable`` of statements is its id, a colon and its value. ``begin`` is the number of rows
    that are skipped.
    """

    path: ClassVar[str]
    actor: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    story: tuple[str, ...] = ()
    variable: tuple[str, ...] = ()
    known_at: str = ""
    begin: int = 0

    def pairs(self, **changes: object) -> list[tuple[str, str]]:
        """Return the parameters of this address with some fields changed."""
        raise NotImplementedError

    def url(self, form: str = "", **changes: object) -> str:
        """Return this address as text with some fields changed; ``form`` is a file format."""
        path = f"{self.path}.{form}" if form else self.path
        query = urlencode(self.pairs(**changes), safe="@:")
        return f"{path}?{query}" if query else path

    def with_(self, slug: str) -> str:
        """Return the address of this view with another actor."""
        return self.url(actor=(*self.actor, slug), begin=0)

    def without(self, slug: str) -> str:
        """Return the address of this view without an actor."""
        return self.url(actor=tuple(other for other in self.actor if other != slug), begin=0)


def several(args: MultiDict[str, str], name: str) -> tuple[str, ...]:
    """Return the values of a parameter, each once."""
    return tuple(dict.fromkeys(filter(None, args.getlist(name))))


class Selection(msgspec.Struct, frozen=True):
    """What an address names; ``all_topics`` are its own topics and those of its stories."""

    stories: list[Story]
    topics: list[Topic]
    actors: list[Actor]
    all_topics: list[Topic]


def read_selection(conn: Connection, address: ChoosingAddress) -> Selection:
    """Look up what an address names; raises `NotFound` for an unknown slug."""
    actors = {actor.id: actor for actor in (directory.actor(conn, slug) for slug in address.actor)}
    stories = [directory.story(conn, slug) for slug in address.story]
    topics = [directory.topic(conn, slug) for slug in address.topic]
    all_topics = {topic.id: topic for topic in topics}
    for story in stories:
        all_topics |= {topic.id: topic for topic in directory.topics(conn, story=story.id)}
    return Selection(stories, topics, [*actors.values()], [*all_topics.values()])


class ActorBox(msgspec.Struct, frozen=True):
    """A box for an actor who spoke on so many of the ``topics``."""

    actor: Actor
    topics: int
    chosen: bool


class Choices(msgspec.Struct, frozen=True):
    """What the form offers; stories and topics with whether they are chosen."""

    actors: list[ActorBox]
    stories: list[tuple[Story, bool]]
    topics: list[tuple[Topic, bool]]


def read_choices(
    conn: Connection,
    actors: Sequence[Actor],
    stories: Iterable[Story],
    topics: list[tuple[Topic, bool]],
    *,
    among: Collection[str] | None,
    most: int,
    statements: Mapping[str, int] = MappingProxyType({}),
) -> Choices:
    """Return what the form offers: chosen actors, then those who spoke on the most topics.

    ``among`` are the ids of topics to count, ``None`` for all. Of who spoke on as many, those with
    the most ``statements`` come first.
    """
    spoken = speakers(conn, among, most)
    others = directory.actors_by_id(conn, spoken.keys() - {actor.id for actor in actors}).values()

    def order(actor: Actor) -> tuple[int, int, str]:
        return -spoken[actor.id], -statements.get(actor.id, 0), actor.name

    chosen_stories = {story.id for story in stories}
    return Choices(
        [ActorBox(actor, spoken.get(actor.id, 0), chosen=True) for actor in actors]
        + [ActorBox(actor, spoken[actor.id], chosen=False) for actor in sorted(others, key=order)],
        [(story, story.id in chosen_stories) for story in directory.stories(conn)],
        topics,
    )


LONGEST = 200


class AddedName(msgspec.Struct, frozen=True):
    """A typed name that added nobody: several are called so, or none and some are ``near``."""

    typed: str
    meant: list[Actor]
    is_near: bool


def resolve_added_name(
    conn: Connection, address: ChoosingAddress, *, stays: bool = False
) -> tuple[str, AddedName | None]:
    """Return the address to redirect to (empty to stay), and why a typed name added nobody.

    A view ``stays`` if a part of its query could not be read.
    """
    typed = this_request().query.get("add", "").strip()[:LONGEST]
    if not typed:
        return "" if stays or _is_canonical(address) else address.url(), None
    actors = directory.actors_named(conn, typed) or directory.actors_matching(conn, typed)
    if len(actors) == 1:
        slug = actors[0].slug
        return address.url() if slug in address.actor else address.with_(slug), None
    return "", AddedName(typed, actors or directory.actors_near(conn, typed), is_near=not actors)


def _is_canonical(address: ChoosingAddress) -> bool:
    """Tell whether the query is the canonical one; forms also send empty fields."""
    query = list(this_request().query.items(multi=True))
    return query == parse_qsl(address.url().partition("?")[2])
