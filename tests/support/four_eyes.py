"""A newsroom in which a second person agrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.stores.four_eyes import FourEyesNote

if TYPE_CHECKING:
    from timeline.bootstrap import Services


def ask_for_four_eyes(services: Services) -> None:
    """Let a store ask for a second person from here on."""
    if not services.log.asks_four_eyes():
        services.log.note_four_eyes(FourEyesNote(asked=True, by="a test", at=services.clock()))
