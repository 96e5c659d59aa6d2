"""The coverage of a topic: where was watched for what is said on it, and when nobody watched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from web.coverage.data import as_json
from web.coverage.page import coverage_page
from web.shell.page_cache import cached
from web.shell.rendering import render_page
from web.shell.request import read_connection, this_request

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from web.coverage.page import CoveragePage

blueprint = Blueprint("coverage", __name__)


@blueprint.get("/t/<slug>/coverage")
@cached
def show(slug: str) -> Response:
    """Show where was watched, and when nobody watched."""
    return render_page("coverage/page.html", page=_page(slug))


@blueprint.get("/t/<slug>/coverage.json")
@cached
def data(slug: str) -> Response:
    """Give the same as data."""
    return as_json(_page(slug))


def _page(slug: str) -> CoveragePage:
    request = this_request()
    return coverage_page(read_connection(), slug, request.query, request.now)
