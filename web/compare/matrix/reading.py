"""Read a matrix: what its address names, and usual choices for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries.matrix import Matrix, chosen_moments, usual_actors
from timeline.projections.queries.own_values import statements_having
from web.compare.grid import GridSelection, read_grid_selection

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from web.compare.matrix.address import MatrixAddress
    from web.wording.clocks import Clocks


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
