"""Clean all text that people write, in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.field import WORD, Type
from timeline.domain.fields import COLUMNS, LIMITS, ON_RECORD
from timeline.domain.quote import without_marks
from timeline.domain.text import check_name, clean
from timeline.domain.word_cache import cached_words

if TYPE_CHECKING:
    from collections.abc import Mapping


_OF_SOURCES = ("source.outlet", "source.title", "source.author")
NAMES = frozenset(
    ("actor_name", "alias", "role", "side", "topic_name", "topic_question", "title", *_OF_SOURCES)
) | {"reported_via", "by", "via"}
"""Fields that are names of things and people."""

QUOTE = "quote.text"
"""The field whose outer quotation marks are removed; pages add their own."""

FEW = 1_000
"""How many texts are cached: rows of a file often repeat them."""

_CONTEXT_FIELDS = {name for name, field in COLUMNS.items() if field.type is Type.CONTEXT}


def translated(words: Mapping[str, str]) -> dict[str, str]:
    """Return clean translations by field, with the limits of the originals; see `text`.

    A field with several values has its original after a colon, such as ``lede:Hello``.
    """
    field_names = {name: ON_RECORD[name].name for name in words if name in ON_RECORD}
    fields = {name: field_names.get(name, name.partition(":")[0]) for name in words}
    return {name: text(word, fields[name]) for name, word in words.items()}


@cached_words(FEW)
def _clean(value: str, field: str) -> str:
    cleaned = clean(value, field, LIMITS.get(field, WORD))
    if field in _CONTEXT_FIELDS:
        return cleaned
    if field in NAMES:
        check_name(value.strip(), field)
    return without_marks(cleaned.strip()) if field == QUOTE else cleaned.strip()


def text(value: str | None, field: str) -> str:
    """Return the text of a field in NFC, without surrounding space; empty for nothing.

    The context of words keeps its spaces. A quote loses quotation marks around all of it. Raises
    `Refused` for text that cannot be stored or is too long.
    """
    return _clean(value, field) if value else ""
