"""Reshape cells: strip prefixes, split several names, cut long texts."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import msgspec

from timeline.domain.errors import check_choice
from timeline.domain.fields import COLUMNS, LIMITS
from timeline.domain.messages import Message
from timeline.domain.naming import slug_of

if TYPE_CHECKING:
    from collections.abc import Iterator

MAP_NOT_SPLIT = Message("map_not_split", "%(name)s is not split", fix="only these are: %(choices)s")
MAP_NOT_CUT = Message(
    "map_not_cut",
    "%(name)s is never cut",
    fix="only words of ours are: %(choices)s",
)

SPLIT = ("actor", "on_behalf_of")
"""Fields whose cells may have several names: each gets a statement of its own."""

CUT = tuple(name for name, field in COLUMNS.items() if field.is_ours or name == "source.title")
"""Fields that may be cut; the source's own words are not among them."""

MARK = "…"


class Reshaping(msgspec.Struct, frozen=True):
    """The reshaping rules of a map, by our fields.

    ``strip`` has the prefixes to remove, ``split`` the separator of several names, and ``cut`` the
    fields whose long texts are cut.
    """

    strip: dict[str, tuple[str, ...]] = {}
    split: dict[str, str] = {}
    cut: frozenset[str] = frozenset()

    def strip_prefixes(self, field: str, text: str) -> str:
        """Return a text without any prefixes of its field."""
        prefixes = self.strip.get(field, ())
        while prefix := next(filter(text.startswith, prefixes), ""):
            text = text.removeprefix(prefix).lstrip()
        return text

    def shorten(self, field: str, text: str) -> str:
        """Return a text; if it is too long, cut it at a word, with a mark at its end."""
        limit = LIMITS[field]
        if field not in self.cut or len(text) <= limit:
            return text
        fitting = text[: limit - len(MARK)]
        words = fitting if text[len(fitting)].isspace() else fitting.rpartition(" ")[0] or fitting
        return words.rstrip() + MARK

    def split_row(self, columns: dict[str, str], cells: dict[str, str]) -> Iterator[dict[str, str]]:
        """Yield the cells of a row once for each combination of the names in it."""
        split = {columns[field]: mark for field, mark in self.split.items() if field in columns}
        several = [cells]
        for column, mark in split.items():
            names = [name.strip() for name in cells[column].split(mark) if name.strip()]
            several = [part | {column: name} for part in several for name in names or [""]]
        yield from several


def one_utterance(rows: list[dict[str, Any]], cells: dict[str, str]) -> list[dict[str, Any]]:
    """Join the parts of a split row as one utterance; a key gets a suffix for each part."""
    if len(rows) == 1:
        return rows
    keys = {row.get("key") for row in rows}
    encoded = msgspec.json.encode(cells, order="sorted")
    shared = next(iter(keys)) if len(keys) == 1 else None
    name = shared or f"row:{hashlib.sha256(encoded).hexdigest()[:16]}"
    return [{"utterance": name} | row | _own_key(row, shared) for row in rows]


def _own_key(row: dict[str, Any], shared: str | None) -> dict[str, str]:
    names = [slug_of(row[field]) for field in SPLIT if row.get(field)]
    return {"key": "/".join((shared, *names))} if shared else {}


def check_split(split: dict[str, str]) -> dict[str, str]:
    """Return the separators; raises `Refused` for a field that cannot be split."""
    for name in split:
        check_choice(MAP_NOT_SPLIT, SPLIT, field="[split]", name=name)
    return split


def check_cut(names: list[str]) -> frozenset[str]:
    """Return the fields to cut; raises `Refused` for a field that must not be cut."""
    for name in names:
        check_choice(MAP_NOT_CUT, CUT, field="cut", name=name)
    return frozenset(names)
