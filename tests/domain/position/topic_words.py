"""A few words in which a test writes down what was said on a topic, for edition 2 of the rule."""

from __future__ import annotations

from typing import Any

from timeline.domain.instants import DAY, end_of_day
from timeline.domain.position.edition2 import (
    Change,
    Mandate,
    MandateStanding,
    Quote,
    Record,
    StatementVersion,
    Topic,
    Verdict,
    changes,
)
from timeline.domain.position.reading import Withdrawal

HOUR = 3_600


def said(  # noqa: PLR0913 - the fields of one statement
    number: int,
    day: int,
    direction: int | None,
    *,
    by: str = "A",
    at: int | None = None,
    days: int | None = 1,
    terms: str = "",
    drops: str = "",
    known: tuple[int, int | None] | None = None,
    **more: Any,  # noqa: ANN401 - the other fields as they are
) -> StatementVersion:
    """Statement `number` in own words of a day, the last of so many (``None``: nobody knows)."""
    instant = end_of_day(day) if at is None else day * DAY + at * HOUR
    earliest = instant if at is not None else (day - (days or 0) + 1) * DAY
    known_from, known_until = known or (number, None)
    return StatementVersion(
        statement=number,
        speaker=by,
        stance=direction,
        earliest=None if days is None else earliest,
        counts_from=instant,
        timed=at is not None,
        sets=frozenset(terms.split()),
        drops=frozenset(drops.split()),
        known_from=known_from,
        known_until=known_until,
        **more,
    )


def carries(direction: int) -> Quote:
    """A quote that two blind readings call the same."""
    return Quote(words=7, readings=(direction, direction))


def takes_back(by: int, target: int) -> Withdrawal:
    """Statement `by` withdraws `target`; linked as soon as both are on record."""
    return Withdrawal(by=by, target=target, known_from=max(by, target))


def office(
    person: str,
    side: str,
    *,
    decides: bool,
    begins: int | None = None,
    ends: int | None = None,
    role: str = "head",
    known_from: int = 0,
) -> tuple[Mandate, MandateStanding]:
    """An office of a person for a side from and until days, and whether it decides."""
    name = f"{person} {side} {begins}"
    held = Mandate(
        mandate=name,
        person=person,
        side=side,
        role=role,
        begins=None if begins is None else begins * DAY,
        begins_by=None if begins is None else end_of_day(begins),
        ends=None if ends is None else end_of_day(ends),
        known_from=known_from,
    )
    standing = MandateStanding(
        mandate=name, standing="decides" if decides else "speaks", known_from=known_from
    )
    return held, standing


def signed(before: int, after: int, at: int, *, cause: str = "") -> Verdict:
    """An editor's verdict at a log position on what two statements show; with a cause, a no."""
    return Verdict(
        before=frozenset({before}),
        after=frozenset({after}),
        signed=not cause,
        cause=cause,
        known_from=at,
    )


def topic(*items: object, on: Topic | None = None) -> Record:
    """A record of statements, walk-backs, offices and verdicts in any order."""
    offices = [item for item in items if isinstance(item, tuple)]
    return Record(
        topic=on or Topic(),
        words=tuple(item for item in items if isinstance(item, StatementVersion)),
        withdrawals=tuple(item for item in items if isinstance(item, Withdrawal)),
        mandates=tuple(held for held, _ in offices),
        standings=tuple(standing for _, standing in offices),
        verdicts=tuple(item for item in items if isinstance(item, Verdict)),
    )


def brief(found: tuple[Change, ...]) -> list[tuple[str, tuple[int, ...], tuple[int, ...]]]:
    """The kind and the statements at both ends of each change."""
    return [(change.kind, change.before, change.after) for change in found]


def moved(*items: object, on: Topic | None = None) -> list[Any]:
    """The changes on a topic in brief."""
    return brief(changes(topic(*items, on=on)))
