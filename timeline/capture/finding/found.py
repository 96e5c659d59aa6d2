"""Passages that a rule found."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from timeline.capture.reading.tokens import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.capture.finding.people import Speaker
    from timeline.capture.reading.tokens import Token
    from timeline.capture.suggestion import Form

CARRIED_QUOTE, COLON, QUOTE = "carried-quote", "colon", "quote"
"""Names of rules that every language has."""


class Found(NamedTuple):
    """A passage by its code-point offsets, who said it, and which rule found it by which words."""

    start: int
    end: int
    speaker: Speaker | None
    form: Form
    cue: str
    rule: str


class Content(NamedTuple):
    """What was said, while it is not known who said it.

    ``quotes`` are the quotations that it consists of, if it does.
    """

    start: int
    end: int
    rule: str
    quotes: tuple[Token, ...] = ()


def quoted(*quotes: Token) -> Content:
    """Return what was said in quotations that follow each other in one sentence."""
    return Content(quotes[0].start, quotes[-1].end, QUOTE, quotes)


def passages(
    text: str, content: Content, speaker: Speaker | None, form: Form, cue: str
) -> Iterator[Found]:
    """Yield what was said as passages: a quotation sentence by sentence, anything else whole."""
    if not content.quotes:
        yield Found(content.start, content.end, speaker, form, cue, content.rule)
        return
    pieces = [piece for quote in content.quotes for piece in spoken(text, quote)]
    if len(pieces) == len(content.quotes) == 2:  # noqa: PLR2004 - “Yes,” she said, “I will.”
        pieces = [(pieces[0][0], pieces[1][1])]
    for start, end in pieces:
        yield Found(start, end, speaker, "quote", cue, content.rule)
