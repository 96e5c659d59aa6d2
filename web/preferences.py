"""How the reader wants the site to look and speak, kept in cookies."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Blueprint, current_app, redirect, request

from web.framing import CHOICES
from web.rendering import render_page

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

blueprint = Blueprint("preferences", __name__)

YEAR = 365 * 24 * 3600
SEE_OTHER = 303


@blueprint.record
def _readers_may(state: object) -> None:
    """Let readers choose on a read-only server too: nothing is recorded by it."""
    app = getattr(state, "app")  # noqa: B009 - Flask passes its own setup state
    app.config["FOR_READERS"].add("preferences.choose")


@blueprint.post("/prefs")
def choose() -> Response:
    """Remember the reader's choices and go back to the page."""
    response = redirect(_here(_came_from() or request.form.get("next", "/")), SEE_OTHER)
    for name, allowed in CHOICES.items():
        value = request.form.get(name, "")
        if value in allowed:
            response.set_cookie(
                name,
                value,
                max_age=YEAR,
                samesite="Lax",
                httponly=True,
                secure=not current_app.debug and request.is_secure,
            )
    return response


@blueprint.get("/keys")
def keys() -> Response:
    """List what each key does."""
    return render_page("keyboard.html")


def _came_from() -> str:
    """Return the page as the reader last saw it, steps that htmx made since included."""
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host:
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _here(target: str) -> str:
    """Return the page to go back to, if it is one of this site."""
    parts = urlsplit(target)
    local = target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if local and not parts.scheme and not parts.netloc else "/"
