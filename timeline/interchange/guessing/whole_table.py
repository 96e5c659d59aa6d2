"""Facts that need many rows of a table: which columns form a key, and all stances."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from timeline.interchange.formats.source_row import SourceRow

ROWS = 200_000
"""Most rows that are read: few tables are longer, and the cells seen are in memory."""
WIDEST, MOST = 3, 6
"""Most columns of numbers in a key, and most columns that are tried."""

_SIGNS_OF_TEMPLATES = frozenset("{}!:")


class WholeTable:
    """Facts from the first `ROWS` rows: the ``key``, and the ``words`` of one column with counts.

    A key consists of ``numbers``, else of what rows are ``about`` (who, what, when) and as few
    ``others`` as needed; it is empty if two rows have all these in common. Rows that are equal in
    every column count once. Words are in lower case. ``cut_at`` is `ROWS` if there are more rows,
    else 0.
    """

    def __init__(
        self,
        rows: Iterable[SourceRow],
        numbers: Sequence[str],
        about: Sequence[str],
        others: Sequence[str],
        counted: str = "",
    ) -> None:
        self.words: Counter[str] = Counter()
        self._counted = counted
        tried = dict.fromkeys((*_of_numbers(numbers), *_of_what(about, others)))
        self._numbers = frozenset(numbers)
        self._seen = {names: set[int]() for names in tried}
        self._whole: set[int] = set()
        every = iter(rows)
        for row in islice(every, ROWS):
            if row.error is None and row.fields:
                self._take(row.fields)
        self.cut_at = 0 if next(every, None) is None else ROWS
        self.key: tuple[str, ...] = next(iter(self._seen), ())

    def _take(self, fields: dict[str, object]) -> None:
        if word := _cell(fields, self._counted):
            self.words[word.lower()] += 1
        row = hash(tuple(_cell(fields, name) for name in fields))
        if row in self._whole:
            return
        self._whole.add(row)
        for names, seen in list(self._seen.items()):
            cells = tuple(_cell(fields, name) for name in names)
            key = hash(cells)
            is_blank = not all(cells) if self._numbers.issuperset(names) else not any(cells)
            if is_blank or key in seen:
                del self._seen[names]
            else:
                seen.add(key)


def _of_numbers(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield the sets of columns of numbers that may form a key, smallest first."""
    fit = [name for name in names if not _SIGNS_OF_TEMPLATES & set(name)]
    for width in range(1, WIDEST + 1):
        yield from combinations(fit[:MOST], width)


def _of_what(about: Sequence[str], others: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield what rows are about alone, then with each further column, then with all."""
    if len(about) < 2 or any(_SIGNS_OF_TEMPLATES & set(name) for name in about):  # noqa: PLR2004 - who and what
        return
    fit = [name for name in others if not _SIGNS_OF_TEMPLATES & set(name)][:MOST]
    yield tuple(about)
    yield from ((*about, name) for name in fit)
    yield (*about, *fit)


def _cell(fields: dict[str, object], name: str) -> str:
    cell = fields.get(name)
    return "" if cell is None else str(cell).strip()
