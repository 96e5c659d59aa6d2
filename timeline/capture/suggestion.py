"""Types of suggestions: article, suggestion, suggester."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

Form = Literal["quote", "reported", "ascribed", "demand", "denial"]
"""The form in the text: in quotation marks, in its own words, as an ascribed opinion, as a demand,
or as a denial."""


class Article(msgspec.Struct, frozen=True):
    """A text to read; ``lang`` is ``de`` or ``en``, ``published`` an EDTF date or empty."""

    text: str
    lang: str
    published: str = ""


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """A passage that may be a statement. Never a stance.

    ``start`` and ``end`` are code-point offsets, half open, and ``exact`` the words between them.
    ``speaker`` is the name in the text, or None if it is uncertain; then ``speakers`` are up to two
    possible ones, the likelier first. ``cue`` are the words that led to it, ``condition`` those
    that make it conditional. ``confidence`` is the share of such suggestions that were right on
    labelled articles, ``speaker_confidence`` that of speakers named in this way. ``said_at`` is an
    EDTF date, empty if even the day of publication is unknown. ``topics`` are slugs of possible
    topics. ``by`` is the name of the suggester; ``model`` is the model that it asked, and
    ``tokens`` the tokens of the whole answer. ``others`` are other suggestions for the same words.
    """

    start: int
    end: int
    exact: str
    speaker: str | None
    form: Form
    cue: str
    confidence: float
    rule: str
    version: int
    said_at: str = ""
    condition: str = ""
    topics: tuple[str, ...] = ()
    speaker_confidence: float = 0.0
    speakers: tuple[str, ...] = ()
    by: str = ""
    model: str = ""
    tokens: int = 0
    others: tuple[Suggestion, ...] = ()


class Suggester(Protocol):
    """A suggester. Other packages add theirs as entry points of `standline.suggesters`."""

    name: str

    def suggest(self, article: Article) -> Iterable[Suggestion]:
        """Yield suggestions; raises `StandlineError` if it cannot read the text."""
        ...
