"""A newsroom in which a second person agrees."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from timeline.stores.four_eyes import FourEyesNote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.bootstrap import Services


def ask_for_four_eyes(services: Services) -> None:
    """Let a store ask for a second person from here on."""
    if not services.log.asks_four_eyes():
        services.log.note_four_eyes(FourEyesNote(asked=True, by="a test", at=services.clock()))


@contextmanager
def four_eyes_lifted(services: Services) -> Iterator[None]:
    """Let one person record alone for the length of a block."""
    services.log.note_four_eyes(FourEyesNote(asked=False, by="a test", at=services.clock()))
    yield
    ask_for_four_eyes(services)
