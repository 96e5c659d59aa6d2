"""Care of the store: replay, replay --check and doctor."""

from __future__ import annotations

import io
import os
import pty
import re
import select
import shutil
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout, suppress
from types import SimpleNamespace
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
    whole,
)
from tests.projections.test_origin import lose_events_from
from tests.stores.test_chain import overwrite, tampering
from tests.web.test_damaged import damage, damage_postgres
from timeline.bootstrap import open_store
from timeline.cli import main, options
from timeline.desk.feeds import SOURCE_STATUS, Feed, after_failing, after_reading
from timeline.domain.errors import Refused
from timeline.stores.acknowledged import remember
from timeline.stores.log import EventLog
from timeline.stores.rows import LogPlace
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.support.postgres import PostgresServer


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


@pytest.mark.thorough
def test_a_check_names_what_differs_and_a_replay_mends_it(talks: str) -> None:
    change_read_models(talks, "UPDATE positions SET stance = 2")
    answer = standline("replay", "--check", "--store", talks)
    line = one_line(answer)
    assert line.startswith("what pages read is not what the log says; it differs in: positions")
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
    assert facts["pages"] == ["whole"]
    assert facts["hashes"] == ["every event, its words and its place in its stream hold"]
    assert facts["desk"] == ["none yet"]
    assert facts["clock"] == ["at or after the last entry of the log"]
    private = ["its owner's alone"] if talks.startswith("sqlite") else ["enough"]
    assert facts["rights"] == private
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
    # It was written there by hand, which is told, too.
    wrong = "the read models are not as they were written, and 1 event is quarantined"
    assert only_line(answer.err) == f"{wrong}; see the lines above"


def found_wrong(store: str) -> tuple[str, str]:
    """Return what a doctor tells, and the line in which it says what is wrong."""
    answer = standline("doctor", "--store", store)
    assert answer.status == REFUSED
    line = only_line(answer.err)
    assert line.endswith("; see the lines above")
    return answer.out, line.removesuffix("; see the lines above")


def test_the_doctor_finds_changed_events(talks: str) -> None:
    url = StoreUrl.parse(talks)
    with closing(EventLog.open(url)) as log:
        row = next(log.rows(19))
    overwrite(url, 20, row[4].replace(b"berlin-talks", b"berlin-tales"))
    out, wrong = found_wrong(talks)
    assert wrong == "the log is not as it was recorded"
    assert "hashes       event 20, or one before it, is not as it was recorded" in out


def test_the_doctor_finds_a_log_behind_its_read_models(talks: str) -> None:
    lose_events_from(talks, 80)
    out, wrong = found_wrong(talks)
    both = "the log is not as it was recorded", "what pages read was made from another log"
    assert wrong == ", and ".join(both)
    assert "this log ends at event 79" in out


def test_the_doctor_finds_a_log_that_lost_its_end_with_what_was_read_from_it(
    sqlite_talks: str,
) -> None:
    remember(StoreUrl.parse(sqlite_talks).log_path, LogPlace(95, bytes(32)))
    out, wrong = found_wrong(sqlite_talks)
    assert wrong == "the log lacks what it acknowledged at its end"
    assert "this log ends at event 91, and lacks what was recorded up to event 95" in out


def test_the_doctor_finds_events_that_are_missing_at_the_end(sqlite_talks: str) -> None:
    with tampering(StoreUrl.parse(sqlite_talks)) as change:
        change("DELETE FROM stored_events WHERE {} > 85", ())
    out, wrong = found_wrong(sqlite_talks)
    assert wrong.startswith("the log lacks events at its end, up to 91")
    assert "events up to 91 were recorded  restore a backup" in out


@pytest.mark.parametrize(
    ("place", "table", "told"),
    [
        ("read-1.db", "positions", "the read models have damaged pages"),
        ("desk.db", "drafts", "the desk has damaged pages"),
    ],
)
def test_the_doctor_finds_damaged_pages(
    sqlite_talks: str, place: str, table: str, told: str
) -> None:
    with closing(open_store(sqlite_talks)) as services:
        services.desk.drafts.count()
    damage(StoreUrl.parse(sqlite_talks).beside(place), table)
    assert told in found_wrong(sqlite_talks)[1]


def test_the_doctor_finds_a_zeroed_page_of_the_log(sqlite_talks: str) -> None:
    path = StoreUrl.parse(sqlite_talks).log_path
    damage(path, "stored_events", zeros=True)
    out, wrong = found_wrong(sqlite_talks)
    assert wrong.startswith("the log has damaged pages, and ")
    assert "restore a backup" in out


def test_the_doctor_finds_damaged_tables(own_postgres: PostgresServer) -> None:
    done("import", *TALKS, "--store", own_postgres.url)
    damage_postgres(own_postgres, "read_1.positions")
    out, wrong = found_wrong(own_postgres.url)
    assert wrong == "the read models have damaged pages"
    assert "positions: invalid page in block 0" in out


