"""A damaged page of what readers read, or of the desk: told, mended, and no more than that."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING
from unittest.mock import Mock

import psycopg
import pytest

from tests.web.record.desk import Desk
from tests.web.site import plain
from tests.web.test_away import filled_in, furnished, recorded_once
from timeline.bootstrap import open_store
from timeline.domain.errors import StandlineError
from timeline.domain.instants import MICROSECONDS
from timeline.projections.generations import read_models
from timeline.stores.sqlite_driver import dbapi2
from timeline.stores.store_url import StoreUrl
from timeline.stores.trouble import STORE_DAMAGED

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.postgres import PostgresServer

PAGE = 4_096


def damage(path: Path, table: str, *, zeros: bool = False) -> None:
    """Overwrite the first page of a table of a SQLite file that nobody has open."""
    with closing(dbapi2.connect(path)) as connection:
        assert connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
        assert connection.execute("PRAGMA page_size").fetchone() == (PAGE,)
        query = "SELECT rootpage FROM sqlite_schema WHERE name = ?"
        ((page,),) = connection.execute(query, (table,)).fetchall()
    with path.open("r+b") as file:
        file.seek((page - 1) * PAGE)
        file.write((b"\0" if zeros else b"\xa5") * PAGE)


def damage_postgres(server: PostgresServer, table: str) -> None:
    """Overwrite the first block of a table of a server, which is ended and started for that."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        ((place,),) = connection.execute(
            "SELECT pg_relation_filepath(%s::regclass)", (table,)
        ).fetchall()
        connection.execute("CHECKPOINT")
    server.kill()
    with (server.home / "data" / place).open("r+b") as file:
        file.write(b"\xa5" * PAGE)
    server.start()


def sold(url: str) -> None:
    """Put an invented record into a store and close it."""
    with furnished(url):
        pass


@pytest.fixture
def damaged(request: pytest.FixtureRequest, kind: str) -> str:
    """A store whose read models have a damaged page where the topics are."""
    if kind == "sqlite":
        url: str = request.getfixturevalue("sqlite_url")
        sold(url)
        damage(StoreUrl.parse(url).beside("read-1.db"), "topics")
        return url
    server: PostgresServer = request.getfixturevalue("own_postgres")
    sold(server.url)
    damage_postgres(server, "read_1.topics")
    return server.url


def test_a_damaged_page_is_told_in_words_where_the_log_cannot_be_read_either(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sold(sqlite_url)
    damage(StoreUrl.parse(sqlite_url).beside("read-1.db"), "topics")
    with closing(open_store(sqlite_url)) as services:
        desk = Desk(services)
        desk.client.application.testing = False
        away = StandlineError(STORE_DAMAGED, why="a page cannot be read")
        monkeypatch.setattr(services.log, "live_generation", Mock(side_effect=away))
        answer = desk.get("/t/a-union")
        assert answer.status_code == 503
        assert "what was recorded before is safe" in plain(answer.text)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_damaged_page_of_what_readers_read_is_told_and_made_anew(damaged: str) -> None:
    with closing(open_store(damaged)) as services:
        desk = Desk(services)
        answer = desk.get("/t/a-union")
        assert answer.status_code == 503
        assert "what was recorded before is safe" in plain(answer.text)
        assert desk.get("/actors").status_code == 200
        assert services.models.is_damaged
        services.models.mend()
        assert desk.get("/t/a-union").status_code == 200
        assert services.log.live_generation() == 2
        assert not services.models.is_damaged


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_what_is_recorded_meanwhile_is_set_aside_by_nobody(damaged: str) -> None:
    with closing(open_store(damaged)) as services:
        rooms = services.newsroom
        rooms.topics.open(rooms.byline("ann"), "Should B join?", "position", slug="b-union")
        with pytest.raises(StandlineError, match="what pages read is damaged"):
            services.models.catch_up(1.0)
        assert services.models.catch_up() == 0
        assert services.models.reached().aside == 0
        assert services.log.live_generation() == 2


def test_a_page_that_stumbles_over_rows_that_are_gone_is_told_and_looked_at_once_a_minute(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble() -> None:
        raise KeyError

    with furnished(sqlite_url) as desk:
        app, models, look = desk.client.application, desk.services.models, Mock(return_value="")
        monkeypatch.setattr(read_models, "damage_of", look)
        monkeypatch.setattr(models, "_clock", lambda: 0)
        monkeypatch.setitem(app.view_functions, app.url_map.bind("").match("/actors")[0], stumble)
        for _ in range(2):
            with pytest.raises(KeyError):
                desk.get("/actors")
        assert look.call_count == 1
        monkeypatch.setattr(models, "_clock", lambda: 60 * MICROSECONDS)
        look.return_value = "3 of its rows are gone"
        answer = desk.get("/actors")
        assert answer.status_code == 503
        assert "what was recorded before is safe" in plain(answer.text)
        assert models.is_damaged


@pytest.mark.thorough
@pytest.mark.parametrize("table", ["drafts", "drafts_saved"])
def test_a_damaged_desk_is_told_and_forms_record_all_the_same(sqlite_url: str, table: str) -> None:
    with furnished(sqlite_url) as desk:
        assert desk.post("/record", filled_in(desk) | {"save": "1"}).status_code == 303
    damage(StoreUrl.parse(sqlite_url).beside("desk.db"), table)
    with closing(open_store(sqlite_url)) as services:
        desk = Desk(services)
        before = desk.head()
        page = desk.get("/record")
        assert page.status_code == 200
        assert "Your drafts cannot be read just now." in plain(page.text)
        for path in ("/", "/t/a-union", "/log"):
            assert desk.get(path).status_code == 200
        recorded_once(desk, filled_in(desk), before)
