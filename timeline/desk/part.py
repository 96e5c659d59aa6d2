"""The base of the desk's parts: read, and write in one transaction."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from timeline.stores.engines import exclusive
from timeline.stores.trouble import translate_db_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Engine, Executable, Select


class DeskPart:
    """Base of the parts of the desk; ``engine`` opens the desk on first use.

    Raises `StandlineError` if the database fails.
    """

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with translate_db_errors(), self._engine().connect() as conn:
            yield conn

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """Open a transaction that, on SQLite, excludes other writers."""
        with translate_db_errors(), exclusive(self._engine()) as conn:
            yield conn

    def _rows(self, query: Select[Any]) -> list[Any]:
        with self._reading() as conn:
            return [*conn.execute(query)]

    def _row(self, query: Select[Any]) -> Any:  # noqa: ANN401 - a row
        """Return the only row; ``None`` if there is none."""
        with self._reading() as conn:
            return conn.execute(query).one_or_none()

    def _value(self, query: Select[Any]) -> Any:  # noqa: ANN401 - whatever the column holds
        """Return the first value of the first row, if there is one."""
        with self._reading() as conn:
            return conn.execute(query).scalar()

    def _run(self, change: Executable) -> int:
        """Run a change in its own transaction; return the number of rows."""
        with self._writing() as conn:
            return conn.execute(change).rowcount
