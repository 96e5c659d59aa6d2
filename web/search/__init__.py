"""Search for actors, questions and entries."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Blueprint

from timeline.projections.queries import entries
from web.search.narrowing import SearchAddress, read_address
from web.search.page import search_page
from web.shell.rendering import render_page, see_other, wanted_part
from web.shell.request import read_connection, this_request
from web.shell.slots import costly

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from werkzeug.wrappers import Response

blueprint = Blueprint("search", __name__)

NUMBER = re.compile(r"(#?)([0-9]{1,12})")
"""The number of an entry, as pages write it."""

YEARS = range(1000, 2200)
"""Numbers that mean a year, unless # stands before them."""

BOX = "hits"
"""The list under the search field of every page, which htmx fills while somebody types."""


@blueprint.get("/search")
@costly
def show() -> Response:
    """Show the results: as a page, or as the list under the field."""
    address = read_address(this_request().query)
    conn, in_box = read_connection(), wanted_part() == BOX
    number = 0 if in_box else _entry_meant(conn, address.typed)
    if number:
        return see_other(f"/s/{number}")
    page = search_page(conn, SearchAddress(address.typed) if in_box else address, brief=in_box)
    return render_page("search/page.html", block=BOX if in_box else "view", page=page)


def _entry_meant(conn: Connection, typed: str) -> int:
    """Return the number of an entry that is typed like "#5391" or "5391", else 0."""
    match = NUMBER.fullmatch(typed)
    if match is None or (not match[1] and int(match[2]) in YEARS):
        return 0
    number = int(match[2])
    is_known = entries.statements(conn, [number]) or entries.developments(conn, [number])
    return number if is_known else 0
