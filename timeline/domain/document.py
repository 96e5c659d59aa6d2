"""A document: the article that statements are taken from, and our stored text of it."""

from __future__ import annotations

import hashlib

from timeline.domain.aggregate import Redactable, command, required_reason
from timeline.domain.dates import check_come, parse_date
from timeline.domain.errors import Refused, check_choice
from timeline.domain.event import Byline, Content, Event, Redacted, own_fields
from timeline.domain.messages import Message
from timeline.domain.naming import document_id

SOURCE_UNNAMED = Message(
    "source_unnamed", "the source has no outlet, title or address", fix="name at least one of them"
)
SOURCE_DETAILS_ERASED = Message(
    "source_details_erased",
    "the details of this source were erased",
    fix="correct its date or language only",
)
SNAPSHOT_EMPTY = Message("snapshot_empty", "the text is empty", fix="paste the article's text")
UNKNOWN_DOCUMENT_FIELD = Message(
    "unknown_document_field", "a document has no field %(name)s", fix="use one of: %(choices)s"
)

UNKNOWN_OUTLET_KIND = Message(
    "unknown_outlet_kind", "there is no kind of outlet %(kind)s", fix="use one of: %(choices)s"
)

PUBLISHED = "source.published_at"
OUTLET_KINDS = (
    *("agency", "newspaper", "broadcaster", "government", "party", "aggregator", "sanctioned"),
    *("mirror", "other"),
)
"""Kinds of publishers; ``sanctioned`` are state media under sanctions, a ``mirror`` republishes
others."""


class Imprint(Content, frozen=True):
    """Who published it under which title; ``author`` as the outlet names them."""

    outlet: str = ""
    title: str = ""
    author: str = ""
    url: str = ""


class DocumentFiled(Event, frozen=True):
    """``published_at`` is an EDTF date or a date-time; ``lang`` a BCP 47 tag.

    ``outlet_kind`` is one of `OUTLET_KINDS`, or empty if unknown.
    """

    TOPIC = "document.filed"
    VERSION = 2
    published_at: str | None = None
    lang: str = ""
    outlet_kind: str = ""
    content: Imprint | None = None


WORDS = own_fields(Imprint)
CODED = own_fields(DocumentFiled)
FIELDS = (*WORDS, *CODED)


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


class DocumentRedacted(Redacted, frozen=True):
    TOPIC = "document.redacted"


class Document(Redactable):
    """Decides what may be recorded of one document."""

    REDACTED = DocumentRedacted

    def __init__(self) -> None:
        super().__init__()
        self.fields = dict.fromkeys(FIELDS, "")
        self.snapshots: set[str] = set()
        self.redacted = False

    @classmethod
    def file(
        cls,
        byline: Byline,
        imprint: Imprint,
        published_at: str | None,
        lang: str,
        outlet_kind: str = "",
    ) -> Document:
        """File a document; raises `Refused` if it has no name or an invalid date."""
        _check_named(imprint.outlet, imprint.title, imprint.url)
        if published_at:
            _check_published(published_at, byline)
        _check_outlet_kind(outlet_kind)
        document = cls()
        document.id = document_id(imprint.url, imprint.outlet, imprint.title, published_at or "")
        document._record(
            DocumentFiled,
            byline,
            published_at=published_at,
            lang=lang,
            outlet_kind=outlet_kind,
            content=imprint,
        )
        return document

    def _check_words(self, field: str, new: str) -> None:
        if self.redacted:
            raise Refused(SOURCE_DETAILS_ERASED, field=field)
        fields = self.fields | {field: new}
        _check_named(fields["outlet"], fields["title"], fields["url"])

    @command
    def take_snapshot(self, byline: Byline, text: str) -> None:
        """Store the document's text; the same text twice is stored once.

        Raises `Refused` for an empty text.
        """
        if not text.strip():
            raise Refused(SNAPSHOT_EMPTY, field="text")
        digest = hashlib.sha256(text.encode()).hexdigest()
        if digest not in self.snapshots:
            content = SnapshotText(text=text)
            self._record(DocumentSnapshotTaken, byline, sha256=digest, content=content)

    @command
    def correct(
        self, byline: Byline, field: str, new: str, reason: str, *, material: bool = True
    ) -> None:
        """Correct fields that we recorded wrongly; raises `Refused` for unknown fields."""
        check_choice(UNKNOWN_DOCUMENT_FIELD, FIELDS, field="field", name=field)
        if field == "published_at" and new:
            _check_published(new, byline)
        if field == "outlet_kind":
            _check_outlet_kind(new)
        if field in WORDS:
            self._check_words(field, new)
        old, why = self.fields[field], required_reason(reason)
        if new != old:
            values = {"old": old or None, "new": new or None}
            words, coded = (values, {}) if field in WORDS else ({}, values)
            content = FieldCorrection(reason=why, **words)
            self._record(
                DocumentCorrected, byline, field=field, material=material, content=content, **coded
            )

    def _apply(self, event: Event) -> None:
        match event:
            case DocumentFiled():
                imprint = event.content or Imprint()
                self.fields = {name: getattr(imprint, name) for name in WORDS}
                self.fields |= {name: getattr(event, name) or "" for name in CODED}
            case DocumentRedacted():
                self.redacted = True
            case DocumentSnapshotTaken():
                self.snapshots.add(event.sha256)
            case DocumentCorrected():
                words = event.content or FieldCorrection(reason="")
                new = words.new if event.field in WORDS else event.new
                self.fields[event.field] = new or ""


def _check_named(*names: str) -> None:
    if not any(names):
        raise Refused(SOURCE_UNNAMED, field="source")


def _check_outlet_kind(kind: str) -> None:
    if kind:
        check_choice(UNKNOWN_OUTLET_KIND, OUTLET_KINDS, field="source.outlet_kind", kind=kind)


def _check_published(published_at: str, byline: Byline) -> None:
    check_come(parse_date(published_at, PUBLISHED), byline.at, PUBLISHED)
