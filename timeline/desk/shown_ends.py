"""Who was shown a change with the words at its ends: they read no quote of these blindly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from timeline.desk.tables import shown_ends
from timeline.stores.engines import exclusive
from timeline.stores.trouble import translate_db_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from sqlalchemy import Engine


class ShownEnds:
    """Keeps, by handle, which statements (ids) somebody saw with how they are coded."""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine

    def note(self, handle: str, statements: Collection[str]) -> None:
        """Keep that somebody was shown some statements; what is kept already is not written."""
        if not (new := {*statements} - self.seen_by(handle)):
            return
        rows = [{"seen_by": handle, "statement": one} for one in sorted(new)]
        with translate_db_errors(), exclusive(self._engine()) as conn:
            conn.execute(insert(shown_ends), rows)

    def seen_by(self, handle: str) -> set[str]:
        """Return the statements that somebody was shown."""
        query = select(shown_ends.c.statement).where(shown_ends.c.seen_by == handle)
        with translate_db_errors(), self._engine().connect() as conn:
            return {*conn.execute(query).scalars()}
