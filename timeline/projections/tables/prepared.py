"""Queries that are put together once and asked many times."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import BindParameter, Select, bindparam

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

Given: TypeAlias = BindParameter[Any]
"""What stands in a query for a value that it is asked with."""

Query: TypeAlias = Select[*tuple[Any, ...]]

MOST_GIVEN = 30_000
"""Values that a question comes with: PostgreSQL takes no more than 65,535."""

Asked: TypeAlias = tuple[Query, dict[str, Any]]
"""A query and the values of its parameters, as `Connection.execute` takes them."""


def prepared(build: Callable[..., Query]) -> Callable[..., Asked]:
    """Let a function that makes a query make it once for each form, not once for each value.

    To put a query together takes SQLAlchemy several times as long as to run a small one. What is
    ``None``, true or false decides the form, and the function gets it as it is; in place of all
    other values it gets parameters, in place of a list one for any number of them.
    """
    forms: dict[tuple[object, ...], Query] = {}

    @functools.wraps(build)
    def ask(**values: Any) -> Asked:  # noqa: ANN401 - whatever a database takes
        given = {name: value for name, value in values.items() if not _is_form(value)}
        form = tuple(name if name in given else (name, value) for name, value in values.items())
        if form not in forms:
            marks = {name: _parameter(name, value) for name, value in given.items()}
            forms[form] = build(**{**values, **marks})
        return forms[form], given

    return ask


def few(ids: Collection[str] | None) -> list[str] | None:
    """Return the ids to ask for; ``None``, for all, where they are too many for one question."""
    return None if ids is None or len(ids) > MOST_GIVEN else [*ids]


def _is_form(value: object) -> bool:
    return value is None or isinstance(value, bool)


def _parameter(name: str, value: object) -> Given:
    return bindparam(name, expanding=isinstance(value, list))
