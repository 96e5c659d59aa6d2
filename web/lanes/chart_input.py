"""Turn lanes, developments and positions into the input of the chart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import MICROSECONDS, day_of
from timeline.domain.position.edition2.words import sign
from web.chart.layout import MOST_LANES
from web.chart.model import (
    ChartInput,
    CurrentPosition,
    DayCount,
    Development,
    Kind,
    Lane,
    Run,
    Statement,
    Unwatched,
)
from web.entries.views import found_late
from web.i18n import dates
from web.i18n.translate import gettext
from web.lanes.chart_data import ChartData
from web.lanes.company import arrange_lane, ordered, short_name
from web.lanes.coverage import gap_in_words
from web.lanes.history import Hold, hold_of
from web.shell.request import this_request
from web.wording import stances

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from timeline.domain.position import Change, Position, Reading
    from timeline.domain.scales import Scale
    from timeline.projections.queries.entries import DevelopmentEntry, StatementEntry
    from web.lanes.address import TopicAddress
    from web.lanes.history import LaneHistory
    from web.lanes.window import Window
    from web.wording.clocks import Clocks
    from web.wording.names import Names

FEW_LANES, FEW_FOLDED = 8, 3
"""The most lanes of which none is folded, and the fewest folded lanes that save room."""

LABEL, LONGER = 26, (72, 54, 40)
"""The length of a development's label, and longer ones for more room."""

MARKS = 400
"""The most statements of a lane in the window with marks; more are counted by day."""

TOLD = 40
"""The most changes in the window that are drawn of a lane whose statements are counted.

With more, the lane has their number and draws where its statements leant.
"""


