"""The address of an actor's page: the moment, what its chart shows, and what is left out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec

from web.lanes.address import read_address as read_view
from web.wording.clocks import Clocks

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

PLACE = re.compile(r"[0-9]{1,7}")


class ActorAddress(msgspec.Struct, frozen=True, kw_only=True):
    """What the address says; each number counts what is left out of the start of a list."""

    slug: str
    clocks: Clocks
    begin: str = ""
    end: str = ""
    changed: int = 0
    lanes: int = 0
    unchanged: int = 0

    def picture_url(self, form: str, size: str = "") -> str:
        """Return the address of the chart as a picture: svg or png, of a size."""
        plain = msgspec.structs.replace(self, changed=0, unchanged=0)
        address = plain.url(form=form)
        return f"{address}{'&' if '?' in address else '?'}size={size}" if size else address

    def pairs(self) -> list[tuple[str, str]]:
        """Return the names and values that say this view."""
        return parse_qsl(urlsplit(self.url()).query)

    def kept_by_brush(self) -> list[tuple[str, str]]:
        """Return the names and values that go with a stretch of time that is chosen."""
        return msgspec.structs.replace(self, begin="", end="").pairs()

    def url(self, known: str = "", form: str = "", **changes: object) -> str:
        """Return the address of the page with some things changed, or of another form of it."""
        wanted = msgspec.structs.replace(self, **changes)
        parts = {
            "asof": wanted.clocks.as_of_text,
            "known": known or wanted.clocks.known_text,
            "from": wanted.begin,
            "to": wanted.end,
            "changed": wanted.changed,
            "lanes": wanted.lanes,
            "unchanged": wanted.unchanged,
        }
        query = urlencode({name: value for name, value in parts.items() if value}, safe="@:{}")
        return f"/a/{self.slug}{'.' if form else ''}{form}?{query}".rstrip("?")


def read_address(slug: str, args: MultiDict[str, str], clocks: Clocks) -> ActorAddress:
    """Read the query; raises `Refused` for what makes no sense in it."""
    skips = {name: read_skip(args, name) for name in ("changed", "lanes", "unchanged")}
    view = read_view(args)
    return ActorAddress(slug=slug, clocks=clocks, begin=view.begin, end=view.end, **skips)


def read_skip(args: MultiDict[str, str], name: str) -> int:
    """Return how much of the start of a list is left out; nothing where that makes no sense."""
    text = args.get(name, "")
    return int(text) if PLACE.fullmatch(text) else 0
