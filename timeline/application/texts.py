"""The one way by which the text that people write comes in."""

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
"""What things and people are called, and told apart by when read."""

QUOTE = "quote.text"
"""Words whose own quotation marks are left out: they are set where the words are shown."""

FEW = 1_000
"""Texts that are remembered: rows of a file say many of them again and again."""

_BESIDE = {name for name, field in COLUMNS.items() if field.type is Type.CONTEXT}


def translated(words: Mapping[str, str]) -> dict[str, str]:
    """Return translations by field, each as long as the original may be; see `text`.

    A field of which there are several has its original behind a colon, such as ``lede:Hello``.
    """
    called = {name: ON_RECORD[name].name for name in words if name in ON_RECORD}
    fields = {name: called.get(name, name.partition(":")[0]) for name in words}
    return {name: text(word, fields[name]) for name, word in words.items()}


@cached_words(FEW)
def _kept(value: str, field: str) -> str:
    cleaned = clean(value, field, LIMITS.get(field, WORD))
    if field in _BESIDE:
        return cleaned
    if field in NAMES:
        check_name(value.strip(), field)
    return without_marks(cleaned.strip()) if field == QUOTE else cleaned.strip()


def text(value: str | None, field: str) -> str:
    """Return what was written in that field, NFC, without surrounding space; empty for nothing.

    What stands beside words keeps its spaces. A quote that stands in quotation marks as a whole
    comes without them. Raises `Refused` for what cannot be stored or is
    too long.
    """
    return _kept(value, field) if value else ""
