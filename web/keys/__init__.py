"""The keyboard: what each key does, for who asks with a question mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from web.rendering import render_page

if TYPE_CHECKING:
    from flask import Response

blueprint = Blueprint("keys", __name__)


@blueprint.get("/keys")
def show() -> Response:
    """Show what each key does."""
    return render_page("keys/page.html")
