"""The coverage of a topic: which sources were watched, and when nobody watched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from timeline.domain.coverage import Watch, unwatched_spans
from timeline.domain.instants import DAY, NEWEST, OLDEST, iso
from timeline.domain.spelling import sorting_key
from timeline.interchange.native.coverage import answer_watch
from timeline.projections.queries import directory
from timeline.projections.queries.coverage import (
    EVERYBODY,
    Gap,
    KnownWatch,
    Span,
    coverage,
    coverage_of,
)
from timeline.projections.queries.directory import Actor
from timeline.projections.queries.positions import days_spoken_on
from timeline.projections.queries.translations import translations
from web.chart.axis import Window, ticks
from web.chart.drawing import Tick
from web.entries.about_topic import AboutTopic, about_topic, page_and_data
from web.i18n import dates
from web.i18n.translate import gettext, ngettext
from web.lanes.coverage import gap_in_words
from web.shell.parts import add_part
from web.shell.request import this_request
from web.wording.kinds import how_watched
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from timeline.projections.queries.coverage import Coverage

NAMED = 3
"""The most actors that a heading of a group names."""


def name_together(actors: Sequence[Actor]) -> str:
    """Name the actors of a group: "Australia, Brazil, Canada and 17 more"."""
    if not actors:
        return gettext("Everybody")
    named = ", ".join(actor.name for actor in actors[:NAMED])
    more = len(actors) - NAMED
    if more <= 0:
        return named
    return ngettext("%(names)s and %(num)d more", "%(names)s and %(num)d more", more, names=named)


class WatchRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the table; without ``actors`` everybody was watched.

    ``how`` is empty if unknown. ``translated`` are the fields in the reader's language.
    """

    actors: tuple[Actor, ...]
    outlets: tuple[str, ...]
    since: str
    until: str
    how: str
    note: str
    translated: frozenset[str]

    @property
    def name(self) -> str:
        """The actors who were watched, in words."""
        return name_together(self.actors)


class WatchedSide(msgspec.Struct, frozen=True):
    """Actors with the same watched times, and their gaps; no actors means everybody.

    ``words`` are the gaps up to the moment shown, in words.
    """

    actors: tuple[Actor, ...]
    spans: tuple[Span, ...]
    gaps: tuple[Gap, ...]
    words: tuple[str, ...]

    @property
    def name(self) -> str:
        """The actors in words."""
        return name_together(self.actors)


class CoveragePage(AboutTopic, frozen=True, kw_only=True):
    """Everything that the template and the data read."""

    rows: list[WatchRow]
    sides: list[WatchedSide]
    chart: CoverageChart | None
    watches: tuple[KnownWatch, ...]
    slugs: dict[str, str]

    @property
    def unwatched(self) -> list[WatchedSide]:
        """The sides with gaps in watching."""
        return [side for side in self.sides if side.words]


def coverage_page(conn: Connection, slug: str) -> CoveragePage:
    """Read the page; raises `NotFound` for an unknown topic, `Refused` for invalid clocks."""
    about = about_topic(conn, slug, this_request().query)
    topic, clocks = about["topic"], about["clocks"]
    watches = coverage(conn, topic.id, clocks.known_at)
    known = directory.actors_by_id(
        conn, {watch.watch.actor for watch in watches if watch.watch.actor}
    )
    moment = clocks.moment(this_request().now)
    sides = _sides(coverage_of(conn, watches, clocks.known_at), Names(conn), moment)
    spoken = days_spoken_on(conn, [topic.id])[topic.id] if clocks.is_now else []
    words = translations(conn, [topic.id]).get(topic.id, {})
    return CoveragePage(
        **about,
        rows=_rows([watch.watch for watch in watches], known, words),
        sides=sides,
        chart=coverage_chart([(side.name, side.spans) for side in sides], spoken, moment),
        watches=tuple(watches),
        slugs={actor.id: actor.slug for actor in known.values()},
    )


def _sides(watched: Coverage, names: Names, moment: int) -> list[WatchedSide]:
    """Group lanes with the same watched times; everybody comes first."""
    together: dict[tuple[Span, ...], list[str]] = {}
    for lane in sorted(watched.spans, key=lambda lane: lane != EVERYBODY):
        times = watched.spans[lane] if lane == EVERYBODY else _of(watched, lane)
        together.setdefault(times, []).append(lane)
    sides = []
    for spans, lanes in together.items():
        gaps = tuple(gap for gap in watched.gaps(lanes[0]) if gap[0] <= moment)
        actors = tuple(names.actor(lane) for lane in lanes if lane != EVERYBODY)
        sides.append(WatchedSide(actors, spans, gaps, tuple(map(gap_in_words, gaps))))
    return sides


