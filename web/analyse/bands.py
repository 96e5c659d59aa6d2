"""Positions as bands: over time, or the shares of actors at one moment."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from timeline.domain.position import MIXED
from web.analyse import figures
from web.analyse.drawing import Band, Head, Lane, Lanes
from web.analyse.figures import Moments
from web.chart.axis import TIERS
from web.chart.levels import step
from web.i18n.translate import gettext, translator
from web.wording import stances

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from timeline.analysis.answers import ArchivedPosition, Cell
    from timeline.analysis.inquiry import Result
    from timeline.projections.queries.directory import Topic
    from web.analyse.figures import NameLookup

ROWS = 30
"""The most rows of a chart."""

LEVELS = (-2, -1, 0, 1, 2, MIXED)
MARK, NUMBER = 18, 42
"""The width of a mark in pixels, alone and with a number."""


def matrix_lanes(result: Result, names: NameLookup) -> Lanes:
    """Return a row for each actor and question; the most changes decide who has one."""
    by_lane: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for answer in result.answers:
        by_lane[answer.topic, answer.actor].append(answer)
    if not by_lane:
        return Lanes(lanes=(), kind="bands")
    order = sorted(by_lane, key=lambda lane: (-_moves(by_lane[lane]), lane))
    shown = sorted(order[:ROWS])
    is_one_topic = len({topic for topic, _ in by_lane}) == 1
    is_one_actor = len({actor for _, actor in by_lane}) == 1
    moments = Moments(result.days)
    lanes = []
    for slugs in shown:
        topic, actor = names.topic(slugs[0]), names.actor(slugs[1])
        of_topic = Head(topic.label, f"/t/{topic.slug}", topic)
        of_actor = Head(actor.name, f"/a/{actor.slug}", actor)
        heads: list[Head] = [] if is_one_actor and not is_one_topic else [of_actor]
        heads += [] if is_one_topic else [of_topic]
        lanes.append(
            _lane(topic, actor.name, tuple(heads), by_lane[slugs], (moments, result.every))
        )
    return Lanes(
        lanes=tuple(lanes),
        ticks=moments.ticks(),
        left_out=len(order) - len(shown),
        kind="bands",
    )


def _moves(cells: Sequence[Cell]) -> int:
    return sum(a.stance != b.stance for a, b in pairwise(cells))


def _lane(
    topic: Topic,
    name: str,
    heads: tuple[Head, ...],
    cells: Sequence[Cell],
    time: tuple[Moments, str],
) -> Lane:
    bands = tuple(_band(topic, run, *time) for run in _runs(cells, time[0]))
    about = gettext("%(actor)s on %(topic)s", actor=name, topic=topic.label)
    return Lane(
        heads=heads,
        sentence=figures.labelled(about, "; ".join(band.text for band in bands)),
        value=stances.word(topic.scale, _level(cells[-1])),
        neutral=not topic.scale.partisan,
        bands=bands,
    )


def _runs(cells: Sequence[Cell], moments: Moments) -> Iterator[list[Cell]]:
    """Yield runs of consecutive moments with the same stance."""
    run: list[Cell] = []
    for cell in cells:
        if run and (
            cell.stance != run[-1].stance
            or moments.place(cell.as_of) != moments.place(run[-1].as_of) + 1
        ):
            yield run
            run = []
        run.append(cell)
    yield run


def _band(topic: Topic, run: Sequence[Cell], moments: Moments, every: str) -> Band:
    level = _level(run[0])
    first, last = run[0].as_of, run[-1].as_of
    ends = dict.fromkeys(figures.period(date, every) for date in (first, last))
    text = figures.at(" – ".join(ends), stances.word(topic.scale, level))
    begin, width = moments.stretch(first, last)
    tier = tier_of(width, MARK)
    return Band(
        begin, width, step(topic.scale, level), text, tier=tier or "", is_marked=tier is not None
    )


def tier_of(width: float, pixels: int) -> str | None:
    """Return the CSS class that shows a mark only where it has room; ``None`` if it never has."""
    return next((tier for plot, tier in TIERS if width * plot / 100 >= pixels), None)


def _level(cell: Cell) -> int | str:
    return cell.stance if cell.value is None else cell.value


def position_lanes(result: Result, names: NameLookup, topic_order: Sequence[str]) -> Lanes:
    """Return a row for each question: how many actors held which stance."""
    by_topic: dict[str, list[ArchivedPosition]] = defaultdict(list)
    for answer in result.answers:
        by_topic[answer.topic].append(answer)
    order = sorted(by_topic, key=lambda slug: (-len(by_topic[slug]), slug))
    order = figures.first_asked(order, topic_order)
    lanes = [_shares(names.topic(slug), by_topic[slug]) for slug in order[:ROWS]]
    return Lanes(lanes=tuple(lanes), left_out=len(order) - len(lanes), kind="shares")


def _shares(topic: Topic, positions: Sequence[ArchivedPosition]) -> Lane:
    counts = Counter(MIXED if position.value is None else position.value for position in positions)
    bands, begin = [], 0.0
    for level in LEVELS:
        if count := counts[level]:
            width = 100 * count / len(positions)
            tier = tier_of(width, NUMBER)
            word, number = stances.word(topic.scale, level), translator().figure(count)
            bands.append(
                Band(
                    round(begin, 3),
                    round(width, 3),
                    step(topic.scale, level),
                    gettext("%(stance)s: %(num)s", stance=word, num=number),
                    number,
                    tier or "",
                    tier is not None,
                )
            )
            begin += width
    return Lane(
        heads=(Head(topic.label, f"/t/{topic.slug}", topic),),
        sentence=figures.labelled(topic.label, "; ".join(band.text for band in bands)),
        value=figures.actors(len(positions)),
        neutral=not topic.scale.partisan,
        bands=tuple(bands),
    )
