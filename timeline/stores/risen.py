"""Where the log's clock rose, made anew from the events, to be compared with what is kept of it."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from timeline.domain.clock import ClockConfirmed

if TYPE_CHECKING:
    from collections.abc import Iterable

AT_ONCE = 1_000
"""Rises that wait before those that stay are added up."""

Rise = tuple[int, int]
"""A greatest recorded_at so far, and the position from which on it is that."""


class Risen:
    """Follows the running maximum of recorded_at as `timeline.stores.clock` lets it rise.

    ``confirmed`` are the events to come that confirm the clock, each with its position and its
    instant, in order: what rises beyond a later one of them is taken back. Memory does not grow
    with the log.
    """

    def __init__(self, confirmed: Iterable[tuple[int, int]]) -> None:
        self._confirmed = [*confirmed]
        self._rises: list[Rise] = []
        self._hash = sha256()
        self._reached = 0

    def note(self, position: int, topic: str, instant: int) -> None:
        """Note the next event, with its recorded_at."""
        if topic == ClockConfirmed.TOPIC:
            self._confirm(position, instant)
        elif instant > self._reached:
            self._rises.append((instant, position))
            self._reached = instant
            if len(self._rises) >= AT_ONCE:
                self._settle()

    def _confirm(self, position: int, instant: int) -> None:
        self._confirmed = [one for one in self._confirmed if one[0] > position]
        later = [at for reached, at in self._rises if reached >= instant]
        self._rises = [one for one in self._rises if one[0] < instant]
        self._rises.append((instant, min(later, default=position)))
        self._reached = instant

    def is_kept(self, rows: Iterable[Rise]) -> bool:
        """Tell whether these rows, in order, are the rises of all events that were noted."""
        self._confirmed.clear()
        self._settle()
        kept = sha256()
        for instant, position in rows:
            kept.update(b"%d %d\n" % (instant, position))
        return kept.digest() == self._hash.digest()

    def _settle(self) -> None:
        """Add up what no later event takes back."""
        lowest = min((instant for _, instant in self._confirmed), default=None)
        for instant, position in self._rises:
            if lowest is None or instant < lowest:
                self._hash.update(b"%d %d\n" % (instant, position))
        self._rises = [one for one in self._rises if lowest is not None and one[0] >= lowest]
