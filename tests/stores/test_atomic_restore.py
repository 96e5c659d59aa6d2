"""A store made aside takes its place with all that was written, or leaves it as it was."""

from __future__ import annotations

from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Any

import pytest

from timeline.domain.errors import Refused, StandlineError
from timeline.stores import sqlite_traces
from timeline.stores.atomic_restore import restore_aside
from timeline.stores.sqlite_driver import dbapi2, use_write_ahead_log
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def url(tmp_path: Path) -> StoreUrl:
    return StoreUrl.parse(f"sqlite:///{tmp_path / 'record.db'}")


def written(path: Path) -> Any:  # noqa: ANN401 - pysqlite3 ships no types
    """Write to a database, and return the connection, which keeps the write-ahead log."""
    connection = dbapi2.connect(str(path), isolation_level=None)
    use_write_ahead_log(connection)
    connection.execute("CREATE TABLE words (word TEXT)")
    connection.execute("INSERT INTO words VALUES ('kept')")
    return connection


def words(path: Path) -> list[str]:
    with closing(dbapi2.connect(str(path))) as connection:
        return [word for (word,) in connection.execute("SELECT word FROM words")]


def test_what_sqlite_did_not_bring_over_at_its_close_comes_along(url: StoreUrl) -> None:
    with restore_aside(url) as aside:
        connections = [written(aside.log_path), written(aside.beside("desk.db"))]
        assert aside.log_path.with_name("record.db-wal").stat().st_size
    assert (words(url.log_path), words(url.beside("desk.db"))) == (["kept"], ["kept"])
    for connection in connections:
        connection.close()


def test_a_store_that_cannot_be_brought_together_takes_no_place(
    url: StoreUrl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_traces, "PATIENCE", 0.2)
    with ExitStack() as stack:
        making = ExitStack()
        aside = making.enter_context(restore_aside(url))
        writer = stack.enter_context(closing(written(aside.log_path)))
        reader = stack.enter_context(closing(written(aside.beside("desk.db"))))
        reader.execute("ATTACH ? AS log", (str(aside.log_path),))
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM log.words").fetchall()
        writer.execute("INSERT INTO words VALUES ('later')")
        with pytest.raises(StandlineError, match="another program reads") as refused:
            making.close()
    assert "\n" not in str(refused.value)
    assert list(url.log_path.parent.iterdir()) == []


def test_a_database_that_is_damaged_on_the_way_is_told_in_one_line(url: StoreUrl) -> None:
    making = ExitStack()
    making.enter_context(restore_aside(url)).log_path.write_bytes(b"no database" * 1_000)
    with pytest.raises(StandlineError, match="the store is damaged") as refused:
        making.close()
    assert "\n" not in str(refused.value)
    assert list(url.log_path.parent.iterdir()) == []


def test_a_log_whose_place_somebody_took_leaves_no_desk(url: StoreUrl) -> None:
    making = ExitStack()
    aside = making.enter_context(restore_aside(url))
    for path in (aside.log_path, aside.beside("desk.db")):
        written(path).close()
    url.log_path.write_text("somebody's")
    with pytest.raises(StandlineError, match="File exists"):
        making.close()
    assert [file.name for file in url.log_path.parent.iterdir()] == ["record.db"]
    assert url.log_path.read_text() == "somebody's"


def test_a_desk_that_no_restore_made_is_never_removed(url: StoreUrl) -> None:
    folder, desk = url.beside("restoring"), url.beside("desk.db")
    folder.mkdir()
    (folder / "record.db.placing").write_text("the hash of another")
    desk.write_text("somebody's work")
    with pytest.raises(Refused, match=r"record\.desk\.db is there already"), restore_aside(url):
        pass
    assert desk.read_text() == "somebody's work"
