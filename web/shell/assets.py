"""Style sheets, scripts and fonts: each keeps its address only as long as it keeps its content."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import request
from werkzeug.security import safe_join

from web.shell.bundles import PACKERS, Bundle, bundle, compressed

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response

YEAR = 365 * 24 * 3600
BAD_STATUS = 400
VENDORED = {".js": "text/javascript", ".svg": "image/svg+xml"}
"""Files in the folder that compression makes shorter; fonts are compressed in themselves."""

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
        made = bundle(filename) or _vendored(Path(str(app.static_folder)), filename)
        if made is None:
            return app.send_static_file(filename)
        coding = request.accept_encodings.best_match(PACKERS)
        packed = compressed(made.content, coding) if coding else None
        response = app.response_class(packed or made.content, mimetype=made.mimetype)
        if packed:
            response.headers["Content-Encoding"] = coding
        response.set_etag(f"{made.digest}:{coding}" if packed else made.digest)
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


def _vendored(folder: Path, name: str) -> Bundle | None:
    """Return a script or picture of the folder, read anew when it has changed."""
    place = safe_join(str(folder), name)
    file = Path(place or folder)
    if file.suffix not in VENDORED or not file.is_file():
        return None
    return _read(file, file.stat().st_mtime_ns)


@lru_cache
def _read(file: Path, _changed: int) -> Bundle:
    content = file.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:10]
    return Bundle(content, digest, VENDORED[file.suffix])


def _version(folder: Path, name: str) -> str:
    made = bundle(name)
    file = folder / name
    return made.digest if made else _digest(file, file.stat().st_mtime_ns)


@lru_cache
def _digest(file: Path, _changed: int) -> str:
    """Return a mark of a file's content, read anew when the file has changed."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10]
