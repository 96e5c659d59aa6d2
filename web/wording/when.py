"""When a position changed, exactly as the statements that changed it are dated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.dates import parse_date
from timeline.domain.instants import day_of, iso_day
from web.i18n import dates
from web.i18n.translate import gettext

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from timeline.domain.position import Change
    from timeline.projections.queries.entries import StatementEntry


DAYS = len("2026-07-30/2026-07-31")
"""Characters of an EDTF interval of days."""


def proofs_of(change: Change) -> tuple[int, ...]:
    """Return the numbers of the statements that may date a change."""
    return (*change.after, *change.withdrawn_by)


def changed_at(change: Change, said: Mapping[int, StatementEntry]) -> str:
    """Return the EDTF date of the statement that made a change; without it the day."""
    return dated_by(proofs_of(change), change.counts_from, said)


def dated_by(proofs: Iterable[int], counts_from: int, said: Mapping[int, StatementEntry]) -> str:
    """Return the EDTF date of the proof that counts from an instant; without it the day."""
    entries = (said[number] for number in proofs if number in said)
    dated = (entry.said_at for entry in entries if entry.counts_from == counts_from)
    return next(dated, iso_day(day_of(counts_from)))


def changed_on(change: Change, said: Mapping[int, StatementEntry]) -> str:
    """Return when a change was, in words: "31 Jul 2026", "Jul 2026", "20–21 May 2026"."""
    return dates.said(changed_at(change, said))


def on_date(text: str) -> str:
    """Return an EDTF date for a sentence: "on 30–31 Jul 2026", "in Jul 2026"."""
    words, precision = dates.said(text), parse_date(text).precision
    if set(text) & set("?~%X"):
        return words
    if precision == "month":
        return gettext("in %(month)s", month=words)
    if precision == "year":
        return gettext("in %(year)s", year=words)
    is_day = precision in ("day", "time") or (precision == "interval" and len(text) == DAYS)
    return gettext("on %(date)s", date=words) if is_day else words


def dates_of(said: Mapping[int, StatementEntry]) -> dict[int, str]:
    """Return the EDTF dates of statements by their numbers."""
    return {number: entry.said_at for number, entry in said.items()}
