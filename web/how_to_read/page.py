"""Everything that the page about reading shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.scales import SCALES
from web.chart.drawing import LaneDrawing
from web.chart.single import LargeLane, large
from web.how_to_read.answers import Annotated, AnswerExamples, annotated, answer_examples
from web.how_to_read.samples import Sample, chart_of, lane, picture
from web.i18n import dates
from web.wording import stances
from web.wording.scale_words import WORDS
from web.wording.stances import StanceView

if TYPE_CHECKING:
    from sqlalchemy import Connection


class ScaleShown(msgspec.Struct, frozen=True):
    """The words of a scale, lowest first, and its kind of question."""

    purpose: str
    steps: tuple[StanceView, ...]
    partisan: bool


class HowToReadPage(msgspec.Struct, frozen=True, kw_only=True):
    """Pictures by their subject, and the answers with examples."""

    line: Annotated
    answers: AnswerExamples
    scales: tuple[ScaleShown, ...]
    pictures: dict[str, LaneDrawing]
    ranks: LargeLane
    clocks: LargeLane


def how_to_read_page(conn: Connection) -> HowToReadPage:
    """Return the page; only its examples come from the record."""
    return HowToReadPage(
        line=annotated(),
        answers=answer_examples(conn),
        scales=tuple(
            ScaleShown(
                str(WORDS[name].purpose),
                tuple(stances.view(scale, step) for step in scale.steps),
                scale.partisan,
            )
            for name, scale in SCALES.items()
            if name != "position"
        ),
        pictures=_pictures(),
        ranks=_ranks(),
        clocks=_clocks(),
    )


def _pictures() -> dict[str, LaneDrawing]:
    supports, again = (Sample(days=30, stance=2, opens="first"), Sample(days=110, stance=2))
    opposes = Sample(days=30, stance=-2, opens="first")
    return {
        "solid": picture((supports, again), days=190),
        "stale": picture((supports,)),
        "unwatched": picture((supports, Sample(days=240, stance=2)), unwatched=(90, 200)),
        "second": picture((Sample(days=60, stance=1, opens="first", rank=1),)),
        "mixed": picture(
            (
                opposes,
                Sample(days=120, stance=-1, opens="changed"),
                Sample(days=120, stance=2),
                Sample(days=220, stance=1, opens="changed"),
            ),
            mixed=(120,),
        ),
        "step": picture(
            (
                opposes,
                Sample(days=120, stance=1, opens="changed"),
                Sample(days=210, stance=2, opens="changed"),
            )
        ),
        "unsigned": picture((opposes, Sample(days=160, stance=1, steps=True))),
        "voice": picture(
            (
                supports,
                Sample(days=110, stance=2, voice=True),
                Sample(days=190, stance=-1, voice=True),
            )
        ),
        "differs": picture(
            (
                supports,
                Sample(days=150, stance=2, differs=True),
                Sample(days=170, stance=-2, voice=True, differs=True),
            )
        ),
        "then": picture((supports, Sample(days=180, stance=-1, opens="changed")), as_of=150),
        "silent": picture((supports, Sample(days=200, stance=None))),
        "middle": picture((Sample(days=60, stance=0, opens="first"), Sample(days=150, stance=0))),
    }


def _ranks() -> LargeLane:
    """Return own words, with later second-hand ones that change nothing."""
    own = (Sample(days=30, stance=-1, opens="first"), Sample(days=120, stance=-1))
    statements = (Sample(days=200, stance=1, rank=1),)
    return large(chart_of(lane(own, statements), 260), [], dates.wording())


def _clocks() -> LargeLane:
    """Return statements that became known long after they were made, with their tails."""
    said = (
        Sample(days=30, stance=2, opens="first", recorded=30),
        Sample(days=110, stance=-1, opens="changed", recorded=235),
        Sample(days=140, stance=-2, opens="changed", recorded=140),
    )
    return large(chart_of(lane(said), 260, known=True), [], dates.wording())
