"""What feeds and folders hold, as the inbox takes it in."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from timeline.capture.files.fetching import fetch
from timeline.capture.files.reading import read_file
from timeline.capture.suggesters import count_suggestions
from timeline.desk.inbox import Arrival
from timeline.domain.dates import parse_date
from timeline.domain.errors import Refused
from timeline.domain.fields import DOCUMENT, LIMITS
from timeline.domain.instants import MICROSECONDS
from timeline.domain.naming import document_id, keyed_id
from timeline.domain.text import without_unfit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from timeline.capture.files.fetching import Bounds
    from timeline.interchange.foreign.feed import Feed
    from timeline.watching.sources import FeedSource, FolderSource, Source

LEAD = 400
"""Characters of a summary that are kept."""


def of_feed(source: FeedSource, feed: Feed, now: int) -> list[Arrival]:
    """Return the entries of a feed that something names; ``now`` is in microseconds UTC."""
    found = []
    for entry in feed.entries:
        imprint = _imprint(source, entry.document)
        if imprint["source.url"] or imprint["source.title"]:
            document = _document(imprint)
            found.append(
                Arrival(
                    id=document,
                    document=document,
                    source=source.address,
                    listed_at=_listed_at(imprint, now),
                    imprint=imprint,
                    lead=_shortened(entry.lead),
                    text=_text(entry.text),
                )
            )
    return found


def file_id(data: bytes) -> str:
    """Return the id under which a file waits: the same bytes wait once."""
    return keyed_id("inbox", sha256(data).hexdigest())


def of_file(source: FolderSource, path: Path, data: bytes, now: int) -> Arrival:
    """Return the article that a file holds; raises `Refused`."""
    article = read_file(data, path.name)
    said = {field.name: getattr(article, field.on_record) for field in DOCUMENT}
    imprint = _imprint(source, said)
    is_named = bool(imprint["source.url"] or imprint["source.title"])
    lead = article.text if is_named else f"{path.name}: {article.text}"
    return Arrival(
        id=file_id(data),
        document=_document(imprint) if is_named else "",
        source=source.address,
        listed_at=_listed_at(imprint, now),
        imprint=imprint,
        lead=_shortened(lead),
        text=_text(article.text),
    )


def with_article(source: FeedSource, arrival: Arrival, bounds: Bounds) -> Arrival:
    """Return an entry of a feed with the text of the page it leads to, where that can be read."""
    url = arrival.imprint["source.url"]
    if arrival.text or not url:
        return arrival
    try:
        answer = fetch(url, own_address=source.named, bounds=bounds)
        article = read_file(answer.body, urlsplit(url).path or "/")
    except Refused:
        return arrival
    found = {"source.author": article.author, "source.lang": article.lang}
    said = {name: arrival.imprint[name] or value for name, value in found.items()}
    imprint = arrival.imprint | _imprint(source, arrival.imprint | said)
    return msgspec.structs.replace(arrival, imprint=imprint, text=_text(article.text))


def with_suggestions(arrival: Arrival) -> Arrival:
    """Return an arrival with how many passages of its text may be statements."""
    lang, published = (arrival.imprint[f"source.{name}"] for name in ("lang", "published_at"))
    count = count_suggestions(arrival.text, lang, published)
    return msgspec.structs.replace(arrival, suggested=count)


def _imprint(source: Source, said: Mapping[str, object]) -> dict[str, str]:
    """Return what is known of a text, without what the record would not take as it is."""
    given = {field.name: said.get(field.name) for field in DOCUMENT}
    imprint = {
        name: " ".join(without_unfit(value).split()) if isinstance(value, str) else ""
        for name, value in given.items()
    }
    imprint["source.published_at"] = _date(imprint["source.published_at"])
    imprint["source.outlet"] = source.outlet or imprint["source.outlet"]
    imprint["source.lang"] = imprint["source.lang"] or source.lang
    return imprint


def _date(given: str) -> str:
    try:
        return parse_date(given, "source.published_at").text if given else ""
    except Refused:
        return ""


def _listed_at(imprint: Mapping[str, str], now: int) -> int:
    """Return when it was published at the latest, and not later than it came."""
    published = imprint["source.published_at"]
    return min(now, parse_date(published).latest * MICROSECONDS) if published else now


def _document(imprint: Mapping[str, str]) -> str:
    names = ("source.url", "source.outlet", "source.title", "source.published_at")
    return document_id(*(imprint[name] for name in names))


def _text(given: str) -> str:
    text = without_unfit(given).strip()
    return text if len(text) <= LIMITS["snapshot"] else ""


def _shortened(given: str) -> str:
    words = " ".join(without_unfit(given).split())
    return words if len(words) <= LEAD else f"{words[:LEAD].rpartition(' ')[0]}…"
