"""A document: the article that statements are taken from, and our stored text of it."""

from __future__ import annotations

import hashlib

from timeline.domain.aggregate import Aggregate, command, reason_given
from timeline.domain.dates import parse_date
from timeline.domain.errors import Refused
from timeline.domain.event import Byline, Content, Event
from timeline.domain.naming import document_id

FIELDS = ("outlet", "title", "author", "url", "published_at", "lang")


class Imprint(Content, frozen=True):
    """Who published it under which title; ``author`` as the outlet names them."""

    outlet: str = ""
    title: str = ""
    author: str = ""
    url: str = ""


class DocumentFiled(Event, frozen=True):
    """``published_at`` is an EDTF date or a date-time; ``lang`` a BCP 47 tag."""

    TOPIC = "document.filed"
    published_at: str | None = None
    lang: str = ""
    content: Imprint | None = None


class SnapshotText(Content, frozen=True):
    text: str


class DocumentSnapshotTaken(Event, frozen=True):
    """``sha256`` is the hex digest of the text's UTF-8 bytes."""

    TOPIC = "document.snapshot_taken"
    sha256: str
    content: SnapshotText | None = None


class FieldCorrection(Content, frozen=True):
    """The free text of a correction; ``old`` and ``new`` only where the field is free text."""

    reason: str
    old: str | None = None
    new: str | None = None


class DocumentCorrected(Event, frozen=True):
    TOPIC = "document.corrected"
    field: str
    old: str | None = None
    new: str | None = None
    material: bool = True
    content: FieldCorrection | None = None


class DocumentRedacted(Event, frozen=True):
    """``positions`` are the log positions of this stream whose content was erased."""

    TOPIC = "document.redacted"
    positions: tuple[int, ...]
    basis: str


class Document(Aggregate):
    """Decides what may be recorded of one document."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str | None] = dict.fromkeys(FIELDS, "")
        self.snapshots: set[str] = set()

    @classmethod
    def file(cls, byline: Byline, imprint: Imprint, published_at: str | None, lang: str) -> Document:
        """File a document; raises `Refused` if nothing names it."""
        if not (imprint.outlet or imprint.title or imprint.url):
            msg = "the source has no outlet, title or address"
            raise Refused(msg, field="source", fix="name at least one of them")
        document = cls()
        document.id = document_id(imprint.url, imprint.outlet, imprint.title, published_at or "")
        document._record(
            DocumentFiled, byline, published_at=published_at, lang=lang, content=imprint
        )
        return document

    @command
    def take_snapshot(self, byline: Byline, text: str) -> None:
        """Store the document's text as found; the same text twice is stored once."""
        digest = hashlib.sha256(text.encode()).hexdigest()
        if digest not in self.snapshots:
            content = SnapshotText(text=text)
            self._record(DocumentSnapshotTaken, byline, sha256=digest, content=content)

    @command
    def correct(
        self, byline: Byline, field: str, new: str, reason: str, *, material: bool = True
    ) -> None:
        """Mend what we recorded wrongly of the document; raises `Refused` for other fields."""
        if field not in FIELDS:
            msg = f"a document has no field {field!r}"
            raise Refused(msg, field="field", fix="use one of: " + ", ".join(FIELDS))
        old, why = self.fields[field], reason_given(reason)
        if new == (old or ""):
            return
        if field in ("published_at", "lang"):
            if field == "published_at" and new:
                parse_date(new)
            self._record(
                DocumentCorrected,
                byline,
                field=field,
                old=old,
                new=new or None,
                material=material,
                content=FieldCorrection(reason=why),
            )
        else:
            content = FieldCorrection(reason=why, old=old, new=new)
            self._record(DocumentCorrected, byline, field=field, material=material, content=content)

    @command
    def redact(self, byline: Byline, positions: tuple[int, ...], basis: str) -> None:
        """Record that the law demanded the erasure of the content at these positions."""
        self._record(DocumentRedacted, byline, positions=positions, basis=reason_given(basis))

    def _apply(self, event: Event) -> None:
        match event:
            case DocumentFiled():
                imprint = event.content or Imprint()
                self.fields = {
                    "outlet": imprint.outlet,
                    "title": imprint.title,
                    "author": imprint.author,
                    "url": imprint.url,
                    "published_at": event.published_at,
                    "lang": event.lang,
                }
            case DocumentSnapshotTaken():
                self.snapshots.add(event.sha256)
            case DocumentCorrected():
                words = event.content
                self.fields[event.field] = words.new if words and words.new else event.new
