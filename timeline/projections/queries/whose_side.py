"""The side under which a topic's page lists the lane of a speaker."""

from __future__ import annotations

from collections import Counter, defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from timeline.projections.queries import directory
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import known, lanes_known
from timeline.projections.tables.prepared import Param, Query, prepared

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
    lane_actors: Collection[str],
    kinds: Mapping[str, str],
    spoken: Mapping[str, Sequence[str]],
    mandated: Mapping[str, Sequence[str]],
    story: Story | None,
) -> dict[str, str]:
    """Return by speaker the actor under whom their own lane is listed.

    It is whom they speak for on the topic, else whom they last had a mandate for, else the first
    actor on their side of the story; it must have a lane. ``lane_actors`` are the actors with
    lanes, ``kinds`` are their kinds.
    """
    speakers = [actor for actor in lane_actors if kinds[actor] in SPEAKERS]
    among, named = set(lane_actors) - set(speakers), _story_allies(story)
    sides = {}
    for speaker in speakers:
        candidates = (*spoken.get(speaker, ()), *mandated.get(speaker, ()), *named.get(speaker, ()))
        side = next((actor for actor in candidates if actor in among), None)
        if side is not None:
            sides[speaker] = side
    return sides


def mandated_by(conn: Connection, speakers: set[str]) -> By:
    """Return by speaker whom they had mandates to speak for, the latest first."""
    sides: By = defaultdict(list)
    for mandate in directory.mandates_of(conn, speakers):
        sides[mandate.actor].insert(0, mandate.on_behalf_of)
    return sides


def by_speaker(words: Iterable[tuple[str, str, int]]) -> By:
    """Return by speaker the other lanes with their statements, those with most first.

    ``words`` are speakers, lanes, and how many statements of the speaker are in the lane.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for speaker, lane, count in words:
        if speaker != lane:
            counts[speaker][lane] += count
    return {
        speaker: [lane for lane, _ in lane_counts.most_common()]
        for speaker, lane_counts in counts.items()
    }


def sides_on(conn: Connection, lanes: Collection[Lane]) -> dict[Lane, str]:
    """Return the sides under which these lanes are listed on the pages of their topics now.

    Lanes are ids of topic and actor; those under no side are missing. Only what is on record of
    their speakers is read.
    """
    kinds = _kinds(conn, {actor for _, actor in lanes})
    speakers = {actor for actor, kind in kinds.items() if kind in SPEAKERS}
    if not speakers:
        return {}
    topics = directory.topics_by_id(conn, {topic for topic, actor in lanes if actor in speakers})
    spoken, mandated = spoken_on(conn, topics, speakers), mandated_by(conn, speakers)
    stories = {story.id: story for story in directory.stories(conn)}
    named = {whom for story in stories.values() for _, actors in story.sides for whom in actors}
    spoken_for = {lane for words in spoken.values() for _, lane, _ in words}
    whom = {side for actors in mandated.values() for side in actors} | spoken_for | named
    kinds |= _kinds(conn, whom)
    sides = {actor for actor in whom if kinds[actor] not in SPEAKERS}
    lane_actors = _lane_actors(conn, topics, sides)
    for topic, actor in lanes:
        if actor in speakers:
            lane_actors[topic].add(actor)
    return {
        (topic_id, speaker): side
        for topic_id, topic in topics.items()
        for speaker, side in sides_of_speakers(
            lane_actors[topic_id],
            kinds,
            by_speaker(spoken.get(topic_id, ())),
            mandated,
            stories.get(topic.story or ""),
        ).items()
    }


def _kinds(conn: Connection, actors: set[str]) -> dict[str, str]:
    return {actor.id: actor.kind for actor in directory.actors_by_id(conn, actors).values()}


def _lane_actors(
    conn: Connection, topics: Collection[str], actors: Collection[str]
) -> dict[str, set[str]]:
    """Return by topic those of these actors who have a lane there."""
    columns = schema.positions.c
    query = select(columns.topic, columns.lane).where(
        columns.topic.in_(list(topics)), columns.lane.in_(list(actors))
    )
    lanes_by_topic: dict[str, set[str]] = defaultdict(set)
    for topic, lane in conn.execute(query):
        lanes_by_topic[topic].add(lane)
    return lanes_by_topic


def spoken_on(
    conn: Connection, topics: Collection[str], speakers: Collection[str]
) -> dict[str, list[tuple[str, str, int]]]:
    """Return by topic which of the speakers spoke in whose lane, and how often, by lane."""
    lanes = lanes_known(conn)
    members = {member for lane in speakers for member in lanes.members(lane)}
    words_by_topic: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    rows = conn.execute(*_spoken(topics=[*topics], members=[*members]))
    for topic, speaker, actor, count in rows:
        words_by_topic[topic].append((lanes.of(speaker), lanes.of(actor), count))
    for words in words_by_topic.values():
        words.sort(key=itemgetter(1))
    return words_by_topic


@prepared
def _spoken(*, topics: Param, members: Param) -> Query:
    columns = schema.readings.c
    here = columns.topic.in_(topics), columns.speaker.in_(members), *known(columns, None)
    query = select(columns.topic, columns.speaker, columns.actor, func.count()).where(*here)
    return query.group_by(columns.topic, columns.speaker, columns.actor)


def _story_allies(story: Story | None) -> Mapping[str, Sequence[str]]:
    """Return by actor all actors on the same side of a story, in its order."""
    sides = story.sides if story else ()
    return {actor: actors for _, actors in sides for actor in actors}
