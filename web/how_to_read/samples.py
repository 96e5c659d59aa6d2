"""Invented lanes that show one thing each, without real people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import DAY, day_number
from web.chart.layout import card
from web.chart.model import MIXED, ChartInput, Lane, Run, Statement, Unwatched
from web.i18n import dates
from web.i18n.translate import gettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from web.chart.drawing import LaneDrawing
    from web.chart.model import Kind, Level

START = day_number(2021, 1, 1)
"""The first day of the invented time."""

MOST = 300
"""Days of a small picture."""


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """A statement of an invented speaker, so many ``days`` after the start.

    ``opens`` is the kind of its change, empty for a repetition or, if it ``steps``, for a plain
    step. ``weeks`` is the uncertainty of its date; ``recorded`` is the day on which it was found. A
    ``voice`` does not decide; it may be one that ``differs``.
    """

    days: int
    stance: int | None
    opens: Kind = ""
    steps: bool = False
    voice: bool = False
    differs: bool = False
    other: bool = False
    rank: int = 0
    condition: str = ""
    weeks: int = 0
    recorded: int | None = None


def lane(
    said: Sequence[Sample],
    reported: Sequence[Sample] = (),
    *,
    mixed: tuple[int, ...] = (),
    unwatched: tuple[int, int] | None = None,
) -> Lane:
    """Return a lane of these statements; those of ``mixed`` days differ from each other.

    ``unwatched`` are the first and the last day of a gap in watching.
    """
    spoken = [*said, *reported]
    return Lane(
        slug="sample",
        name=gettext("Invented line"),
        statements=tuple(
            _statement(number, statement) for number, statement in enumerate(spoken, 1)
        ),
        runs=_runs(said, mixed, unwatched[:1] if unwatched else ()),
        unwatched=tuple(
            Unwatched(_instant(first), _instant(after), "")
            for first, after in ((unwatched,) if unwatched else ())
        ),
        reported=tuple(
            Run(
                start=_at(statement),
                end=None,
                level=statement.stance,
                rank=statement.rank,
                said=(_at(statement),),
            )
            for statement in reported
        ),
    )


def picture(
    said: Sequence[Sample],
    reported: Sequence[Sample] = (),
    *,
    days: int = MOST,
    mixed: tuple[int, ...] = (),
    unwatched: tuple[int, int] | None = None,
    as_of: int | None = None,
) -> LaneDrawing:
    """Return a small lane of these statements, up to so many days after the start.

    With ``as_of`` it shows what had been said by that day.
    """
    end = _instant(days)
    said = [statement for statement in said if as_of is None or statement.days <= as_of]
    chart = ChartInput(
        start=_instant(0),
        end=end,
        now=end,
        as_of=None if as_of is None else _instant(as_of),
        lanes=(lane(said, reported, mixed=mixed, unwatched=unwatched),),
        links=False,
    )
    return card(chart, dates.wording())


def chart_of(lane: Lane, days: int, *, breaks: bool = False, known: bool = False) -> ChartInput:
    """Return a chart of one lane for so many days; ``breaks`` adds a break up to now."""
    last = max(said.at for said in lane.statements)
    return ChartInput(
        start=_instant(0),
        end=_instant(days),
        now=_instant(2 * days),
        silent_since=last if breaks else None,
        known=known,
        lanes=(lane,),
        links=False,
    )


def _instant(days: int) -> int:
    return (START + days) * DAY


def _at(statement: Sample) -> int:
    """Return the last second of the day on which it was said."""
    return _instant(statement.days + 1) - 1


def _statement(number: int, statement: Sample) -> Statement:
    speaker = gettext("Another speaker") if statement.other else gettext("A speaker")
    wide = statement.weeks * 7
    return Statement(
        number=number,
        at=_at(statement),
        said=dates.day(_at(statement)),
        speaker=speaker,
        short=speaker,
        stance=statement.stance,
        earliest=_instant(statement.days - wide) if wide else None,
        latest=_at(statement) if wide else None,
        rank=statement.rank,
        voice=statement.voice,
        differs=statement.differs,
        condition=statement.condition,
        recorded=None if statement.recorded is None else _instant(statement.recorded),
    )


def _runs(
    said: Sequence[Sample], mixed: tuple[int, ...], unwatched: tuple[int, ...]
) -> tuple[Run, ...]:
    """Return the runs that these statements open."""
    numbered = [
        pair for pair in enumerate(said, 1) if pair[1].stance is not None and not pair[1].voice
    ]
    opening = [
        place for place, (_, statement) in enumerate(numbered) if statement.opens or statement.steps
    ]
    ends = [*opening[1:], len(numbered)]
    runs = []
    for first, last in zip(opening, ends, strict=True):
        number, statement = numbered[first]
        that_day = [other.stance or 0 for other in said if other.days == statement.days]
        level: Level = MIXED if statement.days in mixed else statement.stance
        following = numbered[last][1] if last < len(numbered) else None
        runs.append(
            Run(
                start=_at(statement),
                unwatched=tuple(map(_instant, unwatched)),
                end=None if following is None else _at(following),
                level=level,
                lowest=min(that_day),
                highest=max(that_day),
                rank=statement.rank,
                said=tuple(_at(other) for _, other in numbered[first:last]),
                kind=statement.opens,
                opened_by=number,
                other_speaker=statement.other,
            )
        )
    return tuple(runs)
