"""The page of a question: its form, chart, rows and files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.analysis.analyst import Preparing
from timeline.analysis.inquiry import Result
from timeline.domain.instants import iso_day
from timeline.parquet import is_installed
from web.analyse import figures, rows
from web.analyse.address import WINDOWS, AnalyseAddress
from web.analyse.asking import PAGE_PATIENCE, ask, choices, command_of, inquiry_of
from web.analyse.bands import matrix_lanes, position_lanes
from web.analyse.figures import NameLookup
from web.analyse.network import network
from web.analyse.over_time import agreement_lanes, change_columns, polarisation_lanes
from web.analyse.questions import QUESTION_TEXTS, QuestionText, summary
from web.i18n.translate import gettext, lazy_gettext, translator
from web.lanes.filters import Option, boxes
from web.shell.pagination import Part, cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from timeline.analysis.inquiry import Inquiry
    from web.analyse.drawing import Columns, Lanes, Network
    from web.analyse.rows import CellView, Column
    from web.entries.choosing import AddedName, Choices, Selection
    from web.wording.clocks import Clocks

PERIODS = {
    "month": lazy_gettext("by month"),
    "quarter": lazy_gettext("by quarter"),
    "year": lazy_gettext("by year"),
    "five-years": lazy_gettext("by five years"),
    "decade": lazy_gettext("by decade"),
    "century": lazy_gettext("by century"),
    "millennium": lazy_gettext("by millennium"),
}

ROWS = 60
"""The most rows of a page; files have all."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer: a chart, rows, and the question as SQL and as a command."""

    picture: Lanes | Network | Columns
    summary: str
    columns: tuple[Column, ...]
    rows: list[Sequence[CellView]]
    part: Part
    count: int
    sql: str
    command: str
    known_at: int


class AnalysePage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the template reads.

    There is an ``answer``, or it is still ``preparing``, or ``trouble`` says why there is none and
    what to do; ``is_possible`` if questions can be answered here at all.
    """

    address: AnalyseAddress
    offered: dict[str, QuestionText]
    text: QuestionText
    selection: Selection
    choices: Choices
    variables: list[tuple[str, list[Option]]]
    windows: tuple[int, ...]
    moment: list[str]
    added: AddedName | None
    answer: Answer | None
    preparing: Preparing | None
    trouble: tuple[str, str] | None
    is_possible: bool


def analyse_page(
    conn: Connection,
    address: AnalyseAddress,
    clocks: Clocks,
    selection: Selection,
    *,
    added: AddedName | None = None,
    trouble: tuple[str, str] | None = None,
) -> AnalysePage:
    """Read everything that the page shows; with ``trouble`` nothing is asked.

    Raises what `Analyst.ask` raises, and `Refused` for an invalid date.
    """
    inquiry = inquiry_of(address, selection, clocks) if trouble is None else None
    result = None
    if inquiry is not None and is_installed():
        result = ask(inquiry, clocks, PAGE_PATIENCE)
    return AnalysePage(
        address=address,
        offered=QUESTION_TEXTS,
        text=QUESTION_TEXTS[address.question],
        selection=selection,
        choices=choices(conn, selection),
        variables=boxes(
            conn, address.variable, {topic.id for topic in selection.all_topics} or None
        ),
        windows=tuple(sorted({*WINDOWS, address.window})),
        moment=_moment(address, clocks, result),
        added=added,
        answer=_answer(conn, address, inquiry, result)
        if inquiry and isinstance(result, Result)
        else None,
        preparing=result if isinstance(result, Preparing) else None,
        trouble=trouble,
        is_possible=is_installed(),
    )


def _answer(conn: Connection, address: AnalyseAddress, inquiry: Inquiry, result: Result) -> Answer:
    names = NameLookup(conn)
    shown, part = cut(result.answers, address.begin, ROWS, lambda skip: address.url(begin=skip))
    return Answer(
        picture=_picture(inquiry, result, names),
        summary=summary(inquiry.question, result, names),
        columns=rows.COLUMNS[inquiry.question],
        rows=rows.rows(inquiry.question, shown, names, as_of=address.as_of),
        part=part,
        count=len(result.answers),
        sql=result.sql,
        command=command_of(inquiry, result, address.as_of),
        known_at=result.known_at,
    )


def _picture(inquiry: Inquiry, result: Result, names: NameLookup) -> Lanes | Network | Columns:
    if inquiry.question == "polarisation":
        return polarisation_lanes(result, names, inquiry.topics)
    if inquiry.question == "agreement":
        return agreement_lanes(result, names)
    if inquiry.question == "matrix":
        return matrix_lanes(result, names)
    if inquiry.question == "positions":
        return position_lanes(result, names, inquiry.topics)
    return network(result, names) if inquiry.question == "networks" else change_columns(result)


def _moment(
    address: AnalyseAddress, clocks: Clocks, result: Result | Preparing | None
) -> list[str]:
    """Say for which moment, time and log position the answer holds."""
    words = []
    if "as_of" in address.takes:
        words.append(clocks.in_words(None)[0] if clocks.as_of is not None else gettext("as of now"))
    if not isinstance(result, Result):
        return words
    if result.days:
        ends = (iso_day(result.days[0].day), iso_day(result.days[-1].day))
        first, last = (figures.period(date, result.every) for date in ends)
        words.append(gettext("from %(first)s to %(last)s", first=first, last=last))
        words.append(str(PERIODS[result.every]))
    number = translator().figure(result.known_at)
    return [*words, gettext("known up to event %(n)s of the log", n=number)]
