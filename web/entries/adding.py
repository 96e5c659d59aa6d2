"""A name that is typed where actors are chosen: where it leads, or why it adds nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import msgspec

from timeline.projections.queries import directory
from timeline.projections.queries.directory import Actor
from web.shell.request import this_request

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from web.entries.choosing import ChoosingAddress

LONGEST = 200


class AddedName(msgspec.Struct, frozen=True):
    """What came of a name that was typed: nobody of it (and who ``is_near``), or several."""

    typed: str
    meant: list[Actor]
    is_near: bool


def resolve_added_name(
    conn: Connection, address: ChoosingAddress, *, stays: bool = False
) -> tuple[str, AddedName | None]:
    """Return where to go on, empty for here, and why a name that was typed adds nobody.

    A view ``stays`` where something of its query could not be read and is told on it.
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
    """Tell whether the view is asked for by its one address: a form sends empty fields too."""
    query = list(this_request().query.items(multi=True))
    return query == parse_qsl(address.url().partition("?")[2])
