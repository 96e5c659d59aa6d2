"""A name that is typed to add an actor: the address with them, or why nobody was added."""

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
