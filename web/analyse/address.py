"""The address of a question: which, about whom and what, over which time, as known when."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec

from timeline.analysis.inquiry import OVER_TIME, QUESTIONS
from timeline.domain.errors import Refused
from timeline.domain.text import whole_number
from timeline.projections.queries.matrix import MONTHS
from web.lanes.query import ADDRESS_MEANS_NOTHING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.datastructures import MultiDict

LISTS = ("story", "topic", "actor", "variable")
USUAL = "polarisation"
"""What is asked where nothing is chosen."""

WINDOW, WINDOWS = 12, (3, 6, 12, 24, 60)
"""Months within which words count for agreement: as usual, and those that are offered."""

PERIOD = ("since", "until")
TAKES = {
    "polarisation": ("every", *PERIOD, "known_at"),
    "agreement": ("every", "window", *PERIOD, "known_at"),
    "matrix": ("every", *PERIOD, "known_at"),
    "networks": (*PERIOD, "known_at"),
    "positions": ("as_of", "known_at"),
    "changes": ("as_of", "known_at"),
}
"""What each question takes beside topics and actors, in the order in which they are offered."""

NAMES = {"since": "from", "until": "to", "begin": "rows"}
"""How fields are called in the address, where they are called otherwise."""


class AnalyseAddress(msgspec.Struct, frozen=True, kw_only=True):
    """What the address says; dates as they are written, ``begin`` counts rows that are left out.

    A ``variable`` is its id, a colon and its value.
    """

    question: str = USUAL
    story: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    actor: tuple[str, ...] = ()
    variable: tuple[str, ...] = ()
    every: str = ""
    window: int = WINDOW
    since: str = ""
    until: str = ""
    as_of: str = ""
    known_at: str = ""
    begin: int = 0

    @property
    def takes(self) -> Sequence[str]:
        """The fields that the question takes beside topics and actors."""
        return TAKES[self.question]

    @property
    def is_over_time(self) -> bool:
        """Tell whether the question is asked at the end of several days."""
        return self.question in OVER_TIME

    def pairs(self, **changes: object) -> list[tuple[str, str]]:
        """Return the names and values that say this view with some things changed."""
        wanted = msgspec.structs.replace(self, **changes)
        said = [("question", wanted.question)] if wanted.question != USUAL else []
        said += [(name, one) for name in LISTS for one in getattr(wanted, name)]
        usual = AnalyseAddress()
        return said + [
            (NAMES.get(name, name), str(getattr(wanted, name)))
            for name in (*wanted.takes, "begin")
            if getattr(wanted, name) != getattr(usual, name)
        ]

    def url(self, form: str = "", **changes: object) -> str:
        """Return the address of this view with some things changed; ``form`` is that of a file."""
        query = urlencode(self.pairs(**changes), safe="@:")
        path = f"/analyse.{form}" if form else "/analyse"
        return f"{path}?{query}" if query else path

    def with_(self, actor: str) -> str:
        """Return the address of this view with another actor."""
        return self.url(actor=(*self.actor, actor), begin=0)

    def without(self, actor: str) -> str:
        """Return the address of this view without an actor."""
        return self.url(actor=tuple(one for one in self.actor if one != actor), begin=0)


def read_address(args: MultiDict[str, str]) -> AnalyseAddress:
    """Read the query; raises `Refused` for a question or a period that there is not."""
    question = args.get("question", "") or USUAL
    if question not in QUESTIONS:
        raise _nonsense(question=question)
    every = args.get("every", "")
    if every and every not in MONTHS:
        raise _nonsense(every=every)
    story, topic, actor, variable = (
        tuple(dict.fromkeys(filter(None, args.getlist(name)))) for name in LISTS
    )
    return AnalyseAddress(
        question=question,
        story=story,
        topic=topic,
        actor=actor,
        variable=variable,
        every=every,
        window=_window(args.get("window", "")),
        since=args.get("from", "").strip(),
        until=args.get("to", "").strip(),
        as_of=args.get("as_of", "").strip(),
        known_at=args.get("known_at", "").strip(),
        begin=whole_number(args.get("rows", "")) or 0,
    )


def _window(text: str) -> int:
    if not text:
        return WINDOW
    months = whole_number(text)
    if months is None or not 1 <= months <= MONTHS["millennium"]:
        raise _nonsense(window=text)
    return months


def _nonsense(**given: str) -> Refused:
    ((name, value),) = given.items()
    return Refused(ADDRESS_MEANS_NOTHING, field=name, name=name, value=value[:80])
