"""Care of the store: replay, replay --check and doctor."""

from __future__ import annotations

import io
import os
import pty
import re
import select
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from tests.cli.terminal import (
    DONE,
    REFUSED,
    TALKS,
    answered,
    done,
    one_line,
    only_line,
    refused,
    standline,
)
from timeline.bootstrap import open_store
from timeline.cli import main, options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def told(store: str) -> dict[str, list[str]]:
    facts: dict[str, list[str]] = {}
    for line in done("doctor", "--store", store).out.splitlines():
        what, *rest = re.split(r" {2,}", line)
        facts[what.strip()] = rest
    return facts


def generation(store: str) -> int:
    return int(told(store)["read models"][0].removeprefix("generation "))


def change_read_models(store: str, statement: str) -> None:
    services = open_store(store, create=False)
    try:
        with services.models.engine().begin() as conn:
            conn.execute(text(statement))
    finally:
        services.close()


def test_a_replay_gives_the_same_answers(talks: str) -> None:
    nouns = ("topics", "actors", "positions", "changes")
    before = [answered(noun, "--store", talks) for noun in nouns]
    events = len(done("log", "--json", "--store", talks).objects)
    assert done("replay", "--store", talks).out == f"rebuilt from {events} events\n"
    assert [answered(noun, "--store", talks) for noun in nouns] == before


def test_what_an_older_version_made_is_rebuilt_once_by_a_replay(talks: str) -> None:
    before = generation(talks)
    change_read_models(talks, "UPDATE progress SET code_version = code_version - 1")
    assert done("replay", "--store", talks).out.startswith("rebuilt from ")
    assert generation(talks) == before + 1


def test_a_check_finds_a_sound_record_equal_and_changes_nothing(talks: str) -> None:
    before = told(talks)["read models"]
    answer = done("replay", "--check", "--store", talks)
    assert answer.out.endswith(" events: equal to the live ones\n")
    assert told(talks)["read models"] == before


def test_a_check_names_what_differs_and_a_replay_mends_it(talks: str) -> None:
    change_read_models(talks, "UPDATE positions SET stance = 2")
    answer = standline("replay", "--check", "--store", talks)
    line = one_line(answer)
    assert line.startswith("the rebuilt read models differ in: positions")
    assert line.endswith("; run `standline replay` to replace the live ones")
    done("replay", "--store", talks)
    assert done("replay", "--check", "--store", talks).out.endswith("equal to the live ones\n")


def test_the_doctor_says_how_things_stand(talks: str) -> None:
    facts = told(talks)
    assert facts["standline"][1].startswith("Python 3.")
    assert facts["settings"] == ["the store is named by --store"]
    events = len(done("log", "--json", "--store", talks).objects)
    assert facts["log"] == [f"{events} events", f"head at {events}"]
    assert facts["read models"][1] == "0 behind"
    kind = "SQLite 3." if talks.startswith("sqlite") else "PostgreSQL "
    assert facts["store"][1].startswith(kind)
    assert facts["desk"] == ["0 drafts"]
    assert ("disk" in facts) == talks.startswith("sqlite")


def test_the_doctor_says_who_named_the_store(
    talks: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("STANDLINE_STORE", talks)
    assert "STANDLINE_STORE" in done("doctor").out
    monkeypatch.delenv("STANDLINE_STORE")
    monkeypatch.chdir(tmp_path)
    done("import", *TALKS)
    assert "nothing, so it is in this folder" in done("doctor").out


def test_the_doctor_tells_no_password(postgres_url: str) -> None:
    done(
        "import",
        *TALKS,
        "--store",
        postgres_url,
    )
    given = postgres_url.replace("postgres@", "postgres:s3cret@")
    answer = standline("doctor", "--store", given)
    assert answer.status == DONE
    assert "s3cret" not in answer.out + answer.err


def test_the_doctor_counts_how_far_pages_are_behind(talks: str) -> None:
    services = open_store(talks)
    byline = services.newsroom.byline("ann", "form", None)
    services.newsroom.actors.introduce(byline, "Ann Other", "person")
    services.close()
    assert told(talks)["read models"][1] == "1 behind"
    answered("topics", "--store", talks)
    assert told(talks)["read models"][1] == "0 behind"


def test_the_doctor_names_an_event_that_could_not_be_shown(talks: str) -> None:
    row = "(3, 'actor.introduced', 'ValueError: no such letter')"
    change_read_models(talks, f"INSERT INTO quarantine (position, type, error) VALUES {row}")  # noqa: S608 - ours
    answer = standline("doctor", "--store", talks)
    assert answer.status == REFUSED
    assert "quarantined  event 3  actor.introduced  ValueError: no such letter" in answer.out
    assert only_line(answer.err) == "1 event is quarantined; see the lines above"


@contextmanager
def terminal() -> Iterator[Callable[[], str]]:
    """Lend a terminal for what goes to the error output, and a way to read it."""
    ours, its = pty.openpty()

    def shown() -> str:
        text_ = ""
        while select.select([ours], [], [], 0)[0]:
            text_ += os.read(ours, 65_536).decode()
        return text_

    try:
        with os.fdopen(its, "w") as screen, redirect_stderr(screen):
            yield shown
    finally:
        os.close(ours)


def test_a_rebuild_shows_how_far_it_is_on_a_terminal_and_nowhere_else(
    sqlite_talks: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(options, "SOON", 0)
    assert standline("replay", "--store", sqlite_talks).err == ""
    with terminal() as shown:
        with pytest.raises(SystemExit), redirect_stdout(io.StringIO()):
            main(("replay", "--store", sqlite_talks))
        told = shown()
    assert "events" in told
    assert "100%" in told


def test_what_is_done_within_a_second_shows_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal() as shown, options.Progress() as progress:
        progress("events", 5, 10)
        assert shown() == ""
        monkeypatch.setattr(options, "SOON", 0)
        progress("events", 6, 10)
        assert "60%" in shown()


def test_a_bar_that_is_left_halfway_gives_the_cursor_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options, "SOON", 0)
    hidden, back = "\x1b[?25l", "\x1b[?25h"
    with terminal() as shown:
        with suppress(KeyboardInterrupt), options.Progress() as progress:
            progress("events", 5, 10)
            raise KeyboardInterrupt
        told = shown()
    assert told.rindex(hidden) < told.rindex(back)


@pytest.mark.parametrize("words", ["doctor", "replay", "replay --check"])
def test_care_needs_a_store(sqlite_url: str, words: str) -> None:
    assert refused(*words.split(), "--store", sqlite_url).startswith("--store: there is no store")
