"""What the page of a topic's coverage shows: a chart, what nobody watched, and a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.coverage import Watch
from timeline.projections.queries import directory
from timeline.projections.queries.coverage import KnownWatch, coverage
from timeline.projections.queries.directory import Actor
from timeline.projections.queries.positions import days_spoken_on
from timeline.projections.queries.translations import translations
from timeline.projections.queries.watched_time import EVERYBODY, Gap, Span, coverage_of
from web.coverage.chart import CoverageChart, coverage_chart
from web.entries.about_topic import AboutTopic, about_topic
from web.i18n import dates
from web.i18n.translate import gettext, ngettext
from web.lanes.coverage import gap_in_words
from web.shell.request import this_request
from web.wording.names import Names
from web.wording.watching import how_watched

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from timeline.projections.queries.watched_time import Coverage

NAMED = 3
"""Actors watched alike of whom a heading names each."""


def name_together(actors: Sequence[Actor]) -> str:
    """Name actors who were watched alike: "Australia, Brazil, Canada and 17 more"."""
    if not actors:
        return gettext("Everybody")
    named = ", ".join(one.name for one in actors[:NAMED])
    more = len(actors) - NAMED
    if more <= 0:
        return named
    return ngettext("%(names)s and %(num)d more", "%(names)s and %(num)d more", more, names=named)


class WatchRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the table; without ``actors`` everybody's words were watched for.

    ``how`` is empty where nobody said.
    ``translated`` are those of its words that are in the reader's language.
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
        """Whose words were watched for."""
        return name_together(self.actors)


class WatchedSide(msgspec.Struct, frozen=True):
    """Actors watched at the same times, and when nobody watched them; no actors are everybody.

    ``words`` say the gaps up to the moment shown.
    """

    actors: tuple[Actor, ...]
    spans: tuple[Span, ...]
    gaps: tuple[Gap, ...]
    words: tuple[str, ...]

    @property
    def name(self) -> str:
        """Whom it is about."""
        return name_together(self.actors)


class CoveragePage(AboutTopic, frozen=True, kw_only=True):
    """Everything that the template reads, and the data with it."""

    rows: list[WatchRow]
    sides: list[WatchedSide]
    chart: CoverageChart | None
    found: tuple[KnownWatch, ...]
    slugs: dict[str, str]

    @property
    def unwatched(self) -> list[WatchedSide]:
        """The sides that nobody watched at some time."""
        return [side for side in self.sides if side.words]


def coverage_page(conn: Connection, slug: str) -> CoveragePage:
    """Read the page; raises `NotFound` for no such topic, `Refused` for nonsense."""
    about = about_topic(conn, slug, this_request().query)
    topic, clocks = about["topic"], about["clocks"]
    found = coverage(conn, topic.id, clocks.known_at)
    known = directory.actors_by_id(conn, {one.watch.actor for one in found if one.watch.actor})
    moment = clocks.moment(this_request().now)
    sides = _sides(coverage_of(conn, found, clocks.known_at), Names(conn), moment)
    spoken = days_spoken_on(conn, [topic.id])[topic.id] if clocks.is_now else []
    words = translations(conn, [topic.id]).get(topic.id, {})
    return CoveragePage(
        **about,
        rows=_rows([one.watch for one in found], known, words),
        sides=sides,
        chart=coverage_chart([(side.name, side.spans) for side in sides], spoken, moment),
        found=tuple(found),
        slugs={one.id: one.slug for one in known.values()},
    )


def _sides(watched: Coverage, names: Names, moment: int) -> list[WatchedSide]:
    """Return those who were watched at the same times together, everybody first."""
    together: dict[tuple[Span, ...], list[str]] = {}
    for lane in sorted(watched.spans, key=lambda one: one != EVERYBODY):
        times = watched.spans[lane] if lane == EVERYBODY else _of(watched, lane)
        together.setdefault(times, []).append(lane)
    found = []
    for spans, lanes in together.items():
        gaps = tuple(gap for gap in watched.gaps(lanes[0]) if gap[0] <= moment)
        actors = tuple(names.actor(lane) for lane in lanes if lane != EVERYBODY)
        found.append(WatchedSide(actors, spans, gaps, tuple(map(gap_in_words, gaps))))
    return found


def _of(watched: Coverage, lane: str) -> tuple[Span, ...]:
    """Return when a lane was watched, by itself or with everybody."""
    return tuple(dict.fromkeys((*watched.spans[lane], *watched.spans.get(EVERYBODY, ()))))


def _rows(
    found: Iterable[Watch], known: Mapping[str, Actor], words: Mapping[str, str]
) -> list[WatchRow]:
    """Return the rows of the table; actors watched alike share one."""
    together: dict[Watch, list[Actor]] = {}
    for one in found:
        alike = together.setdefault(msgspec.structs.replace(one, actor=one.actor and ""), [])
        if one.actor and one.actor in known:
            alike.append(known[one.actor])
    return [
        WatchRow(
            actors=tuple(sorted(actors, key=lambda actor: actor.name)),
            outlets=tuple(words.get(outlet, outlet) for outlet in watch.outlets),
            since=dates.said(watch.since),
            until=dates.said(watch.until) if watch.until else "",
            how=how_watched(watch.how),
            note=words.get(watch.note, watch.note),
            translated=frozenset(words.values()),
        )
        for watch, actors in together.items()
    ]
