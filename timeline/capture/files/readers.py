"""Readers for kinds of files, which run in a process of their own: see `reading`."""

from __future__ import annotations

import re
import zipfile
from codecs import BOM_UTF8
from io import BytesIO
from typing import TYPE_CHECKING

from timeline.capture.files.article_file import (
    FILE_ENCRYPTED,
    FILE_HAS_MORE_PAGES,
    FILE_HAS_NO_TEXT,
    FILE_NOT_READ,
    ArticleFile,
    is_web_page,
)
from timeline.capture.files.transcripts import CAPTIONS, PROTOCOL, captions, protocol
from timeline.domain.errors import Refused
from timeline.domain.quotations import BLOCK_QUOTE

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_PAGES = 200
"""Most pages of a PDF; `FILE_HAS_MORE_PAGES` states the number."""

MOST_UNPACKED = 50_000_000
"""Most bytes of an unpacked Word document."""

_PARAGRAPHS = ".//w:p[not(ancestor::*[local-name() = 'Fallback'])]"
"""Paragraphs, also in tables and boxes, without the fallback copies of boxes."""

_OPENED, _CLOSED = re.compile(rb"<q\b[^>]*>", re.IGNORECASE), re.compile(rb"</q\s*>", re.IGNORECASE)
"""Inline quotations: browsers show their marks, which plain text would lose."""

_LANG = re.compile(rb"<html[^>]*\slang=[\"']?([a-zA-Z-]{2,16})", re.IGNORECASE)


def read_article(data: bytes, name: str) -> ArticleFile:
    """Read a file by its content, else by its name; raises `Refused`."""
    file = _reader(data, name.lower())(data)
    if not file.text.strip():
        raise Refused(FILE_HAS_NO_TEXT, field="file")
    return file


def _reader(data: bytes, name: str) -> Callable[[bytes], ArticleFile]:
    if data.startswith(b"%PDF-"):
        return _pdf
    if data.startswith(b"PK\x03\x04"):
        return _word
    if PROTOCOL in data[:4_000]:
        return protocol
    if data.removeprefix(BOM_UTF8).startswith(CAPTIONS):
        return captions
    if is_web_page(data[:4_000].decode("latin-1")) or name.endswith((".html", ".htm", ".xhtml")):
        return _page
    return _plain


def _plain(data: bytes) -> ArticleFile:
    if b"\0" in data:
        raise Refused(FILE_NOT_READ, field="file")
    try:
        return ArticleFile(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return ArticleFile(data.decode("cp1252", "replace"))


def _page(data: bytes) -> ArticleFile:
    from trafilatura import bare_extraction  # noqa: PLC0415 - takes long, and few need it
    from trafilatura.xml import xmltotxt  # noqa: PLC0415

    marked = _CLOSED.sub(b"&rdquo;", _OPENED.sub(b"&ldquo;", data))
    document = bare_extraction(
        marked, include_comments=False, include_tables=False, with_metadata=True
    )
    if document is None or isinstance(document, dict):
        raise Refused(FILE_HAS_NO_TEXT, field="file")
    for quote in document.body.iter("quote"):
        for paragraph in quote.findall(".//p") or [quote]:
            paragraph.text = BLOCK_QUOTE + (paragraph.text or "").lstrip()
    lang = _LANG.search(data[:4_000])
    return ArticleFile(
        text=xmltotxt(document.body, include_formatting=False),
        title=document.title or "",
        outlet=document.sitename or "",
        author=document.author or "",
        url=document.url or "",
        published_at=document.date or "",
        lang=lang[1].decode() if lang else "",
    )


def _pdf(data: bytes) -> ArticleFile:
    from pypdf import PdfReader  # noqa: PLC0415

    from timeline.capture.files.pdf_text import text_of  # noqa: PLC0415

    read = PdfReader(BytesIO(data))
    if read.is_encrypted and not read.decrypt(""):
        raise Refused(FILE_ENCRYPTED, field="file")
    if len(read.pages) > MOST_PAGES:
        raise Refused(FILE_HAS_MORE_PAGES, field="file")
    about = read.metadata
    return ArticleFile(
        text=text_of(read.pages),
        title=str((about and about.title) or ""),
        author=str((about and about.author) or ""),
    )


def _word(data: bytes) -> ArticleFile:
    from docx import Document  # noqa: PLC0415
    from docx.text.paragraph import Paragraph  # noqa: PLC0415

    with zipfile.ZipFile(BytesIO(data)) as parts:
        if sum(info.file_size for info in parts.infolist()) > MOST_UNPACKED:
            raise Refused(FILE_NOT_READ, field="file")
    read = Document(BytesIO(data))
    about = read.core_properties
    paragraphs = (Paragraph(element, read).text for element in read.element.body.xpath(_PARAGRAPHS))
    return ArticleFile(
        text="\n\n".join(paragraph for paragraph in paragraphs if paragraph.strip()),
        title=about.title or "",
        author=about.author or "",
    )
