"""Opening a store: made once, and refused in one line where it is not ours."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from pysqlite3 import dbapi2  # type: ignore[import-untyped]  # pysqlite3 ships no types

from tests.support.openings import head_of
from tests.support.processes import at_once
from timeline.domain.errors import NotFound, Refused, StandlineError
from timeline.stores import sqlite_setup
from timeline.stores.log import EventLog
from timeline.stores.sqlite_driver import require_safe_version
from timeline.stores.sqlite_log import connect
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Callable


def test_many_processes_may_start_on_a_new_store_at_once(url: StoreUrl) -> None:
    assert at_once(8, head_of, url.text) == [0] * 8


def test_a_store_that_is_not_there_is_made_only_if_it_may_be(url: StoreUrl) -> None:
    with pytest.raises(NotFound, match="there is no store"):
        EventLog.open(url, create=False)
    EventLog.open(url).close()
    EventLog.open(url, create=False).close()


def test_asking_for_a_store_that_is_not_there_leaves_no_file(sqlite_url: str) -> None:
    with pytest.raises(NotFound):
        EventLog.open(StoreUrl.parse(sqlite_url), create=False)
    assert not StoreUrl.parse(sqlite_url).log_path.exists()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    letter = tmp_path / "letter.db"
    letter.write_text("Dear editor,\n" * 100)
    assert_refused(f"sqlite:///{letter}", "file is not a database")
    assert letter.read_text().startswith("Dear editor,")


def test_a_database_of_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with dbapi2.connect(path) as other:
        other.execute("CREATE TABLE stored_events (anything)")
    before = path.read_bytes()
    assert_refused(f"sqlite:///{path}", "is a database of something else")
    assert path.read_bytes() == before


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert_refused(f"sqlite:///{tmp_path}/none/news.db", "there is no folder")


def test_a_folder_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    assert_refused(f"sqlite:///{tmp_path}", "cannot be opened as a store")


def test_a_folder_that_cannot_be_written_to_is_refused() -> None:
    assert_refused("sqlite:////proc/news.db", "cannot be opened as a store")


def test_a_file_of_a_newer_standline_is_refused(sqlite_url: str) -> None:
    EventLog.open(StoreUrl.parse(sqlite_url)).close()
    with dbapi2.connect(StoreUrl.parse(sqlite_url).log_path) as connection:
        connection.execute("PRAGMA user_version = 999")
    assert_refused(sqlite_url, "was written by a newer Standline; update Standline")


def test_a_database_of_a_newer_standline_is_refused(postgres_url: str) -> None:
    EventLog.open(StoreUrl.parse(postgres_url)).close()
    with psycopg.connect(postgres_url) as connection:
        connection.execute("UPDATE log.standline SET schema_version = 999")
    assert_refused(postgres_url, "was written by a newer Standline; update Standline")


def test_a_schema_called_log_that_is_not_ours_is_refused(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE SCHEMA log")
    assert_refused(postgres_url, "give Standline a database of its own")


def test_a_server_that_is_not_there_is_refused() -> None:
    assert_refused("postgresql://ann@127.0.0.1:1/news", "the database cannot be used as a store")


def test_the_environment_does_not_change_how_the_log_is_written(
    url: StoreUrl, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CIPHER_TOPIC", "STORED_COMPRESSOR_TOPIC", "PERSISTENCE_MODULE"):
        monkeypatch.setenv(name, "nothing:there")
    EventLog.open(url).close()


def test_a_sqlite_that_can_corrupt_the_log_is_refused() -> None:
    require_safe_version((3, 51, 3))
    with pytest.raises(StandlineError, match=r"SQLite 3\.46\.1 can corrupt the log"):
        require_safe_version((3, 46, 1))


def assert_refused(address: str, why: str) -> None:
    with pytest.raises(StandlineError, match=why) as refused:
        EventLog.open(StoreUrl.parse(address))
    assert "\n" not in str(refused.value)
    assert refused.value.fix


def test_a_log_that_another_process_makes_between_two_looks_is_ours(sqlite_url: str) -> None:
    path = StoreUrl.parse(sqlite_url).log_path
    path.touch()
    with closing(Meanwhile(connect(path), lambda: sqlite_setup.set_up(path, create=True))) as look:
        assert sqlite_setup.version_of(look, path) == sqlite_setup.SCHEMA_VERSION


class Meanwhile:
    """A connection during whose first look something else happens."""

    def __init__(self, connection: Any, happens: Callable[[], None]) -> None:  # noqa: ANN401 - pysqlite3 ships no types
        self._connection = connection
        self._happens = [happens]

    def execute(self, statement: str) -> Any:  # noqa: ANN401 - pysqlite3 ships no types
        rows = self._connection.execute(statement).fetchall()
        if self._happens:
            self._happens.pop()()
        return Found(rows)

    def close(self) -> None:
        self._connection.close()


class Found:
    """Rows that were read before the rest happened."""

    def __init__(self, rows: list[tuple[int, ...]]) -> None:
        self._rows = rows

    def fetchone(self) -> tuple[int, ...] | None:
        return self._rows[0] if self._rows else None


def test_three_slashes_name_a_file_in_the_current_folder() -> None:
    assert StoreUrl.parse("sqlite:///news.db").log_path == Path.cwd() / "news.db"


def test_four_slashes_name_a_file_from_the_root() -> None:
    assert StoreUrl.parse("sqlite:////srv/news.db").log_path == Path("/srv/news.db")


def test_a_bare_path_is_that_of_a_sqlite_store() -> None:
    assert StoreUrl.parse("news.db").log_path == Path.cwd() / "news.db"
    assert StoreUrl.parse("/srv/news.db").log_path == Path("/srv/news.db")


def test_read_models_and_desk_lie_beside_the_log() -> None:
    url = StoreUrl.parse("sqlite:////srv/news.v1.db")
    assert url.beside("read-3.db") == Path("/srv/news.v1.read-3.db")
    assert url.beside("desk.db") == Path("/srv/news.v1.desk.db")


@pytest.mark.parametrize("scheme", ["postgresql", "postgres"])
def test_a_postgresql_address_is_kept_as_it_was_given(scheme: str) -> None:
    text = f"{scheme}://ann@a,b/news?target_session_attrs=read-write"
    url = StoreUrl.parse(text)
    assert not url.is_sqlite
    assert url.text == text
    with pytest.raises(ValueError, match="no file"):
        _ = url.log_path


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sqlite://news.db",
        "sqlite:///",
        "sqlite:///folder/",
        "sqlite:///:memory:",
        "mysql://host/db",
        "http://example.org",
    ],
)
def test_anything_else_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(Refused, match="is not the address of a store; use a path") as refused:
        StoreUrl.parse(text)
    assert "\n" not in str(refused.value)
