"""Changes in short sentences, for lists that show the question and the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.projections.queries.story_changes import group_by_words, is_move
from timeline.projections.tables.lanes import Lanes
from web.i18n.translate import gettext
from web.wording import stances

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from timeline.projections.queries.directory import Actor
    from timeline.projections.queries.entries import StatementEntry
    from timeline.projections.queries.positions import LaneChange
    from web.wording.names import Names
    from web.wording.stances import StanceView


def of_one_day(changes: Iterable[LaneChange]) -> list[list[LaneChange]]:
    """Group the changes of a day by their statements, the largest changes first."""
    return sorted(group_by_words(changes), key=lambda group: -max(map(_way, group)))


def _way(change: LaneChange) -> int:
    """Return the size of a change in steps of the scale; 0 for a lost position."""
    ends = change.change.from_, change.change.to
    first, last = (end if isinstance(end, int) else None for end in ends)
    return 0 if first is None or last is None else abs(last - first)


def head(
    changes: Sequence[LaneChange], said: Mapping[int, StatementEntry], lanes: Lanes
) -> LaneChange:
    """Return the change that represents all changes by the same words.

    A move comes before others, and the lane of the side for which the words were said before other
    lanes. ``lanes`` are those of actors that are merged into others.
    """
    sides = {
        lanes.of(entry.on_behalf_of)
        for change in changes
        for number in change.change.after
        if (entry := said.get(number)) and entry.on_behalf_of
    }
    return max(changes, key=lambda change: (is_move([change]), change.lane in sides))


def speakers(
    actor: Actor, before: Sequence[StatementEntry], after: Sequence[StatementEntry], names: Names
) -> str:
    """Name who spoke now and before; empty if it was the actor both times."""
    if not before or not after:
        return ""
    now, earlier = names.actor(after[-1].speaker), names.actor(before[-1].speaker)
    if now.id == earlier.id:
        return "" if now.id == actor.id else gettext("%(who)s in both cases", who=now.name)
    return gettext("new: %(now)s; earlier: %(before)s", now=now.name, before=earlier.name)


def heading(
    who: str, before: StanceView | None, after: StanceView | None, date: str, *, topic: str = ""
) -> str:
    """Return a change in one line: "Aland: opposes → accepts (2 Sep 2025)".

    A list of changes on several topics names the ``topic``.
    """
    name = gettext("%(actor)s on %(topic)s", actor=who, topic=topic) if topic else who
    position = stances.in_brief(after) if after else gettext("position withdrawn")
    if before is None:
        position = gettext("first position: %(stance)s", stance=position)
    values = {"who": name, "stance": position, "date": date}
    if before is None:
        return gettext("%(who)s, %(stance)s (%(date)s)", **values)
    return gettext("%(who)s: %(before)s → %(stance)s (%(date)s)", before=before.word, **values)
