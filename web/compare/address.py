"""The address of a comparison: who is compared on what, at which moment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec

from timeline.domain.errors import Refused
from timeline.domain.messages import Advice
from web.lanes.query import ADDRESS_MEANS_NOTHING

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

WORDS_OR_MARKS = Advice("use words or marks")

LISTS = ("actor", "topic", "story")
CELLS = ("", "words", "marks")
"""What a cell shows; empty for what there is room for."""

PLACE = re.compile(r"[0-9]{1,7}")


class CompareAddress(msgspec.Struct, frozen=True, kw_only=True):
    """What the address says: slugs in the reader's order, and the clocks as they stand in it.

    ``begin`` counts the questions that are left out at the start; with ``differs`` each cell that
    reads differently now says how.
    """

    actor: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    story: tuple[str, ...] = ()
    asof: str = ""
    known: str = ""
    cells: str = ""
    differs: int = 0
    begin: int = 0

    def pairs(self, **changes: object) -> list[tuple[str, str]]:
        """Return the names and values that say this view with some things changed."""
        wanted = msgspec.structs.replace(self, **changes)
        pairs = [(name, one) for name in LISTS for one in getattr(wanted, name)]
        single = {
            "asof": wanted.asof,
            "known": wanted.known,
            "cells": wanted.cells,
            "differs": wanted.differs,
            "from": wanted.begin,
        }
        return pairs + [(name, str(value)) for name, value in single.items() if value]

    def url(self, form: str = "", **changes: object) -> str:
        """Return the address of this view with some things changed; ``form`` is csv or json."""
        path = f"/compare.{form}" if form else "/compare"
        query = urlencode(self.pairs(**changes), safe="@:")
        return f"{path}?{query}" if query else path

    def without(self, slug: str) -> str:
        """Return the address of this view without an actor."""
        return self.url(actor=tuple(one for one in self.actor if one != slug), begin=0)

    def with_(self, slug: str) -> str:
        """Return the address of this view with another actor."""
        return self.url(actor=(*self.actor, slug), begin=0)


def read_address(args: MultiDict[str, str]) -> CompareAddress:
    """Read the query; raises `Refused` for a view that there is not."""
    cells = args.get("cells", "")
    if cells not in CELLS:
        raise Refused(
            ADDRESS_MEANS_NOTHING, field="cells", fix=WORDS_OR_MARKS, name="cells", value=cells[:80]
        )
    begin = args.get("from", "")
    lists = {name: tuple(dict.fromkeys(filter(None, args.getlist(name)))) for name in LISTS}
    return CompareAddress(
        **lists,
        asof=args.get("asof", "").strip(),
        known=args.get("known", "").strip(),
        cells=cells,
        differs=int(args.get("differs", "") == "1"),
        begin=int(begin) if PLACE.fullmatch(begin) else 0,
    )
