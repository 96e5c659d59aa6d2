"""Map the rows of a foreign table column by column: equal cells are mapped once.

A file of a million votes has two hundred countries, some thousand days and three stances. If a
cell is refused, or a map does more than copy cells to fields, rows are mapped one by one, and
`Mapper` reports what is wrong with which row.
"""

from __future__ import annotations

from functools import partial
from itertools import repeat
from typing import TYPE_CHECKING, Any

from timeline.domain.errors import StandlineError
from timeline.domain.naming import is_slug
from timeline.interchange.formats.source_row import undecoded_byte
from timeline.interchange.maps.mapping import CellCache, fill_template, settle_stance
from timeline.interchange.native.rows_in import TEXTS, clean_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from timeline.interchange.formats.source_row import SourceRow
    from timeline.interchange.maps.map_file import Map, Template
    from timeline.interchange.maps.mapping import Mapper

NativeFields = dict[str, Any]
"""Values of a cell, by our fields."""

Cells = dict[str, tuple[str, ...]]
"""The cells of a batch of rows, by column."""

Parts = list[tuple[str, CellCache[str, NativeFields]]]
"""The mapped cells of columns."""

NAME, REASON = "actor_name", "no_position_reason"
"""Fields that a cell may fill in addition to its own."""


class NotByColumn(Exception):  # noqa: N818 - a sign, and no error
    """Some of these rows must be mapped one by one."""


class Columns:
    """Maps rows of a table with checked columns, if all their cells are valid."""

    def __init__(self, mapper: Mapper) -> None:
        mapping = mapper.map
        self._mapper = mapper
        self._deciding = mapper.deciding
        self._constants = clean_row(mapping.constants)
        self._topics = CellCache(self._of_topic)
        self._parts = [
            (column, CellCache(partial(self._of_cell, field, column)))
            for field, column in mapping.columns.items()
        ]
        self._templates = [_Template(mapper, *template) for template in mapping.templates.items()]
        self._tails = [
            (column, CellCache(partial(find, column)))
            for field, find in (("actor", self._name), ("stance", self._reason))
            if (column := mapping.columns.get(field))
        ]

    def native(self, rows: Sequence[SourceRow]) -> Iterator[NativeFields | None]:
        """Return the rows in our fields, ``None`` for a row that the map skips.

        Raises `NotByColumn` if any of them must be mapped by itself.
        """
        columns = zip(*(row.fields.values() for row in rows), strict=True)
        cells: Cells = dict(zip(rows[0].fields, columns, strict=True))
        if not all(map(_are_texts, cells.values())):
            raise NotByColumn
        try:
            parts = [
                self._beginnings(cells, len(rows)),
                *self._mapped_columns(self._parts, cells),
                *(template.of(cells) for template in self._templates),
                *self._mapped_columns(self._tails, cells),
            ]
        except StandlineError as error:
            raise NotByColumn from error
        return map(_merge, zip(*parts, strict=True))

    def _beginnings(self, cells: Cells, count: int) -> Iterable[NativeFields | None]:
        """Return the fields of each row's topic, and the constants of the map."""
        if not self._deciding:
            return repeat(self._constants, count)
        keys = zip(*(cells[column] for column in self._deciding), strict=True)
        return [self._topics[key] for key in keys]

    def _mapped_columns(self, parts: Parts, cells: Cells) -> Iterator[Iterable[NativeFields]]:
        for column, cache in parts:
            yield [cache[cell] for cell in cells[column]]

    def _of_topic(self, key: tuple[str, ...]) -> NativeFields | None:
        cleaned = map(self._mapper.cleaned, self._deciding, key)
        topic = self._mapper.topic(dict(zip(self._deciding, cleaned, strict=True)))
        return None if topic is None else clean_row(topic.native) | self._constants

    def _of_cell(self, field: str, column: str, cell: str) -> NativeFields:
        text = self._mapper.cleaned(column, cell)
        if not text:
            return {}
        said = self._mapper.translate(field, column, text)
        if field == "stance":
            said = _settled(said)[field]
        return self._plain(field, said)

    def _plain(self, field: str, said: str) -> NativeFields:
        if field == "key" and self._mapper.map.namespace:
            said = f"{self._mapper.map.namespace}:{said}"
        if not said:
            # A blank cell of an existing column hides a constant.
            raise NotByColumn
        return {field: said.strip()} if field in TEXTS else clean_row({field: said})

    def _reason(self, column: str, cell: str) -> NativeFields:
        """Return the reason for no position, which may be in the cell of the stance."""
        text = self._mapper.cleaned(column, cell)
        settled = _settled(self._mapper.translate("stance", column, text)) if text else {}
        return {name: settled[name].strip() for name in settled if name == REASON}

    def _name(self, column: str, cell: str) -> NativeFields:
        """Return the file's name of an actor, if the file or the map gives the slug."""
        name = self._mapper.cleaned(column, cell)
        slug = self._mapper.translate("actor", column, name) if name else ""
        return {NAME: name} if is_slug(slug) else {}


class _Template:
    """A field that a template fills from several columns; it is not cached."""

    def __init__(self, mapper: Mapper, field: str, template: Template) -> None:
        self._mapper = mapper
        self._field = field
        self._template = template
        self._columns = [column for _, column in template if column]
        pieces = (piece.replace("%", "%%") + ("%s" if column else "") for piece, column in template)
        self._form = "".join(pieces)
        namespace = mapper.map.namespace if field == "key" else ""
        self._prefix = f"{namespace}:" if namespace else ""

    def of(self, cells: Cells) -> Iterator[NativeFields]:
        """Yield the field of each row."""
        cleaned = self._mapper.cleaned
        texts = [[cleaned(column, cell) for cell in cells[column]] for column in self._columns]
        for row in zip(*texts, strict=True):
            if all(row):
                yield {self._field: self._prefix + (self._form % row).strip()}
            else:
                said = fill_template(self._template, dict(zip(self._columns, row, strict=True)))
                yield {self._field: self._prefix + said} if said else {}


def may_be_read(mapping: Map) -> bool:
    """Tell whether a map treats every cell alone, without the rest of its row."""
    shape, topics = mapping.reshaping, mapping.topics
    if mapping.skip or mapping.flip or mapping.counts_lines or mapping.date_columns:
        return False
    if shape.split or shape.cut or (topics and any(topic.flip for topic in topics.topics)):
        return False
    of_topics = {"topic"} if topics else set()
    made = mapping.constants.keys() | mapping.templates.keys()
    once = {"stance", "actor", NAME, REASON, *of_topics}
    read_twice = mapping.columns.keys() & {NAME, REASON, *of_topics}
    worded = mapping.values.keys() | mapping.dates.keys() | shape.strip.keys()
    return (
        made.isdisjoint(once)
        and not read_twice
        and "key" not in mapping.constants
        and all(
            TEXTS.issuperset([template]) and template not in worded
            for template in mapping.templates
        )
        and all(any(column for _, column in parts) for parts in mapping.templates.values())
    )


def _settled(stance: str) -> dict[str, str]:
    settled = {"stance": stance}
    settle_stance(settled, flipped=False)
    return settled


def _are_texts(column: tuple[Any, ...]) -> bool:
    """Tell whether all cells are correctly decoded texts."""
    if set(map(type, column)) != {str}:
        return False
    text = "".join(column)
    return text.isascii() or undecoded_byte(text, "") is None


def _merge(said: tuple[NativeFields | None, ...]) -> NativeFields | None:
    if said[0] is None:
        return None
    made: NativeFields = {}
    for fields in said:
        made.update(fields or {})
    return made
