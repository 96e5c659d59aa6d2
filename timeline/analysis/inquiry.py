"""A question as a reader puts it together: its name, what it is about, and over which time."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec

from timeline.analysis import answers
from timeline.analysis.asking import Asked, actors_named, extent, topics_named, values_asked
from timeline.analysis.days import period_ends
from timeline.analysis.text import standing_alone
from timeline.domain.errors import Refused
from timeline.domain.instants import NEWEST, OLDEST, day_of
from timeline.domain.messages import Message
from timeline.projections.queries.matrix import MONTHS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from timeline.analysis.asking import Engine
    from timeline.analysis.days import Day
    from timeline.analysis.text import Given, Question

TOO_MANY_ANSWERS = Message(
    "too_many_answers",
    "these are more than %(most)s answers",
    fix="choose fewer topics or actors, longer periods, or a shorter time",
)

MANY_MOMENTS = Message(
    "many_moments",
    "these are more than %(most)s moments",
    fix="choose longer periods, or a shorter time",
)

FEW = 48
"""Moments up to which a period is fitting, where none is chosen."""

MOMENTS = 240
"""Moments that one question may be about."""

MOST = 20_000
"""Answers that one question may have."""

DAYS_A_MONTH = 365.2425 / 12


class Inquiry(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked; topics and actors by their slugs, none of them for all.

    ``every`` names a period, empty for a fitting one; ``window`` counts months. ``as_of`` is an
    instant in seconds, ``since`` and ``until`` are days since 1970. ``variables`` are
    written as ``room:a line``.
    """

    question: str
    topics: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    every: str = ""
    window: int = 12
    since: int | None = None
    until: int | None = None
    as_of: int | None = None


class Found(msgspec.Struct, frozen=True):
    """The answers, at the ends of which days, as known at which log position, by which SQL.

    ``every`` is the period between the days.
    """

    answers: tuple[Any, ...]
    days: tuple[Day, ...]
    every: str
    known_at: int
    sql: str


class _Noting:
    """An engine that notes what it was asked last."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self.manifest = engine, engine.manifest
        self.sql = ""

    def answer(self, question: Question, given: Given) -> Iterator[dict[str, Any]]:
        self.sql = standing_alone(question, given)
        return self._engine.answer(question, given)


def find(engine: Engine, inquiry: Inquiry, known_at: int) -> Found:
    """Ask an archive, as known at a log position.

    Raises `NotFound` for a topic or an actor that it has not, and `Refused` for too many moments
    or answers.
    """
    topics, actors = topics_named(engine, inquiry.topics), actors_named(engine, inquiry.actors)
    values = values_asked(engine, inquiry.variables)
    asked = Asked(known_at, inquiry.as_of, topics, actors, values)
    is_over_time = inquiry.question in OVER_TIME
    every, days = days_asked(engine, asked, inquiry) if is_over_time else ("", ())
    if len(days) > MOMENTS:
        raise Refused(MANY_MOMENTS, most=MOMENTS)
    noting = _Noting(engine)
    found = tuple(islice(_ASKING[inquiry.question](noting, asked, inquiry, days), MOST + 1))
    if len(found) > MOST:
        raise Refused(TOO_MANY_ANSWERS, most=f"{MOST:,}")
    return Found(found, days, every, known_at, noting.sql)


OVER_TIME = ("matrix", "agreement", "polarisation")
"""Questions that are asked at the end of several days."""

_ASKING: dict[str, Callable[[Engine, Asked, Inquiry, tuple[Day, ...]], Iterator[Any]]] = {
    "positions": lambda engine, asked, _inquiry, _days: answers.positions(engine, asked),
    "changes": lambda engine, asked, _inquiry, _days: answers.changes(engine, asked),
    "matrix": lambda engine, asked, _inquiry, days: answers.matrix(engine, asked, days),
    "agreement": lambda engine, asked, _inquiry, days: answers.agreement(engine, asked, days),
    "networks": lambda engine, asked, inquiry, _days: answers.networks(
        engine,
        asked,
        day_of(OLDEST) if inquiry.since is None else inquiry.since,
        day_of(NEWEST) if inquiry.until is None else inquiry.until,
    ),
    "polarisation": lambda engine, asked, _inquiry, days: answers.polarisation(engine, asked, days),
}
QUESTIONS = tuple(_ASKING)
"""The questions that there are, by name."""


def days_asked(engine: Engine, asked: Asked, inquiry: Inquiry) -> tuple[str, tuple[Day, ...]]:
    """Return the period and the last days of all, within the time that is asked about.

    Raises `Refused` where they are too many.
    """
    ends = extent(engine, asked)
    if ends is None:
        return inquiry.every, ()
    first = ends[0] if inquiry.since is None else max(ends[0], inquiry.since)
    last = ends[1] if inquiry.until is None else min(ends[1], inquiry.until)
    if last < first:
        return inquiry.every, ()
    every = inquiry.every or fitting_period(last - first)
    return every, tuple(period_ends(first, last, every, inquiry.window))


def fitting_period(days: int) -> str:
    """Return the shortest period of which there are few in so many days, else the longest."""
    for every, months in MONTHS.items():
        if days / DAYS_A_MONTH / months <= FEW:
            return every
    return every
