"""Commands on documents: file them, keep their text, correct their fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.application.noun import Noun
from timeline.application.sources import file
from timeline.application.texts import text
from timeline.domain.document import Document
from timeline.domain.fields import LIMITS
from timeline.domain.naming import document_id
from timeline.domain.text import clean, clean_url

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from timeline.application.commands import Source
    from timeline.application.recording import Recorded
    from timeline.domain.event import Byline


class Documents(Noun):
    """Commands on documents; each is given by id or address."""

    KIND = Document

    def stream(self, document: str) -> str:
        """Return the id of a document, given by id or address, even if it is not on file."""
        return document_id(document, "", "", "") if "://" in document else document

    def file(self, byline: Byline, source: Source) -> Recorded:
        """File a document; if it is on file, return its first filing."""
        return self._recording.open_once(file(byline, source))

    def take_snapshot(self, byline: Byline, document: str, snapshot: str) -> Recorded:
        """Record the document's text as found."""
        words = clean(snapshot, "snapshot", LIMITS["snapshot"])
        return self._recording.revise(
            Document, document, byline, lambda loaded: loaded.take_snapshot(byline, words)
        )

    def correct(
        self,
        byline: Byline,
        document: str,
        field: str,
        new: str,
        reason: str,
        *,
        material: bool = True,
    ) -> Recorded:
        """Correct a field: outlet, title, author, url, published_at or lang."""
        value = _value(field, new)
        why = text(reason, "reason")
        return self._recording.revise(
            Document,
            document,
            byline,
            lambda loaded: loaded.correct(byline, field, value, why, material=material),
        )

    def correct_alike(
        self,
        byline: Byline,
        documents: Sequence[str],
        imprint: Mapping[str, str],
        reason: str,
        *,
        material: bool = True,
    ) -> list[Recorded]:
        """Correct the same fields of several documents (ids) in one append, all or none."""
        values, why = imprint_on_record(imprint), text(reason, "reason")
        return self._recording.revise_loaded(
            [self._recording.load(Document, document) for document in documents],
            byline,
            lambda document: correct_imprint(document, byline, values, why, material=material),
            [None] * len(documents),
        )

    def redact(self, byline: Byline, document: str, basis: str) -> Recorded:
        """Erase imprint and snapshots, as the law demands; ``basis`` names the law."""
        return self._recording.redact(Document, document, byline, basis)


def imprint_on_record(imprint: Mapping[str, str]) -> dict[str, str]:
    """Return fields of a document with the values of the record; raises `Refused` for others."""
    return {field: _value(field, new) for field, new in imprint.items()}


def correct_imprint(
    document: Document, byline: Byline, values: Mapping[str, str], reason: str, *, material: bool
) -> None:
    """Correct fields of a document, each under its own key; raises `Refused` by any rule."""
    for field, value in values.items():
        key = f"{byline.key}/{field}" if byline.key else None
        signed = msgspec.structs.replace(byline, key=key)
        document.correct(signed, field, value, reason, material=material)


def _value(field: str, new: str) -> str:
    return clean_url(new) if field == "url" and new else text(new, f"source.{field}")
