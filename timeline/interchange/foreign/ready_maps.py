"""The maps that come with foreign formats; a map of one's own takes their place."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def ready_map(name: str) -> dict[str, Any]:
    """Return the map of a format as a parsed table."""
    return tomllib.loads((files(__package__) / f"{name}.toml").read_text("utf-8"))
