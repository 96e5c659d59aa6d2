"""Checkpoints and proofs that readers can check offline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.errors import NotFound, Refused
from timeline.domain.messages import Message
from timeline.ledger.checkpoints import Checkpoint
from timeline.ledger.proofs import ProvenEvent, growth_file, proof_file

if TYPE_CHECKING:
    from timeline.ledger.notes import Note, Signer
    from timeline.stores.log import EventLog
    from timeline.stores.tree import StoredTree

NO_EVENT_THERE = Message("no_event_there", "there is no event at %(position)s")
NOTHING_TO_SIGN = Message(
    "nothing_to_sign", "there is nothing on record yet", fix="record or import something first"
)
CHECKPOINT_TOO_NEW = Message(
    "checkpoint_too_new",
    "the checkpoint is of %(size)s events, and the log has %(count)s",
    fix="verify the log with it: standline verify --checkpoint",
)


def signed_checkpoint(log: EventLog, signer: Signer) -> Note:
    """Return a signed checkpoint of a log; raises `Refused` for an empty one."""
    return signed_tree(log.tree(), signer)


def proof_of_event(log: EventLog, signer: Signer, position: int, *, with_words: bool = True) -> str:
    """Return the proof that the event at a position is in the record; raises `NotFound`.

    Without its words it proves the rest, as of an event whose words were erased.
    """
    tree = log.tree()
    row = next(log.stored(position - 1, position), None)
    if row is None:
        raise NotFound(NO_EVENT_THERE, field="position", position=position)
    words = (row.salt, row.content) if with_words else (None, None)
    event = ProvenEvent(row.position, row.stream, row.version, row.type, row.committed, *words)
    place = tree.size_at(position)
    return proof_file(event, place - 1, tree.inclusion(place), signed_tree(tree, signer))


def proof_of_growth(log: EventLog, signer: Signer, size: int) -> str:
    """Return the proof that a log has only grown since it had ``size`` events; raises `Refused`."""
    tree = log.tree()
    if not 0 < size <= tree.size:
        raise Refused(CHECKPOINT_TOO_NEW, field="old", size=size, count=tree.size)
    return growth_file(size, tree.consistency(size), signed_tree(tree, signer))


def signed_tree(tree: StoredTree, signer: Signer) -> Note:
    """Sign a tree; raises `Refused` for an empty one."""
    if not tree.size:
        raise Refused(NOTHING_TO_SIGN)
    return Checkpoint(signer.name, tree.size, tree.root()).signed(signer)
