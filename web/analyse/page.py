"""The page of a question: how it is put together, drawn, told in rows, and taken along."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.analysis.analyst import Preparing
from timeline.analysis.inquiry import Found
from timeline.domain.instants import iso_day
from timeline.parquet import is_installed
from web.analyse import figures, rows
from web.analyse.address import WINDOWS, AnalyseAddress
from web.analyse.asking import PAGE_PATIENCE, Choices, ask, choices, command_of, inquiry_of
from web.analyse.drawing import Columns, Lanes, Network
from web.analyse.figures import Named
from web.analyse.moved import change_columns
from web.analyse.network import network
from web.analyse.over_time import agreement_lanes, polarisation_lanes
from web.analyse.questions import QUESTION_TEXTS, QuestionText
from web.analyse.standing import matrix_lanes, position_lanes
from web.analyse.summary import summary
from web.i18n.translate import gettext, lazy_gettext, translator
from web.lanes.filters import Option, boxes
from web.shell.pagination import Part, cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from timeline.analysis.inquiry import Inquiry
    from web.analyse.asking import Chosen
    from web.analyse.rows import CellView, Column
    from web.entries.adding import Added
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
"""Answers that a page tells in rows; the files have all."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came back: a picture, rows, and the question as SQL and as a command."""

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

    There is an ``answer``, or it is still ``preparing``, or ``trouble`` says in words why there is
    none, with the way on; ``is_possible`` tells whether questions can be answered here at all.
    """

    address: AnalyseAddress
    offered: dict[str, QuestionText]
    text: QuestionText
    picked: Chosen
    choices: Choices
    variables: list[tuple[str, list[Option]]]
    windows: tuple[int, ...]
    moment: list[str]
    added: Added | None
    answer: Answer | None
    preparing: Preparing | None
    trouble: tuple[str, str] | None
    is_possible: bool


def analyse_page(
    conn: Connection,
    address: AnalyseAddress,
    clocks: Clocks,
    picked: Chosen,
    *,
    added: Added | None = None,
    trouble: tuple[str, str] | None = None,
) -> AnalysePage:
    """Read everything that the page shows; with ``trouble`` nothing is asked.

    Raises what `Analyst.ask` raises, and `Refused` for what is no date.
    """
    inquiry = inquiry_of(address, picked, clocks) if trouble is None else None
    found = None
    if inquiry is not None and is_installed():
        found = ask(inquiry, clocks, PAGE_PATIENCE)
    return AnalysePage(
        address=address,
        offered=QUESTION_TEXTS,
        text=QUESTION_TEXTS[address.question],
        picked=picked,
        choices=choices(conn, picked),
        variables=boxes(conn, address.variable, {topic.id for topic in picked.asked} or None),
        windows=tuple(sorted({*WINDOWS, address.window})),
        moment=_moment(address, clocks, found),
        added=added,
        answer=_answer(conn, address, inquiry, found)
        if inquiry and isinstance(found, Found)
        else None,
        preparing=found if isinstance(found, Preparing) else None,
        trouble=trouble,
        is_possible=is_installed(),
    )


def _answer(conn: Connection, address: AnalyseAddress, inquiry: Inquiry, found: Found) -> Answer:
    named = Named(conn)
    shown, part = cut(found.answers, address.begin, ROWS, lambda skip: address.url(begin=skip))
    return Answer(
        picture=_picture(inquiry, found, named),
        summary=summary(inquiry.question, found, named),
        columns=rows.COLUMNS[inquiry.question],
        rows=rows.rows(inquiry.question, shown, named, as_of=address.as_of),
        part=part,
        count=len(found.answers),
        sql=found.sql,
        command=command_of(inquiry, found, address.as_of),
        known_at=found.known_at,
    )


def _picture(inquiry: Inquiry, found: Found, named: Named) -> Lanes | Network | Columns:
    if inquiry.question == "polarisation":
        return polarisation_lanes(found, named, inquiry.topics)
    if inquiry.question == "agreement":
        return agreement_lanes(found, named)
    if inquiry.question == "matrix":
        return matrix_lanes(found, named)
    if inquiry.question == "positions":
        return position_lanes(found, named, inquiry.topics)
    return network(found, named) if inquiry.question == "networks" else change_columns(found)


def _moment(address: AnalyseAddress, clocks: Clocks, found: Found | Preparing | None) -> list[str]:
    """Say for which moment the answer is: as of when, over which time, known up to where."""
    told = []
    if "as_of" in address.takes:
        told.append(clocks.in_words(None)[0] if clocks.as_of is not None else gettext("as of now"))
    if not isinstance(found, Found):
        return told
    if found.days:
        ends = (iso_day(found.days[0].day), iso_day(found.days[-1].day))
        first, last = (figures.period(one, found.every) for one in ends)
        told.append(gettext("from %(first)s to %(last)s", first=first, last=last))
        told.append(str(PERIODS[found.every]))
    number = translator().figure(found.known_at)
    return [*told, gettext("known up to event %(n)s of the log", n=number)]
