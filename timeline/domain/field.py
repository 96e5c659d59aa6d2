"""A field of a noun: its names, its type, where the log stores it, and where it may be edited."""

from __future__ import annotations

from enum import Enum

import msgspec

WORD, LINE, PARAGRAPH, PAGE, BOOK = 200, 500, 2_000, 20_000, 2_000_000
"""Limits in characters (code points)."""


class Type(Enum):
    """The type of a field's value, as people write it."""

    TEXT = "text"
    LANGUAGE = "language"
    """A BCP 47 tag."""
    ADDRESS = "address"
    """A web address."""
    DATE = "date"
    """EDTF, or a date-time with its offset."""
    CHOICE = "choice"
    """One of ``choices``."""
    STANCE = "stance"
    """A word of the topic's scale, or ``no_position``; figures in the log."""
    REFERENCE = "reference"
    """A slug or a name of a ``noun``; an id in the log."""
    MARK = "mark"
    """An identifier, such as a slug or a key; not prose."""
    CONTEXT = "context"
    """Text before or after a quotation: spaces at its ends count."""
    OFFSET = "offset"
    """A place in a text, in code points from 0; -1 if unknown."""
    FLAG = "flag"
    """``yes`` or empty; 1 or 0 in the log."""
    OBJECT = "object"
    """Something with fields of its own."""


class Storage(Enum):
    """Where the log stores a field."""

    COMMITTED = "committed"
    """In the permanent part of an event, covered by proofs."""
    CONTENT = "content"
    """In the content of an event, which a redaction erases."""
    NOWHERE = "nowhere"
    """Not at all: it exists only in rows of the interchange."""


class Field(msgspec.Struct, frozen=True):
    """One field of a noun.

    ``about`` describes it in a line. ``on_record`` is its name in events and corrections, ``path``
    its place in the content of the first event; both default to the name. A ``required`` field is
    never empty on record. ``label`` is its English name for readers. Texts that are ``is_ours``,
    not the source's, can be translated. ``shared`` fields are equal in all statements of one
    utterance. ``in_rows`` fields are in rows, ``correctable`` ones can be corrected.
    """

    name: str
    about: str
    type: Type
    storage: Storage
    limit: int = WORD
    on_record: str = ""
    path: str = ""
    label: str = ""
    choices: tuple[str, ...] = ()
    noun: str = ""
    many: bool = False
    required: bool = False
    is_ours: bool = False
    shared: bool = False
    in_rows: bool = True
    correctable: bool = False

    def __post_init__(self) -> None:
        """Fill in the default names."""
        fill = msgspec.structs.force_setattr
        fill(self, "on_record", self.on_record or self.name)
        fill(self, "path", self.path or self.on_record)

    @property
    def is_content(self) -> bool:
        """Whether a redaction erases it."""
        return self.storage is Storage.CONTENT

    @property
    def attribute(self) -> str:
        """Its name in code, without dots."""
        return self.name.replace(".", "_")


def in_catalogues(words: str) -> str:
    """Return the words unchanged; `make messages` finds them by this call."""
    return words
