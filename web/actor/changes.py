"""Changes of an actor: the words before and after, with a small lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import DAY
from timeline.domain.two_clocks import TwoClocks
from timeline.projections.queries import paging
from timeline.projections.queries.directory import Topic
from timeline.projections.queries.positions import LaneChange
from web.chart import layout
from web.chart.drawing import LaneDrawing
from web.chart.model import ChartInput
from web.entries.presenter import Presenter
from web.entries.views import ActorView, ChangeView, DevelopmentView, StatementView
from web.i18n import dates
from web.i18n.translate import translator
from web.lanes.address import TopicAddress
from web.lanes.chart_data import ChartData
from web.lanes.chart_input import lane_input
from web.lanes.company import at_moment
from web.lanes.long_lane import last_turn
from web.lanes.rhythm import silence_on
from web.lanes.window import MARGIN, window
from web.shell.publisher import publisher
from web.wording import stances
from web.wording.change_sentences import ChangeSentence
from web.wording.facts import sentence_facts
from web.wording.sentences import Sentence, of_change

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from timeline.domain.position import Change, Position
    from timeline.projections.queries.entries import Entry
    from web.chart.model import Lane
    from web.lanes.history import LaneHistory
    from web.lanes.window import Window
    from web.wording.clocks import Clocks
    from web.wording.names import Names
    from web.wording.stances import Said, StanceView

PAIRS = 8
"""The most changes that the page shows with words; others are named."""

HAPPENED = 4
"""The most developments that are named between two statements."""


class LastChange(msgspec.Struct, frozen=True):
    """The last change of a lane, and the position that it ended."""

    topic: Topic
    lane: LaneHistory
    move: Change
    left: Position

    @property
    def latest(self) -> tuple[int, ...]:
        """The statements of the lane's current position, or those by which it was lost."""
        return self.lane.position.counted or self.move.after

    @property
    def statements(self) -> set[int]:
        """The statements that the change needs."""
        ends = {n for n in (self.left.first, self.left.last) if n}
        return {*ends, *self.move.after, *self.latest}


class BriefChange(msgspec.Struct, frozen=True):
    """A topic, and the last change of the position on it."""

    topic: Topic
    change: ChangeView


class ComparedChange(BriefChange, frozen=True, kw_only=True):
    """A change of position: the first words of the old one, and the latest on record.

    ``again`` are the last words of the old position, if it was said more than once; ``stood`` is
    that position, ``stands`` the current one. ``turned`` is the statement that made the change,
    which need not be the latest; ``None`` if words were only taken back. ``begin`` and ``end`` are
    the days between which ``lane`` is drawn.
    """

    then: StatementView | None
    again: StatementView | None
    now: StatementView | None
    turned: StatementView | None
    stood: StanceView
    stands: StanceView
    lane: LaneDrawing
    begin: str
    end: str
    between: list[DevelopmentView]
    sentence: ChangeSentence
    sentences: tuple[Sentence, ...] = ()


def last_change(topic: Topic, lane: LaneHistory, clocks: Clocks) -> LastChange | None:
    """Return the last change of a lane, if any."""
    move = last_turn(lane.changes)
    return (
        LastChange(topic, lane, move, _position_before(lane, move, clocks.known_at))
        if move
        else None
    )


def _position_before(lane: LaneHistory, move: Change, known_at: int | None) -> Position:
    """Return the position that a change is compared with, which need not be the last."""
    left = lane.position_before(move, known_at)
    if left.stance == move.from_ or not move.before:
        return left
    first, last = move.before[0], move.before[-1]
    return msgspec.structs.replace(
        left, stance=move.from_, rank=0, counted=move.before, first=first, last=last
    )


def statements_quoted(turns: Sequence[LastChange]) -> set[int]:
    """Return the statements that the page may quote."""
    return {number for turn in turns[:PAIRS] for number in turn.statements}


def brief_changes(turns: Sequence[LastChange], said: Said, names: Names) -> list[BriefChange]:
    """Return changes without their words."""
    return [BriefChange(turn.topic, _change(turn, said, names)) for turn in turns]


