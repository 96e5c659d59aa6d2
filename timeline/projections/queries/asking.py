"""Who and what a question is about: "Russia EU", or a whole question in German or English."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from timeline.projections.queries import directory
from timeline.projections.queries.positions import current_positions
from timeline.projections.queries.search import read_words
from timeline.projections.tables.lanes import lane_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Actor, Topic
    from timeline.projections.queries.search import Typed

_ASKING = """
about agree ansicht aussern bezieht changed denkt did does gegen halt haltung has haltung how meint
meinung opinion position positionen positions sagen sagt said say says stance stand stands steht
support think thinks view was welche welchen what when where which who wie wo woruber wozu
"""
WORDS_OF_QUESTIONS = frozenset(_ASKING.split())
"""Folded words that ask, and tell neither who nor what is asked about."""

Places = dict[str, set[int]]
"""Which of the words typed mean an actor or a topic, by its id."""


def asked_about(conn: Connection, typed: str) -> tuple[Actor, Topic] | None:
    """Return the one actor and the one topic that a question names; ``None`` unless it names both.

    Every word that tells something must mean one of the two. Of several topics that fit it is one
    on which the actor has spoken, the one with most statements first.
    """
    meant = [one for one in read_words(conn, typed) if one.word.lower() not in WORDS_OF_QUESTIONS]
    told = {place for place, one in enumerate(meant) if one.terms or one.actors}
    lanes = lane_of(conn)
    actors = _places(meant, lambda one: [lanes.get(actor, actor) for actor in one.actors])
    topics = _places(meant, lambda one: one.topics)
    pairs = [
        (actor, topic)
        for actor, named in actors.items()
        for topic, asked in topics.items()
        if named | asked >= told and asked - named
    ]
    return _likeliest(conn, pairs, actors) if pairs else None


def _places(meant: list[Typed], of: Callable[[Typed], Iterable[str]]) -> Places:
    found: Places = defaultdict(set)
    for place, one in enumerate(meant):
        for identity in of(one):
            found[identity].add(place)
    return found


def _likeliest(
    conn: Connection, pairs: list[tuple[str, str]], named: Mapping[str, set[int]]
) -> tuple[Actor, Topic] | None:
    """Return the pair in which the actor is named most fully, and has spoken on the topic."""
    most = max(len(named[actor]) for actor, _ in pairs)
    likely = {(actor, topic) for actor, topic in pairs if len(named[actor]) == most}
    spoken = {
        (actor, one.topic)
        for actor in {actor for actor, _ in likely}
        for one in current_positions(conn, lane=actor)
    }
    chosen = likely & spoken or likely
    actors = directory.actors_by_id(conn, {actor for actor, _ in chosen})
    topics = directory.topics_by_id(conn, {topic for _, topic in chosen})
    if len(actors) > 1 and not likely & spoken:
        return None
    best = max(chosen, key=lambda pair: (topics[pair[1]].statements, topics[pair[1]].slug))
    return actors[best[0]], topics[best[1]]
