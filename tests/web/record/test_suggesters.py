"""At the workbench a language model suggests beside the rules, and no page waits for it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.capture.test_model import Model, lying_model
from tests.web.record.test_workbench import WANTS, opened
from tests.web.site import plain
from web import create_app
from web.shell.identity import everybody_is

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.web.record.desk import Desk

ASKED = "llm is being asked; what it suggests comes with the next page of this text."


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[Model]:
    with lying_model() as (served, settings):
        monkeypatch.setenv("STANDLINE_LLM_URL", settings.url)
        monkeypatch.setenv("STANDLINE_LLM_MODEL", "made-up-8b")
        found = {"exact": WANTS, "speaker": "Dora Example", "form": "reported", "cue": "sagte"}
        served.says(found)
        yield served


def suggesting(desk: Desk) -> Desk:
    app = create_app(desk.services, identify=everybody_is("anna"), suggesters=("llm",))
    app.testing = True
    desk.client = app.test_client()
    return desk


def after(desk: Desk, address: str, sign: str) -> str:
    """Return the page of a text once it says something, as who codes finds it a moment later."""
    for _ in range(200):
        if sign in (page := plain(desk.get(address).text)):
            return page
        time.sleep(0.05)
    raise AssertionError(page)


def test_a_model_is_asked_nothing_unless_the_operator_says_so(desk: Desk, model: Model) -> None:
    page = desk.get(opened(desk)).text
    assert "llm" not in plain(page)
    assert model.asked == []


def test_both_say_who_suggests_what_and_a_slow_model_holds_up_no_page(
    desk: Desk, model: Model
) -> None:
    suggesting(desk)
    model.pause = 1.5
    address = opened(desk)
    page = plain(desk.get(address).text)
    assert ASKED in page
    assert "Reported speech, by “sagte”" in page
    page = after(desk, address, "made-up-8b")
    assert ASKED not in page
    assert "The rules: said by Dora Example" in page
    assert "made-up-8b (0 tokens for this section): said by Dora Example" in page
    assert len(model.asked) == 1


def test_a_model_that_fails_is_named_and_the_rules_suggest_all_the_same(
    desk: Desk, model: Model
) -> None:
    suggesting(desk)
    model.status = 500
    address = opened(desk)
    page = after(desk, address, "llm suggests nothing: ")
    assert "Reported speech, by “sagte”" in page
    desk.get(address)
    assert len(model.asked) == 1
