"""A story as data: each change with the proof of both sides, and each development."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from timeline.domain.instants import DAY, end_of_day, iso_day
from timeline.interchange.exporting.export import csv_lines
from timeline.projections.queries import attached, entries
from timeline.projections.queries.change_answers import LESS, answer_changes
from web.shell.data_answer import data_answer
from web.shell.feeds import feed_response
from web.story.feed import story_feed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from werkzeug.wrappers import Response

    from timeline.projections.queries.entries import DevelopmentEntry
    from timeline.projections.queries.positions import LaneChange
    from web.story.reading import StoryReading

AT_ONCE = 500
"""Changes that are read at once."""

PROOF = ("statement", "said", "speaker", "outlet", "url")
COLUMNS = (
    *("day", "kind", "topic", "actor", "from", "to", "title"),
    *(f"{name}_before" for name in PROOF),
    *PROOF,
    *LESS,
)
"""Columns of the table; a development has its number as a statement has."""

Proof = dict[str, Any]

_encode = msgspec.json.Encoder().encode


def as_json(reading: StoryReading) -> Response:
    """Return one object: the story, its clocks and filters, its changes and developments."""
    clocks, address = reading.clocks, reading.address
    head = {
        "story": {"slug": reading.story.slug, "title": reading.story.title},
        "topics": [topic.slug for topic in reading.topics],
        "as_of": clocks.as_of_text or None,
        "known_at": clocks.known_at,
        "filters": {name: getattr(address, name) for name in ("topic", "actor", "kind")},
        "from": address.begin or None,
        "to": address.end or None,
    }
    return data_answer(_pieces(reading, _encode(head)), "application/json")


def as_csv(reading: StoryReading) -> Response:
    """Return a table with a line for each change and each development, oldest first."""
    lines = csv_lines(_rows(reading), COLUMNS)
    return data_answer(lines, "text/csv", file_name=f"story-{reading.story.slug}.csv")


def give(reading: StoryReading, form: str) -> Response:
    """Return a story in a form: json, csv, or one of those of feeds."""
    if form == "json":
        return as_json(reading)
    return as_csv(reading) if form == "csv" else feed_response(story_feed(reading), form)


class Chunk:
    """Some whole days of a story, with the proofs of their changes."""

    def __init__(self, reading: StoryReading, start: int, end: int) -> None:
        self.reading = reading
        self.changes = reading.story_changes.changes(start, end)
        self.developments = reading.story_changes.developments(start, end)
        known_at = reading.clocks.known_at
        numbers = {n for one in self.changes for n in (*one.change.before, *one.change.after)}
        self._said = entries.statements(reading.conn, numbers, known_at)
        happened = [one.number for one in self.developments]
        self._sources = attached.sources(reading.conn, [*self._said, *happened], known_at)
        reading.names.learn([*self._said.values(), *self.developments])
        named = {source.document for found in self._sources.values() for source in found}
        reading.names.documents(named)

    def proofs(self, numbers: Iterable[int]) -> list[Proof]:
        """Return these statements: who said them when, and where that stands."""
        return [
            {
                "statement": number,
                "said": self._said[number].said_at,
                "speaker": self.reading.names.actor(self._said[number].speaker).slug,
            }
            | self.source(number)
            for number in numbers
            if number in self._said
        ]

    def source(self, number: int) -> Proof:
        """Return the first source of an entry."""
        found = self._sources.get(number)
        document = self.reading.names.document(found[0].document) if found else None
        return {
            "outlet": document.outlet if document else "",
            "url": document.url if document else "",
        }


def _chunks(reading: StoryReading) -> Iterator[Chunk]:
    """Yield the whole story, or the months asked for, oldest first."""
    span = reading.span if reading.address.begin or reading.address.end else None
    inside = reading.days(span)
    first, held = None, 0
    for place, one in enumerate(inside):
        first = one.day if first is None else first
        held += one.changes + one.others + one.developments
        if held >= AT_ONCE or place == len(inside) - 1:
            yield Chunk(reading, first * DAY, end_of_day(one.day))
            first, held = None, 0


def _pieces(reading: StoryReading, head: bytes) -> Iterator[bytes]:
    yield head[:-1] + b',"changes":['
    happened: list[Proof] = []
    comma = b""
    for chunk in _chunks(reading):
        happened += [_development(chunk, one) for one in chunk.developments]
        for row in _changes(chunk):
            yield comma + _encode(row)
            comma = b","
    yield b'],"developments":' + _encode(happened) + b"}"


def _changes(chunk: Chunk) -> Iterator[Proof]:
    """Yield changes as the command line says them, with the proofs of both sides."""
    known_at = chunk.reading.clocks.known_at
    answers = answer_changes(chunk.reading.conn, chunk.changes, known_at=known_at)
    for one, answer in zip(chunk.changes, answers, strict=True):
        row: Proof = msgspec.to_builtins(answer)
        yield row | {
            "proof_before": chunk.proofs(one.change.before),
            "proof": chunk.proofs(one.change.after),
        }


def _development(chunk: Chunk, one: DevelopmentEntry) -> Proof:
    told = {"number": one.number, "happened_at": one.happened_at, "status": one.status}
    return told | {"title": one.title} | chunk.source(one.number)


def _rows(reading: StoryReading) -> Iterator[Proof]:
    for chunk in _chunks(reading):
        rows = [
            (one.change.day, _change_row(one, told))
            for one, told in zip(chunk.changes, _changes(chunk), strict=True)
        ]
        rows += [(one.counts_from // DAY, _happened_row(chunk, one)) for one in chunk.developments]
        yield from (row for _, row in sorted(rows, key=lambda pair: pair[0]))


def _change_row(one: LaneChange, told: Proof) -> Proof:
    row = {name: told[name] for name in ("kind", "topic", "actor", "from", "to")}
    row |= {name: int(told[name]) for name in LESS}
    before = told["proof_before"][-1] if told["proof_before"] else {}
    row |= {f"{name}_before": value for name, value in before.items()}
    return row | (told["proof"][-1] if told["proof"] else {}) | {"day": iso_day(one.change.day)}


def _happened_row(chunk: Chunk, one: DevelopmentEntry) -> Proof:
    row = {"day": iso_day(one.counts_from // DAY), "kind": "development", "title": one.title}
    return row | {"statement": one.number, "said": one.happened_at} | chunk.source(one.number)
