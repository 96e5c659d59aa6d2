"""The neighbours of a statement in its lane, and its changes that nobody has judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import day_of
from timeline.projections.queries import entries
from timeline.projections.queries.change_answers import ChangeFilter, find_changes
from timeline.projections.queries.entries import StatementEntry
from web.entries.views import StatementView
from web.i18n import dates
from web.i18n.translate import gettext, ngettext

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from timeline.projections.queries.entries import Entry
    from web.entries.presenter import Presenter
    from web.lanes.statement_lane import LaneOfStatement
    from web.wording.names import Names

UNSURE = ("?", "~", "%")
"""The qualifiers of an uncertain EDTF date."""

YEARS = 730
"""The days from which a distance is given in years."""


class Neighbour(msgspec.Struct, frozen=True, kw_only=True):
    """A statement of the row: ``place`` is before, this or after.

    ``distance`` is set if both days are known. ``statement`` is ``None`` if there is none;
    ``question`` is set if it answered another wording than the one in the middle; ``between`` is a
    statement after the previous one that moved no position.
    """

    place: str
    label: str
    distance: str = ""
    statement: StatementView | None = None
    question: str = ""
    between: StatementView | None = None


def neighbours(
    lane: LaneOfStatement,
    entry: StatementEntry,
    views: Presenter,
    questions: Mapping[int, str],
) -> tuple[Neighbour, ...]:
    """Return the statement and its neighbours; ``questions`` are by wording."""
    between = views.statement(lane.between) if lane.between else None

    def beside(
        place: str,
        label: str,
        other: StatementEntry | None,
        between: StatementView | None = None,
    ) -> Neighbour:
        if other is None:
            return Neighbour(place=place, label=label)
        return Neighbour(
            place=place,
            label=label,
            distance=_distance(entry, other),
            statement=views.statement(other),
            question=questions.get(other.wording, "") if other.wording != entry.wording else "",
            between=between,
        )

    return (
        beside("before", gettext("Before"), lane.before, between),
        Neighbour(place="this", label=gettext("This statement"), statement=views.statement(entry)),
        beside("after", gettext("After"), lane.after),
    )


def _day(entry: StatementEntry) -> int | None:
    """Return the day on which it was said, if that is certain."""
    first, last = entry.said_earliest, entry.said_latest
    if first is None or last is None or day_of(first) != day_of(last):
        return None
    if entry.said_at.endswith(UNSURE):
        return None
    return day_of(first)


def _distance(entry: StatementEntry, other: StatementEntry) -> str:
    here, there = _day(entry), _day(other)
    if here is None or there is None:
        return ""
    days = there - here
    if not days:
        return gettext("on the same day")
    apart, is_earlier = abs(days), days < 0
    if apart >= YEARS:
        years = round(apart / 365.25)
        return (
            ngettext("%(num)d year earlier", "%(num)d years earlier", years)
            if is_earlier
            else ngettext("%(num)d year later", "%(num)d years later", years)
        )
    return (
        ngettext("%(num)d day earlier", "%(num)d days earlier", apart)
        if is_earlier
        else ngettext("%(num)d day later", "%(num)d days later", apart)
    )


class ChangeEnd(msgspec.Struct, frozen=True):
    """The latest statement at one end of a change: number, speaker and date."""

    number: int
    who: str
    said: str


class WaitingPair(msgspec.Struct, frozen=True):
    """The ends of a change that no editor has judged."""

    earlier: ChangeEnd
    later: ChangeEnd


def waiting_beside(
    conn: Connection, entry: Entry, names: Names, known_at: int | None
) -> list[WaitingPair]:
    """Return the changes with this statement that wait for an editor, the latest first."""
    if not isinstance(entry, StatementEntry):
        return []
    change_filter = ChangeFilter(topics=(entry.topic,), known_at=known_at, which="waiting")
    ends = [
        (change.change.before, change.change.after) for change in find_changes(conn, change_filter)
    ]
    pairs = [pair for pair in ends if all(pair) and entry.number in (*pair[0], *pair[1])]
    said = entries.statements(conn, {end[-1] for pair in pairs for end in pair}, known_at)
    names.actors({entry.speaker for entry in said.values()})
    return [
        WaitingPair(*(_end(said[end[-1]], names) for end in fromkey))
        for fromkey in dict.fromkeys(pairs)
        if all(end[-1] in said for end in fromkey)
    ]


def _end(said: StatementEntry, names: Names) -> ChangeEnd:
    return ChangeEnd(said.number, names.actor(said.speaker).name, dates.said(said.said_at))
