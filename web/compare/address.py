"""The addresses of a comparison and of a matrix: who is compared on what, at which moments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from timeline.domain.errors import Refused
from timeline.domain.messages import Advice
from timeline.domain.written_dates import as_edtf
from web.entries.choosing import ChoosingAddress, several
from web.lanes.query import ADDRESS_MEANS_NOTHING

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict


WORDS_OR_MARKS = Advice("use words or marks")

LISTS = ("actor", "topic", "story", "variable")
CELLS = ("", "words", "marks")
"""What a cell shows; empty chooses by the room there is."""

PLACE = re.compile(r"[0-9]{1,7}")


class GridAddress(ChoosingAddress, frozen=True, kw_only=True):
    """What addresses of comparisons and matrices share."""

    def pairs(self, **changes: object) -> list[tuple[str, str]]:
        """Return the parameters of this address with some fields changed."""
        address = msgspec.structs.replace(self, **changes)
        pairs = [(name, value) for name in LISTS for value in getattr(address, name)]
        return pairs + [(name, str(value)) for name, value in address.further() if value]

    def further(self) -> list[tuple[str, object]]:
        """Return the further parameters; those with empty values are left out."""
        raise NotImplementedError


class CompareAddress(GridAddress, frozen=True, kw_only=True):
    """The address of a comparison.

    With ``differs``, cells that read differently now say how. An ``attribute`` of actors is written
    like a variable.
    """

    path: ClassVar[str] = "/compare"
    attribute: tuple[str, ...] = ()
    as_of: str = ""
    cells: str = ""
    differs: int = 0

    def further(self) -> list[tuple[str, object]]:
        """Return attributes, clocks, cells and place."""
        return [
            *(("attribute", value) for value in self.attribute),
            ("as_of", self.as_of),
            ("known_at", self.known_at),
            ("cells", self.cells),
            ("differs", self.differs),
            ("from", self.begin),
        ]


def read_address(args: MultiDict[str, str]) -> CompareAddress:
    """Read the query; raises `Refused` for an unknown kind of cells."""
    cells = args.get("cells", "")
    if cells not in CELLS:
        raise Refused(
            ADDRESS_MEANS_NOTHING, field="cells", fix=WORDS_OR_MARKS, name="cells", value=cells[:80]
        )
    return CompareAddress(
        **read_choice(args),
        attribute=several(args, "attribute"),
        as_of=args.get("as_of", "").strip(),
        cells=cells,
        differs=int(args.get("differs", "") == "1"),
    )


def read_choice(args: MultiDict[str, str]) -> dict[str, Any]:
    """Read the fields of `GridAddress`."""
    begin = args.get("from", "")
    return {name: several(args, name) for name in LISTS} | {
        "known_at": args.get("known_at", "").strip(),
        "begin": int(begin) if PLACE.fullmatch(begin) else 0,
    }


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


def read_matrix_address(args: MultiDict[str, str]) -> MatrixAddress:
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
