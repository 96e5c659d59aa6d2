"""One entry: its words, how it came about, what it is connected to, and how to cite it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from web.entries.address import fixed_at
from web.shell.page_cache import cached
from web.shell.rendering import render_page
from web.shell.request import read_connection, services, this_request
from web.statement.framed import frame_of
from web.statement.page import statement_page

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

blueprint = Blueprint("statement", __name__)


@blueprint.get("/s/<reference>")
@cached
def show(reference: str) -> Response:
    """Show an entry as it is now, or with ``@<position>`` as it was then."""
    number, known_at = fixed_at(reference)
    now = this_request().now
    page = statement_page(
        read_connection(), services().log, number, known_at, this_request().host, now
    )
    template = "statement/page.html" if page.entry.is_statement else "statement/development.html"
    return render_page(template, page=page, frame=frame_of(this_request().host, page))
