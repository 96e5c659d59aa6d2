"""The entries of an export with names in place of slugs, for programs that know no slugs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from timeline.domain.dates import parse_date
from timeline.domain.scales import NO_POSITION, SCALES
from timeline.interchange.exporting.export import native_rows
from timeline.interchange.native.rows_in import id_of_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.interchange.exporting.rows_out import Row
    from timeline.interchange.formats.contracts import ExportOptions, Store

_DATE = re.compile(r"(?:Y(-?\d{5,})|(-?\d{4}))(?:-(\d\d))?(?:-(\d\d))?(?!\d)")


class Named(NamedTuple):
    """An entry as a native row, its id, and the names and questions of what it names by slug."""

    row: Row
    id: str
    actors: dict[str, Row]
    questions: dict[str, str]

    def name_of(self, field: str) -> str:
        """Return the name of an actor that a field names."""
        slug = self.row.get(field, "")
        return str(self.actors.get(slug, {}).get("actor_name", slug))

    def kind_of(self, field: str) -> str:
        """Return the kind of an actor that a field names; empty where it is not known."""
        return str(self.actors.get(self.row.get(field, ""), {}).get("actor_kind", ""))


def named_rows(store: Store, options: ExportOptions) -> Iterator[Named]:
    """Yield the entries of an export; raises `NotFound` for an unknown topic or actor.

    Memory grows with the actors and topics, never with the entries.
    """
    actors: dict[str, Row] = {}
    questions: dict[str, str] = {}
    for row in native_rows(store, options):
        if "actor" in row:
            actors.setdefault(row["actor"], _introduction(row))
        if "topic" in row:
            questions[row["topic"]] = row.get("topic_question") or row["topic"]
        if row["kind"] in ("statement", "development") and row.get("key"):
            yield Named(row, id_of_key(row["key"]), actors, questions)


def _introduction(row: Row) -> Row:
    return {name: row[name] for name in ("actor_name", "actor_kind") if name in row}


def step_of(row: Row) -> int | None:
    """Return the stance of a statement from -2 to 2, ``None`` where it takes no position."""
    stance = row["stance"]
    return None if stance == NO_POSITION else SCALES[row["scale"]].value(stance)


def calendar_parts(edtf: str) -> tuple[list[int], list[int]]:
    """Return year, month and day of where a date begins and of where it ends, as far as given.

    The end is empty for a date that is no interval; of ``../D`` it is D that is returned first.
    """
    first, slash, last = edtf.partition("/")
    if first == "..":
        first, last = last, ""
    return _parts(first), _parts(last) if slash else []


def _parts(text: str) -> list[int]:
    found = _DATE.match(text)
    if found is None:
        return []
    return [int(part) for part in (found[1] or found[2], found[3], found[4]) if part]


def counting_day(row: Row) -> int:
    """Return the day from which an entry counts, from 1970-01-01: the last that it may be of."""
    said = row.get("said_at") or row.get("happened_at") or row["source.published_at"]
    return parse_date(said).latest // 86_400


def words_of(row: Row) -> Any:  # noqa: ANN401 - a text of the row
    """Return the words that show a statement best: its passage, its quote, else ours."""
    names = ("passage.text", "quote.text", "paraphrase")
    return next((row[name] for name in names if row.get(name)), "")
