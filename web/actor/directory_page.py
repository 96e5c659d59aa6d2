"""The list of actors."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec

from timeline.projections.queries import directory, speaking
from timeline.projections.queries.speaking import NOTHING
from timeline.projections.queries.utterances import repeats_by_lane
from web.shell.pagination import Part, part_of
from web.wording.actor_kinds import kind_word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Actor

LISTED = 200
"""Actors that the page lists at once."""

MATCHING = 2_000
"""Actors whose names contain what is typed: more of them are not looked at."""


class ListedActor(msgspec.Struct, frozen=True):
    """One line of the list."""

    slug: str
    name: str
    kind: str
    aliases: str
    topics: int
    statements: int


class ActorsPage(msgspec.Struct, frozen=True):
    """The list, what was typed to find it, and which part of it the page shows."""

    typed: str
    actors: list[ListedActor]
    part: Part


def actors_page(conn: Connection, typed: str, skip: int = 0) -> ActorsPage:
    """Read the list, without the first ``skip``."""
    if typed:
        found = directory.actors_matching(conn, typed, limit=MATCHING)
        part = part_of(len(found), skip, LISTED, lambda at: _address(typed, at))
        return ActorsPage(typed, _listed(conn, found[part.first - 1 : part.last]), part)
    part = part_of(directory.count_actors(conn), skip, LISTED, lambda at: _address(typed, at))
    shown = directory.actors(conn, skip=part.first - 1, limit=LISTED)
    return ActorsPage(typed, _listed(conn, shown), part)


def _listed(conn: Connection, shown: Sequence[Actor]) -> list[ListedActor]:
    ids = {one.id for one in shown}
    names = directory.aliases_by_id(conn, ids)
    counts, repeats = speaking.counts_of(conn, ids), repeats_by_lane(conn, ids)
    return [
        ListedActor(
            one.slug,
            one.name,
            kind_word(one.kind),
            ", ".join(names.get(one.id, ())[:4]),
            counts.get(one.id, NOTHING).topics,
            counts.get(one.id, NOTHING).statements - repeats.get(one.id, 0),
        )
        for one in shown
    ]


def _address(typed: str, skip: int) -> str:
    parts = {"q": typed, "from": skip}
    return f"/actors?{urlencode({name: one for name, one in parts.items() if one})}".rstrip("?")
