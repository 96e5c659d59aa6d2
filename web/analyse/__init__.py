"""Questions that gather all of the record: drawn, in rows, and with the SQL to take along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from timeline.analysis.analyst import Preparing
from timeline.domain.errors import Busy, Refused, StandlineError
from timeline.domain.messages import Message
from timeline.parquet import ANALYSIS_NEEDS_EXTRA, is_installed
from web.analyse.address import read_address
from web.analyse.asking import FILE_PATIENCE, ask, chosen, inquiry_of
from web.analyse.data import as_file
from web.analyse.page import analyse_page
from web.entries.adding import settle
from web.lanes.asked_dates import answer_page, read_asked_dates
from web.shell.errors import describe, status_of
from web.shell.page_cache import cached
from web.shell.parts import add_part
from web.shell.rendering import see_other, wants_fragment
from web.shell.request import read_connection, this_request
from web.shell.slots import costly
from web.wording.clocks import read_clocks

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from werkzeug.wrappers import Response

    from web.analyse.address import AnalyseAddress
    from web.analyse.asking import Chosen
    from web.entries.adding import Added
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
    """Answer a question; a name that is added is answered with the address that has it."""
    conn = read_connection()
    asked = read_asked_dates(conn, this_request().query, ("from", "to", "as_of", "known_at"))
    address = read_address(asked.query)
    elsewhere, added = settle(conn, address, stays=bool(asked.unread))
    if elsewhere:
        return see_other(elsewhere)
    picked = chosen(conn, address)
    clocks = read_clocks(conn, {"as_of": address.as_of, "known_at": address.known_at})
    return _page(conn, address, clocks, picked, added, asked)


def _page(
    conn: Connection,
    address: AnalyseAddress,
    clocks: Clocks,
    picked: Chosen,
    added: Added | None,
    asked: AskedDates,
) -> Response:
    status = 200
    try:
        page = analyse_page(conn, address, clocks, picked, added=added)
    except StandlineError as error:
        # A part is put into the page only where it says that this is what was asked for.
        told, status = describe(error), UNPROCESSABLE if wants_fragment() else status_of(error)
        page = analyse_page(conn, address, clocks, picked, added=added, trouble=told)
    answer = answer_page("analyse/page.html", asked, page=page)
    if not asked.unread:
        answer.status_code = PREPARING if page.preparing else status
    return answer


@blueprint.get("/analyse.<any(json, csv, parquet, sql):form>")
@cached
@costly
def data(form: str) -> Response:
    """Give an answer as a file, or the question as SQL."""
    if not is_installed():
        raise Refused(ANALYSIS_NEEDS_EXTRA)
    conn, address = read_connection(), read_address(this_request().query)
    clocks = read_clocks(conn, {"as_of": address.as_of, "known_at": address.known_at})
    inquiry = inquiry_of(address, chosen(conn, address), clocks)
    found = ask(inquiry, clocks, FILE_PATIENCE)
    if isinstance(found, Preparing):
        raise Busy(STILL_COUNTED)
    return as_file(form, inquiry, found)
