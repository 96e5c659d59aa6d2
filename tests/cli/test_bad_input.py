"""Bad input: one clear line that says what, where and how to mend it, and never a traceback."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from pysqlite3 import dbapi2  # type: ignore[import-untyped]  # pysqlite3 ships no types

from tests.cli.terminal import (
    REFUSED,
    TALKS,
    VOTES,
    Answer,
    answered,
    done,
    only_line,
    ran,
    refused,
    standline,
)

if TYPE_CHECKING:
    from tests.support.postgres import PostgresServer

GOOD: dict[str, Any] = {
    "topic": "harbour",
    "topic_question": "Should the harbour be dredged?",
    "actor": "Jörg Müller",
    "stance": "accepts",
    "said_at": "2025-12-14",
    "source": {"outlet": "Harbour News", "published_at": "2025-12-15"},
}
HEADERS = "topic,topic_question,actor,stance,said_at,source.outlet,source.published_at\n"
CELLS = "harbour,Should it?,Jörg Müller,accepts,2025-12-14,Harbour News,2025-12-15\n"
QUOTED = {"attribution": "quoted"}

ROWS: dict[str, tuple[dict[str, Any], str]] = {
    "stance": (
        {"stance": "loves"},
        "column stance: stance 'loves' is not a word of the position scale; use one of: opposes,",
    ),
    "date": (
        {"said_at": "14.13.2025"},
        "column said_at: there is no date '2025-13-14'; months run from 01 to 12",
    ),
    "no day": ({"said_at": "2025-02-30"}, "column said_at: "),
    "open end": ({"said_at": "2025-12-14/.."}, "column said_at: "),
    "unknown field": ({"stanze": "x"}, "column stanze: there is no field 'stanze'; did you mean"),
    "NUL": (
        {"quote": {"text": "a\0b"}, **QUOTED},
        "column quote.text: the text contains a control character, U+0000, in place 2; remove it",
    ),
    "bidi": ({"paraphrase": "a\u202eb"}, "column paraphrase: the text contains an invisible"),
    "a lone surrogate": ({"paraphrase": "a\ud800"}, "JSON object (\\ud800 is half a character)"),
    "NUL in a name": ({"actor": "a\0b"}, "column actor: the text contains a control character"),
    "5 MB quote": (
        {"quote": {"text": "a" * 5_000_000}, **QUOTED},
        "column quote.text: the text has 5000000 characters, 20000 are allowed; shorten it",
    ),
    "5 MB name": (
        {"actor": "a" * 5_000_000},
        "the text has 5000000 characters, 200 are allowed; shorten it",
    ),
    "a list for a word": ({"stance": ["accepts"]}, "column stance: "),
    "no actor": ({"actor": None}, "column actor: "),
    "no date": ({"said_at": None, "source": {"outlet": "Us"}}, "column said_at: neither the day"),
    "bad address": ({"source": {"url": "javascript:alert(1)"}}, "column source.url: "),
}

FILES: dict[str, tuple[bytes, str]] = {
    "zero.jsonl": (b"", "zero.jsonl: the file is empty; give a file with at least one row"),
    "blank.csv": (b"\n \n", "blank.csv: the file is empty; give a file with at least one row"),
    "tilde.csv": (
        (HEADERS + CELLS).replace(",", "~").encode(),
        "tilde.csv, line 1: none of the headers is a field of ours: topic~topic_question~",
    ),
    "foreign.csv": (
        b"who,what,when\nAnn,yes,2025\n",
        "say what they mean in a map (--map), or begin with a line of headers",
    ),
    "stray.csv": (
        HEADERS.replace("stance", "stanze").encode() + CELLS.encode(),
        "stray.csv, line 1: there is no field 'stanze'; did you mean stance?",
    ),
    "front.json": (
        b'{"topics":[],"as_of":null}',
        "front.json: this is the front page as data, which holds",
    ),
    "photo.png": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "photo.png, line 1: byte 0x89 at "),
    "cut.csv.gz": (b"\x1f\x8b\x08\x00\x00\x00\x00\x00", "cut.csv.gz: the packed file is damaged"),
}

REJECTED: dict[str, tuple[bytes, str]] = {
    "latin.csv": (
        (HEADERS + CELLS).encode("latin-1"),
        "latin.csv, line 2, column actor: byte 0xF6 at character 2 is not UTF-8; declare the file",
    ),
    "latin.jsonl": (
        json.dumps(GOOD, ensure_ascii=False).encode("latin-1"),
        "latin.jsonl, line 1: byte 0xF6 at character ",
    ),
    "short.csv": (
        (HEADERS + "harbour,Should it?\n").encode(),
        "short.csv, line 2: the row has 2 cells, the header 7; quote cells that hold the",
    ),
    "cut.jsonl": (b'{"topic": \n', "cut.jsonl, line 1: the line is not a JSON object ("),
    "list.jsonl": (b'{"topic": "x"}\n[1]\n', "list.jsonl, line 2: the line is not a JSON object ("),
    "nul.csv": (
        (HEADERS + CELLS.replace("Should", "Sho\0uld")).encode(),
        "column topic_question: the text contains a control character, U+0000",
    ),
    "huge.csv": (
        (HEADERS + CELLS.replace("Should", "S" * 5_000_000)).encode(),
        "huge.csv, line 2, column topic_question: the text has ",
    ),
}

MAPS: dict[str, tuple[bytes | None, str]] = {
    "none.toml": (None, "none.toml: the map cannot be read (No such file or directory); check"),
    "broken.toml": (b"a = [", "broken.toml: the map is not TOML: "),
    "latin.toml": ("ä = 1".encode("latin-1"), "latin.toml: the map is not UTF-8; save it as"),
    "key.toml": (b"delimiter = ';'", "in a map; did you mean delimiter under [file]?"),
    "empty.toml": (b"", "line 1: the map says nothing of the column "),
}


def saved(folder: Path, name: str, content: bytes) -> str:
    (folder / name).write_bytes(content)
    return str(folder / name)


def imported(store: str, folder: Path, name: str, content: bytes) -> Answer:
    return standline("import", saved(folder, name, content), "--store", store)


@pytest.mark.few(2)
@pytest.mark.parametrize("name", ROWS)
def test_a_bad_row_is_told_with_its_line_and_column_and_the_good_ones_go_in(
    sqlite_url: str, tmp_path: Path, name: str
) -> None:
    change, line = ROWS[name]
    rows = (GOOD, GOOD | change)
    content = "".join(json.dumps(row) + "\n" for row in rows).encode()
    answer = imported(sqlite_url, tmp_path, "rows.jsonl", content)
    assert answer.status == REFUSED
    told = only_line(answer.err)
    assert told.startswith("rows.jsonl, line 2")
    assert line in told
    assert len(told) < 400
    assert answer.out.startswith("1 row recorded\n1 rejected\n")


@pytest.mark.thorough
@pytest.mark.few(3)
@pytest.mark.parametrize("name", REJECTED)
def test_a_row_that_cannot_be_read_is_told_with_its_line(
    sqlite_url: str, tmp_path: Path, name: str
) -> None:
    content, line = REJECTED[name]
    answer = imported(sqlite_url, tmp_path, name, content)
    assert answer.status == REFUSED
    assert line in answer.err.splitlines()[-1]
    assert answer.out.endswith(" rejected\n")


@pytest.mark.thorough
@pytest.mark.few(3)
@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_read_is_refused_in_one_line(
    sqlite_url: str, tmp_path: Path, name: str
) -> None:
    content, line = FILES[name]
    answer = imported(sqlite_url, tmp_path, name, content)
    assert answer.status == REFUSED
    assert line in only_line(answer.err)


@pytest.mark.parametrize("name", MAPS)
def test_a_map_that_cannot_be_read_is_refused_in_one_line(
    sqlite_url: str, tmp_path: Path, name: str
) -> None:
    content, line = MAPS[name]
    file = saved(tmp_path, "rows.csv", (HEADERS + CELLS).encode())
    if content is not None:
        saved(tmp_path, name, content)
    map_ = str(tmp_path / name)
    assert line in refused("import", file, "--map", map_, "--store", sqlite_url)


def test_a_file_that_is_not_there_is_refused_before_any_other_is_read(
    sqlite_url: str, tmp_path: Path
) -> None:
    missing = str(tmp_path / "none.jsonl")
    line = refused("import", *TALKS, missing, "--store", sqlite_url)
    assert line == f"{missing}: there is no such file; check the path"
    assert not Path(sqlite_url.removeprefix("sqlite:///")).exists()


def test_a_folder_is_no_file(sqlite_url: str, tmp_path: Path) -> None:
    line = refused("import", str(tmp_path), "--store", sqlite_url)
    assert line == f"{tmp_path}: this is a folder, not a file; name the file inside it"


def test_rejects_that_cannot_be_written_are_refused(sqlite_url: str, tmp_path: Path) -> None:
    file = saved(tmp_path, "rows.jsonl", json.dumps(GOOD | {"stance": "loves"}).encode())
    line = refused("import", file, "--rejects", "/proc/rejects", "--store", sqlite_url)
    assert line.startswith("/proc/rejects: the rejects cannot be written (")


@pytest.mark.parametrize("words", ["positions -n", "changes -n", "log -n", "show", "retract"])
def test_a_number_that_no_record_reaches_is_wrong_usage(sqlite_url: str, words: str) -> None:
    answer = standline(*words.split(), "9" * 24, "--store", sqlite_url)
    assert answer.status == 2
    assert "is too large a number; see standline" in answer.err


@pytest.mark.thorough
@pytest.mark.parametrize(
    "words", ["topics", "doctor", "replay", "log", f"import {TALKS[0]}", "serve --port 0"]
)
@pytest.mark.parametrize(
    ("store", "line"),
    [
        ("letter.db", "letter.db cannot be opened as a store: file is not a database; name"),
        ("other.db", "other.db is a database of something else; name another file"),
        ("newer.db", "newer.db was written by a newer Standline; update Standline"),
        ("folder.db", "folder.db cannot be opened as a store: unable to open database file; "),
    ],
)
def test_a_store_that_is_not_ours_is_refused_and_left_alone(
    tmp_path: Path, words: str, store: str, line: str
) -> None:
    path = strange(tmp_path, store)
    before = path.read_bytes() if path.is_file() else None
    told = refused(*words.split(), "--store", f"sqlite:///{path}")
    assert told.startswith("--store: ")
    assert line in told
    assert (path.read_bytes() if path.is_file() else None) == before
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def strange(folder: Path, name: str) -> Path:
    path = folder / name
    match name:
        case "letter.db":
            path.write_text("Dear editor,\n" * 400)
        case "other.db":
            with dbapi2.connect(path) as other:
                other.execute("CREATE TABLE letters (words)")
        case "newer.db":
            make_newer(path)
        case _:
            path.mkdir()
    return path


def make_newer(path: Path) -> None:
    done("import", *TALKS, "--store", f"sqlite:///{path}")
    with dbapi2.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("PRAGMA user_version = 999")
    for beside in path.parent.glob(f"{path.stem}.*"):
        if beside != path:
            beside.unlink()


@pytest.mark.parametrize(
    ("store", "line"),
    [
        ("mysql://ann@host/news", "'mysql://ann@host/news' is not the address of a store; use"),
        ("sqlite:///", "'sqlite:///' is not the address of a store"),
        ("sqlite:///:memory:", "is not the address of a store"),
        ("sqlite:////proc/news.db", "/proc/news.db cannot be opened as a store: "),
        (
            "postgresql://127.0.0.1:1/news",
            'to server at "127.0.0.1", port 1 failed: Connection refused; check the address and',
        ),
        ("postgresql://%zz", "the database cannot be used as a store: invalid percent-encoded"),
    ],
)
def test_an_address_of_no_store_is_refused(store: str, line: str) -> None:
    told = refused("import", *TALKS, "--store", store)
    assert told.startswith("--store: ")
    assert line in told


def test_a_path_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("Dear editor")
    told = refused("import", *TALKS, "--store", f"sqlite:///{tmp_path}/letter/news.db")
    assert told.startswith(f"--store: there is no folder {tmp_path}/letter; ")


def test_a_database_of_something_else_is_refused(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE SCHEMA log")
    told = refused("import", *TALKS, "--store", postgres_url)
    assert told.endswith("; give Standline a database of its own")


def test_a_database_of_a_newer_standline_is_refused(postgres_url: str) -> None:
    done("import", *TALKS, "--store", postgres_url)
    with psycopg.connect(postgres_url) as connection:
        connection.execute("UPDATE log.standline SET schema_version = 999")
    told = refused("topics", "--store", postgres_url)
    assert told.endswith("was written by a newer Standline; update Standline")


def test_a_database_that_goes_away_is_told_in_one_line(own_postgres: PostgresServer) -> None:
    done("import", *TALKS, "--store", own_postgres.url)
    own_postgres.kill()
    assert refused("topics", "--store", own_postgres.url).startswith("--store: the database ")
    own_postgres.start()
    assert len(answered("topics", "--store", own_postgres.url)) == 14


@pytest.mark.few(1)
@pytest.mark.parametrize(
    "damage", [b"", b"not a database", b"\0" * 8192], ids=["empty", "text", "zeros"]
)
def test_damaged_read_models_are_made_anew_by_the_next_command(
    sqlite_talks: str, damage: bytes
) -> None:
    before = answered("positions", "--store", sqlite_talks)
    log = Path(sqlite_talks.removeprefix("sqlite:///"))
    (read,) = log.parent.glob("*.read-*.db")
    for beside in log.parent.glob(f"{read.name}-*"):
        beside.unlink()
    read.write_bytes(damage)
    assert answered("positions", "--store", sqlite_talks) == before


@pytest.mark.thorough
def test_a_process_shows_no_traceback_either(tmp_path: Path) -> None:
    letter = tmp_path / "letter.db"
    letter.write_text("Dear editor,\n" * 400)
    answer = ran("topics", "--store", f"sqlite:///{letter}")
    assert answer.status == REFUSED
    assert only_line(answer.err).startswith("--store: ")


@pytest.mark.thorough
@pytest.mark.parametrize("words", ["log", "doctor", "export --format log"])
@pytest.mark.parametrize("after", [b"", b"\xaa" * 200_000])
def test_a_damaged_log_is_told_with_the_way_back(sqlite_url: str, words: str, after: bytes) -> None:
    done("import", *VOTES, "--store", sqlite_url)
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    with closing(dbapi2.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    with path.open("r+b") as file:
        file.seek(50_000)
        file.write(after)
        file.truncate(None if after else 50_000)
    answer = standline(*words.split(), "--store", sqlite_url)
    assert answer.status == REFUSED
    told = only_line(answer.err)
    assert "is malformed; " in told
    assert "restore it from a backup, or bring its last full log into a new store" in told
