"""The keyboard: what each key does, for who asks with a question mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from web.shell.rendering import render_page

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

blueprint = Blueprint("keyboard", __name__)


@blueprint.get("/keys")
def show() -> Response:
    """Show what each key does."""
    return render_page("keyboard/page.html")
