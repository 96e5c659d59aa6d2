"""Sentences on a story: its lede, and each of its months or years in short.

They are about changes from one position to another. If a story has more than are read, only their
number is given.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, ClassVar

import msgspec

from timeline.domain.position.edition2.words import BODIES
from timeline.projections.queries import entries
from web.i18n import dates
from web.i18n.translate import gettext
from web.lanes.turning_points import head_of
from web.shell.publisher import publisher
from web.story.months import YEAR, Month, Span, added, key_of, month_of, name_of, start_of
from web.wording import lede
from web.wording.change_sentences import ChangeWriter
from web.wording.grammar import noun
from web.wording.when import changed_at, proofs_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from timeline.projections.queries.directory import Topic
    from timeline.projections.queries.positions import LaneChange
    from web.lanes.turning_points import TurningPoint
    from web.story.reading import StoryReading
    from web.wording.names import Names

SAID = 3
"""The most changes of a month that are listed; more are summed up."""

BUSY = 6
"""The most changes of a month that is not called busy."""

LONG = 2 * YEAR
"""The most months that are folded one by one; more are folded by years."""


class ChangeInShort(msgspec.Struct, frozen=True):
    """A change of a folded month; ``number`` is that of its turning point, 0 for none."""

    topic: Topic
    text: str
    date: str
    href: str
    number: int


class Fold(msgspec.Struct, frozen=True, kw_only=True):
    """A month or a year of a story in short; ``href`` opens it.

    ``changes`` are its changes if there are few, else ``summary`` is a sentence.
    """

    key: str
    name: str
    year: str
    counts: Month
    changes: list[ChangeInShort]
    summary: str
    href: str
    shape: ClassVar[str] = "fold"


def lede_of(reading: StoryReading, span: Span) -> str:
    """Say who changed position within these months."""
    counts = reading.months_in(span)
    when = when_of(span)
    if counts and not is_year(span):
        when = when_of(Span(counts[0].number, counts[-1].number))
    if reading.moves is None:
        return lede.changes_of(when, added(0, counts).changes)
    return _lede(reading, reading.moves_in(span), when)


def _lede(reading: StoryReading, moves: Sequence[Sequence[LaneChange]], when: str) -> str:
    if not moves:
        return lede.changes_of(when, 0, is_filtered=reading.address.is_filtered)
    names, heads = reading.names, [head_of(group) for group in moves]
    sides = sides_of(names, moves)
    moved = Counter(filter(None, sides))
    alone = dict.fromkeys(
        change.lane for change, side in zip(heads, sides, strict=True) if side is None
    )
    sentences = []
    if moved:
        last_of = {side: head.change for side, head in zip(sides, heads, strict=True) if side}
        said = entries.statements(
            reading.conn, {n for change in last_of.values() for n in proofs_of(change)}
        )
        changed = {side: changed_at(change, said) for side, change in last_of.items()}
        date = changed[[*filter(None, sides)][-1]]
        latest = [side for side in reversed(moved) if changed[side] == date]
        sides_and_turns = [
            (noun(names.actor(side)), moved[side]) for side in dict.fromkeys((*latest, *moved))
        ]
        sentences.append(lede.sides_moved(when, sides_and_turns, date, len(latest)))
    if alone:
        nouns = [noun(names.actor(actor_id)) for actor_id in alone]
        sentences.append(lede.moved_in_person(nouns, "" if moved else when))
    questions = Counter(change.topic for change in heads)
    topic, most = questions.most_common(1)[0]
    if len(heads) > SAID and most > 1:
        sentences.append(lede.mostly_on(names.topic(topic).label, most, len(heads)))
    return " ".join(sentences)


def when_of(span: Span) -> str:
    """Name months for the beginning of a sentence: "in 2025", "between Feb 2022 and Jul 2026"."""
    if is_year(span):
        return gettext("in %(year)s", year=dates.year(start_of(span.first)))
    if span.first == span.last:
        return gettext("in %(month)s", month=dates.month(start_of(span.first)))
    first, last = (dates.month(start_of(month)) for month in (span.first, span.last))
    return gettext("between %(first)s and %(last)s", first=first, last=last)


def is_year(span: Span) -> bool:
    """Tell whether months are those of one calendar year."""
    return span.first % YEAR == 0 and span.last == span.first + YEAR - 1


def sides_of(names: Names, moves: Iterable[Sequence[LaneChange]]) -> list[str | None]:
    """Return the state or organisation that each change moved; ``None`` for a person alone.

    Changes by the same words are grouped, because under a new decider a side has its own change.
    """
    lanes = [
        [
            lane
            for change in (head_of(group), *group)
            for lane in (change.lane, *change.change.lanes)
        ]
        for group in moves
    ]
    names.actors({lane for lanes_of_group in lanes for lane in lanes_of_group})
    return [
        next((lane for lane in lanes_of_group if names.actor(lane).kind in BODIES), None)
        for lanes_of_group in lanes
    ]


def months_in_short(
    reading: StoryReading, span: Span, points: Sequence[TurningPoint]
) -> dict[int, Fold]:
    """Return each month of a span in short, by its number."""
    moves: dict[int, list[Sequence[LaneChange]]] = defaultdict(list)
    for group in reading.moves_in(span):
        moves[_month(group[0])].append(group)
    numbers = {point.change.change: point.number for point in points}
    few = [head_of(group) for groups in moves.values() if len(groups) <= SAID for group in groups]
    teller = ChangeWriter(
        reading.conn,
        reading.names,
        few,
        own=publisher().language,
        known_at=reading.clocks.known_at,
    )

    def in_short(lane_change: LaneChange) -> ChangeInShort:
        topic, change = reading.names.topic(lane_change.topic), lane_change.change
        proof = change.after[-1] if change.after else 0
        page = f"/t/{topic.slug}" + (f"?s={proof}" if proof else "")
        lane = reading.names.actor(lane_change.lane).slug
        return ChangeInShort(
            topic=topic,
            text=teller.in_short(lane_change),
            date=teller.day_within(lane_change, _month(lane_change) // YEAR),
            href=f"{reading.clocks.at(page)}#lane-{lane}",
            number=numbers.get(change, 0),
        )

    return {
        month.number: _fold(reading, month, moves[month.number], in_short, in_year=is_year(span))
        for month in reading.months_in(span)
    }


def _fold(
    reading: StoryReading,
    counts: Month,
    moves: Sequence[Sequence[LaneChange]],
    in_short: Callable[[LaneChange], ChangeInShort],
    *,
    in_year: bool,
) -> Fold:
    key, start = key_of(counts.number), start_of(counts.number)
    few = 0 < len(moves) <= SAID
    return Fold(
        key=key,
        name=dates.month_name(start),
        year="" if in_year else dates.year(start),
        counts=counts,
        changes=[in_short(head_of(group)) for group in moves] if few else [],
        summary="" if few or not counts.changes else summary(reading.names, moves, counts.changes),
        href=f"{reading.address.url(reading.story.slug, open=key, part='')}#m-{key}",
    )


def summary(names: Names, moves: Sequence[Sequence[LaneChange]], changes: int) -> str:
    """Sum up a month of so many changes: "A busy month: ten changes, four on “Territory”."."""
    if not moves:
        return lede.changes_of("", changes)
    heads, sides = [head_of(group) for group in moves], sides_of(names, moves)
    (topic, on_topic), (actor, by_actor) = (
        Counter(texts).most_common(1)[0]
        for texts in (
            [change.topic for change in heads],
            [side or change.lane for change, side in zip(heads, sides, strict=True)],
        )
    )
    return lede.month(
        len(heads),
        (names.topic(topic).label, on_topic),
        (noun(names.actor(actor)), by_actor),
        is_busy=len(heads) > BUSY,
    )


def years_in_short(reading: StoryReading, span: Span) -> dict[int, Fold]:
    """Return each year of a span in short, by its first month."""
    folds: dict[int, Fold] = {}
    for year in sorted({month.number // YEAR for month in reading.months_in(span)}):
        months = Span(max(span.first, year * YEAR), min(span.last, year * YEAR + YEAR - 1))
        text = f"{year:04d}"
        folds[year * YEAR] = Fold(
            key=text,
            name=dates.year(start_of(year * YEAR)),
            year="",
            counts=added(year * YEAR, reading.months_in(months)),
            changes=[],
            summary=lede_of(reading, months),
            href=reading.address.url(reading.story.slug, begin=text, end=text, open="", part=""),
        )
    return folds


def title_of(span: Span) -> str:
    """Name a span above its months: "2025", "Mar 2025", "Feb 2022 – Jul 2026"."""
    if is_year(span):
        return dates.year(start_of(span.first))
    return name_of(span.first, span.last)


def _month(change: LaneChange) -> int:
    return month_of(change.change.day)
