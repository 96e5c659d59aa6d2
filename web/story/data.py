"""A story as data: each change with the proof of both sides, and each development."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from timeline.domain.instants import DAY, end_of_day, iso_day
from timeline.domain.naming import keyed_id
from timeline.interchange.exporting.export import csv_lines
from timeline.projections.queries import attached, entries
from timeline.projections.queries.change_answers import LESS, answer_changes
from web.entries.in_feeds import paragraphs
from web.i18n.translate import gettext
from web.shell.data_answer import data_answer
from web.shell.feeds import Entry, Feed, as_recorded, feed_response
from web.shell.request import this_request
from web.story.turns import ShownChange, developments, shown_changes
from web.wording import moves

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from werkzeug.wrappers import Response

    from timeline.projections.queries.entries import DevelopmentEntry
    from timeline.projections.queries.positions import LaneChange
    from web.entries.views import DevelopmentView
    from web.story.reading import StoryReading

AT_ONCE = 500
"""The number of changes that are read at once."""

PROOF = ("statement", "said", "speaker", "outlet", "url")
COLUMNS = (
    *("day", "kind", "topic", "actor", "from", "to", "title"),
    *(f"{name}_before" for name in PROOF),
    *PROOF,
    *LESS,
)
"""The columns of the table; the number of a development is in that of statements."""

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
    """Return a story as json, csv, or a feed."""
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
        numbers = {
            n for change in self.changes for n in (*change.change.before, *change.change.after)
        }
        self._said = entries.statements(reading.conn, numbers, known_at)
        happened = [entry.number for entry in self.developments]
        self._sources = attached.sources(reading.conn, [*self._said, *happened], known_at)
        reading.names.learn([*self._said.values(), *self.developments])
        named = {source.document for sources in self._sources.values() for source in sources}
        reading.names.documents(named)

    def proofs(self, numbers: Iterable[int]) -> list[Proof]:
        """Return these statements with speaker, date and source."""
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
        sources = self._sources.get(number)
        document = self.reading.names.document(sources[0].document) if sources else None
        return {
            "outlet": document.outlet if document else "",
            "url": document.url if document else "",
        }


def _chunks(reading: StoryReading) -> Iterator[Chunk]:
    """Yield the whole story, or the months asked for, oldest first."""
    span = reading.span if reading.address.begin or reading.address.end else None
    inside = reading.days(span)
    first, count = None, 0
    for place, day in enumerate(inside):
        first = day.day if first is None else first
        count += day.changes + day.others + day.developments
        if count >= AT_ONCE or place == len(inside) - 1:
            yield Chunk(reading, first * DAY, end_of_day(day.day))
            first, count = None, 0


def _pieces(reading: StoryReading, head: bytes) -> Iterator[bytes]:
    yield head[:-1] + b',"changes":['
    happened: list[Proof] = []
    comma = b""
    for chunk in _chunks(reading):
        happened += [_development(chunk, entry) for entry in chunk.developments]
        for row in _changes(chunk):
            yield comma + _encode(row)
            comma = b","
    yield b'],"developments":' + _encode(happened) + b"}"


def _changes(chunk: Chunk) -> Iterator[Proof]:
    """Yield changes as in the command line, with the proofs of both sides."""
    known_at = chunk.reading.clocks.known_at
    answers = answer_changes(chunk.reading.conn, chunk.changes, known_at=known_at)
    for change, answer in zip(chunk.changes, answers, strict=True):
        row: Proof = msgspec.to_builtins(answer)
        yield row | {
            "proof_before": chunk.proofs(change.change.before),
            "proof": chunk.proofs(change.change.after),
        }


def _development(chunk: Chunk, entry: DevelopmentEntry) -> Proof:
    fields = {"number": entry.number, "happened_at": entry.happened_at, "status": entry.status}
    return fields | {"title": entry.title} | chunk.source(entry.number)


def _rows(reading: StoryReading) -> Iterator[Proof]:
    for chunk in _chunks(reading):
        rows = [
            (change.change.day, _change_row(change, proofs))
            for change, proofs in zip(chunk.changes, _changes(chunk), strict=True)
        ]
        rows += [
            (entry.counts_from // DAY, _happened_row(chunk, entry)) for entry in chunk.developments
        ]
        yield from (row for _, row in sorted(rows, key=lambda pair: pair[0]))


def _change_row(change: LaneChange, proofs: Proof) -> Proof:
    row = {name: proofs[name] for name in ("kind", "topic", "actor", "from", "to")}
    row |= {name: int(proofs[name]) for name in LESS}
    before = proofs["proof_before"][-1] if proofs["proof_before"] else {}
    row |= {f"{name}_before": value for name, value in before.items()}
    return (
        row | (proofs["proof"][-1] if proofs["proof"] else {}) | {"day": iso_day(change.change.day)}
    )


def _happened_row(chunk: Chunk, entry: DevelopmentEntry) -> Proof:
    row = {"day": iso_day(entry.counts_from // DAY), "kind": "development", "title": entry.title}
    return row | {"statement": entry.number, "said": entry.happened_at} | chunk.source(entry.number)


FEED = 50
"""The most changes, and the most developments, of a feed."""


def story_feed(reading: StoryReading) -> Feed:
    """Return the latest changes and developments, those that became known last first."""
    latest_turns = shown_changes(reading, reading.story_changes.latest(FEED))
    positioned: list[tuple[int, ShownChange | DevelopmentView]] = [
        *((turn.change.change.known_at, turn) for turn in latest_turns),
        *((development.number, development) for development in _latest_developments(reading)),
    ]
    positioned.sort(key=lambda entry: -entry[0])
    return Feed(
        gettext("%(story)s: what changed and what happened", story=reading.story.title),
        as_recorded(reading.conn, positioned[0][0] if positioned else reading.clocks.known_at),
        [_entry(item, as_recorded(reading.conn, position)) for position, item in positioned],
    )


def _entry(item: ShownChange | DevelopmentView, known: str) -> Entry:
    return _change(item, known) if isinstance(item, ShownChange) else _development_item(item, known)


def _latest_developments(reading: StoryReading) -> list[DevelopmentView]:
    days = [day for day in reading.days() if day.developments]
    count, first = 0, 0
    for day_counts in reversed(days):
        count, first = count + day_counts.developments, day_counts.day
        if count >= FEED:
            break
    if not days:
        return []
    entries_found = reading.story_changes.developments(first * DAY, end_of_day(days[-1].day))
    return developments(reading, entries_found[-FEED:])


def _change(turn: ShownChange, known: str) -> Entry:
    name = f"{turn.change.topic}/{turn.change.lane}/{turn.day}/{turn.change.change.known_at}"
    said, host = (*turn.then, *turn.now), this_request().host
    sources = (source.href for proof in said for source in proof.sources[:1])
    return Entry(
        id=f"urn:uuid:{keyed_id('story-change', name)}",
        title=moves.heading(
            turn.actor.name, turn.before, turn.after, turn.date, topic=turn.topic.label
        ),
        text="\n".join(
            [
                *turn.sentence.lines(),
                *(line for proof in turn.now for line in paragraphs(proof)),
                *(
                    gettext("Before: %(stance)s", stance=f"{proof.stance.word}, {proof.said}")
                    for proof in turn.then
                ),
                gettext("Question: %(question)s", question=turn.topic.question),
            ]
        ),
        published=known,
        updated=known,
        page=host + turn.href.removeprefix("/"),
        proofs=tuple(f"{host}s/{proof.number}@{proof.known_from}" for proof in said),
        sources=tuple(filter(None, sources)),
    )


def _development_item(development: DevelopmentView, known: str) -> Entry:
    return Entry(
        id=f"urn:uuid:{keyed_id('story-development', str(development.number))}",
        title=development.title or gettext("The words are withheld."),
        text=f"{development.when}: {development.summary or development.title}",
        published=known,
        updated=known,
        page=this_request().host + development.href.removeprefix("/"),
        sources=tuple(source.href for source in development.sources[:1] if source.href),
    )
