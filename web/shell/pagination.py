"""Parts of long lists: what a page shows, and the links to what is before and after.

Lists that grow with the record are read by key: the address names the item after or before which a
part begins. Lists that are read as a whole are cut by number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

import msgspec

from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
K = TypeVar("K")
T_co = TypeVar("T_co", covariant=True)
K_contra = TypeVar("K_contra", contravariant=True)

NO_PLACE_IN_THE_LIST = Message(
    "no_place_in_the_list",
    "%(text)s is not a place in the list",
    fix="begin at the start of the list",
)


class PageLinks(msgspec.Struct, frozen=True, kw_only=True):
    """The addresses of the previous and the next part of a list."""

    before: str = ""
    following: str = ""

    @property
    def is_whole(self) -> bool:
        """Tell whether everything is shown."""
        return not (self.before or self.following)


class Part(PageLinks, frozen=True):
    """The part of a list on a page, by number."""

    first: int
    last: int
    total: int


def cut(
    items: Sequence[T], skip: int, size: int, address: Callable[[int], str]
) -> tuple[Sequence[T], Part]:
    """Return ``size`` items after the first ``skip``, or from the first on if there are none.

    ``address`` returns the address of the page that skips so many.
    """
    total = len(items)
    start = skip if skip < total else 0
    last = min(start + size, total)
    part = Part(
        first=start + 1,
        last=last,
        total=total,
        before=address(max(start - size, 0)) if start else "",
        following=address(last) if last < total else "",
    )
    return items[start:last], part


class ListPlace(msgspec.Struct, Generic[K], frozen=True):
    """A place in a list: after the item of a key, or before it if ``back``."""

    key: K
    back: bool = False

    @property
    def way(self) -> str:
        """The word for it in addresses."""
        return "before" if self.back else "after"


class KeyedPage(msgspec.Struct, Generic[T, K], frozen=True):
    """Items of a list that is read by key, and the places of the previous and next ones.

    The number of items before them is unknown.
    """

    items: Sequence[T]
    before: ListPlace[K] | None = None
    following: ListPlace[K] | None = None


class ReadByKey(Protocol[T_co, K_contra]):
    """Reads items after a key, or the last ones before it if ``back``, in their order."""

    def __call__(self, limit: int, *, beyond: K_contra | None, back: bool) -> Sequence[T_co]:
        """Read items; without ``beyond`` from the first on."""


def read_keyed_page(
    read: ReadByKey[T, K], key: Callable[[T], K], size: int, place: ListPlace[K] | None
) -> KeyedPage[T, K]:
    """Read a part of a list, or the first one if nothing is at the place.

    A part before an item is full, unless it is the first.
    """
    items = read(size + 1, beyond=place.key, back=place.back) if place else ()
    if place is None or not items or (place.back and len(items) <= size):
        items = read(size + 1, beyond=None, back=False)
        return KeyedPage(
            items[:size], None, ListPlace(key(items[size - 1])) if len(items) > size else None
        )
    shown = items[-size:] if place.back else items[:size]
    first, last = key(shown[0]), key(shown[-1])
    begins = not (place.back or read(1, beyond=first, back=True))
    goes_on = read(1, beyond=last, back=False) if place.back else items[size:]
    return KeyedPage(
        shown,
        None if begins else ListPlace(first, back=True),
        ListPlace(last) if goes_on else None,
    )


def read_place(after: str, before: str, read: Callable[[str], K]) -> ListPlace[K] | None:
    """Read the place of a part from an address, ``None`` if it has none.

    Raises `Refused` if ``read`` raises `ValueError`.
    """
    text = after or before
    if not text:
        return None
    try:
        return ListPlace(read(text), back=not after)
    except ValueError as error:
        raise no_place(text) from error


class ListPart(PageLinks, frozen=True):
    """The part of a list on a page, by key."""

    shown: int
    total: int

    @property
    def is_first(self) -> bool:
        """Tell whether it is the first part."""
        return not self.before


def list_part(run: KeyedPage[T, K], total: int, address: Callable[[ListPlace[K]], str]) -> ListPart:
    """Return the part of a list; ``address`` returns the address of a place."""
    before, following = (address(place) if place else "" for place in (run.before, run.following))
    return ListPart(len(run.items), total, before=before, following=following)


def no_place(text: str, field: str = "after") -> Refused:
    """Return the error for a text that is no place in a list."""
    return Refused(NO_PLACE_IN_THE_LIST, field=field, text=InQuotes(text[:80]))
