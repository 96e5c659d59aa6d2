"""How the reader wants the site to look and speak, kept in cookies."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Blueprint, request

from web.shell.addresses import address_here, host_of, in_language
from web.shell.cookies import keep_cookie
from web.shell.reader_choices import CHOICES
from web.shell.rendering import see_other

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

blueprint = Blueprint("preferences", __name__)


@blueprint.post("/prefs")
def choose() -> Response:
    """Remember the reader's choices and go back to the page, whose address chooses no more."""
    here = address_here(_came_from() or request.form.get("next", "/"))
    response = see_other(in_language(here))
    for name, allowed in CHOICES.items():
        value = request.form.get(name, "")
        if value in allowed:
            keep_cookie(response, name, value)
    return response


def _came_from() -> str:
    """Return the page as the reader last saw it, steps that htmx made since included."""
    referrer = request.referrer or ""
    if host_of(referrer) != request.host:
        return ""
    parts = urlsplit(referrer)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
