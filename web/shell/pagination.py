"""Long lists in parts: which of them a page shows, and where those before and after are."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")


class Part(msgspec.Struct, frozen=True):
    """Which of a list a page shows, and the addresses of those before and after them."""

    first: int
    last: int
    total: int
    before: str = ""
    following: str = ""

    @property
    def is_whole(self) -> bool:
        """Tell whether everything is shown."""
        return not (self.before or self.following)


def cut(
    found: Sequence[T], skip: int, size: int, address: Callable[[int], str]
) -> tuple[Sequence[T], Part]:
    """Return so many after the first ``skip``, from the first on where there are no more.

    ``address`` says where the page is that leaves out so many.
    """
    part = part_of(len(found), skip, size, address)
    return found[part.first - 1 : part.last], part


def part_of(total: int, skip: int, size: int, address: Callable[[int], str]) -> Part:
    """Return the same part of a list of which nothing is read yet."""
    start = skip if skip < total else 0
    last = min(start + size, total)
    return Part(
        first=start + 1,
        last=last,
        total=total,
        before=address(max(start - size, 0)) if start else "",
        following=address(last) if last < total else "",
    )
