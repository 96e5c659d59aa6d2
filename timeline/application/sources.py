"""Find the document of a source; each is filed once, whoever takes a statement from it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from timeline.application.texts import text
from timeline.domain.dates import SaidDate, parse_date
from timeline.domain.document import Document, DocumentFiled, Imprint
from timeline.domain.errors import Refused
from timeline.domain.messages import Message
from timeline.domain.naming import document_id
from timeline.domain.text import clean_url
from timeline.domain.word_cache import cached_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from timeline.application.commands import Source
    from timeline.domain.event import Byline, Event
    from timeline.stores.recordable import Appendable

SOURCE_NOT_DESCRIBED = Message(
    "source_not_described",
    "nothing is said of the source",
    fix="name its outlet, title or address",
)
SOURCE_AMBIGUOUS = Message(
    "source_ambiguous",
    "%(count)s further sources of this entry are so called",
    fix="describe the source more exactly",
)
SOURCE_UNKNOWN = Message(
    "source_unknown", "no further source of this entry is so called", fix="it has %(sources)s"
)

ENOUGH = 20_000


class SourceDocument(msgspec.Struct, frozen=True):
    """What a statement needs of a document; ``published`` is as on record, if known."""

    id: str
    published: SaidDate | None


class FiledDocuments:
    """Finds documents by their source; new ones go into ``unsettled`` to be filed."""

    def __init__(self, log: Appendable, unsettled: dict[str, Event]) -> None:
        self._log = log
        self._unsettled = unsettled
        self._filed: dict[Source, SourceDocument] = {}
        self._absent: set[str] = set()

    def find(self, byline: Byline, source: Source) -> SourceDocument:
        """Return the document; raises `Refused` for a source without a name or with a bad date."""
        filed = self._filed.get(source)
        if filed is None:
            filed = self._filed[source] = self._look_up(byline, source)
        return filed

    def published(self, document: str) -> SaidDate | None:
        """Return when a document was published, if that is on record or about to be."""
        new = self._unsettled.get(document)
        if isinstance(new, DocumentFiled):
            return _filed(document, new.published_at).published
        recorded = self._log.load(Document, document)
        return _filed(document, recorded.fields["published_at"]).published if recorded else None

    def foresee(self, sources: Iterable[Source]) -> None:
        """Note which of these documents are not on record, in one query."""
        ids = set()
        for source in {source for source in sources if source not in self._filed}:
            with suppress(Refused):
                ids.add(identify(source))
        if ids:
            self._absent |= ids.difference(self._log.first_events(sorted(ids)))

    def forget(self, ids: set[str]) -> None:
        """Forget these ids, or everything if the cache grows large, so that memory is bounded."""
        self._absent.clear()
        if len(self._filed) > ENOUGH:
            self._filed.clear()
        elif ids:
            self._filed = {key: filed for key, filed in self._filed.items() if filed.id not in ids}

    def _look_up(self, byline: Byline, source: Source) -> SourceDocument:
        new = file(byline, source)
        recorded = None if new.id in self._absent else self._log.load(Document, new.id)
        if recorded is not None:
            return _filed(new.id, recorded.fields["published_at"])
        event = self._unsettled.setdefault(new.id, new.collect_events()[0])
        return _filed(new.id, event.published_at if isinstance(event, DocumentFiled) else None)


def file(byline: Byline, source: Source) -> Document:
    """Return the new document of a source; raises `Refused` without a name or with a bad date."""
    published = text(source.published_at, "source.published_at") or None
    lang, kind = text(source.lang, "source.lang"), text(source.outlet_kind, "source.outlet_kind")
    return Document.file(byline, _imprint(source), published, lang, kind)


def only_match(source: Source, documents: Sequence[Document]) -> Document:
    """Return the only document that has all fields of a source; raises `Refused`."""
    fields = {name: value for name, value in msgspec.structs.asdict(source).items() if value}
    if not fields:
        raise Refused(SOURCE_NOT_DESCRIBED, field="source")
    matches = [document for document in documents if fields.items() <= document.fields.items()]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise Refused(SOURCE_AMBIGUOUS, field="source", count=len(matches))
    raise Refused(SOURCE_UNKNOWN, field="source", sources=_listed(documents))


def _listed(documents: Sequence[Document]) -> str:
    names = (
        document.fields["outlet"] or document.fields["title"] or document.fields["url"]
        for document in documents
    )
    return "; ".join(filter(None, names)) or "none"


@cached_words(1 << 13)
def _imprint(source: Source) -> Imprint:
    return Imprint(
        outlet=text(source.outlet, "source.outlet"),
        title=text(source.title, "source.title"),
        author=text(source.author, "source.author"),
        url=clean_url(source.url) if source.url else "",
    )


def identify(source: Source) -> str:
    """Return the id of the document of a source; raises `Refused` for invalid words."""
    words = _imprint(source)
    return document_id(words.url, words.outlet, words.title, source.published_at or "")


def _filed(document: str, published_at: str | None) -> SourceDocument:
    return SourceDocument(document, parse_date(published_at) if published_at else None)