def compared_changes(
    conn: Connection,
    turns: Sequence[LastChange],
    said: Said,
    views: Mapping[int, StatementView],
    names: Names,
    clocks: Clocks,
    host: str,
    now: int,
) -> list[ComparedChange]:
    """Return changes with their words, lanes, and sentences to copy."""
    moves = [LaneChange(turn.topic.id, turn.lane.actor, turn.move) for turn in turns]
    facts = sentence_facts(
        conn,
        statements_quoted(turns),
        host,
        clocks.known_at,
        own=publisher().language,
        changes=moves,
    )
    lang = translator().code.partition("_")[0]
    told = next(known.told for known in facts if known.lang == lang)
    changes_found = []
    happened = _between(conn, turns, names, clocks)
    for turn, move, between in zip(turns, moves, happened, strict=True):
        topic, lane, left = turn.topic, turn.lane, turn.left
        shown = _window(turn, now)
        small = draw_lane(topic, lane, said, names, clocks, shown, now)
        changes_found.append(
            ComparedChange(
                topic,
                _change(turn, said, names),
                then=views.get(left.first or 0),
                again=views.get(left.last or 0) if left.last != left.first else None,
                now=next((views[n] for n in reversed(turn.latest) if n in views), None),
                turned=next((views[n] for n in turn.move.after if n in views), None),
                stood=stances.of_position(topic.scale, left, said),
                stands=stances.of_position(topic.scale, lane.position, said),
                lane=layout.card(_chart_of((small,), clocks, shown, now), dates.wording()),
                begin=dates.day(shown.start),
                end=dates.day(shown.end),
                between=between,
                sentence=told[move],
                sentences=of_change(move, facts, left),
            )
        )
    return changes_found


def draw_lane(
    topic: Topic,
    lane: LaneHistory,
    said: Said,
    names: Names,
    clocks: Clocks,
    shown: Window,
    now: int,
) -> Lane:
    """Draw the lane of an actor on a topic; it has the topic's name."""
    moment, silence = clocks.moment(now), silence_on(topic)
    data = ChartData(
        topic=topic, lanes=[lane], statements=dict(said), moment=moment, silence=silence
    )
    lane_drawn = lane_input(lane, data, names, f"/t/{topic.slug}?actor={{slug}}&view=table", shown)
    return msgspec.structs.replace(
        lane_drawn,
        slug=topic.slug,
        name=topic.label,
        actor=lane_drawn.name,
        restated=silence,
        href=f"/t/{topic.slug}",
        scale=topic.scale,
        standing=at_moment(lane_drawn.standing, clocks),
    )


def _window(turn: LastChange, now: int) -> Window:
    """Return the window with most statements that includes the old position's words."""
    lane = turn.lane
    usual = window(TopicAddress(), lane.first_word, lane.last_word, now)
    instants = (
        reading.day * DAY for reading in lane.readings if reading.statement == turn.left.first
    )
    start = next(instants, usual.start)
    if start >= usual.start:
        return usual
    return msgspec.structs.replace(usual, start=start - int((usual.end - start) * MARGIN))


def _chart_of(lanes: tuple[Lane, ...], clocks: Clocks, shown: Window, now: int) -> ChartInput:
    known = clocks.known_at is not None
    return ChartInput(
        start=shown.start, end=shown.end, now=now, as_of=clocks.as_of, known=known, lanes=lanes
    )


def _change(turn: LastChange, said: Said, names: Names) -> ChangeView:
    sides = stances.sides(turn.topic.scale, turn.move, said)
    return ChangeView(ActorView.of(names.actor(turn.lane.actor)), turn.move.kind, *sides)


def _between(
    conn: Connection, turns: Sequence[LastChange], names: Names, clocks: Clocks
) -> list[list[DevelopmentView]]:
    """Return the last developments between the old position's last words and each change."""
    entries_between = [_happened(conn, turn, clocks) for turn in turns]
    every = [*{entry.number: entry for entries in entries_between for entry in entries}.values()]
    if not every:
        return [[] for _ in turns]
    presenter = Presenter(conn, names, every, known_at=clocks.known_at)
    return [
        [view for entry in entries if isinstance(view := presenter.show(entry), DevelopmentView)]
        for entries in entries_between
    ]


def _happened(conn: Connection, turn: LastChange, clocks: Clocks) -> Sequence[Entry]:
    begin = [r.counts_from for r in turn.lane.readings if r.statement in turn.move.before]
    filter_ = paging.Filter(
        kinds=frozenset({"development"}),
        begin=min(begin, default=None),
        end=turn.move.counts_from,
    )
    known = clocks.known_at
    latest = paging.page(
        conn, turn.topic.id, filter_, TwoClocks(known_at=known), limit=HAPPENED
    ).entries
    return latest[::-1]
