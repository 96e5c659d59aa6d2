"""The answers of an archive, as plain values."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from timeline.analysis.tables import LONG
from timeline.analysis.text import question
from timeline.domain.instants import iso, iso_day
from timeline.domain.position import MIXED
from timeline.domain.scales import SCALES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from timeline.analysis.asking import Engine, Scope
    from timeline.analysis.days import Day
    from timeline.analysis.text import SmallTables

MIXED_VALUE = 9
"""The number for `mixed` in an archive."""

DIGITS = 6
"""Decimal places of shares and averages."""


class ArchivedPosition(msgspec.Struct, frozen=True, kw_only=True):
    """Where an actor stood on a topic; ``counted`` are the statements that prove it.

    ``value`` is the stance from -2 to 2; ``lowest`` and ``highest`` are set for a mixed one.
    ``rank`` is 0 for first-hand words, 1 for second-hand, 2 for ascribed. ``first`` and ``last``
    are the first and last statement of the run that says the same, ``statements`` is its length.
    ``held_by`` is who said it: the actor, or who decides for a side. For votes, ``reported`` is
    what later words of a lower rank say.
    """

    topic: str
    actor: str
    stance: str
    value: int | None
    lowest: int | None
    highest: int | None
    rank: int
    statements: int
    first: int
    last: int
    counted: tuple[int, ...]
    held_by: str
    reported: dict[str, Any] | None


def positions(engine: Engine, scope: Scope) -> Iterator[ArchivedPosition]:
    """Yield where actors stood, by topic and actor."""
    for row in engine.answer(question("positions"), scope.checked_tables(engine)):
        counted = numbers(row["counted"])
        yield ArchivedPosition(
            topic=row["topic"],
            actor=row["actor"],
            stance=word(row["scale"], row["stance"]) or "",
            value=value(row["stance"]),
            lowest=row["lowest"],
            highest=row["highest"],
            rank=row["rank"],
            statements=int(row["statements"]),
            first=numbers(row["opened"])[0],
            last=counted[-1],
            counted=counted,
            held_by=row["held_by"],
            reported=_reported(row),
        )


def _reported(row: dict[str, Any]) -> dict[str, Any] | None:
    if row["reported_rank"] is None:
        return None
    return {
        "stance": word(row["scale"], row["reported_stance"]),
        "rank": row["reported_rank"],
        "statements": list(numbers(row["reported"])),
    }


_decode = msgspec.json.Decoder(tuple[int, ...]).decode


def numbers(value: Any) -> tuple[int, ...]:  # noqa: ANN401 - of whichever engine
    """Return numbers of statements, in order.

    An engine gives a text like ``[1, 2]``, pairs of an instant and a number, or nothing.
    """
    if isinstance(value, str):
        return _decode(value)
    return tuple(int(number) for _, number in value or ())


@cache
def word(scale: str, stance: int | None) -> str | None:
    """Return a scale's word for a stance, ``None`` for no position."""
    if stance is None:
        return None
    return MIXED if stance == MIXED_VALUE else SCALES[scale].word(stance)


def value(stance: int) -> int | None:
    """Return a stance as a number; a mixed one has none."""
    return None if stance == MIXED_VALUE else stance


