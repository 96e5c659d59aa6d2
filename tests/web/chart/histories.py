"""Invented histories for the chart: actors A, B, C who say this and then that."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any

import msgspec

from timeline.domain.scales import SCALES
from web.chart.axis import Window
from web.chart.frame import Frame
from web.chart.levels import ROOMY
from web.chart.model import ChartInput, Development, Kind, Lane, Run, Statement
from web.chart.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable

DAY = 86_400
START, END = "2025-06-01", "2025-12-20"


def instant(day: str) -> int:
    """Return the first second of a day."""
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())


def end_of(day: str) -> int:
    """Return the last second of a day, from which a day-precise statement counts."""
    return instant(day) + DAY - 1


def said(number: int, day: str, stance: int | None, **more: Any) -> Statement:  # noqa: ANN401
    """Return one statement of actor A."""
    name = more.pop("speaker", "Anna Arlen")
    at = more.pop("at", end_of(day))
    return Statement(
        number=number,
        at=at,
        said=more.pop("said", day),
        speaker=name,
        short=name.split()[-1],
        stance=stance,
        **more,
    )


def runs_of(statements: Iterable[Statement]) -> tuple[Run, ...]:
    """Return what first-hand words hold, else second-hand ones; the latest day wins."""
    held = [
        statement
        for statement in statements
        if statement.stance is not None and not statement.retracted
    ]
    held = [statement for statement in held if not statement.rank] or held
    runs: list[Run] = []
    for one in sorted(held, key=lambda statement: (statement.at, statement.number)):
        if runs and runs[-1].level == one.stance:
            runs[-1] = msgspec.structs.replace(
                runs[-1], said=(*runs[-1].said, one.at), last_said=one.said
            )
            continue
        if runs:
            runs[-1] = msgspec.structs.replace(runs[-1], end=one.at)
        runs.append(_opened(one, runs[-1] if runs else None))
    return tuple(runs)


def _opened(statement: Statement, before: Run | None) -> Run:
    kind: Kind = "first"
    if before is not None:
        kind = "changed"
    return Run(
        start=statement.at,
        end=None,
        level=statement.stance,
        timed=statement.timed,
        rank=statement.rank,
        said=(statement.at,),
        first_said=statement.said,
        last_said=statement.said,
        kind=kind,
        opened_by=statement.number,
    )


def lane(*statements: Statement, **more: Any) -> Lane:  # noqa: ANN401
    """Return the lane of actor A with the positions that these statements hold."""
    more.setdefault("slug", "a")
    more.setdefault("name", "Actor A")
    more.setdefault("runs", runs_of(statements))
    more.setdefault("list_href", "/t/x?actor=a")
    return Lane(statements=statements, **more)


def given(*lanes: Lane, **more: Any) -> ChartInput:  # noqa: ANN401
    """Return a chart of the second half of 2025."""
    more.setdefault("start", instant(START))
    more.setdefault("end", instant(END))
    more.setdefault("now", instant("2025-12-16"))
    more.setdefault("proof_href", "/t/x?s={n}")
    return ChartInput(lanes=lanes, **more)


def frame(**more: Any) -> Frame:  # noqa: ANN401
    """Return the frame of one roomy lane of that chart."""
    more.setdefault("window", Window(instant(START), instant(END)))
    more.setdefault("edge", instant("2025-12-16"))
    more.setdefault("levels", ROOMY)
    more.setdefault("scale", SCALES["position"])
    more.setdefault("words", Wording())
    return Frame(**more)


def happened(*days: str, label: str = "Meeting") -> tuple[Development, ...]:
    """Return a development on each of these days."""
    numbers = count(500)
    return tuple(
        Development(
            number=next(numbers), at=end_of(day), when=day, title=f"{label} of {day}", label=label
        )
        for day in days
    )
