"""A lede: the newsroom's first sentence on a topic, and the changes that it pins."""

from __future__ import annotations

import msgspec

from timeline.domain.errors import Refused
from timeline.domain.event import Content
from timeline.domain.messages import Message

MOST = 5
"""Most pinned changes: a page numbers no more turning points."""

TOO_MANY_PINNED = Message(
    "too_many_pinned",
    "%(number)d turning points are pinned, and a page shows %(most)d",
    fix="leave some out",
)
NOT_A_SIGNED_CHANGE = Message(
    "not_a_signed_change",
    "%(name)s is not the later end of a signed change on this topic",
    fix="sign that change first, or leave it out",
)


class LedeWords(Content, frozen=True):
    """The newsroom's sentence; empty if the lede only pins changes."""

    sentence: str = ""


class Lede(msgspec.Struct, frozen=True):
    """A sentence, and pinned changes in order, each by the id of the statement at its later end.

    Both may be empty; a lede without either removes the lede before it.
    """

    sentence: str = ""
    pinned: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sentence or self.pinned)


def clean_lede(lede: Lede) -> Lede:
    """Return a lede without duplicates; raises `Refused` if it pins too many changes."""
    pinned = tuple(dict.fromkeys(lede.pinned))
    if len(pinned) > MOST:
        raise Refused(TOO_MANY_PINNED, field="pinned", number=len(pinned), most=MOST)
    return Lede(lede.sentence.strip(), pinned)
