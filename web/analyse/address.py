"""The address of a question: its name, topics, actors, time and clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import msgspec

from timeline.analysis.inquiry import OVER_TIME, QUESTIONS
from timeline.domain.errors import Refused
from timeline.domain.text import whole_number
from timeline.projections.queries.matrix import MONTHS
from web.entries.choosing import ChoosingAddress, several
from web.lanes.query import ADDRESS_MEANS_NOTHING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.datastructures import MultiDict

LISTS = ("story", "topic", "actor", "variable")
USUAL = "polarisation"
"""The question that is asked if none is chosen."""

WINDOW, WINDOWS = 12, (3, 6, 12, 24, 60)
"""Months within which statements count for agreement: the default, and the choices."""

PERIOD = ("since", "until")
TAKES = {
    "polarisation": ("every", *PERIOD, "known_at"),
    "agreement": ("every", "window", *PERIOD, "known_at"),
    "matrix": ("every", *PERIOD, "known_at"),
    "networks": (*PERIOD, "known_at"),
    "positions": ("as_of", "known_at"),
    "changes": ("as_of", "known_at"),
}
"""The further fields of each question, in the order of the form."""

NAMES = {"since": "from", "until": "to", "begin": "rows"}
"""The names of fields in the address, if they differ."""


class AnalyseAddress(ChoosingAddress, frozen=True, kw_only=True):
    """The address of a question; dates as they are typed."""

    path: ClassVar[str] = "/analyse"

    question: str = USUAL
    every: str = ""
    window: int = WINDOW
    since: str = ""
    until: str = ""
    as_of: str = ""

    @property
    def takes(self) -> Sequence[str]:
        """The further fields of the question."""
        return TAKES[self.question]

    @property
    def is_over_time(self) -> bool:
        """Tell whether the question is answered for several days."""
        return self.question in OVER_TIME

    def pairs(self, **changes: object) -> list[tuple[str, str]]:
        """Return the parameters of this address with some fields changed."""
        address = msgspec.structs.replace(self, **changes)
        pairs = [("question", address.question)] if address.question != USUAL else []
        pairs += [(name, value) for name in LISTS for value in getattr(address, name)]
        usual = AnalyseAddress()
        return pairs + [
            (NAMES.get(name, name), str(getattr(address, name)))
            for name in (*address.takes, "begin")
            if getattr(address, name) != getattr(usual, name)
        ]


def read_address(args: MultiDict[str, str]) -> AnalyseAddress:
    """Read the query; raises `Refused` for an unknown question or period."""
    question = args.get("question", "") or USUAL
    if question not in QUESTIONS:
        raise _nonsense(question=question)
    every = args.get("every", "")
    if every and every not in MONTHS:
        raise _nonsense(every=every)
    return AnalyseAddress(
        question=question,
        **{name: several(args, name) for name in LISTS},
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


def _nonsense(**values: str) -> Refused:
    ((name, value),) = values.items()
    return Refused(ADDRESS_MEANS_NOTHING, field=name, name=name, value=value[:80])
