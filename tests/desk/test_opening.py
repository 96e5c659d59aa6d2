"""Opening the desk: made once, when it is first asked for, and refused where it is newer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Column, MetaData, Table, Text, update

from tests.support.openings import drafts_of
from tests.support.processes import at_once
from timeline.bootstrap import open_store
from timeline.desk import tables
from timeline.desk.desk import Desk
from timeline.domain.errors import StandlineError
from timeline.stores.engines import desk_engine
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from pathlib import Path


def test_many_processes_may_ask_for_a_new_desk_at_once(url: StoreUrl) -> None:
    assert at_once(8, drafts_of, url.text) == [0] * 8


def test_who_asks_nothing_of_it_makes_no_desk(sqlite_url: str) -> None:
    services = open_store(sqlite_url)
    desk = services.url.beside("desk.db")
    assert not desk.exists()
    assert services.desk.drafts.count() == 0
    assert desk.exists()
    services.close()


def test_a_desk_of_a_newer_version_is_refused_and_left_alone(url: StoreUrl, desk: Desk) -> None:
    assert desk.drafts.count() == 0
    engine = desk_engine(url)
    with engine.begin() as conn:
        conn.execute(update(tables.standline).values(schema_version=tables.SCHEMA_VERSION + 1))
    engine.dispose()
    again = Desk(url)
    with pytest.raises(StandlineError, match="was written by a newer version of Standline"):
        again.drafts.count()
    again.close()


def test_a_desk_of_an_earlier_release_gets_the_tables_and_columns_that_came_since(
    url: StoreUrl, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = MetaData()
    for table in tables.metadata.sorted_tables:
        table.to_metadata(later)
    later.tables["shown_ends"].append_column(Column("mood", Text))
    Table("moods", later, Column("mood", Text, primary_key=True))
    desk.shown_ends.note("anna", ["statement"])
    monkeypatch.setattr(tables, "metadata", later)
    monkeypatch.setattr(tables, "SCHEMA_VERSION", tables.SCHEMA_VERSION + 1)
    again = Desk(url)
    assert again.shown_ends.seen_by("anna") == {"statement"}
    again.close()
    engine = desk_engine(url)
    with engine.connect() as conn:
        assert conn.exec_driver_sql("SELECT mood FROM shown_ends").scalars().all() == [None]
        assert conn.exec_driver_sql("SELECT mood FROM moods").all() == []
    engine.dispose()


def test_a_file_in_its_place_that_is_no_desk_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "paper.desk.db").write_text("Dear editor,\n" * 100)
    desk = Desk(StoreUrl.parse(f"sqlite:///{tmp_path / 'paper.db'}"))
    with pytest.raises(StandlineError, match="file is not a database"):
        desk.drafts.count()
    assert (tmp_path / "paper.desk.db").read_text().startswith("Dear editor,")
