"""Verify, checkpoint and prove: what a reader takes away, and what finds every change."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.terminal import done, one_line, refused, standline
from timeline.bootstrap import open_store
from timeline.domain.errors import Conflict
from timeline.ledger import check
from timeline.ledger.notes import read_signer, read_verifier
from timeline.ledger.rotations import Rotation, tenures
from timeline.rotating import rotate_key
from timeline.stores import signing_key as keys
from timeline.stores.chain import BEGINNING, link_rows
from timeline.stores.log import EventLog
from timeline.stores.mapper import exact_parts, state_of
from timeline.stores.proving import GrowingTree
from timeline.stores.signing_key import prepare_key, rotations_in, signing_key, take_over
from timeline.stores.sqlite_driver import dbapi2
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from typing import Any

    from timeline.ledger.notes import Signer


@pytest.fixture
def store(sqlite_talks: str) -> str:
    """Return a store with the Berlin talks and a key."""
    assert standline("checkpoint", "--origin", "example.org/record", "--store", sqlite_talks).out
    return sqlite_talks


def saved(store: str, folder: Path) -> str:
    path = folder / "kept.checkpoint"
    assert standline("checkpoint", "--store", store, "-o", str(path)).status == 0
    return str(path)


def checked(*arguments: str) -> tuple[int, str]:
    """Run the checker as somebody who has Python and nothing of ours."""
    bare = [sys.executable, "-I", "-S", check.__file__]
    done = subprocess.run([*bare, *arguments], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def key_of(store: str) -> str:
    return standline("checkpoint", "--store", store).err.split()[-1]


def test_a_record_is_given_away_as_files_and_checked_from_its_entries(
    store: str, tmp_path: Path
) -> None:
    folder, key = tmp_path / "tiles", key_of(store)
    kept = saved(store, tmp_path)
    first = standline("tiles", str(folder), "--store", store)
    assert "the tree of" in first.out
    with closing(open_store(store)) as services:
        services.newsroom.stories.open(services.newsroom.byline("ann", "api"), "More", slug="more")
    again = standline("tiles", str(folder), "--store", store)
    assert again.out.split()[1] == "3"
    status, told = checked("--tiles", str(folder), kept, "--key", key)
    assert (status, told.splitlines()[-1]) == (0, "unchanged since it was recorded")
    assert "events that you kept is its beginning   ok" in told
    parts = (folder / "tile/entries").glob("*.p/*")
    entries = max(parts, key=lambda path: int(path.name))
    entries.write_bytes(entries.read_bytes().replace(b"ann", b"bob"))
    status, told = checked("--tiles", str(folder), "--key", key)
    assert (status, told.splitlines()[-1]) == (
        1,
        "DOES NOT HOLD: the entries are not those of the checkpoint",
    )


def test_files_of_another_record_are_left_as_they_are(store: str, tmp_path: Path) -> None:
    folder, other = tmp_path / "tiles", f"sqlite:///{tmp_path / 'other.db'}"
    done("tiles", str(folder), "--store", store)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with closing(open_store(other)) as services:
        services.newsroom.stories.open(services.newsroom.byline("ann", "api"), "One", slug="one")
    assert "are not of this record" in refused("tiles", str(folder), "--store", other)
    assert before == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_whole_log_verifies_also_against_a_checkpoint_that_was_kept(
    store: str, tmp_path: Path
) -> None:
    kept = saved(store, tmp_path)
    answer = standline("verify", "--checkpoint", kept, "--store", store)
    assert answer.status == 0
    assert answer.out.startswith("unchanged: ")
    assert "holds    the checkpoint of " in answer.out
    go_on(store)
    assert standline("verify", "--checkpoint", kept, "--store", store).status == 0


def test_an_event_is_proven_to_who_has_no_standline(store: str, tmp_path: Path) -> None:
    kept = saved(store, tmp_path)
    go_on(store)
    proof, growth = tmp_path / "64.tlog-proof", tmp_path / "growth"
    assert standline("prove", "64", "-o", str(proof), "--store", store).status == 0
    assert standline("prove", "--since", kept, "-o", str(growth), "--store", store).status == 0
    status, told = checked(str(proof), kept, str(growth), "--key", key_of(store))
    assert (status, told.splitlines()[-1]) == (0, "unchanged since it was recorded"), told
    assert "is its beginning   ok" in told
    assert checked(str(proof), "--key", key_of(store).replace("+", "x+", 1))[0] == 1


def test_a_rewritten_history_is_told_by_a_checkpoint_that_was_kept(
    store: str, tmp_path: Path
) -> None:
    kept = saved(store, tmp_path)
    rewrite(store, 64)
    told_by_pages = one_line(standline("verify", "--store", store), 1)
    assert "what pages read was made from another one" in told_by_pages
    for file in tmp_path.glob("newsroom.*"):
        if ".read-" in file.name or file.suffix == ".head":
            file.unlink()
    assert standline("verify", "--store", store).status == 0
    line = one_line(standline("verify", "--checkpoint", kept, "--store", store), 1)
    assert "are not those of the checkpoint: the record was rewritten" in line
    proof, growth = tmp_path / "64.tlog-proof", tmp_path / "growth"
    standline("prove", "64", "-o", str(proof), "--store", store)
    standline("prove", "--since", kept, "-o", str(growth), "--store", store)
    status, told = checked(str(proof), kept, str(growth))
    assert status == 1
    assert "was rewritten" in told


def test_a_log_that_was_cut_short_is_told_by_its_tree_and_by_a_checkpoint(
    store: str, tmp_path: Path
) -> None:
    kept = saved(store, tmp_path)
    run(store, "DELETE FROM stored_events WHERE rowid > 80")
    assert "the log ends after event 80" in one_line(standline("verify", "--store", store), 1)
    rewrite(store, 64)
    line = one_line(standline("verify", "--checkpoint", kept, "--store", store), 1)
    assert "and the log ends after event 80" in line


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("prove", "99999"), "position: there is no event at 99999"),
        (("verify", "--key", "x"), "'x' is not a key to check signatures with"),
        (("checkpoint", "--origin", "a b"), "'a b' cannot name a record"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    sqlite_talks: str, arguments: tuple[str, ...], line: str
) -> None:
    assert line in one_line(standline(*arguments, "--store", sqlite_talks), 1)


def test_the_key_is_its_owners_alone_and_stays_the_same(store: str) -> None:
    path = StoreUrl.parse(store).beside("key")
    assert path.stat().st_mode & 0o777 == 0o600
    assert key_of(store) == key_of(store)
    path.write_text("PRIVATE+KEY+nonsense")
    line = one_line(standline("checkpoint", "--store", store), 1)
    assert line == (
        "this file holds no key to sign with;"
        " restore it from a backup, or move it away to sign with a new one"
    )


def test_a_key_is_replaced_and_the_old_one_vouches_for_the_new(store: str, tmp_path: Path) -> None:
    old, kept, path = key_of(store), saved(store, tmp_path), StoreUrl.parse(store).beside("key")
    before = path.read_text()
    told = done("key", "--rotate", "--by", "ann", "--store", store).out
    assert [one.name for one in path.parent.glob("*.key*")] == [path.name]
    new = key_of(store)
    assert new != old
    assert [line.split()[-1] for line in told.splitlines()] == [old, new]
    assert path.read_text() != before
    assert path.stat().st_mode & 0o777 == 0o600
    assert "ledger.key_rotated" in done("log", "--store", store).out
    later = tmp_path / "later.checkpoint"
    standline("checkpoint", "--store", store, "-o", str(later))
    for key in ((), ("--key", old), ("--key", new)):
        files = ("--checkpoint", kept, "--checkpoint", str(later))
        assert standline("verify", *files, *key, "--store", store).status == 0
    go_on(store)
    keys, proof = tmp_path / "keys", tmp_path / "64.tlog-proof"
    done("key", "--all", "-o", str(keys), "--store", store)
    standline("prove", "64", "-o", str(proof), "--store", store)
    assert checked(str(proof), "--key", old, "--keys", str(keys))[0] == 0
    status, said = checked(str(proof), "--key", old)
    assert (status, said.splitlines()[-1]) == (
        1,
        "DOES NOT HOLD: the checkpoint is not signed by example.org/record",
    )


def test_a_key_that_replaced_another_is_replaced_as_well(store: str) -> None:
    keys = [key_of(store)]
    for _ in range(2):
        done("key", "--rotate", "--store", store)
        keys.append(key_of(store))
    vouched = [(str(rotation.old), str(rotation.new)) for rotation in rotations_of(store)]
    assert vouched == [*pairwise(keys)]


def test_what_a_stolen_old_key_signs_later_does_not_hold(store: str, tmp_path: Path) -> None:
    path = StoreUrl.parse(store).beside("key")
    stolen = path.read_text()
    done("key", "--rotate", "--store", store)
    current = path.read_text()
    go_on(store)
    path.write_text(stolen)
    forged = saved(store, tmp_path)
    path.write_text(current)
    line = one_line(standline("verify", "--checkpoint", forged, "--store", store), 1)
    assert "the checkpoint is not signed by example.org/record" in line


def test_a_rotation_that_was_killed_ends_with_the_key_that_the_log_knows(
    store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = key_of(store)
    with monkeypatch.context() as killed:
        killed.setattr("timeline.rotating.rotation", crash)
        standline("key", "--rotate", "--store", store)
    assert key_of(store) == old
    with monkeypatch.context() as killed:
        killed.setattr("timeline.rotating.take_over", crash)
        standline("key", "--rotate", "--store", store)
    new = done("key", "--store", store).out.split()[-1]
    assert new != old
    assert key_of(store) == new
    assert [*StoreUrl.parse(store).log_path.parent.glob("*.next")] == []


def test_a_lost_key_is_recorded_and_vouched_for_by_nobody(store: str, tmp_path: Path) -> None:
    lost, kept = key_of(store), saved(store, tmp_path)
    assert "that key is the one that signs now" in refused("key", "--lost", lost, "--store", store)
    StoreUrl.parse(store).beside("key").unlink()
    told = done("key", "--lost", lost, "--store", store).out
    assert lost not in told
    assert told.split()[-1].startswith("example.org/record+")
    (recorded,) = rotations_of(store)
    assert (str(recorded.old), str(recorded.new)) == (lost, told.split()[-1])
    assert recorded.size == int(Path(kept).read_text(encoding="utf-8").splitlines()[1])
    assert "is not signed by" in one_line(
        standline("verify", "--checkpoint", kept, "--store", store), 1
    )
    files = ("--checkpoint", kept, "--key", lost)
    assert standline("verify", *files, "--store", store).status == 0


def test_what_another_log_told_of_keys_in_words_of_its_own_leads_to_none(store: str) -> None:
    old = key_of(store)
    with closing(open_store(store)) as services:
        services.newsroom.rotate_key(services.newsroom.byline("ann"), "no such note")
    assert rotations_of(store) == []
    assert done("key", "--all", "--store", store).out.split() == []
    assert key_of(store) == old


def test_who_ends_a_rotation_that_another_ended_leaves_the_key_as_it_is(store: str) -> None:
    done("key", "--rotate", "--store", store)
    new, url = key_of(store), StoreUrl.parse(store)
    with closing(open_store(store)) as services:
        take_over(url, signing_key(url, services.log))
    assert key_of(store) == new


def test_nobody_puts_a_key_in_its_place_that_another_has_only_prepared(store: str) -> None:
    url, now = StoreUrl.parse(store), key_of(store)
    prepare_key(url, "example.org/record")
    with closing(open_store(store)) as services:
        take_over(url, signing_key(url, services.log))
    assert key_of(store) == now


def test_of_all_who_replace_a_key_at_once_nobody_breaks_the_chain(store: str) -> None:
    old = key_of(store)

    def rotate(_: int) -> None:
        with closing(open_store(store)) as services, suppress(Conflict):
            rotate_key(services, services.newsroom.byline("ann"))

    for _ in range(3):
        with ThreadPoolExecutor(4) as pool:
            assert len([*pool.map(rotate, range(4))]) == 4
        held = tenures(read_verifier(old), rotations_of(store))
        assert str(held[-1].key) == key_of(store)


def test_a_key_of_the_next_rotation_does_not_take_the_place_that_the_last_one_was_promised(
    store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one looks whether a key is the one, another puts it in its place and goes on."""
    url = StoreUrl.parse(store)
    key_of(store)
    promised = keys.prepare_key(url, "example.org/record")
    others = list[threading.Thread]()

    def go_on() -> None:
        keys.take_over(url, promised)
        keys.prepare_key(url, "example.org/record")

    def reading(words: str) -> Signer:
        if not others:
            others.append(threading.Thread(target=go_on))
            others[0].start()
            others[0].join(0.5)
        return read_signer(words)

    monkeypatch.setattr(keys, "read_signer", reading)
    keys.take_over(url, promised)
    others[0].join()
    assert key_of(store) == str(promised.verifier)


