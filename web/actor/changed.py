"""What changed: the words before a change beside the latest, with the lane in small."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.position import MIXED
from timeline.projections.queries import paging
from timeline.projections.queries.directory import Topic
from web import dating, stances
from web.chart import layout
from web.chart.drawing import LaneDrawing
from web.chart.model import ChartInput
from web.entry_view import ActorView, ChangeView, DevelopmentView, StatementView
from web.presenter import Presenter
from web.sentences import Sentence, of_change
from web.telling import tell
from web.topic.address import TopicAddress
from web.topic.chart_input import Drawn, at_moment, lane_input
from web.topic.window import window

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from timeline.domain.position import Change
    from timeline.projections.queries.entries import StatementEntry
    from web.chart.model import Lane
    from web.clocks import Clocks
    from web.names import Names
    from web.topic.history import LaneHistory
    from web.topic.window import Window

    Turn = tuple[Topic, LaneHistory, Change]

PAIRS = 20
"""Changes whose words the page shows; the others are named."""

HAPPENED = 4
"""Developments that are named between two statements."""


class Turned(msgspec.Struct, frozen=True):
    """A topic and how the position on it changed last."""

    topic: Topic
    change: ChangeView


class Moved(Turned, frozen=True, kw_only=True):
    """A change of position: what was said before it and what is said now.

    ``begin`` and ``end`` are the days between which ``lane`` is drawn.
    """

    then: StatementView | None
    now: StatementView | None
    lane: LaneDrawing
    begin: str
    end: str
    between: list[DevelopmentView]
    sentences: tuple[Sentence, ...] = ()


def last_move(lane: LaneHistory) -> Change | None:
    """Return the latest change from one stance to another, or to none."""
    moves = [c for c in lane.changes if c.from_ is not None and MIXED not in (c.from_, c.to)]
    return moves[-1] if moves else None


def quoted(turns: Sequence[Turn]) -> set[int]:
    """Return the statements whose words the page may show."""
    shown = turns[:PAIRS]
    return {n for _, lane, one in shown for n in (*one.before, *one.after, *lane.position.counted)}


def briefly(turns: Sequence[Turn], names: Names) -> list[Turned]:
    """Return changes without their words."""
    return [Turned(topic, _change(topic, lane, move, names)) for topic, lane, move in turns]


def pairs(
    conn: Connection,
    turns: Sequence[Turn],
    said: Mapping[int, StatementEntry],
    views: Mapping[int, StatementView],
    names: Names,
    clocks: Clocks,
    host: str,
    now: int,
) -> list[Moved]:
    """Return changes with their words, their lanes, and how to write of them."""
    numbers = {n for _, _, move in turns for n in (*move.before, *move.after)}
    told = tell(conn, numbers, names, host, clocks.known_at)
    found = []
    for topic, lane, move in turns:
        change = _change(topic, lane, move, names)
        last = lane.position.counted or move.after
        shown = _window(lane, now)
        small = drawn(topic, lane, said, names, clocks, shown)
        found.append(
            Moved(
                topic,
                change,
                then=next((views[n] for n in move.before if n in views), None),
                now=next((views[n] for n in reversed(last) if n in views), None),
                lane=layout.card(_given((small,), clocks, shown, now), dating.wording()),
                begin=dating.day(shown.start),
                end=dating.day(shown.end),
                between=_between(conn, topic, move, lane, names, clocks),
                sentences=of_change(names.actor(lane.actor), move, told),
            )
        )
    return found


def drawn(
    topic: Topic,
    lane: LaneHistory,
    said: Mapping[int, StatementEntry],
    names: Names,
    clocks: Clocks,
    shown: Window,
) -> Lane:
    """Return what a chart draws of an actor on a topic; the lane bears the topic's name."""
    parts = Drawn(topic, None, [lane], dict(said), [], frozenset(), None)
    made = lane_input(lane, parts, names, f"/t/{topic.slug}?actor={{slug}}&view=table", shown)
    return msgspec.structs.replace(
        made,
        slug=topic.slug,
        name=topic.label,
        href=f"/t/{topic.slug}",
        scale=topic.scale,
        standing=at_moment(made.standing, clocks),
    )


def _window(lane: LaneHistory, now: int) -> Window:
    instants = [one.counts_from for one in lane.readings]
    return window(TopicAddress(), min(instants), max(instants), now)


def _given(lanes: tuple[Lane, ...], clocks: Clocks, shown: Window, now: int) -> ChartInput:
    known = clocks.known_at is not None
    return ChartInput(
        start=shown.start, end=shown.end, now=now, as_of=clocks.as_of, known=known, lanes=lanes
    )


def _change(topic: Topic, lane: LaneHistory, move: Change, names: Names) -> ChangeView:
    before = stances.view(topic.scale, move.from_)
    after = stances.view(topic.scale, move.to) if move.to is not None else None
    actor = names.actor(lane.actor)
    return ChangeView(ActorView(actor.slug, actor.name), move.kind, before, after)


def _between(
    conn: Connection,
    topic: Topic,
    move: Change,
    lane: LaneHistory,
    names: Names,
    clocks: Clocks,
) -> list[DevelopmentView]:
    begin = [r.counts_from for r in lane.readings if r.statement in move.before]
    wanted = paging.Filter(
        kinds=frozenset({"development"}), begin=min(begin, default=None), end=move.counts_from
    )
    found = paging.page(conn, topic.id, wanted, known_at=clocks.known_at, limit=HAPPENED).entries
    presenter = Presenter(conn, names, found, known_at=clocks.known_at)
    return [one for one in map(presenter.show, found) if isinstance(one, DevelopmentView)]
