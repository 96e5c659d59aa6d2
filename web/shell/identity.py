"""Who asks: a public handle and a role. Nobody in particular may read, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

import msgspec
from werkzeug.wrappers import Request


class Role(IntEnum):
    """What somebody may do; each role may do what those before it may."""

    READER = 0
    CODER = 1
    EDITOR = 2
    ADMIN = 3


class Identity(msgspec.Struct, frozen=True):
    """Who asks: ``handle`` signs what they record, and is empty for a reader without a name."""

    handle: str = ""
    role: Role = Role.READER

    def may(self, needed: Role) -> bool:
        """Tell whether the role is enough for what needs another."""
        return self.role >= needed


Identify = Callable[[Request], Identity]
"""Says of a request who asks; what it does not know is a reader."""


def everybody_reads(_request: Request) -> Identity:
    """Take whoever asks for a reader: a site that others reach, and that knows no accounts."""
    return Identity()


def everybody_is(handle: str, role: Role = Role.EDITOR) -> Identify:
    """Take whoever asks for one person: a site that this machine alone reaches."""
    known = Identity(handle, role)
    return lambda _request: known