def test_all_who_need_a_first_key_at_once_get_the_same(tmp_path: Path) -> None:
    with closing(open_store(f"sqlite:///{tmp_path / 'new.db'}")) as services:
        for number in range(20):
            url = StoreUrl.parse(f"sqlite:///{tmp_path / f'{number}.db'}")
            with ThreadPoolExecutor(8) as pool:
                signers = pool.map(lambda _, url=url: signing_key(url, services.log), range(8))
                assert len({str(signer.verifier) for signer in signers}) == 1


def rotations_of(store: str) -> list[Rotation]:
    with closing(open_store(store)) as services:
        return rotations_in(services.log)


def crash(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


ATTACKS = 60
"""In this suite; `make test-faults` makes a thousand."""


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(ATTACKS))
def test_whoever_has_the_file_in_hand_is_found_out(store: str, tmp_path: Path, seed: int) -> None:
    """Change, delete, insert or swap something at random: verify names where."""
    copy = tmp_path / "attacked.db"
    with closing(EventLog.open(StoreUrl.parse(store))) as log:
        head = log.head()
    shutil.copy(StoreUrl.parse(store).log_path, copy)
    attacked = f"sqlite:///{copy}"
    position = attack(attacked, random.Random(seed), head)  # noqa: S311 - to be repeated
    answer = standline("verify", "--store", attacked)
    assert answer.status == 1, answer.out
    told = [int(word.strip(",:")) for word in answer.err.split() if word.strip(",:").isdecimal()]
    assert any(abs(at - position) <= 1 for at in told) or "damaged" in answer.err, answer.err


