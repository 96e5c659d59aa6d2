"""The scatter put together: points, axes and moments, and what they mean in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import MICROSECONDS
from timeline.projections.queries.directory import Topic
from web.i18n import dates
from web.i18n.translate import gettext, ngettext
from web.log.scatter import axes
from web.log.scatter.address import address
from web.log.scatter.drawing import Cut, Diagonal, Point, Scatter
from web.log.scatter.labels import labels
from web.log.scatter.plane import Plane
from web.log.scatter.points import days, told

if TYPE_CHECKING:
    from collections.abc import Iterator

FOOT = 42
"""Pixels below the plot for its dates and its name."""


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What the picture is of: instants in seconds, ``count`` with what was retracted."""

    topic: Topic | None
    plane: Plane
    said: tuple[int, int]
    recorded: tuple[int, int]
    count: int


def drawn(facts: Facts, points: tuple[Point, ...], cuts: tuple[Cut, ...]) -> Scatter:
    """Return everything that the template draws and says."""
    plane, words = facts.plane, dates.wording()
    rows = axes.rows(plane, words)
    return Scatter(
        sentence=told(facts.count, facts.said, facts.recorded),
        notes=(*_notes(facts), *_on_cuts(cuts)),
        list_href=address(facts.topic) + "#list",
        count=facts.count,
        neutral=facts.topic is not None and not facts.topic.scale.partisan,
        left=plane.left,
        top=plane.top,
        earlier=plane.earlier,
        later=plane.later,
        side=axes.side(rows, gettext("later") if plane.later else ""),
        columns=axes.columns(plane, words),
        rows=rows,
        diagonal=_diagonal(plane),
        cuts=cuts,
        labels=labels(plane, points, cuts),
        points=points,
        bottom=plane.bottom,
        height=plane.bottom + FOOT,
    )


def _diagonal(plane: Plane) -> Diagonal | None:
    if plane.diagonal is None:
        return None
    begin, end = plane.diagonal
    return Diagonal(plane.x(begin), plane.y(begin), plane.x(end), plane.y(end))


def _meaning(facts: Facts) -> Iterator[str]:
    """Say what a mark's place tells."""
    plane = facts.plane
    if plane.flat:
        yield gettext(
            "Everything here was recorded on one day, %(date)s: the marks tell when it was said.",
            date=dates.day(facts.recorded[0]),
        )
    elif plane.diagonal is None:
        yield gettext(
            "Each mark is a statement; the higher it stands, the later it was recorded. Nothing"
            " was recorded before %(date)s, after all of it was said.",
            date=dates.day(facts.recorded[0]),
        )
    else:
        yield gettext(
            "Each mark is a statement. On the diagonal it was recorded the day it was said; the"
            " higher above it, the later."
        )


def _notes(facts: Facts) -> Iterator[str]:
    plane = facts.plane
    yield from _meaning(facts)
    if plane.earlier:
        yield gettext(
            "At the left edge stands what was said before %(date)s.",
            date=days(plane.start, plane.start),
        )
    if plane.later:
        yield gettext(
            "At the upper edge stands what was recorded after %(date)s.",
            date=days(plane.until, plane.until),
        )
    if facts.topic and (opened := facts.topic.opened_at // MICROSECONDS) > facts.said[0]:
        yield gettext(
            "The record has followed this question since %(date)s; what was said before that does"
            " not count as found later.",
            date=dates.day(opened),
        )


def _on_cuts(cuts: tuple[Cut, ...]) -> Iterator[str]:
    across = [one.text for one in cuts if one.y is not None]
    upright = [one.text for one in cuts if one.x is not None]
    if across:
        yield ngettext(
            "The dashed line across is %(moments)s: what stands above it was not known then.",
            "The dashed lines across are %(moments)s: what stands above was not known then.",
            len(across),
            moments=", ".join(across),
        )
    if upright:
        yield ngettext(
            "The dashed line upright is %(moments)s: what stands right of it had not been said"
            " yet.",
            "The dashed lines upright are %(moments)s: what stands to the right had not been"
            " said yet.",
            len(upright),
            moments=", ".join(upright),
        )
