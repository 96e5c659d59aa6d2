"""Caches of what is computed from words, emptied whenever the record grows: it may be an erasure.

Pages and downloads are cached by log position and go with it. A cache keyed by words alone would
keep erased words. So cache words, names and texts with `cached_words`, all else with `functools`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")

_forget: list[Callable[[], None]] = []


def cached_words(most: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Cache up to ``most`` answers of a function until the record grows."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        cached = lru_cache(maxsize=most)(function)
        _forget.append(cached.cache_clear)
        # A type checker cannot know that the arguments are hashable.
        return cast("Callable[P, R]", cached)

    return decorate


def forget_cached_words() -> None:
    """Empty all these caches."""
    for forget in _forget:
        forget()
