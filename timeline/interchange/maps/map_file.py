"""A map: what the headers, words and dates of a foreign file mean, checked before a row is read."""

from __future__ import annotations

import tomllib
from string import Formatter
from typing import TYPE_CHECKING, Any

import msgspec

from timeline.application.wordings import OtherWording
from timeline.domain.errors import Refused
from timeline.domain.fields import COLUMNS
from timeline.domain.messages import InQuotes, Message
from timeline.interchange.formats.jsonl_rows import flattened
from timeline.interchange.formats.source_row import Layout
from timeline.interchange.maps.date_parts import DateColumns
from timeline.interchange.maps.map_dates import date_columns, date_readings
from timeline.interchange.maps.map_schema import checked
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
"""In a template, the number of the row's line where no column is called so."""

Template = tuple[tuple[str, str | None], ...]
"""Pieces of text, each followed by the cell of a column or by none."""


class Match(msgspec.Struct, frozen=True):
    """Cells that are meant: one of these values, or what the pattern finds in them."""

    column: str
    values: frozenset[str] = frozenset()
    pattern: Pattern | None = None

    def meets(self, cell: str) -> bool:
        """Tell whether the cell is meant."""
        return cell in self.values or bool(self.pattern and self.pattern.is_in(cell))


class MappedTopic(msgspec.Struct, frozen=True):
    """A topic of ours and the foreign values that are about it.

    ``flip`` says that they ask the opposite: who is for them is against ours.
    """

    match: Match
    native: dict[str, str]
    flip: bool = False


class TopicTable(msgspec.Struct, frozen=True):
    """Which cells name which topic, and what happens to the others."""

    column: str
    topics: tuple[MappedTopic, ...]
    unmatched: str
    kept: dict[str, str]

    @property
    def columns(self) -> tuple[str, ...]:
        """The further columns that decide on a topic."""
        return tuple({topic.match.column for topic in self.topics} - {self.column})

    def as_named(self, value: str) -> MappedTopic:
        """Return the topic that a foreign value names by itself."""
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
        """Whether a template holds the number of the line, or a column of that name."""
        return any(column == LINE for parts in self.templates.values() for _, column in parts)

    @property
    def is_keyed_by_line(self) -> bool:
        """Whether the number of the line is a part of the keys of rows."""
        return any(column == LINE for _, column in self.templates.get("key", ()))

    def meant(self, column: str) -> frozenset[str]:
        """Return the cells of a column of which the map says what they mean."""
        topics = self.topics.topics if self.topics else ()
        matches = [self.flip, self.skip, *(topic.match for topic in topics)]
        fields = [field for field, its in self.columns.items() if its == column]
        words = [word for field in fields for word in self.values.get(field, {})]
        matched = [
            word for match in matches if match and match.column == column for word in match.values
        ]
        return frozenset((*words, *matched))

    def used(self) -> frozenset[str]:
        """Return every foreign column that the map reads."""
        named = {*self.columns.values()}
        named |= {column for parts in self.templates.values() for _, column in parts if column}
        named -= {LINE}
        if self.topics:
            named.add(self.topics.column)
            named |= {topic.match.column for topic in self.topics.topics}
        named |= {column for each in self.date_columns.values() for column in each.columns.values()}
        named |= {match.column for match in (self.flip, self.skip) if match}
        return frozenset(named)


def read_map(path: Path) -> Map:
    """Return the map in a TOML file; raises `Refused` with the first thing wrong in it."""
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
    """Return the map of a parsed TOML table; raises `Refused` where it makes no sense."""
    given = checked(table)
    file = given.get("file", {})
    made = Map(
        layout=Layout(
            file.get("encoding"), file.get("delimiter"), file.get("quote", '"'), file.get("sheet")
        ),
        format=file.get("format"),
        namespace=given.get("namespace", ""),
        keep_soft_hyphens=file.get("keep_soft_hyphens", False),
        columns=_texts("columns", given),
        constants=_constants(given),
        templates={
            name: _template(name, text) for name, text in _texts("templates", given).items()
        },
        values={name: _words(words) for name, words in _tables("values", given).items()},
        dates=date_readings(given.get("dates", {})),
        date_columns=date_columns(given.get("dates", {})),
        ignore=_ignored(given.get("ignore", [])),
        nothing=_words_for_nothing(given["nothing"]) if "nothing" in given else NOTHING,
        reshaping=Reshaping(
            strip=_prefixes(given),
            split=check_split(given.get("split", {})),
            cut=check_cut(given.get("cut", [])),
        ),
        on_other_wording=given.get("on_other_wording", "reword"),
        topics=_topic_table(given),
        flip=_match("flip", given["flip"]) if "flip" in given else None,
        skip=_match("skip", given["skip"]) if "skip" in given else None,
    )
    _check_said_once(made)
    return made


