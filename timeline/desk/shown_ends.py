"""Which editors saw the words at the ends of a change: they read no quote of these blindly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from timeline.desk.part import DeskPart
from timeline.desk.tables import INSERT, shown_ends

if TYPE_CHECKING:
    from collections.abc import Collection


class ShownEnds(DeskPart):
    """Keeps for each editor (handle) the statements (ids) whose coding this editor saw."""

    def note(self, handle: str, statements: Collection[str]) -> None:
        """Note that an editor was shown these statements."""
        if not (new := {*statements} - self.seen_by(handle)):
            return
        rows = [{"seen_by": handle, "statement": one} for one in sorted(new)]
        with self._writing() as conn:
            new_rows: Any = INSERT[conn.dialect.name](shown_ends)
            conn.execute(new_rows.on_conflict_do_nothing(), rows)

    def seen_by(self, handle: str) -> set[str]:
        """Return the statements that an editor was shown."""
        query = select(shown_ends.c.statement).where(shown_ends.c.seen_by == handle)
        return {row.statement for row in self._rows(query)}
