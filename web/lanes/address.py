"""The address of a topic's view: it holds the whole state of the page, in canonical order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlencode

import msgspec
from marshmallow import EXCLUDE, Schema, fields

from web.chart.layout import MANY_LANES
from web.lanes.query import ViewAddress, number, number_of, read_query, text, word

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from timeline.projections.queries.directory import Topic


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


class TopicAddress(ViewAddress, frozen=True, kw_only=True):
    """The address of a topic's view.

    A ``variable`` is the id of a codebook's variable, a colon and its value.
    """

    path: ClassVar[str] = "/t"
    names: ClassVar[Mapping[str, str]] = {"begin": "from", "end": "to", "all_lanes": "all"}

    actor: tuple[str, ...] = ()
    stance: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    variable: tuple[str, ...] = ()
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
    as_of: str = ""
    known_at: str = ""
    s: int = 0
    through: int = 0
    open: str = ""
    since: str = ""
    play: int = 0
    speed: int = 1

    def kept_by_filters(self) -> list[tuple[str, str]]:
        """Return the parameters that the form of filters keeps as hidden fields."""
        only = "" if self.only == "changes" else self.only
        boxes = dict.fromkeys(("actor", "stance", "source", "kind", "variable"), ())
        return self.pairs(**boxes, sort="side", play=0, only=only)

    def step_url(self, slug: str, go: str, **changes: object) -> str:
        """Return the address of a step of the replay: first, prev, next, last."""
        return _asking(self.url(slug, **changes), "go", go)

    def more_url(self, slug: str, after: str) -> str:
        """Return the address of further entries."""
        return _asking(self.url(slug), "after", after) if after else self.url(slug)

    def as_picture(self) -> TopicAddress:
        """Return this view without fields that do not affect its picture."""
        defaults = self.defaults()
        return msgspec.structs.replace(self, **{name: defaults[name] for name in BESIDE_THE_CHART})

    def picture_url(self, slug: str, form: str, size: str = "") -> str:
        """Return the address of this view as a picture: svg or png, of a size."""
        url = self.as_picture().url(f"{slug}.{form}")
        return _asking(url, "size", size) if size else url

    @property
    def is_filtered(self) -> bool:
        """Tell whether entries are left out by a filter."""
        return bool(
            self.actor
            or self.stance
            or self.source
            or self.kind
            or self.variable
            or self.only
            or self.begin
            or self.end
        )


BESIDE_THE_CHART = ("order", "view", "sources", "s", "through", "open", "since", "play", "speed")
"""Fields that do not affect the chart, or only an opened one."""


def _asking(url: str, name: str, value: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode({name: value}, safe=',')}"


class _AddressSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    actor = fields.List(text(80))
    stance = fields.List(word(STANCES))
    source = fields.List(text())
    kind = fields.List(word(KINDS))
    variable = fields.List(text())
    expand = fields.List(text(80))
    only_ = word(ONLY, data_key="only", attribute="only")
    begin = text(data_key="from")
    end = text(data_key="to")
    sort = word(SORTS)
    order = word(ORDERS)
    view = word(VIEWS)
    all_lanes = number(0, 9_999, data_key="all")
    sources = word(SOURCES)
    clock = word(CLOCKS)
    as_of = text()
    known_at = text()
    s = number(0, 2**62)
    through = number(0, 2**62)
    open = text(80)
    since = text()
    play = number_of((0, 1))
    speed = number_of(SPEEDS)


_SCHEMA = _AddressSchema()
_LISTS = ("actor", "stance", "source", "kind", "variable", "expand")


def read_address(args: MultiDict[str, str]) -> TopicAddress:
    """Read the query; raises `Refused` naming the first part that makes no sense."""
    return TopicAddress(**read_query(args, _SCHEMA, _LISTS))


def to_lane(topic: Topic, actor: str, lanes: int, **view: object) -> str:
    """Return the address of an actor's lane (a slug) on a topic with at most so many ``lanes``.

    With very many lanes, a page draws only chosen ones and some others.
    """
    is_chosen = lanes > MANY_LANES
    url = TopicAddress().url(topic.slug, actor=(actor,) if is_chosen else (), **view)
    return f"{url}#lane-{actor}"
