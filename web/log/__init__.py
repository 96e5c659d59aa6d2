"""The event log: every event as recorded, rebuilds, and two moments side by side."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from flask import Blueprint, current_app, redirect, request

from timeline.domain.errors import Refused
from web.caching import cached
from web.log.diff import diff_page
from web.log.page import log_page
from web.log.rebuilding import Rebuilding
from web.record_access import record, services
from web.rendering import render_page

if TYPE_CHECKING:
    from flask.blueprints import BlueprintSetupState
    from werkzeug.wrappers import Response

blueprint = Blueprint("log", __name__)

SEE_OTHER = 303


@blueprint.record
def _set_up(state: BlueprintSetupState) -> None:
    state.app.extensions["rebuilding"] = Rebuilding()


def rebuilding() -> Rebuilding:
    """Return what is being rebuilt or compared, if anything is."""
    found: Rebuilding = current_app.extensions["rebuilding"]
    return found


@blueprint.get("/log")
def show() -> Response:
    """Show the latest events, or those before a position, of a type or by somebody."""
    args = request.args
    page = log_page(
        record(),
        services().log,
        before=_position(args.get("before", "")),
        at=_position(args.get("at", "")),
        type_=args.get("type", ""),
        by=args.get("by", ""),
        opened=frozenset(filter(None, (_position(one) for one in args.getlist("open")))),
    )
    return render_page("log/page.html", page=page, rebuild=rebuilding().status())


@blueprint.get("/log/rebuild")
def status() -> Response:
    """Show how far a rebuild is; the finished part no longer asks."""
    return render_page("log/status.html", block="status", rebuild=rebuilding().status())


@blueprint.post("/log/rebuild")
def rebuild() -> Response:
    """Rebuild the read models, or rebuild them aside and compare, while readers read on."""
    models = services().models
    work = models.check if request.form.get("check") else models.rebuild
    rebuilding().start(work, checking=bool(request.form.get("check")))
    if request.headers.get("HX-Request"):
        return status()
    return redirect("/log", SEE_OTHER)


@blueprint.get("/log/diff")
@cached
def diff() -> Response:
    """Compare a topic at two moments of one clock."""
    page = diff_page(record(), request.args, now=int(time.time()))
    return render_page("log/diff.html", page=page)


def _position(text: str) -> int | None:
    if not text:
        return None
    bare = text.removeprefix("@")
    if not bare.isdecimal() or len(bare) > 18:  # noqa: PLR2004 - a 64-bit number
        msg = f"{text!r} is not a log position"
        raise Refused(msg, field="position", fix="write a number, such as 1042")
    return int(bare)
