"""Where actors stood, as bands: from moment to moment, or how many on each side at one."""

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

    from timeline.analysis.answers import Cell, Stood
    from timeline.analysis.inquiry import Found
    from timeline.projections.queries.directory import Topic
    from web.analyse.figures import Named

ROWS = 30
"""Rows of bands that a picture has."""

LEVELS = (-2, -1, 0, 1, 2, MIXED)
MARK, NUMBER = 18, 42
"""Pixels that a mark takes, alone and with a number."""


def matrix_lanes(found: Found, named: Named) -> Lanes:
    """Return a row for each actor and question, those who moved most often first."""
    by_lane: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for answer in found.answers:
        by_lane[answer.topic, answer.actor].append(answer)
    if not by_lane:
        return Lanes(lanes=(), kind="bands")
    order = sorted(by_lane, key=lambda lane: (-_moves(by_lane[lane]), lane))
    drawn = sorted(order[:ROWS])
    is_one_topic = len({topic for topic, _ in by_lane}) == 1
    is_one_actor = len({actor for _, actor in by_lane}) == 1
    moments = Moments(found.days)
    lanes = []
    for slugs in drawn:
        topic, actor = named.topic(slugs[0]), named.actor(slugs[1])
        of_topic = Head(topic.label, f"/t/{topic.slug}", topic)
        of_actor = Head(actor.name, f"/a/{actor.slug}", actor)
        heads: list[Head] = [] if is_one_actor and not is_one_topic else [of_actor]
        heads += [] if is_one_topic else [of_topic]
        lanes.append(_lane(topic, actor.name, tuple(heads), by_lane[slugs], (moments, found.every)))
    return Lanes(
        lanes=tuple(lanes),
        ticks=moments.ticks(),
        left_out=len(order) - len(drawn),
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
        sentence=figures.told(about, "; ".join(band.text for band in bands)),
        value=stances.word(topic.scale, _level(cells[-1])),
        neutral=not topic.scale.partisan,
        bands=bands,
    )


def _runs(cells: Sequence[Cell], moments: Moments) -> Iterator[list[Cell]]:
    """Yield the moments at which the same was held, as long as it was."""
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
    ends = dict.fromkeys(figures.period(one, every) for one in (first, last))
    text = figures.at(" – ".join(ends), stances.word(topic.scale, level))
    begin, width = moments.stretch(first, last)
    tier = tier_of(width, MARK)
    return Band(
        begin, width, step(topic.scale, level), text, tier=tier or "", is_marked=tier is not None
    )


def tier_of(width: float, pixels: int) -> str | None:
    """Return the class that shows something only where it has room; nothing where it never has."""
    return next((tier for plot, tier in TIERS if width * plot / 100 >= pixels), None)


def _level(cell: Cell) -> int | str:
    return cell.stance if cell.value is None else cell.value


def position_lanes(found: Found, named: Named, wanted: Sequence[str]) -> Lanes:
    """Return a row for each question: how many actors held which stance."""
    by_topic: dict[str, list[Stood]] = defaultdict(list)
    for answer in found.answers:
        by_topic[answer.topic].append(answer)
    order = sorted(by_topic, key=lambda slug: (-len(by_topic[slug]), slug))
    order.sort(key=lambda slug: wanted.index(slug) if slug in wanted else len(wanted))
    lanes = [_shares(named.topic(slug), by_topic[slug]) for slug in order[:ROWS]]
    return Lanes(lanes=tuple(lanes), left_out=len(order) - len(lanes), kind="shares")


def _shares(topic: Topic, positions: Sequence[Stood]) -> Lane:
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
        sentence=figures.told(topic.label, "; ".join(band.text for band in bands)),
        value=figures.actors(len(positions)),
        neutral=not topic.scale.partisan,
        bands=tuple(bands),
    )
