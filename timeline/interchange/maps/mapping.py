"""Apply a map: turn a foreign row into native rows."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from timeline.application.directory import SEVERAL_WHERE_ONE
from timeline.domain.errors import Refused, StandlineError
from timeline.domain.field import Type
from timeline.domain.fields import COLUMNS
from timeline.domain.messages import Advice, InQuotes, Message
from timeline.domain.naming import is_slug
from timeline.domain.scales import NO_POSITION, SCALES, words_of
from timeline.domain.spelling import nearest
from timeline.interchange.maps.map_file import LINE
from timeline.interchange.maps.nothing import list_in, says_nothing
from timeline.interchange.maps.reshaping import one_utterance
from timeline.interchange.native.fields import REJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from timeline.interchange.maps.map_file import Map, MappedTopic, Template, TopicTable

COLUMN_MISSING = Message("column_missing", "the file has no column %(column)s", fix="mend the map")
COLUMN_MEANT = Advice("did the map mean %(meant)s?")
COLUMN_NOT_IN_MAP = Message(
    "column_not_in_map",
    "the map says nothing of the column %(column)s",
    fix="map it, or list it under ignore",
)
WORD_NOT_IN_MAP = Message(
    "word_not_in_map",
    "the map has no word for %(word)s",
    fix="add it under [values.%(field_name)s], or mend the cell",
)
SAY_WHERE_IT_STANDS = Advice(
    "add it under [values.stance] as a word of the scale (%(words)s) or, where it takes no side, as"
    " no_position/unstated"
)
LISTED = "`standline scales` lists them"
MATCHED_BY_SEVERAL_TOPICS = Message(
    "matched_by_several_topics",
    "%(value)s is matched by %(topics)s",
    fix="make the patterns of the map exclusive",
)
MATCHED_BY_NO_TOPIC = Message(
    "matched_by_no_topic",
    "no topic of the map is about %(value)s",
    fix='add it to a [[topic]], or set [topics] unmatched = "skip"',
)

LINE_NOT_KEPT = Message(
    "line_not_kept",
    "%(given)s does not say in which line of its file the row stood at first",
    fix="leave that cell as the rejects file had it",
)

REJECTED_LINE = f"{REJECT}line"

K = TypeVar("K", bound="Hashable")
T = TypeVar("T")

SOFT_HYPHEN = "\u00ad"
_BROKEN = re.compile(r"\s*[\r\n]+\s*")
_NAMES = frozenset(field.name for field in COLUMNS.values() if field.noun and not field.many) | {
    "actor_name",
    "topic_name",
}
"""Fields that hold one name, even if the cell has line breaks."""
_STRAY_CONTROLS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Control characters left by typesetting and scanning; NUL is not one, it means a damaged file."""

CODED = frozenset(
    field.name for field in COLUMNS.values() if field.type in (Type.CHOICE, Type.STANCE)
)
"""Fields with a fixed vocabulary of ours: a map must translate every foreign word."""

_ENOUGH = 10_000
_FLIPPED = {
    word: scale.words[len(scale.words) - 1 - step] or word
    for scale in SCALES.values()
    for step, word in enumerate(scale.words)
    if word
}


class CellCache(dict[K, T]):
    """A cache of mapped cells; most cells of a file are repeated."""

    def __init__(self, find: Callable[[K], T]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, text: K) -> T:
        if len(self) > _ENOUGH:
            self.clear()
        result = self[text] = self._find(text)
        return result


