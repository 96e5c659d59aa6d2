"""What the two clocks of an address are called: an address with other names leads to the right."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from flask import request

from web.shell.addresses import is_for_programs
from web.shell.rendering import moved

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response

ON_PAGES = {"as_of": "asof", "known_at": "known"}
FOR_PROGRAMS = {page: program for program, page in ON_PAGES.items()}


def register(app: Flask) -> None:
    """Lead every address that calls a clock by its other name to the right one."""
    app.before_request(_lead_on)


def _lead_on() -> Response | None:
    names = FOR_PROGRAMS if is_for_programs(request.path) else ON_PAGES
    if request.method not in ("GET", "HEAD") or names.keys().isdisjoint(request.args):
        return None
    asked = request.args.items(multi=True)
    renamed = [(names.get(name, name), text) for name, text in asked]
    return moved(f"{quote(request.path)}?{urlencode(renamed, safe='@:,/')}")
