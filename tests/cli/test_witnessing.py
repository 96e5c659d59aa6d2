"""A witness, written by its standard, signs a checkpoint once it saw that the record only grew."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.cli.terminal import done_with_notes, one_line, standline
from tests.cli.test_proving import checked, go_on, key_of, rewrite
from timeline.ledger import check
from timeline.ledger.notes import COSIGNATURE, Signature, Verifier

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
VERIFIER = Verifier("witness.example.org/w1", PRIVATE.public_key().public_bytes_raw(), COSIGNATURE)
OTHER = Verifier("witness.example.org/w1", bytes([1]) * 32, COSIGNATURE)


class Witness(ThreadingHTTPServer):
    """Keeps the last checkpoint of one record; it reads and checks with the offline checker."""

    def __init__(self, key: str) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.key, self.kept = key, check.Checkpoint(f"none\n0\n{'A' * 43}=\n\n")
        self.asked: list[int] = []

    def answer(self, body: str) -> tuple[int, str]:
        """Return status and body, as C2SP tlog-witness has them."""
        head, _, written = body.partition("\n\n")
        old, *proof = head.split("\n")
        new = check.Checkpoint(written)
        size = check.number(old.removeprefix("old "), "the first line")
        if not new.has(self.key):
            return 403, ""
        if size > new.size:
            return 400, ""
        if size != self.kept.size:
            return 409, f"{self.kept.size}\n"
        hashes = check.hashes(proof)
        if size and not check.grew(size, self.kept.root, new.size, new.root, hashes):
            return 422, ""
        self.kept = new
        return 200, self.signature(new)

    def signature(self, new: check.Checkpoint) -> str:
        """Return the line by which it signs that it saw this at this second."""
        now = int(time.time())
        text = b"cosignature/v1\ntime %d\n" % now + new.text
        stamped = now.to_bytes(8, "big") + PRIVATE.sign(text)
        return Signature(VERIFIER.name, VERIFIER.key_id, stamped).line


class Answering(BaseHTTPRequestHandler):
    """Takes checkpoints in at the address that the standard names."""

    server: Witness

    def do_POST(self) -> None:
        """Answer as the witness decides."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        status, told = (404, "") if self.path != "/add-checkpoint" else self.server.answer(body)
        self.server.asked.append(status)
        self.send_response(status)
        if status == 409:
            self.send_header("Content-Type", "text/x.tlog.size")
        self.send_header("Content-Length", str(len(told.encode())))
        self.end_headers()
        self.wfile.write(told.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def witness(key: str) -> Iterator[tuple[Witness, str]]:
    """Run a witness that knows the record by a key; return it and its address."""
    server = Witness(key)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server, f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def store(sqlite_talks: str) -> str:
    standline("checkpoint", "--origin", "example.org/record", "--store", sqlite_talks)
    return sqlite_talks


def given(address: str, key: Verifier = VERIFIER) -> tuple[str, ...]:
    return ("--witness", address, "--witness-key", str(key))


def test_a_witness_signs_what_grew_from_what_it_saw(store: str, tmp_path: Path) -> None:
    own, kept, proof = key_of(store), tmp_path / "kept", tmp_path / "64.tlog-proof"
    with witness(own) as (server, address):
        done_with_notes("checkpoint", *given(address), "--store", store)
        go_on(store)
        done_with_notes("checkpoint", *given(address), "-o", str(kept), "--store", store)
        assert server.asked == [200, 409, 200]
    note = check.Checkpoint(kept.read_text(encoding="utf-8"))
    assert [name for name, _, _ in note.signatures] == ["example.org/record", VERIFIER.name]
    assert note.has(own)
    assert note.has(str(VERIFIER))
    for key in (own, str(VERIFIER)):
        answer = standline("verify", "--checkpoint", str(kept), "--key", key, "--store", store)
        assert answer.status == 0, answer.err
    standline("prove", "64", "-o", str(proof), "--store", store)
    assert checked(str(proof), str(kept), "--key", own)[0] == 0


def test_a_witness_does_not_sign_a_record_that_was_rewritten(store: str) -> None:
    with witness(key_of(store)) as (server, address):
        done_with_notes("checkpoint", *given(address), "--store", store)
        rewrite(store, 64)
        line = one_line(standline("checkpoint", *given(address), "--store", store), 1)
        assert server.asked == [200, 409, 422]
    assert "does not sign: to it the record did not grow from what it saw before" in line


def test_a_signature_of_somebody_else_is_none_of_the_witness(store: str) -> None:
    with witness(key_of(store)) as (_, address):
        line = one_line(standline("checkpoint", *given(address, OTHER), "--store", store), 1)
    assert "its signature is not by the key that was given" in line
    with witness(str(OTHER)) as (_, address):
        line = one_line(standline("checkpoint", *given(address), "--store", store), 1)
    assert "it does not know the key of this record" in line


def test_a_witness_that_does_not_answer_is_one_line(store: str) -> None:
    for address in ("http://127.0.0.1:9", "no address", "http://127.0.0.1:99999"):
        line = one_line(standline("checkpoint", *given(address), "--store", store), 1)
        assert "does not answer" in line
    only = standline("checkpoint", "--witness", "http://127.0.0.1:9", "--store", store)
    assert only.status == 2
