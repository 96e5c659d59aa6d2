"""The changes of a topic or story that matter most, each with its words before and after.

The order is published (docs/position-rule.md, "Turning points"): changes of side come first, then
changes by those who decide for a side, then changes soon after a development, then later changes.
At most two are of one side, unless that leaves fewer than three. They are shown in order of time,
after those that the newsroom pinned.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import DAY
from timeline.domain.position.edition2.words import BODIES
from timeline.projections.queries import entries
from timeline.projections.queries.story_changes import group_by_words
from web.entries.presenter import Presenter
from web.wording.change_sentences import ChangeWriter
from web.wording.when import changed_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Topic
    from timeline.projections.queries.entries import StatementEntry
    from timeline.projections.queries.positions import LaneChange
    from web.entries.views import StatementView
    from web.wording.change_sentences import ChangeSentence
    from web.wording.names import Names

MOST = 5
OF_ONE_SIDE = 2
LEAST = 3
"""The fewest turning points; with fewer, more than two of one side are shown."""
FOLLOWED = 14
"""The most days between a change and a development that counts as following it."""

ORDER = ("reversal", "succession", "withdrawn", "terms", "settles", "opens", "vote")


class TurningPoint(msgspec.Struct, frozen=True):
    """One change; ``number`` is its place, also in the chart.

    ``sentence`` tells it; ``before`` and ``after`` are the statements at its ends;
    ``is_pinned`` if the newsroom chose it.
    """

    number: int
    date: str
    topic: Topic
    sentence: ChangeSentence
    before: StatementView | None
    after: StatementView | None
    days: int
    change: LaneChange
    is_pinned: bool

    @property
    def key(self) -> str:
        """Its place on the page."""
        return f"turn-{self.number}"

    @property
    def href(self) -> str:
        """The page that compares both statements, or the page of the only one."""
        ends = [str(end.number) for end in (self.before, self.after) if end]
        return "/s/" + "..".join(ends)


def turning_points(
    conn: Connection,
    names: Names,
    published: Sequence[LaneChange],
    happened: Sequence[int],
    *,
    own: str,
    known_at: int | None,
    pinned: Sequence[int] = (),
    read: Mapping[int, StatementEntry] | None = None,
) -> list[TurningPoint]:
    """Return the turning points among changes that readers are told of.

    ``happened`` are the instants of developments, ``own`` is the language of the record,
    ``pinned`` are the numbers of the statements that end pinned changes, ``read`` are statements
    that were read already. Votes have no turning points: a roll call has no words that changed.
    """
    without_votes = [
        change for change in published if names.topic(change.topic).scale.name != "vote"
    ]
    first = pinned_among(without_votes, pinned)
    changes = [*first, *choose(without_votes, happened, bodies_among(names, without_votes), first)]
    if not changes:
        return []
    numbers = {end[-1] for change in changes for end in _ends(change) if end}
    said = entries.statements(conn, numbers, known_at, read=read)
    teller = ChangeWriter(conn, names, changes, own=own, known_at=known_at, said=said)
    presenter = Presenter(conn, names, [*said.values()], known_at=known_at)
    views = {number: presenter.statement(entry) for number, entry in said.items()}
    points = []
    for number, change in enumerate(changes, 1):
        before, after = (views.get(end[-1]) if end else None for end in _ends(change))
        points.append(
            TurningPoint(
                number=number,
                date=changed_on(change.change, said),
                topic=names.topic(change.topic),
                sentence=teller.tell(change),
                before=before,
                after=after,
                days=after.day - before.day if before and after else 0,
                change=change,
                is_pinned=change in first,
            )
        )
    return points


def bodies_among(names: Names, changes: Iterable[LaneChange]) -> set[str]:
    """Return the lanes with changes that belong to states and organisations."""
    return {change.lane for change in changes if names.actor(change.lane).kind in BODIES}


def pinned_among(changes: Iterable[LaneChange], pinned: Sequence[int]) -> list[LaneChange]:
    """Return the signed changes that end with these statements, in their order, each once.

    Changes that are no longer signed, or whose end was retracted or withheld, are left out.
    """
    if not pinned:
        return []
    ends = {number: head for head in signed_heads(changes) for number in head.change.after}
    pinned_changes = (ends[number] for number in pinned if number in ends)
    return [*{change.change.after: change for change in pinned_changes}.values()]


def signed_heads(changes: Iterable[LaneChange]) -> list[LaneChange]:
    """Return the changes that an editor signed on some lane, each on the lane of who moved."""
    every = group_by_words(changes)
    return [head_of(group) for group in every if any(change.change.is_signed for change in group)]


def choose(
    changes: Iterable[LaneChange],
    happened: Sequence[int] = (),
    bodies: AbstractSet[str] = frozenset(),
    pinned: Sequence[LaneChange] = (),
) -> list[LaneChange]:
    """Return the turning points among changes, without those that are pinned, in order of time.

    ``happened`` are the instants of developments, ``bodies`` are lanes of states and organisations.
    Changes by the same words on several lanes count once, on the lane of who moved. Pinned ones
    count towards the limits in all and of one side.
    """
    heads = [
        change for group in group_by_words(changes) if (change := head_of(group)) not in pinned
    ]
    chosen: list[LaneChange] = []
    of_side = Counter(side for change in pinned for side in _sides(change))
    most, least = MOST - len(pinned), LEAST - len(pinned)
    ranked = sorted(heads, key=lambda head: _weight(head, happened, bodies))
    for change in ranked:
        if len(chosen) < most and all(of_side[side] < OF_ONE_SIDE for side in _sides(change)):
            chosen.append(change)
            of_side.update(_sides(change))
    if len(chosen) < least:
        chosen += [change for change in ranked if change not in chosen][: most - len(chosen)]
    return sorted(chosen, key=lambda change: (change.change.counts_from, change.lane))


def _sides(change: LaneChange) -> tuple[str, ...]:
    return change.change.lanes or (change.lane,)


def head_of(changes: Sequence[LaneChange]) -> LaneChange:
    """Return the change on the lane of who spoke, else of the side."""
    by = changes[0].change.after_by
    return next((change for change in changes if change.lane == by), changes[0])


def _weight(
    lane_change: LaneChange, happened: Sequence[int], bodies: AbstractSet[str]
) -> tuple[int, bool, bool, int]:
    change = lane_change.change
    until = change.counts_from + FOLLOWED * DAY
    followed = any(change.counts_from < instant <= until for instant in happened)
    decides = len(change.lanes) > 1 or bool(bodies & {*change.lanes, lane_change.lane})
    return ORDER.index(change.kind), not decides, not followed, -change.counts_from


def _ends(lane_change: LaneChange) -> tuple[tuple[int, ...], tuple[int, ...]]:
    change = lane_change.change
    return change.before, change.after or change.withdrawn_by
