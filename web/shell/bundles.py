"""Style sheets and scripts: many source files, sent to browsers in a few minified bundles.

Each bundle is served under its name as if it were in `web/static`. A page with its own sheet adds a
file in the folder of its room, and a line here.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import brotli
import msgspec
from flask import request
from rcssmin import cssmin
from rjsmin import jsmin
from werkzeug.security import safe_join

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from werkzeug.wrappers import Response

SOURCES = Path(__file__).parents[1]

STYLES = {
    "app.css": (
        "shell/fonts",
        "shell/tokens",
        "shell/elements",
        "entries/marks",
        "entries/stances",
        "entries/adding",
        "shell/controls",
        "shell/masthead",
        "shell/search-box",
        "shell/menus",
        "shell/page-head",
        "topic/columns",
        "topic/turning",
        "topic/answer",
        "lanes/since",
        "lanes/filters",
        "chart/frame",
        "chart/lanes",
        "chart/shapes",
        "chart/marks",
        "chart/sparklines",
        "chart/single",
        "chart/legend",
        "topic/proof",
        "topic/track",
        "entries/quotes",
        "topic/replay",
        "topic/overview",
        "shell/tables",
        "entries/timeline",
        "entries/entry",
        "shell/side",
        "shell/footer",
        "shell/sections",
        "lanes/sentences",
        "shell/copying",
        "corrections/corrections",
        "keyboard/keyboard",
        "search/search",
        "actor/actor",
        "statement/statement",
        "statement/around",
        "statement/sources",
        "chart/sizes",
        "topic/why",
        "shell/notices",
        "shell/live",
        "media/forced-colours",
        "media/print",
    ),
    "home.css": ("home/head", "home/example", "home/stories", "home/questions"),
    "how-to-read.css": ("how_to_read/guide",),
    "story.css": ("story/bars", "story/months", "story/changes", "story/narrow"),
    "log.css": ("log/status", "log/events", "log/compare", "log/scatter"),
    "record.css": (
        "record/page",
        "record/bench",
        "record/fields",
        "record/combo",
        "record/scale",
        "record/choices",
        "record/twins",
        "record/stances",
        "record/preview",
        "record/drafts",
        "record/inbox",
        "record/codebook",
        "record/second-coding",
        "record/signing",
    ),
    "compare.css": (
        "compare/form",
        "compare/table",
        "compare/words",
        "compare/marks",
        "compare/matrix",
        "compare/narrow",
    ),
    "analyse.css": ("analyse/form", "analyse/picture", "analyse/take"),
    "codebook.css": ("codebook/parts", "codebook/page"),
    "coverage.css": ("coverage/page",),
    "api.css": ("api/operations",),
    "rewording.css": ("rewording/words", "rewording/page"),
    "proof.css": ("proof/proof",),
    "account.css": ("account/account",),
    "embed.css": ("embed/frame",),
    "picture.css": ("picture/picture",),
}
"""The files of each style sheet in `web/styles`; later rules override earlier ones."""

SCRIPTS = {
    "app.js": (
        "site",
        "marks",
        "card",
        "why",
        "paper",
        "search",
        "copying",
        "swaps",
        "slider",
        "brush",
        "steps",
        "requests",
        "keys",
        "live",
    ),
    "record.js": (
        "record/combobox",
        "record/bench",
        "record/inbox",
        "record/keyed",
        "record/passage",
        "record/mending",
        "record/sent",
        "record/signing",
        "record/tabs",
    ),
    "bookmarklet.js": ("record/bookmarklet",),
}
"""The files of each script in `web/scripts`; a file uses what earlier ones put in `site`."""


class Bundle(msgspec.Struct, frozen=True):
    """The content of a bundle, and its digest."""

    content: bytes
    digest: str
    mimetype: str


def sources(name: str) -> tuple[Path, ...]:
    """Return the files of a bundle in order, none for an unknown name.

    Files of rooms that are not installed are left out.
    """
    sheets = _files(SOURCES, "styles", STYLES.get(name, ()), ".css")
    return sheets + _files(SOURCES, "scripts", SCRIPTS.get(name, ()), ".js")


@lru_cache
def _files(folder: Path, kind: str, names: tuple[str, ...], suffix: str) -> tuple[Path, ...]:
    files = (folder / kind / f"{name}{suffix}" for name in names)
    return tuple(file for file in files if file.is_file())


def bundle(name: str) -> Bundle | None:
    """Return a bundle, made anew when one of its files has changed."""
    files = sources(name)
    return _made(files, tuple(file.stat().st_mtime_ns for file in files)) if files else None


@lru_cache
def _made(files: tuple[Path, ...], _changed: tuple[int, ...]) -> Bundle:
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    minify, mimetype = _KINDS[files[0].suffix]
    content = minify(text).encode()
    digest = hashlib.sha256(content).hexdigest()[:10]
    return Bundle(content, digest, mimetype)


@lru_cache
def compressed(content: bytes, coding: str) -> bytes | None:
    """Return compressed bytes, the same in every run; ``None`` if they are not shorter.

    The strongest compression is used, once: brotli takes 80 ms for a sheet.
    """
    packed = PACKERS[coding](content)
    return packed if len(packed) < len(content) else None


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.compress,
    "gzip": lambda content: gzip.compress(content, mtime=0),
}
"""The compressor of each coding, the best first (docs/adr/0011)."""

_KINDS: dict[str, tuple[Callable[[str], str], str]] = {
    ".css": (cssmin, "text/css"),
    ".js": (jsmin, "text/javascript"),
}


YEAR = 365 * 24 * 3600
BAD_STATUS = 400
VENDORED = {".js": "text/javascript", ".svg": "image/svg+xml"}
"""Files in the folder that compression makes shorter; fonts are compressed in themselves."""

NAMED = re.compile(r"-\d+\.\d+\.\d+\b")
"""A name with a version, as of fonts and vendored scripts, whose content never changes."""


def register(app: Flask) -> None:
    """Let browsers cache files with a version for ever, and check others each time."""

    @app.url_defaults
    def version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and not NAMED.search(values["filename"]):
            values["v"] = _version(Path(str(app.static_folder)), values["filename"])

    @app.endpoint("static")
    def send(filename: str) -> Response:
        content = bundle(filename) or _vendored(Path(str(app.static_folder)), filename)
        if content is None:
            return app.send_static_file(filename)
        coding = request.accept_encodings.best_match(PACKERS)
        packed = compressed(content.content, coding) if coding else None
        response = app.response_class(packed or content.content, mimetype=content.mimetype)
        if packed:
            response.headers["Content-Encoding"] = coding
        response.set_etag(f"{content.digest}:{coding}" if packed else content.digest)
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
    """Return a file of the folder, read anew when it has changed."""
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
    content = bundle(name)
    file = folder / name
    return content.digest if content else _digest(file, file.stat().st_mtime_ns)


@lru_cache
def _digest(file: Path, _changed: int) -> str:
    """Return a hash of a file's content, computed anew when it has changed."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10]
