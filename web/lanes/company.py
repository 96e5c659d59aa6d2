"""Arrange lanes: their sides, their order, and who speaks in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.position.edition2.words import sign
from timeline.domain.spelling import sorting_key
from timeline.projections.queries.whose_side import (
    SPEAKERS,
    by_speaker,
    mandated_by,
    sides_of_speakers,
    spoken_on,
)
from web.chart.model import CurrentPosition, Lane
from web.i18n.translate import gettext
from web.wording.grammar import noun

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from timeline.domain.position import Stance
    from timeline.projections.queries.directory import Actor, Story
    from web.lanes.address import TopicAddress
    from web.lanes.chart_data import ChartData
    from web.lanes.history import LaneHistory
    from web.wording.clocks import Clocks
    from web.wording.names import Names


def below_whom(
    conn: Connection,
    topic: str,
    lanes: Sequence[LaneHistory],
    story: Story | None,
    names: Names,
) -> dict[str, str]:
    """Return for each speaker with a lane the actor below whose lane it is placed.

    ``lanes`` are those of a topic (an id) as it is now.
    """
    kinds = {lane.actor: names.actor(lane.actor).kind for lane in lanes}
    speakers = {actor for actor, kind in kinds.items() if kind in SPEAKERS}
    if not speakers:
        return {}
    spoken = by_speaker(spoken_on(conn, [topic], speakers).get(topic, ()))
    return sides_of_speakers(kinds, kinds, spoken, mandated_by(conn, speakers), story)


def arrange_lane(
    lane: Lane,
    history: LaneHistory,
    data: ChartData,
    names: Names,
    address: TopicAddress,
    clocks: Clocks,
) -> Lane:
    """Return a lane with its side, its speakers, and the link that splits it by speaker."""
    below = _below(history, data) if address.sort == "side" else ""
    whole = names.actor(history.part_of or history.actor)
    is_silent = history.actor in data.present and not (history.readings or history.totals)
    expand, hint = (*address.expand, whole.slug), gettext("A lane for each speaker")
    if history.part_of:
        expand = tuple(other for other in address.expand if other != whole.slug)
        text = _part(history, whole)
        hint = gettext("All who speak for this side in one lane")
    else:
        text = _speakers(history, names)
    side = _sides(data.story).get(below or whole.id, "") if address.sort == "side" else ""
    return msgspec.structs.replace(
        lane,
        side=side,
        is_below=bool(below),
        subtitle=_own_words(history, below, names, data) if below else text,
        subtitle_href=address.url(data.topic.slug, expand=expand) if text and not below else "",
        subtitle_hint=hint,
        standing=_silence(clocks) if is_silent else at_moment(lane.standing, clocks),
    )


def _below(lane: LaneHistory, data: ChartData) -> str:
    """Return the actor below whose lane this lane is drawn, if any."""
    side = "" if lane.part_of else data.below.get(lane.actor, "")
    return side if any(side in (other.actor, other.part_of) for other in data.lanes) else ""


def _own_words(lane: LaneHistory, below: str, names: Names, data: ChartData) -> str:
    """Say whose words a speaker's lane holds: their own, or also those for the side."""
    shared = {r.statement for other in data.lanes if other.actor == below for r in other.readings}
    if not any(reading.statement in shared for reading in lane.readings):
        return gettext("own words")
    return gettext("own words, and for %(sides)s", sides=noun(names.actor(below)).for_whom)


def _part(lane: LaneHistory, whole: Actor) -> str:
    """Say whose words a part of a split lane holds."""
    if lane.part_of == lane.actor:
        return gettext("own words")
    return gettext("for %(sides)s", sides=noun(whole).for_whom)


def _speakers(lane: LaneHistory, names: Names) -> str:
    others = [speaker for speaker in lane.speakers if speaker != lane.actor]
    shown = [short_name(names.actor(other)) for other in others[:2]]
    rest = len(others) - len(shown)
    return ", ".join(shown) + (f" +{rest}" if rest > 0 else "")


def short_name(actor: Actor) -> str:
    """Return a person's last name, and the whole name of other actors."""
    return actor.name.rpartition(" ")[2] if actor.kind == "person" else actor.name


def at_moment(standing: CurrentPosition, clocks: Clocks) -> CurrentPosition:
    """Return a position whose link to its reasons has the page's clocks."""
    return msgspec.structs.replace(standing, why_href=clocks.at(standing.why_href))


def _silence(clocks: Clocks) -> CurrentPosition:
    """Return the placeholder of a lane that has no position at this moment."""
    if clocks.is_now:
        return CurrentPosition()
    if clocks.known_at is None:
        return CurrentPosition(silence=gettext("nothing said by then"))
    return CurrentPosition(silence=gettext("nothing known by then"))


