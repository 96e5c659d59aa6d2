"""Lanes of a topic with more statements than a page can read: in short, and whether it is one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.position import position
from timeline.projections.queries import crowds
from timeline.projections.queries.changes_then import changes_on
from timeline.projections.queries.positions import Standing, current_positions, standing_at
from web.lanes.history import LaneHistory, Totals, hold_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.domain.position import Change
    from timeline.projections.queries.directory import Topic
    from web.wording.clocks import Clocks


LONG = 1_500
"""Statements from which on the page of a topic reads the words of drawn lanes alone."""


def is_crowd(topic: Topic) -> bool:
    """Tell whether a topic has more statements than a page looks at one by one."""
    return topic.statements >= crowds.CROWD


def is_long(topic: Topic) -> bool:
    """Tell whether a topic has more statements than a page reads; a crowd has, too."""
    return topic.statements >= min(LONG, crowds.CROWD)


def crowd(conn: Connection, topic: Topic, clocks: Clocks) -> list[LaneHistory]:
    """Return every lane in short: its position, its latest change, and what it comes to."""
    latest, turns = _changed(conn, topic, clocks)
    if clocks.is_now:
        standing = current_positions(conn, topic=topic.id)
    else:
        then = standing_at(conn, topic=topic.id, as_of=clocks.as_of, known_at=clocks.known_at)
        standing = [*map(_said_last, then)]
    at = {"as_of": clocks.as_of, "known_at": clocks.known_at}
    spoke = crowds.who_spoke(conn, topic.id, **at)
    # Nothing decides where those stand who took no position.
    stand = {one.lane for one in standing}
    silent = (Standing(topic.id, lane, position(())) for lane in spoke if lane not in stand)
    standing = sorted([*standing, *silent], key=lambda one: one.lane)
    last = {one.lane: one.position.last for one in standing if one.position.last}
    said = crowds.instants_of(conn, last.values(), clocks.known_at)
    return [
        _in_short(
            one,
            latest.get(one.lane),
            Totals(one.on_record, turns.get(one.lane, 0), said.get(last.get(one.lane, 0), 0)),
            is_for_others=not spoke.get(one.lane, True),
        )
        for one in standing
    ]


def _changed(
    conn: Connection, topic: Topic, clocks: Clocks
) -> tuple[dict[str, Change], dict[str, int]]:
    """Return by lane the latest change, and how many there were, first words left out.

    At an earlier position of the log nothing is told of a crowd: what is kept is as known now.
    """
    if clocks.known_at is None:
        found = crowds.latest_changes(conn, topic=topic.id, as_of=clocks.as_of)
        latest = {one.lane: one.change for one in found}
        return latest, crowds.turns(conn, topic.id, as_of=clocks.as_of)
    if is_crowd(topic):
        return {}, {}
    moves = changes_on(conn, [topic.id], as_of=clocks.as_of, known_at=clocks.known_at)
    turned = Counter(one.lane for one in moves if one.change.kind != "first")
    return {one.lane: one.change for one in moves}, turned


def _said_last(one: Standing) -> Standing:
    """Return where a lane stood without since when that was said: nobody looked for it."""
    stood = msgspec.structs.replace(one.position, first=one.position.last)
    return msgspec.structs.replace(one, position=stood)


def _in_short(
    one: Standing, latest: Change | None, totals: Totals, *, is_for_others: bool
) -> LaneHistory:
    return LaneHistory(
        actor=one.lane,
        readings=(),
        position=one.position,
        changes=(latest,) if latest else (),
        holds=(hold_of(latest),) if latest else (),
        totals=totals,
        is_for_others=is_for_others,
    )
