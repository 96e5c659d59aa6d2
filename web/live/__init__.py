"""Live: a connection on which the reader of a page hears that it has news."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint

from timeline.live.live import Limits, Live
from timeline.live.recent import HOME
from web.live.answer import ROOM, is_live, live_answer
from web.shell.parts import add_part, prepare

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response

blueprint = Blueprint("live", __name__)
blueprint.app_template_global("is_live")(is_live)
add_part(blueprint, "news", "live/news.html")


def begin(settings: Mapping[str, Any], kept: dict[str, Any]) -> None:
    """Begin to tell readers of what is recorded, where any may be told."""
    readers, at_address = settings["LIVE"]
    if readers:
        limits = Limits(readers=readers, at_address=at_address)
        live = kept[ROOM] = Live(kept["standline"].models, limits)
        kept["told"].append(live)


prepare(blueprint, begin)


@blueprint.get(f"/live/{HOME}")
def home() -> Response:
    """Tell of everything."""
    return live_answer(HOME)


@blueprint.get("/live/<any(t, a, story, s):kind>/<slug>")
def page(kind: str, slug: str) -> Response:
    """Tell of what concerns one topic, actor, story or entry."""
    return live_answer(f"{kind}/{slug}")
