"""What an editor saw of a change is noted once, whoever notes it at the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from timeline.desk.second_readings import ShownEnds
from timeline.desk.tables import shown_ends

if TYPE_CHECKING:
    import pytest

    from timeline.desk.desk import Desk

SEEN = [f"00000000-0000-5000-8000-{number:012}" for number in range(3)]


def test_two_pages_that_note_the_same_statements_at_once_note_them_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.shown_ends.note("anna", SEEN[:2])
    with monkeypatch.context() as at_once:
        at_once.setattr(ShownEnds, "seen_by", lambda *_: set())
        desk.shown_ends.note("anna", SEEN)
    assert desk.shown_ends.seen_by("anna") == {*SEEN}
    assert desk.shown_ends.seen_by("ben") == set()
    with desk._open().connect() as conn:  # noqa: SLF001 - readers are told no number of rows
        assert conn.execute(select(func.count()).select_from(shown_ends)).scalar() == len(SEEN)
