"""The example of the front page: a change of position with its lane and words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import DAY, day_of
from timeline.domain.position import MIXED
from timeline.projections.queries import directory, entries
from timeline.projections.queries.directory import Actor, Topic
from timeline.projections.queries.entries import order_is_open
from timeline.projections.queries.news import last_moves, quickest_turn
from timeline.projections.queries.story_changes import StoryChanges, StoryFilter
from web.chart.single import LargeLane, large
from web.entries.presenter import Presenter
from web.entries.views import ActorView, DevelopmentView, StatementView
from web.i18n import dates
from web.i18n.translate import gettext, ngettext
from web.lanes.single_lane import single_lane
from web.wording import moves, stances
from web.wording.stances import StanceView

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from timeline.domain.position import Change
    from timeline.projections.queries.entries import StatementEntry
    from timeline.projections.queries.positions import LaneChange
    from web.wording.names import Names

YEAR = 365 * DAY
BEFORE = 60 * DAY
"""The least time that the lane shows before the words of the old position."""

CLOSE = 30
"""The most days between both sides for which a development in between is named."""

DEVELOPMENT = frozenset({"development"})


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """A change with the words of both sides; ``by_rule`` if it is not just the latest.

    ``later`` heads the second side: "One day later". ``happened`` lies between both.
    """

    topic: Topic
    actor: ActorView
    speaker: Actor
    before: StanceView
    after: StanceView
    then: StatementView
    now: StatementView
    gap: str
    later: str
    happened: DevelopmentView | None
    line: LargeLane | None
    by_rule: bool
    change: LaneChange

    @property
    def in_line(self) -> str:
        """The address of the change in its lane on the topic's page."""
        return f"/t/{self.topic.slug}?s={self.now.number}#lane-{self.actor.slug}"

    @property
    def why(self) -> str:
        """The address that explains the position."""
        return f"/t/{self.topic.slug}/why/{self.actor.slug}"


def example(conn: Connection, names: Names, now: int) -> Example | None:
    """Return the example of the front page; ``None`` if nothing changed.

    It is chosen from the year up to the last change.
    """
    topics = directory.last_to_move(conn, _TRIED)
    if not topics:
        return None
    moved = last_moves(conn, [topic.id for topic in topics])
    latest = sorted(moved.values(), key=lambda changes: -changes[0].change.counts_from)
    quick = quickest_turn(conn, latest[0][0].change.counts_from - YEAR)
    for group in filter(None, (quick, *_provable(latest))):
        said = entries.statements(conn, {n for change in group for n in _ends(change.change)})
        names.learn(said.values())
        example_found = _example(conn, moves.head(group, said, names.lanes), said, names, now)
        if example_found is not None:
            return msgspec.structs.replace(example_found, by_rule=group is quick)
    return None


def _provable(latest: Sequence[list[LaneChange]]) -> list[list[LaneChange]]:
    """Return the last changes that lead to a position, grouped by their words."""
    groups = [group for changes in latest for group in moves.of_one_day(changes)]
    return [group for group in groups if isinstance(group[0].change.to, int)][:_TRIED]


_TRIED = 8
"""The most changes that are tried to find one with words on record."""


def _ends(change: Change) -> tuple[int, ...]:
    return (*change.before[-1:], *change.after[:1])


def _example(
    conn: Connection,
    head: LaneChange,
    said: Mapping[int, StatementEntry],
    names: Names,
    now: int,
) -> Example | None:
    change, topic = head.change, names.topic(head.topic)
    words = [said[number] for number in _ends(change) if number in said]
    before, moved = stances.sides(topic.scale, change, said)
    if len(words) != _SIDES or moved is None or MIXED in (change.from_, change.to):
        return None
    if order_is_open(change.before, change.after, said):
        return None
    then, after = words
    happened = _between(conn, topic, then, after)
    presenter = Presenter(conn, names, [*words, *happened])
    days = day_of(after.counts_from) - day_of(then.counts_from)
    return Example(
        topic=topic,
        actor=ActorView.of(names.actor(head.lane)),
        speaker=names.actor(after.speaker),
        before=before,
        after=moved,
        then=presenter.statement(then),
        now=presenter.statement(after),
        gap=ngettext("%(num)d day", "%(num)d days", days),
        later=_later(days),
        happened=presenter.development(happened[-1]) if happened else None,
        line=_line(conn, head, words, names, now),
        by_rule=False,
        change=head,
    )


_SIDES = 2


def _later(days: int) -> str:
    if days == 0:
        return gettext("The same day")
    return ngettext("One day later", "%(num)d days later", days)


def _between(
    conn: Connection, topic: Topic, before: StatementEntry, after: StatementEntry
) -> list[entries.DevelopmentEntry]:
    """Return the last development between both sides, if they are close."""
    if day_of(after.counts_from) - day_of(before.counts_from) > CLOSE:
        return []
    story_changes = StoryChanges(conn, StoryFilter(topics=(topic,), kinds=DEVELOPMENT))
    start = day_of(before.counts_from) * DAY
    return story_changes.developments(start, after.counts_from)[-1:]


def _line(
    conn: Connection, head: LaneChange, words: list[StatementEntry], names: Names, now: int
) -> LargeLane | None:
    topic, numbers = names.topic(head.topic), [entry.number for entry in words]
    since = words[0].counts_from - BEFORE
    chart = single_lane(conn, topic, head.lane, names, now, since)
    if chart is None:
        return None
    plain = msgspec.structs.replace(chart, proof_href="")
    return large(plain, numbers, dates.wording())
