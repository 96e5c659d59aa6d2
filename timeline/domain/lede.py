"""What the newsroom itself says first of a topic: a sentence, and the changes that it pins."""

from __future__ import annotations

import msgspec

from timeline.domain.errors import Refused
from timeline.domain.event import Content
from timeline.domain.messages import Message

MOST = 5
"""Changes that are pinned at most: a page numbers no more turning points."""

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
    """The newsroom's sentence, empty where it only pins."""

    sentence: str = ""


class Lede(msgspec.Struct, frozen=True):
    """A sentence and the ids of the statements at the later ends of changes, in order.

    Both may be missing; a lede without either takes the one before it back.
    """

    sentence: str = ""
    pinned: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sentence or self.pinned)


def clean_lede(lede: Lede) -> Lede:
    """Return a lede that names nothing twice; raises `Refused` where it pins too many."""
    pinned = tuple(dict.fromkeys(lede.pinned))
    if len(pinned) > MOST:
        raise Refused(TOO_MANY_PINNED, field="pinned", number=len(pinned), most=MOST)
    return Lede(lede.sentence.strip(), pinned)
