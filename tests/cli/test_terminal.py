from __future__ import annotations

import json

import pytest

from timeline.cli.output import say, visible


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("a\x1b[31mred", "a\\u001b[31mred"),
        ("a\x9b31mred", "a\\u009b31mred"),
        ("title\x07", "title\\u0007"),
        ("\u202etxt.exe", "\\u202etxt.exe"),
        ("over\rwritten", "over\\u000dwritten"),
        ("two\nlines and a\ttab", "two\nlines and a\ttab"),
        ("Zoë, Пётр, 習近平", "Zoë, Пётр, 習近平"),
    ],
)
def test_a_terminal_gets_no_orders(given: str, shown: str) -> None:
    assert visible(given) == shown


def test_json_stays_json(capsys: pytest.CaptureFixture[str]) -> None:
    told = ["a\x9bb\x7f", "\u2028"]
    say(json.dumps(told, ensure_ascii=False))
    printed = capsys.readouterr().out
    assert printed.isascii()
    assert json.loads(printed) == told
