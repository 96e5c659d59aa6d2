"""Live: a connection on which the reader of a page hears that it has news."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from timeline.live.recent import HOME
from web.shell.live_answer import live_answer

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

blueprint = Blueprint("live", __name__)


@blueprint.get(f"/live/{HOME}")
def home() -> Response:
    """Tell of everything."""
    return live_answer(HOME)


@blueprint.get("/live/<any(t, a, story, s):kind>/<slug>")
def page(kind: str, slug: str) -> Response:
    """Tell of what concerns one topic, actor, story or entry."""
    return live_answer(f"{kind}/{slug}")
