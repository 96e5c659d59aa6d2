"""Whether the site is alive, and whether it shows what the log holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, jsonify

from web.record_access import record, services

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
    """Say whether the store answers and how far its read models are."""
    record()
    head, shown = services().log.head(), services().models.shown()
    behind = max(0, head - shown)
    return jsonify(head=head, shown=shown, behind=behind), UNAVAILABLE if behind else 200
