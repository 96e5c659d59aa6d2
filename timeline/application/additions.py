"""What a row of a file adds to its entry: a passage, translations, further sources.

These may come long after the row. What was recorded once is not recorded again, even if an editor
removed or changed it since: importing a file twice undoes nobody's work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.application.commands import Excerpt, Source
from timeline.application.corrections import check_source
from timeline.application.prepare import passage_of
from timeline.application.texts import text, translated
from timeline.domain.entry import Seconded
from timeline.domain.errors import Refused
from timeline.domain.statement import Statement, StatementPassageAdded, StatementRecorded
from timeline.domain.translation import Translated

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from timeline.application.directory import Directory
    from timeline.domain.development import Development
    from timeline.domain.event import Byline, Event
    from timeline.domain.translation import Translatable


class FurtherSource(msgspec.Struct, frozen=True):
    """Another source of the same words, and how it gives them.

    Without an attribution it has that of the entry, but not "quoted".
    """

    source: Source
    attribution: str | None = None
    reported_via: str | None = None


class Additions(msgspec.Struct, frozen=True):
    """The additions of a row.

    ``passage`` is that of a statement. ``translations`` are by language and field, as
    `Translatable.texts` names them; ``originals`` has the row's own values of these fields. A
    translation is left out if the record has another original by now.
    """

    translations: dict[str, dict[str, str]] = {}
    originals: dict[str, str] = {}
    sources: tuple[FurtherSource, ...] = ()
    passage: Excerpt | None = None

    def __bool__(self) -> bool:
        """Tell whether there is anything to add."""
        return bool(self.translations or self.sources or self.passage)


NOTHING = Additions()


def add_passage(
    entry: Statement | Development,
    history: Iterable[Event],
    byline: Byline,
    additions: Additions,
) -> None:
    """Record the passage of a statement, unless it was recorded before; raises `Refused`."""
    passage = passage_of(additions.passage) if additions.passage else None
    if passage and isinstance(entry, Statement) and passage.exact not in _passages(history):
        entry.add_passage(byline, passage)


def add_translations(
    translatable: Translatable, history: Iterable[Event], byline: Byline, additions: Additions
) -> None:
    """Record translations that are new; raises `Refused` for a field that has no words."""
    recorded = set(_translations(history))
    texts, originals = translatable.texts(), translated(additions.originals)
    for lang, words in additions.translations.items():
        where = f"translations.{lang}"
        try:
            new_words = {
                field: word
                for field, word in translated(words).items()
                if originals.get(field, texts.get(field)) == texts.get(field)
                and (lang, texts.get(field) or field.partition(":")[2], word) not in recorded
            }
            if new_words:
                translatable.translate(byline, lang, new_words)
        except Refused as error:
            raise Refused.again(error, field=where) from None


def add_sources(
    entry: Statement | Development,
    history: Iterable[Event],
    byline: Byline,
    additions: Additions,
    directory: Directory,
) -> list[str]:
    """Add further sources, and return the ids of their documents; raises `Refused`."""
    recorded = {event.document for event in history if isinstance(event, Seconded)}
    documents = []
    for further in additions.sources:
        try:
            document = directory.document(byline, further.source)
            if document.id not in recorded:
                check_source(entry, entry.fields, document.published)
                entry.second(byline, document.id, *_attributed(further, entry))
        except Refused as error:
            raise Refused.again(error, field="further_sources") from None
        documents.append(document.id)
    return documents


def _attributed(further: FurtherSource, entry: Statement | Development) -> tuple[str, str]:
    via = text(further.reported_via, "reported_via")
    if further.attribution or via:
        return further.attribution or "second_hand", via
    attribution = entry.fields.get("attribution", "reported")
    passed_on = entry.fields.get("reported_via") or ""
    return ("reported", "") if attribution == "quoted" else (attribution, passed_on)


def _passages(history: Iterable[Event]) -> Iterator[str]:
    """Yield every passage that was ever recorded, even if it was corrected since."""
    for event in history:
        if isinstance(event, StatementRecorded | StatementPassageAdded):
            passage = event.content.passage if event.content else None
            if passage:
                yield passage.exact


def _translations(history: Iterable[Event]) -> Iterator[tuple[str, str, str]]:
    for event in history:
        if isinstance(event, Translated) and event.content:
            for original, word in event.content.words.items():
                yield event.lang, original, word
