"""What only very many rows of a table tell: which columns tell rows apart, and every stance."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, islice
from typing import TYPE_CHECKING

from timeline.interchange.guessing.vocabulary import HEADERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from timeline.interchange.formats.source_row import SourceRow
    from timeline.interchange.guessing.columns import Column

ROWS = 200_000
"""Rows that are looked at: a table is seldom longer, and what was seen lies in memory."""
WIDEST, MOST = 3, 6
"""Columns in one key, and columns that are tried at all."""

_SIGNS_OF_TEMPLATES = frozenset("{}!:")


class WholeTable:
    """What is seen in the first `ROWS` rows: the ``key`` that columns make, ``words`` with a count.

    ``key`` is empty where no columns of numbers are the same in no two rows; the words are those
    of one column, such as that of stances, in small letters. ``cut_at`` is the number of
    rows where there are more, of which nothing was seen, else 0.
    """

    def __init__(
        self, rows: Iterable[SourceRow], columns: Sequence[Column], counted: str = ""
    ) -> None:
        self.words: Counter[str] = Counter()
        self._counted = counted
        self._seen = {names: set[int]() for names in _combined(columns)}
        every = iter(rows)
        for row in islice(every, ROWS):
            if row.error is None and row.fields:
                self._take(row.fields)
        self.cut_at = 0 if next(every, None) is None else ROWS
        self.key: tuple[str, ...] = min(self._seen, key=len, default=())

    def _take(self, fields: dict[str, object]) -> None:
        if word := _cell(fields, self._counted):
            self.words[word.lower()] += 1
        for names, seen in list(self._seen.items()):
            cells = tuple(_cell(fields, name) for name in names)
            found = hash(cells)
            if not all(cells) or found in seen:
                del self._seen[names]
            else:
                seen.add(found)


def _combined(columns: Sequence[Column]) -> Iterable[tuple[str, ...]]:
    """Yield which columns may make a key together, the fewest first."""
    named = [
        one.name
        for one in columns
        if one.words & HEADERS["key"] and not _SIGNS_OF_TEMPLATES & set(one.name)
    ]
    for width in range(1, WIDEST + 1):
        yield from combinations(named[:MOST], width)


def _cell(fields: dict[str, object], name: str) -> str:
    cell = fields.get(name)
    return "" if cell is None else str(cell).strip()
