"""Queries that SQLAlchemy builds once and runs many times."""

from __future__ import annotations

import functools
from types import NoneType
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import BindParameter, Column, Select, Table, bindparam

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

Param: TypeAlias = BindParameter[Any]
"""A parameter of a query."""

Query: TypeAlias = Select[*tuple[Any, ...]]

MOST_VALUES = 30_000
"""Most values of one query: PostgreSQL takes no more than 65,535."""

FORMS = (NoneType, bool, Table, Column)
"""Types of arguments that decide the form of a query."""

QueryWithValues: TypeAlias = tuple[Query, dict[str, Any]]
"""A query and the values of its parameters, as arguments of `Connection.execute`."""


def prepared(build: Callable[..., Query]) -> Callable[..., QueryWithValues]:
    """Decorate a function that builds a query: build it once for each form, not for each value.

    Building a query takes SQLAlchemy several times as long as running a small one. Arguments that
    are ``None``, true, false, a table or a column decide the form, and the function gets them as
    they are. In place of each other value it gets a parameter, in place of a list one that takes
    any number of values.
    """
    forms: dict[tuple[object, ...], Query] = {}

    @functools.wraps(build)
    def ask(**arguments: Any) -> QueryWithValues:  # noqa: ANN401 - whatever a database takes
        values = {name: value for name, value in arguments.items() if not isinstance(value, FORMS)}
        form = tuple(name if name in values else (name, value) for name, value in arguments.items())
        if form not in forms:
            marks = {name: _parameter(name, value) for name, value in values.items()}
            forms[form] = build(**{**arguments, **marks})
        return forms[form], values

    return ask


def few(ids: Collection[str] | None) -> list[str] | None:
    """Return the ids for one query; ``None``, for all, if they are too many."""
    return None if ids is None or len(ids) > MOST_VALUES else [*ids]


def _parameter(name: str, value: object) -> Param:
    return bindparam(name, expanding=isinstance(value, list))
