"""Health checks: whether the process runs, and whether the site shows the whole log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, jsonify

from timeline.domain.errors import StandlineError
from timeline.domain.instants import iso_us
from web.shell.errors import tell_operator
from web.shell.request import read_connection, services

if TYPE_CHECKING:
    from flask import Response

blueprint = Blueprint("health", __name__)

UNAVAILABLE = 503


@blueprint.get("/healthz")
def alive() -> Response:
    """Answer that the process runs."""
    return jsonify(status="alive")


@blueprint.get("/readyz")
def ready() -> tuple[Response, int]:
    """Report the end of the log, the position of the read models, and the events they set aside.

    The site is not ready if the read models are behind, or if the disk of the log is full.
    A standby also reports when its last event was written.
    """
    read_connection()
    head, reached = services().log.head(), services().models.reached()
    behind = max(0, head - reached.position)
    report: dict[str, int | str] = {
        "head": head,
        "shown": reached.position,
        "behind": behind,
        "set_aside": reached.aside,
    }
    replayed = services().log.replayed_at()
    if replayed is not None:
        report["standby"] = iso_us(replayed)
    try:
        services().log.check_room()
    except StandlineError as error:
        tell_operator(error)
        report["disk"] = "full"
    return jsonify(report), UNAVAILABLE if behind or "disk" in report else 200
