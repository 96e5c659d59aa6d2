"""The address of a view of a story: every state of the page is in it, in one canonical order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from marshmallow import EXCLUDE, Schema, fields

from timeline.projections.tables.kinds import KINDS
from web.lanes.query import ViewAddress, read_query, text, word

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

ORDERS = ("old", "new")
ONLY = ("", "new")
LISTS = ("topic", "actor", "kind")


class StoryAddress(ViewAddress, frozen=True, kw_only=True):
    """The address of a story's view.

    ``begin`` and ``end`` are months or years. ``part`` is the day after or before which a part of
    full months begins. ``open`` is the month that is unfolded, or ``all``. ``lines`` asks for every
    line of a dense month, ``questions`` for every question in lists.
    """

    path: ClassVar[str] = "/story"
    names: ClassVar[Mapping[str, str]] = {"begin": "from", "end": "to"}

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

    def data_url(self, slug: str, form: str) -> str:
        """Return the address of this view as data, which has no parts and no order."""
        return self.url(f"{slug}.{form}", open="", part="", order="", lines="", questions="")

    @property
    def is_filtered(self) -> bool:
        """Tell whether a filter is set."""
        return bool(self.topic or self.actor or self.kind or self.only)


class _AddressSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    topic = fields.List(text(80))
    actor = fields.List(text(80))
    kind = fields.List(word(KINDS))
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
    return StoryAddress(**read_query(args, _SCHEMA, LISTS))
