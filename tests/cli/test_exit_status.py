"""How a command ends: with a status, and never with a traceback."""

from __future__ import annotations

import errno
import io
import json
from contextlib import redirect_stderr
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import OperationalError

from tests.cli.terminal import DONE, INTERRUPTED, REFUSED, only_line, ran, text_of
from tests.support.tiers import thorough
from timeline.cli.exit_status import ending_in_one_line
from timeline.cli.output import say, visible
from timeline.domain.actor import NO_SUCH_ACTOR
from timeline.domain.errors import NotFound, Refused
from timeline.domain.messages import Message
from timeline.domain.topic import NO_SUCH_TOPIC

if TYPE_CHECKING:
    from pathlib import Path

NO_SUCH_WORD = Message("no_such_word", "no such word", fix="use another")


def told_of(error: BaseException) -> tuple[object, str]:
    err = io.TextIOWrapper(io.BytesIO(), "utf-8")
    with redirect_stderr(err), pytest.raises(SystemExit) as ended, ending_in_one_line():
        raise error
    return ended.value.code, only_line(text_of(err).lstrip("\n"))


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (Refused(NO_SUCH_WORD, field="stance"), "stance: no such word; use another"),
        (NotFound(NO_SUCH_TOPIC, field="topic", name="x"), "`standline topics` lists them"),
        (NotFound(NO_SUCH_ACTOR, field="actor", name="x"), "`standline actors` lists them"),
        (NotFound(NO_SUCH_TOPIC, field="topic", name="x", nearest=("y",)), "did you mean y?"),
        (OperationalError("SELECT", {}, Exception("disk I/O error")), "disk I/O error; make sure"),
        (OSError(errno.ENOSPC, "No space left on device", "/x"), "/x: No space left on device;"),
        (ZeroDivisionError("by zero"), "run it again with STANDLINE_DEBUG=1 and report what"),
        (KeyError("stance"), "a mistake in Standline, not in what you gave it: KeyError: 'stance'"),
        (ValueError("one\nand two"), "ValueError: one and two; run it again"),
    ],
)
def test_whatever_goes_wrong_is_told_in_one_line(error: Exception, line: str) -> None:
    status, told = told_of(error)
    assert status == REFUSED
    assert line in told


def test_an_interruption_is_told_and_has_its_own_status() -> None:
    assert told_of(KeyboardInterrupt()) == (INTERRUPTED, "stopped")


def test_who_looks_for_a_mistake_sees_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANDLINE_DEBUG", "1")
    with pytest.raises(ZeroDivisionError), ending_in_one_line():
        raise ZeroDivisionError


@pytest.mark.parametrize("encoding", ["latin-1", *thorough("cp1252")])
def test_a_terminal_without_the_letters_gets_their_numbers(
    sqlite_talks: str, encoding: str
) -> None:
    surroundings = {"env": {"PYTHONIOENCODING": encoding}, "encoding": encoding}
    answer = ran("actors", "--json", "--store", sqlite_talks, **surroundings)
    assert (answer.status, answer.err) == (DONE, "")
    names = {name for actor in answer.json for name in (actor["name"], *actor["aliases"])}
    assert "Дмитрий Песков" in names


@pytest.mark.thorough
def test_a_locale_without_letters_changes_nothing(sqlite_talks: str, tmp_path: Path) -> None:
    plain = ran("actors", "--store", sqlite_talks)
    poor = ran("actors", "--store", sqlite_talks, env={"LC_ALL": "C", "LANG": "C"}, cwd=tmp_path)
    assert poor == plain


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
