"""How somebody wishes a page to look and speak: by cookies, or in the address of a frame."""

from __future__ import annotations

from flask import request

FRAMED = "embed"
"""The blueprint of frames: no cookie of ours travels to them, so their address says it."""


def wish(name: str) -> str:
    """Return what was chosen under a name, unchecked; empty where nothing was."""
    given = request.args if request.blueprint == FRAMED else request.cookies
    return given.get(name, "")
