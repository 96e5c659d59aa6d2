"""How long what people write may be, and the one way by which their text comes in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

WORD, LINE, PARAGRAPH, PAGE, BOOK = 200, 500, 2_000, 20_000, 2_000_000

LIMITS = {
    "actor_name": WORD,
    "alias": WORD,
    "asked": PARAGRAPH,
    "condition.text": PARAGRAPH,
    "hedge": LINE,
    "key": LINE,
    "mandate_reason": PARAGRAPH,
    "note": PARAGRAPH,
    "paraphrase": PARAGRAPH,
    "quote.prefix": WORD,
    "quote.suffix": WORD,
    "quote.text": PAGE,
    "reason": PARAGRAPH,
    "reply": PAGE,
    "reported_via": WORD,
    "role": WORD,
    "side": WORD,
    "snapshot": BOOK,
    "source.author": LINE,
    "source.outlet": LINE,
    "source.title": PARAGRAPH,
    "story": WORD,
    "summary": PAGE,
    "title": LINE,
    "topic_name": WORD,
    "topic_question": LINE,
    "translation": PARAGRAPH,
    "utterance": WORD,
    "via": LINE,
}
"""Characters allowed by field. The quote's own rule, 500, is the domain's; this only bounds it."""

LIKE = {"condition": "condition.text"}
"""Fields of an entry whose limit stands under another name."""


def translated(words: Mapping[str, str]) -> dict[str, str]:
    """Return translations by field, each as long as the original may be; see `text`."""
    return {
        field: text(word, LIKE.get(field.partition(":")[0], field)) for field, word in words.items()
    }


def text(value: str | None, field: str) -> str:
    """Return what was written in that field, NFC, without surrounding space; empty for nothing.

    Raises `Refused` for what cannot be stored or is too long.
    """
    return clean(value, field, LIMITS.get(field, WORD)).strip() if value else ""
