"""Rooms: parts that register themselves as entry points, and that nobody imports."""

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
"""Groups of entry points: blueprints of the site, those beneath `/record`, and commands."""

SUGGESTERS, RULES = "standline.suggesters", "rules"
"""The group of those who suggest what a text says, and the one of them that asks nobody else."""

NOUNS = "standline.nouns"
"""The group of packages that bring a noun: each layer asks a package for its own module of it."""


@cache
def registered(group: str) -> dict[str, EntryPoint]:
    """Return the entry points of a group by name, in the order of their names.

    A checkout registers what its ``pyproject.toml`` says now, not what it said when somebody
    installed it: a new commit brings its rooms, and a room that is taken out is gone.
    """
    installed = [*_installed().select(group=group)]
    if (project := _checkout()).get("name") == NAME:
        ours = project["entry-points"].get(group, {})
        others = [point for point in installed if point.dist is None or point.dist.name != NAME]
        installed = [*others, *(EntryPoint(name, value, group) for name, value in ours.items())]
    return {point.name: point for point in sorted(installed, key=lambda point: point.name)}


def noun_parts(part: str) -> dict[str, ModuleType]:
    """Return the module of this name of every noun's package, by the noun's name."""
    return {
        name: import_module(f"{point.module}.{part}") for name, point in registered(NOUNS).items()
    }


def nouns_version() -> int:
    """Return a number for which nouns rooms bring, 0 for none: read models need their tables."""
    return 1_000 * (crc32(" ".join(registered(NOUNS)).encode()) % 1_000_000)


@cache
def _installed() -> EntryPoints:
    """Return the entry points of all groups: to find them takes a look at every package."""
    return entry_points()


@cache
def _checkout() -> dict[str, Any]:
    """Return the project of the checkout that this file lies in; nothing where it is installed."""
    if not CHECKOUT.is_file():
        return {}
    project: dict[str, Any] = tomllib.loads(CHECKOUT.read_text("utf-8")).get("project", {})
    return project
