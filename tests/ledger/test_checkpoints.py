"""Signed notes and checkpoints in the forms of C2SP."""

from __future__ import annotations

import pytest

from timeline.domain.errors import Refused
from timeline.ledger.checkpoints import Checkpoint, read_checkpoint
from timeline.ledger.notes import (
    Note,
    Signature,
    Signer,
    Verifier,
    read_note,
    read_verifier,
)

PUBLISHED = (
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
    ),
    (
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqd"
        "ngotpRZb6KE6RyyBwJnAM=\n"
    ),
)
"""A key, a text and a signature that others published (the documentation of Go's sumdb notes)."""

CHECKPOINT = Checkpoint("example.org/record", 3204, bytes(range(32)))


def test_a_note_that_others_signed_is_checked_by_their_key() -> None:
    key, text, line = PUBLISHED
    note = read_note(f"{text}\n{line}")
    assert str(read_verifier(key)) == key
    assert note.text == text
    assert read_verifier(key).signed(note)
    assert str(note) == f"{text}\n{line}"
    assert not read_verifier(key).signed(read_note(f"{text[:-2]}!\n\n{line}"))


def test_a_checkpoint_reads_as_it_was_signed() -> None:
    signer = Signer.made("example.org/record")
    written = str(CHECKPOINT.signed(signer))
    assert written.splitlines()[:3] == [
        "example.org/record",
        "3204",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    ]
    checkpoint, note = read_checkpoint(written)
    assert checkpoint == CHECKPOINT
    assert read_verifier(str(signer.verifier)).signed(note)
    witness = Signer.made("witness.example.net").verifier
    assert [verifier.signed(note) for verifier in (signer.verifier, witness)] == [True, False]


def test_a_key_of_the_same_name_is_another_key() -> None:
    note = CHECKPOINT.signed(Signer.made("example.org/record"))
    assert not Signer.made("example.org/record").verifier.signed(note)


def test_a_witness_signs_with_the_time() -> None:
    signer = Signer.made("witness.example.net")
    stamped = (1_766_000_000).to_bytes(8, "big")
    witness = Verifier(signer.name, signer.verifier.public, b"\x04")
    text = f"cosignature/v1\ntime 1766000000\n{CHECKPOINT.text}"
    line = signer.sign(text).signatures[0].signature
    made = Signature(signer.name, witness.key_id, stamped + line)
    assert witness.signed(Note(CHECKPOINT.text, (made,)))
    later = (1_766_000_001).to_bytes(8, "big")
    late = Signature(signer.name, witness.key_id, later + line)
    assert not witness.signed(Note(CHECKPOINT.text, (late,)))


GOOD = str(CHECKPOINT.signed(Signer.made("example.org/record")))


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "no blank line parts"),
        ("a\n1\n", "no blank line parts"),
        (GOOD.rstrip("\n"), "its last line has no end"),
        (GOOD.replace("— ", "- "), "a line below its text is no signature"),
        (GOOD.replace("3204", "03204"), "its second line is not a number"),
        (GOOD.replace("3204", "-1"), "its second line is not a number"),
        (GOOD.replace("3204", "9" * 5000), "its second line is not a number"),
        (GOOD.replace("AAEC", "AAE"), "its third line is not a hash"),
        (GOOD.replace("3204\n", ""), "it has no three lines"),
    ],
)
def test_what_is_no_checkpoint_is_refused_in_one_line(written: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        read_checkpoint(written)


@pytest.mark.parametrize(
    "key", ["", "a+b+c", PUBLISHED[0].replace("c74f20a3", "c74f20a4"), PUBLISHED[0][:-4]]
)
def test_what_is_no_key_is_refused_in_one_line(key: str) -> None:
    with pytest.raises(Refused, match="is not a key to check signatures with"):
        read_verifier(key)
