"""Agreement of coders beyond chance: Krippendorff's alpha, and when it is meaningless.

Krippendorff, K. (2011), Computing Krippendorff's Alpha-Reliability. NLTK computes it.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache, partial
from importlib.util import find_spec
from random import Random
from typing import TYPE_CHECKING, Literal, TypeVar

import msgspec

from timeline.domain.dates import day_of, parse_date
from timeline.domain.variables import NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from timeline.desk.second_readings import ParagraphMark
    from timeline.domain.variables import Variable
    from timeline.second_coding.comparing import PairedReadings

Meaning = Literal["none", "few", "unvaried", "unavailable", "unusable", "tentative", "reliable"]
"""The meaning of an alpha: no units, too few, no variation, not computable here, or how reliable it
is."""

ENOUGH = 30
"""Fewest units of a meaningful alpha: with fewer, not even .667 differs from chance at the 5 %
level if two values are equally frequent (docs/adr has the formula)."""

TENTATIVE, RELIABLE = 0.667, 0.8
"""Least alpha for tentative and for reliable conclusions."""

RESAMPLES, SHARE = 500, 0.95
MOST_RESAMPLED = 200
"""Most units for resampling: so many take two seconds, once."""

Level = Literal["nominal", "ordinal", "interval"]
"""The level of measurement: names, an order, or numeric distances."""

V = TypeVar("V", int, float)
Units = list[dict[str, V]]
"""The coded values of each unit, by coder."""


class Agreement(msgspec.Struct, frozen=True):
    """The agreement of coders on one variable.

    ``units`` counts units with at least two values, ``same`` those whose values are equal.
    ``alpha`` is 1 for full agreement, 0 for chance, less for worse; ``None`` if it is undefined or
    cannot be computed. ``interval`` is its 95 % confidence interval, if requested and possible.
    """

    units: int
    same: int
    alpha: float | None
    meaning: Meaning
    interval: tuple[float, float] | None = None


class Reliability(msgspec.Struct, frozen=True):
    """The agreement on stances, in two ways.

    ``side``: which of the ordered steps, if all coders saw one (ordinal). ``any_side``: whether
    somebody takes a side at all (nominal). ``same`` of ``units`` were coded alike in both ways.
    """

    units: int
    same: int
    side: Agreement
    any_side: Agreement


def reliability(pairs: Iterable[PairedReadings], *, with_interval: bool = False) -> Reliability:
    """Return the agreement of the coders of these statements."""
    units = _units(pairs)
    sided = [_sides(unit) for unit in units if None not in unit.values()]
    taken = [_any_side(unit) for unit in units]
    return Reliability(
        units=len(units),
        same=sum(_is_alike(unit) for unit in units),
        side=_agreement(sided, "ordinal", with_interval=with_interval),
        any_side=_agreement(taken, "nominal", with_interval=with_interval),
    )


def on_variable(
    pairs: Iterable[PairedReadings], variable: Variable, *, with_interval: bool = False
) -> Agreement:
    """Return the agreement on a variable, where both coders gave a value.

    Numbers count by their difference (interval), all other values as names (nominal).
    """
    said = _said_units(
        (pair, pair.first_values.get(variable.id, ""), pair.second_values.get(variable.id, ""))
        for pair in pairs
    )
    if variable.kind == NUMBER:
        numbers = [{coder: float(value) for coder, value in unit.items()} for unit in said]
        return _agreement(numbers, "interval", with_interval=with_interval)
    return _on_names(said, with_interval=with_interval)


def on_paragraphs(
    pairs: Sequence[PairedReadings], *, with_interval: bool = False
) -> dict[str, Agreement]:
    """Return the agreement on speaker, day and passage, where a coder saw only the paragraph.

    Speakers and days are names (nominal); a day is its range of days, so a month differs from its
    first day. They count if both read the same statement. A passage counts word by word, each
    inside or outside (nominal), in all paragraphs; ``units`` counts paragraphs.
    """
    marked = [(pair, pair.mark) for pair in pairs if pair.mark]
    same = [(pair, mark) for pair, mark in marked if not mark.is_elsewhere]
    speakers = _said_units((pair, pair.first_speaker, mark.speaker) for pair, mark in same)
    days = _said_units(
        (pair, _days(pair.first_said_at), _days(mark.said_at)) for pair, mark in same
    )
    return {
        "speaker": _on_names(speakers, with_interval=with_interval),
        "said_at": _on_names(days, with_interval=with_interval),
        "passage": _on_words(marked),
    }


def _on_words(marked: Sequence[tuple[PairedReadings, ParagraphMark]]) -> Agreement:
    """Return the agreement word by word, without an interval: words are no statements."""
    spans: dict[tuple[str, int, tuple[int, int]], dict[str, tuple[int, int]]] = {}
    for pair, mark in marked:
        unit = spans.setdefault((pair.statement, mark.size, mark.passage), {})
        unit |= {pair.first_coder: mark.passage, pair.second_coder: mark.words}
    words = [
        {coder: int(begin <= at < end) for coder, (begin, end) in unit.items()}
        for (_, size, _), unit in spans.items()
        for at in range(size)
    ]
    same = sum(len(set(unit.values())) == 1 for unit in spans.values())
    agreement = _agreement(words, "nominal", with_interval=False)
    is_final = agreement.meaning in {"none", "unavailable"}
    meaning = agreement.meaning if is_final else _meaning(len(spans), agreement.alpha)
    return msgspec.structs.replace(agreement, units=len(spans), same=same, meaning=meaning)


def _days(edtf: str) -> str:
    """Return the range of days of a date, as a name; empty for no date."""
    if not edtf:
        return ""
    said = parse_date(edtf)
    return f"{'' if said.earliest is None else day_of(said.earliest)}/{day_of(said.latest)}"


def _said_units(values: Iterable[tuple[PairedReadings, str, str]]) -> list[dict[str, str]]:
    """Return the values of each statement by coder, where both coders gave one."""
    units: dict[tuple[str, str, str], dict[str, str]] = {}
    for pair, first, second in values:
        if first and second:
            unit = units.setdefault((pair.statement, pair.first_coder, first), {})
            unit |= {pair.first_coder: first, pair.second_coder: second}
    return [*units.values()]


def _on_names(said: Sequence[Mapping[str, str]], *, with_interval: bool) -> Agreement:
    names = {value: place for place, value in enumerate(sorted(set(_values(said))))}
    numbers = [{coder: names[value] for coder, value in unit.items()} for unit in said]
    return _agreement(numbers, "nominal", with_interval=with_interval)


def _values(units: Iterable[Mapping[str, str]]) -> Iterator[str]:
    for unit in units:
        yield from unit.values()


def by_coder(pairs: Sequence[PairedReadings]) -> dict[str, Reliability]:
    """Return the reliability of each coder with all others who coded the same, by handle."""
    handles = sorted({handle for pair in pairs for handle in (pair.first_coder, pair.second_coder)})
    return {
        handle: reliability(
            pair for pair in pairs if handle in (pair.first_coder, pair.second_coder)
        )
        for handle in handles
    }


def is_available() -> bool:
    """Tell whether the library that computes alpha is installed: the extra ``agreement``."""
    return find_spec("nltk") is not None


def alpha(units: Units[V], level: Level) -> float | None:
    """Return Krippendorff's alpha; ``None`` if it is undefined.

    Nominal values stand for names. Units with one value do not count. Raises `ImportError` without
    NLTK.
    """
    paired = [unit for unit in units if len(unit) > 1]
    used = Counter(value for unit in paired for value in unit.values())
    if len(used) < 2:  # noqa: PLR2004 - without variation it is 0 / 0
        return None
    # NLTK loads a lot of unused code, so import it only when an alpha is needed.
    from nltk.metrics.agreement import AnnotationTask  # noqa: PLC0415

    apart = partial(_ordinal_distance, used) if level == "ordinal" else DISTANCES[level]
    # NLTK needs the same few distances again and again.
    distances = {(left, right): apart(left, right) for left in used for right in used}
    rows = [
        (coder, place, value) for place, unit in enumerate(paired) for coder, value in unit.items()
    ]
    task = AnnotationTask(rows, distance=lambda left, right: distances[left, right])
    return float(task.alpha())


def _nominal_distance(left: float, right: float) -> float:
    return float(left != right)


def _interval_distance(left: float, right: float) -> float:
    return float((left - right) ** 2)


DISTANCES = {"nominal": _nominal_distance, "interval": _interval_distance}


def _ordinal_distance(used: Counter[V], left: V, right: V) -> float:
    """Return the squared ordinal difference, by the number of values between the two."""
    low, high = sorted((left, right))
    between = sum(count for value, count in used.items() if low <= value <= high)
    return float((between - (used[low] + used[high]) / 2) ** 2)


def interval(units: Units[V], level: Level) -> tuple[float, float] | None:
    """Return the 95 % interval of alpha by resampling the units.

    The same units give the same interval. ``None`` for more than `MOST_RESAMPLED` units, and if too
    many samples have no variation.
    """
    if len(units) > MOST_RESAMPLED:
        return None
    return _interval(tuple(tuple(unit.items()) for unit in units), level)


@lru_cache(maxsize=256)
def _interval(
    units: tuple[tuple[tuple[str, float], ...], ...], level: Level
) -> tuple[float, float] | None:
    chance = Random(0)  # noqa: S311 # nosec B311 - nothing is kept secret by it
    every = [dict(unit) for unit in units]
    draws = (chance.choices(every, k=len(every)) for _ in range(RESAMPLES))
    alphas = sorted(value for draw in draws if (value := alpha(draw, level)) is not None)
    if len(alphas) < RESAMPLES * SHARE:
        return None
    tail = int(len(alphas) * (1 - SHARE) / 2)
    return alphas[tail], alphas[-1 - tail]


def _agreement(units: Units[V], level: Level, *, with_interval: bool) -> Agreement:
    same = sum(_is_alike(unit) for unit in units)
    if not units:
        return Agreement(0, 0, None, "none")
    if not is_available():
        return Agreement(len(units), same, None, "unavailable")
    value = alpha(units, level)
    is_wanted = with_interval and value is not None
    spread = interval(units, level) if is_wanted else None
    return Agreement(len(units), same, value, _meaning(len(units), value), spread)


def _meaning(units: int, value: float | None) -> Meaning:
    if value is None:
        return "unvaried"
    if units < ENOUGH:
        return "few"
    if value < TENTATIVE:
        return "unusable"
    return "tentative" if value < RELIABLE else "reliable"


def _units(pairs: Iterable[PairedReadings]) -> list[dict[str, int | None]]:
    """Return the values of each statement by coder; two states of the record are two units.

    Readings under two words for the same step are left out.
    """
    units: dict[tuple[str, str, int | None], dict[str, int | None]] = {}
    for pair in pairs:
        if not pair.is_comparable:
            continue
        unit = units.setdefault((pair.statement, pair.first_coder, pair.first), {})
        unit[pair.first_coder] = pair.first
        unit[pair.second_coder] = pair.second
    return [*units.values()]


def _sides(unit: dict[str, int | None]) -> dict[str, int]:
    return {coder: value for coder, value in unit.items() if value is not None}


def _any_side(unit: dict[str, int | None]) -> dict[str, int]:
    return {coder: int(value is not None) for coder, value in unit.items()}


def _is_alike(unit: Mapping[str, float | None]) -> bool:
    return len(set(unit.values())) == 1
