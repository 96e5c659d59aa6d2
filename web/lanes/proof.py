"""The proof drawer: a statement, the position before it, and checks against the record."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import day_of
from timeline.domain.position.edition2.words import sign
from timeline.projections.queries import attached, entries
from web.entries.presenter import Presenter
from web.entries.views import StatementView
from web.i18n import dates
from web.i18n.translate import gettext, ngettext

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from timeline.projections.queries.entries import StatementEntry
    from web.lanes.history import LaneHistory
    from web.wording.clocks import Clocks
    from web.wording.names import Names


FIRST = re.compile(r"\b(first time|erstmals|erstmalig|zum ersten mal)\b", re.IGNORECASE)
"""How English and German sources claim that something is said for the first time."""

MOST_TOGETHER = 12
"""The most statements of one mark that are shown."""

MOST_BETWEEN = 5
"""The most statements of another stance in between that are named, the latest."""


class Note(msgspec.Struct, frozen=True):
    """A check: what the record says about the statement, with the entries that show it."""

    kind: str
    title: str
    text: str
    numbers: tuple[int, ...] = ()


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """What the drawer shows; the statement is number ``place`` of ``of`` valid ones in its lane.

    The ``place`` of a retracted one is 0. ``several`` are all statements of its mark, ``more``
    counts further ones. ``dates`` has speaker and date of the entries that the notes name.
    """

    lane: str
    statement: StatementView
    before: list[StatementView]
    previous: int | None
    following: int | None
    place: int
    of: int
    notes: list[Note]
    dates: dict[int, str]
    several: list[StatementView] = []
    more: int = 0


class OpenStatement(msgspec.Struct, frozen=True):
    """The statement to open; those of its mark up to ``through``, without ``hidden`` ones."""

    number: int
    through: int = 0
    hidden: frozenset[int] = frozenset()


def proof(
    conn: Connection, opened: OpenStatement, lanes: list[LaneHistory], names: Names, clocks: Clocks
) -> Proof | None:
    """Return the proof of a statement, or ``None`` if no lane of this view shows it."""
    number = opened.number
    lane = _lane(number, lanes)
    if lane is None:
        return None
    numbers = list(dict.fromkeys(reading.statement for reading in lane.readings))
    place, standing = numbers.index(number), lane.in_order
    held_before = _held_before(lane, number)
    together = _sharing_mark(numbers, opened)
    numbers_read = [number, *held_before, *together[:MOST_TOGETHER]]
    said = entries.statements(conn, numbers_read, clocks.known_at)
    if number not in said:
        return None
    presenter = Presenter(conn, names, list(said.values()), known_at=clocks.known_at)
    notes = checks(said[number], lane) + _notes_on_links(conn, number, clocks)
    note_numbers = {number for note in notes for number in note.numbers}
    noted = entries.statements(conn, note_numbers, clocks.known_at)
    return Proof(
        lane=names.actor(lane.actor).slug,
        statement=presenter.statement(said[number]),
        before=[presenter.statement(said[number]) for number in held_before if number in said],
        previous=numbers[place - 1] if place else None,
        following=numbers[place + 1] if place + 1 < len(numbers) else None,
        place=standing.index(number) + 1 if number in standing else 0,
        of=len(standing),
        notes=notes,
        dates=said_by(noted, names),
        several=[presenter.statement(said[n]) for n in together[:MOST_TOGETHER] if n in said],
        more=max(len(together) - MOST_TOGETHER, 0),
    )


def said_by(noted: Mapping[int, StatementEntry], names: Names) -> dict[int, str]:
    """Name statements by speaker and day, by their numbers, and say which are retracted."""
    names.learn(noted.values())
    return {number: _said_by(entry, names) for number, entry in noted.items()}


def _said_by(entry: StatementEntry, names: Names) -> str:
    values = {"speaker": names.actor(entry.speaker).name, "date": dates.said(entry.said_at)}
    if entry.retracted:
        return gettext("%(speaker)s, %(date)s, retracted", **values)
    return gettext("%(speaker)s, %(date)s", **values)


def _sharing_mark(numbers: list[int], opened: OpenStatement) -> list[int]:
    """Return the statements of a lane that share the mark, if both ends are in it."""
    if opened.through not in numbers:
        return []
    first, last = numbers.index(opened.number), numbers.index(opened.through)
    return [number for number in numbers[first : last + 1] if number not in opened.hidden]


def _lane(number: int, lanes: list[LaneHistory]) -> LaneHistory | None:
    holding = [lane for lane in lanes if any(r.statement == number for r in lane.readings)]
    return max(holding, key=lambda lane: len(lane.readings), default=None)


def _held_before(lane: LaneHistory, number: int) -> list[int]:
    """Return the statements that held the position before that day, or the last statement."""
    own = next(reading for reading in lane.readings if reading.statement == number)
    days = (step.standing.counted for step in lane.days if step.day < own.day)
    *_, counted = (), *days
    if counted:
        return list({reading.stance: reading.statement for reading in counted}.values())
    earlier = (
        r.statement for r in lane.readings if r.counts_from < own.counts_from and not r.retracted
    )
    return list(earlier)[-1:]


def checks(entry: StatementEntry, lane: LaneHistory) -> list[Note]:
    """Return what the lane says about one of its statements."""
    notes = []
    if entry.attribution == "second_hand":
        own = tuple(
            reading.statement
            for reading in lane.readings
            if reading.rank == 0 and reading.stance is not None and not reading.retracted
        )
        text = (
            gettext("First-hand words on this question are on record.")
            if own
            else gettext("No first-hand words on this question are on record.")
        )
        notes.append(Note("second-hand", gettext("Second-hand."), text, own[-2:]))
    if entry.attribution == "ascribed":
        notes.append(
            Note("second-hand", gettext("Ascribed."), gettext("The author of the source says so."))
        )
    return notes + _notes_on_earlier(entry, lane)


def _notes_on_links(conn: Connection, number: int, clocks: Clocks) -> list[Note]:
    notes = []
    for link in attached.links(conn, [number], clocks.known_at):
        outgoing = link.number == number
        other = link.target if outgoing else link.number
        notes.append(Note("link", link_words(link.kind, outgoing=outgoing), link.note, (other,)))
    return notes


def _notes_on_earlier(entry: StatementEntry, lane: LaneHistory) -> list[Note]:
    """Check "for the first time" against the record, and name the same stance on that day."""
    same_stance = [
        r
        for r in lane.readings
        if r.stance == entry.stance and not r.retracted and r.statement != entry.number
    ]
    before = tuple(r.statement for r in same_stance if r.counts_from < entry.counts_from)
    that_day = tuple(
        r.statement for r in same_stance if day_of(r.counts_from) == day_of(entry.counts_from)
    )
    notes = []
    if entry.stance is not None and claims_a_first(entry):
        notes += _held_against_the_record(entry, before, lane)
    elif entry.stance is not None and before:
        notes.append(Note("repeated", gettext("Same stance on record before."), "", before[-3:]))
    if that_day:
        notes.append(
            Note("same-day", gettext("Same stance on that day as well."), "", that_day[:6])
        )
    return notes


def _held_against_the_record(
    entry: StatementEntry, before: tuple[int, ...], lane: LaneHistory
) -> list[Note]:
    """Say whether it was the first time, else name earlier statements and others in between."""
    title = gettext("“For the first time”?")
    if not before:
        return [
            Note(
                "first-time",
                title,
                gettext("No earlier statement of this stance is on record."),
                (),
            )
        ]
    text = ngettext(
        "The same stance is on record before, %(num)d time:",
        "The same stance is on record before, %(num)d times, first and last:",
        len(before),
    )
    notes = [Note("first-time", title, text, tuple(dict.fromkeys((before[0], before[-1]))))]
    began = next(r.counts_from for r in lane.readings if r.statement == before[0])
    between = tuple(
        r.statement
        for r in lane.readings
        if began < r.counts_from < entry.counts_from and not r.retracted
        if r.stance is not None and _opposite(r.stance, entry.stance or 0)
    )
    if between:
        said = gettext("Something else was said in between:")
        notes.append(Note("first-time", said, "", between[-MOST_BETWEEN:]))
    return notes


def _opposite(left: int, right: int) -> bool:
    """Tell whether two stances are on different sides; the middle is its own side."""
    return sign(left) != sign(right)


def claims_a_first(entry: StatementEntry) -> bool:
    """Tell whether the words say that nothing like it was said before."""
    words = entry.words
    said = (words.quote.exact if words.quote else "", words.paraphrase, words.translation)
    return any(FIRST.search(text) for text in said)


def link_words(kind: str, *, outgoing: bool) -> str:
    """Return a link in words, as seen from the entry."""
    there = {
        "contradicts": gettext("Contradicts"),
        "withdraws": gettext("Withdraws"),
        "answers": gettext("Answers"),
        "repeats": gettext("Repeats"),
        "disputes": gettext("Disputes"),
    }
    here = {
        "contradicts": gettext("Contradicted by"),
        "withdraws": gettext("Withdrawn by"),
        "answers": gettext("Answered by"),
        "repeats": gettext("Repeated by"),
        "disputes": gettext("Disputed by"),
    }
    return there[kind] if outgoing else here[kind]
