"""Whether the site is alive, and whether it shows what the log holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, jsonify

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
    """Say whether the store answers, how far its read models are and what they had to set aside."""
    read_connection()
    head, reached = services().log.head(), services().models.reached()
    behind = max(0, head - reached.position)
    told = {"head": head, "shown": reached.position, "behind": behind, "set_aside": reached.aside}
    return jsonify(told), UNAVAILABLE if behind else 200
