"""Turns a foreign row into a native one, as its map says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from timeline.domain.errors import Refused, StandlineError
from timeline.domain.field import Type
from timeline.domain.fields import COLUMNS
from timeline.domain.messages import Advice, InQuotes, Message
from timeline.domain.naming import is_slug
from timeline.domain.scales import NO_POSITION, SCALES
from timeline.domain.spelling import nearest
from timeline.interchange.maps.map_file import LINE
from timeline.interchange.maps.reshaping import one_utterance
from timeline.interchange.native.fields import REJECT

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    "add it under [values.stance] as a word of the scale or, where it takes no side, as"
    " no_position/unstated"
)
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

SOFT_HYPHEN = "\u00ad"
_STRAY_CONTROLS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""What typesetting and scanning leave behind; NUL is no stray, it means a damaged file."""

CODED = frozenset(
    field.name for field in COLUMNS.values() if field.type in (Type.CHOICE, Type.STANCE)
)
"""Fields whose words are ours: there a map's vocabulary must name every foreign word."""

_ENOUGH = 10_000
_FLIPPED = {
    word: scale.words[len(scale.words) - 1 - step] or word
    for scale in SCALES.values()
    for step, word in enumerate(scale.words)
    if word
}


class Mapper:
    """Applies one map to the rows of one file."""

    def __init__(self, given: Map) -> None:
        self._map = given
        self.cut = 0
        """How many texts were cut so far."""
        self._used = given.used()
        self._known = self._used | ({LINE} if given.counts_lines else frozenset())
        self._values: dict[tuple[str, str, str], tuple[str, bool]] = {}
        self._topics: dict[str, MappedTopic | None] = {}

    def check_columns(self, columns: Iterable[str]) -> None:
        """Raise `Refused` for a column that the map needs, or that it does not know."""
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
        ignore = self._map.ignore
        if ignore is None:
            return
        for column in columns:
            if column not in self._known and column not in ignore:
                raise Refused(COLUMN_NOT_IN_MAP, field=column, column=InQuotes(column))

    def column_of(self, field: str) -> str:
        """Return the foreign column behind a native field, for messages."""
        if field == "topic" and self._map.topics:
            return self._map.topics.column
        if field in self._map.date_columns:
            return self._map.date_columns[field].columns["year"]
        return self._map.columns.get(field, field)

    def native(self, row: dict[str, Any], line: int, *, closed: bool) -> list[dict[str, Any]]:
        """Return the native rows of a foreign one: mostly one, none if the map skips it.

        ``closed`` says that the columns were checked before. Raises `Refused` with the foreign
        column as its field.
        """
        if not closed:
            self._check_known(row)
        cells = {column: self._plain(row.get(column)) for column in self._used}
        skip = self._map.skip
        if skip and skip.meets(cells[skip.column]):
            return []
        numbered = {LINE: self._plain(row.get(LINE, line))} | cells
        several = self._map.reshaping.each(self._map.columns, numbered)
        made = [self._one(each) for each in several]
        return one_utterance([one for one in made if one is not None], cells)

    def _one(self, cells: dict[str, str]) -> dict[str, Any] | None:
        made = dict(self._map.constants)
        for field, column in self._map.columns.items():
            if cells[column]:
                made[field] = self._value(field, column, cells[column])
        for field, template in self._map.templates.items():
            if text := _filled(template, cells):
                made[field] = self._value(field, field, text)
        for field, columns in self._map.date_columns.items():
            if text := columns.edtf(cells):
                made[field] = text
        self._keep_name(made, cells)
        return self._finished(made, cells)

    def _keep_name(self, made: dict[str, Any], cells: dict[str, str]) -> None:
        """Let an actor whose slug the map gives be introduced by the name that the file has."""
        named, slug = cells.get(self._map.columns.get("actor", ""), ""), made.get("actor", "")
        if named and slug != named and is_slug(slug):
            made.setdefault("actor_name", named)

    def _finished(self, made: dict[str, Any], cells: dict[str, str]) -> dict[str, Any] | None:
        flip = self._map.flip
        flipped = bool(flip and flip.meets(cells[flip.column]))
        if self._map.topics:
            topic = self._topic(self._map.topics, cells)
            if topic is None:
                return None
            made = topic.native | made | {"topic": topic.native["topic"]}
            flipped ^= topic.flip
        if "stance" in made:
            _settle_stance(made, flipped=flipped)
        if self._map.namespace and "key" in made:
            made["key"] = f"{self._map.namespace}:{made['key']}"
        return made

    def _plain(self, cell: Any) -> str:  # noqa: ANN401 - JSON holds any value
        if isinstance(cell, str):
            text = cell
        elif cell is None:
            return ""
        elif isinstance(cell, bool):
            text = str(cell).lower()
        elif isinstance(cell, list):
            text = ";".join(map(str, cell))
        else:
            text = str(cell)
        if not text.isprintable():
            text = _STRAY_CONTROLS.sub("", text)
            if not self._map.keep_soft_hyphens:
                text = text.replace(SOFT_HYPHEN, "")
        return text.strip()

    def _value(self, field: str, column: str, text: str) -> str:
        """Return what a cell says in our words, found once for all cells that are alike."""
        key = field, column, text
        if key not in self._values:
            if len(self._values) > _ENOUGH:
                self._values.clear()
            self._values[key] = self._worded(field, column, text)
        value, is_cut = self._values[key]
        self.cut += is_cut
        return value

    def _worded(self, field: str, column: str, text: str) -> tuple[str, bool]:
        """Return a cell in our words, and whether it was cut."""
        text = self._map.reshaping.stripped(field, text)
        words = self._map.values.get(field)
        if words is not None:
            ours = words.get(text.lower())
            if ours is None and field in CODED:
                fix = SAY_WHERE_IT_STANDS if field == "stance" else None
                raise Refused(
                    WORD_NOT_IN_MAP, field=column, fix=fix, word=InQuotes(text), field_name=field
                )
            text = text if ours is None else ours
        if field in self._map.dates:
            return self._date(field, column, text), False
        whole = self._map.reshaping.shortened(field, text)
        return whole, whole != text

    def _date(self, field: str, column: str, text: str) -> str:
        try:
            return self._map.dates[field].edtf(text)
        except StandlineError as error:
            raise Refused.again(error, field=column) from None

    def _topic(self, table: TopicTable, cells: dict[str, str]) -> MappedTopic | None:
        """Return the topic that a row is about; ``None`` for one that the map skips."""
        named = "\0".join([cells[table.column], *(cells[each] for each in table.columns)])
        if named not in self._topics:
            if len(self._topics) > _ENOUGH:
                self._topics.clear()
            self._topics[named] = self._match_topic(table, cells)
        return self._topics[named]

    def _match_topic(self, table: TopicTable, cells: dict[str, str]) -> MappedTopic | None:
        found = [topic for topic in table.topics if topic.match.meets(cells[topic.match.column])]
        value = cells[table.column]
        if len({topic.native["topic"] for topic in found}) > 1:
            slugs = " and ".join(topic.native["topic"] for topic in found)
            raise Refused(
                MATCHED_BY_SEVERAL_TOPICS,
                field=table.column,
                value=InQuotes(value[:80]),
                topics=slugs,
            )
        if found:
            return found[0]
        if table.unmatched == "reject" or (table.unmatched == "keep" and not value):
            raise Refused(MATCHED_BY_NO_TOPIC, field=table.column, value=InQuotes(value[:80]))
        return table.as_named(value) if table.unmatched == "keep" else None


def _filled(template: Template, cells: dict[str, str]) -> str:
    """Return the template with its cells, or nothing if all of them are blank."""
    found = [(piece, cells[column] if column else "") for piece, column in template]
    if any(column for _, column in template) and not any(cell for _, cell in found):
        return ""
    return "".join(piece + cell for piece, cell in found).strip()


def _settle_stance(made: dict[str, Any], *, flipped: bool) -> None:
    """Split ``no_position/unstated`` into its two fields, and turn a stance round."""
    stance, _, reason = made["stance"].partition("/")
    if stance == NO_POSITION and reason:
        made["stance"] = NO_POSITION
        made["no_position_reason"] = reason
    elif flipped:
        made["stance"] = _FLIPPED.get(made["stance"], made["stance"])