class ArchivedChange(msgspec.Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """A change of position; ``known_at`` is the log position at which all its proof was known.

    ``counts_from`` is the instant by which all statements that made it had been said.
    """

    topic: str
    actor: str
    kind: str
    from_: str | None
    to: str | None
    counts_from: str
    known_at: int
    before: tuple[int, ...]
    after: tuple[int, ...]
    withdrawn_by: tuple[int, ...]
    other_speaker: bool
    other_wording: bool


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """Where an actor stood on a topic at the end of a day; ``said`` is the day of the statement."""

    topic: str
    actor: str
    as_of: str
    stance: str
    value: int | None
    rank: int
    said: str


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """How much two actors agreed in a window of time, on the topics on which both spoke.

    ``agreement`` is the share of topics with the same stance, ``distance`` how many steps of the
    scale lay between them, on average: from 0 to 4.
    """

    one: str
    other: str
    since: str
    until: str
    topics: int
    same: int
    opposite: int
    agreement: float
    distance: float


class Tie(msgspec.Struct, frozen=True, kw_only=True):
    """Congruence and conflict of two actors, as discourse network analysis counts them."""

    one: str
    other: str
    topics: int
    congruence: int
    conflict: int
    difference: int


class Polarisation(msgspec.Struct, frozen=True, kw_only=True):
    """How far apart actors stood on a topic at the end of a day.

    ``polarisation`` is 0 where all say the same and 1 where half stands at either end of the scale;
    mixed positions are counted apart.
    """

    topic: str
    as_of: str
    actors: int
    above: int
    middle: int
    below: int
    mixed: int
    mean: float | None
    polarisation: float | None


ANSWERS: dict[str, type[msgspec.Struct]] = {
    "positions": ArchivedPosition,
    "changes": ArchivedChange,
    "matrix": Cell,
    "agreement": Agreement,
    "networks": Tie,
    "polarisation": Polarisation,
}
"""The type of each question's answers."""


def changes(engine: Engine, scope: Scope) -> Iterator[ArchivedChange]:
    """Yield when actors moved, by topic and actor, the oldest change first."""
    wrapper = cache(iso)
    for row in engine.answer(question("changes"), scope.checked_tables(engine)):
        yield ArchivedChange(
            topic=row["topic"],
            actor=row["actor"],
            kind=row["kind"],
            from_=word(row["scale"], row["from_stance"]),
            to=word(row["scale"], row["to_stance"]),
            counts_from=wrapper(row["counts_from"]),
            known_at=row["known_at"],
            before=numbers(row["before"]),
            after=numbers(row["after"]),
            withdrawn_by=numbers(row["withdrawn_by"]),
            other_speaker=bool(row["other_speaker"]),
            other_wording=bool(row["other_wording"]),
        )


def matrix(engine: Engine, scope: Scope, days: Sequence[Day]) -> Iterator[Cell]:
    """Yield where actors stood at the end of each day, by topic, actor and day."""
    for row in engine.answer(question("matrix"), _at_days(engine, scope, days)):
        yield Cell(
            topic=row["topic"],
            actor=row["actor"],
            as_of=iso_day(row["at_day"]),
            stance=word(row["scale"], row["stance"]) or "",
            value=value(row["stance"]),
            rank=row["rank"],
            said=iso_day(row["day"]),
        )


def agreement(engine: Engine, scope: Scope, days: Sequence[Day]) -> Iterator[Agreement]:
    """Yield how much pairs of actors agreed in the window before each day.

    A question about one actor gives all of its pairs, about several only pairs among them.
    """
    begins = {day.day: day.begins for day in days}
    for row in engine.answer(question("agreement"), _at_days(engine, scope, days)):
        yield Agreement(
            one=row["one"],
            other=row["other"],
            since=iso_day(begins[row["at_day"]] + 1),
            until=iso_day(row["at_day"]),
            topics=row["topics"],
            same=int(row["same"]),
            opposite=int(row["opposite"]),
            agreement=round(row["agreement"], DIGITS),
            distance=round(row["distance"], DIGITS),
        )


def networks(engine: Engine, scope: Scope, first_day: int, last_day: int) -> Iterator[Tie]:
    """Yield the ties of pairs of actors, from what they said between two days."""
    tables = {
        **scope.tables(),
        "asked_period": ({"first_day": LONG, "last_day": LONG}, [(first_day, last_day)]),
    }
    for row in engine.answer(question("networks"), tables):
        yield Tie(
            one=row["one"],
            other=row["other"],
            topics=row["topics"],
            congruence=int(row["congruence"]),
            conflict=int(row["conflict"]),
            difference=int(row["difference"]),
        )


def polarisation(engine: Engine, scope: Scope, days: Sequence[Day]) -> Iterator[Polarisation]:
    """Yield how far apart actors stood at the end of each day, by topic and day."""
    for row in engine.answer(question("polarisation"), _at_days(engine, scope, days)):
        yield Polarisation(
            topic=row["topic"],
            as_of=iso_day(row["at_day"]),
            actors=row["actors"],
            above=int(row["above"]),
            middle=int(row["middle"]),
            below=int(row["below"]),
            mixed=int(row["mixed"]),
            mean=_rounded(row["mean"]),
            polarisation=_rounded(row["polarisation"]),
        )


def _at_days(engine: Engine, scope: Scope, days: Sequence[Day]) -> SmallTables:
    columns = {"day": LONG, "begins": LONG}
    rows = [(day.day, day.begins) for day in days]
    return {**scope.checked_tables(engine), "asked_days": (columns, rows)}


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, DIGITS)