def _of(watched: Coverage, lane: str) -> tuple[Span, ...]:
    """Return when a lane was watched, by itself or with everybody."""
    return tuple(dict.fromkeys((*watched.spans[lane], *watched.spans.get(EVERYBODY, ()))))


def _rows(
    watches: Iterable[Watch], known: Mapping[str, Actor], words: Mapping[str, str]
) -> list[WatchRow]:
    """Return the rows of the table; actors watched in the same way share one."""
    together: dict[Watch, list[Actor]] = {}
    for watch in watches:
        group = together.setdefault(msgspec.structs.replace(watch, actor=watch.actor and ""), [])
        if watch.actor and watch.actor in known:
            group.append(known[watch.actor])
    return [
        WatchRow(
            actors=tuple(sorted(actors, key=lambda actor: sorting_key(actor.name))),
            outlets=tuple(words.get(outlet, outlet) for outlet in watch.outlets),
            since=dates.said(watch.since),
            until=dates.said(watch.until) if watch.until else "",
            how=how_watched(watch.how),
            note=words.get(watch.note, watch.note),
            translated=frozenset(words.values()),
        )
        for watch, actors in together.items()
    ]


BEFORE = 0.04
"""The share of the chart before its first watched day."""

SIDES = 12
"""The most sides that the chart draws; the table has all."""

FINEST = 0.25
"""The least distance of days with statements, in percent of the width."""


class Bar(msgspec.Struct, frozen=True):
    """A time, in percent of the width."""

    x: float
    width: float


class ChartRow(msgspec.Struct, frozen=True):
    """A side, with its watched times and gaps."""

    name: str
    watched: tuple[Bar, ...]
    unwatched: tuple[Bar, ...]


class CoverageChart(msgspec.Struct, frozen=True):
    """Rows on one axis up to the moment shown; ``spoken`` are the days with statements."""

    ticks: tuple[Tick, ...]
    rows: tuple[ChartRow, ...]
    spoken: tuple[float, ...]


def coverage_chart(
    sides: Sequence[tuple[str, Sequence[Span]]], spoken: Sequence[int], moment: int
) -> CoverageChart | None:
    """Return the chart of sides by name; ``spoken`` are days. ``None`` if nobody watched yet."""
    begins = [first for _, spans in sides for first, _ in spans if first < moment]
    if not begins:
        return None
    first = min([*begins, *(day * DAY for day in spoken[:1])])
    window = Window(first - int((moment - first) * BEFORE) - DAY, moment)
    rows = tuple(_row(name, spans, window) for name, spans in sides[:SIDES])
    inside = (window.x(day * DAY + DAY // 2) for day in spoken if day * DAY < moment)
    return CoverageChart(ticks(window, dates.wording()), rows, tuple(_apart(inside)))


def _row(name: str, spans: Sequence[Span], window: Window) -> ChartRow:
    gaps = unwatched_spans(spans, window.start, window.end)
    unwatched = unwatched_spans(
        [(first, after - 1) for first, after in gaps], window.start, window.end
    )
    return ChartRow(name, _bars(unwatched, window), _bars(gaps, window))


def _bars(spans: Iterable[tuple[int, int]], window: Window) -> tuple[Bar, ...]:
    return tuple(
        Bar(x := round(window.x(first), 2), round(window.x(after) - x, 2)) for first, after in spans
    )


def _apart(places: Iterable[float]) -> Iterable[float]:
    last = -FINEST
    for x in places:
        if x - last >= FINEST:
            yield round(x, 2)
            last = x


def coverage_data(page: CoveragePage) -> dict[str, Any]:
    """Return watched sources, and gaps in watching, as data."""
    return {
        "coverage": [answer_watch(watch, page.slugs) for watch in page.watches],
        "unwatched": [
            {"actor": slug} | _span(gap)
            for side in page.sides
            for slug in (tuple(actor.slug for actor in side.actors) or (None,))
            for gap in side.gaps
        ],
    }


def _span(gap: Gap) -> dict[str, str | None]:
    """Return the first and the last instant; null for an open end."""
    first, after = gap
    return {
        "from": None if first <= OLDEST else iso(first),
        "to": None if after >= NEWEST else iso(after - 1),
    }


blueprint = page_and_data("coverage", coverage_page, coverage_data)
add_part(blueprint, "topic.actions", "coverage/topic_action.html")
