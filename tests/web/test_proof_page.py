"""The proof of an entry on the site, and the files by which anybody checks it offline."""

from __future__ import annotations

import base64
import gzip
import html
import json
import re
import subprocess
import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from pymerkle import InmemoryTree

from tests.stores.newsroom import introduced
from tests.web.site import plain
from timeline.ledger.merkle import Edge
from timeline.rotating import rotate_key
from timeline.stores.chain import leaf_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.web.paper import Paper


@pytest.fixture(autouse=True)
def _own_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STANDLINE_KEY", str(tmp_path / "test.key"))


def last_line(folder: Path, *files: str, key: str) -> str:
    """Return what the checker that the site gives out says at last."""
    bare = [sys.executable, "-I", "-S", str(folder / "check.py")]
    paths = [file if file.startswith("--") else str(folder / file) for file in files]
    done = subprocess.run(
        [*bare, *paths, "--key", key], capture_output=True, text=True, check=False
    )
    return done.stdout.splitlines()[-1]


def fetch(paper: Paper, folder: Path, path: str, name: str) -> str:
    answer = paper.open(path)
    assert answer.status_code == 200, plain(answer.text)
    (folder / name).write_text(answer.text, encoding="utf-8", newline="")
    return answer.text


def key_of(page: str) -> str:
    match = re.search(r"--key (\S+?)</pre>", page)
    assert match is not None
    return match[1].replace("&#43;", "+")


def test_a_reader_checks_an_entry_with_what_the_site_gives_out(
    paper: Paper, tmp_path: Path
) -> None:
    number = paper.numbers["no"]
    kept = fetch(paper, tmp_path, "/checkpoint", "kept")
    paper.newsroom.stories.open(paper.dora(), "Another story", slug="another")
    key = key_of(paper.open(f"/s/{number}/proof").text)
    fetch(paper, tmp_path, "/check.py", "check.py")
    fetch(paper, tmp_path, f"/s/{number}.tlog-proof", "proof")
    fetch(paper, tmp_path, f"/growth?old={kept.splitlines()[1]}", "growth")
    told = last_line(tmp_path, "proof", "kept", "growth", key=key)
    assert told == "unchanged since it was recorded"
    forged = (tmp_path / "proof").read_text(encoding="utf-8").replace("index ", "index 1")
    (tmp_path / "proof").write_text(forged, encoding="utf-8")
    assert last_line(tmp_path, "proof", key=key).startswith("DOES NOT HOLD")


def test_the_page_says_the_answer_first_and_leads_to_it_from_the_entry(paper: Paper) -> None:
    number = paper.numbers["no"]
    assert f'href="/s/{number}/proof"' in paper.open(f"/s/{number}").text
    text = paper.read(f"/s/{number}/proof")
    assert f"Was entry {number} changed since it was recorded? No. It is, byte for byte" in text
    size = paper.services.log.count()
    assert re.search(rf"It is event \d+ of {size}\.", text)


def test_the_ladder_on_the_page_ends_at_the_root(paper: Paper) -> None:
    for number in {*paper.numbers.values()}:
        page = paper.open(f"/s/{number}/proof").text
        root = paper.services.log.tree().root().hex()[:16]
        assert f"<b>{root}</b>" in page
        blocks = re.findall(r'<th scope="row">(\d+)(?:–(\d+))?</th>', page)
        covered = sorted((int(first), int(last or first)) for first, last in blocks)
        assert covered[0][0] == 1
        assert all(one[1] + 1 == other[0] for one, other in pairwise(covered))
        assert covered[-1][1] == paper.services.log.count()


def test_an_entry_that_was_changed_in_the_file_is_told_first(paper: Paper) -> None:
    number = paper.numbers["no"]
    (row,) = paper.services.log.rows(number - 1, number)
    recorder = paper.services.log._recorder  # noqa: SLF001 - somebody with the file in hand
    recorder.overwrite({number: row[4].replace(b"Rejects", b"Rejekts")})
    text = paper.read(f"/s/{number}/proof")
    assert "This entry does not match its proof." in text
    assert "byte for byte" not in text


def extra_of(paper: Paper, number: int) -> bytes:
    line = paper.open(f"/s/{number}.tlog-proof").text.splitlines()[1]
    return base64.b64decode(line.removeprefix("extra "))


def words_of(paper: Paper, number: int) -> bytes:
    return base64.b64decode(json.loads(extra_of(paper, number))["content"] or "")


