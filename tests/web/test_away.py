"""A store that takes nothing in, or goes away: one clear line, and nothing of a form is lost."""

from __future__ import annotations

import html
import re
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import psycopg
import pytest

from tests.projections.test_projector import spoil
from tests.stores.test_log_survives import room_for, without_its_standby
from tests.web.markup import Page
from tests.web.record.desk import Desk, hidden, statement
from tests.web.site import HTMX, plain
from timeline.bootstrap import open_store
from timeline.desk.accounts.roles import Role
from timeline.desk.accounts.tokens import DAY
from web import create_app
from web.shell.identity import SignedIn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.test import TestResponse

    from tests.support.postgres import PostgresServer
    from tests.web.paper import Paper

REASONS = re.compile("database|disk|sqlite|psycopg|read-only|statement|timeout|transaction|I/O")
"""Of what a database complains is for whoever runs it."""

SAID = {
    "topic": "a-union",
    "actor": "aland",
    "stance": "opposes",
    "paraphrase": "Is against it.",
    "said_at": "2025-12-12",
    "source": {"outlet": "Invented Times", "published_at": "2025-12-13"},
}

KEPT = "Nothing can be recorded just now; what you typed is still here. Send it again in a moment."
UNSURE = (
    "The connection to the record broke: whether this is recorded is not known yet. "
    "Send it once more; it is recorded once, however often it comes."
)


@contextmanager
def furnished(url: str) -> Iterator[Desk]:
    services = open_store(url)
    desk = Desk(services)
    desk.furnish()
    desk.say()
    services.models.catch_up()
    yield desk
    services.close()


@contextmanager
def read_only(server: PostgresServer) -> Iterator[None]:
    """Let a server be read only, as it is after a failover to a replica."""
    tell(server, "ALTER SYSTEM SET default_transaction_read_only = on", "on")
    yield
    tell(server, "ALTER SYSTEM RESET default_transaction_read_only", "off")


def tell(server: PostgresServer, what: str, until: str) -> None:
    with psycopg.connect(server.url, autocommit=True) as operator:
        operator.execute("SET default_transaction_read_only = off")
        operator.execute(what.encode())
        operator.execute("SELECT pg_reload_conf()")
    while True:
        with psycopg.connect(server.url) as reader:
            if reader.execute("SHOW default_transaction_read_only").fetchone() == (until,):
                return
        time.sleep(0.02)


def filled_in(desk: Desk) -> dict[str, Any]:
    return desk.opened("/record") | statement()


def still_filled_in(answer: TestResponse, told: str) -> None:
    """See that a form came back as it was sent, with one clear line."""
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    page = Page(answer.text)
    assert told in page.words(id="problems")
    assert not REASONS.search(page.words(id="problems"))
    assert page.words(id="f-paraphrase") == "Wants it now."


def recorded_once(desk: Desk, form: dict[str, Any], before: int) -> None:
    for _ in range(2):
        assert desk.post("/record", form).status_code == 303
    assert desk.types(before).count("statement.recorded") == 1


def test_a_full_disk_loses_nothing_of_a_form(sqlite_url: str) -> None:
    with furnished(sqlite_url) as desk:
        form, before = filled_in(desk), desk.head()
        with room_for(1):
            still_filled_in(desk.post("/record", form), KEPT)
            assert desk.get("/t/a-union").status_code == 200
        recorded_once(desk, form, before)


def test_a_full_disk_is_a_problem_for_programs_and_the_site_is_not_ready(sqlite_url: str) -> None:
    with furnished(sqlite_url) as desk:
        services = desk.services
        services.desk.people.add("mira", "Mira", Role.EDITOR, services.clock())
        token = services.desk.tokens.make("mira", "script", "record", 30, services.clock())
        session = services.desk.sessions.begin("mira", services.clock() - DAY // 4)
        site = create_app(services, identify=SignedIn(services)).test_client()
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "one"}
        before = desk.head()

        def send() -> TestResponse:
            return site.post("/api/v1/statements", json=SAID, headers=headers)

        assert site.get("/readyz").status_code == 200
        assert desk.get("/record").status_code == 200
        with room_for(1):
            answer = send()
            assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
            assert answer.headers["Retry-After"]
            told = answer.get_json(force=True)
            assert "othing can be recorded just now" in told["detail"]
            assert not REASONS.search(answer.text)
            ready = site.get("/readyz")
            assert (ready.status_code, ready.get_json()["disk"]) == (503, "full")
            site.set_cookie("desk", session)  # when it was last used is noted now and then
            assert site.get("/record").status_code == 200
        assert site.get("/readyz").status_code == 200
        assert [send().status_code for _ in range(2)] == [201, 200]
        assert desk.types(before).count("statement.recorded") == 1


def test_a_server_that_is_read_only_loses_nothing_of_a_form_and_is_read(
    own_postgres: PostgresServer,
) -> None:
    with furnished(own_postgres.url) as desk:
        form, before = filled_in(desk), desk.head()
        with read_only(own_postgres):
            still_filled_in(desk.post("/record", form), KEPT)
            for path in ("/", "/t/a-union", "/record"):
                assert desk.get(path).status_code == 200
        recorded_once(desk, form, before)


def test_an_entry_s_own_form_comes_back_too(own_postgres: PostgresServer) -> None:
    with furnished(own_postgres.url) as desk:
        path = f"/record/{desk.head()}/retract"
        form = desk.opened(path) | {"reason": "Said by another."}
        with read_only(own_postgres):
            answer = desk.post(path, form)
            assert answer.status_code == 503
            assert KEPT in plain(answer.text)
            assert "Said by another." in answer.text
        assert desk.post(path, form).status_code == 303


def test_what_waits_for_too_long_is_told_in_the_same_words(postgres_url: str) -> None:
    impatient = f"{postgres_url}&options={quote('-c statement_timeout=500')}"
    with furnished(impatient) as desk, psycopg.connect(postgres_url) as other:
        form, before = filled_in(desk), desk.head()
        other.execute("LOCK TABLE log.stored_events IN EXCLUSIVE MODE")
        still_filled_in(desk.post("/record", form), KEPT)
        other.rollback()
        recorded_once(desk, form, before)


def test_an_unknown_outcome_is_told_and_the_form_sent_again_gets_the_first_answer(
    own_postgres: PostgresServer,
) -> None:
    with furnished(own_postgres.url) as desk:
        form, before = filled_in(desk) | {"source.outlet": "Invented Times"}, desk.head()
        with without_its_standby(own_postgres, "pg_cancel_backend"):
            still_filled_in(desk.post("/record", form), UNSURE)
        assert desk.types(before).count("statement.recorded") == 1
        recorded_once(desk, form, before)


def test_a_form_that_no_page_can_be_made_for_is_sent_again_from_the_message(
    own_postgres: PostgresServer,
) -> None:
    with furnished(own_postgres.url) as desk:
        form, before = filled_in(desk), desk.head()
        own_postgres.kill()
        answer = desk.post("/record", form | {"paraphrase": 'Wants "it"\nnow.'})
        assert answer.status_code == 503
        assert KEPT in plain(answer.text)
        own_postgres.start()
        again = {name: html.unescape(value) for name, value in hidden(answer.text).items()}
        assert again == form | {"paraphrase": 'Wants "it"\nnow.'}
        recorded_once(desk, again, before)


def test_what_is_recorded_while_pages_cannot_follow_is_told_as_recorded(
    own_postgres: PostgresServer,
) -> None:
    with furnished(own_postgres.url) as desk:
        form = filled_in(desk)
        with psycopg.connect(own_postgres.url, autocommit=True) as operator:
            operator.execute(
                "ALTER TABLE read_1.progress ADD CONSTRAINT held CHECK (position < 0) NOT VALID"
            )
            assert desk.post("/record", form).status_code == 303
            page = desk.get("/").text
            assert "events are not shown yet." in plain(page)
            operator.execute("ALTER TABLE read_1.progress DROP CONSTRAINT held")
        assert "not shown yet" not in plain(desk.get("/").text)


