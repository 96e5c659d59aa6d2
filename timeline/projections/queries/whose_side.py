"""Below whom the lanes of speakers stand on the page of a topic: their own, beside the side's."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from timeline.projections.queries import directory
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import known, lanes_known
from timeline.projections.tables.prepared import Given, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Story
    from timeline.projections.queries.positions import Lane

SPEAKERS = ("person", "office")
"""Kinds of actors who may speak for others."""

By = dict[str, list[str]]
"""Actors, the likeliest first, by speaker."""


def sides_of_speakers(
    held: Collection[str],
    kinds: Mapping[str, str],
    spoken: Mapping[str, Sequence[str]],
    mandated: Mapping[str, Sequence[str]],
    story: Story | None,
) -> dict[str, str]:
    """Return by speaker the actor below whom their own lane stands, of those that have lanes.

    It is whom they speak for on the topic, else whom they last had leave to speak for, else the
    first actor on the side of the story that names them. ``held`` are the actors who have lanes,
    ``kinds`` says what each is.
    """
    speakers = [one for one in held if kinds[one] in SPEAKERS]
    among, named = set(held) - set(speakers), _named_beside(story)
    found = {}
    for speaker in speakers:
        wanted = (*spoken.get(speaker, ()), *mandated.get(speaker, ()), *named.get(speaker, ()))
        side = next((one for one in wanted if one in among), None)
        if side is not None:
            found[speaker] = side
    return found


def mandated_by(conn: Connection, speakers: set[str]) -> By:
    """Return by speaker for whom they had leave to speak, the latest first."""
    found: By = defaultdict(list)
    for mandate in directory.mandates_of(conn, speakers):
        found[mandate.actor].insert(0, mandate.on_behalf_of)
    return found


def by_speaker(words: Iterable[tuple[str, str, int]]) -> By:
    """Return by speaker in whose lanes their words stand, most of them first.

    ``words`` are speakers, lanes, and how many words of one stand in the other.
    """
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for speaker, lane, count in words:
        if speaker != lane:
            found[speaker][lane] += count
    return {speaker: [lane for lane, _ in told.most_common()] for speaker, told in found.items()}


def sides_on(conn: Connection, lanes: Collection[Lane]) -> dict[Lane, str]:
    """Return below whom these lanes stand on the pages of their topics as they are now.

    Lanes are ids of topic and actor; those that stand below nobody are not among them. Only what
    is on record of their speakers is read.
    """
    kinds = _kinds(conn, {actor for _, actor in lanes})
    speakers = {one for one, kind in kinds.items() if kind in SPEAKERS}
    if not speakers:
        return {}
    topics = directory.topics_by_id(conn, {topic for topic, one in lanes if one in speakers})
    spoken, mandated = spoken_on(conn, topics, speakers), mandated_by(conn, speakers)
    stories = {story.id: story for story in directory.stories(conn)}
    named = {whom for story in stories.values() for _, some in story.sides for whom in some}
    spoken_for = {lane for words in spoken.values() for _, lane, _ in words}
    whom = {one for some in mandated.values() for one in some} | spoken_for | named
    kinds |= _kinds(conn, whom)
    held = _held(conn, topics, {one for one in whom if kinds[one] not in SPEAKERS})
    for topic, actor in lanes:
        if actor in speakers:
            held[topic].add(actor)
    return {
        (topic, speaker): side
        for topic, one in topics.items()
        for speaker, side in sides_of_speakers(
            held[topic],
            kinds,
            by_speaker(spoken.get(topic, ())),
            mandated,
            stories.get(one.story or ""),
        ).items()
    }


def _kinds(conn: Connection, actors: set[str]) -> dict[str, str]:
    return {actor.id: actor.kind for actor in directory.actors_by_id(conn, actors).values()}


def _held(
    conn: Connection, topics: Collection[str], actors: Collection[str]
) -> dict[str, set[str]]:
    """Return by topic which of these actors have a lane there."""
    columns = schema.positions.c
    query = select(columns.topic, columns.lane).where(
        columns.topic.in_(list(topics)), columns.lane.in_(list(actors))
    )
    found: dict[str, set[str]] = defaultdict(set)
    for topic, lane in conn.execute(query):
        found[topic].add(lane)
    return found


def spoken_on(
    conn: Connection, topics: Collection[str], speakers: Collection[str]
) -> dict[str, list[tuple[str, str, int]]]:
    """Return by topic who of these spoke in whose lane, and how often, by lane."""
    lanes = lanes_known(conn)
    members = {member for one in speakers for member in lanes.members(one)}
    found: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    rows = conn.execute(*_spoken(topics=[*topics], members=[*members]))
    for topic, speaker, actor, count in rows:
        found[topic].append((lanes.of(speaker), lanes.of(actor), count))
    for some in found.values():
        some.sort(key=lambda one: one[1])
    return found


@prepared
def _spoken(*, topics: Given, members: Given) -> Query:
    columns = schema.readings.c
    here = columns.topic.in_(topics), columns.speaker.in_(members), *known(columns, None)
    query = select(columns.topic, columns.speaker, columns.actor, func.count()).where(*here)
    return query.group_by(columns.topic, columns.speaker, columns.actor)


def _named_beside(story: Story | None) -> Mapping[str, Sequence[str]]:
    """Return by actor who stands on the same side of a story, in its order."""
    sides = story.sides if story else ()
    return {actor: actors for _, actors in sides for actor in actors}
