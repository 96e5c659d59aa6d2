"""The address of a matrix: actors, questions, moments, and the clock."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from timeline.domain.written_dates import as_edtf
from web.compare.address import GridAddress, read_choice

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

BETWEEN = re.compile(r"[,;]+")
"""What separates dates that somebody types into one field; spaces may, too."""


class MatrixAddress(GridAddress, frozen=True, kw_only=True):
    """The address of a matrix; ``at`` are dates in the reader's order, ``every`` is a period."""

    path: ClassVar[str] = "/matrix"
    at: tuple[str, ...] = ()
    every: str = ""

    def further(self) -> list[tuple[str, object]]:
        """Return moments, clock and place."""
        return [
            *(("at", date) for date in self.at),
            ("every", self.every),
            ("known_at", self.known_at),
            ("from", self.begin),
        ]

    def with_moment(self, at: tuple[str, ...] = (), every: str = "") -> str:
        """Return the address of this view at other moments."""
        return self.url(at=at, every=every, begin=0)


def read_address(args: MultiDict[str, str]) -> MatrixAddress:
    """Read the query; several dates may be in one field, and dates override a period."""
    at = tuple(dict.fromkeys(as_edtf(moment) for moment in typed_moments(args)))
    return MatrixAddress(
        **read_choice(args), at=at, every="" if at else args.get("every", "").strip()
    )


def typed_moments(args: MultiDict[str, str]) -> list[str]:
    """Return the dates of a query as they are typed; one field may hold several."""
    typed = (part.strip() for text in args.getlist("at") for part in BETWEEN.split(text))
    return [date for part in typed for date in _dates(part)]


def _dates(part: str) -> list[str]:
    """Return the dates of a part: one with spaces in it, like "10. Dez. 2025", or several."""
    return part.split() if as_edtf(part) == part else [part]
