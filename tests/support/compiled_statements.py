"""Statements compiled to SQL once for all stores of a test run, instead of once for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 2_000
"""Statements that are kept."""

_KEPT: LRUCache[Any, Any] = LRUCache(MOST)


def share_compiled_statements() -> None:
    """Let engines of one kind of database use what any of them has compiled.

    A dialect is part of the key, and each engine has one of its own: those of a kind are equal.
    """
    make: Callable[..., None] = Engine.__init__

    def make_sharing(engine: Engine, *given: Any, **named: Any) -> None:  # noqa: ANN401 - an engine's
        make(engine, *given, **named)
        engine._compiled_cache = _KEPT  # noqa: SLF001

    Engine.__init__ = make_sharing  # type: ignore[method-assign,assignment]
    DefaultDialect.__eq__ = _is_of_the_same_kind  # type: ignore[method-assign,assignment]
    DefaultDialect.__hash__ = _hash_of_the_kind  # type: ignore[method-assign,assignment]


def _is_of_the_same_kind(one: DefaultDialect, other: object) -> bool:
    return isinstance(other, DefaultDialect) and (one.name, one.driver) == (
        other.name,
        other.driver,
    )


def _hash_of_the_kind(one: DefaultDialect) -> int:
    return hash((one.name, one.driver))
