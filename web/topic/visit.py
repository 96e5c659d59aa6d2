"""The strip above a topic: what came since the reader's last visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import crowds, entries, extent
from web.lanes.known_then import recorded_up_to
from web.wording import stances
from web.wording.stances import StanceView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from timeline.domain.position import Change
    from timeline.domain.scales import Scale
    from timeline.projections.queries.directory import Actor, Topic
    from web.lanes.history import LaneHistory
    from web.wording.names import Names

SHOWN = 4
"""The most changes that the strip names; it counts the others."""


class NewChange(msgspec.Struct, frozen=True):
    """A change that became known since the last visit."""

    actor: Actor
    before: StanceView
    after: StanceView | None
    number: int


class Visit(msgspec.Struct, frozen=True):
    """What is new: ``when`` the record was last seen, in words."""

    since: int
    when: str
    changes: list[NewChange]
    more: int
    entries: int
    corrected: int
    retracted: int
    reinstated: int


def visit(
    conn: Connection, topic: Topic, since: int | None, lanes: list[LaneHistory], names: Names
) -> Visit | None:
    """Return what is new on a topic after a log position; ``None`` if nothing is."""
    if since is None:
        return None
    fresh = extent.count_after(conn, topic.id, since)
    amended = extent.amended_after(conn, topic.id, since)
    changes = [
        (names.actor(lane.actor), change)
        for lane in lanes
        for change in lane.changes
        if change.known_at > since and change.is_visible
    ]
    # Only the latest change of a lane that is not drawn was read.
    moved = crowds.count_turns(conn, topic.id, [lane.actor for lane in lanes], since)
    if not (fresh or amended or moved):
        return None
    return Visit(
        since=since,
        when=recorded_up_to(conn, since),
        changes=_named(conn, topic.scale, changes[:SHOWN]),
        more=max(0, moved - min(len(changes), SHOWN)),
        entries=fresh,
        corrected=amended.get("corrected", 0),
        retracted=amended.get("retracted", 0),
        reinstated=amended.get("reinstated", 0),
    )


def _named(
    conn: Connection, scale: Scale, changes: Sequence[tuple[Actor, Change]]
) -> list[NewChange]:
    """Return changes in words, with who reported second-hand sides."""
    said = entries.statements(
        conn, {n for _, change in changes for n in (*change.before, *change.after)}
    )
    return [
        NewChange(
            actor,
            *stances.sides(scale, change, said),
            change.after[-1] if change.after else 0,
        )
        for actor, change in changes
    ]
