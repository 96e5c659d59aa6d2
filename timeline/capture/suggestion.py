"""What is suggested, from what, and who may suggest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

Form = Literal["quote", "reported", "ascribed", "demand", "denial"]
"""How the text gives it: in quotation marks, in its own words, as what somebody is said to hold, as
something asked for, or as something denied."""


class Article(msgspec.Struct, frozen=True):
    """A text to read; ``lang`` is ``de`` or ``en``, ``published`` an EDTF date or empty."""

    text: str
    lang: str
    published: str = ""


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """A passage that may be a statement. Never a stance.

    ``start`` and ``end`` are code-point offsets, half open, and ``exact`` the words between them.
    ``speaker`` is the name as the text has it, or None where it names nobody for certain; then
    ``speakers`` are up to two of whom one may be meant, the likelier first. ``cue``
    holds the words that gave it away, ``condition`` those that make it conditional. ``confidence``
    is the share of such suggestions that were right on labelled articles, ``speaker_confidence``
    that of speakers whom a text names in such a way. ``said_at`` is an EDTF
    date, empty where not even the day of publication is known. ``topics`` are slugs of topics that
    it may be about, none of them chosen. ``by`` is the name of who suggests; ``model`` which model
    it asked, and ``tokens`` what that counts for the whole answer. ``others`` is what others
    suggest of the same words.
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
    """Somebody who suggests. Another package adds one as a `standline.suggesters`."""

    name: str

    def suggest(self, article: Article) -> Iterable[Suggestion]:
        """Yield suggestions; raises `StandlineError` where it cannot read the text."""
        ...
