"""Everything that the page about reading shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.scales import SCALES
from web.chart.drawing import LaneDrawing
from web.chart.single import LargeLane, large
from web.how_to_read.answers import Annotated, AnswerExamples, annotated, answer_examples
from web.how_to_read.samples import SampleStatement, given_of, lane, picture
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
    supports, again = (
        SampleStatement(days=30, stance=2, opens="first"),
        SampleStatement(days=110, stance=2),
    )
    opposes = SampleStatement(days=30, stance=-2, opens="first")
    return {
        "solid": picture((supports, again), days=190),
        "stale": picture((supports,)),
        "unwatched": picture((supports, SampleStatement(days=240, stance=2)), unwatched=(90, 200)),
        "second": picture((SampleStatement(days=60, stance=1, opens="first", rank=1),)),
        "mixed": picture(
            (
                opposes,
                SampleStatement(days=120, stance=-1, opens="changed"),
                SampleStatement(days=120, stance=2),
                SampleStatement(days=220, stance=1, opens="changed"),
            ),
            mixed=(120,),
        ),
        "step": picture(
            (
                opposes,
                SampleStatement(days=120, stance=1, opens="changed"),
                SampleStatement(days=210, stance=2, opens="changed"),
            )
        ),
        "unsigned": picture((opposes, SampleStatement(days=160, stance=1, steps=True))),
        "voice": picture(
            (
                supports,
                SampleStatement(days=110, stance=2, voice=True),
                SampleStatement(days=190, stance=-1, voice=True),
            )
        ),
        "differs": picture(
            (
                supports,
                SampleStatement(days=150, stance=2, differs=True),
                SampleStatement(days=170, stance=-2, voice=True, differs=True),
            )
        ),
        "then": picture(
            (supports, SampleStatement(days=180, stance=-1, opens="changed")), as_of=150
        ),
        "silent": picture((supports, SampleStatement(days=200, stance=None))),
        "middle": picture(
            (SampleStatement(days=60, stance=0, opens="first"), SampleStatement(days=150, stance=0))
        ),
    }


def _ranks() -> LargeLane:
    """Return own words, with later second-hand ones that change nothing."""
    own = (SampleStatement(days=30, stance=-1, opens="first"), SampleStatement(days=120, stance=-1))
    statements = (SampleStatement(days=200, stance=1, rank=1),)
    return large(given_of(lane(own, statements), 260), [], dates.wording())


def _clocks() -> LargeLane:
    """Return statements that became known long after they were made, with their tails."""
    said = (
        SampleStatement(days=30, stance=2, opens="first", recorded=30),
        SampleStatement(days=110, stance=-1, opens="changed", recorded=235),
        SampleStatement(days=140, stance=-2, opens="changed", recorded=140),
    )
    return large(given_of(lane(said), 260, known=True), [], dates.wording())
