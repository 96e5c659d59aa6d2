"""Select the versions that were known at a log position."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable


class Versioned(Protocol):
    """A struct that was known in ``[known_from, known_until)`` of the log."""

    @property
    def known_from(self) -> int:
        """The first log position at which it was known."""

    @property
    def known_until(self) -> int | None:
        """The log position at which another version took its place, if any."""


V = TypeVar("V", bound=Versioned)


def known(versions: Iterable[V], at: int | None) -> tuple[V, ...]:
    """Return the versions known at a log position (``None``: now), as if nothing had followed."""
    if at is None:
        return tuple(version for version in versions if version.known_until is None)
    return tuple(_as_last(version) for version in versions if _was_known(version, at))


def _was_known(versioned: Versioned, at: int) -> bool:
    return versioned.known_from <= at and (
        versioned.known_until is None or at < versioned.known_until
    )


def _as_last(version: V) -> V:
    if version.known_until is None:
        return version
    last: V = msgspec.structs.replace(version, known_until=None)  # type: ignore[type-var]
    return last
