"""Four eyes belong to the store: no start, no command and no restore loses them in silence."""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.cli.terminal import USAGE, done, one_line, standline
from tests.cli.test_serving import serving
from tests.support.four_eyes import ask_for_four_eyes
from timeline.bootstrap import open_store
from timeline.desk.accounts.roles import Role

if TYPE_CHECKING:
    from pathlib import Path

QUIET = ("--port", "0", "--store")
NEEDS = "here a second person agrees to what is recorded"


def asking(store: str) -> None:
    """Let a store ask for four eyes, and have an admin and an editor."""
    with closing(open_store(store)) as services:
        ask_for_four_eyes(services)
        services.desk.people.add("ada", "Ada", Role.ADMIN, services.clock())
        services.desk.people.add("mira", "Mira", Role.EDITOR, services.clock())


def head(store: str) -> int:
    with closing(open_store(store)) as services:
        return services.log.head()


def test_a_start_without_four_eyes_keeps_to_those_that_were_asked_for_once(talks: str) -> None:
    with serving("serve", "--four-eyes", *QUIET, talks) as server:
        assert "at every start: --four-eyes" in server.printed
    with serving("serve", *QUIET, talks) as server:
        (line,) = re.findall(r"^two .*$", server.printed, re.MULTILINE)
        assert "this store asks for four eyes since 20" in line
        assert server.asked("/record", "POST").status == 401
    with closing(open_store(talks)) as services:
        assert [note.asked for note in services.log.four_eyes()] == [True]


def test_a_store_that_asked_for_nothing_says_nothing_of_it(talks: str) -> None:
    with serving("serve", *QUIET, talks) as server:
        assert [line.split()[0] for line in server.printed.splitlines()] == ["local", "serving"]
    assert done("four-eyes", "--store", talks).out == "one person records alone\n"


@pytest.mark.parametrize(
    "command",
    [
        ("correct", "{n}", "--paraphrase", "Other words.", "--reason", "Wrong."),
        ("retract", "{n}", "--reason", "Wrong."),
        ("link", "{n}", "repeats", "{other}"),
        ("merge", "volodymyr-zelensky", "ukraine", "--reason", "The same."),
        ("reword", "eu-accession", "Should it join now?", "--same-meaning", "--reason", "Plainer."),
    ],
)
def test_no_command_changes_the_record_alone_where_four_eyes_were_asked_for(
    talks: str, command: tuple[str, ...]
) -> None:
    asking(talks)
    with closing(open_store(talks)) as services:
        said = [at for at, event in services.log.stream() if event.TOPIC == "statement.recorded"]
    before = head(talks)
    filled = [part.format(n=said[0], other=said[-1]) for part in command]
    assert NEEDS in one_line(standline(*filled, "--store", talks))
    assert head(talks) == before


def test_no_import_records_or_updates_alone_where_four_eyes_were_asked_for(
    talks: str, tmp_path: Path
) -> None:
    asking(talks)
    before = head(talks)
    file = tmp_path / "new.jsonl"
    file.write_text(
        '{"kind": "statement", "topic": "eu-accession", "actor": "ukraine", "stance": "supports",'
        ' "paraphrase": "Says so anew.", "said_at": "2025-12-20", "key": "k1",'
        ' "source": {"outlet": "Invented Times", "published_at": "2025-12-20"}}\n'
    )
    for more in ((), ("--update", "Anew.")):
        told = one_line(standline("import", str(file), *more, "--store", talks))
        assert told == (
            "an import records what one person decided, and here a second one agrees; code it on"
            " the site, or let an admin lift that first: `standline four-eyes --lift`"
        )
    assert head(talks) == before


def test_nothing_under_embargo_comes_on_record_alone(talks: str) -> None:
    asking(talks)
    said = ("record", "statement", "--topic", "eu-accession", "--actor", "ukraine")
    words = ("--stance", "supports", "--paraphrase", "Says so anew.", "--said-at", "2025-12-20")
    source = ("--source-outlet", "Invented Times", "--source-published-at", "2025-12-20")
    for until in ((), ("--embargo-until", "2099-01-01T00:00:00Z")):
        answer = standline(*said, *words, *source, *until, "--store", talks)
        assert NEEDS in one_line(answer)
    with closing(open_store(talks)) as services:
        assert services.desk.embargoes.waiting() == []


def test_an_admin_lifts_four_eyes_with_a_reason_that_stays_with_the_store(talks: str) -> None:
    asking(talks)
    lift = ("four-eyes", "--lift", "--store", talks)
    assert standline(*lift).status == USAGE
    told = one_line(standline(*lift, "--by", "mira", "--reason", "Short of people."))
    assert "mira is no admin here" in told
    shown = done(*lift, "--by", "ada", "--reason", "Short of people.").out
    assert "lifted by ada: Short of people." in shown
    assert shown.endswith("one person records alone\n")
    number = head(talks)
    done("retract", str(statement(talks)), "--reason", "Wrong.", "--store", talks)
    assert head(talks) > number
    assert done("four-eyes", "--store", talks).out == shown


def statement(store: str) -> int:
    with closing(open_store(store)) as services:
        return next(
            at for at, event in services.log.stream() if event.TOPIC == "statement.recorded"
        )


def test_a_backup_brings_four_eyes_along(talks: str, tmp_path: Path) -> None:
    asking(talks)
    kept = tmp_path / "kept.standline.zip"
    done("backup", str(kept), "--store", talks)
    again = f"sqlite:///{tmp_path / 'again.db'}"
    done("restore", str(kept), "--store", again)
    with closing(open_store(again)) as services:
        assert services.log.asks_four_eyes()


@pytest.mark.few(1)
@pytest.mark.parametrize("named", [(), ("--name", "news.example")])
def test_where_the_desk_cannot_be_read_everybody_reads_and_nobody_records(
    sqlite_talks: str, named: tuple[str, ...]
) -> None:
    with closing(open_store(sqlite_talks)) as services:
        services.desk.people.add("ada", "Ada", Role.ADMIN, services.clock())
        desk = services.url.beside("desk.db")
    desk.write_bytes(b"of somebody else" * 500)
    before = head(sqlite_talks)
    with serving("serve", *named, *QUIET, sqlite_talks) as server:
        (line,) = re.findall(r"^desk .*$", server.printed, re.MULTILINE)
        assert line.startswith("desk     nobody signs in or records: ")
        assert server.asked("/t/eu-accession").status == 200
        for path in ("/record", "/record/topic", f"/record/{statement(sqlite_talks)}/retract"):
            assert server.asked(path, "POST", "reason=Wrong.").status in {401, 403}
        assert server.asked("/api/v1/topics", "POST", "{}").status == 401
    assert head(sqlite_talks) == before
