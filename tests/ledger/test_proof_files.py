"""Proofs as files, and the one file that checks them offline without any of our packages."""

from __future__ import annotations

import base64
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledger.test_merkle import Tree
from tests.support.tiers import scaled, some_of
from timeline.ledger import check
from timeline.ledger.checkpoints import Checkpoint
from timeline.ledger.merkle import entry
from timeline.ledger.notes import Signer
from timeline.ledger.proofs import (
    ProvenEvent,
    consistency_proof,
    growth_file,
    inclusion_proof,
    proof_file,
)
from timeline.ledger.tiles import Tile, bundle, bundle_path, read_place, tiles_of

if TYPE_CHECKING:
    from collections.abc import Callable

SIGNER = Signer("example.org/record", bytes(range(32)))
KEY = str(SIGNER.verifier)
WORDS = msgspec.msgpack.encode(
    {"paraphrase": "Says so.", "quote": {"exact": "„Ja“"}, "n": [-5, 2**40]}
)
SALT = bytes(16)
COMMITTED = msgspec.msgpack.encode({"v": 1, "stance": 2, "hash": sha256(SALT + WORDS).digest()})
EVENT = ProvenEvent(1042, "statement/x", 1, "statement.recorded", COMMITTED, SALT, WORDS)
PLACE, SIZE, OLD = 11, 37, 20
TREE = Tree([b"%d" % n if n != PLACE else EVENT.entry for n in range(SIZE)])


def checkpoint(size: int) -> Checkpoint:
    return Checkpoint("example.org/record", size, TREE.root(size))


def proof(event: ProvenEvent = EVENT, place: int = PLACE) -> str:
    path = inclusion_proof(PLACE, SIZE, TREE)
    return proof_file(event, place, path, checkpoint(SIZE).signed(SIGNER))


def growth() -> str:
    path = consistency_proof(OLD, SIZE, TREE)
    return growth_file(OLD, path, checkpoint(SIZE).signed(SIGNER))


def run(tmp_path: Path, *files: str, key: str = KEY) -> tuple[int, str]:
    """Run the checker as a reader would, who has Python and nothing of ours."""
    paths = [tmp_path / str(number) for number, _ in enumerate(files)]
    for path, written in zip(paths, files, strict=True):
        path.write_text(written, encoding="utf-8")
    bare = [sys.executable, "-I", "-S", check.__file__]
    done = subprocess.run(
        [*bare, *paths, *(["--key", key] if key else [])], capture_output=True, check=False
    )
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout.decode()


def test_the_checker_says_how_it_is_used() -> None:
    bare = [sys.executable, "-I", "-S", check.__file__]
    done = subprocess.run([*bare, "--help"], capture_output=True, check=False, text=True)
    assert done.returncode == 0
    assert done.stdout.strip() == (check.__doc__ or "").strip()


def test_a_proof_is_checked_offline_with_a_checkpoint_that_was_kept(tmp_path: Path) -> None:
    kept = str(checkpoint(OLD).signed(SIGNER))
    status, told = run(tmp_path, proof(), kept, growth())
    assert told.splitlines() == [
        "event 1042 holds the words that it is bound to   ok",
        "it is event 12 of 37 in example.org/record   ok",
        f"    event {TREE.leaves[PLACE].hex()[:16]}  record {TREE.root(SIZE).hex()[:16]}",
        "the checkpoint is signed by example.org/record   ok",
        "the record of 20 events that you kept is its beginning   ok",
        "    paraphrase: Says so.",
        "    exact: „Ja“",
        "unchanged since it was recorded",
    ]
    assert status == 0


def test_the_form_is_that_of_others(tmp_path: Path) -> None:
    lines = proof().splitlines()
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[1].startswith("extra ")
    assert lines[2] == "index 11"
    assert [len(base64.b64decode(line)) for line in lines[3 : lines.index("")]] == [32] * 6
    assert growth().splitlines()[0] == "old 20"
    assert run(tmp_path, proof(), key="")[0] == 0


def test_erased_words_leave_the_rest_provable(tmp_path: Path) -> None:
    erased = msgspec.structs.replace(EVENT, salt=None, content=None)
    status, told = run(tmp_path, proof(erased))
    assert status == 0
    assert "event 1042 : its words were erased" in told
    assert "Says so" not in told


OTHER = Signer.made("example.org/record")
FORGED: dict[str, Callable[[], tuple[str, ...]]] = {
    "the words are not those that were recorded": lambda: (
        proof(msgspec.structs.replace(EVENT, content=WORDS.replace(b"Says", b"Said"))),
    ),
    "the event is not in the record of this checkpoint": lambda: (
        proof(msgspec.structs.replace(EVENT, position=1041)),
    ),
    "the checkpoint is not signed by example.org/record": lambda: (
        proof_file(
            EVENT, PLACE, inclusion_proof(PLACE, SIZE, TREE), checkpoint(SIZE).signed(OTHER)
        ),
    ),
    "the record has no event at this place": lambda: (proof(place=SIZE),),
    "it was rewritten": lambda: (
        proof(),
        str(Checkpoint("example.org/record", OLD, bytes(32)).signed(SIGNER)),
        growth(),
    ),
    "the proof of growth is not from this older checkpoint": lambda: (
        proof(),
        str(checkpoint(OLD + 1).signed(SIGNER)),
        growth(),
    ),
    "this is not a proof": lambda: ("c2sp.org/tlog-proof@v1\nextra e30=\nindex 1\n\n" + "x",),
}


