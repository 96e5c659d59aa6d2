"""The entries of an export with names for slugs, for programs that know no slugs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from timeline.domain.dates import parse_date
from timeline.domain.entry import RANKS
from timeline.domain.instants import calendar_date, day_of
from timeline.domain.scales import NO_POSITION, SCALES
from timeline.domain.variables import (
    ATTRIBUTES,
    VARIABLES,
    check_declared,
    has_values,
    parse_variable_filter,
)
from timeline.interchange.exporting.export import select_entries
from timeline.interchange.exporting.rows_out import entry_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.domain.actor import Actor
    from timeline.interchange.exporting.rows_out import Row
    from timeline.interchange.exporting.standing import Record
    from timeline.interchange.formats.contracts import ExportOptions, Store

_PARTS = {"year": 1, "month": 2}
"""How many of year, month and day a date of this precision has; all others have three."""


class NamedRow(NamedTuple):
    """An entry as a native row, with its id, and actors and questions by slug.

    ``counts_from`` is its counting instant; ``questions`` are those of topics in their latest
    wording.
    """

    row: Row
    id: str
    counts_from: int
    actors: dict[str, Actor]
    questions: dict[str, str]

    @property
    def question(self) -> str:
        """Return the question of a statement, in the wording that it answers."""
        return str(self.row.get("topic_question") or self.row["topic"])

    def name_of(self, field: str) -> str:
        """Return the name of an actor that a field names."""
        slug = str(self.row.get(field, ""))
        actor = self.actors.get(slug)
        return actor.name if actor and actor.name else slug

    def kind_of(self, field: str) -> str:
        """Return the kind of an actor that a field names; empty if unknown."""
        actor = self.actors.get(self.row.get(field, ""))
        return actor.kind if actor else ""

    def attributes_of(self, field: str) -> dict[str, str]:
        """Return the attributes of an actor that a field names, as ``attributes.party``."""
        actor = self.actors.get(self.row.get(field, ""))
        said = actor.attributes if actor else {}
        return {ATTRIBUTES + id_: said[id_] for id_ in sorted(said)}


def named_rows(
    store: Store, options: ExportOptions, own: set[str] | None = None
) -> Iterator[NamedRow]:
    """Return the entries of an export; raises `NotFound` for an unknown topic, actor or variable.

    It adds the columns of all variables with values to ``own``.

    ``own_words`` and ``variables`` of the options filter. Memory grows with the actors and topics,
    never with the entries.
    """
    record, selection = select_entries(store, options)
    if own is not None:
        own |= record.own_columns
    actors, questions = actors_by_slug(record), _questions(record)
    entries = (
        NamedRow(
            entry_row(record, standing),
            standing.first.originator_id,
            record.counts_from(standing),
            actors,
            questions,
        )
        for standing in record.entries(selection)
    )
    chosen = parse_variable_filter(options.variables)
    columns = record.own_columns | _declared(record)
    check_declared(
        chosen, {name.removeprefix(VARIABLES) for name in columns if name.startswith(VARIABLES)}
    )
    wanted = {VARIABLES + id_: some for id_, some in chosen.items()}
    return (
        entry
        for entry in entries
        if (not options.own_words or is_in_own_words(entry.row))
        and (entry.row["kind"] != "statement" or has_values(entry.row, wanted))
    )


def _declared(record: Record) -> set[str]:
    books = (book for topic in record.topics.values() for book in topic.codebooks.values())
    return {variable.field for book in books for variable in book.variables}


def actors_by_slug(record: Record) -> dict[str, Actor]:
    """Return the actors of a record by slug."""
    return {actor.slug: actor for actor in record.actors.values()}


def _questions(record: Record) -> dict[str, str]:
    wordings = {topic.slug: topic.wordings.get(topic.wording) for topic in record.topics.values()}
    return {slug: (worded and worded.question) or slug for slug, worded in wordings.items()}


def is_in_own_words(row: Row) -> bool:
    """Tell whether a statement is in its actor's own words, and no hearsay."""
    return RANKS.get(row.get("attribution", ""), 0) == 0


def step_of(row: Row) -> int | None:
    """Return the stance of a statement from -2 to 2, ``None`` if it takes no position."""
    stance = row["stance"]
    return None if stance == NO_POSITION else SCALES[row["scale"]].value(stance)


def calendar_parts(edtf: str) -> tuple[list[int], list[int]]:
    """Return the first and the last day of a date, each as year, month and day as far as given.

    The end is empty for a date that is no interval; ``../D`` begins with D. Unspecified digits
    become the first and the last possible day. The day of a date-time is the written one, in any
    zone.
    """
    first, slash, last = edtf.partition("/")
    if first == "..":
        return _ends(last)[1], []
    start, end = _ends(first)
    if slash:
        return start, _ends(last)[1]
    return start, end if end != start else []


def _ends(text: str) -> tuple[list[int], list[int]]:
    date = parse_date(text.partition("T")[0])
    count = _PARTS.get(date.precision, 3)
    earliest = date.latest if date.earliest is None else date.earliest
    first, last = (calendar_date(day_of(instant)) for instant in (earliest, date.latest))
    return list(first[:count]), list(last[:count])


def words_of(row: Row) -> Any:  # noqa: ANN401 - a text of the row
    """Return the best words for a statement: its passage, its quote, else our own."""
    names = ("passage.text", "quote.text", "paraphrase")
    return next((row[name] for name in names if row.get(name)), "")