def attack(store: str, chance: random.Random, head: int) -> int:
    """Do something to one event, and return where."""
    at = chance.randint(1, head - 1)
    kind = chance.choice(["bit", "state", "stream", "type", "delete", "insert", "swap", "chain"])
    with closing(dbapi2.connect(str(StoreUrl.parse(store).log_path))) as connection:
        asked = "SELECT state FROM stored_events WHERE rowid = ?"
        state = bytearray(connection.execute(asked, (at,)).fetchone()[0])
        if kind in ("bit", "state"):
            place = chance.randrange(len(state))
            if kind == "bit":
                state[place] ^= 1 << chance.randrange(8)
            else:
                del state[place]
            connection.execute(
                "UPDATE stored_events SET state = ? WHERE rowid = ?", (bytes(state), at)
            )
        elif kind == "delete":
            connection.execute("DELETE FROM stored_events WHERE rowid = ?", (at,))
        elif kind == "insert":
            away = "UPDATE stored_events SET rowid = rowid + 1000000 WHERE rowid >= ?"
            connection.execute(away, (at,))
            connection.execute(
                "INSERT INTO stored_events SELECT ?, 'actor/forged', 1, topic, state, chain"
                " FROM stored_events WHERE rowid = ?",
                (at, at + 1_000_000),
            )
            connection.execute(
                "UPDATE stored_events SET rowid = rowid - 999999 WHERE rowid > 1000000"
            )
        elif kind == "swap":
            for old, new in ((at, -1), (at + 1, at), (-1, at + 1)):
                connection.execute("UPDATE stored_events SET rowid = ? WHERE rowid = ?", (new, old))
        else:
            column = {"stream": "originator_id", "type": "topic", "chain": "chain"}[kind]
            value: Any = bytes(32) if kind == "chain" else "actor.forged"
            connection.execute(
                f"UPDATE stored_events SET {column} = ? WHERE rowid = ?",  # noqa: S608
                (value, at),
            )
        connection.commit()
    return at


