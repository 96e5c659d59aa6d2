"""A map of the headers, words and dates of a foreign file, checked before any row is read."""

from __future__ import annotations

import tomllib
from string import Formatter
from typing import TYPE_CHECKING, Any

import msgspec

from timeline.application.wordings import OtherWording
from timeline.domain.errors import Refused
from timeline.domain.fields import COLUMNS
from timeline.domain.messages import InQuotes, Message
from timeline.interchange.formats.jsonl_rows import flatten
from timeline.interchange.formats.source_row import Layout
from timeline.interchange.maps.date_parts import DateColumns
from timeline.interchange.maps.map_dates import date_columns, date_readings
from timeline.interchange.maps.map_schema import load_table
from timeline.interchange.maps.nothing import NOTHING
from timeline.interchange.maps.pattern import Pattern
from timeline.interchange.maps.reshaping import Reshaping, check_cut, check_split
from timeline.interchange.maps.when import DateReading
from timeline.interchange.native.fields import check_names

if TYPE_CHECKING:
    from pathlib import Path

MAP_NOT_READABLE = Message(
    "map_not_readable", "the map cannot be read (%(why)s)", fix="check the path"
)
MAP_NOT_UTF8 = Message("map_not_utf8", "the map is not UTF-8", fix="save it as UTF-8")
MAP_NOT_TOML = Message("map_not_toml", "the map is not TOML: %(why)s", fix="mend that line")
MAP_VALUE_NOT_TEXT = Message(
    "map_value_not_text",
    "%(name)s holds %(value)s, which is not text",
    fix="put it between quotation marks",
)
MAP_TEMPLATE_BROKEN = Message(
    "map_template_broken",
    "the template %(template)s is broken (%(why)s)",
    fix="write columns as {header}",
)
MAP_TABLE_EXPECTED = Message(
    "map_table_expected", "%(name)s is not a table", fix="write [%(key)s.%(table)s] above the words"
)
MAP_IGNORE = Message(
    "map_ignore", 'ignore is neither a list of columns nor "*"', fix='write ignore = ["column"]'
)
MAP_MATCH_MISSING = Message(
    "map_match_missing",
    "neither values nor a pattern say which cells are meant",
    fix="give one of them",
)
MAP_TOPIC_COLUMN_MISSING = Message(
    "map_topic_column_missing",
    "there are topics, but no column that tells them apart",
    fix='add [topics] column = "..."',
)
MAP_FIELD_GIVEN_TWICE = Message(
    "map_field_given_twice",
    "%(name)s is given twice",
    fix="take it from a column or make it, not both",
)

LINE = "line"
"""In a template: the number of the row's line, unless a column has this name."""

Template = tuple[tuple[str, str | None], ...]
"""Pieces of text, each followed by a column's cell or by ``None``."""


class Match(msgspec.Struct, frozen=True):
    """A condition on cells: they equal one of the values, or contain the pattern."""

    column: str
    values: frozenset[str] = frozenset()
    pattern: Pattern | None = None

    def meets(self, cell: str) -> bool:
        """Tell whether a cell meets the condition."""
        return cell in self.values or bool(self.pattern and self.pattern.is_in(cell))


class MappedTopic(msgspec.Struct, frozen=True):
    """One of our topics and the foreign values for it.

    ``flip`` says that these ask the opposite: support of them is opposition to ours.
    """

    match: Match
    native: dict[str, str]
    flip: bool = False


class TopicTable(msgspec.Struct, frozen=True):
    """The column and values of topics, and what happens to other values."""

    column: str
    topics: tuple[MappedTopic, ...]
    unmatched: str
    kept: dict[str, str]

    @property
    def columns(self) -> tuple[str, ...]:
        """Further columns that decide on a topic."""
        return tuple({topic.match.column for topic in self.topics} - {self.column})

    def as_named(self, value: str) -> MappedTopic:
        """Return a topic named by the foreign value itself."""
        match = Match(self.column, frozenset({value}))
        return MappedTopic(match, self.kept | {"topic": value})


