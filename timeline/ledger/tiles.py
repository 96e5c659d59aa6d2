"""Tiles: a tree's hashes and entries in files that never change (C2SP tlog-tiles), 256 in each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HEIGHT = 8
WIDTH = 1 << HEIGHT
ENTRIES = "entries"
LONGEST_ENTRY = (1 << 16) - 1
"""Most bytes of an entry: its length has two bytes in a bundle."""

_PLACE = re.compile(r"(?:x\d{3}/){0,5}\d{3}(?:\.p/([1-9]\d{0,2}))?", re.ASCII)


class Tile(msgspec.Struct, frozen=True):
    """``width`` hashes of a level, from ``number`` · 256 on; level 0 has the leaves."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Its path below the log's address."""
        return f"tile/{self.level}/{_numbered(self.number, self.width)}"


def bundle_path(number: int, width: int = WIDTH) -> str:
    """Return the path of the entries of a tile of level 0."""
    return f"tile/{ENTRIES}/{_numbered(number, width)}"


def bundle(entries: Iterable[bytes]) -> bytes:
    """Return entries in one piece, each after its length in two bytes.

    Raises `OverflowError` for one that is longer than `LONGEST_ENTRY`.
    """
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def tiles_of(size: int) -> Iterator[Tile]:
    """Yield every tile of a tree, partial ones where a level ends."""
    level = 0
    while count := size >> HEIGHT * level:
        full, rest = divmod(count, WIDTH)
        yield from (Tile(level, number) for number in range(full))
        if rest:
            yield Tile(level, full, rest)
        level += 1


def read_place(place: str) -> tuple[int, int] | None:
    """Return number and width of a path such as ``x001/234.p/7``; ``None`` for any other.

    Each tile has one path: ``000.p/256`` and ``x000/001`` are none.
    """
    match = _PLACE.fullmatch(place)
    if match is None:
        return None
    number = int(re.sub(r"\D", "", place.partition(".")[0]))
    width = int(match[1] or WIDTH)
    return (number, width) if _numbered(number, width) == place else None


def _numbered(number: int, width: int) -> str:
    """Return 1234067 as ``x001/x234/067``."""
    thousands = [f"{number % 1000:03}"]
    while number := number // 1000:
        thousands.insert(0, f"x{number % 1000:03}")
    return "/".join(thousands) + (f".p/{width}" if width < WIDTH else "")
