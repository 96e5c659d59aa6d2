"""The list of actors."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec

from timeline.projections.queries import directory, speaking
from timeline.projections.queries.speaking import NOTHING
from timeline.projections.queries.utterances import repeats_by_lane
from web.i18n.translate import gettext
from web.shell.pagination import Part, part_of
from web.wording.actor_kinds import kind_word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Actor
    from timeline.projections.queries.speaking import Most

ORDERS: dict[Most, Callable[[], str]] = {
    "topics": lambda: gettext("Topics"),
    "statements": lambda: gettext("Statements"),
    "turned": lambda: gettext("Positions changed"),
}
"""The columns by which the list may be in order, with their heads."""

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
    turned: int


class Column(msgspec.Struct, frozen=True):
    """A column of counts; its head leads to the list with the most of them first."""

    order: Most
    label: str
    href: str


class ActorsPage(msgspec.Struct, frozen=True):
    """The list, what was typed to find it, its order, and which part of it the page shows.

    It is in the order of names, to which ``by_name`` leads, unless an ``order`` is asked for.
    """

    typed: str
    order: str
    by_name: str
    columns: list[Column]
    actors: list[ListedActor]
    part: Part


def actors_page(conn: Connection, typed: str, order: str = "", skip: int = 0) -> ActorsPage:
    """Read the list, without the first ``skip``; an unknown order is that of names."""
    most = next((one for one in ORDERS if one == order), None)

    def address(at: int) -> str:
        return _address(typed, most, at)

    if typed:
        found = _matching(conn, typed, most)
        part = part_of(len(found), skip, LISTED, address)
        shown = found[part.first - 1 : part.last]
    else:
        part = part_of(directory.count_actors(conn), skip, LISTED, address)
        shown = _every(conn, most, part.first - 1)
    return ActorsPage(
        typed=typed,
        order=most or "name",
        by_name=_address(typed),
        columns=[Column(one, label(), _address(typed, one)) for one, label in ORDERS.items()],
        actors=_listed(conn, shown),
        part=part,
    )


def _every(conn: Connection, most: Most | None, skip: int) -> list[Actor]:
    if most is None:
        return directory.actors(conn, skip=skip, limit=LISTED)
    ids = speaking.actors_with_most(conn, most, skip=skip, limit=LISTED)
    found = directory.actors_by_id(conn, set(ids))
    return [found[one] for one in ids]


def _matching(conn: Connection, typed: str, most: Most | None) -> list[Actor]:
    found = directory.actors_matching(conn, typed, limit=MATCHING)
    if most is None:
        return found
    counts = {line.slug: getattr(line, most) for line in _listed(conn, found)}
    return sorted(found, key=lambda one: -counts[one.slug])


def _listed(conn: Connection, shown: Sequence[Actor]) -> list[ListedActor]:
    ids = {one.id for one in shown}
    names = directory.aliases_by_id(conn, ids)
    counts, repeats = speaking.counts_of(conn, ids), repeats_by_lane(conn, ids)
    return [
        ListedActor(
            one.slug,
            one.name,
            kind_word(one.kind),
            ", ".join([name for name in names.get(one.id, ()) if name != one.name][:4]),
            counts.get(one.id, NOTHING).topics,
            counts.get(one.id, NOTHING).statements - repeats.get(one.id, 0),
            counts.get(one.id, NOTHING).turned,
        )
        for one in shown
    ]


def _address(typed: str, order: str | None = None, skip: int = 0) -> str:
    parts = {"q": typed, "order": order, "from": skip}
    return f"/actors?{urlencode({name: one for name, one in parts.items() if one})}".rstrip("?")
