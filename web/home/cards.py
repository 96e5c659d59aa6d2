"""The latest changes of position as cards: before, now, the words that prove it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import entries
from timeline.projections.queries.directory import Actor, Topic
from timeline.projections.queries.positions import LaneChange, current_changes
from web.chart import layout
from web.chart.drawing import LaneDrawing
from web.entries.presenter import Presenter
from web.entries.views import StatementView
from web.i18n import dates
from web.wording import stances
from web.wording.facts import tell
from web.wording.sentences import Sentence, of_change
from web.wording.stances import StanceView

if TYPE_CHECKING:
    from web.home.front import Front

CARDS = 4
READ = CARDS * 16
"""Changes that are read to find so many cards: many states change in one vote."""


class Card(msgspec.Struct, frozen=True):
    """One of the latest changes, and whose position on the topic changed on the same day."""

    topic: Topic
    actor: Actor
    before: StanceView
    after: StanceView | None
    first_said: str
    proof: StatementView | None
    lane: LaneDrawing
    href: str
    also: tuple[Actor, ...] = ()
    sentences: tuple[Sentence, ...] = ()


def cards(front: Front) -> list[Card]:
    """Return the latest changes, those of one question and day on one card."""
    found = current_changes(front.conn, limit=READ, mixed=False, firsts=False)
    real = [one for one in found if one.change.from_ is not None]
    together: dict[tuple[str, int], list[LaneChange]] = {}
    for one in _once(front, real):
        together.setdefault((one.topic, one.change.day), []).append(one)
    return [_of_day(front, alike) for alike in list(together.values())[:CARDS]]


def card(front: Front, one: LaneChange) -> Card:
    """Return one change with its lane and its proof."""
    topic, change = front.names.topic(one.topic), one.change
    said = entries.statements(front.conn, (*change.before, *change.after))
    shown = [said[number] for number in sorted(change.after) if number in said][:1]
    first = next((said[number] for number in sorted(change.before) if number in said), None)
    return Card(
        topic=topic,
        actor=front.names.actor(one.lane),
        before=stances.proved(topic.scale, change.from_, change.before, said),
        after=None
        if change.to is None
        else stances.proved(topic.scale, change.to, change.after, said),
        first_said=dates.said(first.said_at) if first else "",
        proof=Presenter(front.conn, front.names, shown).statement(shown[0]) if shown else None,
        lane=layout.card(front.chart(topic, one.lane), dates.wording()),
        href=front.to_lane(topic, one.lane, s=shown[0].number if shown else 0),
    )


def _once(front: Front, found: list[LaneChange]) -> list[LaneChange]:
    """Show a change that one statement makes in two lanes once, for whom it was said."""
    behalf = front.behalf(n for one in found for n in one.change.after)
    return [one for one in found if front.is_own(one.lane, one.change.after, behalf)]


def _of_day(front: Front, alike: list[LaneChange]) -> Card:
    also = tuple(front.names.actor(one.lane) for one in alike[1:])
    sentences = _sentences(front, alike[0])
    return msgspec.structs.replace(card(front, alike[0]), also=also, sentences=sentences)


def _sentences(front: Front, one: LaneChange) -> tuple[Sentence, ...]:
    numbers = (*one.change.before, *one.change.after)
    told = tell(front.conn, numbers, front.names, front.host)
    return of_change(front.names.actor(one.lane), one.change, told)
