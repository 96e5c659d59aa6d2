"""Converts entries of feeds and files of folders into arrivals for the inbox."""

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
"""Most characters of a lead."""


def of_feed(source: FeedSource, feed: Feed, now: int) -> list[Arrival]:
    """Return the entries of a feed that have an address or a title; ``now`` is in µs UTC."""
    arrivals = []
    for entry in feed.entries:
        imprint = _imprint(source, entry.document)
        if imprint["source.url"] or imprint["source.title"]:
            document = _document(imprint)
            arrivals.append(
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
    return arrivals


def file_id(data: bytes) -> str:
    """Return the id of a file in the inbox: the same bytes get the same id."""
    return keyed_id("inbox", sha256(data).hexdigest())


def of_file(source: FolderSource, path: Path, data: bytes, now: int) -> Arrival:
    """Return the article in a file; raises `Refused`."""
    article = read_file(data, path.name)
    values = {field.name: getattr(article, field.on_record) for field in DOCUMENT}
    imprint = _imprint(source, values)
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
    """Return an entry of a feed with the text of the page it links to, if that is readable."""
    url = arrival.imprint["source.url"]
    if arrival.text or not url:
        return arrival
    try:
        answer = fetch(url, own_address=source.named, bounds=bounds)
        article = read_file(answer.body, urlsplit(url).path or "/")
    except Refused:
        return arrival
    values = {"source.author": article.author, "source.lang": article.lang}
    known = {name: arrival.imprint[name] or value for name, value in values.items()}
    imprint = arrival.imprint | _imprint(source, arrival.imprint | known)
    return msgspec.structs.replace(arrival, imprint=imprint, text=_text(article.text))


def with_suggestions(arrival: Arrival) -> Arrival:
    """Return an arrival with the number of passages that may be statements."""
    lang, published = (arrival.imprint[f"source.{name}"] for name in ("lang", "published_at"))
    count = count_suggestions(arrival.text, lang, published)
    return msgspec.structs.replace(arrival, suggested=count)


def _imprint(source: Source, values: Mapping[str, object]) -> dict[str, str]:
    """Return the imprint of a text, without values that the record would refuse."""
    texts = {field.name: values.get(field.name) for field in DOCUMENT}
    imprint = {
        name: " ".join(without_unfit(value).split()) if isinstance(value, str) else ""
        for name, value in texts.items()
    }
    imprint["source.published_at"] = _date(imprint["source.published_at"])
    imprint["source.outlet"] = source.outlet or imprint["source.outlet"]
    imprint["source.lang"] = imprint["source.lang"] or source.lang
    return imprint


def _date(text: str) -> str:
    try:
        return parse_date(text, "source.published_at").text if text else ""
    except Refused:
        return ""


def _listed_at(imprint: Mapping[str, str], now: int) -> int:
    """Return the latest instant of its publication, but not later than now."""
    published = imprint["source.published_at"]
    return min(now, parse_date(published).latest * MICROSECONDS) if published else now


def _document(imprint: Mapping[str, str]) -> str:
    names = ("source.url", "source.outlet", "source.title", "source.published_at")
    return document_id(*(imprint[name] for name in names))


def _text(raw: str) -> str:
    text = without_unfit(raw).strip()
    return text if len(text) <= LIMITS["snapshot"] else ""


def _shortened(text: str) -> str:
    words = " ".join(without_unfit(text).split())
    return words if len(words) <= LEAD else f"{words[:LEAD].rpartition(' ')[0]}…"
