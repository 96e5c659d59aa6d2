"""Embargoes: record waiting entries when they are due, exactly once."""

from __future__ import annotations

from contextlib import closing, suppress
from typing import TYPE_CHECKING

import msgspec

from timeline.application.commands import RecordDevelopment, RecordStatement
from timeline.application.directory import stream_id
from timeline.application.joint_recording import EntryCommand
from timeline.application.newsroom import byline
from timeline.desk.drafts import Gist
from timeline.desk.embargoes import Embargo
from timeline.desk.reviews import CHANGE, Review
from timeline.desk.texts import Decision
from timeline.domain.dates import parse_date
from timeline.domain.development import DevelopmentRecorded
from timeline.domain.errors import Conflict, Refused, StandlineError
from timeline.domain.instants import MICROSECONDS
from timeline.domain.messages import Message
from timeline.domain.statement import StatementRecorded
from timeline.domain.text import whole_number
from timeline.projections.queries.alike import (
    developments_like,
    draft_instant,
    may_repeat,
    statements_like,
)
from timeline.projections.queries.anchors import snapshots

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Connection

    from timeline.application.commands import Command
    from timeline.application.newsroom import Newsroom
    from timeline.bootstrap import Services
    from timeline.domain.event import Byline, Event

RECORDED_SINCE = Message(
    "recorded_since",
    "number %(number)s was recorded meanwhile and may be the same",
    fix="look at it, then record this all the same or take it back",
)
AUTHOR_GONE = Message(
    "author_gone",
    "its author %(author)s may not record any more",
    fix="take it back, or let somebody who may code it",
)

WAITS = "desk"
"""The ``via`` of a waiting entry that is only rehearsed."""

LONGEST_WAIT, SHORTEST_WAIT = 5.0, 0.2
"""Most and least seconds between two checks; other processes may add entries meanwhile."""

MEETINGS = 3
"""How often storing a text is tried again after a conflict."""

_One = RecordStatement | RecordDevelopment
_decoded = msgspec.json.Decoder(_One | list[tuple[str, _One]]).decode


def put_under_embargo(
    services: Services, by: Byline, entry: str, command: Command, due_at: int
) -> Embargo:
    """Put an entry under embargo until an instant in microseconds UTC.

    ``entry`` is its id, waiting and on record. Raises what recording it then would raise, and
    `Refused` for an instant that has passed.
    """
    alone = [EntryCommand(entry, command)]
    then = msgspec.structs.replace(by, at=max(by.at, due_at))
    drafted = services.newsroom.together.rehearse(then, alone)
    services.promises.check_second([event for row in drafted for event in row])
    embargoed = Embargo(
        id=entry,
        kind="statement" if isinstance(command, RecordStatement) else "development",
        author=by.by,
        via=by.via,
        due_at=due_at,
        set_by=by.by,
        set_at=by.at,
        gist=_gist(command),
        command=entries_as_json(alone),
        looked_up_to=services.log.head(),
    )
    services.desk.embargoes.keep(embargoed)
    return embargoed


def _gist(command: Command) -> Gist:
    if isinstance(command, RecordStatement):
        words = command.paraphrase or (command.quote.text if command.quote else "")
        return Gist(actor=command.actor or "", topic=command.topic, words=words)
    return Gist(
        actor=command.according_to or "", topic=next(iter(command.topics), ""), words=command.title
    )


def find_waiting_twin(
    services: Services, conn: Connection, drafted: Sequence[Event], own_ids: Collection[str]
) -> Review | Embargo | None:
    """Return a waiting entry on the desk that may be the same as a new entry.

    ``drafted`` are the events of the new entry; ``own_ids`` are its own id and the ids of entries
    known to be different.
    """
    if not services.desk.is_there():
        return None
    desk = services.desk
    waiting: tuple[Review | Embargo, ...] = (*desk.reviews.waiting(), *desk.embargoes.waiting())
    others = (entry for entry in waiting if entry.command and entry.id not in own_ids)
    return next((entry for entry in others if _may_repeat(services, conn, drafted, entry)), None)


def _may_repeat(
    services: Services,
    conn: Connection,
    drafted: Sequence[Event],
    waits: Review | Embargo,
) -> bool:
    entries = entries_in(waits)
    if _topics_of(drafted[-1]).isdisjoint(_topics_named(entries)):
        return False  # hundreds may wait, and to try one takes a look at all that it names
    at = waits.due_at if isinstance(waits, Embargo) else waits.handed_at
    try:
        rehearsed = services.newsroom.together.rehearse(byline(waits.author, WAITS, at), entries)
    except StandlineError:
        return False
    return any(may_repeat(conn, drafted, events) for events in rehearsed)


def _topics_of(event: Event) -> set[str]:
    """Return the ids of an entry's topics."""
    if isinstance(event, StatementRecorded):
        return {event.topic}
    return {*event.topics} if isinstance(event, DevelopmentRecorded) else set()


def _topics_named(entries: Sequence[EntryCommand]) -> set[str]:
    """Return the ids of the topics that commands name, known or not."""
    commands = [command for _, command in entries]
    several = (
        (command.topic,) if isinstance(command, RecordStatement) else command.topics
        for command in commands
    )
    return {stream_id("topic", topic) for some in several for topic in some}


class Released(msgspec.Struct, frozen=True):
    """The result of a release: the ``number`` of the entry, or 0 and the ``trouble``.

    For several entries recorded together it is the first number.
    """

    entry: Embargo
    number: int
    trouble: Refused | None


