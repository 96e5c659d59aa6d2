"""Signed notes: a text with signatures below it (C2SP signed-note and tlog-cosignature).

A key is an Ed25519 key with a name; its id, four bytes, tells signatures of one name apart.
"""

from __future__ import annotations

import base64
import binascii
from hashlib import sha256

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message

NOT_A_SIGNED_NOTE = Message(
    "not_a_signed_note",
    "this is not a signed note: %(why)s",
    fix="give the checkpoint as it was saved, with its last lines",
)
NOT_A_VERIFIER_KEY = Message(
    "not_a_verifier_key",
    "%(key)s is not a key to check signatures with",
    fix="write it as it was published: name+id+key",
)

NOT_A_SIGNING_KEY = Message(
    "not_a_signing_key",
    "this file holds no key to sign with",
    fix="restore it from a backup, or move it away to sign with a new one",
)
ORIGIN_NOT_A_NAME = Message(
    "origin_not_a_name",
    "%(origin)s cannot name a record",
    fix="write it without spaces and plus signs, such as record.example.org",
)

PRIVATE = "PRIVATE+KEY"
ED25519, COSIGNATURE = b"\x01", b"\x04"
ID_BYTES, TIME_BYTES, KEY_BYTES, SIGNATURE_BYTES = 4, 8, 32, 64
DASH = "— "


class Signature(msgspec.Struct, frozen=True):
    """One signature line: whose it is, by which key (its id), and its bytes."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def line(self) -> str:
        """The line as it stands below the text."""
        return f"{DASH}{self.name} {_base64(self.key_id + self.signature)}\n"


class Note(msgspec.Struct, frozen=True):
    """A text, which ends with a line feed, and its signatures."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        """Return the note as it is kept in a file."""
        return self.text + "\n" + "".join(signature.line for signature in self.signatures)


class Verifier(msgspec.Struct, frozen=True):
    """A name and a public key to check signatures with; ``kind`` says what it signs."""

    name: str
    public: bytes
    kind: bytes = ED25519

    @property
    def key_id(self) -> bytes:
        """The id that tells this key from others of the same name."""
        named = self.name.encode() + b"\n" + self.kind + self.public
        return sha256(named).digest()[:ID_BYTES]

    def __str__(self) -> str:
        """Return the key as it is published: ``name+id+key``."""
        return f"{self.name}+{self.key_id.hex()}+{_base64(self.kind + self.public)}"

    def signed(self, note: Note) -> bool:
        """Tell whether this key signed the note."""
        mine = [signature for signature in note.signatures if self._made(signature)]
        return any(self._holds(note.text.encode(), signature.signature) for signature in mine)

    def _made(self, signature: Signature) -> bool:
        return (signature.name, signature.key_id) == (self.name, self.key_id)

    def _holds(self, text: bytes, signature: bytes) -> bool:
        if self.kind == COSIGNATURE:
            time, signature = signature[:TIME_BYTES], signature[TIME_BYTES:]
            text = b"cosignature/v1\ntime %d\n" % int.from_bytes(time, "big") + text
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except InvalidSignature:
            return False
        return True


class Signer(msgspec.Struct, frozen=True):
    """A name and a private key of 32 bytes."""

    name: str
    private: bytes

    @classmethod
    def made(cls, name: str) -> Signer:
        """Make a key; raises `Refused` for a bad name."""
        if not is_name(name):
            raise Refused(ORIGIN_NOT_A_NAME, field="--origin", origin=InQuotes(name))
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw())

    def __str__(self) -> str:
        """Return the key as its private file holds it."""
        encoded = _base64(ED25519 + self.private)
        return f"{PRIVATE}+{self.name}+{self.verifier.key_id.hex()}+{encoded}"

    @property
    def verifier(self) -> Verifier:
        """The public key."""
        key = Ed25519PrivateKey.from_private_bytes(self.private)
        return Verifier(self.name, key.public_key().public_bytes_raw())

    def sign(self, text: str) -> Note:
        """Return the text, which ends with a line feed, as a note signed by this key."""
        key = Ed25519PrivateKey.from_private_bytes(self.private)
        signature = Signature(self.name, self.verifier.key_id, key.sign(text.encode()))
        return Note(text, (signature,))


def read_note(written: str) -> Note:
    """Read a note; raises `Refused` for anything else. It does not check the signatures."""
    text, blank, below = written.rpartition("\n\n")
    if not blank:
        raise Refused(NOT_A_SIGNED_NOTE, why="no blank line parts its text from its signatures")
    if not below.endswith("\n"):
        raise Refused(NOT_A_SIGNED_NOTE, why="its last line has no end")
    return Note(text + "\n", tuple(_signature(line) for line in below.splitlines()))


def read_verifier(written: str) -> Verifier:
    """Read a published key; raises `Refused` for anything else."""
    name, _, rest = written.strip().partition("+")
    key_id, _, key = rest.partition("+")
    decoded = _decode(key)
    if len(decoded) == 1 + KEY_BYTES and decoded[:1] in (ED25519, COSIGNATURE):
        verifier = Verifier(name, decoded[1:], decoded[:1])
        if is_name(name) and verifier.key_id.hex() == key_id:
            return verifier
    raise Refused(NOT_A_VERIFIER_KEY, key=InQuotes(written.strip()))


def read_signer(written: str) -> Signer:
    """Read a private key; raises `Refused` for anything else, without repeating it."""
    name, _, rest = written.strip().removeprefix(f"{PRIVATE}+").partition("+")
    key_id, _, key = rest.partition("+")
    decoded = _decode(key)
    if written.startswith(PRIVATE) and len(decoded) == 1 + KEY_BYTES and decoded[:1] == ED25519:
        signer = Signer(name, decoded[1:])
        if is_name(name) and signer.verifier.key_id.hex() == key_id:
            return signer
    raise Refused(NOT_A_SIGNING_KEY)


def _signature(line: str) -> Signature:
    name, _, encoded = line.removeprefix(DASH).partition(" ")
    decoded = _decode(encoded)
    if not line.startswith(DASH) or not is_name(name) or len(decoded) <= ID_BYTES:
        raise Refused(NOT_A_SIGNED_NOTE, why="a line below its text is no signature")
    return Signature(name, decoded[:ID_BYTES], decoded[ID_BYTES:])


def is_name(name: str) -> bool:
    """Tell whether a key may have this name."""
    return bool(name) and "+" not in name and not any(letter.isspace() for letter in name)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