def test_the_doctor_finds_a_clock_behind_the_log(
    talks: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time_ns", lambda: 1_700_000_000_000_000_000)
    out, wrong = found_wrong(talks)
    assert wrong == "the clock is behind the log, so nothing can be recorded"
    assert "seconds behind the last entry of the log  set it right; if it is right, `" in out


def test_the_doctor_finds_files_that_others_may_read(sqlite_talks: str) -> None:
    path = StoreUrl.parse(sqlite_talks).log_path
    path.chmod(0o644)
    out, wrong = found_wrong(sqlite_talks)
    assert wrong == "others may read the store"
    assert f"others may read {path.name}  chmod o= {path.name}" in out


def test_the_doctor_finds_a_disk_without_room(
    sqlite_talks: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = shutil.disk_usage("/")._replace(free=1_000)
    monkeypatch.setattr("shutil.disk_usage", lambda _: full)
    assert found_wrong(sqlite_talks)[1] == "the disk is nearly full"


def test_a_replay_stops_at_an_event_that_is_not_as_it_was_recorded(talks: str) -> None:
    url = StoreUrl.parse(talks)
    with closing(EventLog.open(url)) as log:
        row = next(log.rows(19))
    overwrite(url, 20, row[4].replace(b"berlin-talks", b"berlin-tales"))
    for words in (("replay",), ("replay", "--check")):
        line = one_line(standline(*words, "--store", talks))
        assert line.startswith("event 20, or one before it, is not as it was recorded")
        assert line.endswith("`standline replay --as-it-is` goes on with this log all the same")
    assert done("replay", "--as-it-is", "--store", talks).out == "rebuilt from 91 events\n"


def test_a_replay_of_an_older_log_must_be_asked_for(talks: str) -> None:
    lose_events_from(talks, 80)
    for words in ("topics", "replay", "replay --check", "log"):
        line = one_line(standline(*words.split(), "--store", talks))
        assert line.startswith("this log ends at event 79, and what pages read was made from")
    assert done("replay", "--as-it-is", "--store", talks).out == "rebuilt from 79 events\n"
    done("topics", "--store", talks)


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
    assert whole(told) == [["events", "indexes", "positions"]]


def test_what_is_done_within_a_second_shows_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal() as shown, options.Progress() as progress:
        progress("events", 5, 10)
        assert shown() == ""
        monkeypatch.setattr(options, "SOON", 0)
        progress("events", 6, 10)
        assert "60%" in shown()


def test_a_bar_ends_at_its_whole_unless_it_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options, "SOON", 0)
    with terminal() as shown:
        with options.Progress() as progress:
            progress("hashes", 5, 10)
            progress("hashes", 7, 12)
            progress("lanes", 2, 3)
        assert whole(shown()) == [["hashes"], ["lanes"]]
        with options.Progress() as progress:
            progress("hashes", 5, 10)
            progress.break_off()
        with suppress(ValueError), options.Progress() as progress:
            progress("pages", 1, 10)
            raise ValueError
        assert "100%" not in shown()


def test_all_the_work_has_one_bar_that_never_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options, "SOON", 0)
    with terminal() as shown:
        with options.Progress({"reading": 60, "events": 30, "positions": 10}) as progress:
            for what, done, of in (
                ("reading", 1, 2),
                ("reading", 0, 0),
                ("events", 1, 3),
                ("events", 9, 3),
                ("events", 1, 6),
                ("positions", 1, 2),
            ):
                progress(what, done, of)
        told = shown()
    assert whole(told) == [["reading", "events", "positions"]]
    assert re.findall(r"\d+%", told) == ["30%", "70%", "90%", "95%", "100%"]


def test_the_rest_takes_as_long_as_what_is_through(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(monotonic=iter([0.0, *[10.0] * 2, *[300.0] * 4]).__next__)
    monkeypatch.setattr(options, "time", clock)
    with terminal() as shown, options.Progress({"reading": 50, "events": 50}) as progress:
        progress("reading", 1, 2)
        progress("events", 1, 2)
        told = shown()
    assert "25%  30 s left" in told
    assert "75%  2 min left" in told


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


def test_a_doctor_names_feeds_that_fail_and_since_when(talks: str) -> None:
    hour = 3_600_000_000
    fine = after_reading(Feed(address="https://fine.example/feed"), hour)
    broken = Feed(address="https://broken.example/feed")
    for now in (hour, 2 * hour):
        broken = after_failing(broken, now, Refused(SOURCE_STATUS, status="410"))
    with closing(open_store(talks)) as services:
        for feed in (fine, broken):
            services.desk.feeds.keep(feed)
    said = done("doctor", "--store", talks).out
    (line,) = [one for one in said.splitlines() if one.startswith("feed ")]
    assert "https://broken.example/feed  failing since 1970-01-01T01:00:00Z" in line
    assert "it answers with status 410" in line
