from __future__ import annotations

import stat
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import click
import pytest

from tests.cli.terminal import (
    DONE,
    INTERRUPTED,
    REFUSED,
    TALKS,
    USAGE,
    Answer,
    answered,
    done,
    ended,
    one_line,
    ran,
    refused,
    standline,
)
from tests.support.loaded_processes import LoadedCommand
from timeline.bootstrap import open_store
from timeline.cli import cli, commands, summary_of
from timeline.cli.options import place_of
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMMANDS = [
    "demo",
    "init",
    "clock",
    "serve",
    "import",
    "export",
    "topics",
    "actors",
    "positions",
    "changes",
    "log",
    "record",
    "replay",
    "doctor",
]


def command_called(*words: str) -> click.Command:
    command: click.Command = cli
    for word in words:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), word)
        assert found is not None
        command = found
    return command


def every_command() -> Iterator[tuple[str, ...]]:
    for name in commands():
        yield (name,)
        command = command_called(name)
        if isinstance(command, click.Group):
            yield from ((name, inner) for inner in command.commands)


GROUPS = {("record",), ("user",), ("documents",), ("analyse",)}
LEAVES = [words for words in every_command() if words not in GROUPS]
STORELESS = {("scales",)}
"""Commands that ask no store."""


def test_the_commands_of_the_contract_are_there() -> None:
    assert set(COMMANDS) <= commands().keys()


def test_every_command_explains_itself() -> None:
    for words in ((), *every_command()):
        told = done(*words, "--help").out
        assert told == done(*words, "-h").out
        assert told.startswith(f"Usage: {' '.join(('standline', *words))} ")
        assert "..." not in told.partition("Commands:")[2], "a summary is cut short"


def test_every_command_takes_a_store() -> None:
    asking = [words for words in LEAVES if words not in STORELESS]
    assert [words for words in asking if "--store URL" not in done(*words, "--help").out] == []


def test_the_help_says_of_a_command_what_it_says_itself() -> None:
    assert {name: summary_of(entry) for name, entry in commands().items()} == {
        name: command_called(name).get_short_help_str(200) for name in commands()
    }


def test_every_option_says_what_it_is_for() -> None:
    options = [
        (words, each)
        for words in LEAVES
        for each in command_called(*words).params
        if isinstance(each, click.Option)
    ]
    assert options
    assert [(words, it.name) for words, it in options if not it.help and not it.required] == []


@pytest.mark.parametrize("words", [(), ("record",)])
def test_without_arguments_the_help_comes_on_the_error_output(words: tuple[str, ...]) -> None:
    answer = standline(*words)
    assert (answer.status, answer.out) == (USAGE, "")
    assert answer.err == done(*words, "--help").out


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("publis", "No such command 'publis'; see standline --help"),
        ("positons", "No such command 'positons'; did you mean positions?; see standline --help"),
        ("--store x doctor", "No such option '--store'; name the store behind the command, as in"),
        ("user ad", "No such command 'ad'; did you mean add?; see standline user --help"),
        ("record opinion", "No such command 'opinion'; see standline record --help"),
        ("topics --jsn", "No such option '--jsn'"),
        ("topics extra", "Got unexpected extra argument (extra); see standline topics --help"),
        ("import", "Missing argument 'FILE...'; see standline import --help"),
        ("serve --port 80000", "Invalid value for '--port': 80000 is not in the range"),
        (
            "serve --port many",
            "Invalid value for '--port': 'many' is not a valid whole number",
        ),
        ("log --from first", "Invalid value for '--from': 'first' is not a valid whole number;"),
        ("log --from -1", "Invalid value for '--from'"),
        ("record statement --topic eu-accession", "Missing option '--actor'"),
    ],
)
def test_a_wrong_usage_is_one_line_and_status_two(words: str, line: str) -> None:
    assert one_line(standline(*words.split()), USAGE).startswith(line)


def test_the_version_is_told() -> None:
    assert done("--version").out.startswith("standline, version ")


def test_the_store_is_named_by_the_environment_and_the_option_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = (f"sqlite:///{tmp_path / name}.db" for name in ("one", "other"))
    monkeypatch.setenv("STANDLINE_STORE", one)
    done("import", *TALKS)
    assert len(answered("topics")) == 14
    assert refused("topics", "--store", other).startswith("--store: there is no store at ")


