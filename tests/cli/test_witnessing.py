"""A witness, written by its standard, signs a checkpoint once it saw that the record only grew."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.cli.terminal import done_with_notes, one_line, standline
from tests.cli.test_proving import checked, go_on, key_of, rewrite
from timeline import witnessing
from timeline.ledger import check
from timeline.ledger.notes import COSIGNATURE, Signature, Verifier

if TYPE_CHECKING:
    import socket
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
        known = self.path == "/add-checkpoint"
        status, told = self.server.answer(body) if known else (404, "")
        self.server.asked.append(status)
        self.send_response(status)
        if status == 409:
            self.send_header("Content-Type", "text/x.tlog.size")
        if status == 307:
            self.send_header("Location", "/add-checkpoint")
        sent = told.encode("utf-8", "surrogateescape")
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Scripted(Witness):
    """Answers everything with the same."""

    def __init__(self, status: int, told: str) -> None:
        super().__init__("")
        self.told = status, told

    def answer(self, body: str) -> tuple[int, str]:
        """Return what it was told to."""
        assert body
        return self.told


@contextmanager
def witness(key: str) -> Iterator[tuple[Witness, str]]:
    """Run a witness that knows the record by a key; return it and its address."""
    with running(Witness(key)) as found:
        yield found


@contextmanager
def running(server: Witness) -> Iterator[tuple[Witness, str]]:
    """Run a witness; return it and its address."""
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


class Generous(Witness):
    """Signs by a second key, too, that nobody has asked it for."""

    def signature(self, new: check.Checkpoint) -> str:
        """Return a line of each key."""
        return super().signature(new) + Signature(OTHER.name, OTHER.key_id, bytes(72)).line


def test_of_a_witness_nothing_is_kept_but_the_signature_by_its_own_key(
    store: str, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    with running(Generous(key_of(store))) as (_, address):
        given_so = given(f"{address}/")
        done_with_notes("checkpoint", *given_so, "-o", str(kept), "--store", store)
    note = check.Checkpoint(kept.read_text(encoding="utf-8"))
    assert len(note.signatures) == 2
    assert note.has(str(VERIFIER))


def test_a_key_that_signs_no_checkpoints_of_others_is_none_of_a_witness(store: str) -> None:
    own = key_of(store)
    with witness(own) as (server, address):
        line = one_line(
            standline("checkpoint", "--witness", address, "--witness-key", own, "--store", store),
            1,
        )
    assert own in line
    assert server.asked == []


@pytest.mark.parametrize(("status", "told", "why"), [
    (404, "64\n", "it does not know this record"),
    (409, "0\n", "it answers with 409"),
    (409, "many\n", "it answers with 409"),
    (500, "", "it answers with 500"),
    (307, "", "it answers with 307"),
    (200, "", "what it answers is no signature"),
    (200, "no line of a note", "what it answers is no signature"),
    (200, "\udcff\udcfe", "what it answers is no signature"),
    (200, "x" * 10**6, "what it answers is no signature"),
])  # fmt: skip
def test_what_a_witness_answers_otherwise_is_told_and_not_asked_again(
    store: str, status: int, told: str, why: str
) -> None:
    with running(Scripted(status, told)) as (server, address):
        line = one_line(standline("checkpoint", *given(address), "--store", store), 1)
    assert why in line
    assert server.asked == [status]


class Trickling(Witness):
    """Answers letter by letter, and never to the end."""

    def __init__(self) -> None:
        super().__init__("")
        self.is_over = threading.Event()

    def answer(self, body: str) -> tuple[int, str]:
        """Return more than is ever sent."""
        assert body
        return 200, "x" * 10_000


class Trickle(Answering):
    """Sends what it has to send one byte now and then."""

    server: Trickling

    def setup(self) -> None:
        """Send slowly whatever is written."""
        super().setup()
        self.wfile = Slow(self.request, self.server.is_over)  # type: ignore[assignment]


class Slow:
    """A file that sends a byte now and then until it is over."""

    def __init__(self, caller: socket.socket, is_over: threading.Event) -> None:
        self._caller, self._is_over = caller, is_over
        self.closed = False

    def write(self, sent: bytes) -> int:
        """Send one byte after the other."""
        with suppress(OSError):
            for byte in sent:
                if self._is_over.wait(0.02):
                    break
                self._caller.sendall(bytes([byte]))
        return len(sent)

    def flush(self) -> None:
        """Do nothing: nothing is held back."""

    def close(self) -> None:
        """Do nothing: the connection is somebody else's."""


def test_a_witness_that_answers_letter_by_letter_is_given_up_in_time(
    store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witnessing, "SECONDS", 1.0)
    server = Trickling()
    server.RequestHandlerClass = Trickle
    stops = threading.Timer(20, server.is_over.set)
    stops.start()
    try:
        with running(server) as (_, address):
            began = time.monotonic()
            line = one_line(standline("checkpoint", *given(address), "--store", store), 1)
            took = time.monotonic() - began
            server.is_over.set()
    finally:
        server.is_over.set()
        stops.cancel()
    assert "does not answer" in line
    assert took < 8


def test_a_witness_that_saw_more_events_than_there_are_is_one_line(store: str) -> None:
    with running(Scripted(409, "999999999\n")) as (server, address):
        line = one_line(standline("checkpoint", *given(address), "--store", store), 1)
    assert "999999999" in line
    assert server.asked == [409]


def test_a_witness_that_does_not_answer_is_one_line(store: str) -> None:
    for address in ("http://127.0.0.1:9", "no address", "http://127.0.0.1:99999"):
        line = one_line(standline("checkpoint", *given(address), "--store", store), 1)
        assert "does not answer" in line
    only = standline("checkpoint", "--witness", "http://127.0.0.1:9", "--store", store)
    assert only.status == 2
