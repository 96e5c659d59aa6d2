"""Kinds of changes, and what tells those of a day apart, as the database sees them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Text, and_, case, cast, func, literal, or_

from timeline.domain.instants import DAY
from timeline.domain.position.change import HIDDEN_KINDS
from timeline.projections.tables import schema

DEVELOPMENT = "development"
CHANGED = ("reversal", "terms", "opens", "settles", "succession", "withdrawn", "vote")
KINDS = (*CHANGED, "mixed", "first", DEVELOPMENT)
MOVED = frozenset(CHANGED)
"""Kinds of changes from one position to another; differing votes of a day are none."""

REPLY_RETRACTED = "reply_retracted"
"""The kind of an amendment that takes a reply back; its ``old`` is the position of the reply."""


def is_visible(columns: Any) -> Any:  # noqa: ANN401 - SQL
    """Return the clause that a change meets of which a reader is told; no first words, no step."""
    return columns.kind.not_in(HIDDEN_KINDS)


def _mixed(columns: Any) -> Any:  # noqa: ANN401 - SQL
    return and_(
        columns.kind == "vote",
        or_(
            func.coalesce(columns.from_stance, 0) == schema.MIXED,
            func.coalesce(columns.to_stance, 0) == schema.MIXED,
        ),
    )


def kind_column() -> Any:  # noqa: ANN401 - SQL
    """Return the kind of each change, ``mixed`` where answers of one day differ."""
    columns = schema.changes.c
    return case((_mixed(columns), "mixed"), else_=columns.kind)


def of_kinds(kinds: frozenset[str], columns: Any) -> Any:  # noqa: ANN401 - SQL
    """Return the clause that changes of these kinds meet; ``columns`` are those of `changes`."""
    mixed = _mixed(columns)
    plain = and_(columns.kind.in_([*kinds - {"mixed", DEVELOPMENT}]), ~mixed)
    return or_(plain, mixed) if "mixed" in kinds else plain


def utc_day(instant: Any) -> Any:  # noqa: ANN401 - SQL
    """Return the UTC day of an instant in seconds, counted from 1970-01-01."""
    # Before 1970 a remainder is negative.
    return (instant - (instant % DAY + DAY) % DAY) / literal(DAY, schema.WIDE)


def words_or_lane(columns: Any) -> Any:  # noqa: ANN401 - SQL
    """Return what tells changes of a topic apart: the words that make them, else whose it is."""
    return case((columns.after == "[]", cast(columns.lane, Text)), else_=columns.after)
