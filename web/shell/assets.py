"""Style sheets, scripts and fonts: each keeps its address only as long as it keeps its content."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import request

from web.shell.bundles import bundle

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response

YEAR = 365 * 24 * 3600
BAD_STATUS = 400
NAMED = re.compile(r"-\d+\.\d+\.\d+\b")
"""A name with a version, as fonts and vendored scripts have: other content gets another name."""


def register(app: Flask) -> None:
    """Let browsers keep what cannot change under its address, and see at once what did change."""

    @app.url_defaults
    def version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and not NAMED.search(values["filename"]):
            values["v"] = _version(Path(str(app.static_folder)), values["filename"])

    @app.endpoint("static")
    def send(filename: str) -> Response:
        made = bundle(filename)
        if made is None:
            return app.send_static_file(filename)
        response = app.response_class(made.content, mimetype=made.mimetype)
        response.set_etag(made.digest)
        response.cache_control.public = True
        response.cache_control.max_age = app.get_send_file_max_age(filename)
        return response.make_conditional(request)

    @app.after_request
    def keep(response: Response) -> Response:
        named = NAMED.search(request.path) or "v" in request.args
        if request.endpoint == "static" and named and response.status_code < BAD_STATUS:
            response.cache_control.max_age = YEAR
            response.cache_control.immutable = True
        return response


def _version(folder: Path, name: str) -> str:
    made = bundle(name)
    file = folder / name
    return made.digest if made else _digest(file, file.stat().st_mtime_ns)


@lru_cache
def _digest(file: Path, _changed: int) -> str:
    """Return a mark of a file's content, read anew when the file has changed."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10]
