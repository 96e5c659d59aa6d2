"""The codebook of a topic: by which rules statements on it are coded, in every version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from web.codebook.data import as_json
from web.codebook.page import codebook_page
from web.shell.page_cache import cached
from web.shell.rendering import render_page
from web.shell.request import read_connection, this_request

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from web.codebook.page import CodebookPage

blueprint = Blueprint("codebook", __name__)


@blueprint.get("/t/<slug>/codebook")
@cached
def show(slug: str) -> Response:
    """Show the latest version, or the ``version`` that is asked for, and what each changed."""
    return render_page("codebook/page.html", page=_page(slug))


@blueprint.get("/t/<slug>/codebook.json")
@cached
def data(slug: str) -> Response:
    """Give every version as data."""
    return as_json(_page(slug))


def _page(slug: str) -> CodebookPage:
    return codebook_page(read_connection(), slug, this_request().query)
