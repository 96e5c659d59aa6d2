"""What errors say: sentences with named values, each under a code that stays.

A module declares its messages at its top. `docs/errors.md` lists them all, and the catalogues of
the site translate their templates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Message:
    """What an error says, and how to mend it: templates in which ``%(name)s`` is a value.

    Programs tell errors apart by the ``code``; it stays when the words change.
    """

    code: str
    text: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """A fix that takes the place of the one that a message has of its own."""

    text: str


@dataclass(frozen=True, slots=True)
class InQuotes:
    """A value that somebody gave; readers see it in the quotation marks of their language."""

    value: object

    def __str__(self) -> str:
        """Return it as Python quotes it."""
        return repr(self.value)


@dataclass(frozen=True, slots=True)
class Word:
    """A value that is a word of ours, such as ``topic``, and is translated itself."""

    text: str

    def __str__(self) -> str:
        """Return the English word."""
        return self.text


@dataclass(frozen=True, slots=True)
class EdtfDate:
    """A date as EDTF has it; readers see it in words."""

    text: str

    def __str__(self) -> str:
        """Return it as it is kept."""
        return self.text


@dataclass(frozen=True, slots=True)
class Either:
    """Names of which one may be meant."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        """Return them in a row."""
        return " or ".join(self.names)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A template with its values; it can be a value of another sentence."""

    template: str
    values: Mapping[str, Value]

    def __str__(self) -> str:
        """Return the sentence in English; raises `KeyError` where a value is missing."""
        return self.template % self.values


Value = str | int | InQuotes | Word | EdtfDate | Either | Sentence
"""What a template is filled with; anything else is told as its `str()`."""


def bare(value: Value) -> str:
    """Return a value as programs want it: without quotation marks."""
    return str(value.value if isinstance(value, InQuotes) else value)
