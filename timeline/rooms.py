"""Rooms: optional parts that register as entry points and are imported by nobody."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, EntryPoints, entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

if TYPE_CHECKING:
    from types import ModuleType

NAME = "standline"
CHECKOUT = Path(__file__).parents[1] / "pyproject.toml"

PAGES, FORMS, COMMANDS = "standline.pages", "standline.forms", "standline.commands"
"""Groups of entry points: blueprints of the site, blueprints below `/record`, and commands."""

SUGGESTERS, RULES = "standline.suggesters", "rules"
"""The group of suggesters, and the suggester that works without a service."""

NOUNS = "standline.nouns"
"""The group of packages with a noun: each layer loads its own module of the package."""


@cache
def entry_points_of(group: str) -> dict[str, EntryPoint]:
    """Return the entry points of a group by name, sorted by name.

    In a checkout the current ``pyproject.toml`` counts, not the one at installation: rooms of a new
    commit are there, and removed rooms are gone.
    """
    installed = [*_installed().select(group=group)]
    if (project := _checkout()).get("name") == NAME:
        ours = project["entry-points"].get(group, {})
        others = [point for point in installed if point.dist is None or point.dist.name != NAME]
        installed = [*others, *(EntryPoint(name, value, group) for name, value in ours.items())]
    return {point.name: point for point in sorted(installed, key=lambda point: point.name)}


def noun_parts(part: str) -> dict[str, ModuleType]:
    """Return a module of each noun's package, by the noun's name."""
    return {
        name: import_module(f"{point.module}.{part}")
        for name, point in entry_points_of(NOUNS).items()
    }


def nouns_version() -> int:
    """Return a number for the set of nouns of rooms, 0 for none: read models depend on it."""
    return 1_000 * (crc32(" ".join(entry_points_of(NOUNS)).encode()) % 1_000_000)


@cache
def _installed() -> EntryPoints:
    """Return all entry points, cached: finding them reads every installed package."""
    return entry_points()


@cache
def _checkout() -> dict[str, Any]:
    """Return the project table of this checkout; empty if it is an installed package."""
    if not CHECKOUT.is_file():
        return {}
    project: dict[str, Any] = tomllib.loads(CHECKOUT.read_text("utf-8")).get("project", {})
    return project
