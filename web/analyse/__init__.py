"""Questions over the whole record: answered as a chart, as rows, and as SQL."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from flask import Blueprint

from timeline.analysis.analyst import Preparing
from timeline.analysis.answers import ANSWERS
from timeline.analysis.duck import write_answers
from timeline.domain.errors import Busy, Refused, StandlineError
from timeline.domain.messages import Message
from timeline.domain.position.edition2 import RULE
from timeline.interchange.formats.guarded import guard_cell
from timeline.parquet import ANALYSIS_NEEDS_EXTRA, is_installed
from web.analyse.address import read_address
from web.analyse.asking import FILE_PATIENCE, ask, checked_selection, inquiry_of
from web.analyse.page import analyse_page
from web.entries.choosing import resolve_added_name
from web.lanes.asked_dates import answer_page, read_asked_dates
from web.shell.data_answer import data_answer, json_object
from web.shell.errors import describe, status_of
from web.shell.page_cache import cached
from web.shell.parts import add_part
from web.shell.rendering import see_other, wants_fragment
from web.shell.request import read_connection, this_request
from web.shell.slots import costly
from web.wording.clocks import read_clocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection
    from werkzeug.wrappers import Response

    from timeline.analysis.inquiry import Inquiry, Result
    from web.analyse.address import AnalyseAddress
    from web.entries.choosing import AddedName, Selection
    from web.lanes.asked_dates import AskedDates
    from web.wording.clocks import Clocks

blueprint = Blueprint("analyse", __name__)
add_part(blueprint, "footer", "analyse/footer.html")
add_part(blueprint, "topic.actions", "analyse/topic_action.html")

STILL_COUNTED = Message("still_counted", "this is still being counted", fix="ask again in a moment")

PREPARING, UNPROCESSABLE = 202, 422


@blueprint.get("/analyse")
@cached
@costly
def show() -> Response:
    """Answer a question; redirect if a typed name was added."""
    conn = read_connection()
    dates = read_asked_dates(conn, this_request().query, ("from", "to", "as_of", "known_at"))
    address = read_address(dates.query)
    elsewhere, added = resolve_added_name(conn, address, stays=bool(dates.unread))
    if elsewhere:
        return see_other(elsewhere)
    selection = checked_selection(conn, address)
    clocks = read_clocks(conn, {"as_of": address.as_of, "known_at": address.known_at})
    return _page(conn, address, clocks, selection, added, dates)


def _page(
    conn: Connection,
    address: AnalyseAddress,
    clocks: Clocks,
    selection: Selection,
    added: AddedName | None,
    dates: AskedDates,
) -> Response:
    status = 200
    try:
        page = analyse_page(conn, address, clocks, selection, added=added)
    except StandlineError as error:
        # htmx swaps in a fragment with an error only if it has this status.
        trouble, status = describe(error), UNPROCESSABLE if wants_fragment() else status_of(error)
        page = analyse_page(conn, address, clocks, selection, added=added, trouble=trouble)
    answer = answer_page("analyse/page.html", dates, page=page)
    if not dates.unread:
        answer.status_code = PREPARING if page.preparing else status
    return answer


@blueprint.get("/analyse.<any(json, csv, parquet, sql):form>")
@cached
@costly
def data(form: str) -> Response:
    """Return an answer as a file, or the question as SQL."""
    if not is_installed():
        raise Refused(ANALYSIS_NEEDS_EXTRA)
    conn, address = read_connection(), read_address(this_request().query)
    clocks = read_clocks(conn, {"as_of": address.as_of, "known_at": address.known_at})
    inquiry = inquiry_of(address, checked_selection(conn, address), clocks)
    result = ask(inquiry, clocks, FILE_PATIENCE)
    if isinstance(result, Preparing):
        raise Busy(STILL_COUNTED)
    return as_file(form, inquiry, result)


PIECE = 1 << 16


def as_file(form: str, inquiry: Inquiry, result: Result) -> Response:
    """Return an answer as a file of a format."""
    name = inquiry.question
    if form == "json":
        return data_answer(_json(inquiry, result), "application/json")
    if form == "csv":
        return data_answer(_csv(name, result), "text/csv", file_name=f"{name}.csv")
    if form == "sql":
        return data_answer(result.sql, "text/plain", file_name=f"{name}.sql")
    pieces = _parquet(name, result)
    return data_answer(pieces, "application/vnd.apache.parquet", file_name=f"{name}.parquet")


def _json(inquiry: Inquiry, result: Result) -> Iterator[bytes]:
    inquiry_fields = {name: value for name, value in msgspec.to_builtins(inquiry).items() if value}
    head = {
        "asked": inquiry_fields | {"every": result.every},
        "known_at": result.known_at,
        "rule": RULE,
    }
    return json_object(head, {"answers": lambda: result.answers})


def _csv(name: str, result: Result) -> Iterator[str]:
    columns = [field.encode_name for field in msgspec.structs.fields(ANSWERS[name])]
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, columns, lineterminator="\r\n")
    table.writeheader()
    for answer in result.answers:
        yield text.getvalue()
        text.seek(0)
        text.truncate()
        row = msgspec.to_builtins(answer)
        table.writerow({column: guard_cell(_cell(row[column])) for column in columns})
    yield text.getvalue()


def _cell(value: Any) -> Any:  # noqa: ANN401 - any field of an answer
    """Return a list of statement numbers as one text, and a structure as JSON."""
    if isinstance(value, list | tuple):
        return ";".join(map(str, value))
    return msgspec.json.encode(value).decode() if isinstance(value, dict) else value


def _parquet(name: str, result: Result) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory(prefix="standline-") as folder:
        place = Path(folder) / "answers.parquet"
        write_answers(place, ANSWERS[name], result.answers)
        with place.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece
