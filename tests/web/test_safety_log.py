"""What bears on safety is told to whoever runs the site, and nothing that is secret with it."""

from __future__ import annotations

import logging

import pytest

from tests.web.paper import Paper
from tests.web.test_account import WORDS, Newsroom, record
from timeline.cli.following import TroubleLog
from web.shell.safety_log import LOGGER


@pytest.fixture
def desk(paper: Paper, caplog: pytest.LogCaptureFixture) -> Newsroom:
    caplog.set_level(logging.INFO, LOGGER)
    return Newsroom(paper)


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the lines without their instants, and forget them."""
    lines = [one.getMessage().partition(" ")[2] for one in caplog.records if one.name == LOGGER]
    caplog.clear()
    return lines


def test_who_gets_in_and_who_does_not_is_told_and_no_password(
    desk: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    mira = desk.browser("mira")
    mira.post("/sign-out", {})
    asked = "from=127.0.0.0 to=POST account.sign_in"
    assert told(caplog) == [
        f"signed in: handle=mira {asked} why=password",
        "signed out: by=mira handle=mira from=127.0.0.0 to=POST account.sign_out",
    ]
    for handle in ("mira", "my secret words"):
        mira.post("/sign-in", {"handle": handle, "password": "wrong and long enough"})
    assert told(caplog) == [
        f"password refused: handle=mira {asked} why=wrong_password",
        f"password refused: handle=unknown {asked} why=wrong_password",
    ]


def test_what_is_refused_for_who_or_what_sent_it_is_told(
    desk: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    theo, reader = desk.browser("theo"), desk.browser()
    told(caplog)
    assert record(theo).status_code == 403
    assert record(reader).status_code == 401
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert reader.reader.post("/prefs", data={}, headers=elsewhere).status_code == 403
    reader.open("/record?topic=union")
    assert told(caplog) == [
        "refused: by=theo from=127.0.0.0 to=POST record.statement.take why=role",
        "refused: from=127.0.0.0 to=POST record.statement.take why=role",
        "refused: from=127.0.0.0 to=POST preferences.choose why=another site",
    ]


def test_what_an_admin_changes_is_told(desk: Newsroom, caplog: pytest.LogCaptureFixture) -> None:
    ada = desk.browser("ada")
    told(caplog)
    ada.post("/people", {"handle": "kim", "name": "Kim", "role": "coder"})
    ada.post("/people/kim/role", {"role": "editor"})
    ada.post("/people/kim/disable", {})
    ada.post("/people/join", {"account": "kim", "into": "mira"})
    form = {"old": WORDS, "password": "other plain little words"}
    ada.post("/account/password", form)
    assert [line.partition(" from=")[0] for line in told(caplog)] == [
        "added as coder: by=ada handle=kim",
        "changed role: by=ada handle=kim",
        "changed disable: by=ada handle=kim",
        "joined with another account: by=ada handle=kim",
        "changed password: by=ada handle=ada",
        "signed in: by=ada handle=ada",
    ]


def test_of_safety_nothing_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    site, safety = logging.getLogger("web"), logging.getLogger(LOGGER)
    handlers = site.handlers
    try:
        TroubleLog()
        for log in (site.error, safety.info) * 2:
            log("the same\nagain")
    finally:
        site.handlers = handlers
        safety.setLevel(logging.NOTSET)
    assert capsys.readouterr().err.splitlines() == ["standline: the same again"] * 3
