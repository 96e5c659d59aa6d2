"""Encodes events as bytes and decodes them, in every version; content can be erased."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import msgspec

from timeline.domain.catalogue import EVENT_TYPES
from timeline.domain.errors import StandlineError
from timeline.domain.messages import InQuotes, Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.domain.event import Event

UNKNOWN_EVENT_VERSION = Message(
    "unknown_event_version",
    "%(type)s has no version %(version)s here",
    fix="update Standline",
)
UNKNOWN_EVENT_TYPE = Message(
    "unknown_event_type", "no event is called %(type)s here", fix="update Standline"
)

SALT_BYTES = 16
NOTHING = b"\xc0"
"""MessagePack's nil: there never was content, or it was erased."""

HEAD, SALTED = b"\x93", b"\xc4" + bytes((SALT_BYTES,))
"""How MessagePack begins an array of three, and a salt: all states are stored like this."""

IDS = ("originator_id", "originator_version")
VERSION_AT = slice(2, 5)
"""The place of the version in a state by `Codec.write`, with up to 15 fields; else search it."""

ALWAYS = object()
"""In place of a default: the field is always written."""

WIDE_MAP, FEW_FIELDS = 0xDE, 16
SHORT_HEADS = tuple(bytes((0x80 | size,)) for size in range(FEW_FIELDS))
"""How MessagePack begins a map with 16 bits of size, and one of fewer than so many fields."""

_encode = msgspec.msgpack.Encoder().encode
_set = msgspec.structs.force_setattr


class State(msgspec.Struct, array_like=True, gc=False):
    """The three parts of a stored event, each as its exact bytes.

    ``committed`` is a map of the coded fields with the type version ``v`` and, where there is
    content, ``hash`` = SHA-256(salt ‖ content). The ledger covers it, so it never changes.
    """

    committed: msgspec.Raw
    salt: bytes | None
    content: msgspec.Raw


class EncodedEvent(msgspec.Struct, frozen=True, gc=False):
    """An encoded event, ready to append; ``committed`` is that part of its ``state``."""

    originator_id: str
    originator_version: int
    topic: str
    state: bytes
    committed: bytes


class Commitment(msgspec.Struct, gc=False):
    """The version of an event's type, its time, and the hash of salt and content, if it has any."""

    v: int
    hash: bytes | None = None
    recorded_at: int = 0


class _Redaction(msgspec.Struct):
    positions: tuple[int, ...] = ()


class _Head(msgspec.Struct, array_like=True):
    committed: Commitment


read_state = msgspec.msgpack.Decoder(State).decode
"""Splits a state into its three parts without copying bytes."""

_read_head = msgspec.msgpack.Decoder(_Head).decode
_read_fields = msgspec.msgpack.Decoder(dict[str, Any]).decode
_read_content = msgspec.msgpack.Decoder(dict[str, Any] | None).decode
read_commitment = msgspec.msgpack.Decoder(Commitment).decode
"""Reads from a committed part what it says of the content."""

_read_redaction = msgspec.msgpack.Decoder(_Redaction).decode


class Codec:
    """Writes and reads the events of one type."""

    def __init__(self, event_type: type[Event]) -> None:
        fields = {field.name: field for field in msgspec.structs.fields(event_type)}
        content = fields.pop("content", None)
        self.type = event_type
        self.version = event_type.VERSION
        self.has_content = content is not None
        self.content_type = content.type if content else None
        own = [name for name in fields if name not in IDS]
        defaults = {
            name: ALWAYS if field.default is msgspec.NODEFAULT else field.default
            for name, field in fields.items()
        }
        self._present = _encode("v") + _encode(self.version)
        self._values = attrgetter(*own)
        self._committed = msgspec.defstruct(
            f"Committed{event_type.__name__}",
            ["v", *((name, Any, defaults[name]) for name in own), ("hash", Any, None)],
            omit_defaults=True,
            gc=False,
        )
        parts = [("committed", event_type), ("salt", bytes | None), ("content", self.content_type)]
        self._read = msgspec.msgpack.Decoder(
            msgspec.defstruct(f"Stored{event_type.__name__}", parts, array_like=True)
        ).decode

    def write(self, event: Event, salt: bytes) -> tuple[bytes, bytes]:
        """Return the committed part of an event, and its whole state with that salt."""
        content = event.content if self.has_content else None  # type: ignore[attr-defined]  # only
        # types with free text have the field
        if content is None:
            committed = _narrow(_encode(self._committed(self.version, *self._values(event))))
            state = state_of(committed, None, None)
        else:
            words = _encode(content)
            content_hash = commitment(salt, words)
            written = self._committed(self.version, *self._values(event), content_hash)
            committed = _narrow(_encode(written))
            state = state_of(committed, salt, words)
        # Appended events stay for ever; constructors do not validate, so try to read it first.
        self._read(state)
        return committed, state

    def read(self, state: bytes) -> Event:
        """Return the event, upcast to the type's present version, without its ids."""
        if state[VERSION_AT] != self._present:
            version = _read_head(state).committed.v
            if version != self.version:
                return self._read_older(state, version)
        stored: Any = self._read(state)
        event: Event = stored.committed
        if self.has_content:
            _set(event, "content", stored.content)
        return event

    def _read_older(self, state: bytes, version: int) -> Event:
        parts = read_state(state)
        committed, content = _read_fields(parts.committed), _read_content(parts.content)
        while version != self.version:
            upcaster = UPCASTERS.get((self.type.TOPIC, version))
            if upcaster is None:
                raise StandlineError(UNKNOWN_EVENT_VERSION, type=self.type.TOPIC, version=version)
            committed, content = upcaster(committed, content)
            version += 1
        event = msgspec.convert(committed, self.type)
        if self.has_content:
            _set(event, "content", msgspec.convert(content, self.content_type))
        return event


