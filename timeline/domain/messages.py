"""Messages of errors: sentences with named values, each with a permanent code.

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
    """The text of an error and how to fix it: templates in which ``%(name)s`` is a value.

    Programs tell errors apart by the ``code``, which never changes.
    """

    code: str
    text: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """A fix that replaces the fix of a message."""

    text: str


@dataclass(frozen=True, slots=True)
class InQuotes:
    """A value from outside; readers see it in the quotation marks of their language."""

    value: object

    def __str__(self) -> str:
        """Return it quoted as in Python."""
        return repr(self.value)


@dataclass(frozen=True, slots=True)
class Word:
    """A value that is a word of ours, such as ``topic``, and is translated too."""

    text: str

    def __str__(self) -> str:
        """Return the English word."""
        return self.text


@dataclass(frozen=True, slots=True)
class EdtfDate:
    """An EDTF date; readers see it in words."""

    text: str

    def __str__(self) -> str:
        """Return it in EDTF."""
        return self.text


@dataclass(frozen=True, slots=True)
class Either:
    """Names, one of which may be meant."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        """Return them in one line."""
        return " or ".join(self.names)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A template with its values; it can be a value of another sentence."""

    template: str
    values: Mapping[str, Value]

    def __str__(self) -> str:
        """Return the sentence in English; raises `KeyError` if a value is missing."""
        return self.template % self.values


Value = str | int | InQuotes | Word | EdtfDate | Either | Sentence
"""Values of a template; anything else becomes its `str()`."""


def bare(value: Value) -> str:
    """Return a value without quotation marks, for programs."""
    return str(value.value if isinstance(value, InQuotes) else value)