class Mapper:
    """Applies one map to the rows of one file.

    ``scale`` is the name of the scale of all rows, if known, so that a refusal can list its words.
    """

    def __init__(self, mapping: Map, scale: str = "") -> None:
        self.map = mapping
        self._scale = scale or _scale_in(mapping)
        self.cut = 0
        """How many texts were cut."""
        self._used = mapping.used()
        self._known = self._used | ({LINE} if mapping.counts_lines else frozenset())
        self._of_names = {
            column
            for field, column in mapping.columns.items()
            if field in _NAMES and "\n" not in mapping.reshaping.split.get(field, "")
        } | ({mapping.topics.column} if mapping.topics else set())
        self._texts = {
            column: CellCache(partial(self._cleaned, column, mapping.meant(column)))
            for column in self._used
        }
        self.nothings: set[str] = set()
        """Words that were read as blank."""
        self._words = {
            field: CellCache(partial(self._translate, field, mapping.columns.get(field, field)))
            for field in (*mapping.columns, *mapping.templates)
            if self._is_worded(field)
        }
        self._columns = [
            (field, column, self._words.get(field)) for field, column in mapping.columns.items()
        ]
        self._named = mapping.columns.get("actor")
        self._counts_lines = mapping.counts_lines
        self._deciding = (mapping.topics.column, *mapping.topics.columns) if mapping.topics else ()
        """The columns that decide on the topic of a row."""
        self._topics = (
            CellCache(partial(self._match_topic, mapping.topics)) if mapping.topics else None
        )

    def check_columns(self, columns: Iterable[str]) -> None:
        """Raise `Refused` for a missing column, and for one that the map does not mention."""
        there = {column for column in columns if not column.startswith(REJECT)}
        for column in sorted(self._used - there):
            close = nearest(column, sorted(there), n=1)
            raise Refused(
                COLUMN_MISSING,
                field=column,
                fix=COLUMN_MEANT if close else None,
                column=InQuotes(column),
                meant=InQuotes("".join(close)),
            )
        self._check_known(there)

    def _check_known(self, columns: Iterable[str]) -> None:
        ignore = self.map.ignore
        if ignore is None:
            return
        for column in columns:
            is_known = column in self._known or column in ignore or column.startswith(REJECT)
            if not is_known:
                raise Refused(COLUMN_NOT_IN_MAP, field=column, column=InQuotes(column))

    def column_of(self, field: str) -> str:
        """Return the foreign column of a native field, for messages."""
        if field == "topic" and self.map.topics:
            return self.map.topics.column
        if field in self.map.date_columns:
            return self.map.date_columns[field].columns["year"]
        return self.map.columns.get(field, field)

    def native(self, row: dict[str, Any], line: int, *, closed: bool) -> list[dict[str, Any]]:
        """Return the native rows of a foreign row: mostly one, none if the map skips it.

        ``closed`` says that the columns were checked before. Raises `Refused` with the foreign
        column as its field.
        """
        if not closed:
            self._check_known(row)
        cells = {
            column: texts[cell]
            if type(cell := row.get(column)) is str
            else self._plain(column, cell)
            for column, texts in self._texts.items()
        }
        skip = self.map.skip
        if skip and skip.meets(cells[skip.column]):
            return []
        numbered = {LINE: _line(row, line)} | cells if self._counts_lines else cells
        if not self.map.reshaping.split:
            made = self._native_row(numbered)
            return [] if made is None else [made]
        parts = self.map.reshaping.split_row(self.map.columns, numbered)
        rows = [self._native_row(part) for part in parts]
        return one_utterance([row for row in rows if row is not None], cells)

    def _native_row(self, cells: dict[str, str]) -> dict[str, Any] | None:
        made = dict(self.map.constants)
        for field, column, words in self._columns:
            if text := cells[column]:
                made[field] = text if words is None else self._count_cut(words[text])
        for field, template in self.map.templates.items():
            if text := _fill_template(template, cells):
                words = self._words.get(field)
                made[field] = text if words is None else self._count_cut(words[text])
        for field, columns in self.map.date_columns.items():
            if text := columns.edtf(cells):
                made[field] = text
        self._keep_name(made, cells)
        return self._finished(made, cells)

    def _keep_name(self, made: dict[str, Any], cells: dict[str, str]) -> None:
        """Keep the file's name of an actor if the map gives a slug."""
        if self._named is None:
            return
        name = cells[self._named]
        if name and is_slug(made.get("actor", "")):
            made.setdefault("actor_name", name)

    def _finished(self, made: dict[str, Any], cells: dict[str, str]) -> dict[str, Any] | None:
        flip = self.map.flip
        flipped = bool(flip and flip.meets(cells[flip.column]))
        if self._topics is not None:
            topic = self._topics[tuple(cells[column] for column in self._deciding)]
            if topic is None:
                return None
            made = topic.native | made | {"topic": topic.native["topic"]}
            flipped ^= topic.flip
        if "stance" in made:
            _settle_stance(made, flipped=flipped)
        if self.map.namespace and "key" in made:
            made["key"] = f"{self.map.namespace}:{made['key']}"
        return made

    def _plain(self, column: str, cell: Any) -> str:  # noqa: ANN401 - JSON holds any value
        if cell is None:
            return ""
        if isinstance(cell, list):
            return self._list_cell(column, cell)
        return self._texts[column][str(cell).lower() if isinstance(cell, bool) else str(cell)]

    def _cleaned(self, column: str, meant: frozenset[str], text: str) -> str:
        if not text.isprintable():
            text = _STRAY_CONTROLS.sub("", text)
            if not self.map.keep_soft_hyphens:
                text = text.replace(SOFT_HYPHEN, "")
        text = text.strip()
        if says_nothing(text, self.map.nothing) and text not in meant and text.lower() not in meant:
            self.nothings.update([text] if text else [])
            return ""
        if column in self._of_names and ("\n" in text or "\r" in text):
            text = _BROKEN.sub(" ", text)
        items = list_in(text)
        return text if items is None else self._list_cell(column, items)

    def _list_cell(self, column: str, items: list[Any]) -> str:
        """Return a list in the form of its column; raises `Refused` if the field has one value."""
        if not all(isinstance(item, str | int | float | None) for item in items):
            raise Refused(SEVERAL_WHERE_ONE, field=column, value=InQuotes(items))
        texts = list(filter(None, (self._plain(column, item) for item in items)))
        fields = [field for field, its in self.map.columns.items() if its == column]
        if fields and all(field in COLUMNS and COLUMNS[field].many for field in fields):
            return json.dumps(texts, ensure_ascii=False) if texts else ""
        marks = {self.map.reshaping.split.get(field, "") for field in fields}
        mark = next(iter(marks)) if len(marks) == 1 else ""
        if len(texts) > 1 and (not mark or any(mark in text for text in texts)):
            raise Refused(SEVERAL_WHERE_ONE, field=column, value=InQuotes(items))
        return mark.join(texts)

    def _is_worded(self, field: str) -> bool:
        """Tell whether the map changes the words of a field, or cuts them."""
        map_, shape = self.map, self.map.reshaping
        return field in (map_.values.keys() | map_.dates.keys() | shape.strip.keys() | shape.cut)

    def _count_cut(self, worded: tuple[str, bool]) -> str:
        """Return the words of a mapped cell, and count it if it was cut."""
        value, is_cut = worded
        self.cut += is_cut
        return value

    def _translate(self, field: str, column: str, text: str) -> tuple[str, bool]:
        """Return a cell in our words, and whether it was cut."""
        text = self.map.reshaping.strip_prefixes(field, text)
        words = self.map.values.get(field)
        if words is not None:
            ours = words.get(text, words.get(text.lower()))
            if ours is None and field in CODED:
                raise self._not_in_map(field, column, text)
            text = text if ours is None else ours
        if field in self.map.dates:
            return self._date(field, column, text), False
        shortened = self.map.reshaping.shorten(field, text)
        return shortened, shortened != text

    def _not_in_map(self, field: str, column: str, text: str) -> Refused:
        return Refused(
            WORD_NOT_IN_MAP,
            field=column,
            fix=SAY_WHERE_IT_STANDS if field == "stance" else None,
            word=InQuotes(text),
            field_name=field,
            words=", ".join(words_of(self._scale)) or LISTED,
        )

    def _date(self, field: str, column: str, text: str) -> str:
        try:
            return self.map.dates[field].edtf(text)
        except StandlineError as error:
            raise Refused.again(error, field=column) from None

    def _match_topic(self, table: TopicTable, deciding: tuple[str, ...]) -> MappedTopic | None:
        """Return the topic of a row by its deciding cells; ``None`` if the map skips it."""
        cells = dict(zip(self._deciding, deciding, strict=True))
        topics = [topic for topic in table.topics if topic.match.meets(cells[topic.match.column])]
        value = cells[table.column]
        if len({topic.native["topic"] for topic in topics}) > 1:
            slugs = " and ".join(topic.native["topic"] for topic in topics)
            raise Refused(
                MATCHED_BY_SEVERAL_TOPICS,
                field=table.column,
                value=InQuotes(value[:80]),
                topics=slugs,
            )
        if topics:
            return topics[0]
        if table.unmatched == "reject" or (table.unmatched == "keep" and not value):
            raise Refused(MATCHED_BY_NO_TOPIC, field=table.column, value=InQuotes(value[:80]))
        return table.as_named(value) if table.unmatched == "keep" else None


