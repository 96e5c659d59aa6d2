"""How every part of the desk uses its database: it reads, and writes in one transaction."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from timeline.stores.engines import exclusive
from timeline.stores.trouble import translate_db_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Engine, Executable, Select


class DeskPart:
    """Base of all that lies on the desk; ``engine`` opens the desk when it is first asked for.

    Raises `StandlineError` where the database fails.
    """

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with translate_db_errors(), self._engine().connect() as conn:
            yield conn

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """Open a transaction beside which, on SQLite, nobody writes."""
        with translate_db_errors(), exclusive(self._engine()) as conn:
            yield conn

    def _rows(self, asked: Select[Any]) -> list[Any]:
        with self._reading() as conn:
            return [*conn.execute(asked)]

    def _row(self, asked: Select[Any]) -> Any:  # noqa: ANN401 - a row
        """Return the only row; ``None`` where there is none."""
        with self._reading() as conn:
            return conn.execute(asked).one_or_none()

    def _value(self, asked: Select[Any]) -> Any:  # noqa: ANN401 - whatever the column holds
        """Return what stands first in the first row, if there is one."""
        with self._reading() as conn:
            return conn.execute(asked).scalar()

    def _do(self, change: Executable) -> int:
        """Change something in a transaction of its own; return of how many rows."""
        with self._writing() as conn:
            return conn.execute(change).rowcount
