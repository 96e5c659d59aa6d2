"""The columns of a foreign table: their cells, and the field that each may be."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC
from functools import cached_property
from statistics import median
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
    QUESTIONS,
    as_word,
    is_number,
)
from timeline.interchange.maps.when import DateReading

if TYPE_CHECKING:
    from collections.abc import Sequence

ORDERS = ("edtf", "ymd", "dmy", "mdy", "epoch_ms", "epoch_s", "rfc822")
FEW = 12
"""Most different words in a column of stances."""
SENTENCE = 4
"""Fewest words of a question."""

_NUMBERS = re.compile(r"\d+(?:\.\d+)?")
_DAY_IN_DIGITS = re.compile(r"(?:1[89]|20)\d{6}")
_SIGNED = re.compile(r"[+\-−±]")
_EPOCH_DIGITS = 9
_KNOWN = FOR | AGAINST | NEITHER | ABSENT


@dataclass(frozen=True)
class Column:
    """A column: its header, and its cell in each row of the sample; cells may be blank."""

    name: str
    rows: tuple[str, ...]

    @cached_property
    def cells(self) -> tuple[str, ...]:
        """The cells that are not blank."""
        return tuple(filter(None, self.rows))

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the header."""
        return frozenset(slugify(self.name).split("-"))

    @cached_property
    def vocabulary(self) -> Counter[str]:
        """How often each cell occurs."""
        return Counter(self.cells)

    def orders(self) -> tuple[str, ...]:
        """Return the orders of day, month and year by which most of its cells are dates."""
        read = {order: self._dated(order) for order in ORDERS}
        most = max(read.values())
        return tuple(order for order, count in read.items() if count == most > 0)

    def _dated(self, order: str) -> int:
        """Count the cells that are dates in this order; 0 if fewer than two thirds are."""
        others = 0
        for cell, count in self.vocabulary.items():
            others += count if why_no_date(order, cell) else 0
            if 3 * others > len(self.cells):
                return 0
        return len(self.cells) - others

    @cached_property
    def is_of_stances(self) -> bool:
        """Whether it has few different words, and most cells are words for a stance."""
        words = self.vocabulary
        matches = sum(count for word, count in words.items() if as_word(word) in _KNOWN)
        return len(words) <= FEW and 2 * matches > len(self.cells) > 0

    @cached_property
    def is_of_signs(self) -> bool:
        """Whether it has few different numbers, some with a sign."""
        numbers = self.vocabulary
        signed = any(_SIGNED.match(cell) for cell in numbers)
        return signed and 1 < len(numbers) <= FEW and all(map(is_number, numbers))

    @cached_property
    def is_of_sentences(self) -> bool:
        """Whether it has whole sentences, most of them repeated."""
        sentences = self.vocabulary
        lengths = [len(cell.split()) for cell in sentences]
        return 2 * len(sentences) <= len(self.cells) and median(lengths or [0]) >= SENTENCE

    @cached_property
    def is_numbered(self) -> bool:
        """Whether it has only numbers."""
        return all(map(is_number, self.vocabulary))

    def tells(self, other: Column) -> bool:
        """Tell whether each of its cells determines the cell of another column."""
        met: dict[str, str] = {}
        pairs = zip(self.rows, other.rows, strict=True)
        return all(met.setdefault(mine, theirs) == theirs for mine, theirs in pairs if mine)


def why_no_date(order: str, cell: str) -> str:
    """Return why a cell is no date in this order; empty if it is one."""
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


def _is_epoch(order: str, cell: str) -> bool:
    if not (_NUMBERS.fullmatch(cell) and len(cell.partition(".")[0]) >= _EPOCH_DIGITS):
        return False
    seconds = float(cell) / (1_000 if order == "epoch_ms" else 1)
    return 0 < seconds < 2**32 and (order == "epoch_s" or seconds > 10**8)


class Meaning(NamedTuple):
    """The column that seems to be a field, and other columns that may be it."""

    column: Column
    others: tuple[str, ...]


def meanings(columns: Sequence[Column]) -> dict[str, Meaning]:
    """Return the column that seems to be each field; no column is two fields."""
    by_field: dict[str, Meaning] = {}
    taken: set[str] = set()

    def take(field: str, first: Column, others: Sequence[Column] = ()) -> None:
        by_field[field] = Meaning(first, tuple(column.name for column in others))
        taken.add(first.name)

    for field, words in HEADERS.items():
        if field == "key":  # what tells rows apart is seen in all of them, not in a column
            continue
        free = [column for column in columns if column.name not in taken and _may_be(field, column)]
        if field == "topic" and (pair := _label_and_question(free)):
            take("topic", pair[0])
            take("topic_question", pair[1])
            continue
        by_header = [column for column in free if column.words & words]
        fitting = by_header or ([column for column in free if _is_plainly(field, column)])
        if field == "actor":
            fitting.sort(key=lambda column: _unlike_an_actor(column, by_field))
        else:
            fitting.sort(key=lambda column: len(column.words - words))
        if fitting:
            take(field, fitting[0], fitting[1:])
    return by_field


def _may_be(field: str, column: Column) -> bool:
    """Tell whether the cells of a column can be values of a field."""
    if field in ("said_at", "source.published_at"):
        return bool(column.orders())
    if field == "source.url":
        return bool(column.cells) and all(cell.startswith("http") for cell in column.cells)
    if field == "stance":
        return 0 < len(column.vocabulary) <= FEW
    return True


def _is_plainly(field: str, column: Column) -> bool:
    """Tell whether the cells alone identify a field, whatever the header."""
    if field == "stance":
        return column.is_of_stances or column.is_of_signs
    if field not in ("said_at", "source.url") or column.words & HEADERS["key"]:
        return False
    is_number = all(map(str.isdigit, column.cells))
    return not is_number or all(map(_DAY_IN_DIGITS.fullmatch, column.cells))


def _label_and_question(columns: Sequence[Column]) -> tuple[Column, Column] | None:
    """Return a column of labels and the column of their questions, if there are both."""
    asking = HEADERS["topic"] | QUESTIONS
    for question in columns:
        if not (question.is_of_sentences and _speaks_of(question, asking)):
            continue
        labels = [
            column
            for column in columns
            if column is not question
            and column.words & HEADERS["topic"]
            and not column.is_numbered
            and _length(column) < _length(question)
            and question.tells(column)
        ]
        if labels:
            return min(labels, key=_length), question
    return None


def _speaks_of(column: Column, words: frozenset[str]) -> bool:
    """Tell whether a header has one of these words, or begins with one, as in German compounds."""
    return any(word.startswith(tuple(words)) for word in column.words)


def _length(column: Column) -> float:
    return median(map(len, column.vocabulary)) if column.vocabulary else 0


def _unlike_an_actor(column: Column, by_field: dict[str, Meaning]) -> tuple[bool, int, int]:
    """Return a sort key: actors of stances vary and do not contradict themselves."""
    is_constant = len(column.vocabulary) <= 1
    beside = len(column.words - HEADERS["actor"])
    if "stance" not in by_field:
        return is_constant, 0, beside
    fields = ("topic", "topic_question", "said_at")
    shared = [by_field[field].column.rows for field in fields if field in by_field]
    stances: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for stance, *rest in zip(by_field["stance"].column.rows, column.rows, *shared, strict=True):
        stances[tuple(rest)][stance] += 1
    contradicted = sum(counts.total() - max(counts.values()) for counts in stances.values())
    return is_constant, contradicted, beside
