"""Files of other programs that may lie beside the project: tests read them where they are."""

from __future__ import annotations

from pathlib import Path

PROJECT = Path(__file__).parents[2]


def beside(folder: str) -> Path | None:
    """Return a folder of data beside the project or above it, if it is there."""
    places = (place / "shared" / "data" / folder for place in PROJECT.parents)
    return next((place for place in places if place.is_dir()), None)