@pytest.mark.parametrize("why", FORGED)
def test_what_was_altered_is_told_in_one_line(tmp_path: Path, why: str) -> None:
    status, told = run(tmp_path, *FORGED[why]())
    assert status == 1
    assert told.splitlines()[-1].startswith("DOES NOT HOLD: ")
    assert why in told or why == "this is not a proof"


def test_bytes_that_are_no_text_are_told_as_damage(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged"
    damaged.write_bytes(proof().encode().replace(b"index", b"ind\xffx", 1))
    bare = [sys.executable, "-I", "-S", check.__file__]
    done = subprocess.run([*bare, damaged], capture_output=True, check=False)
    assert done.returncode == 1
    assert done.stdout.decode().startswith("DOES NOT HOLD: a file is damaged")


@pytest.mark.scaled
def test_no_altered_letter_of_a_proof_is_taken() -> None:
    written, trust = proof(), check.follow(KEY, "")
    told = check.read_proof(written)
    for at in some_of(range(len(written)), 100):
        for letter in ("A", "b", ""):
            altered = written[:at] + letter + written[at + 1 :]
            try:
                check.check(altered, trust)
            except (check.Wrong, KeyError, TypeError, ValueError):
                continue
            found = check.read_proof(altered)
            assert found[:3] == told[:3]
            assert found[3].text == told[3].text


@given(st.binary(max_size=80), st.binary(min_size=32, max_size=32))
@settings(deadline=None, max_examples=scaled(12))
def test_signatures_are_read_as_others_make_them(text: bytes, private: bytes) -> None:
    key = Ed25519PrivateKey.from_private_bytes(private)
    public, made = key.public_key().public_bytes_raw(), key.sign(text)
    assert check.is_signed(public, text, made)
    assert not check.is_signed(public, text + b"x", made)
    assert not check.is_signed(public, text, made[:32] + bytes(32))
    beyond = int.from_bytes(made[32:], "little") + check.L
    assert not check.is_signed(public, text, made[:32] + beyond.to_bytes(32, "little"))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text() | st.binary(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_the_checker_reads_what_the_log_writes(value: object) -> None:
    assert check.unpacked(msgspec.msgpack.encode(value)) == value


def test_an_entry_cannot_be_read_in_two_ways() -> None:
    assert entry(1, "a", 2, "b", b"c") == b"standline-event/v1\n1\na\n2\nb\nc"


def test_tiles_lie_where_other_programs_look_for_them() -> None:
    assert Tile(0, 1_234_067).path == "tile/0/x001/x234/067"
    assert Tile(1, 0, 7).path == "tile/1/000.p/7"
    assert bundle_path(273, 112) == "tile/entries/273.p/112"
    of_70_000 = [(tile.level, tile.width) for tile in tiles_of(70_000)]
    assert of_70_000.count((0, 256)) == 273
    assert [one for one in of_70_000 if one != (0, 256)] == [
        (0, 112),
        (1, 256),
        (1, 17),
        (2, 1),
    ]
    assert [tile.path for tile in tiles_of(256)] == ["tile/0/000", "tile/1/000.p/1"]
    assert bundle([b"ab", b""]) == b"\x00\x02ab\x00\x00"


@pytest.mark.parametrize("number", [0, 7, 999, 1_000, 1_234_067])
@pytest.mark.parametrize("width", [1, 112, 255, 256])
def test_a_tile_has_one_path(number: int, width: int) -> None:
    place = Tile(0, number, width).path.removeprefix("tile/0/")
    assert read_place(place) == (number, width)


@pytest.mark.parametrize(
    "place",
    [
        *("", "0", "00", "0000", "x000", "x000/001", "000/001", "x1/001", "001/x001", "٠٠٠"),
        *("000.p/", "000.p/0", "000.p/01", "000.p/256", "000.p/1000", "000.p/7/", "000\n"),
    ],
)
def test_what_is_no_path_of_a_tile_is_none(place: str) -> None:
    assert read_place(place) is None


def test_a_record_is_checked_from_its_entries_alone(tmp_path: Path) -> None:
    entries = [b"%d" % number for number in range(700)]
    roots = check.roots_over(iter(entries), {1, 255, 256, 257, 699, 700})
    assert roots == {size: Tree(entries).root(size) for size in roots}
    assert len(roots) == 6
    for number in range(3):
        some = entries[number * 256 : (number + 1) * 256]
        path = tmp_path / bundle_path(number, len(some))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bundle(some))
    assert list(check.entries_in(str(tmp_path), 700)) == entries
    # What is full by now holds what was asked for when it was not.
    assert list(check.entries_in(str(tmp_path), 300)) == entries[:300]
    with pytest.raises(FileNotFoundError):
        list(check.entries_in(str(tmp_path), 600))


@pytest.mark.parametrize("data", [b"", b"\0", b"\0\1", b"\0\1a\0\2b"])
def test_entries_that_end_too_early_are_told(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / bundle_path(0, 2)
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    with pytest.raises(check.Wrong, match="the entries end too early"):
        list(check.entries_in(str(tmp_path), 2))
