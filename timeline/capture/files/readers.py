"""Readers of the kinds of files, as they run in a process of their own: see `reading`."""

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
)
from timeline.capture.files.transcripts import CAPTIONS, PROTOCOL, captions, protocol
from timeline.domain.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_PAGES = 200
"""Pages of a PDF; `FILE_HAS_MORE_PAGES` says the number."""

MOST_UNPACKED = 50_000_000
"""Bytes that a Word document may unpack to."""

_MARKUP = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)",
    re.IGNORECASE | re.DOTALL,
)
_PARAGRAPHS = ".//w:p[not(ancestor::*[local-name() = 'Fallback'])]"
"""Those of tables and boxes too; a box stands there again for programs that show none."""

_HYPHEN = re.compile(r"(?<=[^\W\d_])-\n(?=[a-zß-öø-ÿ])")
_BREAK = re.compile(r"[ \t]*(?<!\n)\n(?!\n)[ \t]*")
_LANG = re.compile(rb"<html[^>]*\slang=[\"']?([a-zA-Z-]{2,16})", re.IGNORECASE)


def read_article(data: bytes, name: str) -> ArticleFile:
    """Return what a file holds, by what it is and else by its name; raises `Refused`."""
    found = _reader(data, name.lower())(data)
    if not found.text.strip():
        raise Refused(FILE_HAS_NO_TEXT, field="file")
    return found


def _reader(data: bytes, name: str) -> Callable[[bytes], ArticleFile]:
    if data.startswith(b"%PDF-"):
        return _pdf
    if data.startswith(b"PK\x03\x04"):
        return _word
    if PROTOCOL in data[:4_000]:
        return protocol
    if data.removeprefix(BOM_UTF8).startswith(CAPTIONS):
        return captions
    if _MARKUP.match(data[:4_000]) or name.endswith((".html", ".htm", ".xhtml")):
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

    found = bare_extraction(data, include_comments=False, include_tables=False, with_metadata=True)
    if found is None or isinstance(found, dict):
        raise Refused(FILE_HAS_NO_TEXT, field="file")
    lang = _LANG.search(data[:4_000])
    return ArticleFile(
        text=found.text or "",
        title=found.title or "",
        outlet=found.sitename or "",
        author=found.author or "",
        url=found.url or "",
        published_at=found.date or "",
        lang=lang[1].decode() if lang else "",
    )


def _pdf(data: bytes) -> ArticleFile:
    from pypdf import PdfReader  # noqa: PLC0415

    read = PdfReader(BytesIO(data))
    if read.is_encrypted and not read.decrypt(""):
        raise Refused(FILE_ENCRYPTED, field="file")
    if len(read.pages) > MOST_PAGES:
        raise Refused(FILE_HAS_MORE_PAGES, field="file")
    pages = [page.extract_text() for page in read.pages]
    about = read.metadata
    return ArticleFile(
        text=_flowing("\n\n".join(pages)),
        title=str((about and about.title) or ""),
        author=str((about and about.author) or ""),
    )


def _word(data: bytes) -> ArticleFile:
    from docx import Document  # noqa: PLC0415
    from docx.text.paragraph import Paragraph  # noqa: PLC0415

    with zipfile.ZipFile(BytesIO(data)) as parts:
        if sum(one.file_size for one in parts.infolist()) > MOST_UNPACKED:
            raise Refused(FILE_NOT_READ, field="file")
    read = Document(BytesIO(data))
    about = read.core_properties
    paragraphs = (Paragraph(one, read).text for one in read.element.body.xpath(_PARAGRAPHS))
    return ArticleFile(
        text="\n\n".join(one for one in paragraphs if one.strip()),
        title=about.title or "",
        author=about.author or "",
    )


def _flowing(text: str) -> str:
    """Return a text without the line breaks of its pages; empty lines stay."""
    return _BREAK.sub(" ", _HYPHEN.sub("", text.replace("\r\n", "\n")))
