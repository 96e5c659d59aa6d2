"""Read a JSON text as a stream: the elements of a list in it, as written."""

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
    """An element of a list as written, with its first line; or an error."""

    line: int
    raw: str
    error: Refused | None = None


def elements(text: TextIO, path: Path = ()) -> Iterator[Element]:
    """Yield the elements of the list at a path of names; none if there is no such list.

    Text before the first brace, such as the call of a JSONP file, is skipped. One element is in
    memory at a time. If the text is no JSON, the last element has an error.
    """
    pieces = _Pieces(text)
    try:
        if pieces.enter(path):
            yield from pieces.elements()
    except Refused as error:
        yield Element(pieces.line, "", error)


def elements_of(text: TextIO, paths: Iterable[Path]) -> Iterator[tuple[Path, Element]]:
    """Yield the elements of several lists, one list after the other, each with its list's path.

    If the text is broken, the elements before it are followed by one error.
    """
    broken = None
    for path in paths:
        text.seek(0)
        for element in elements(text, path):
            if element.error is None:
                yield path, element
            else:
                broken = path, element
    # The text may also be cut off after the last list.
    if broken or (broken := _cut(text)):
        yield broken


def _cut(text: TextIO) -> tuple[Path, Element] | None:
    """Return an error if a text is cut off before its first value ends."""
    text.seek(0)
    pieces = _Pieces(text)
    try:
        pieces.without_lists(pieces.first())
    except Refused as error:
        return (), Element(pieces.line, "", error)
    return None


def values(text: TextIO, *, skip: int = 0) -> Iterator[Element]:
    """Yield the values of a text with one value after the other, such as JSON Lines.

    Skipped values may be of any length. If the text is no JSON, the last element has an error.
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
    """Return the value at a path of names as written; empty if there is none.

    Without ``keeps_lists`` all its lists are empty, so that it is short.
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
    """The tokens of a JSON text; numbers and words are not checked."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._buffer = ""
        self._at = self._start = 0
        self._keeps = False
        self.line = 1

    def enter(self, path: Path) -> bool:
        """Enter the list at a path; return whether there is one."""
        return self.reach(path) == "["

    def reach(self, path: Path) -> str | None:
        """Go to the value at a path and return its first piece, if there is one."""
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
        """Tell whether only whitespace is left."""
        while not self._buffer[self._at :].strip():
            if not self._read():
                return True
        return False

    def without_lists(self, piece: str) -> str:
        """Return the value that begins with the piece just read, with empty lists."""
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
        """Go to the value of a name in the entered object."""
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
        """Yield the elements of the entered list."""
        piece = self.next()
        while piece != "]":
            yield self.value(piece)
            if self.next("],") == "]":
                return
            piece = self.next()

    def value(self, piece: str, *, keeps: bool = True) -> Element:
        """Return the value that begins with the piece just read."""
        self._start, self._keeps = self._at - len(piece), keeps
        line = self.line - piece.count("\n")
        depth = int(piece in _OPEN)
        if piece in _CLOSE or piece in ":,":
            raise self._refusal(piece)
        while depth:
            piece = self.next()
            depth += (piece in _OPEN) - (piece in _CLOSE)
        self._keeps = False
        return Element(line, self._buffer[self._start : self._at] if keeps else "")

    def next(self, expected: str = "") -> str:
        """Return the next piece; raises `Refused` at the end, and for an unexpected piece."""
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
            raise self._refusal(piece)
        return piece

    def _read(self) -> bool:
        """Read the next chunk and drop what was used; return whether there was more."""
        start = self._start if self._keeps else self._at
        self._buffer = self._buffer[start:]
        self._at, self._start = self._at - start, 0
        if len(self._buffer) > LINE_LIMIT:
            raise Refused(LINE_TOO_LONG, limit=f"{LINE_LIMIT:,}")
        more = self._text.read(max(CHUNK, len(self._buffer)))
        self._buffer += more
        return bool(more)

    def _refusal(self, text: str) -> Refused:
        return Refused(JSON_BROKEN, found=InQuotes(text[:SHOWN]))


def _is_name(piece: str, name: str) -> bool:
    try:
        return bool(json.loads(piece) == name)
    except ValueError:
        return False
