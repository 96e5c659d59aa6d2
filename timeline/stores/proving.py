"""Whether a log is as it was recorded: its hashes, its words and the order of its streams."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.errors import StandlineError
from timeline.domain.messages import Message
from timeline.ledger.leaf import event_leaf
from timeline.stores.chain import BEGINNING
from timeline.stores.mapper import (
    NOTHING,
    is_canonical,
    read_commitment,
    read_state,
    redacted_by,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from timeline.stores.redactions import Named
    from timeline.stores.risen import Risen
    from timeline.stores.rows import ChainedRow, EventRow

AS_IT_IS = "restore a backup; `standline replay --as-it-is` goes on with this log all the same"

BYTES_DAMAGED = Message(
    "bytes_damaged", "event %(position)s is damaged: its bytes are no event", fix=AS_IT_IS
)
CHAIN_BROKEN = Message(
    "chain_broken",
    "event %(position)s, or one before it, is not as it was recorded: its hash does not follow",
    fix=AS_IT_IS,
)
WORDS_ALTERED = Message(
    "words_altered",
    "the words of event %(position)s are not those that were recorded",
    fix=AS_IT_IS,
)
BYTES_ADDED = Message(
    "bytes_added",
    "event %(position)s is not stored in the bytes in which it was recorded",
    fix=AS_IT_IS,
)
WORDS_PUT_BACK = Message(
    "words_put_back",
    "event %(position)s has words although a redaction on record names it",
    fix="erase it again; if that was done already, somebody put the words back",
)
WORDS_MISSING = Message(
    "words_missing",
    "the words of event %(position)s are gone, and no redaction names it",
    fix=AS_IT_IS,
)
OUT_OF_TURN = Message(
    "out_of_turn",
    "event %(position)s does not follow in its stream: one before it is missing",
    fix=AS_IT_IS,
)


class LogDoesNotHold(StandlineError):  # noqa: N818 - named as its kin
    """A log that is not as it was recorded, from a position on."""

    def __init__(self, message: Message, position: int, **counts: int) -> None:
        super().__init__(message, field="", fix=None, position=position, **counts)
        self.position = position


class Proof:
    """Goes along a log from its beginning, and stops at the first event that does not hold.

    ``named`` are the events that redactions name, which must be empty; ``risen`` follows the clock,
    if that is to be looked at. ``leaf`` is the leaf of the
    event that was yielded last, ``chain`` its hash; ``position`` is that of the last one that was
    looked at.
    """

    def __init__(self, named: Collection[Named] = (), risen: Risen | None = None) -> None:
        self._named = named
        self._risen = risen
        self.leaf = b""
        self.chain = BEGINNING
        self.position = 0
        self._erased = Erased()

    def of(self, rows: Iterable[ChainedRow]) -> Iterator[EventRow]:
        """Yield the next rows; raises `LogDoesNotHold` at one that is not as it was recorded."""
        for each in rows:
            (self.leaf,) = self.leaves((each,))
            yield each[:-1]

    def leaves(self, rows: Iterable[ChainedRow]) -> list[bytes]:
        """Return the leaves of the next rows; raises `LogDoesNotHold` as `of` does.

        What `link` and `commitment` do stands here itself: over a whole log their calls would
        take as long as a hash.
        """
        found, chain, position, named = [], self.chain, self.position, self._named
        risen = self._risen
        try:
            for position, stream, version, topic, state, kept in rows:
                parts = read_state(state)
                leaf = event_leaf(position, stream, version, topic, parts.committed)
                chain = sha256(chain + leaf).digest()
                if chain != kept:
                    raise LogDoesNotHold(CHAIN_BROKEN, position)
                commitment = read_commitment(parts.committed)
                told = commitment.hash
                if told is None or told != sha256((parts.salt or b"") + parts.content).digest():
                    self._without_content(position, stream, told, parts.content)
                elif (position, stream) in named:
                    raise LogDoesNotHold(WORDS_PUT_BACK, position)
                if not is_canonical(state, parts):
                    raise LogDoesNotHold(BYTES_ADDED, position)
                if topic.endswith(".redacted"):
                    self._erased.explain(stream, redacted_by(parts.committed))
                if risen is not None:
                    risen.note(position, topic, commitment.recorded_at)
                found.append(leaf)
        except msgspec.MsgspecError as error:
            raise LogDoesNotHold(BYTES_DAMAGED, position) from error
        self.chain, self.position = chain, position
        return found

    def end(self) -> None:
        """Raise `LogDoesNotHold` where words are gone that no redaction names."""
        if (position := self._erased.first()) is not None:
            raise LogDoesNotHold(WORDS_MISSING, position)

    def _without_content(
        self, position: int, stream: str, told: bytes | None, content: bytes
    ) -> None:
        """Take content that never was or was erased; any other was altered."""
        if bytes(content) != NOTHING:
            raise LogDoesNotHold(WORDS_ALTERED, position)
        if told is not None:
            self._erased.note(position, stream)


class Erased:
    """Where words are missing, until a redaction of the same stream names the position."""

    def __init__(self) -> None:
        self._unexplained: dict[int, str] = {}

    def note(self, position: int, stream: str) -> None:
        """Note that the words of an event are missing."""
        self._unexplained[position] = stream

    def explain(self, stream: str, positions: Iterable[int]) -> None:
        """Take a redaction in, which says why words of its own stream are missing."""
        for position in positions:
            if self._unexplained.get(position) == stream:
                del self._unexplained[position]

    def first(self) -> int | None:
        """Return the first position whose words are missing without a redaction."""
        return min(self._unexplained, default=None)
