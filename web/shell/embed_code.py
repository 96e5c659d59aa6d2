"""What a page offers to those who want it in a frame of their own: the HTML to paste."""

from __future__ import annotations

from html import escape

import msgspec

LANES = 6
"""Lanes of one frame; the full page has the others."""


class Offer(msgspec.Struct, frozen=True):
    """A frame: its address, its name to those who cannot see it, and its height in pixels."""

    host: str
    path: str
    title: str
    height: int

    @property
    def html(self) -> str:
        """The frame as HTML to paste."""
        return self.themed("")

    def themed(self, theme: str) -> str:
        """Return the same for a page that is ``light`` or ``dark``, whatever its readers chose."""
        address = self.host + self.path
        if theme:
            address += f"{'&' if '?' in address else '?'}theme={theme}"
        return (
            f'<iframe src="{escape(address)}" title="{escape(self.title)}"'
            f' width="100%" height="{self.height}" loading="lazy" frameborder="0"></iframe>'
        )