def test_withheld_words_are_in_no_proof(paper: Paper) -> None:
    number = paper.numbers["no"]
    assert b"Rejects" in words_of(paper, number)
    paper.newsroom.statements.retract(paper.dora(), number, "Private.", withhold=True)
    assert words_of(paper, number) == b""
    held = extra_of(paper, number)
    assert b'"content":null' in held
    assert b'"salt":null' in held
    assert "Its words are withheld" in paper.read(f"/s/{number}/proof")


def test_tiles_are_the_hashes_of_the_log(paper: Paper) -> None:
    leaves = [leaf_of(row) for row in paper.services.log.rows()]
    answer = paper.open(f"/tile/0/000.p/{len(leaves)}")
    assert answer.data == b"".join(leaves)
    root = paper.open("/checkpoint").text.splitlines()[2]
    assert base64.b64decode(root) == Edge().grown(leaves).root


def test_entries_are_given_out_as_monitors_ask_for_them(paper: Paper) -> None:
    checkpoint = paper.open("/checkpoint")
    assert checkpoint.headers["Cache-Control"] == "no-cache"
    _, size, root, *_ = checkpoint.text.splitlines()
    answer = paper.open(f"/tile/entries/000.p/{size}")
    assert answer.mimetype == "application/octet-stream"
    assert "immutable" not in answer.headers["Cache-Control"]
    other, data = InmemoryTree(algorithm="sha256"), answer.data
    while data:
        end = 2 + int.from_bytes(data[:2], "big")
        other.append_entry(data[2:end])
        data = data[end:]
    assert other.get_root() == base64.b64decode(root)
    assert b"Rejects" not in answer.data


def test_what_is_full_is_kept_for_good_and_packed_for_who_takes_it(paper: Paper) -> None:
    paper.services.log.append([introduced(number, paper.now) for number in range(256)])
    for path in ("/tile/0/000", "/tile/entries/000"):
        answer = paper.open(path, Accept_Encoding="gzip")
        assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert gzip.decompress(answer.data) == paper.open("/tile/entries/000").data


@pytest.mark.parametrize(
    "path",
    [
        *("/tile/0/000", "/tile/0/x001/000", "/tile/0/000.p/0", "/tile/0/000.p/999", "/tile/0/1"),
        *(
            "/tile/entries/000",
            "/tile/entries/001.p/1",
            "/tile/entries/000.p/0",
            "/tile/00/000.p/1",
        ),
        *("/tile/entries/x000/000.p/1", "/tile/entry/000.p/1", "/tile/-1/000.p/1", "/tile/64/000"),
        *("/tile/9/000.p/1", "/tile/99999999999999999999/000", "/tile/0/" + "x001/" * 190 + "000"),
        *("/s/99999/proof", "/s/99999.tlog-proof", "/s/2/proof", "/s/2.tlog-proof"),
    ],
)
def test_what_there_is_not_is_not_found(paper: Paper, path: str) -> None:
    assert paper.open(path).status_code == 404


@pytest.mark.parametrize("old", ["", "x", "-1", "0", "9" * 3000, "999999999", "٣"])
def test_a_growth_that_there_was_not_is_refused(paper: Paper, old: str) -> None:
    assert paper.open(f"/growth?old={old}").status_code == 422


def test_the_page_reads_german(paper: Paper) -> None:
    number = paper.numbers["no"]
    text = paper.read(f"/s/{number}/proof", Accept_Language="de")
    assert f"Wurde Eintrag {number} seit dem Erfassen verändert? Nein." in text


def test_who_trusts_an_earlier_key_is_led_to_the_one_that_signs_now(
    paper: Paper, tmp_path: Path
) -> None:
    number = paper.numbers["no"]
    before = paper.open(f"/s/{number}/proof").text
    old = key_of(before)
    assert "/signing-keys" not in before
    rotate_key(paper.services, paper.dora())
    page = paper.open(f"/s/{number}/proof").text
    assert key_of(page) != old
    assert old in html.unescape(page)
    fetch(paper, tmp_path, "/check.py", "check.py")
    fetch(paper, tmp_path, f"/s/{number}.tlog-proof", "proof")
    fetch(paper, tmp_path, "/signing-keys", "keys")
    assert "is not signed by" in last_line(tmp_path, "proof", key=old)
    told = last_line(tmp_path, "proof", "--keys", "keys", key=old)
    assert told == "unchanged since it was recorded"
    assert "Signing key replaced" in paper.read("/log")
