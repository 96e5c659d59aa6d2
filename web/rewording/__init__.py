"""Two statements of one lane side by side, compared word by word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from web.entries.address import read_reference
from web.rewording.page import as_json, rewording_page
from web.shell.page_cache import cached
from web.shell.rendering import render_page, see_other
from web.shell.request import read_connection, this_request
from web.wording.clocks import read_clocks

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from web.rewording.page import RewordingPage

blueprint = Blueprint("rewording", __name__)


@blueprint.get("/s/<then>..<later>")
@cached
def show(then: str, later: str) -> Response:
    """Show two wordings, the earlier first."""
    page = _page(then, later)
    if f"/s/{then}..{later}" != page.pair.href:
        return see_other(page.clocks.at(page.pair.href))
    return render_page("rewording/page.html", page=page)


@blueprint.get("/s/<then>..<later>.json")
@cached
def data(then: str, later: str) -> Response:
    """Return two wordings as data."""
    return as_json(_page(then, later))


@blueprint.get("/s/words")
def choose() -> Response:
    """Redirect from two chosen statements to the page that compares them."""
    then, later = this_request().query.get("then", ""), this_request().query.get("later", "")
    numbers = [read_reference(reference)[0] for reference in (then, later)]
    dates = {
        name: this_request().query[name] for name in ("known_at",) if this_request().query.get(name)
    }
    clocks = read_clocks(read_connection(), dates)
    return see_other(clocks.at(f"/s/{numbers[0]}..{numbers[1]}"))


def _page(earlier: str, later: str) -> RewordingPage:
    conn = read_connection()
    clocks = read_clocks(conn, {"known_at": this_request().query.get("known_at", "")})
    return rewording_page(conn, read_reference(earlier)[0], read_reference(later)[0], clocks)