def test_a_draft_that_cannot_be_kept_leaves_the_form_on_the_screen(
    own_postgres: PostgresServer,
) -> None:
    with furnished(own_postgres.url) as desk:
        form = filled_in(desk)
        with read_only(own_postgres):
            answer = desk.post("/record/check", form, **HTMX)
            assert answer.status_code == 200
            assert KEPT.split(". ", maxsplit=1)[0] in plain(answer.text)


DATA = [
    ("/t/union.json", "application/problem+json"),
    ("/index.json", "application/problem+json"),
    ("/a/aland.csv", "text/plain"),
    ("/t/union.atom", "text/plain"),
    ("/corrections.atom", "text/plain"),
]


def told_in_its_form(answer: TestResponse, kind: str, words: str) -> None:
    """See that an answer is one clear line, in the form that was asked for."""
    assert answer.mimetype == kind
    if kind == "text/plain":
        assert answer.text.startswith(words)
        assert answer.text.count("\n") == 1
    else:
        assert answer.get_json()["detail"] == words
        assert answer.get_json()["status"] == answer.status_code
        assert {"title", "fix"} <= answer.get_json().keys()


@pytest.mark.parametrize(("path", "kind"), [*DATA, ("/readyz", "application/problem+json")])
def test_a_store_that_is_away_is_told_in_the_form_asked_for(
    paper: Paper, path: str, kind: str
) -> None:
    paper.services.close()
    answer = paper.open(path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    words = "the record is out of reach just now; what was recorded before is safe"
    told_in_its_form(answer, kind, words)


@pytest.mark.parametrize(("path", "kind"), DATA)
def test_a_fault_of_ours_is_told_in_the_form_asked_for(
    paper: Paper, monkeypatch: pytest.MonkeyPatch, path: str, kind: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        msg = "password=secret"
        raise RuntimeError(msg)

    for name in ("web.data.View", "web.corrections.corrections_page"):
        monkeypatch.setattr(name, fail)
    paper.app.testing = False
    monkeypatch.setattr(paper.app.logger, "disabled", True)
    answer = paper.open(path)
    assert answer.status_code == 500
    told_in_its_form(answer, kind, "something went wrong here; what was recorded before is safe")
    assert "secret" not in answer.text


@pytest.mark.parametrize(("path", "kind"), [DATA[0], ("/t/union.csv", "text/plain")])
def test_what_fails_before_the_first_row_still_has_a_status(
    paper: Paper, path: str, kind: str
) -> None:
    spoilt = paper.newsroom.statements.retract(paper.dora(), paper.numbers["wants"], "No.").position
    spoil(paper.services.url, spoilt)
    answer = paper.open(path)
    assert answer.status_code == 500
    told_in_its_form(answer, kind, f"event {spoilt} could not be read and is set aside")


@pytest.mark.parametrize("path", ["/embed/t/union", "/embed/s/1"])
def test_a_frame_says_in_the_frame_that_the_store_is_away(paper: Paper, path: str) -> None:
    paper.services.close()
    answer = paper.open(path)
    assert answer.status_code == 503
    assert "The record is out of reach just now" in plain(answer.text)
    assert "<script" not in answer.text
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/embed/t/union", "/embed/t/unio"])
def test_so_it_does_of_a_fault_of_ours(
    paper: Paper, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    paper.app.testing = False
    monkeypatch.setattr(paper.app.logger, "disabled", True)
    monkeypatch.setattr("web.embed.topic_frame", None)
    page = paper.page(path)
    assert page.find("nav") == []
    assert page.find("script") == []
