"""The command for a matrix of positions: actors by time, or by topic."""

from __future__ import annotations

import click

from timeline.cli.options import (
    actors_option,
    known_at_option,
    read_connection,
    read_known_at,
    slugs_of,
    store_option,
    topics_option,
    variables_option,
)
from timeline.cli.output import format_options, print_answers, print_csv, print_rows
from timeline.projections.queries.matrix import (
    MONTHS,
    MatrixCell,
    cells,
    named_matrix,
    read_moments,
    wide_columns,
    wide_rows,
)


@click.command("matrix")
@topics_option
@click.option(
    "--story", metavar="SLUG", shell_complete=slugs_of("stories"), help="All topics of a story."
)
@actors_option
@variables_option
@click.option(
    "--at",
    "--as-of",
    multiple=True,
    metavar="DATE",
    callback=lambda _context, _option, texts: _check_dates(texts),
    help="At the end of this day, month or year; repeatable.",
)
@click.option("--every", type=click.Choice([*MONTHS]), help="At the last words of each period.")
@known_at_option
@click.option("--wide", "is_wide", is_flag=True, help="In CSV: a column for each moment.")
@format_options
@store_option
def matrix_(  # noqa: PLR0913, PLR0917 - who, what, when, and in which form
    store: str,
    topics: tuple[str, ...],
    story: str | None,
    actors: tuple[str, ...],
    variables: tuple[str, ...],
    at: tuple[str, ...],
    every: str | None,
    known_at: str | None,
    form: str,
    *,
    is_wide: bool,
) -> None:
    """Say who stood where at which moments.

    Without actors they are all who took part. Without --at and --every the moments are the days of
    words on one topic or by one actor, or the last of a period where there are many; else now.

    Each topic and actor is a row; --json, --jsonl and --csv tell of each cell.
    """
    with read_connection(store) as conn:
        stories = (story,) if story else ()
        position = read_known_at(conn, known_at)
        matrix = named_matrix(conn, topics, stories, actors, position, at, every or "", variables)
        rows, columns = cells(conn, matrix), wide_columns(matrix.moments)
        if form == "csv" and is_wide:
            print_csv(wide_rows(rows, matrix.moments), columns)
        elif form:
            print_answers(rows, form, (), MatrixCell.__struct_fields__)
        else:
            print_rows(wide_rows(rows, matrix.moments), columns)


def _check_dates(texts: tuple[str, ...]) -> tuple[str, ...]:
    read_moments(texts, "--at")
    return texts