def _line(row: dict[str, Any], line: int) -> str:
    """Return the column of that name, else the row's line in its first file."""
    if LINE in row:
        return str(row[LINE])
    if REJECTED_LINE not in row:
        return str(line)
    first = str(row[REJECTED_LINE])
    if not first.isdecimal():
        raise Refused(LINE_NOT_KEPT, field=REJECTED_LINE, given=InQuotes(first))
    return first


def _scale_in(mapping: Map) -> str:
    """Return the name of the scale of all topics in a map; empty if there is none."""
    topics = mapping.topics
    scale = topics.kept.get("scale", "") if topics and not topics.topics else ""
    return str(mapping.constants.get("scale", scale))


def _fill_template(template: Template, cells: dict[str, str]) -> str:
    """Return the template with its cells filled in; empty if all of them are blank."""
    pieces, has_column, said = [], False, False
    for piece, column in template:
        pieces.append(piece)
        if column:
            has_column = True
            if cell := cells[column]:
                pieces.append(cell)
                said = True
    return "".join(pieces).strip() if said or not has_column else ""


def _settle_stance(made: dict[str, Any], *, flipped: bool) -> None:
    """Split ``no_position/unstated`` into its two fields, and reverse a flipped stance."""
    if not flipped and "/" not in made["stance"]:
        return
    stance, _, reason = made["stance"].partition("/")
    if stance == NO_POSITION and reason:
        made["stance"] = NO_POSITION
        made["no_position_reason"] = reason
    elif flipped:
        made["stance"] = _FLIPPED.get(made["stance"], made["stance"])
