"""Read the tables of words of a language's rules."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any


def table(package: str, name: str) -> dict[str, Any]:
    """Return a TOML table in a package."""
    return tomllib.loads((resources.files(package) / name).read_text("utf-8"))


def word_list(package: str, name: str) -> frozenset[str]:
    """Return the words of a text file in a package; lines that begin with # are comments."""
    lines = (resources.files(package) / name).read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
