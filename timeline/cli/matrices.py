"""Who stood where at which moments: actors against time, or against topics."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import msgspec

from timeline.cli.options import (
    actors_option,
    known_at_option,
    read_known_at,
    reading,
    slugs_of,
    store_option,
    topics_option,
)
from timeline.cli.output import format_options, print_answers, print_csv, print_rows
from timeline.projections.queries.matrix import (
    MONTHS,
    Matrix,
    MatrixCell,
    cells,
    named_matrix,
    read_moments,
    usual_moments,
    wide,
    wide_columns,
)

if TYPE_CHECKING:
    from timeline.projections.queries.directory import Topic


@click.command("matrix")
@topics_option
@click.option(
    "--story", metavar="SLUG", shell_complete=slugs_of("stories"), help="All topics of a story."
)
@actors_option
@click.option(
    "--at", multiple=True, metavar="DATE", help="At the end of this day, month or year; repeatable."
)
@click.option("--every", type=click.Choice([*MONTHS]), help="At the last words of each period.")
@known_at_option
@click.option("--wide", "is_wide", is_flag=True, help="In CSV: a column for each moment.")
@format_options
@store_option
def matrix_(  # noqa: PLR0913 - who, what, when, and in which form
    store: str,
    topics: tuple[str, ...],
    story: str | None,
    actors: tuple[str, ...],
    at: tuple[str, ...],
    every: str | None,
    known_at: str | None,
    form: str,
    *,
    is_wide: bool,
) -> None:
    """Say who stood where at which moments.

    Without actors they are all who took part. Without --at and --every the moments are the days of
    words, or the last of a period where there are many. Each topic and actor is a row; --json,
    --jsonl and --csv tell of each cell.
    """
    with reading(store) as conn:
        stories = (story,) if story else ()
        asked = named_matrix(conn, topics, stories, actors, read_known_at(conn, known_at))
        moments = read_moments(at, "--at") if at else usual_moments(conn, _ids(asked), every or "")
        asked = msgspec.structs.replace(asked, moments=moments)
        found, columns = cells(conn, asked), wide_columns(moments)
        if form == "csv" and is_wide:
            print_csv(wide(found, moments), columns)
        elif form:
            print_answers(found, form, (), MatrixCell.__struct_fields__)
        else:
            print_rows(wide(found, moments), columns)


def _ids(asked: Matrix) -> set[str]:
    topics: list[Topic] = [*asked.topics]
    return {one.id for one in topics}


COMMANDS = (matrix_,)
