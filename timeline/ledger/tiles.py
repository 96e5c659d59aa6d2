"""Tiles: the hashes of a tree as files that never change (C2SP tlog-tiles), 256 in each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HEIGHT = 8
WIDTH = 1 << HEIGHT
ENTRIES = "entries"


class Tile(msgspec.Struct, frozen=True):
    """The hashes ``number`` · 256 and on of a level, ``width`` of them; level 0 has the leaves."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Where it is found below the log's address."""
        return f"tile/{self.level}/{_numbered(self.number, self.width)}"


def bundle_path(number: int, width: int = WIDTH) -> str:
    """Return where the entries of a tile of level 0 are found."""
    return f"tile/{ENTRIES}/{_numbered(number, width)}"


def bundle(entries: Iterable[bytes]) -> bytes:
    """Return entries in one piece, each after its length in two bytes."""
    return b"".join(len(one).to_bytes(2, "big") + one for one in entries)


def tiles_of(size: int) -> Iterator[Tile]:
    """Yield every tile of a tree, partial ones where a level ends."""
    level = 0
    while count := size >> HEIGHT * level:
        full, rest = divmod(count, WIDTH)
        yield from (Tile(level, number) for number in range(full))
        if rest:
            yield Tile(level, full, rest)
        level += 1


def _numbered(number: int, width: int) -> str:
    """Return 1234067 as ``x001/x234/067``."""
    thousands = [f"{number % 1000:03}"]
    while number := number // 1000:
        thousands.insert(0, f"x{number % 1000:03}")
    return "/".join(thousands) + (f".p/{width}" if width < WIDTH else "")