def entries_as_json(entries: Sequence[EntryCommand]) -> str:
    """Return commands as JSON for the desk; a single one has the id of the waiting entry."""
    alone = entries[0].command if len(entries) == 1 else None
    return msgspec.json.encode(alone or entries).decode()


def entries_in(waits: Review | Embargo) -> list[EntryCommand]:
    """Return the entries that would be recorded: several if the words have several stances.

    A change of the record has no entries.
    """
    if isinstance(waits, Review) and waits.kind == CHANGE:
        return []
    decoded = _decoded(waits.command)
    if isinstance(decoded, list):
        return [EntryCommand(*item) for item in decoded]
    return [EntryCommand(waits.id, decoded)]


def release_due(services: Services) -> list[Released]:
    """Record all entries that are due, in order of their times, and return the results.

    Several processes may do this at once: each entry is released by one. Raises `StandlineError` if
    the store cannot record; the remaining entries are still due.
    """
    if not services.desk.is_there():
        return []
    releaseds = (
        release(services, entry) for entry in services.desk.embargoes.due(services.clock())
    )
    return [released for released in releaseds if released]


def release(services: Services, entry: str, *, looked: bool = False) -> Released | None:
    """Record a waiting entry now, or store the reason of its refusal.

    Returns ``None`` if it does not wait any more. ``looked`` says that somebody has checked similar
    entries on record. Raises `StandlineError` if the store cannot record.
    """
    # This may take long after an import; here it does not block drafts.
    services.models.catch_up()
    numbers: list[int] = []

    def record(entry: Embargo) -> None:
        numbers.append(_record(services, entry, looked=looked))

    released = services.desk.embargoes.release(entry, record)
    if released is None:
        return None
    if released.trouble:
        return Released(released, 0, released.trouble)
    _clear_desk(services, released, numbers[0])
    return Released(released, numbers[0], None)


def seconds_to_next(services: Services) -> float:
    """Return the seconds until an entry may be due, a few seconds at most."""
    due = services.desk.embargoes.next_due() if services.desk.is_there() else None
    if due is None:
        return LONGEST_WAIT
    return min(LONGEST_WAIT, max(SHORTEST_WAIT, (due - services.clock()) / MICROSECONDS))


def _record(services: Services, entry: Embargo, *, looked: bool) -> int:
    """Record an entry with the text of its source, and return its number."""
    newsroom, log = services.newsroom, services.log
    by = byline(entry.author, entry.via, services.clock())
    entries = entries_in(entry)
    # If a process ended in between, the entry is on record and may lack its text.
    if entry.id not in log.first_events([entry.id]):
        _check_author(services, entry.author)
        if not looked:
            services.models.catch_up()
            _check_same(services, entry, newsroom.together.rehearse(by, entries))
    recorded = newsroom.together.record(by, entries)[0]
    said, text = log.event(recorded.position), _text(services, entry)
    if text.strip() and isinstance(said, StatementRecorded | DevelopmentRecorded):
        _keep_text(newsroom, by, said.document, text)
    return recorded.position


def _keep_text(newsroom: Newsroom, by: Byline, document: str, text: str) -> None:
    """Store the text of a source; somebody else may change that source at the same time."""
    for _ in range(MEETINGS):
        with suppress(Conflict):
            newsroom.documents.take_snapshot(by, document, text)
            return
    newsroom.documents.take_snapshot(by, document, text)


def _text(services: Services, entry: Embargo) -> str:
    if entry.text or not entry.document:
        return entry.text
    text = services.desk.texts.find(entry.document)
    return text.text if text else ""


def _check_author(services: Services, author: str) -> None:
    """Raise `Refused` if the author's account was closed since."""
    people = {person.handle: person for person in services.desk.people.everyone()}
    if author in people and people[author].disabled_at is not None:
        raise Refused(AUTHOR_GONE, author=author)


def _check_same(services: Services, entry: Embargo, drafted: list[list[Event]]) -> None:
    """Raise `Conflict` if a similar entry was recorded after somebody checked."""
    alike = (number for row in drafted for number in _alike(services, row))
    since = [number for number in alike if number > entry.looked_up_to]
    if since:
        raise Conflict(RECORDED_SINCE, number=since[0])


def _alike(services: Services, drafted: Sequence[Event]) -> list[int]:
    said = drafted[-1]
    with closing(services.models.engine().connect()) as conn:
        if isinstance(said, StatementRecorded):
            counts_from = draft_instant(conn, drafted, said)
            return [entry.number for entry, _ in statements_like(conn, said, counts_from)]
        if isinstance(said, DevelopmentRecorded) and said.content:
            happened = parse_date(said.happened_at).latest
            entries = developments_like(conn, said.topics, said.content.title, happened)
            return [entry.number for entry in entries]
    return []


def _clear_desk(services: Services, entry: Embargo, number: int) -> None:
    """Store the passage of a development, and remove a text from the desk that is on record."""
    if not entry.document:
        return
    if span := _passage(entry):
        text = _text(services, entry) or _last_snapshot(services, entry.document)
        decision = Decision(*span, text[slice(*span)], number, entry.author)
        services.desk.texts.decide(entry.document, decision, services.clock())
    services.desk.texts.discard(entry.document)


def _passage(entry: Embargo) -> tuple[int, int] | None:
    """Return the place of a development in its text, which no event has."""
    value = "".join(entry.fields.get("passage", []))
    start, end = map(whole_number, value.partition("-")[::2])
    if isinstance(entries_in(entry)[0].command, RecordStatement) or start is None or end is None:
        return None
    return start, end


def _last_snapshot(services: Services, document: str) -> str:
    texts = snapshots(services.log, document)
    return texts[-1] if texts else ""
