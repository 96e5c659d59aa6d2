"""The address of a view of a story: every state of the page is in it, in one canonical order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec
from marshmallow import EXCLUDE, Schema, fields

from timeline.projections.tables.kinds import KINDS
from web.lanes.query import read_query, text, word
from web.wording.kinds import EARLIER, kinds_of_today

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

ORDERS = ("old", "new")
ONLY = ("", "new")
LISTS = ("topic", "actor", "kind")


class StoryAddress(msgspec.Struct, frozen=True, kw_only=True):
    """What the address says; defaults are left out of it.

    ``begin`` and ``end`` are months or years. ``part`` is the day after or before which a part of
    full months begins. ``open`` is the month that is unfolded, or ``all``. ``lines`` asks for every
    line of a dense month, ``questions`` for every question in lists.
    """

    topic: tuple[str, ...] = ()
    actor: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    only: str = ""
    begin: str = ""
    end: str = ""
    open: str = ""
    part: str = ""
    order: str = ""
    lines: str = ""
    questions: str = ""
    as_of: str = ""
    known_at: str = ""
    since: str = ""

    def pairs(self, **changes: object) -> list[tuple[str, str]]:
        """Return the parameters of this address with some fields changed."""
        address = msgspec.structs.replace(self, **changes)
        pairs: list[tuple[str, str]] = []
        for name, default in DEFAULTS.items():
            value = getattr(address, name)
            if value != default:
                values = sorted(value) if isinstance(value, tuple) else [value]
                pairs += [(NAMES.get(name, name), str(item)) for item in values]
        return pairs

    def query(self, **changes: object) -> str:
        """Return the query of this view with some things changed."""
        return urlencode(self.pairs(**changes), safe="@:,")

    def url(self, slug: str, **changes: object) -> str:
        """Return the address of this view of a story with some things changed."""
        query = self.query(**changes)
        return f"/story/{slug}?{query}" if query else f"/story/{slug}"

    def data_url(self, slug: str, form: str) -> str:
        """Return the address of this view as data, which has no parts and no order."""
        return self.url(f"{slug}.{form}", open="", part="", order="", lines="", questions="")

    @property
    def is_filtered(self) -> bool:
        """Tell whether a filter is set."""
        return bool(self.topic or self.actor or self.kind or self.only)


COUNTED = re.compile(r"[0-9]{1,5}")
"""The former numbers of parts in addresses: they lead to the first part."""

DEFAULTS = {field.name: field.default for field in msgspec.structs.fields(StoryAddress)}
NAMES = {"begin": "from", "end": "to"}


class _AddressSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    topic = fields.List(text(80))
    actor = fields.List(text(80))
    kind = fields.List(word((*KINDS, *EARLIER)))
    only_ = word(ONLY, data_key="only", attribute="only")
    begin = text(7, data_key="from")
    end = text(7, data_key="to")
    open = text(7)
    part = text()
    order = word(ORDERS)
    lines = word(("", "all"))
    questions = word(("", "all"))
    as_of = text()
    known_at = text()
    since = text()


_SCHEMA = _AddressSchema()


def read_address(args: MultiDict[str, str]) -> StoryAddress:
    """Read the query; raises `Refused` naming the first invalid parameter."""
    address = StoryAddress(**read_query(args, _SCHEMA, LISTS))
    part = "" if COUNTED.fullmatch(address.part) else address.part
    return msgspec.structs.replace(address, part=part, kind=kinds_of_today(address.kind))
