"""The address of a search: what is typed, and what the entries found are narrowed to."""

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
"""Topics, actors or years that entries are narrowed to."""

PLACE = re.compile(r"[0-9]{1,7}")
"""How many hits of a group a page leaves out."""

YEAR = re.compile(r"-?[0-9]{1,6}")


class SearchAddress(msgspec.Struct, frozen=True):
    """What the address says; of one ``group`` alone the hits after the first ``skip`` are shown.

    ``topic`` and ``actor`` are slugs, ``year`` years as they are written.
    """

    typed: str
    group: str = ""
    skip: int = 0
    topic: tuple[str, ...] = ()
    actor: tuple[str, ...] = ()
    year: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        """The address of all that is found."""
        return self.url(group="", skip=0, topic=(), actor=(), year=())

    @property
    def is_narrowed(self) -> bool:
        """Tell whether entries are left out that hold what is typed."""
        return bool(self.topic or self.actor or self.year)

    def url(self, **changes: object) -> str:
        """Return the address of this search with some things changed."""
        wanted = msgspec.structs.replace(self, **changes)
        pairs = [("q", wanted.typed), ("in", wanted.group), ("from", str(wanted.skip or ""))]
        for name in ("topic", "actor", "year"):
            pairs += [(name, one) for one in getattr(wanted, name)]
        return "/search?" + urlencode([pair for pair in pairs if pair[1]])


def read_address(query: MultiDict[str, str]) -> SearchAddress:
    """Read an address; groups, places and years that are none count as not said."""
    typed = " ".join(query.get("q", "").split())[:LONGEST]
    group, skip = query.get("in", ""), query.get("from", "")
    narrowed = SearchAddress(
        typed,
        topic=_chosen(query.getlist("topic")),
        actor=_chosen(query.getlist("actor")),
        year=_chosen(one for one in query.getlist("year") if YEAR.fullmatch(one)),
    )
    if narrowed.is_narrowed:
        group = "entries"
    if group not in GROUPS:
        return narrowed
    after = int(skip) if PLACE.fullmatch(skip) else 0
    return msgspec.structs.replace(narrowed, group=group, skip=after)


def _chosen(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({one for one in given if one}))[:MOST_CHOSEN]
