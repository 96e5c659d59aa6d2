"""The address of a view of a story: every state of the page is in it, in one canonical order."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec
from marshmallow import EXCLUDE, Schema, fields, validate

from timeline.projections.queries.happenings import KINDS
from web.lanes.address import read_query

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

ORDERS = ("old", "new")
ONLY = ("", "new")
LISTS = ("topic", "actor", "kind")


class StoryAddress(msgspec.Struct, frozen=True, kw_only=True):
    """What the address says; defaults are left out of it.

    ``begin`` and ``end`` are months or years, ``part`` counts the pages of too full months from 1,
    ``lines`` asks for every line of a dense month.
    """

    topic: tuple[str, ...] = ()
    actor: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    only: str = ""
    begin: str = ""
    end: str = ""
    part: int = 1
    order: str = ""
    lines: str = ""
    asof: str = ""
    known: str = ""
    since: str = ""

    def query(self, **changes: object) -> str:
        """Return the query of this view with some things changed."""
        wanted = msgspec.structs.replace(self, **changes)
        pairs: list[tuple[str, str]] = []
        for name, default in DEFAULTS.items():
            value = getattr(wanted, name)
            if value != default:
                values = sorted(value) if isinstance(value, tuple) else [value]
                pairs += [(NAMES.get(name, name), str(one)) for one in values]
        return urlencode(pairs, safe="@:,")

    def url(self, slug: str, **changes: object) -> str:
        """Return the address of this view of a story with some things changed."""
        query = self.query(**changes)
        return f"/story/{slug}?{query}" if query else f"/story/{slug}"

    def data_url(self, slug: str, form: str) -> str:
        """Return the address of this view as data, which has no parts and no order."""
        return self.url(f"{slug}.{form}", part=1, order="", lines="")

    @property
    def is_filtered(self) -> bool:
        """Tell whether something is left out by a filter."""
        return bool(self.topic or self.actor or self.kind or self.only)


DEFAULTS = {field.name: field.default for field in msgspec.structs.fields(StoryAddress)}
NAMES = {"begin": "from", "end": "to"}


class _AddressSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    topic = fields.List(fields.Str(validate=validate.Length(max=80)))
    actor = fields.List(fields.Str(validate=validate.Length(max=80)))
    kind = fields.List(fields.Str(validate=validate.OneOf(KINDS)))
    only_ = fields.Str(data_key="only", attribute="only", validate=validate.OneOf(ONLY))
    begin = fields.Str(data_key="from", validate=validate.Length(max=7))
    end = fields.Str(data_key="to", validate=validate.Length(max=7))
    part = fields.Int(validate=validate.Range(min=1, max=99_999))
    order = fields.Str(validate=validate.OneOf(ORDERS))
    lines = fields.Str(validate=validate.OneOf(("", "all")))
    asof = fields.Str(validate=validate.Length(max=40))
    known = fields.Str(validate=validate.Length(max=40))
    since = fields.Str(validate=validate.Length(max=40))


_SCHEMA = _AddressSchema()


def read_address(args: MultiDict[str, str]) -> StoryAddress:
    """Read the query; raises `Refused` naming the first part that makes no sense."""
    return StoryAddress(**read_query(args, _SCHEMA, LISTS))
