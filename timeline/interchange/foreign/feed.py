"""RSS, Atom and JSON feeds: each entry is a document, to take statements from."""

from __future__ import annotations

import io
import re
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from timeline.domain.errors import Refused
from timeline.domain.messages import Message
from timeline.domain.translation import check_language
from timeline.interchange.foreign.plain_text import one_line, plain_text
from timeline.interchange.formats.source_row import RowStream, native_row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from time import struct_time

    from timeline.interchange.formats.opening import SourceFile
    from timeline.interchange.formats.source_row import Layout, Rows, SourceRow

FEED_TOO_LARGE = Message(
    "feed_too_large", "the feed has more than %(most)s megabytes", fix="split it, or export less"
)
NOT_A_FEED = Message(
    "not_a_feed",
    "this is neither an RSS or Atom feed nor a JSON feed",
    fix="save what the address of the feed gives, as it is",
)

MOST = 64_000_000
"""Most bytes of a feed, which is read into memory."""

UNNAMED = "entry without a title or an address"
_XML = re.compile(r"<(?:\w+:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)
_JSON = re.compile(r'"version"\s*:\s*"https?:(?:\\?/){2}jsonfeed\.org')
_HTTP = re.compile(r"https?://\S+", re.IGNORECASE)
_COARSE = re.compile(r"-?\d{4}(?:-\d\d)?")
_DAY_ONLY = re.compile(r"-?\d{4}-?\d\d-?\d\d")


class FeedEntry(msgspec.Struct, frozen=True):
    """An entry of a feed: a document as a native row, and its words as far as the feed has them.

    ``lead`` is a summary in one line; ``text`` is the full text, if the feed has it, with an empty
    line between blocks.
    """

    document: dict[str, Any]
    lead: str = ""
    text: str = ""


class Feed(msgspec.Struct, frozen=True):
    """The title of a feed, and its entries in order.

    ``is_whole`` is false for a malformed feed: some entries may be missing.
    """

    name: str
    entries: list[FeedEntry]
    is_whole: bool = True


class FeedFormat:
    """Entries of a feed as documents; statements in them have to be coded by a person."""

    name = "feed"
    about = "a feed (RSS, Atom or JSON Feed)"

    def recognises(self, file: SourceFile) -> bool:
        """Tell whether the file begins like a feed."""
        begins = file.head.lstrip("\ufeff \t\r\n")
        if begins.startswith("<"):
            return _XML.search(begins) is not None
        return begins.startswith("{") and _JSON.search(begins) is not None

    def rows(self, file: SourceFile, layout: Layout) -> Rows:  # noqa: ARG002 - a feed says it itself
        """Return the entries as native rows; raises `Refused` if it is no feed."""
        data = file.binary.read(MOST + 1)
        if len(data) > MOST:
            raise Refused(FEED_TOO_LARGE, field=file.name, most=MOST // 1_000_000)
        feed = read_feed(data)
        if feed is None:
            raise Refused(NOT_A_FEED, field=file.name)
        return RowStream(partial(_rows, [entry.document for entry in feed.entries]))


def _rows(documents: list[dict[str, Any]]) -> Iterator[SourceRow]:
    """Yield the documents of a feed, numbered; one without title and address is left out."""
    for number, row in enumerate(documents, 1):
        identity = row.get("source.title") or row.get("source.url")
        yield native_row(number, row, "" if identity else UNNAMED)


def read_feed(data: bytes) -> Feed | None:
    """Read a feed: RSS, Atom or JSON; ``None`` if it is no feed."""
    begins = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return _of_json(data) if begins == b"{" else _of_xml(data)


def _of_xml(data: bytes) -> Feed | None:
    import feedparser  # noqa: PLC0415 - it takes a fifth of a second, and few read feeds

    try:
        feed = feedparser.parse(io.BytesIO(data))  # bytes alone may be taken for a file's name
    except ValueError:  # of an encoding whose name holds what no name can
        return None
    if not feed.version and not feed.entries:
        return None
    outlet, lang = one_line(feed.feed.get("title")), feed.feed.get("language")
    entries = [_entry_of_xml(entry, outlet, lang) for entry in feed.entries]
    trouble = feed.get("bozo_exception")
    is_whole = not trouble or isinstance(trouble, feedparser.ThingsNobodyCaresAboutButMe)
    return Feed(outlet, entries, is_whole)


def _entry_of_xml(entry: Mapping[str, Any], outlet: str, lang: Any) -> FeedEntry:  # noqa: ANN401
    document = _document(
        outlet=outlet,
        title=one_line(entry.get("title")),
        url=entry.get("link"),
        author=one_line(entry.get("author")),
        published_at=_published(entry),
        lang=(entry.get("title_detail") or {}).get("language") or lang,
    )
    body = next((content.get("value") for content in entry.get("content") or ()), "")
    return FeedEntry(document, one_line(entry.get("summary")), _blocks(body))


def _of_json(data: bytes) -> Feed | None:
    try:
        feed = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        return None
    entries = (item if isinstance(item, dict) else {} for item in items)
    return Feed(one_line(feed.get("title")), [_entry_of_json(item, feed) for item in entries])


def _entry_of_json(item: Mapping[str, Any], feed: Mapping[str, Any]) -> FeedEntry:
    document = _document(
        outlet=one_line(feed.get("title")),
        title=one_line(item.get("title")),
        url=item.get("url") or item.get("external_url"),
        author=_authors(item) or _authors(feed),
        published_at=item.get("date_published"),
        lang=item.get("language") or feed.get("language"),
    )
    words = item.get("content_text")
    lines = words.split("\n") if isinstance(words, str) else []
    plain = "\n\n".join(filter(None, map(str.strip, lines)))
    lead = one_line(item.get("summary"))
    return FeedEntry(document, lead, _blocks(item.get("content_html")) or plain)


def _blocks(markup: Any) -> str:  # noqa: ANN401 - feeds hold any value
    return plain_text(markup).replace("\n", "\n\n")


def _authors(item: Mapping[str, Any]) -> str:
    listed = item.get("authors") or [item.get("author")]
    if not isinstance(listed, list):
        return ""
    names = [one_line(author.get("name")) for author in listed if isinstance(author, dict)]
    return ", ".join(filter(None, names))


def _published(entry: Mapping[str, Any]) -> str:
    """Return the publication date with the feed's own precision; empty if unreadable."""
    written = str(entry.get("published") or "").strip()
    if _COARSE.fullmatch(written):
        return written
    read: struct_time | None = entry.get("published_parsed")
    if read is None:
        return ""
    day = f"{read.tm_year:04d}-{read.tm_mon:02d}-{read.tm_mday:02d}"
    if ":" not in written or _DAY_ONLY.fullmatch(written):
        return day
    return f"{day}T{read.tm_hour:02d}:{read.tm_min:02d}:{min(read.tm_sec, 59):02d}Z"


def _document(**imprint: Any) -> dict[str, Any]:  # noqa: ANN401 - feeds hold any value
    """Return a document as a native row, without an invalid address or language."""
    url, lang = imprint["url"], imprint["lang"]
    imprint["url"] = url if isinstance(url, str) and _HTTP.fullmatch(url) else ""
    imprint["lang"] = lang if isinstance(lang, str) and _is_language(lang) else ""
    return {"kind": "document"} | {f"source.{name}": said for name, said in imprint.items() if said}


def _is_language(tag: str) -> bool:
    try:
        check_language(tag)
    except Refused:
        return False
    return True