def _texts(key: str, given: dict[str, Any]) -> dict[str, str]:
    """Return a table of native fields, nested or dotted, that holds only text."""
    table = flattened(given.get(key, {}))
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


def _prefixes(given: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    table = flattened(given.get("strip", {}))
    _check_ours("strip", table)
    return {
        name: tuple(map(str, value)) if isinstance(value, list) else (str(value),)
        for name, value in table.items()
    }


def _constants(given: dict[str, Any]) -> dict[str, Any]:
    table = flattened(given.get("constants", {}))
    _check_ours("constants", table)
    return {name: value if isinstance(value, list) else str(value) for name, value in table.items()}


def _template(name: str, text: str) -> Template:
    try:
        return tuple((piece, column) for piece, column, _, _ in Formatter().parse(text))
    except ValueError as error:
        raise Refused(
            MAP_TEMPLATE_BROKEN, field=f"[templates] {name}", template=InQuotes(text), why=error
        ) from None


def _tables(key: str, given: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return tables of foreign words by native field: `[values.stance]`, `[values.quote.lang]`."""
    tables: dict[str, dict[str, Any]] = {}
    for name, inner in given.get(key, {}).items():
        if not isinstance(inner, dict):
            raise Refused(
                MAP_TABLE_EXPECTED, field=f"[{key}]", name=InQuotes(name), key=key, table=name
            )
        if name not in COLUMNS and inner and all(isinstance(each, dict) for each in inner.values()):
            tables |= {f"{name}.{part}": words for part, words in inner.items()}
        else:
            tables[name] = inner
    _check_ours(key, tables)
    return tables


def _words(table: dict[str, Any]) -> dict[str, str]:
    """Return what words mean: as they are written, and in lower case for any other writing."""
    given = {word.strip(): str(ours) for word, ours in table.items()}
    return {word.lower(): ours for word, ours in given.items()} | given


def _words_for_nothing(given: list[str]) -> frozenset[str]:
    return frozenset("".join(word.split()) for word in given)


def _ignored(given: Any) -> frozenset[str] | None:  # noqa: ANN401 - TOML decides, this checks
    """Return the columns that the map leaves out on purpose; ``None`` for all others."""
    if given == "*":
        return None
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise Refused(MAP_IGNORE, field="ignore")
    return frozenset(given)


def _match(key: str, given: dict[str, Any]) -> Match:
    if not given.get("values") and not given.get("pattern"):
        raise Refused(MAP_MATCH_MISSING, field=f"[{key}]")
    pattern = Pattern(given["pattern"], f"[{key}]") if given.get("pattern") else None
    return Match(given["column"], frozenset(given.get("values", ())), pattern)


def _topic_table(given: dict[str, Any]) -> TopicTable | None:
    table, topics = given.get("topics"), given.get("topic", [])
    if table is None:
        if topics:
            raise Refused(MAP_TOPIC_COLUMN_MISSING, field="[topics]")
        return None
    kept = {name: table[name] for name in ("scale", "story") if name in table}
    mapped = tuple(_mapped_topic(table["column"], kept, topic) for topic in topics)
    unmatched = table.get("unmatched", "reject" if topics else "keep")
    return TopicTable(table["column"], mapped, unmatched, kept)


def _mapped_topic(column: str, kept: dict[str, str], topic: dict[str, Any]) -> MappedTopic:
    match = _match(f"topic {topic['slug']}", {"column": column} | topic)
    names = {"name": "topic_name", "question": "topic_question", "scale": "scale", "story": "story"}
    native = kept | {ours: topic[theirs] for theirs, ours in names.items() if theirs in topic}
    return MappedTopic(match, native | {"topic": topic["slug"]}, topic.get("flip", False))


def _check_said_once(made: Map) -> None:
    """Raise `Refused` for a field that two parts of the map give; a constant fills blanks."""
    twice = made.columns.keys() & made.templates.keys()
    twice |= made.date_columns.keys() & (made.columns.keys() | made.templates.keys())
    if made.topics:
        twice |= {"topic"} & (made.columns.keys() | made.templates.keys())
    if twice:
        raise Refused(MAP_FIELD_GIVEN_TWICE, field="[columns]", name=InQuotes(min(twice)))