class Map(msgspec.Struct, frozen=True):
    """A checked map; field names are ours, columns are theirs."""

    layout: Layout = Layout()
    format: str | None = None
    namespace: str = ""
    keep_soft_hyphens: bool = False
    columns: dict[str, str] = {}
    constants: dict[str, Any] = {}
    templates: dict[str, Template] = {}
    values: dict[str, dict[str, str]] = {}
    dates: dict[str, DateReading] = {}
    date_columns: dict[str, DateColumns] = {}
    ignore: frozenset[str] | None = frozenset()
    nothing: frozenset[str] = NOTHING
    on_other_wording: OtherWording = "reword"
    reshaping: Reshaping = Reshaping()
    topics: TopicTable | None = None
    flip: Match | None = None
    skip: Match | None = None

    @property
    def counts_lines(self) -> bool:
        """Whether a template has the number of the line, or a column of that name."""
        return any(column == LINE for parts in self.templates.values() for _, column in parts)

    @property
    def is_keyed_by_line(self) -> bool:
        """Whether the number of the line is part of the rows' keys."""
        return any(column == LINE for _, column in self.templates.get("key", ()))

    def meant(self, column: str) -> frozenset[str]:
        """Return the cells of a column that the map explains."""
        topics = self.topics.topics if self.topics else ()
        matches = [self.flip, self.skip, *(topic.match for topic in topics)]
        fields = [field for field, its in self.columns.items() if its == column]
        words = [word for field in fields for word in self.values.get(field, {})]
        matched = [
            word for match in matches if match and match.column == column for word in match.values
        ]
        return frozenset((*words, *matched))

    def used(self) -> frozenset[str]:
        """Return all foreign columns that the map reads."""
        columns = {*self.columns.values()}
        columns |= {column for parts in self.templates.values() for _, column in parts if column}
        columns -= {LINE}
        if self.topics:
            columns.add(self.topics.column)
            columns |= {topic.match.column for topic in self.topics.topics}
        columns |= {
            column for date in self.date_columns.values() for column in date.columns.values()
        }
        columns |= {match.column for match in (self.flip, self.skip) if match}
        return frozenset(columns)


def read_map(path: Path) -> Map:
    """Return the map in a TOML file; raises `Refused` with its first error."""
    try:
        return checked_map(tomllib.loads(path.read_text("utf-8-sig")))
    except OSError as error:
        raise Refused(MAP_NOT_READABLE, field=str(path), why=error.strerror) from None
    except UnicodeDecodeError:
        raise Refused(MAP_NOT_UTF8, field=path.name) from None
    except tomllib.TOMLDecodeError as error:
        raise Refused(MAP_NOT_TOML, field=path.name, why=error) from None
    except Refused as error:
        where = ", ".join(filter(None, (path.name, error.field)))
        raise Refused.again(error, field=where) from None


def checked_map(table: dict[str, Any]) -> Map:
    """Return the map of a parsed TOML table; raises `Refused` if it is invalid."""
    tables = load_table(table)
    file = tables.get("file", {})
    made = Map(
        layout=Layout(
            file.get("encoding"), file.get("delimiter"), file.get("quote", '"'), file.get("sheet")
        ),
        format=file.get("format"),
        namespace=tables.get("namespace", ""),
        keep_soft_hyphens=file.get("keep_soft_hyphens", False),
        columns=_texts("columns", tables),
        constants=_constants(tables),
        templates={
            name: _template(name, text) for name, text in _texts("templates", tables).items()
        },
        values={name: _words(words) for name, words in _tables("values", tables).items()},
        dates=date_readings(tables.get("dates", {})),
        date_columns=date_columns(tables.get("dates", {})),
        ignore=_ignored(tables.get("ignore", [])),
        nothing=frozenset("".join(word.split()) for word in tables.get("nothing", NOTHING)),
        reshaping=Reshaping(
            strip=_prefixes(tables),
            split=check_split(tables.get("split", {})),
            cut=check_cut(tables.get("cut", [])),
        ),
        on_other_wording=tables.get("on_other_wording", "reword"),
        topics=_topic_table(tables),
        flip=_match("flip", tables["flip"]) if "flip" in tables else None,
        skip=_match("skip", tables["skip"]) if "skip" in tables else None,
    )
    _check_said_once(made)
    return made


def _texts(key: str, tables: dict[str, Any]) -> dict[str, str]:
    """Return a table of texts by native field, from nested or dotted names."""
    table = flatten(tables.get(key, {}))
    _check_ours(key, table)
    for name, value in table.items():
        if not isinstance(value, str):
            raise Refused(MAP_VALUE_NOT_TEXT, field=key, name=InQuotes(name), value=InQuotes(value))
    return table


