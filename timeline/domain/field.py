"""What a field of a noun is: its names, what it holds, where the log keeps it, who may write it."""

from __future__ import annotations

from enum import Enum

import msgspec

WORD, LINE, PARAGRAPH, PAGE, BOOK = 200, 500, 2_000, 20_000, 2_000_000
"""Limits in characters (code points)."""


class Type(Enum):
    """What a field holds, as people write it."""

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
    """A slug or a name of what ``noun`` says; an id in the log."""
    MARK = "mark"
    """What a thing itself is known by, such as a slug or a key: nothing that is read as words."""
    CONTEXT = "context"
    """What stands beside words in a text: spaces at its ends count."""
    OFFSET = "offset"
    """A place in a text, in code points from 0; -1 where it is not known."""
    FLAG = "flag"
    """``yes``, or nothing; one or none in the log."""
    OBJECT = "object"
    """Something with fields of its own."""


class Storage(Enum):
    """Where the log keeps a field."""

    COMMITTED = "committed"
    """For ever, and covered by proofs."""
    CONTENT = "content"
    """In the part of an event that a redaction erases."""
    NOWHERE = "nowhere"
    """It belongs to a line of the interchange alone."""


class Field(msgspec.Struct, frozen=True):
    """One field of a noun.

    ``about`` says in a line what it holds. ``on_record`` is its name in events and corrections,
    ``path`` its place in the content of the first event: the same as the name, unless given. A
    ``required`` field is never empty on record. ``label`` is its name for readers, in English.
    Words that are ``is_ours``, and not the source's, can be put into other languages.
    ``shared`` fields are the same for all statements of one utterance. Rows have it if it is
    ``in_rows``, corrections if it is ``correctable``.
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
        """Fill in the names that are the same."""
        fill = msgspec.structs.force_setattr
        fill(self, "on_record", self.on_record or self.name)
        fill(self, "path", self.path or self.on_record)

    @property
    def is_content(self) -> bool:
        """Whether a redaction erases it."""
        return self.storage is Storage.CONTENT

    @property
    def attribute(self) -> str:
        """Its name in code that has no dots."""
        return self.name.replace(".", "_")


def in_catalogues(words: str) -> str:
    """Return the words; `make messages` finds them by this call."""
    return words
