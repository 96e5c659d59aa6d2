"""The columns of a foreign table: what stands in them, and which field each may be."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC
from typing import TYPE_CHECKING, NamedTuple

from timeline.domain.dates import parse_date
from timeline.domain.errors import StandlineError
from timeline.domain.naming import slugify
from timeline.interchange.guessing.vocabulary import (
    ABSENT,
    AGAINST,
    FOR,
    HEADERS,
    NEITHER,
    as_word,
)
from timeline.interchange.maps.when import DateReading

if TYPE_CHECKING:
    from collections.abc import Sequence

ORDERS = ("edtf", "ymd", "dmy", "mdy", "epoch_ms", "epoch_s", "rfc822")
FEW = 12
"""Different words that a column of stances has at the most."""

_NUMBERS = re.compile(r"\d+(?:\.\d+)?")
_EPOCH_DIGITS = 9
_KNOWN = FOR | AGAINST | NEITHER | ABSENT


class Column(NamedTuple):
    """A column: its header and the cells of the sample that are not blank."""

    name: str
    cells: tuple[str, ...]

    @property
    def words(self) -> frozenset[str]:
        """The words of the header."""
        return frozenset(slugify(self.name).split("-"))

    @property
    def vocabulary(self) -> Counter[str]:
        """How often each cell stands in it."""
        return Counter(self.cells)

    def orders(self) -> tuple[str, ...]:
        """Return the orders in which most of its cells are dates, as many in each of them."""
        read = {order: self._dated(order) for order in ORDERS}
        most = max(read.values())
        return tuple(order for order, count in read.items() if count == most > 0)

    def _dated(self, order: str) -> int:
        """Return how many cells are dates in this order; 0 unless two of three are."""
        others = 0
        for cell, count in self.vocabulary.items():
            others += 0 if _reads(order, cell) else count
            if 3 * others > len(self.cells):
                return 0
        return len(self.cells) - others

    @property
    def is_of_stances(self) -> bool:
        """Whether few words stand in it, and most cells are words for a stance."""
        told = self.vocabulary
        known = sum(count for word, count in told.items() if as_word(word) in _KNOWN)
        return len(told) <= FEW and 2 * known > len(self.cells) > 0


def why_no_date(order: str, cell: str) -> str:
    """Return why a cell is no date in this order; empty for one that is."""
    if order.startswith("epoch"):
        return "" if _is_epoch(order, cell) else f"{cell!r} is not in {order}"
    try:
        if order == "edtf":
            parse_date(cell)
        else:
            DateReading((order,), UTC, drop_time=True).edtf(cell)
    except StandlineError as error:
        return f"{error.message}; {error.fix}"
    return ""


def _reads(order: str, cell: str) -> bool:
    return not why_no_date(order, cell)


def _is_epoch(order: str, cell: str) -> bool:
    if not (_NUMBERS.fullmatch(cell) and len(cell.partition(".")[0]) >= _EPOCH_DIGITS):
        return False
    seconds = float(cell) / (1_000 if order == "epoch_ms" else 1)
    return 0 < seconds < 2**32 and (order == "epoch_s" or seconds > 10**8)


class Meaning(NamedTuple):
    """Which column seems to hold a field, and which others may as well."""

    column: Column
    others: tuple[str, ...]


def meanings(columns: Sequence[Column]) -> dict[str, Meaning]:
    """Return by field the column that seems to hold it; no column holds two."""
    found: dict[str, Meaning] = {}
    taken: set[str] = set()
    for field, words in HEADERS.items():
        if field == "key":  # what tells rows apart is seen in all of them, not in a column
            continue
        free = [one for one in columns if one.name not in taken and _may_be(field, one)]
        named = [one for one in free if one.words & words]
        fitting = named or ([one for one in free if _is_plainly(field, one)])
        if fitting:
            first, *others = sorted(fitting, key=lambda one: len(one.words - words))
            found[field] = Meaning(first, tuple(one.name for one in others))
            taken.add(first.name)
    return found


def _may_be(field: str, column: Column) -> bool:
    """Tell whether the cells of a column can be of a field."""
    if field == "said_at":
        return bool(column.orders())
    if field == "source.url":
        return bool(column.cells) and all(cell.startswith("http") for cell in column.cells)
    if field == "stance":
        return 0 < len(column.vocabulary) <= FEW
    return True


def _is_plainly(field: str, column: Column) -> bool:
    """Tell whether cells alone say what a column is, whatever its header."""
    if field == "stance":
        return column.is_of_stances
    return field in ("said_at", "source.url") and not all(map(str.isdigit, column.cells))
