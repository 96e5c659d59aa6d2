"""A matrix as JSON and CSV: a line for each cell, or one for each topic and actor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.interchange.exporting.export import csv_lines
from timeline.projections.queries.matrix import MatrixCell, cells, wide, wide_columns
from web.shell.data_answer import data_answer, json_object

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from werkzeug.wrappers import Response

    from timeline.projections.queries.matrix import Matrix


def as_json(conn: Connection, matrix: Matrix) -> Response:
    """Return one object: who, what, when, and every cell in the names of the command line."""
    head = {
        "actors": [one.slug for one in matrix.actors],
        "topics": [one.slug for one in matrix.topics],
        "moments": [one.text or None for one in matrix.moments],
        "known_at": matrix.known_at,
    }
    found = json_object(head, {"cells": lambda: cells(conn, matrix)})
    return data_answer(found, "application/json")


def as_csv(conn: Connection, matrix: Matrix, *, is_wide: bool) -> Response:
    """Return a line for each cell; a wide one has a column for each moment."""
    found = cells(conn, matrix)
    if is_wide:
        lines = csv_lines(wide(found, matrix.moments), wide_columns(matrix.moments))
    else:
        rows = (msgspec.to_builtins(one) for one in found)
        lines = csv_lines(rows, MatrixCell.__struct_fields__)
    return data_answer(lines, "text/csv", file_name="matrix.csv")
