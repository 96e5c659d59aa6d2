"""The address of an actor's page: the moment, what its chart shows, and what is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec

from web.lanes.address import read_address as read_view
from web.wording.clocks import Clocks

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

LISTS = ("changed", "lanes", "unchanged")


class ActorAddress(msgspec.Struct, frozen=True, kw_only=True):
    """What the address says; ``changed``, ``lanes`` and ``unchanged`` are places in lists."""

    slug: str
    clocks: Clocks
    begin: str = ""
    end: str = ""
    changed: str = ""
    lanes: str = ""
    unchanged: str = ""

    def picture_url(self, form: str, size: str = "") -> str:
        """Return the address of the chart as a picture: svg or png, of a size."""
        plain = msgspec.structs.replace(self, changed="", unchanged="")
        address = plain.url(form=form)
        return f"{address}{'&' if '?' in address else '?'}size={size}" if size else address

    def pairs(self) -> list[tuple[str, str]]:
        """Return the names and values that say this view."""
        return parse_qsl(urlsplit(self.url()).query)

    def kept_by_brush(self) -> list[tuple[str, str]]:
        """Return the names and values that go with a stretch of time that is chosen."""
        return msgspec.structs.replace(self, begin="", end="").pairs()

    def url(self, known_at: str = "", form: str = "", **changes: object) -> str:
        """Return the address of the page with some things changed, or of another form of it."""
        address = msgspec.structs.replace(self, **changes)
        parts = {
            "as_of": address.clocks.as_of_text,
            "known_at": known_at or address.clocks.known_text,
            "from": address.begin,
            "to": address.end,
            "changed": address.changed,
            "lanes": address.lanes,
            "unchanged": address.unchanged,
        }
        query = urlencode({name: value for name, value in parts.items() if value}, safe="@:,{}")
        return f"/a/{self.slug}{'.' if form else ''}{form}?{query}".rstrip("?")


def read_address(slug: str, args: MultiDict[str, str], clocks: Clocks) -> ActorAddress:
    """Read the query; raises `Refused` for what makes no sense in it."""
    places = {name: args.get(name, "") for name in LISTS}
    view = read_view(args)
    return ActorAddress(slug=slug, clocks=clocks, begin=view.begin, end=view.end, **places)
