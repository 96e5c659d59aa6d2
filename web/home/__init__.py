"""Home: what changed lately, which questions there are, and who stands where."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from flask import Blueprint, request

from timeline.domain.errors import Refused
from web.caching import cached
from web.home.page import SORTS, home_page
from web.record_access import record
from web.rendering import render_page

if TYPE_CHECKING:
    from flask import Response

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@cached
def show() -> Response:
    """Show the front page."""
    sort = request.args.get("sort", SORTS[0])
    if sort not in SORTS:
        msg = f"{sort!r} is not an order of topics"
        raise Refused(msg, field="sort", fix="use one of: " + ", ".join(SORTS))
    page = home_page(record(), sort=sort, now=int(time.time()), host=request.host_url)
    return render_page("home/page.html", page=page)
