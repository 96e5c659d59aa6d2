"""What the two clocks were called in addresses of pages: such an address leads to the right one."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlencode

from flask import request

from web.shell.rendering import moved

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response

NAMES = {"asof": "as_of", "known": "known_at"}


def register(app: Flask) -> None:
    """Lead every address that calls a clock by its old name to the right one, for good."""
    app.before_request(_lead_on)


def _lead_on() -> Response | None:
    if request.method not in ("GET", "HEAD") or NAMES.keys().isdisjoint(request.args):
        return None
    asked = parse_qsl(request.query_string.decode(errors="replace"), keep_blank_values=True)
    renamed = [(NAMES.get(name, name), text) for name, text in asked]
    return moved(f"{quote(request.path, safe='/@:,')}?{urlencode(renamed, safe='@:,/')}")
