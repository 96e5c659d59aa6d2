"""Commands on developments."""

from __future__ import annotations

from typing import ClassVar

from timeline.application.corrections import check_development
from timeline.application.entries import Entries
from timeline.domain.development import Development


class Developments(Entries[Development]):
    """Commands on developments: those of every entry."""

    KIND = Development
    CHECK: ClassVar = staticmethod(check_development)
