"""Questions with a line each: those that moved long ago, and those without changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import directory, entries
from timeline.projections.queries.directory import Topic
from timeline.projections.queries.news import last_moves
from timeline.projections.queries.positions import positions_on
from web.i18n import dates
from web.i18n.translate import gettext, ngettext
from web.shell.pagination import ListPart, list_part, no_place, read_keyed_page
from web.wording import stances
from web.wording.when import changed_on, proofs_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from timeline.domain.position import Position
    from timeline.domain.scales import Scale
    from timeline.projections.queries.entries import StatementEntry
    from timeline.projections.queries.positions import LanePosition
    from web.shell.pagination import ListPlace
    from web.wording.names import Names
    from web.wording.stances import StanceView

FEW = 3
"""The most statements of a question whose line says who said what."""

NAMED, IN_ALL = 40, 500
"""The most questions of a fold, and of a part of the whole list."""


class Line(msgspec.Struct, frozen=True):
    """A question with a line about it."""

    topic: Topic
    text: str


class Fold(msgspec.Struct, frozen=True):
    """Questions with a line each, and how many ``more`` are only counted."""

    heading: str
    lines: tuple[Line, ...]
    more: int


def every(conn: Connection, count: int, place: ListPlace[str] | None) -> tuple[Fold, ListPart]:
    """Return a part of all questions in the order of their words; ``count`` is how many there are.

    Raises `Refused` for an invalid place.
    """

    def read(limit: int, *, beyond: str | None, back: bool) -> Sequence[Topic]:
        try:
            return directory.topics_by_name(conn, limit, beyond=beyond, back=back)
        except LookupError as error:
            raise no_place(str(error)) from error

    here = read_keyed_page(read, lambda topic: topic.slug, IN_ALL, place)
    part = list_part(here, count, lambda at: f"/?sort=name&{at.way}={at.key}")
    return _fold(conn, "", here.items, len(here.items)), part


def earlier(conn: Connection, topics: Sequence[Topic], count: int, since: str) -> Fold | None:
    """Fold the questions that moved last before the year ``since``, or just earlier than others.

    ``topics`` are the first of them, ``count`` is how many there are.
    """
    if not count:
        return None
    if not since:
        heading = ngettext(
            "%(num)d question that moved earlier", "%(num)d questions that moved earlier", count
        )
        return _fold(conn, heading, topics[:NAMED], count)
    heading = ngettext(
        "%(num)d question that last moved before %(year)s",
        "%(num)d questions that last moved before %(year)s",
        count,
        year=since,
    )
    return _fold(conn, heading, topics[:NAMED], count)


def unmoved(conn: Connection, topics: Sequence[Topic], count: int, names: Names) -> Fold | None:
    """Fold the questions on which nothing moved, and say who said what.

    ``topics`` are the first of them, ``count`` is how many there are.
    """
    if not count:
        return None
    heading = ngettext(
        "%(num)d question on which nothing has moved yet",
        "%(num)d questions on which nothing has moved yet",
        count,
    )
    named = topics[:NAMED]
    return _fold(conn, heading, named, count, _standings(conn, named, names))


def _fold(
    conn: Connection,
    heading: str,
    topics: Sequence[Topic],
    count: int,
    text_by_topic: Mapping[str, str] | None = None,
) -> Fold:
    text_by_topic, moved = text_by_topic or {}, _moved_on(conn, topics)
    lines = tuple(
        Line(topic, text_by_topic.get(topic.id) or _history(topic, moved.get(topic.id, "")))
        for topic in topics
    )
    return Fold(heading, lines, count - len(lines))


def _moved_on(conn: Connection, topics: Sequence[Topic]) -> dict[str, str]:
    """Say when topics moved last, as exact as the dates of the statements."""
    moves = last_moves(conn, [topic.id for topic in topics])
    last = {topic: changes[0].change for topic, changes in moves.items()}
    said = entries.statements(conn, {n for change in last.values() for n in proofs_of(change)})
    return {topic: changed_on(change, said) for topic, change in last.items()}


def _history(topic: Topic, moved: str) -> str:
    """Say how much was said on a topic, and when it moved last."""
    counts = ngettext("%(num)d statement", "%(num)d statements", topic.statements)
    if topic.moved is None:
        return counts
    date = moved or dates.day(topic.moved)
    last = gettext("last moved %(date)s", date=date)
    return f"{counts}, {last}"


def _standings(conn: Connection, topics: Sequence[Topic], names: Names) -> dict[str, str]:
    """Say for each topic who stands where; sides with speakers come first."""
    by_id = {topic.id: topic for topic in topics if topic.statements <= FEW}
    positions = [position for position in positions_on(conn, by_id) if _proofs(position.position)]
    said = entries.statements(
        conn, {n for position in positions for n in _proofs(position.position)}
    )
    names.learn(said.values())
    standings: dict[str, dict[tuple[int, ...], str]] = {}
    for lane_position in sorted(positions, key=lambda position: not _is_behalf(position, said)):
        stance = _stance(by_id[lane_position.topic].scale, lane_position.position, said).with_manner
        text = gettext(
            "%(name)s: %(stance)s", name=names.actor(lane_position.lane).name, stance=stance
        )
        standings.setdefault(lane_position.topic, {}).setdefault(
            _proofs(lane_position.position), text
        )
    return {topic: "; ".join(texts.values()) for topic, texts in standings.items()}


def _proofs(position: Position) -> tuple[int, ...]:
    """Return the statements of a position, else the last reports of others."""
    return position.counted or (position.reported.statements if position.reported else ())


def _stance(scale: Scale, position: Position, said: Mapping[int, StatementEntry]) -> StanceView:
    if position.counted or position.reported is None:
        return stances.of_position(scale, position, said)
    return stances.proved(scale, position.reported.stance, position.reported.statements, said)


def _is_behalf(position: LanePosition, said: Mapping[int, StatementEntry]) -> bool:
    return any(
        said[n].on_behalf_of == position.lane for n in _proofs(position.position) if n in said
    )
