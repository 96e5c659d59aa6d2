"""The address of a topic's view: every state of the page is in it, in one canonical order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import msgspec
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from timeline.domain.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.datastructures import MultiDict

KINDS = ("statement", "development")
ONLY = ("", "changes", "new")
SORTS = ("side", "changed", "stance", "name")
ORDERS = ("new", "old")
VIEWS = ("chart", "table")
SOURCES = ("", "all")
CLOCKS = ("said", "known")
SPEEDS = (1, 2, 4)
STANCES = ("-2", "-1", "0", "1", "2", "none")
GO = ("first", "prev", "next", "last")


class TopicAddress(msgspec.Struct, frozen=True, kw_only=True):
    """What the address says; defaults are left out of it, so equal views have equal addresses."""

    actor: tuple[str, ...] = ()
    stance: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    only: str = ""
    begin: str = ""
    end: str = ""
    sort: str = "side"
    order: str = "new"
    view: str = "chart"
    expand: tuple[str, ...] = ()
    all_lanes: int = 0
    sources: str = ""
    clock: str = "said"
    asof: str = ""
    known: str = ""
    s: int = 0
    since: str = ""
    play: int = 0
    speed: int = 1

    def pairs(self, **changes: object) -> list[tuple[str, str]]:
        """Return the names and values that say this view with some things changed."""
        wanted = msgspec.structs.replace(self, **changes)
        pairs: list[tuple[str, str]] = []
        for name, default in DEFAULTS.items():
            value = getattr(wanted, name)
            value = tuple(value) if isinstance(value, list) else value
            if value == default:
                continue
            values = sorted(value) if isinstance(value, tuple) else [value]
            pairs += [(NAMES.get(name, name), str(one)) for one in values]
        return pairs

    def kept_by_filters(self) -> list[tuple[str, str]]:
        """Return what the form of filters carries along beside its own boxes."""
        only = "" if self.only == "changes" else self.only
        return self.pairs(actor=(), stance=(), source=(), kind=(), sort="side", play=0, only=only)

    def query(self, **changes: object) -> str:
        """Return the query of this view with some things changed."""
        return urlencode(self.pairs(**changes), safe="@:,")

    def url(self, slug: str, **changes: object) -> str:
        """Return the address of this view of a topic with some things changed."""
        query = self.query(**changes)
        return f"/t/{slug}?{query}" if query else f"/t/{slug}"

    def step_url(self, slug: str, go: str, **changes: object) -> str:
        """Return the address that answers with a step of the replay: first, prev, next, last."""
        return _asking(self.url(slug, **changes), "go", go)

    def more_url(self, slug: str, after: str) -> str:
        """Return the address of the entries after one."""
        return _asking(self.url(slug), "after", after) if after else self.url(slug)

    @property
    def is_filtered(self) -> bool:
        """Tell whether entries are left out by a filter."""
        return bool(
            self.actor
            or self.stance
            or self.source
            or self.kind
            or self.only
            or self.begin
            or self.end
        )


DEFAULTS = {field.name: field.default for field in msgspec.structs.fields(TopicAddress)}
NAMES = {"begin": "from", "end": "to", "all_lanes": "all"}


def _asking(url: str, name: str, value: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode({name: value}, safe=',')}"


class _AddressSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    actor = fields.List(fields.Str(validate=validate.Length(max=80)))
    stance = fields.List(fields.Str(validate=validate.OneOf(STANCES)))
    source = fields.List(fields.Str(validate=validate.Length(max=40)))
    kind = fields.List(fields.Str(validate=validate.OneOf(KINDS)))
    expand = fields.List(fields.Str(validate=validate.Length(max=80)))
    only_ = fields.Str(data_key="only", attribute="only", validate=validate.OneOf(ONLY))
    begin = fields.Str(data_key="from", validate=validate.Length(max=40))
    end = fields.Str(data_key="to", validate=validate.Length(max=40))
    sort = fields.Str(validate=validate.OneOf(SORTS))
    order = fields.Str(validate=validate.OneOf(ORDERS))
    view = fields.Str(validate=validate.OneOf(VIEWS))
    all_lanes = fields.Int(data_key="all", validate=validate.Range(min=0, max=9_999))
    sources = fields.Str(validate=validate.OneOf(SOURCES))
    clock = fields.Str(validate=validate.OneOf(CLOCKS))
    asof = fields.Str(validate=validate.Length(max=40))
    known = fields.Str(validate=validate.Length(max=40))
    s = fields.Int(validate=validate.Range(min=0, max=2**62))
    since = fields.Str(validate=validate.Length(max=40))
    play = fields.Int(validate=validate.OneOf((0, 1)))
    speed = fields.Int(validate=validate.OneOf(SPEEDS))


_SCHEMA = _AddressSchema()
_LISTS = ("actor", "stance", "source", "kind", "expand")


def read_address(args: MultiDict[str, str]) -> TopicAddress:
    """Read the query; raises `Refused` naming the first part that makes no sense."""
    return TopicAddress(**read_query(args, _SCHEMA, _LISTS))


def read_query(args: MultiDict[str, str], schema: Schema, lists: Sequence[str]) -> dict[str, Any]:
    """Read a query by a schema, ``lists`` as sorted tuples; empty values count as left out.

    Raises `Refused` naming the first part that makes no sense.
    """
    given: dict[str, Any] = {
        name: list(filter(None, args.getlist(name))) if name in lists else args[name]
        for name in args
        if args[name] != ""
    }
    try:
        loaded: dict[str, Any] = schema.load(given)
    except ValidationError as error:
        name, problem = next(iter(error.messages_dict.items()))
        value = ",".join(args.getlist(name))[:80]
        msg = f"in the address, {name}={value} means nothing"
        raise Refused(msg, field=name, fix=_first(problem)) from None
    found = {n: tuple(sorted({*value})) for n, value in loaded.items() if isinstance(value, list)}
    return loaded | found


def _first(problem: Any) -> str:  # noqa: ANN401 - marshmallow nests lists and dicts
    while isinstance(problem, (list, dict)):
        problem = next(iter(problem.values() if isinstance(problem, dict) else problem))
    return str(problem).rstrip(".")
