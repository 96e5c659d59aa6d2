"""The turning points that an editor may pin on a topic, and those that are pinned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.lede import MOST
from timeline.projections.queries.codebooks import numbers_of
from timeline.projections.queries.topic_changes import TopicChanges
from web.i18n import dates
from web.lanes.turning_points import pinned_among, signed_heads
from web.shell.publisher import publisher
from web.wording.names import Names
from web.wording.told_changes import ChangeTeller

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.domain.topic import Topic
    from timeline.projections.queries.positions import LaneChange

FIELDS = tuple(f"pin_{place}" for place in range(1, MOST + 1))


class Pins(msgspec.Struct, frozen=True):
    """What a form offers: signed changes by the number with which each ends, the latest first.

    ``pinned`` are those of them that are pinned; ``fallen`` are the numbers of the statements
    whose pins no page shows any more.
    """

    offered: list[tuple[str, str]]
    pinned: list[str]
    fallen: list[int]


def read_pins(conn: Connection, topic: Topic) -> Pins:
    """Return what may be pinned on a topic, and what is."""
    told = TopicChanges(conn, topic.id).told()
    heads = sorted(signed_heads(told), key=lambda one: one.change.counts_from, reverse=True)
    names = Names(conn)
    teller = ChangeTeller(conn, names, heads, own=publisher().language)
    offered = [
        (_value(one), f"{dates.day(one.change.counts_from)}: {teller.tell(one).brief}")
        for one in heads
    ]
    numbers = numbers_of(conn, topic.lede.pinned)
    pinned = [numbers[one] for one in topic.lede.pinned if one in numbers]
    kept = {number for one in heads for number in one.change.after}
    return Pins(
        offered=offered,
        pinned=[_value(one) for one in pinned_among(told, pinned)],
        fallen=[one for one in pinned if one not in kept],
    )


def _value(one: LaneChange) -> str:
    return f"#{one.change.after[-1]}"
