"""Search: who, which questions and which words are meant by what is typed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Blueprint

from web.search.page import GROUPS, search_page
from web.shell.rendering import render_page, wanted_part
from web.shell.request import read_connection, this_request

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

blueprint = Blueprint("search", __name__)

LONGEST = 200
PLACE = re.compile(r"[0-9]{1,7}")
"""How many hits of a group a page leaves out."""

BOX = "hits"
"""The list under the search field of every page, which htmx fills as one types."""


@blueprint.get("/search")
def show() -> Response:
    """Show what is found: as a page, or as the list under the field."""
    typed = " ".join(this_request().query.get("q", "").split())[:LONGEST]
    in_box = wanted_part() == BOX
    group, skip = this_request().query.get("in", ""), this_request().query.get("from", "")
    if in_box or group not in GROUPS:
        page = search_page(read_connection(), typed, brief=in_box)
    else:
        after = int(skip) if PLACE.fullmatch(skip) else 0
        page = search_page(read_connection(), typed, brief=False, group=group, skip=after)
    return render_page("search/page.html", block=BOX if in_box else "view", page=page)