def chart_input(
    data: ChartData, names: Names, address: TopicAddress, clocks: Clocks, window: Window, now: int
) -> ChartInput:
    """Return the input of the chart."""
    listing = _pattern(address, data.topic.slug, actor=("{slug}",), view="table")
    lanes = [
        arrange_lane(
            lane_input(lane, data, names, listing, window), lane, data, names, address, clocks
        )
        for lane in data.lanes
    ]
    first = (max(address.all_lanes, 1) - 1) * MOST_LANES
    return ChartInput(
        start=window.start,
        end=window.end,
        now=now,
        silent_since=window.silent_since,
        watched=_is_watched(data, window, now),
        earlier=window.earlier,
        whole=data.whole,
        as_of=clocks.as_of,
        known=clocks.known_at is not None,
        scale=data.topic.scale,
        lanes=tuple(ordered(lanes, data, address.sort)),
        developments=tuple(_development(entry) for entry in data.developments),
        axis=data.axis,
        restated=data.silence,
        selected=address.s,
        proof_href=_pattern(address, data.topic.slug, s="{n}", through=0),
        several_href=_pattern(address, data.topic.slug, s="{n}", through="{m}"),
        zoom_href=_pattern(address, data.topic.slug, begin="{from}", end="{to}", s=0, through=0),
        all_href=address.url(data.topic.slug, all_lanes=address.all_lanes + 1),
        back_href=address.url(data.topic.slug, all_lanes=max(address.all_lanes - 1, 0)),
        expanded=bool(address.all_lanes),
        first=min(first, max(len(lanes) - 1, 0) // MOST_LANES * MOST_LANES),
        density=this_request().choices.density,
    )


def number_turning_points(chart: ChartInput, points: Mapping[int, int]) -> ChartInput:
    """Set the numbers of turning points on marks; ``points`` are by statement."""

    def of(said: tuple[Statement, ...]) -> tuple[Statement, ...]:
        return tuple(
            msgspec.structs.replace(statement, turning=points.get(statement.number, 0))
            for statement in said
        )

    lanes = tuple(
        msgspec.structs.replace(lane, statements=of(lane.statements), openings=of(lane.openings))
        for lane in chart.lanes
    )
    return msgspec.structs.replace(chart, lanes=lanes)


def fold_lanes(chart: ChartInput, still: AbstractSet[str]) -> ChartInput:
    """Fold these lanes (slugs) into one line each, if the chart has many lanes.

    Lanes that the reader named, or with an open or new statement, stay whole.
    """

    def is_folded(lane: Lane) -> bool:
        opened = any(said.number == chart.selected or said.is_new for said in lane.statements)
        return lane.slug in still and not (lane.named or opened or lane.counted)

    folded = {lane.slug for lane in chart.lanes if is_folded(lane)}
    if len(chart.lanes) <= FEW_LANES or len(folded) < FEW_FOLDED:
        return chart
    lanes = tuple(msgspec.structs.replace(lane, folded=lane.slug in folded) for lane in chart.lanes)
    return msgspec.structs.replace(chart, lanes=lanes)


def _is_watched(data: ChartData, window: Window, now: int) -> bool:
    """Tell whether somebody watched all lanes since the last statement of the topic."""
    since = window.silent_since
    return since is not None and all(
        data.coverage.is_watched(since, now, lane.actor) for lane in data.lanes
    )


def _pattern(address: TopicAddress, slug: str, **changes: object) -> str:
    """Return an address with placeholders in braces."""
    return re.sub("%7B([a-z]+)%7D", r"{\1}", address.url(slug, **changes))


def lane_input(
    lane: LaneHistory, data: ChartData, names: Names, listing: str, window: Window
) -> Lane:
    """Return one lane; ``listing`` is the address of its list, with ``{slug}`` for the actor."""
    actor = names.actor(lane.actor)
    inside = _readings_in_window(lane, data, window)
    counted = len(inside) > MARKS or bool(lane.daily) or lane.is_counted
    known = (r.statement for r in lane.readings if r.statement in data.statements)
    opened = dict.fromkeys(h.opened_by for h in lane.holds if h.opened_by in data.statements)
    voices = {reading.statement for reading in lane.readings if reading.voice}
    return Lane(
        slug=actor.slug,
        name=actor.name,
        href=f"/a/{actor.slug}",
        statements=()
        if counted
        else tuple(_statement(n, data, names, voice=n in voices) for n in known),
        openings=tuple(_statement(n, data, names) for n in opened) if counted else (),
        runs=_runs(lane, data),
        reported=_reported_run(lane.position, data),
        daily=_counts(lane, inside, window) if counted else (),
        untold=(lane.untold or _untold(lane, window)) if counted else 0,
        counted=counted,
        total=lane.statements,
        list_href=listing.replace("{slug}", actor.slug),
        named=lane.actor in data.named,
        unwatched=_unwatched(lane, data, window),
        standing=_standing(lane, data, names),
    )


def _untold(lane: LaneHistory, window: Window) -> int:
    """Count the changes of a lane in the window, if they are too many to draw."""
    first, last = window.days
    inside = sum(first <= change.day <= last for change in lane.moves)
    return inside if inside > TOLD else 0


def _unwatched(lane: LaneHistory, data: ChartData, window: Window) -> tuple[Unwatched, ...]:
    begin = window.start if window.earlier is None else window.earlier
    return tuple(
        Unwatched(*gap, gap_in_words(gap)) for gap in data.gaps_between(lane, begin, data.moment)
    )


def _readings_in_window(lane: LaneHistory, data: ChartData, window: Window) -> list[Reading]:
    return [
        r
        for r in lane.readings
        if window.start <= r.counts_from <= window.end and r.statement not in data.hidden
    ]


def _statement(number: int, data: ChartData, names: Names, *, voice: bool = False) -> Statement:
    entry = data.statements[number]
    words, speaker = entry.words, names.actor(entry.speaker)
    behalf = names.lane(entry.on_behalf_of) if entry.on_behalf_of else None
    wide = entry.said_latest is None or entry.said_earliest is None
    span = wide or day_of(entry.said_latest or 0) != day_of(entry.said_earliest or 0)
    return Statement(
        number=entry.number,
        at=entry.counts_from,
        said=dates.said(entry.said_at),
        speaker=speaker.name,
        short=short_name(speaker),
        stance=entry.stance,
        timed=entry.timed,
        earliest=entry.said_earliest if span else None,
        latest=min(entry.said_latest or entry.counts_from, entry.counts_from) if span else None,
        for_whom=behalf.name if behalf else "",
        rank=entry.rank,
        voice=voice,
        differs=number in data.differing,
        via=words.reported_via,
        joint=entry.attribution == "joint",
        condition=words.condition,
        retracted=entry.retracted,
        corrected=entry.corrected > 0,
        found_late=found_late(entry, data.topic),
        is_new=data.new_after is not None and entry.number > data.new_after,
        hidden=entry.number in data.hidden,
        recorded=entry.recorded_at // MICROSECONDS,
    )


def _runs(lane: LaneHistory, data: ChartData) -> tuple[Run, ...]:
    """Return the runs of a lane, each with the change that it began with."""
    opens = openings(lane)
    unwatched = tuple(gap[0] for gap in data.gaps(lane))
    stale = not data.is_fresh(lane)
    said = data.statements
    return tuple(
        _with_dates(
            run,
            said.get(hold.opened_by),
            said.get(hold.last),
            stale=stale,
            unwatched=unwatched,
        )
        for hold, run in zip(lane.holds, runs_of(lane.holds, opens), strict=True)
    )


def openings(lane: LaneHistory) -> list[Change | None]:
    """Return the change that began each position; published changes come first."""
    changes = {
        (change.day, change.to): change
        for change in sorted(lane.changes, key=lambda item: item.is_visible)
    }
    return [changes.get((day_of(hold.start), hold.stance)) for hold in lane.holds]


def drawn_kind(change: Change | None) -> Kind:
    """Return how the chart draws the beginning of a run.

    A change that is not published has no mark.
    """
    if change is None or not (change.is_visible or change.kind == "first"):
        return ""
    if change.kind in ("first", "terms"):
        return change.kind
    return "changed"


def runs_of(holds: Sequence[Hold], opens: Iterable[Change | None]) -> tuple[Run, ...]:
    """Return the runs of successive positions, each with the change that began it."""
    ends = [*(hold.start for hold in holds), None][1:]
    return tuple(
        Run(
            start=hold.start,
            end=end,
            level=hold.stance,
            timed=hold.timed,
            lowest=hold.lowest,
            highest=hold.highest,
            rank=hold.rank or 0,
            said=hold.said,
            kind=drawn_kind(change),
            opened_by=hold.opened_by or (change.after[0] if change else 0),
            other_speaker=change is not None and change.other_speaker,
            other_wording=change is not None and change.other_wording,
        )
        for hold, change, end in zip(holds, opens, ends, strict=True)
    )


def runs_between(changes: Sequence[Change]) -> tuple[Run, ...]:
    """Return the runs between changes of one lane, oldest first, without its statements."""
    return runs_of([hold_of(change) for change in changes], changes)


def _with_dates(
    run: Run,
    first: StatementEntry | None,
    last: StatementEntry | None,
    *,
    stale: bool,
    unwatched: tuple[int, ...],
) -> Run:
    """Return a run with the dates of its first and last statement; only the last is stale."""
    return msgspec.structs.replace(
        run,
        # A hold made from its change has no time of day; its first statement may have one.
        timed=run.timed or (first is not None and first.timed),
        first_said=dates.said(first.said_at) if first else dates.day(run.start),
        last_said=dates.said(last.said_at) if last else "",
        stale=stale and run.end is None,
        unwatched=unwatched,
    )


def _reported_run(position: Position, data: ChartData) -> tuple[Run, ...]:
    """Return the run of later words of a lower rank, if any."""
    reported = position.reported
    said = (
        [data.statements[n] for n in reported.statements if n in data.statements]
        if reported
        else []
    )
    if reported is None or not said:
        return ()
    stances = [entry.stance for entry in said if entry.stance is not None]
    return (
        Run(
            start=min(entry.counts_from for entry in said),
            end=None,
            level=reported.stance,
            timed=all(entry.timed for entry in said),
            lowest=min(stances, default=None),
            highest=max(stances, default=None),
            rank=reported.rank,
            said=tuple(entry.counts_from for entry in said),
        ),
    )


def _standing(lane: LaneHistory, data: ChartData, names: Names) -> CurrentPosition:
    position, actor = lane.position, names.actor(lane.actor)
    scale, said = data.topic.scale, data.statements
    holding = said.get(position.counted[-1]) if position.counted else None
    apart = lane.part_of == lane.actor
    via = stances.of_position(scale, position, said).brief
    condition = holding.words.condition if holding else ""
    reported = stances.reported_words(scale, position.reported, said)
    voices = _voices(position, scale, names)
    has_more = bool(via or condition or reported or voices)
    spoke = any(r.stance is None and not (r.retracted or r.voice) for r in lane.readings)
    return CurrentPosition(
        level=position.stance,
        spoke=spoke,
        silence="" if spoke or position.counted else _no_own_words(lane),
        rank=position.rank or 0,
        text=_spoken_by(position, names, _text(lane, data, has_more=has_more)),
        via=via,
        condition=condition,
        reported=reported,
        voices=voices,
        why_href="" if apart else f"/t/{data.topic.slug}/why/{actor.slug}",
        is_fresh=data.is_fresh(lane),
    )


def _no_own_words(lane: LaneHistory) -> str:
    """Say why a lane with statements has no position."""
    if not any(not reading.retracted for reading in lane.readings):
        return ""
    if lane.position.voices:
        return gettext("nobody who decides is on record")
    return gettext("no own words on record")


def _spoken_by(position: Position, names: Names, text: str) -> str:
    """Add the person whose words hold the position of a side."""
    if not text or not position.side or position.held_by in (None, position.lane):
        return text
    who = short_name(names.actor(position.held_by or ""))
    return gettext("%(name)s, %(said)s", name=who, said=text)


def _voices(position: Position, scale: Scale, names: Names) -> str:
    """Name people who do not decide and differ from the side, or all if it has no position.

    Only another direction counts as a difference.
    """
    level = position.stance
    voices = [
        voice
        for voice in position.voices
        if isinstance(voice.direction, int)
        and not (isinstance(level, int) and sign(level) == sign(voice.direction))
    ]
    texts = [
        gettext(
            "%(name)s: %(stance)s",
            name=short_name(names.actor(voice.person)),
            stance=stances.word(scale, voice.direction),
        )
        for voice in voices
    ]
    if not texts:
        return ""
    return gettext("does not decide: %(voices)s", voices="; ".join(texts))


def _text(lane: LaneHistory, data: ChartData, *, has_more: bool) -> str:
    """Say when somebody spoke, and since when nobody watched."""
    gap = data.gap_now(lane)
    said = _said(lane, data, has_more=has_more or gap is not None) or _no_position(lane, data)
    return ", ".join(filter(None, (said, gap_in_words(gap) if gap else "")))


def _said(lane: LaneHistory, data: ChartData, *, has_more: bool) -> str:
    """Say when a position was first and last said; shorter if the lane has more text.

    A bound like "on or before 15 Dec 2025" needs no verb. An old position is "last known".
    """
    position = lane.position
    known = (data.statements.get(number or 0) for number in (position.first, position.last))
    said = [entry.said_at for entry in known if entry]
    if not said:
        return ""
    first, last = dates.said(said[0]), dates.said(said[-1])
    is_long = first != last and not has_more
    if not is_long and dates.is_bound(said[-1]):
        return last
    if not data.is_fresh(lane):
        return _last_known(first if is_long else "", last)
    if is_long:
        return gettext("first said %(first)s, last said %(last)s", first=first, last=last)
    if stances.ascribed(position.rank):
        return gettext("last held: %(date)s", date=last)
    return gettext("last said %(date)s", date=last)


def _last_known(first: str, last: str) -> str:
    """Say when a position was last known, and when it was first said, if given."""
    if not first:
        return gettext("last known %(date)s", date=last)
    return gettext("first said %(first)s, last known %(last)s", first=first, last=last)


def _no_position(lane: LaneHistory, data: ChartData) -> str:
    """Return the day on which somebody took no position, if they never took one."""
    silent = [r for r in lane.readings if r.stance is None and not r.retracted]
    entry = data.statements.get(silent[-1].statement) if silent else None
    return dates.said(entry.said_at) if entry else ""


def _counts(lane: LaneHistory, inside: list[Reading], window: Window) -> tuple[DayCount, ...]:
    if not lane.daily:
        return tuple(_daily(inside))
    first, last = day_of(window.start), day_of(window.end)
    return tuple(
        DayCount(day=day, counts=counts) for day, counts in lane.daily if first <= day <= last
    )


def _daily(readings: Iterable[Reading]) -> Iterable[DayCount]:
    counts: dict[int, list[int]] = {}
    for reading in readings:
        if reading.stance is not None and not reading.retracted:
            of_day = counts.setdefault(day_of(reading.counts_from), [0, 0, 0, 0, 0])
            of_day[reading.stance + 2] += 1
    for day, of_day in sorted(counts.items()):
        yield DayCount(day=day, counts=(of_day[0], of_day[1], of_day[2], of_day[3], of_day[4]))


def _development(entry: DevelopmentEntry) -> Development:
    wide = entry.earliest is not None and entry.latest is not None
    span = wide and day_of(entry.latest or 0) != day_of(entry.earliest or 0)
    return Development(
        number=entry.number,
        at=entry.earliest if span and entry.earliest is not None else entry.counts_from,
        when=dates.said(entry.happened_at),
        title=entry.title,
        label=_shortened(entry.title, LABEL),
        longer=tuple(dict.fromkeys(_shortened(entry.title, size) for size in LONGER)),
        href=f"/s/{entry.number}",
        until=entry.latest if span else None,
        announced=entry.status == "announced",
    )


def _shortened(title: str, size: int) -> str:
    """Shorten a title between words, or within a word if little would be left."""
    words = title.split()
    label = words[0] if words else ""
    for word in words[1:]:
        if len(label) + len(word) > size:
            return f"{label} …" if len(label) * 2 >= size else f"{title[:size].rstrip()}…"
        label += f" {word}"
    return label
