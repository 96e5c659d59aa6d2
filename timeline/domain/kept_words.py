"""Caches of what is computed from words, emptied where the record goes on: it may be an erasure.

Pages and downloads hang on the log position, and are forgotten with it. What hangs on the words
alone would be kept for as long as nothing takes its place. So whatever remembers words, names or
texts does it with `kept`; `functools` is for what holds neither.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")

_forget: list[Callable[[], None]] = []


def kept(most: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep the last answers of a function, ``most`` of them, while the record stands still."""

    def keeping(function: Callable[P, R]) -> Callable[P, R]:
        keeps = lru_cache(maxsize=most)(function)
        _forget.append(keeps.cache_clear)
        # A type checker cannot know that what it is called with is hashable.
        return cast("Callable[P, R]", keeps)

    return keeping


def forget_kept_words() -> None:
    """Forget all that is kept so."""
    for forget in _forget:
        forget()
