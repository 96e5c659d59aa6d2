"""The HTML that embeds a page in a frame."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

import msgspec

LANES = 6
"""The most lanes of a frame; the full page has all."""


class Offer(msgspec.Struct, frozen=True):
    """A frame: its address, its title, and its height in pixels.

    It stays in the language ``lang`` of the page that offered it, for every reader.
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
        """Return the HTML for a page that is ``light`` or ``dark``, whatever its readers chose."""
        choices = urlencode({"lang": self.lang} | ({"theme": theme} if theme else {}))
        address = f"{self.host}{self.path}{'&' if '?' in self.path else '?'}{choices}"
        return (
            f'<iframe src="{escape(address)}" title="{escape(self.title)}"'
            f' width="100%" height="{self.height}" loading="lazy" frameborder="0"></iframe>'
        )
