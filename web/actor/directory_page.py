"""The list of actors."""

from __future__ import annotations

import re
from operator import itemgetter
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode

import msgspec

from timeline.projections.queries import directory, speaking
from timeline.projections.queries.speaking import NOTHING, Most, RankPlace
from timeline.projections.queries.utterances import repeats_by_lane
from web.i18n.translate import gettext
from web.shell.pagination import ListPart, list_part, no_place, read_keyed_page, read_place
from web.wording.kinds import kind_word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection
    from werkzeug.datastructures import MultiDict

    from timeline.projections.queries.directory import Actor
    from web.shell.pagination import ListPlace

K = TypeVar("K")

ORDERS: dict[Most, Callable[[], str]] = {
    "topics": lambda: gettext("Topics"),
    "statements": lambda: gettext("Statements"),
    "turned": lambda: gettext("Positions changed"),
}
"""The columns that can sort the list, with their headings."""

WRITTEN = re.compile(r"([0-9]{1,15}),([^,]+)")
"""A place in a list sorted by a count: the count and the slug."""

LISTED = 200
"""The most actors of a page."""

MATCHING = 2_000
"""The most actors that are found by name."""


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
    """A column of counts; its heading sorts the list by it."""

    order: Most
    label: str
    href: str


class ListAddress(msgspec.Struct, frozen=True, kw_only=True):
    """The address of the list: the typed text, the order, and the place of the page.

    A place is a slug, after the count in a list sorted by one. Addresses hold no names, because
    names may have to be erased.
    """

    typed: str = ""
    order: Most | None = None
    after: str = ""
    before: str = ""

    def url(self, **changes: object) -> str:
        """Return the address of the list with some things changed."""
        address = msgspec.structs.replace(self, **changes)
        parts = {
            "q": address.typed,
            "order": address.order,
            "after": address.after,
            "before": address.before,
        }
        query = urlencode({name: part for name, part in parts.items() if part}, safe=",")
        return f"/actors?{query}".rstrip("?")

    @property
    def start(self) -> ListAddress:
        """The address of the first part."""
        return msgspec.structs.replace(self, after="", before="")

    def at(self, place: ListPlace[K], written: str) -> str:
        """Return the address of another part, its place as it is written."""
        return self.start.url(**{place.way: written})

    def place(self, read: Callable[[str], K]) -> ListPlace[K] | None:
        """Return the place of the part; raises `Refused` for an invalid one."""
        return read_place(self.after, self.before, read)


class ActorsPage(msgspec.Struct, frozen=True):
    """The list, with the typed text, its order, and its part on the page.

    Without an ``order`` it is sorted by name; ``by_name`` links to that.
    """

    typed: str
    order: str
    by_name: str
    columns: list[Column]
    actors: list[ListedActor]
    part: ListPart


def read_list(query: MultiDict[str, str]) -> ListAddress:
    """Read the address of the list; an unknown order means by name."""
    return ListAddress(
        typed=query.get("q", "").strip(),
        order=next((order for order in ORDERS if order == query.get("order")), None),
        after=query.get("after", ""),
        before=query.get("before", ""),
    )


def actors_page(conn: Connection, address: ListAddress) -> ActorsPage:
    """Read the list; raises `Refused` for an invalid place."""
    start = address.start
    actors, part = _shown(conn, address)
    return ActorsPage(
        typed=address.typed,
        order=address.order or "name",
        by_name=start.url(order=None),
        columns=[Column(order, label(), start.url(order=order)) for order, label in ORDERS.items()],
        actors=_listed(conn, actors),
        part=part,
    )


def _shown(conn: Connection, address: ListAddress) -> tuple[Sequence[Actor], ListPart]:
    """Return the actors of a page, and their part of the list."""
    if address.order and not address.typed:
        return _by_count(conn, address, address.order)
    actors = _matching(conn, address) if address.typed else None

    def read(limit: int, *, beyond: str | None, back: bool) -> Sequence[Actor]:
        if actors is None:
            try:
                return directory.actors(conn, limit=limit, beyond=beyond, back=back)
            except LookupError as error:
                raise no_place(str(error)) from error
        return _some(actors, limit, beyond, back=back)

    here = read_keyed_page(read, lambda actor: actor.slug, LISTED, address.place(str))
    total = directory.count_actors(conn) if actors is None else len(actors)
    return here.items, list_part(here, total, lambda at: address.at(at, at.key))


def _some(
    actors: Sequence[Actor], limit: int, beyond: str | None, *, back: bool
) -> Sequence[Actor]:
    """Return found actors after or before one; raises `Refused` if it is not among them."""
    if beyond is None:
        return actors[:limit]
    slugs = [actor.slug for actor in actors]
    if beyond not in slugs:
        raise no_place(beyond)
    at = slugs.index(beyond)
    return actors[max(at - limit, 0) : at] if back else actors[at + 1 :][:limit]


def _by_count(
    conn: Connection, address: ListAddress, order: Most
) -> tuple[Sequence[Actor], ListPart]:
    def read(
        limit: int, *, beyond: RankPlace | None, back: bool
    ) -> Sequence[tuple[RankPlace, str]]:
        return speaking.actors_with_most(conn, order, limit, beyond=beyond, back=back)

    here = read_keyed_page(read, itemgetter(0), LISTED, address.place(_ranked))
    actors = directory.actors_by_id(conn, {actor_id for _, actor_id in here.items})
    part = list_part(
        here,
        directory.count_actors(conn),
        lambda at: address.at(at, f"{at.key.amount},{at.key.slug}"),
    )
    return [actors[actor_id] for _, actor_id in here.items], part


def _ranked(text: str) -> RankPlace:
    """Read a place in a list sorted by a count; raises `ValueError` for an invalid one."""
    match = WRITTEN.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return RankPlace(int(match[1]), match[2])


def _matching(conn: Connection, address: ListAddress) -> list[Actor]:
    actors, order = directory.actors_matching(conn, address.typed, limit=MATCHING), address.order
    if order is None:
        return actors
    counts = {line.slug: getattr(line, order) for line in _listed(conn, actors)}
    return sorted(actors, key=lambda actor: (-counts[actor.slug], actor.slug))


def _listed(conn: Connection, shown: Sequence[Actor]) -> list[ListedActor]:
    ids = {actor.id for actor in shown}
    names = directory.aliases_by_id(conn, ids)
    counts, repeats = speaking.counts_of(conn, ids), repeats_by_lane(conn, ids)
    return [
        ListedActor(
            actor.slug,
            actor.name,
            kind_word(actor.kind),
            ", ".join([name for name in names.get(actor.id, ()) if name != actor.name][:4]),
            counts.get(actor.id, NOTHING).topics,
            counts.get(actor.id, NOTHING).statements - repeats.get(actor.id, 0),
            counts.get(actor.id, NOTHING).turned,
        )
        for actor in shown
    ]
