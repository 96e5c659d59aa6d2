"""Style sheets and scripts: written in many files for people, sent in a few small ones to browsers.

Each bundle is served under its name as if it lay in `web/static`, minified. A page that needs a
sheet of its own adds a file in the folder of its room and a line here.
"""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import brotli
import msgspec
from rcssmin import cssmin
from rjsmin import jsmin

if TYPE_CHECKING:
    from collections.abc import Callable

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
"""The files of each style sheet below `web/styles`; of two rules alike in weight the later wins."""

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
"""The files of each script below `web/scripts`; a file uses what those before it put in `site`."""


class Bundle(msgspec.Struct, frozen=True):
    """What is sent under one name; ``digest`` changes with every byte of it."""

    content: bytes
    digest: str
    mimetype: str


def sources(name: str) -> tuple[Path, ...]:
    """Return the files of a bundle in their order, none for what is no bundle.

    Those of a room that is out are not there.
    """
    sheets = _files(SOURCES, "styles", STYLES.get(name, ()), ".css")
    return sheets + _files(SOURCES, "scripts", SCRIPTS.get(name, ()), ".js")


@lru_cache
def _files(folder: Path, kind: str, names: tuple[str, ...], suffix: str) -> tuple[Path, ...]:
    files = (folder / kind / f"{name}{suffix}" for name in names)
    return tuple(file for file in files if file.is_file())


def bundle(name: str) -> Bundle | None:
    """Return a bundle as it is sent, made anew when one of its files has changed."""
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
    """Return bytes in a coding, alike in every run; ``None`` where they got no shorter.

    They are compressed as far as it goes, once, when somebody asks: brotli takes 80 ms for a sheet.
    """
    found = PACKERS[coding](content)
    return found if len(found) < len(content) else None


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.compress,
    "gzip": lambda content: gzip.compress(content, mtime=0),
}
"""What compresses by each coding, the best first (docs/adr/0011)."""

_KINDS: dict[str, tuple[Callable[[str], str], str]] = {
    ".css": (cssmin, "text/css"),
    ".js": (jsmin, "text/javascript"),
}