def test_without_either_the_store_lies_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done("import", *TALKS)
    assert (tmp_path / "standline.db").exists()
    assert {path.name.split(".")[0] for path in tmp_path.iterdir()} == {"standline"}
    assert len(answered("topics")) == 14


@pytest.mark.parametrize(
    "words",
    [
        *["topics", "actors", "positions", "changes", "log", "replay", "doctor", "export"],
        "serve --port 0",
    ],
)
def test_only_an_import_and_init_make_a_store(words: str, new_store_url: str) -> None:
    for _ in range(2):
        told = refused(*words.split(), "--store", new_store_url)
        assert told.startswith("--store: there is no store ")
        assert "or make one with `standline init` or an import" in told


def test_init_makes_a_store_once(new_store_url: str) -> None:
    place = place_of(StoreUrl.parse(new_store_url))
    assert done("init", "--store", new_store_url).out == f"made a store at {place}\n"
    done("import", *TALKS, "--store", new_store_url)
    assert done("init", "--store", new_store_url).out == f"there is a store already at {place}\n"
    assert len(answered("topics", "--store", new_store_url)) == 14


@pytest.mark.thorough
@pytest.mark.parametrize("command", ["init", "import"])
def test_a_store_is_its_owner_s_alone(command: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'newsroom.db'}"
    done(command, *(TALKS if command == "import" else ()), "--store", url)
    with closing(open_store(url)) as services:
        services.desk.drafts.count()
        services.newsroom.stories.open(services.newsroom.byline("ann"), "Talks")
        services.models.catch_up()
        services.models.rebuild()
        rights = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert {"newsroom.db", "newsroom.db-wal", "newsroom.db-shm"} < rights.keys()
    assert {"newsroom.desk.db-wal", "newsroom.read-2.db-wal", "newsroom.rebuild.db"} < rights.keys()
    assert set(rights.values()) == {0o600}


def test_a_record_in_no_store_makes_none(sqlite_url: str) -> None:
    given = [
        "--topic",
        "eu-accession",
        "--actor",
        "russia",
        "--stance",
        "accepts",
        "--source-outlet",
        "Us",
    ]
    line = refused("record", "statement", *given, "--store", sqlite_url)
    assert line.startswith("--store: there is no store at ")


@pytest.mark.thorough
def test_the_status_is_that_of_the_process(sqlite_talks: str, tmp_path: Path) -> None:
    assert ran("topics", "--store", sqlite_talks).status == DONE
    assert ran("topics", "--store", f"sqlite:///{tmp_path}/none.db").status == REFUSED
    assert ran("topics", "--nothing").status == USAGE


@pytest.mark.thorough
def test_a_module_run_and_the_program_are_the_same(sqlite_talks: str) -> None:
    in_process = standline("topics", "--json", "--store", sqlite_talks)
    assert ran("topics", "--json", "--store", sqlite_talks) == in_process
    assert isinstance(in_process, Answer)


@pytest.mark.thorough
@pytest.mark.parametrize("words", [("topics", "--json"), ("topics", "--nothing"), ("show", "0")])
def test_a_process_that_began_with_all_loaded_answers_as_any_other(
    sqlite_talks: str, words: tuple[str, ...]
) -> None:
    assert ended(LoadedCommand(*words, "--store", sqlite_talks)) == ran(
        *words, "--store", sqlite_talks
    )


LOADING = """
import sys
class Interrupted:
    def find_spec(self, name, path, target=None):
        if name == "timeline.cli":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupted())
from timeline.__main__ import main
main()
"""


def test_a_command_can_be_stopped_while_it_loads() -> None:
    stopped = subprocess.run(
        [sys.executable, "-c", LOADING], capture_output=True, text=True, check=False
    )
    assert (stopped.returncode, stopped.stdout) == (INTERRUPTED, "")
    assert stopped.stderr == "\nstandline: stopped\n"


def test_a_file_that_may_not_be_read_is_refused_and_no_wrong_usage() -> None:
    paths = [
        each.type
        for command in (command_called("import"), command_called("export"))
        for each in command.params
        if isinstance(each.type, click.Path)
    ]
    assert len(paths) == 4
    assert not any(path.readable for path in paths)
