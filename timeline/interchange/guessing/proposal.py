"""A proposed map for a foreign table, with its doubts and the first rows as comments."""

from __future__ import annotations

import json
import re
import tomllib
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from timeline.domain.errors import Refused, StandlineError
from timeline.domain.messages import Message
from timeline.domain.naming import slugify
from timeline.domain.scales import NO_POSITION, REASONS, SCALES, words_of
from timeline.interchange.exporting.export import nest
from timeline.interchange.formats.opening import open_source
from timeline.interchange.formats.registry import importer_of
from timeline.interchange.formats.source_row import Layout
from timeline.interchange.guessing.columns import Column, Meaning, meanings, why_no_date
from timeline.interchange.guessing.vocabulary import (
    ABSENT,
    AGAINST,
    FOR,
    HEADERS,
    NEITHER,
    VOTING,
    as_word,
    is_number,
)
from timeline.interchange.guessing.whole_table import WholeTable
from timeline.interchange.maps.map_file import checked_map
from timeline.interchange.maps.mapping import Mapper
from timeline.interchange.maps.nothing import says_nothing
from timeline.interchange.native.fields import is_field
from timeline.interchange.native.rows_in import clean_row

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from timeline.interchange.formats.opening import SourceFile
    from timeline.interchange.formats.source_row import RowFormat, SourceRow

NEEDS_NO_MAP = Message(
    "needs_no_map", "this is %(about)s, which comes in without a map", fix="import it as it is"
)
NO_ROWS_TO_GUESS_FROM = Message(
    "no_rows_to_guess_from", "there is no row to guess from", fix="give a table with a few rows"
)

TABLES = ("sheet", "parquet")
"""Binary formats of tables, which do not explain their columns."""
SAMPLE, SHOWN = 500, 5
"""How many rows are used to guess, and how many are shown as they would be imported."""
WORDS = 50
"""Most proposed stances; a column with more is hardly one of stances."""

NEEDED = {
    "actor": "who said it",
    "topic": "what it is about",
    "stance": "what they answered",
    "said_at": "when it was said",
}
KEYLESS = (
    "# No columns tell each row from every other one. Without a key, a row that is mended in the",
    "# file and imported again becomes a second entry: give the rows numbers of their own.",
)
NUMBERS = "# Numbers and signs take no side before you say which end is for: fill these in."
SHORT = 40
"""Most characters of cells in a column that may be part of a key."""
ABOUT = ("topic", "actor", "said_at")
"""Fields that may form a key if no number does."""
UNSTATED = f"{NO_POSITION}/unstated"
_FOR = {"vote": "for", "position": "supports"}
_AGAINST = {"vote": "against", "position": "opposes"}
_NEITHER = dict.fromkeys(SCALES, UNSTATED) | {
    "vote": "abstained",
    "expectation": "leaves open",
    "claim": "leaves open",
}
"""Clear words of foreign tables, by their meaning on each scale."""

_ENCODINGS = (None, "cp1252", "latin-1")
_HALF = re.compile("[\udc80-\udcff]")


def propose(path: Path, topic: str = "", scale: str = "") -> str:
    """Return a map for a file as TOML, its first rows in comments at the end.

    ``topic`` is the topic of all its rows, if there is one, and ``scale`` the name of its scale, if
    known. Raises `Refused` for a file that needs no map, or that cannot be read as a table.
    """
    for encoding in _ENCODINGS:
        try:
            with open_source(path, encoding) as file:
                format_ = importer_of(file, None)
                if format_.name in TABLES or not _HALF.search(file.head):
                    return _Proposal(file, format_, encoding, topic, scale).text()
        except UnicodeError:
            continue
    raise Refused(NO_ROWS_TO_GUESS_FROM, field=path.name)


