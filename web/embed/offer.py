"""What a page offers to those who want it in a frame of their own: the HTML to paste."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

import msgspec

LANES = 6
"""Lanes of one frame; the full page has the others."""


class Offer(msgspec.Struct, frozen=True):
    """A frame: its address, its name to those who cannot see it, and its height in pixels.

    It stays in the language ``lang`` of the page that offered it, whoever looks at it.
    """

    host: str
    path: str
    title: str
    height: int
    lang: str

    @property
    def html(self) -> str:
        """The frame as HTML to paste."""
        return self.themed("")

    def themed(self, theme: str) -> str:
        """Return the same for a page that is ``light`` or ``dark``, whatever its readers chose."""
        choices = urlencode({"lang": self.lang} | ({"theme": theme} if theme else {}))
        address = f"{self.host}{self.path}{'&' if '?' in self.path else '?'}{choices}"
        return (
            f'<iframe src="{escape(address)}" title="{escape(self.title)}"'
            f' width="100%" height="{self.height}" loading="lazy" frameborder="0"></iframe>'
        )
