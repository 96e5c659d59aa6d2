"""JSON Lines, one object a line, nested or flat with dots; and one array of such objects."""

from __future__ import annotations

import json
import re
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message
from timeline.interchange.formats.json_text import elements
from timeline.interchange.formats.source_row import (
    Layout,
    Lines,
    Rows,
    RowStream,
    SourceRow,
    undecoded_byte,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from timeline.interchange.formats.json_text import Element
    from timeline.interchange.formats.opening import SourceFile

NOT_A_JSON_OBJECT = Message(
    "not_a_json_object",
    "the line is not a JSON object (%(why)s)",
    fix="write one object a line, with double quotes and no comma at its end",
)
NESTED_TOO_DEEPLY = Message(
    "nested_too_deeply",
    "objects stand inside each other more than %(limit)s deep",
    fix="write a row with the fields that docs/importing.md names",
)
NAME_TWICE = Message(
    "name_twice", "the object has %(name)s twice", fix="say which of the two is meant"
)

DEEPEST = 16
"""Most levels of nested objects and lists; our rows have four."""

_HIGH, _LOW = r"\\ud[89ab][0-9a-f]{2}", r"\\ud[c-f][0-9a-f]{2}"
_HALF = re.compile(f"{_HIGH}(?!{_LOW})|(?<!{_HIGH}){_LOW}", re.IGNORECASE)
"""A lone surrogate: the other half of its character is missing."""

_NAME = re.compile(r'"\s*:')
"""The end of a name in an object; a text may look the same."""

_decode = msgspec.json.Decoder(dict[str, Any]).decode


class JsonlFormat:
    """The native format: a line is a statement, a development, a story, a topic or an actor."""

    name = "jsonl"

    def recognises(self, file: SourceFile) -> bool:
        """Tell whether the file begins with a JSON object."""
        return file.head.lstrip("\ufeff \r\n").startswith("{")

    def rows(self, file: SourceFile, layout: Layout) -> Rows:  # noqa: ARG002 - nothing to declare
        """Return the rows of the file."""
        return RowStream(partial(_lines, file.text))


class JsonArrayFormat:
    """The same objects as in JSON Lines, in brackets, with commas between them."""

    name = "json"

    def recognises(self, file: SourceFile) -> bool:
        """Tell whether the file begins with a JSON array."""
        return file.head.lstrip("\ufeff \t\r\n").startswith("[")

    def rows(self, file: SourceFile, layout: Layout) -> Rows:  # noqa: ARG002 - nothing to declare
        """Return the rows of the file."""
        return RowStream(lambda: map(element_row, elements(file.text)))


Nest: TypeAlias = "dict[str, Any] | list[Any]"


def _lines(text: TextIO) -> Iterator[SourceRow]:
    """Yield every line that is not blank; one that is no object has an error."""
    lines = Lines(text)
    for number in count(1):
        try:
            line = next(lines)
        except StopIteration:
            return
        except Refused as error:
            yield SourceRow(number, {}, "", error)
        else:
            if line.strip():
                yield object_row(number, line)


def element_row(element: Element) -> SourceRow:
    """Return an element of a JSON text as a row, with its error if it is invalid."""
    if element.error is not None:
        return SourceRow(element.line, {}, "", element.error)
    return object_row(element.line, element.raw)


def object_row(number: int, line: str) -> SourceRow:
    """Return an object as a row at a line of its file, with its error if it is invalid."""
    raw = line.strip("\ufeff \t\r\n")
    if problem := undecoded_byte(raw, ""):
        return SourceRow(number, {}, raw, problem)
    try:
        row = _decode(raw)
        _check_nesting(row)
        if len(_NAME.findall(raw)) > _names(row):
            json.loads(raw, object_pairs_hook=_without_doubles)
        return SourceRow(number, flatten(row), raw)
    except Refused as error:
        return SourceRow(number, {}, raw, error)
    except RecursionError:
        return SourceRow(number, {}, raw, Refused(NESTED_TOO_DEEPLY, limit=DEEPEST))
    except (msgspec.DecodeError, UnicodeError) as error:
        half = _HALF.search(raw)
        why = f"{half[0]} is half a character" if half else _plainly(error)
        return SourceRow(number, {}, raw, Refused(NOT_A_JSON_OBJECT, why=why))


def _check_nesting(value: Nest, depth: int = 1) -> None:
    if depth > DEEPEST and value:
        raise Refused(NESTED_TOO_DEEPLY, limit=DEEPEST)
    for inner in _nests(value):
        _check_nesting(inner, depth + 1)


def _names(value: Nest) -> int:
    """Count the names in objects, including nested ones."""
    own = len(value) if isinstance(value, dict) else 0
    return own + sum(map(_names, _nests(value)))


def _nests(value: Nest) -> list[Nest]:
    """Return the objects and lists directly inside a value."""
    inside = value.values() if isinstance(value, dict) else value
    return [inner for inner in inside if isinstance(inner, dict | list)]


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        doubled = next(name for name in names if names.count(name) > 1)
        raise Refused(NAME_TWICE, field=doubled, name=InQuotes(doubled))
    return fields


def _plainly(error: Exception) -> str:
    return str(error).removeprefix("JSON is malformed: ")


def flatten(row: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return the row with dotted names for nested objects; lists stay as they are."""
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            flat |= flatten(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = value
    return flat
