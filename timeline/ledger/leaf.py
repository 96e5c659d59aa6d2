"""What the ledger covers of an event: all of it but words that may have to be erased one day.

The committed part holds a hash of salt and words, so words that are there can be checked, and
words that are gone leave the tree as it was.
"""

from __future__ import annotations

from hashlib import sha256

FORM = "standline-event/v1"
_HEAD = f"\x00{FORM}\n"


def entry(position: int, stream: str, version: int, topic: str, committed: bytes) -> bytes:
    """Return the entry of an event: five lines of text, then the committed part as it is stored.

    No id or type holds a line feed, so nothing can be read in two ways.
    """
    return f"{FORM}\n{position}\n{stream}\n{version}\n{topic}\n".encode() + committed


def event_leaf(position: int, stream: str, version: int, topic: str, committed: bytes) -> bytes:
    """Return the hash of an event as a leaf of the tree: of its entry, in one step.

    A whole log is hashed so, and a call costs as much as the hash.
    """
    head = f"{_HEAD}{position}\n{stream}\n{version}\n{topic}\n".encode()
    return sha256(head + committed).digest()
