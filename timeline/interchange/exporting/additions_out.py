"""Translations and further sources of entries and nouns, as parts of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from timeline.domain.entry import FURTHER_SOURCES
from timeline.domain.fields import DOCUMENT
from timeline.interchange.native.fields import MANY_TEXTS, TRANSLATIONS

if TYPE_CHECKING:
    from timeline.domain.translation import Translatable
    from timeline.interchange.exporting.standing import CitedSource, CurrentEntry, Record

_COLUMNS = {on_record: column for column, on_record in MANY_TEXTS.items()}
_DOCUMENT = tuple((field.name.removeprefix("source."), field.on_record) for field in DOCUMENT)


def translations_out(translatable: Translatable) -> dict[str, str]:
    """Return the translations of the current texts, as flat fields of a row."""
    if not translatable.translations:
        return {}
    texts = {field: text for field, text in translatable.texts().items() if text}
    return {
        f"{TRANSLATIONS}{lang}.{_column(field)}": translatable.translations[lang, text]
        for lang in sorted({lang for lang, _ in translatable.translations})
        for field, text in texts.items()
        if (lang, text) in translatable.translations
    }


def _column(field: str) -> str:
    name, colon, original = field.partition(":")
    return f"{_COLUMNS[name]}.{original}" if colon else field


def further_sources(record: Record, standing: CurrentEntry) -> dict[str, list[dict[str, Any]]]:
    """Return all sources but the strongest, as a field of a row; without any no field."""
    _, *others = record.sources(standing)
    listed = [_source(cited) for cited in others]
    return {FURTHER_SOURCES: [source for source in listed if len(source) > 1]} if listed else {}


def _source(cited: CitedSource) -> dict[str, Any]:
    """Return a source and its attribution; an erased source has nothing else."""
    fields = cited.document.fields
    said = {name: fields[on_record] for name, on_record in _DOCUMENT}
    said |= {"attribution": cited.attribution, "reported_via": cited.via}
    return {name: value for name, value in said.items() if value}
