"""Developments: what editors may do with what happened or was announced."""

from __future__ import annotations

from typing import ClassVar

from timeline.application.corrections import check_development
from timeline.application.entries import Entries
from timeline.domain.development import Development


class Developments(Entries[Development]):
    """What may be done with developments: what may be done with every entry."""

    KIND = Development
    CHECK: ClassVar = staticmethod(check_development)
