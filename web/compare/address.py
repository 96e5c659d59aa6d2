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

    further: ClassVar[tuple[str, ...]]
    """The further fields, in the order of their parameters; empty ones are left out."""

    def pairs(self, **changes: object) -> list[tuple[str, str]]:
        """Return the parameters of this address with some fields changed."""
        address = msgspec.structs.replace(self, **changes)
        pairs: list[tuple[str, str]] = []
        for name in (*LISTS, *self.further):
            value = getattr(address, name)
            values = value if isinstance(value, tuple) else (value,) if value else ()
            pairs += [("from" if name == "begin" else name, str(item)) for item in values]
        return pairs


class CompareAddress(GridAddress, frozen=True, kw_only=True):
    """The address of a comparison.

    With ``differs``, cells that read differently now say how. An ``attribute`` of actors is written
    like a variable.
    """

    path: ClassVar[str] = "/compare"
    further: ClassVar[tuple[str, ...]] = (
        "attribute",
        "as_of",
        "known_at",
        "cells",
        "differs",
        "begin",
    )
    attribute: tuple[str, ...] = ()
    as_of: str = ""
    cells: str = ""
    differs: int = 0


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
    further: ClassVar[tuple[str, ...]] = ("at", "every", "known_at", "begin")
    at: tuple[str, ...] = ()
    every: str = ""

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
