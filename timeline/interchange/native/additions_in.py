"""Read the parts and the additions of a native row: quote, passage, translations, sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from timeline.application.additions import NOTHING, Additions, FurtherSource
from timeline.application.commands import Excerpt, Source
from timeline.domain.entry import FURTHER_SOURCES
from timeline.domain.errors import Refused
from timeline.domain.field import Type
from timeline.domain.fields import COLUMNS
from timeline.domain.messages import InQuotes, Message
from timeline.domain.translation import check_language
from timeline.interchange.native.fields import (
    ENTRIES,
    MANY_TEXTS,
    NOT_TEXT,
    TRANSLATED,
    TRANSLATIONS,
    adds_anything,
    is_added,
    parse_stated,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

NOT_A_NUMBER = Message("not_a_number", "%(value)s is not a number", fix="count code points from 0")

_PARTS = {
    outer: tuple(
        (name, inner, field.type is Type.OFFSET)
        for name, field in COLUMNS.items()
        for start, dot, inner in [name.partition(".")]
        if start == outer and dot
    )
    for outer in ("condition", "quote", "passage", "source")
}
"""Their fields: the names in the row and in the part, and whether they are offsets."""


def part_of(row: dict[str, Any], outer: str) -> dict[str, Any]:
    """Return a part of a row, by the names in the part."""
    return {
        inner: _offset(row, name) if is_offset else row[name]
        for name, inner, is_offset in _PARTS[outer]
        if name in row
    }


def passage_of(row: dict[str, Any]) -> Excerpt | None:
    """Return the passage of a row, if it has one."""
    return Excerpt(**part_of(row, "passage")) if "passage.text" in row else None


def _offset(row: dict[str, Any], name: str) -> int:
    value = row[name]
    try:
        return int(value)
    except ValueError:
        raise Refused(NOT_A_NUMBER, field=name, value=InQuotes(value)) from None


NOT_TEXTS_BY_ORIGINAL = Message(
    "not_texts_by_original",
    "%(value)s is not an object with a text under each original",
    fix="see its shape in docs/importing.md",
)

_NAMES = {"condition": "condition.text"}
"""Translated fields with other names in rows than in the record."""


class StatedSource(Source, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A further source in a line, with the fields of ``source``."""

    attribution: str | None = None
    reported_via: str | None = None


def translated_texts(name: str, value: Any) -> dict[str, str]:  # noqa: ANN401 - JSON holds any value
    """Return a translation, flat; a cell has several texts as a JSON object.

    Raises `Refused` if it is no text.
    """
    words = name.split(".", 3)[2:]
    if words[:1] and words[0] in MANY_TEXTS and len(words) == 1:
        return {f"{name}.{original}": text for original, text in _several(name, value).items()}
    if not isinstance(value, str):
        raise Refused(NOT_TEXT, field=name, value=InQuotes(value))
    return {name: value.strip()}


def _several(name: str, value: Any) -> dict[str, str]:  # noqa: ANN401 - JSON holds any value
    try:
        return msgspec.json.decode(value, type=dict[str, str])
    except (msgspec.MsgspecError, TypeError):
        raise Refused(NOT_TEXTS_BY_ORIGINAL, field=name, value=InQuotes(value)) from None


def adds_only(row: dict[str, Any]) -> bool:
    """Tell whether a row has only the key of its entry, and additions."""
    return "key" in row and all(name in ("kind", "key") or is_added(name) for name in row)


def additions_of(row: dict[str, Any], kind: str) -> Additions:
    """Return the additions of a row; raises `Refused` for an invalid language or source."""
    if not adds_anything(tuple(row)):
        return NOTHING
    translations: dict[str, dict[str, str]] = {}
    for name, text in row.items():
        if name.startswith(TRANSLATIONS):
            lang, field = _translated_field(name)
            translations.setdefault(lang, {})[field] = text
    passage = passage_of(row) if kind == "statement" else None
    if not translations and FURTHER_SOURCES not in row and passage is None:
        return Additions()
    said = {words: row.get(_NAMES.get(words, words)) for words in TRANSLATED[kind]}
    originals = {words: text for words, text in said.items() if isinstance(text, str)}
    sources = tuple(_sources(row)) if kind in ENTRIES else ()
    return Additions(translations, originals, sources, passage)


def _translated_field(name: str) -> tuple[str, str]:
    _, lang, words, *original = name.split(".", 3)
    try:
        check_language(lang)
    except Refused as error:
        raise Refused.again(error, field=name) from None
    return lang, f"{MANY_TEXTS[words]}:{original[0]}" if words in MANY_TEXTS else words


def _sources(row: dict[str, Any]) -> Iterator[FurtherSource]:
    stated = parse_stated(row.get(FURTHER_SOURCES, []), list[StatedSource], FURTHER_SOURCES)
    for source in stated:
        said = msgspec.structs.asdict(source)
        attribution, via = said.pop("attribution"), said.pop("reported_via")
        yield FurtherSource(Source(**said), attribution, via)
