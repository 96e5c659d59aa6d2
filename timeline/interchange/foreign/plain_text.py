"""Plain text of HTML."""

from __future__ import annotations

import html
import re
from typing import Any

_UNSHOWN = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|$)", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/h[1-6]|/blockquote|/tr)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<(?:[a-zA-Z/!?][^<>]*)>")


def plain_text(markup: Any) -> str:  # noqa: ANN401 - JSON holds any value
    """Return the visible text of HTML, one line for each block; empty if it is no text."""
    if not isinstance(markup, str):
        return ""
    words = _TAG.sub("", _BREAK.sub("\n", _UNSHOWN.sub("", markup)))
    lines = (" ".join(line.split()) for line in html.unescape(words).replace("\0", "").split("\n"))
    return "\n".join(filter(None, lines))


def one_line(markup: Any) -> str:  # noqa: ANN401 - JSON holds any value
    """Return the visible text of HTML in one line."""
    return " ".join(plain_text(markup).split())
