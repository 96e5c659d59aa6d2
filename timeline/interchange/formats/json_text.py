"""A JSON text read piece by piece: the elements of one list in it, each as it is written."""

from __future__ import annotations

import json
import re
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message
from timeline.interchange.formats.source_row import LINE_LIMIT, LINE_TOO_LONG

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TextIO

    Path = tuple[str, ...]
    """The names that lead to a value."""

JSON_CUT_SHORT = Message(
    "json_cut_short", "the JSON text ends in the middle", fix="fetch the file again, whole"
)
JSON_BROKEN = Message(
    "json_broken",
    "the JSON text is broken at %(found)s",
    fix="write it anew with a program that writes JSON",
)

CHUNK = 65_536
SHOWN = 40
_PIECE = re.compile(r'\s*+(?:"(?:[^"\\]++|\\.)*+"|[{}\[\],:]|[^\s{}\[\],:"]++)', re.DOTALL)
_OPEN, _CLOSE = frozenset("{["), frozenset("}]")


class Element(NamedTuple):
    """An element of a list as it is written, and the line where it begins; or why there is none."""

    line: int
    raw: str
    error: Refused | None = None


def elements(text: TextIO, path: Path = ()) -> Iterator[Element]:
    """Yield the elements of the list at a path of names; nothing where there is no such list.

    What stands before the first brace, such as the call of a JSONP file, is passed over. One
    element is in memory at a time. A text that is no JSON ends with an element that says so.
    """
    pieces = _Pieces(text)
    try:
        if pieces.enter(path):
            yield from pieces.elements()
    except Refused as error:
        yield Element(pieces.line, "", error)


def elements_of(text: TextIO, paths: Iterable[Path]) -> Iterator[tuple[Path, Element]]:
    """Yield the elements of several lists, one list after the other, each with the path of its own.

    Where the text is broken each reading ends; that is told once, behind what could be read.
    """
    broken = None
    for path in paths:
        text.seek(0)
        for element in elements(text, path):
            if element.error is None:
                yield path, element
            else:
                broken = path, element
    # Behind the last list a text may be cut off, too.
    if broken or (broken := _cut(text)):
        yield broken


def _cut(text: TextIO) -> tuple[Path, Element] | None:
    """Return what tells that a text ends before what it begins with does."""
    text.seek(0)
    pieces = _Pieces(text)
    try:
        pieces.without_lists(pieces.first())
    except Refused as error:
        return (), Element(pieces.line, "", error)
    return None


def values(text: TextIO, *, skip: int = 0) -> Iterator[Element]:
    """Yield the values that a text has one after the other, such as JSON Lines.

    The first ones that are skipped may be of any length. A text that is no JSON ends with an
    element that says so.
    """
    pieces = _Pieces(text)
    try:
        piece = pieces.first()
        for number in count():
            value = pieces.value(piece, keeps=number >= skip)
            if number >= skip:
                yield value
            if pieces.ended():
                return
            piece = pieces.next()
    except Refused as error:
        yield Element(pieces.line, "", error)


def value_at(text: TextIO, path: Path, *, keeps_lists: bool = True) -> str:
    """Return the value at a path of names as it is written; empty where there is none.

    Without its lists it is an object whose lists are empty, so that it is never long.
    """
    pieces = _Pieces(text)
    try:
        first = pieces.reach(path)
        if first is None:
            return ""
        return pieces.value(first).raw if keeps_lists else pieces.without_lists(first)
    except Refused:
        return ""


class _Pieces:
    """The pieces of a JSON text; numbers and words are not looked into."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._buffer = ""
        self._at = self._start = 0
        self._keeps = False
        self.line = 1

    def enter(self, path: Path) -> bool:
        """Go into the list at a path; tell whether there is one."""
        return self.reach(path) == "["

    def reach(self, path: Path) -> str | None:
        """Go to the value at a path and return the first piece of it, if there is such a value."""
        piece = self.first()
        for name in path:
            if piece != "{" or not self._find(name):
                return None
            piece = self.next()
        return piece

    def first(self) -> str:
        """Go to the first brace or bracket and return it."""
        piece = self.next()
        while piece not in _OPEN:
            piece = self.next()
        return piece

    def ended(self) -> bool:
        """Tell whether nothing but blanks is left."""
        while not self._buffer[self._at :].strip():
            if not self._read():
                return True
        return False

    def without_lists(self, piece: str) -> str:
        """Return the value that begins with a piece just read, its lists empty."""
        pieces, depth = [piece], int(piece in _OPEN)
        while depth:
            piece = self.next()
            if piece == "[":
                self.value(piece, keeps=False)
                piece = "[]"
            depth += (piece in _OPEN) - (piece in _CLOSE)
            pieces.append(piece)
        return "".join(pieces)

    def _find(self, name: str) -> bool:
        """Go to the value of a name in the object that was entered."""
        piece = self.next()
        while piece != "}":
            self.next(":")
            if _is_name(piece, name):
                return True
            self.value(self.next(), keeps=False)
            if self.next("},") == "}":
                return False
            piece = self.next()
        return False

    def elements(self) -> Iterator[Element]:
        """Yield the elements of the list that was entered."""
        piece = self.next()
        while piece != "]":
            yield self.value(piece)
            if self.next("],") == "]":
                return
            piece = self.next()

    def value(self, piece: str, *, keeps: bool = True) -> Element:
        """Return the value that begins with a piece just read."""
        self._start, self._keeps = self._at - len(piece), keeps
        line = self.line - piece.count("\n")
        depth = int(piece in _OPEN)
        if piece in _CLOSE or piece in ":,":
            raise self._broken(piece)
        while depth:
            piece = self.next()
            depth += (piece in _OPEN) - (piece in _CLOSE)
        self._keeps = False
        return Element(line, self._buffer[self._start : self._at] if keeps else "")

    def next(self, expected: str = "") -> str:
        """Return the next piece; raises `Refused` at the end, or where another is expected."""
        while True:
            match = _PIECE.match(self._buffer, self._at)
            if match is not None and match.end() < len(self._buffer):
                break
            if not self._read():
                if match is None:
                    raise Refused(JSON_CUT_SHORT)
                break
        self.line += match[0].count("\n")
        self._at = match.end()
        piece = match[0].lstrip()
        if expected and piece not in expected:
            raise self._broken(piece)
        return piece

    def _read(self) -> bool:
        """Read on, and let go of what is done with; tell whether there was more."""
        start = self._start if self._keeps else self._at
        self._buffer = self._buffer[start:]
        self._at, self._start = self._at - start, 0
        if len(self._buffer) > LINE_LIMIT:
            raise Refused(LINE_TOO_LONG, limit=f"{LINE_LIMIT:,}")
        more = self._text.read(max(CHUNK, len(self._buffer)))
        self._buffer += more
        return bool(more)

    def _broken(self, text: str) -> Refused:
        return Refused(JSON_BROKEN, found=InQuotes(text[:SHOWN]))


def _is_name(piece: str, name: str) -> bool:
    try:
        return bool(json.loads(piece) == name)
    except ValueError:
        return False
