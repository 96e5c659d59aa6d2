"""Changes and developments of a story, each with a sentence and its proofs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import entries
from timeline.projections.queries.story_changes import group_by_words, kind_of
from timeline.projections.tables.kinds import MOVED
from web.entries.presenter import Presenter
from web.entries.views import DevelopmentView, StatementView
from web.lanes.coverage import gap_in_words
from web.shell.publisher import publisher
from web.wording import moves, stances
from web.wording.change_sentences import ChangeSentence, ChangeWriter
from web.wording.when import changed_at, changed_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from timeline.projections.queries.directory import Actor, Topic
    from timeline.projections.queries.entries import StatementEntry
    from timeline.projections.queries.positions import LaneChange
    from web.story.reading import StoryReading
    from web.wording.stances import StanceView

SHOWN = 3
"""The most statements of a day that prove one side."""


class ShownChange(msgspec.Struct, frozen=True, kw_only=True):
    """One change: ``key`` names it on the page, ``kind`` is one of `story_changes.KINDS`.

    ``when`` is the EDTF date of the words that made it, ``date`` the same in words.

    ``then`` and ``now`` prove either side; ``unwatched`` says when nobody watched in between.
    ``change`` represents all changes in ``alike``, which the same words make on several lanes.
    """

    key: str
    day: int
    when: str
    date: str
    kind: str
    topic: Topic
    actor: Actor
    before: StanceView | None
    after: StanceView | None
    sentence: ChangeSentence
    then: tuple[StatementView, ...]
    now: tuple[StatementView, ...]
    unwatched: tuple[str, ...]
    href: str
    is_new: bool
    change: LaneChange
    alike: list[LaneChange]

    @property
    def is_move(self) -> bool:
        """Whether a position became another one."""
        return self.kind in MOVED


def shown_changes(reading: StoryReading, changes: Sequence[LaneChange]) -> list[ShownChange]:
    """Return changes in the order given; those by the same words on several lanes are one."""
    conn, known_at = reading.conn, reading.clocks.known_at
    numbers = {number for change in changes for number in _proofs(change)}
    said = entries.statements(conn, numbers, known_at)
    reading.names.actors({change.lane for change in changes})
    presenter = Presenter(conn, reading.names, [*said.values()], known_at=known_at)
    views = {number: presenter.statement(entry) for number, entry in said.items()}
    teller = ChangeWriter(
        conn, reading.names, changes, own=publisher().language, known_at=known_at, said=said
    )
    return [_shown_change(reading, group, said, views, teller) for group in group_by_words(changes)]


def developments(
    reading: StoryReading, shown: Sequence[entries.DevelopmentEntry]
) -> list[DevelopmentView]:
    """Return developments in the order given."""
    presenter = Presenter(
        reading.conn,
        reading.names,
        shown,
        known_at=reading.clocks.known_at,
        new_after=reading.new_after,
    )
    return [presenter.development(entry) for entry in shown]


def _proofs(lane_change: LaneChange) -> tuple[int, ...]:
    change = lane_change.change
    return (*change.before[-SHOWN:], *change.after[-SHOWN:])


def _shown_change(
    reading: StoryReading,
    group: list[LaneChange],
    said: dict[int, StatementEntry],
    views: dict[int, StatementView],
    teller: ChangeWriter,
) -> ShownChange:
    names = reading.names
    head = moves.head(group, said, names.lanes)
    topic, actor, change = names.topic(head.topic), names.actor(head.lane), head.change
    before, after = stances.sides(topic.scale, change, said)
    proof = change.after[-1] if change.after else 0
    return ShownChange(
        key=f"c{proof}-{actor.slug}" if proof else f"c-{topic.slug}-{actor.slug}-{change.day}",
        day=change.day,
        when=changed_at(change, said),
        date=changed_on(change, said),
        kind=kind_of(head),
        topic=topic,
        actor=actor,
        before=None if change.from_ is None else before,
        after=after,
        sentence=teller.tell(head),
        then=_shown(change.before[-1:], views),
        now=_shown(change.after[-SHOWN:] if kind_of(head) == "mixed" else change.after[-1:], views),
        unwatched=_unwatched(reading, head, said),
        href=_href(reading, topic, actor, proof),
        is_new=reading.new_after is not None and change.known_at > reading.new_after,
        change=head,
        alike=group,
    )


def _unwatched(
    reading: StoryReading, head: LaneChange, said: dict[int, StatementEntry]
) -> tuple[str, ...]:
    """Say when nobody watched a lane between the words on both sides of its change."""
    before = [said[number].counts_from for number in head.change.before if number in said]
    if not before:
        return ()
    watched = reading.watched[head.topic]
    gaps = watched.gaps_between(max(before), head.change.counts_from, head.lane)
    return tuple(map(gap_in_words, gaps))


def _shown(numbers: Iterable[int], views: dict[int, StatementView]) -> tuple[StatementView, ...]:
    return tuple(views[number] for number in numbers if number in views)


def _href(reading: StoryReading, topic: Topic, actor: Actor, proof: int) -> str:
    """Return the address of the change in its lane, at the clocks of the page."""
    page = reading.clocks.at(f"/t/{topic.slug}")
    shown = f"{'&' if '?' in page else '?'}s={proof}" if proof else ""
    return f"{page}{shown}#lane-{actor.slug}"