def ordered(lanes: list[Lane], data: ChartData, sort: str) -> list[Lane]:
    """Sort lanes; by side they are grouped as in the story.

    By side, lanes keep their places at every moment, and speakers follow their side.
    """
    history = {lane.actor: lane for lane in data.lanes}
    by_slug = {lane.slug: history[actor] for lane, actor in zip(lanes, history, strict=True)}

    def changed(lane: Lane) -> int:
        return -by_slug[lane.slug].moved_at

    def changed_by_now(lane: Lane) -> int:
        lane_now = by_slug[lane.slug]
        return -data.present.get(lane_now.actor, lane_now).moved_at

    def stance(lane: Lane) -> float:
        position = by_slug[lane.slug].position
        if position.lowest is not None and position.highest is not None:
            return -(position.lowest + position.highest) / 2
        return -float(position.stance) if isinstance(position.stance, int) else 9.0

    if sort == "changed":
        return sorted(lanes, key=lambda lane: (changed(lane), sorting_key(lane.name)))
    if sort == "stance":
        return sorted(lanes, key=lambda lane: (stance(lane), sorting_key(lane.name)))
    if sort == "name":
        return sorted(lanes, key=lambda lane: sorting_key(lane.name))
    together: dict[str, list[Lane]] = {}
    by_change = sorted(lanes, key=lambda lane: (changed_by_now(lane), sorting_key(lane.name)))
    for lane in sorted(by_change, key=lambda lane: lane.is_below):
        lane_history = by_slug[lane.slug]
        together.setdefault(_family(lane_history, data), []).append(lane)
    place = _places(data.story)
    families = sorted(together.items(), key=lambda family: place.get(family[0], len(place)))
    return [lane for _, family in families for lane in family]


def _family(lane: LaneHistory, data: ChartData) -> str:
    return lane.part_of or _below(lane, data) or lane.actor


def _sides(story: Story | None) -> dict[str, str]:
    if story is None:
        return {}
    return {actor: label for label, actors in story.sides for actor in actors}


def _places(story: Story | None) -> dict[str, int]:
    arranged = [actor for _, actors in story.sides for actor in actors] if story else []
    return {actor: place for place, actor in enumerate(arranged)}


class Tally(msgspec.Struct, frozen=True):
    """Lanes with a current position: the sides, and persons who differ from their side.

    ``earlier`` are sides and such persons with only an older position. ``voices`` are the ids of
    persons whose side has no known position.
    """

    sides: list[LaneHistory]
    persons: list[LaneHistory]
    earlier: list[LaneHistory]
    voices: frozenset[str]

    @property
    def every(self) -> list[LaneHistory]:
        """All of them."""
        return [*self.sides, *self.persons, *self.earlier]


def tally(lanes: Sequence[LaneHistory], speakers: Iterable[LaneHistory] = ()) -> Tally:
    """Count these lanes; ``speakers`` are lanes of people who only spoke for a side.

    A person who speaks for nobody counts as a side.
    """
    every = [*lanes, *speakers]
    spoken_for = _sides_of_speakers(every)
    with_position = [lane for lane in every if lane.position.counted]
    sides = [lane for lane in with_position if not spoken_for.get(lane.actor)]
    persons = [lane for lane in with_position if _differs(lane, spoken_for.get(lane.actor, []))]
    return Tally(
        sides=[lane for lane in sides if not lane.position.last_known],
        persons=[lane for lane in persons if not lane.position.last_known],
        earlier=[lane for lane in (*sides, *persons) if lane.position.last_known],
        voices=frozenset(
            lane.actor
            for lane in persons
            if not any(side.position.counted for side in spoken_for[lane.actor])
        ),
    )


def _sides_of_speakers(every: Iterable[LaneHistory]) -> dict[str, list[LaneHistory]]:
    """Return for each person the lanes of the sides for which they spoke."""
    lanes_by_speaker: dict[str, list[LaneHistory]] = {}
    for lane in every:
        if lane.position.side:
            for speaker in {*lane.speakers} - {lane.actor}:
                lanes_by_speaker.setdefault(speaker, []).append(lane)
    return lanes_by_speaker


def _differs(lane: LaneHistory, sides: Sequence[LaneHistory]) -> bool:
    """Tell whether somebody's position differs from each side for which they spoke."""
    return bool(sides) and all(
        _class(lane.position.stance) != _class(side.position.stance) for side in sides
    )


def _class(stance: Stance) -> Stance:
    return sign(stance) if isinstance(stance, int) else stance
