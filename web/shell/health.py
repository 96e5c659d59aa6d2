"""Whether the site is alive, and whether it shows what the log holds."""

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
    """Say that the process answers."""
    return jsonify(status="alive")


@blueprint.get("/readyz")
def ready() -> tuple[Response, int]:
    """Say whether the store answers, how far its read models are and what they had to set aside.

    It is not ready where the disk of the log takes nothing more. Of a standby it says when what it
    has last was written: all else is about what it has.
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
