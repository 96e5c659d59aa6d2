"""Proves that a log is as it was recorded: its hashes, its words and its clock."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.clock import ClockConfirmed
from timeline.domain.errors import StandlineError
from timeline.domain.messages import Message
from timeline.ledger.merkle import Edge, Node, event_leaf
from timeline.ledger.tiles import HEIGHT
from timeline.stores.chain import BEGINNING
from timeline.stores.mapper import NOTHING, is_canonical, read_commitment, read_state, redacted_by

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from timeline.stores.redactions import RedactedEvent
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
    """Checks a log from its beginning, and stops at the first event that fails.

    ``named`` are the events that redactions name, which must be empty; ``risen`` follows the clock,
    if that is to be checked. ``leaf`` is the leaf of the event yielded last, ``chain`` its hash,
    ``position`` the position checked last.
    """

    def __init__(
        self, named: Collection[RedactedEvent] = (), risen: RunningMaximum | None = None
    ) -> None:
        self._named = named
        self._risen = risen
        self.leaf = b""
        self.chain = BEGINNING
        self.position = 0
        self._erased = MissingWords()

    def of(self, rows: Iterable[ChainedRow]) -> Iterator[EventRow]:
        """Yield the next rows; raises `LogDoesNotHold` at one that is not as it was recorded."""
        for row in rows:
            (self.leaf,) = self.leaves((row,))
            yield row[:-1]

    def leaves(self, rows: Iterable[ChainedRow]) -> list[bytes]:
        """Return the leaves of the next rows; raises `LogDoesNotHold` as `of` does.

        `link` and `commitment` are inlined: over a whole log their calls would take as long as the
        hashes.
        """
        leaves, chain, position, named = [], self.chain, self.position, self._named
        risen = self._risen
        try:
            for position, stream, version, topic, state, stored_chain in rows:
                parts = read_state(state)
                leaf = event_leaf(position, stream, version, topic, parts.committed)
                chain = sha256(chain + leaf).digest()
                if chain != stored_chain:
                    raise LogDoesNotHold(CHAIN_BROKEN, position)
                commitment = read_commitment(parts.committed)
                content_hash = commitment.hash
                if (
                    content_hash is None
                    or content_hash != sha256((parts.salt or b"") + parts.content).digest()
                ):
                    self._without_content(position, stream, content_hash, parts.content)
                elif (position, stream) in named:
                    raise LogDoesNotHold(WORDS_PUT_BACK, position)
                if not is_canonical(state, parts):
                    raise LogDoesNotHold(BYTES_ADDED, position)
                if topic.endswith(".redacted"):
                    self._erased.explain(stream, redacted_by(parts.committed))
                if risen is not None:
                    risen.note(position, topic, commitment.recorded_at)
                leaves.append(leaf)
        except msgspec.MsgspecError as error:
            raise LogDoesNotHold(BYTES_DAMAGED, position) from error
        self.chain, self.position = chain, position
        return leaves

    def end(self) -> None:
        """Raise `LogDoesNotHold` if words are missing that no redaction names."""
        if (position := self._erased.first()) is not None:
            raise LogDoesNotHold(WORDS_MISSING, position)

    def _without_content(
        self, position: int, stream: str, content_hash: bytes | None, content: bytes
    ) -> None:
        """Note missing content; raise `LogDoesNotHold` if content is there but altered."""
        if bytes(content) != NOTHING:
            raise LogDoesNotHold(WORDS_ALTERED, position)
        if content_hash is not None:
            self._erased.note(position, stream)


class MissingWords:
    """Events whose words are missing, until a redaction of the same stream names them."""

    def __init__(self) -> None:
        self._unexplained: dict[int, str] = {}

    def note(self, position: int, stream: str) -> None:
        """Note that the words of an event are missing."""
        self._unexplained[position] = stream

    def explain(self, stream: str, positions: Iterable[int]) -> None:
        """Note a redaction, which explains missing words of its own stream."""
        for position in positions:
            if self._unexplained.get(position) == stream:
                del self._unexplained[position]

    def first(self) -> int | None:
        """Return the first position whose words are missing without a redaction."""
        return min(self._unexplained, default=None)


AT_ONCE = 1_000
"""Rises that are held before the final ones are hashed."""

Rise = tuple[int, int]
"""A new greatest recorded_at, and its position."""


class RunningMaximum:
    """Follows the running maximum of recorded_at, by the rules of `timeline.stores.clock`.

    ``confirmed`` are position and instant of all events that confirm the clock, in order: a
    confirmation takes back higher rises before it. Memory does not grow with the log.
    """

    def __init__(self, confirmed: Iterable[tuple[int, int]]) -> None:
        self._confirmed = [*confirmed]
        self._rises: list[Rise] = []
        self._hash = sha256()
        self._reached = 0

    def note(self, position: int, topic: str, instant: int) -> None:
        """Note the next event, with its recorded_at."""
        if topic == ClockConfirmed.TOPIC:
            self._confirm(position, instant)
        elif instant > self._reached:
            self._rises.append((instant, position))
            self._reached = instant
            if len(self._rises) >= AT_ONCE:
                self._settle()

    def _confirm(self, position: int, instant: int) -> None:
        self._confirmed = [event for event in self._confirmed if event[0] > position]
        later = [at for reached, at in self._rises if reached >= instant]
        self._rises = [rise for rise in self._rises if rise[0] < instant]
        self._rises.append((instant, min(later, default=position)))
        self._reached = instant

    def matches(self, rows: Iterable[Rise]) -> bool:
        """Tell whether these rows, in order, are the rises of all noted events."""
        self._confirmed.clear()
        self._settle()
        stored = sha256()
        for instant, position in rows:
            stored.update(b"%d %d\n" % (instant, position))
        return stored.digest() == self._hash.digest()

    def _settle(self) -> None:
        """Hash the rises that no later event can take back."""
        lowest = min((instant for _, instant in self._confirmed), default=None)
        for instant, position in self._rises:
            if lowest is None or instant < lowest:
                self._hash.update(b"%d %d\n" % (instant, position))
        self._rises = [rise for rise in self._rises if lowest is not None and rise[0] >= lowest]


NodeRow = tuple[int, int, int, bytes]
"""Level, number, position of the last event and hash of a complete subtree."""


class GrowingTree:
    """A tree that grows by events, each given by position and leaf."""

    def __init__(self, edge: Edge | None = None) -> None:
        self.edge = edge or Edge()

    def add(self, leaves: Sequence[tuple[int, bytes]]) -> list[NodeRow]:
        """Add leaves, and return the new complete nodes as a store holds them."""
        size = self.edge.size
        self.edge, nodes = self.edge.grown_by((leaf for _, leaf in leaves), HEIGHT)
        return [_row(node, leaves[node.end - 1 - size][0]) for node in nodes]

    @property
    def kept(self) -> tuple[int, bytes]:
        """The size and the edge, as a store holds them."""
        return self.edge.size, self.edge.packed()


def _row(node: Node, position: int) -> NodeRow:
    return node.level, node.number, position, node.hash