def run(store: str, statement: str) -> None:
    with closing(dbapi2.connect(str(StoreUrl.parse(store).log_path))) as connection:
        connection.execute(statement)
        connection.commit()


def rewrite(store: str, position: int) -> None:
    """Change one event and make all that follows from it anew, as a careful forger would."""
    url = StoreUrl.parse(store)
    with closing(EventLog.open(url)) as log:
        rows = list(log.rows())
    with closing(dbapi2.connect(str(url.log_path))) as connection:
        changed = []
        for row in rows:
            if row[0] == position:
                committed, salt, content = exact_parts(row[4])
                assert b"import" in committed
                forged = state_of(committed.replace(b"import", b"Import"), salt, content)
                changed.append((*row[:4], forged))
            else:
                changed.append(row)
        parts = [exact_parts(state)[0] for *_, state in changed]
        links, leaves = link_rows(BEGINNING, changed, parts)
        for at, stream, version, topic, state, chain in links:
            connection.execute(
                "UPDATE stored_events SET originator_id = ?, originator_version = ?, topic = ?,"
                " state = ?, chain = ? WHERE rowid = ?",
                (stream, version, topic, state, chain, at),
            )
        tree = GrowingTree()
        connection.execute("DELETE FROM tree_nodes")
        for node in tree.add([(row[0], leaf) for row, leaf in zip(links, leaves, strict=True)]):
            connection.execute("INSERT INTO tree_nodes VALUES (?, ?, ?, ?)", node)
        connection.execute("UPDATE tree SET size = ?, edge = ?", tree.kept)
        connection.commit()


def go_on(store: str) -> None:
    """Record something more."""
    with closing(open_store(store)) as services:
        byline = services.newsroom.byline("ann")
        services.newsroom.stories.open(byline, "Another story", slug="another-story")
