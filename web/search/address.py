"""The address of a search: the typed text, and filters for entries."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from werkzeug.datastructures import MultiDict

GROUPS = ("actors", "topics", "entries")
LONGEST = 200
MOST_CHOSEN = 40
"""The most topics, actors or years of a filter."""

PLACE = re.compile(r"[0-9]{1,7}")
"""How many hits of a group a page skips."""

YEAR = re.compile(r"-?[0-9]{1,6}")


class SearchAddress(msgspec.Struct, frozen=True):
    """An address in fields; with a ``group``, only its hits after the first ``skip`` are shown.

    ``topic`` and ``actor`` are slugs, ``year`` are years as they are written.
    """

    typed: str
    group: str = ""
    skip: int = 0
    topic: tuple[str, ...] = ()
    actor: tuple[str, ...] = ()
    year: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        """The address of the same search without filters."""
        return self.url(group="", skip=0, topic=(), actor=(), year=())

    @property
    def is_narrowed(self) -> bool:
        """Tell whether entries are filtered."""
        return bool(self.topic or self.actor or self.year)

    def url(self, **changes: object) -> str:
        """Return the address of this search with some things changed."""
        address = msgspec.structs.replace(self, **changes)
        pairs = [("q", address.typed), ("in", address.group), ("from", str(address.skip or ""))]
        for name in ("topic", "actor", "year"):
            pairs += [(name, value) for value in getattr(address, name)]
        return "/search?" + urlencode([pair for pair in pairs if pair[1]])


def read_address(query: MultiDict[str, str]) -> SearchAddress:
    """Read an address; invalid groups, places and years are ignored."""
    typed = " ".join(query.get("q", "").split())[:LONGEST]
    group, skip = query.get("in", ""), query.get("from", "")
    narrowed = SearchAddress(
        typed,
        topic=_chosen(query.getlist("topic")),
        actor=_chosen(query.getlist("actor")),
        year=_chosen(year for year in query.getlist("year") if YEAR.fullmatch(year)),
    )
    if narrowed.is_narrowed:
        group = "entries"
    if group not in GROUPS:
        return narrowed
    after = int(skip) if PLACE.fullmatch(skip) else 0
    return msgspec.structs.replace(narrowed, group=group, skip=after)


def _chosen(slugs: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({slug for slug in slugs if slug}))[:MOST_CHOSEN]
