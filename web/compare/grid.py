"""What is compared: actors, questions and moments, and where each actor stands."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import crowds, directory
from timeline.projections.queries.compared import cells_resting_on, compare_positions, topics_of
from timeline.projections.queries.directory import Actor, Story, Topic
from timeline.projections.queries.matrix import Matrix, chosen_moments, usual_actors
from timeline.projections.queries.own_values import actors_having, statements_having
from timeline.projections.queries.positions import Lane
from web.entries.choosing import Choices, read_choices, read_selection

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.projections.queries.compared import PositionCell
    from web.compare.address import CompareAddress, GridAddress, MatrixAddress
    from web.wording.clocks import Clocks


ACTORS = 12
"""The most actors that are compared at once; pages and files name those left out."""

USUAL = 4
"""The number of actors that are shown if none is chosen."""

ROWS = 20
"""The most questions of one page."""


class GridSelection(msgspec.Struct, frozen=True):
    """The actors, stories and questions of an address; ``left_out`` are actors beyond the limit.

    ``is_usual`` if the address names no actor: then those who said most are shown. ``having`` are
    the statements with the chosen values of own variables, ``None`` for all.
    """

    actors: list[Actor]
    left_out: list[Actor]
    stories: list[Story]
    topics: list[Topic]
    is_usual: bool = False
    having: frozenset[int] | None = None


class Grid(msgspec.Struct, frozen=True):
    """Where these actors stand on these questions, at the chosen moment and now.

    ``hidden`` are the lanes whose position rests on statements that the filter leaves out.
    """

    actors: list[Actor]
    topics: list[Topic]
    positions: dict[Lane, PositionCell]
    positions_now: dict[Lane, PositionCell]
    hidden: frozenset[Lane] = frozenset()

    @property
    def cells(self) -> int:
        """How many pairs of an actor and a question there are."""
        return len(self.actors) * len(self.topics)

    def differs(self, lane: Lane) -> bool:
        """Tell whether a cell reads differently now: another position, or none at one time."""
        then, now = self.positions.get(lane), self.positions_now.get(lane)
        if then is None or now is None:
            return then is not now
        return then.position.stance != now.position.stance

    @property
    def differing(self) -> int:
        """How many cells read differently now."""
        return sum(self.differs(lane) for lane in self.positions.keys() | self.positions_now.keys())


def read_grid_selection(
    conn: Connection,
    address: GridAddress,
    known: int | None,
    allowed: frozenset[str] | None = None,
    *,
    everybody: bool = False,
) -> GridSelection:
    """Look up what an address names; raises `NotFound` for an unknown slug.

    Actors are limited to `ACTORS`, unless ``everybody``, and to the ids in ``allowed``, if given.
    """
    most = None if everybody else ACTORS
    selection = read_selection(conn, address)
    actors = [actor for actor in selection.actors if allowed is None or actor.id in allowed]
    topics = selection.all_topics
    if not topics and actors:
        spoken_on = topics_of(conn, {actor.id for actor in selection.actors})
        topics = [*directory.topics_by_id(conn, {*spoken_on}).values()]
    opened = [topic for topic in topics if known is None or topic.opened <= known]
    shown, left_out = actors[:most], actors[len(actors[:most]) :]
    return GridSelection(
        shown, left_out, selection.stories, _in_order(conn, opened, shown, address)
    )


def read_comparison(conn: Connection, address: CompareAddress, known: int | None) -> GridSelection:
    """Look up what an address names; without actors take those who said most."""
    allowed = actors_having(conn, address.attribute, known) if address.attribute else None
    selection = read_grid_selection(conn, address, known, allowed)
    topics = {topic.id for topic in selection.topics}
    having = statements_having(conn, topics, address.variable, known)
    selection = msgspec.structs.replace(selection, having=having)
    if address.actor or not topics:
        return selection
    usual = usual_actors(conn, topics, known)
    actors = [actor for actor in usual if allowed is None or actor.id in allowed][:USUAL]
    return msgspec.structs.replace(selection, actors=actors, is_usual=bool(actors))


def _in_order(
    conn: Connection, topics: list[Topic], actors: list[Actor], address: GridAddress
) -> list[Topic]:
    """Sort questions: named ones first, then by how many of the actors spoke on them."""
    spoken = topics_of(conn, {actor.id for actor in actors}) if actors else {}
    named = {slug: place for place, slug in enumerate(address.topic)}

    def place(topic: Topic) -> tuple[int, int, int, int]:
        named_at = named.get(topic.slug, len(named))
        return named_at, -spoken.get(topic.id, 0), -topic.statements, topic.opened

    return sorted(topics, key=place)


def read_grid(
    conn: Connection,
    actors: list[Actor],
    topics: list[Topic],
    clocks: Clocks,
    having: frozenset[int] | None = None,
) -> Grid:
    """Read where these actors stand on these questions; ``having`` is that of `GridSelection`.

    Positions that rest on other statements are hidden.
    """
    ids = {actor.id for actor in actors}
    now = compare_positions(conn, topics, ids)
    then = now if clocks.is_now else compare_positions(conn, topics, ids, clocks)
    shown, shown_now = cells_resting_on(having, then), cells_resting_on(having, now)
    return Grid(actors, topics, shown, shown_now, frozenset(then.keys() - shown.keys()))


def spoken_on(grid: Grid, named: set[str]) -> tuple[list[Topic], list[Topic]]:
    """Tell the questions that have a row from those on which none of the actors has spoken.

    A question whose slug is ``named`` for has a row in any case; one on which all that was said is
    hidden is neither.
    """
    spoken = {topic for topic, _ in grid.positions.keys() | grid.positions_now.keys()}
    rows = [topic for topic in grid.topics if topic.id in spoken or topic.slug in named]
    answered = spoken | {topic for topic, _ in grid.hidden} | {topic.id for topic in rows}
    return rows, [topic for topic in grid.topics if topic.id not in answered]


OFFERED = 60
"""The most actors and questions with a box."""

COUNTED = 12
"""The most questions whose statements are counted to order actors."""


def choices(conn: Connection, selection: GridSelection, named: tuple[str, ...]) -> Choices:
    """Return what the form offers; ``named`` are the slugs of chosen questions."""
    topics = selection.topics
    statements: Counter[str] = Counter()
    for topic in topics[:COUNTED]:
        statements.update(crowds.on_record(conn, topic.id))
    return read_choices(
        conn,
        selection.actors,
        selection.stories,
        [(topic, topic.slug in named) for topic in topics[:OFFERED]],
        among={topic.id for topic in topics} or None,
        most=OFFERED,
        statements=statements,
    )


class MatrixReading(msgspec.Struct, frozen=True):
    """A matrix, and what its address names."""

    selection: GridSelection
    matrix: Matrix

    @property
    def is_over_time(self) -> bool:
        """Tell whether the columns are moments: there is one question, or one actor."""
        return 1 in (len(self.matrix.topics), len(self.matrix.actors))


def read_matrix(conn: Connection, address: MatrixAddress, clocks: Clocks) -> MatrixReading:
    """Look up what the address names; raises `NotFound` for slugs, `Refused` for moments.

    Without actors take those who said most; for the moments see `chosen_moments`.
    """
    known = clocks.known_at
    selection = read_grid_selection(conn, address, known, everybody=True)
    topics = {topic.id for topic in selection.topics}
    actors = selection.actors or usual_actors(conn, topics, known)
    moments = chosen_moments(conn, topics, actors, address.at, address.every)
    having = statements_having(conn, topics, address.variable, known)
    return MatrixReading(selection, Matrix(selection.topics, actors, moments, known, having))