def _narrow(written: bytes) -> bytes:
    """Return a map with the shortest head: msgspec's leaves room for omitted fields."""
    if written[0] == WIDE_MAP and written[1] == 0 and written[2] < FEW_FIELDS:
        return SHORT_HEADS[written[2]] + written[3:]
    return written


CODECS = {topic: Codec(event_type) for topic, event_type in EVENT_TYPES.items()}


def write_event(event: Event) -> bytes:
    """Return the state of an event; raises `msgspec.ValidationError` if it would not read."""
    return CODECS[event.TOPIC].write(event, secrets.token_bytes(SALT_BYTES))[1]


def write_events(events: Sequence[Event]) -> list[EncodedEvent]:
    """Encode events for an append, each with a salt of its own; raises as `write_event` does."""
    salts = secrets.token_bytes(SALT_BYTES * len(events))
    written = []
    for at, event in enumerate(events):
        salt = salts[at * SALT_BYTES : (at + 1) * SALT_BYTES]
        committed, state = CODECS[event.TOPIC].write(event, salt)
        stream, version = event.originator_id, event.originator_version
        written.append(EncodedEvent(stream, version, event.TOPIC, state, committed))
    return written


def read_event(stream: str, version: int, topic: str, state: bytes) -> Event:
    """Return the event of a stored row; raises `StandlineError` for a type not known here."""
    try:
        codec = CODECS[topic]
    except KeyError:
        raise StandlineError(UNKNOWN_EVENT_TYPE, type=InQuotes(topic)) from None
    event = codec.read(state)
    _set(event, "originator_id", stream)
    _set(event, "originator_version", version)
    return event


def commitment(salt: bytes, content: bytes) -> bytes:
    """Return the hash by which the committed part binds erasable content."""
    return hashlib.sha256(salt + content).digest()


def exact_parts(state: bytes) -> tuple[bytes, bytes | None, bytes | None]:
    """Return the bytes of the committed part, the salt and the content."""
    parts = read_state(state)
    content = bytes(parts.content)
    return bytes(parts.committed), parts.salt, None if content == NOTHING else content


def state_of(committed: bytes, salt: bytes | None, content: bytes | None) -> bytes:
    """Return the state made of these bytes; the inverse of `exact_parts`."""
    words = msgspec.Raw(NOTHING if content is None else content)
    return _encode(State(msgspec.Raw(committed), salt, words))


def is_canonical(state: bytes, parts: State) -> bool:
    """Tell whether a state is stored in its canonical bytes.

    Other bytes with the same meaning, such as a fourth part or a longer salt, could hide words.
    """
    if parts.salt is None:
        return state == b"".join((HEAD, parts.committed, NOTHING, NOTHING))
    return state == b"".join((HEAD, parts.committed, SALTED, parts.salt, parts.content))


def matches_commitment(committed: bytes, salt: bytes | None, content: bytes | None) -> bool:
    """Tell whether content matches its commitment; erased content does."""
    if salt is None or content is None:
        return salt is None and content is None
    is_whole = len(salt) == SALT_BYTES
    return is_whole and read_commitment(committed).hash == commitment(salt, content)


def lacks_content(committed: bytes, content: bytes | None) -> bool:
    """Tell whether content is missing that was committed to."""
    return content is None and read_commitment(committed).hash is not None


def redacted_by(committed: bytes) -> tuple[int, ...]:
    """Return the positions that a redaction names."""
    return _read_redaction(committed).positions


Fields = dict[str, Any]
Upcaster = Callable[[Fields, Fields | None], tuple[Fields, Fields | None]]
"""Takes and returns the committed fields and the content (``None`` if it was erased)."""


def _leave_empty(committed: Fields, content: Fields | None) -> tuple[Fields, Fields | None]:
    """Leave new fields empty."""
    return committed, content


UPCASTERS: dict[tuple[str, int], Upcaster] = {
    ("document.filed", 1): _leave_empty,
    ("statement.recorded", 1): _leave_empty,
}
"""By type name and the version that the step starts from. The demo's log begins with both."""
