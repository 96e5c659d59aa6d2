"""The roles of people."""

from __future__ import annotations

from enum import IntEnum

from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message

NO_SUCH_ROLE = Message(
    "no_such_role", "%(role)s is not a role", fix="use reader, coder, editor or admin"
)


class Role(IntEnum):
    """A role; each may do what those before it may."""

    READER = 0
    CODER = 1
    EDITOR = 2
    ADMIN = 3

    @classmethod
    def named(cls, name: str) -> Role:
        """Return the role with a name such as ``editor``; raises `Refused` for an unknown one."""
        try:
            return cls[name.strip().upper()]
        except KeyError:
            raise Refused(NO_SUCH_ROLE, field="role", role=InQuotes(name)) from None

    @property
    def word(self) -> str:
        """The name of the role in commands, tables and forms."""
        return self.name.lower()