class _Proposal:
    """The proposal for one open file."""

    def __init__(
        self, file: SourceFile, format_: RowFormat, encoding: str | None, topic: str, scale: str
    ) -> None:
        _check_is_foreign(format_, file)
        rows = format_.rows(file, Layout(encoding=encoding))
        every = iter(rows)
        first = list(islice(every, SAMPLE))
        sample = [row for row in first if row.error is None and row.fields]
        self._name, self._encoding, self._format = file.name, encoding, format_.name
        self._delimiter, self._sample = rows.delimiter, sample
        columns = rows.columns or tuple(
            dict.fromkeys(name for row in sample for name in row.fields)
        )
        if not sample:
            raise Refused(NO_ROWS_TO_GUESS_FROM, field=file.name)
        if all(map(is_field, columns)):
            raise Refused(NEEDS_NO_MAP, field=file.name, about="a file in our own fields")
        self._columns = [Column(name, _cells(name, sample)) for name in columns]
        by_name = {column.name: column for column in self._columns}
        self._meanings = meanings(self._columns)
        stances = self._meanings["stance"].column.name if "stance" in self._meanings else ""
        # A later row may repeat a number, which is no key then, or have a new word.
        self._topic, self._known_scale = topic, scale
        if topic:
            self._meanings.pop("topic", None)
            self._meanings.pop("topic_question", None)
        table = WholeTable(chain(first, every), *self._of_keys(), stances)
        self._key, self._words = table.key, table.words
        self._of_rows = f" of the first {table.cut_at:,} rows" if table.cut_at else ""
        if len(self._key) == 1:
            self._meanings["key"] = Meaning(by_name[self._key[0]], ())

    def _of_keys(self) -> tuple[list[str], list[str], list[str]]:
        """Return the columns for keys: of numbers, of what rows are about, and other short ones."""
        mapped = {meaning.column.name for meaning in self._meanings.values()}
        numbers = [column.name for column in self._columns if column.words & HEADERS["key"]]
        about = [self._meanings[field].column.name for field in ABOUT if field in self._meanings]
        others = [
            column.name
            for column in self._columns
            if column.name not in mapped and max(map(len, column.cells), default=0) <= SHORT
        ]
        return numbers, about, others

    def text(self) -> str:
        """Return the whole proposal."""
        parts = ["\n".join(part) for part in self._parts()]
        table = "\n\n".join(filter(None, parts)) + "\n"
        return f"{table}\n{self._landing(table)}"

    def _parts(self) -> Iterator[list[str]]:
        yield self._head()
        yield self._file()
        yield ["[columns]", *self._lines(), *self._missing()]
        yield self._keys()
        yield self._stances()
        yield self._dates()
        yield self._topics()

    def _head(self) -> list[str]:
        used = {meaning.column.name for meaning in self._meanings.values()} | set(self._key)
        left = [column.name for column in self._columns if column.name not in used]
        namespace = slugify(self._name.partition(".")[0]) or "rows"
        return [
            f"# Guessed from {len(self._sample)} rows of {_plain(self._name)}. Check every line.",
            *self._of_topic(),
            f"namespace = {_quoted(namespace)}",
            "# Nothing is read of these columns:" if left else "",
            f"ignore = [{', '.join(map(_quoted, left))}]",
        ]

    def _of_topic(self) -> Iterator[str]:
        if self._topic:
            scale = self._known_scale
            remark = f"which is on the {scale} scale" if scale else "which is not on record yet"
            yield f"# Import with --topic {_plain(self._topic)}, {remark}."

    def _file(self) -> list[str]:
        lines = ["[file]"]
        if self._encoding:
            lines.append(f'encoding = "{self._encoding}"  # it is not UTF-8: look at the umlauts')
        if self._format == "csv":
            lines.append(f"delimiter = {json.dumps(self._delimiter)}")
        return lines if len(lines) > 1 else []

    def _lines(self) -> Iterator[str]:
        for field, meaning in self._meanings.items():
            if field != "topic":
                yield f"{field} = {_quoted(meaning.column.name)}{_others(meaning)}"
        if self._of_rows:
            yield f"# What is said here of keys and of words for a stance is that{self._of_rows}."

    def _missing(self) -> Iterator[str]:
        for field, what in NEEDED.items():
            if field not in self._meanings and not (field == "topic" and self._topic):
                yield f"# {field} = ?  # no column looks like {what}: name it, or give a constant"

    def _keys(self) -> list[str]:
        """Return the lines of the map for the key of rows, or a comment that there is none."""
        if len(self._key) > 1:
            template = "/".join(f"{{{name}}}" for name in self._key)
            apart = f"no two{self._of_rows or ' rows'} have the same"
            about = {self._meanings[name].column.name for name in ABOUT if name in self._meanings}
            further = [_plain(name) for name in self._key if name not in about]
            if about & set(self._key) and further:
                apart += f"; without {', '.join(further)} some are alike"
            return ["[templates]", f"key = {_quoted(template)}  # {apart}"]
        return [] if self._key else list(KEYLESS)

    def _stances(self) -> list[str]:
        meaning = self._meanings.get("stance")
        if meaning is None:
            return []
        words = ", ".join(words_of(self._scale()))
        lines = ["[values.stance]", f"# words of the {self._scale()} scale: {words};"]
        lines.append(f"# on every scale: {', '.join(f'{NO_POSITION}/{why}' for why in REASONS)}")
        if any(map(is_number, self._words)):
            lines.append(NUMBERS)
        for word, count in self._words.most_common(WORDS):
            ours = _stance(word, self._scale())
            key = _quoted(word)
            line = f"{key} = {json.dumps(ours)}" if ours else f"# {key} = ?"
            times = f"{count} times" if count > 1 else "once"
            lines.append(f"{line}  # {times}{_doubt(word) if ours is None else ''}")
        return lines

    def _scale(self) -> str:
        if self._known_scale:
            return self._known_scale
        words = {as_word(word) for word in self._meanings["stance"].column.vocabulary}
        return "vote" if words & VOTING else "position"

    def _dates(self) -> list[str]:
        dated = [field for field in ("said_at", "source.published_at") if field in self._meanings]
        lines: list[str] = ["[dates]"]
        undated: list[str] = []
        for field in dated:
            column = self._meanings[field].column
            first, *others = column.orders()
            is_slashed = not any("." in cell for cell in column.cells)
            both = first == "dmy" and "mdy" in others and is_slashed
            order = f'{field} = "{first}"'
            # A wrong guess would change every date: somebody who knows the file decides.
            doubt = f'# {order}  # or "mdy": every date can be read both ways, say which is meant'
            lines.append(doubt if both else order)
            undated += self._undated(column.name, first)
        if any(":" in cell for field in dated for cell in self._meanings[field].column.cells):
            lines.append('times = "drop"  # or zone = "Europe/Berlin", if the times count')
        return [*lines, *undated] if dated else []

    def _undated(self, column: str, order: str) -> Iterator[str]:
        """Yield a comment for each row without a date in this order, with the reason."""
        comments = [
            f"# line {row.line}: {_plain(why)}"
            for row in self._sample
            for cell in filter(None, _cells(column, [row]))
            if (why := why_no_date(order, cell))
        ]
        yield from comments[:SHOWN]
        if more := comments[SHOWN:]:
            yield f"# and {len(more)} more such lines"

    def _topics(self) -> list[str]:
        meaning = self._meanings.get("topic")
        if meaning is None:
            return []
        lines = ["# Every value is a topic of its own; [[topic]] gives them neutral questions."]
        lines += ["[topics]", f"column = {_quoted(meaning.column.name)}{_others(meaning)}"]
        if "stance" in self._meanings:
            lines.append(f'scale = "{self._scale()}"')
        return lines

    def _landing(self, table: str) -> str:
        """Return comments with the first rows as this map would import them."""
        scale = self._scale() if "stance" in self._meanings else ""
        mapper = Mapper(checked_map(tomllib.loads(table)), scale)
        lines = ["# The first rows, as they would land:"]
        for row in self._sample[:SHOWN]:
            lines += [f"# {line}" for line in _preview(mapper, row)]
        return "\n".join(lines) + "\n"


