"""What a matrix is about: who and what is named, else what goes with the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries.matrix import Matrix, chosen_moments, usual_actors
from timeline.projections.queries.own_values import statements_having
from web.compare.grid import Chosen, chosen

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from web.compare.matrix.address import MatrixAddress
    from web.wording.clocks import Clocks


class MatrixReading(msgspec.Struct, frozen=True):
    """A matrix, and what of it the address names."""

    chosen: Chosen
    matrix: Matrix

    @property
    def is_over_time(self) -> bool:
        """Tell whether moments stand at the top: there is one question, or one actor."""
        return 1 in (len(self.matrix.topics), len(self.matrix.actors))


def read_matrix(conn: Connection, address: MatrixAddress, clocks: Clocks) -> MatrixReading:
    """Look up what the address names; raises `NotFound` or `Refused` for what makes no sense.

    Without actors they are those who took part; of the moments see `chosen_moments`.
    """
    known = clocks.known_at
    picked = chosen(conn, address, known, everybody=True)
    topics = {topic.id for topic in picked.topics}
    actors = picked.actors or usual_actors(conn, topics, known)
    moments = chosen_moments(conn, topics, actors, address.at, address.every)
    having = statements_having(conn, topics, address.variable, known)
    return MatrixReading(picked, Matrix(picked.topics, actors, moments, known, having))
