"""The page that explains every mark and line of charts, with examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from web.how_to_read.page import how_to_read_page
from web.shell.page_cache import cached
from web.shell.rendering import render_page
from web.shell.request import read_connection

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

blueprint = Blueprint("how_to_read", __name__)


@blueprint.get("/how-to-read")
@cached
def show() -> Response:
    """Show what every mark and line means."""
    return render_page("how_to_read/page.html", page=how_to_read_page(read_connection()))
