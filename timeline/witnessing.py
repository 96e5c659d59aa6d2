"""Witnesses sign a checkpoint after checking that the record only grew (C2SP tlog-witness)."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec
import urllib3

from timeline.connections import Deadline, Pool, SafePool
from timeline.domain.errors import Refused, StandlineError
from timeline.domain.messages import InQuotes, Message
from timeline.domain.text import whole_number
from timeline.ledger.checkpoints import read_checkpoint
from timeline.ledger.notes import COSIGNATURE, NOT_A_VERIFIER_KEY, Note, Verifier, read_note
from timeline.stores.evidence import proof_of_growth, signed_checkpoint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urllib3 import BaseHTTPResponse

    from timeline.ledger.notes import Signer
    from timeline.stores.log import EventLog

WITNESS_SILENT = Message(
    "witness_silent",
    "the witness %(address)s does not answer",
    fix="check the address, or ask it later",
)
WITNESS_REFUSES = Message(
    "witness_refuses",
    "the witness %(address)s does not sign: %(why)s",
    fix="ask who runs it",
)
SIGNED, CONFLICT = 200, 409
REASONS = {
    403: "it does not know the key of this record",
    404: "it does not know this record",
    422: "to it the record did not grow from what it saw before",
}
SECONDS, MOST_BYTES = 30.0, 65_536
POOLS: Mapping[str, type[Pool | SafePool]] = {"http": Pool, "https": SafePool}


class Witness(msgspec.Struct, frozen=True):
    """The address of a witness, and the key of its signatures."""

    address: str
    key: Verifier


def witnessed_checkpoint(log: EventLog, signer: Signer, witness: Witness) -> Note:
    """Return a checkpoint that a witness also signed.

    The witness checks the growth since its last checkpoint, whose size it reports. Raises
    `StandlineError` if it does not answer or sign, and `Refused` for an empty log.
    """
    if witness.key.kind != COSIGNATURE:
        raise StandlineError(NOT_A_VERIFIER_KEY, key=InQuotes(str(witness.key)))
    request = f"old 0\n\n{signed_checkpoint(log, signer)}"
    status, answer = _ask(witness, request)
    if status == CONFLICT and (seen := whole_number(answer.strip())):
        request = proof_of_growth(log, signer, seen)
        status, answer = _ask(witness, request)
    checkpoint = request.partition("\n\n")[2]
    if status != SIGNED:
        why = REASONS.get(status, f"it answers with {status}")
        raise StandlineError(WITNESS_REFUSES, address=witness.address, why=why)
    return _signed_too(checkpoint, answer, witness)


def _signed_too(checkpoint: str, lines: str, witness: Witness) -> Note:
    _, own = read_checkpoint(checkpoint)
    try:
        added = read_note(f"{own.text}\n{lines}")
    except Refused:
        why = "what it answers is no signature"
        raise StandlineError(WITNESS_REFUSES, address=witness.address, why=why) from None
    # It may sign with further keys.
    signatures = [
        signature for signature in added.signatures if signature.key_id == witness.key.key_id
    ]
    note = Note(own.text, (*own.signatures, *signatures))
    if not witness.key.signed(note):
        why = "its signature is not by the key that was given"
        raise StandlineError(WITNESS_REFUSES, address=witness.address, why=why)
    return note


def _ask(witness: Witness, body: str) -> tuple[int, str]:
    """Return status and text of its answer; raises `StandlineError` if there is none in time."""
    try:
        with Deadline(SECONDS) as deadline:
            with closing(_answer(witness.address, body, deadline)) as answer:
                data = answer.read(MOST_BYTES, decode_content=True)
            # An answer that was cut off looks complete.
            deadline.left()
    except (urllib3.exceptions.HTTPError, ValueError, OSError) as error:
        raise StandlineError(WITNESS_SILENT, address=InQuotes(witness.address)) from error
    return answer.status, data.decode(errors="replace")


def _answer(address: str, body: str, deadline: Deadline) -> BaseHTTPResponse:
    here = urlsplit(f"{address.rstrip('/')}/add-checkpoint")
    if here.scheme not in POOLS or not here.hostname:
        raise ValueError(here.scheme)
    pool = POOLS[here.scheme](here.hostname, here.port, retries=False, deadline=deadline)
    return pool.urlopen(
        "POST",
        here._replace(scheme="", netloc="").geturl(),
        body=body.encode(),
        redirect=False,
        preload_content=False,
        timeout=deadline.left(),
    )