def _check_is_foreign(format_: RowFormat, file: SourceFile) -> None:
    """Raise `Refused` for a format that needs no map."""
    about = getattr(format_, "about", "") if format_.name not in TABLES else ""
    if format_.name in ("log", "page"):
        about = "a file that Standline wrote"
    if about:
        raise Refused(NEEDS_NO_MAP, field=file.name, about=about)


def _cells(name: str, sample: list[SourceRow]) -> tuple[str, ...]:
    """Return the cells of a column; cells that say nothing are blank."""
    cells = (row.fields.get(name) for row in sample)
    texts = ["" if cell is None else str(cell).strip() for cell in cells]
    # In a column with a plus, a dash means minus.
    signs = {"-", "–", "−"} if any(text.startswith("+") for text in texts) else set()
    return tuple("" if says_nothing(text) and text not in signs else text for text in texts)


def _preview(mapper: Mapper, row: SourceRow) -> list[str]:
    try:
        made = [clean_row(fields) for fields in mapper.native(row.fields, row.line, closed=True)]
    except StandlineError as error:
        return [f"line {row.line}: {_plain(error)}"]
    return [_quoted(nest(fields)) for fields in made]


def _stance(word: str, scale: str) -> str | None:
    """Guess the word of a scale for a foreign word; no guess if its side is unclear."""
    normal, own = as_word(word), word.strip().lower()
    if own in words_of(scale):
        return own
    if normal in ABSENT:
        return UNSTATED
    kinds = ((AGAINST, _AGAINST), (NEITHER, _NEITHER), (FOR, _FOR))
    return next((meant.get(scale) for words, meant in kinds if normal in words), None)


def _doubt(word: str) -> str:
    if says_nothing(word):
        return ", taken for nothing, which refuses the row: else say what it means"
    return ": say what it means"


def _others(meaning: Meaning) -> str:
    return f"  # or: {', '.join(map(_plain, meaning.others))}" if meaning.others else ""


def _quoted(value: object) -> str:
    """Return a text as a string of TOML, or other values as JSON that may stand in a comment."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _plain(text: Any) -> str:  # noqa: ANN401 - a header
    """Return a text that cannot end its comment."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in str(text)).split())
