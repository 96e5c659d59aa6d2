"""Comparisons and matrices: actors against questions or moments, each cell with its proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from flask import Blueprint
from werkzeug.datastructures import MultiDict

from web.compare.address import read_address, read_matrix_address, typed_moments
from web.compare.data import Cells, as_csv, as_json, matrix_as_csv, matrix_as_json
from web.compare.grid import read_comparison, read_matrix
from web.compare.page import compare_page
from web.compare.tables import matrix_page
from web.entries.choosing import resolve_added_name
from web.lanes.asked_dates import answer_page, read_asked_dates, read_each
from web.shell.page_cache import cached
from web.shell.rendering import see_other
from web.shell.request import read_connection, this_request
from web.shell.slots import costly
from web.wording.clocks import read_clocks

if TYPE_CHECKING:
    from werkzeug.wrappers import Response


blueprint = Blueprint("compare", __name__)


@blueprint.get("/compare")
@cached
@costly
def show() -> Response:
    """Compare the chosen actors; redirect if a typed name was added."""
    conn = read_connection()
    query = MultiDict(this_request().query)
    stay = {"as_of": query.pop("stay", "")}
    dates = read_asked_dates(conn, query, ("as_of", "known_at"), stay)
    address = read_address(dates.query)
    elsewhere, added = resolve_added_name(conn, address, stays=bool(dates.unread))
    if elsewhere:
        return see_other(elsewhere)
    clocks = read_clocks(conn, dates.query)
    selection = read_comparison(conn, address, clocks.known_at)
    if selection.is_usual:
        address = msgspec.structs.replace(
            address, actor=tuple(actor.slug for actor in selection.actors)
        )
    page = compare_page(conn, address, clocks, selection, added, now=this_request().now)
    return answer_page("compare/page.html", dates, page=page)


@blueprint.get("/compare.<any(json, csv):form>")
@cached
@costly
def data(form: str) -> Response:
    """Return a comparison with all questions as JSON or CSV."""
    conn, address = read_connection(), read_address(this_request().query)
    clocks = read_clocks(conn, this_request().query)
    selection = read_comparison(conn, address, clocks.known_at)
    cells = Cells(conn, selection, clocks)
    return as_json(cells, selection, clocks) if form == "json" else as_csv(cells)


@blueprint.get("/matrix")
@cached
@costly
def matrix() -> Response:
    """Show a matrix; redirect if a typed name was added."""
    conn = read_connection()
    dates = read_asked_dates(conn, this_request().query, ("known_at",))
    at, unread = read_each(conn, "at", typed_moments(dates.query))
    if unread:
        dates.unread["at"] = unread
        dates.query.setlist("at", at)
    address = read_matrix_address(dates.query)
    elsewhere, added = resolve_added_name(conn, address, stays=bool(dates.unread))
    if elsewhere:
        return see_other(elsewhere)
    clocks = read_clocks(conn, {"known_at": address.known_at})
    reading = read_matrix(conn, address, clocks)
    page = matrix_page(conn, address, clocks, reading, added, now=this_request().now)
    return answer_page("compare/matrix.html", dates, page=page)


@blueprint.get("/matrix.<any(json, csv):form>")
@cached
@costly
def matrix_data(form: str) -> Response:
    """Return a whole matrix as JSON or CSV; ``layout=wide`` has a column for each moment."""
    conn, address = read_connection(), read_matrix_address(this_request().query)
    clocks = read_clocks(conn, {"known_at": address.known_at})
    matrix = read_matrix(conn, address, clocks).matrix
    if form == "json":
        return matrix_as_json(conn, matrix)
    is_wide = this_request().query.get("layout") == "wide"
    return matrix_as_csv(conn, matrix, is_wide=is_wide)
