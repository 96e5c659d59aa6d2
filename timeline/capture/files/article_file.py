"""The content of a file: an article's text and its source."""

from __future__ import annotations

import re

import msgspec

from timeline.domain.messages import Message

ARTICLE_FILE_TOO_LARGE = Message(
    "article_file_too_large",
    "the file has %(size)s bytes, and %(limit)s are read at the most",
    fix="save its text alone, or paste it",
)
FILE_NOT_READ = Message(
    "file_not_read",
    "the file cannot be read as a web page, PDF, Word document, transcript or plain text",
    fix="save it anew, or paste its text",
)
FILE_ENCRYPTED = Message(
    "file_encrypted", "the file is locked by a password", fix="save it without one"
)
FILE_HAS_MORE_PAGES = Message(
    "file_has_more_pages",
    "the file has more than 200 pages",
    fix="save those that you need, or paste their text",
)
FILE_HAS_NO_TEXT = Message(
    "file_has_no_text",
    "the file holds no text: it may be a picture of a page",
    fix="paste the text",
)
FILE_TAKES_TOO_LONG = Message(
    "file_takes_too_long", "reading the file takes too long", fix="paste its text"
)

REFUSALS = {
    message.code: message
    for message in (
        FILE_NOT_READ,
        FILE_ENCRYPTED,
        FILE_HAS_MORE_PAGES,
        FILE_HAS_NO_TEXT,
        FILE_TAKES_TOO_LONG,
    )
}
"""The refusals of a reader, by code."""

MOST_BYTES = 5_000_000

_MARKUP = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|article|main"
    r"|section|div|h1|p|blockquote)\b[^>]*>",
    re.IGNORECASE | re.DOTALL,
)


def is_web_page(text: str) -> bool:
    """Tell whether a text is HTML of a web page, or of a part of one."""
    return _MARKUP.match(text) is not None


class ArticleFile(msgspec.Struct, frozen=True):
    """An article in a file; unknown fields are empty.

    ``published_at`` is a day as ``YYYY-MM-DD``; ``lang`` a code such as ``de``.
    """

    text: str
    title: str = ""
    outlet: str = ""
    author: str = ""
    url: str = ""
    published_at: str = ""
    lang: str = ""
    outlet_kind: str = ""
