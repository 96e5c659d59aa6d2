"""A query that takes too long is given up by the database, and its reader is told so."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from tests.web.site import HTMX, Site, plain
from timeline.stores.query_limit import limit_queries
from timeline.stores.trouble import QueryGivenUp, explain, translate_db_errors
from web.shell.downloads import Limits
from web.shell.policies import POLICIES, READING
from web.shell.request import read_connection

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tests.web.paper import Paper

TOLD = "This took too long to look up, and was given up."
FIX = "Ask for less at once, such as fewer actors or a shorter span, or try again in a moment."
PATIENCE = 0.3
LONG, HOURS = 4_000_000, 10**10


def count_to(conn: Connection, number: int) -> int:
    """Let the database count, which takes it about a second for every few millions."""
    counted = text(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :number)"
        " SELECT count(*) FROM n"
    )
    return int(conn.execute(counted, {"number": number}).scalar_one())


@pytest.fixture
def slow(any_paper: Paper, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A site with pages that take the database hours."""
    site = Site(any_paper.services, limits=Limits(query=PATIENCE))
    for endpoint in ("slow", "slow_data"):
        monkeypatch.setitem(POLICIES, endpoint, READING)
        site.app.add_url_rule(
            f"/{endpoint.replace('_data', '.json')}",
            endpoint,
            lambda: str(count_to(read_connection(), HOURS)),
        )
    return site


def test_a_page_gives_up_a_query_in_time_and_says_what_to_do(slow: Site) -> None:
    before = time.monotonic()
    answer = slow.open("/slow")
    assert time.monotonic() - before < PATIENCE + 3
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert f"{TOLD} {FIX}" in plain(answer.text)
    for word in ("timeout", "interrupt", "canceling"):
        assert word not in plain(answer.text)


def test_parts_and_data_say_so_in_their_form(slow: Site) -> None:
    part = slow.open("/slow", **{name.replace("-", "_"): value for name, value in HTMX.items()})
    assert part.status_code == 503
    assert "<html" not in part.text
    assert TOLD in plain(part.text)
    answer = slow.open("/slow.json")
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    told = json.loads(answer.text)
    assert (told["code"], told["values"]) == ("query_given_up", {})
    assert told["fix"]


def test_a_page_that_was_given_up_is_not_looked_up_again_until_something_changed(
    any_paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(any_paper.services, limits=Limits(query=PATIENCE))
    tries: list[object] = []

    def look_up(*asked: object, **_: object) -> None:
        tries.append(asked)
        count_to(read_connection(), HOURS)

    with monkeypatch.context() as slow:
        slow.setattr("web.topic.topic_page", look_up)
        assert site.open("/t/union").status_code == 503
        with ThreadPoolExecutor(4) as readers:
            again = list(readers.map(lambda _: site.app.test_client().get("/t/union"), range(4)))
        assert {response.status_code for response in again} == {503}
        assert {TOLD in plain(response.text) for response in again} == {True}
        assert len(tries) == 1
        assert site.open("/t/deal").status_code == 503
        assert len(tries) == 2
    any_paper.say("since", "aland", "opposes", "2025-09-30", paraphrase="No.")
    assert site.open("/t/union").status_code == 200


def test_other_pages_go_on_afterwards(slow: Site) -> None:
    slow.open("/slow")
    assert slow.open("/t/union").status_code == 200
    assert slow.open("/t/union.json").status_code == 200


@pytest.mark.thorough
def test_the_time_is_that_of_one_query_and_not_of_all(any_paper: Paper) -> None:
    patience = 3.0  # a busy machine may well stop for a second
    with limit_queries(any_paper.services.models.engine().connect(), patience) as conn:
        until = time.monotonic() + 1.2 * patience
        while time.monotonic() < until:
            assert count_to(conn, 20_000) == 20_000


@pytest.mark.thorough
def test_a_connection_that_was_limited_is_not_for_the_next_one(any_paper: Paper) -> None:
    engine = any_paper.services.models.engine()
    with limit_queries(engine.connect(), PATIENCE) as conn:
        driver = conn.connection.dbapi_connection
        with pytest.raises(OperationalError) as raised:
            count_to(conn, HOURS)
        assert isinstance(explain(raised.value.orig or raised.value), QueryGivenUp)
    with engine.connect() as conn:
        assert conn.connection.dbapi_connection is driver
        before = time.monotonic()
        assert count_to(conn, LONG) == LONG
        assert time.monotonic() - before > PATIENCE


def test_no_limit_is_none(any_paper: Paper) -> None:
    with limit_queries(any_paper.services.models.engine().connect(), 0) as conn:
        assert count_to(conn, 1_000) == 1_000


def test_in_one_line_tells_it_from_other_trouble(any_paper: Paper) -> None:
    engine = any_paper.services.models.engine()
    with (
        pytest.raises(QueryGivenUp, match="a query took longer than it may"),
        translate_db_errors(),
        limit_queries(engine.connect(), PATIENCE) as conn,
    ):
        count_to(conn, HOURS)
