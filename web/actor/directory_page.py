"""The list of actors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import directory, speaking
from timeline.projections.queries.speaking import NOTHING
from timeline.projections.queries.utterances import repeats_by_lane
from web.wording.actor_kinds import kind_word

if TYPE_CHECKING:
    from sqlalchemy import Connection

MOST = 2_000


class ListedActor(msgspec.Struct, frozen=True):
    """One line of the list."""

    slug: str
    name: str
    kind: str
    aliases: str
    topics: int
    statements: int


class ActorsPage(msgspec.Struct, frozen=True):
    """The list, and what was typed to find it."""

    typed: str
    actors: list[ListedActor]
    total: int


def actors_page(conn: Connection, typed: str) -> ActorsPage:
    """Read the list."""
    found = directory.actors(conn)
    if typed:
        wanted = {one.id for one in directory.actors_matching(conn, typed, limit=MOST)}
        found = [one for one in found if one.id in wanted]
    shown = found[:MOST]
    names = directory.aliases_by_id(conn, {one.id for one in shown})
    counts = speaking.counts_by_lane(conn)
    repeats = repeats_by_lane(conn)
    return ActorsPage(
        typed,
        [
            ListedActor(
                one.slug,
                one.name,
                kind_word(one.kind),
                ", ".join(names.get(one.id, ())[:4]),
                counts.get(one.id, NOTHING).topics,
                counts.get(one.id, NOTHING).statements - repeats.get(one.id, 0),
            )
            for one in shown
        ],
        len(found),
    )