def _check_ours(key: str, names: dict[str, Any]) -> None:
    try:
        check_names(names)
    except Refused as error:
        raise Refused.again(error, field=f"[{key}] {error.field}") from None


def _prefixes(tables: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    table = flatten(tables.get("strip", {}))
    _check_ours("strip", table)
    return {
        name: tuple(map(str, value)) if isinstance(value, list) else (str(value),)
        for name, value in table.items()
    }


def _constants(tables: dict[str, Any]) -> dict[str, Any]:
    table = flatten(tables.get("constants", {}))
    _check_ours("constants", table)
    return {name: value if isinstance(value, list) else str(value) for name, value in table.items()}


def _template(name: str, text: str) -> Template:
    try:
        return tuple((piece, column) for piece, column, _, _ in Formatter().parse(text))
    except ValueError as error:
        raise Refused(
            MAP_TEMPLATE_BROKEN, field=f"[templates] {name}", template=InQuotes(text), why=error
        ) from None


def _tables(key: str, map_table: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return tables of foreign words by native field: `[values.stance]`, `[values.quote.lang]`."""
    tables: dict[str, dict[str, Any]] = {}
    for name, inner in map_table.get(key, {}).items():
        if not isinstance(inner, dict):
            raise Refused(
                MAP_TABLE_EXPECTED, field=f"[{key}]", name=InQuotes(name), key=key, table=name
            )
        if (
            name not in COLUMNS
            and inner
            and all(isinstance(words, dict) for words in inner.values())
        ):
            tables |= {f"{name}.{part}": words for part, words in inner.items()}
        else:
            tables[name] = inner
    _check_ours(key, tables)
    return tables


def _words(table: dict[str, Any]) -> dict[str, str]:
    """Return the meanings of words, as written and in lower case."""
    as_written = {word.strip(): str(ours) for word, ours in table.items()}
    return {word.lower(): ours for word, ours in as_written.items()} | as_written


def _ignored(value: Any) -> frozenset[str] | None:  # noqa: ANN401 - TOML decides, this checks
    """Return the columns that the map ignores; ``None`` means all that it does not use."""
    if value == "*":
        return None
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise Refused(MAP_IGNORE, field="ignore")
    return frozenset(value)


def _match(key: str, table: dict[str, Any]) -> Match:
    if not table.get("values") and not table.get("pattern"):
        raise Refused(MAP_MATCH_MISSING, field=f"[{key}]")
    pattern = Pattern(table["pattern"], f"[{key}]") if table.get("pattern") else None
    return Match(table["column"], frozenset(table.get("values", ())), pattern)


def _topic_table(tables: dict[str, Any]) -> TopicTable | None:
    table, topics = tables.get("topics"), tables.get("topic", [])
    if table is None:
        if topics:
            raise Refused(MAP_TOPIC_COLUMN_MISSING, field="[topics]")
        return None
    defaults = {name: table[name] for name in ("scale", "story") if name in table}
    mapped = tuple(_mapped_topic(table["column"], defaults, topic) for topic in topics)
    unmatched = table.get("unmatched", "reject" if topics else "keep")
    return TopicTable(table["column"], mapped, unmatched, defaults)


def _mapped_topic(column: str, defaults: dict[str, str], topic: dict[str, Any]) -> MappedTopic:
    match = _match(f"topic {topic['slug']}", {"column": column} | topic)
    names = {"name": "topic_name", "question": "topic_question", "scale": "scale", "story": "story"}
    native = defaults | {ours: topic[theirs] for theirs, ours in names.items() if theirs in topic}
    return MappedTopic(match, native | {"topic": topic["slug"]}, topic.get("flip", False))


def _check_said_once(made: Map) -> None:
    """Raise `Refused` for a field in two parts of the map, except constants, which fill blanks."""
    twice = made.columns.keys() & made.templates.keys()
    twice |= made.date_columns.keys() & (made.columns.keys() | made.templates.keys())
    if made.topics:
        twice |= {"topic"} & (made.columns.keys() | made.templates.keys())
    if twice:
        raise Refused(MAP_FIELD_GIVEN_TWICE, field="[columns]", name=InQuotes(min(twice)))
