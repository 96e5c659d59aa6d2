"""A reader's question: its name, topics, actors and time."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec

from timeline.analysis import answers
from timeline.analysis.asking import Scope, actors_named, extent, topics_named, values_asked
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
    from timeline.analysis.text import Question, SmallTables

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
"""The most moments of a period that is chosen automatically."""

MOMENTS = 240
"""The most moments of one question."""

MOST = 20_000
"""The most answers of one question."""

DAYS_A_MONTH = 365.2425 / 12


class Inquiry(msgspec.Struct, frozen=True, kw_only=True):
    """A question; topics and actors are slugs, and empty means all.

    ``every`` names a period, empty to choose one automatically; ``window`` counts months.
    ``as_of`` is an instant in seconds, ``since`` and ``until`` are days since 1970. ``variables``
    are written as ``room:a line``.
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


class Result(msgspec.Struct, frozen=True):
    """The answers of a question, its days and log position, and the SQL that was run.

    ``every`` is the period between the days.
    """

    answers: tuple[Any, ...]
    days: tuple[Day, ...]
    every: str
    known_at: int
    sql: str


class _SqlRecorder:
    """An engine that keeps the SQL of its last question."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self.manifest = engine, engine.manifest
        self.sql = ""

    def answer(self, question: Question, tables: SmallTables) -> Iterator[dict[str, Any]]:
        self.sql = standing_alone(question, tables)
        return self._engine.answer(question, tables)


def ask_archive(engine: Engine, inquiry: Inquiry, known_at: int) -> Result:
    """Ask an archive, as known at a log position.

    Raises `NotFound` for an unknown topic or actor, and `Refused` for too many moments or answers.
    """
    topics, actors = topics_named(engine, inquiry.topics), actors_named(engine, inquiry.actors)
    values = values_asked(inquiry.variables)
    scope = Scope(known_at, inquiry.as_of, topics, actors, values)
    is_over_time = inquiry.question in OVER_TIME
    every, days = days_asked(engine, scope, inquiry) if is_over_time else ("", ())
    if len(days) > MOMENTS:
        raise Refused(MANY_MOMENTS, most=MOMENTS)
    noting = _SqlRecorder(engine)
    rows = tuple(islice(_ASKING[inquiry.question](noting, scope, inquiry, days), MOST + 1))
    if len(rows) > MOST:
        raise Refused(TOO_MANY_ANSWERS, most=f"{MOST:,}")
    return Result(rows, days, every, known_at, noting.sql)


OVER_TIME = ("matrix", "agreement", "polarisation")
"""Questions that are answered for several days."""

_ASKING: dict[str, Callable[[Engine, Scope, Inquiry, tuple[Day, ...]], Iterator[Any]]] = {
    "positions": lambda engine, scope, _inquiry, _days: answers.positions(engine, scope),
    "changes": lambda engine, scope, _inquiry, _days: answers.changes(engine, scope),
    "matrix": lambda engine, scope, _inquiry, days: answers.matrix(engine, scope, days),
    "agreement": lambda engine, scope, _inquiry, days: answers.agreement(engine, scope, days),
    "networks": lambda engine, scope, inquiry, _days: answers.networks(
        engine,
        scope,
        day_of(OLDEST) if inquiry.since is None else inquiry.since,
        day_of(NEWEST) if inquiry.until is None else inquiry.until,
    ),
    "polarisation": lambda engine, scope, _inquiry, days: answers.polarisation(engine, scope, days),
}
QUESTIONS = tuple(_ASKING)
"""The names of all questions."""


def days_asked(engine: Engine, scope: Scope, inquiry: Inquiry) -> tuple[str, tuple[Day, ...]]:
    """Return the period, and its last days within the time of the inquiry.

    Raises `Refused` if there are too many.
    """
    ends = extent(engine, scope)
    if ends is None:
        return inquiry.every, ()
    first = ends[0] if inquiry.since is None else max(ends[0], inquiry.since)
    last = ends[1] if inquiry.until is None else min(ends[1], inquiry.until)
    if last < first:
        return inquiry.every, ()
    every = inquiry.every or fitting_period(last - first)
    return every, tuple(period_ends(first, last, every, inquiry.window))


def fitting_period(days: int) -> str:
    """Return the shortest period that divides so many days into few parts, else the longest."""
    for every, months in MONTHS.items():
        if days / DAYS_A_MONTH / months <= FEW:
            return every
    return every
