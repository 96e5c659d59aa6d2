"""Commands for queries over the whole record, answered from an archive."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

from timeline.analysis import answers
from timeline.analysis.asking import (
    Scope,
    actors_named,
    position_known,
    topics_named,
    values_named,
)
from timeline.analysis.days import named_days
from timeline.analysis.duck import write_answers
from timeline.analysis.inquiry import Inquiry, days_asked
from timeline.analysis.text import own_question, question
from timeline.cli.archive_options import ArchiveOptions, open_archive, where_options
from timeline.cli.groups import CommandGroup
from timeline.cli.options import (
    Count,
    actors_option,
    as_of_option,
    known_at_option,
    read_as_of,
    topics_option,
    variables_option,
)
from timeline.cli.output import format_options, print_answers, say
from timeline.domain.dates import parse_as_of, parse_start
from timeline.domain.instants import NEWEST, OLDEST, day_of
from timeline.projections.queries.matrix import MONTHS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.analysis.asking import Engine
    from timeline.analysis.days import Day

F = TypeVar("F", bound=Callable[..., Any])

SHOWN = {
    "positions": ("topic", "actor", "stance", "statements", "first", "last", "counted"),
    "changes": ("counts_from", "topic", "actor", "kind", "from", "to"),
    "matrix": ("topic", "actor", "as_of", "stance", "said"),
    "agreement": ("one", "other", "until", "topics", "same", "opposite", "agreement", "distance"),
    "networks": ("one", "other", "topics", "congruence", "conflict", "difference"),
    "polarisation": ("topic", "as_of", "actors", "above", "middle", "below", "polarisation"),
}
"""The columns of printed tables; other forms have all columns."""


class AnalysisRequest(msgspec.Struct, frozen=True):
    """A query from the command line: its name, filters, archive, and output form."""

    name: str
    topics: tuple[str, ...]
    actors: tuple[str, ...]
    variables: tuple[str, ...]
    known_at: str | None
    is_sql: bool
    parquet: Path | None
    form: str
    where: ArchiveOptions

    def print(
        self,
        answer: Callable[[Engine, Scope], Iterator[Any]],
        as_of: int | None = None,
    ) -> None:
        """Print the answer, or with ``is_sql`` the query itself."""
        if self.is_sql:
            say(question(self.name).text, nl=False)
            return
        with open_archive(self.where, self.known_at) as (engine, manifest):
            known = position_known(engine, manifest, self.known_at)
            topics = topics_named(engine, self.topics)
            actors, values = actors_named(engine, self.actors), values_named(engine, self.variables)
            scope = Scope(known, as_of, topics, actors, values)
            rows, kind = answer(engine, scope), answers.ANSWERS[self.name]
            if self.parquet is not None:
                write_answers(self.parquet, kind, rows)
                return
            names = [field.encode_name for field in msgspec.structs.fields(kind)]
            print_answers(rows, self.form, SHOWN[self.name], names)


def analysis_command(name: str) -> Callable[[F], click.Command]:
    """Make a command for a query; it gets the shared options as one `AnalysisRequest`."""

    def of(command: F) -> click.Command:
        def run(**options: Any) -> None:  # noqa: ANN401 - the options of a command
            where = ArchiveOptions.of(options)
            shared = {option: options.pop(option) for option in SHARED}
            command(AnalysisRequest(name=name, where=where, **shared), **options)

        run.__doc__ = command.__doc__
        for attribute, option in vars(command).items():
            setattr(run, attribute, option)
        for option in (where_options, _parquet_option, format_options, *_FIRST):
            run = option(run)
        return analyse.command(name)(run)

    return of


SHARED = ("topics", "actors", "variables", "known_at", "is_sql", "parquet", "form")
_sql_option: Callable[[Any], Any] = click.option(
    "--sql", "is_sql", is_flag=True, help="Print the question as SQL, and ask nothing."
)
_parquet_option: Callable[[Any], Any] = click.option(
    "--parquet",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the answer into a Parquet file.",
)
_FIRST = (_sql_option, known_at_option, variables_option, actors_option, topics_option)


def days_options(command: F) -> F:
    """Add the options for days."""
    for option in reversed(_DAYS):
        command = option(command)
    return command


_DAYS: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "--at",
        "--as-of",
        multiple=True,
        metavar="DATE",
        help="At the end of this day, month or year; repeatable.",
    ),
    click.option(
        "--every",
        type=click.Choice([*MONTHS]),
        default="year",
        show_default=True,
        help="Without --at: at the end of each period in which there are words, and between them.",
    ),
    click.option("--from", "since", metavar="DATE", help="Without --at: from this day on."),
    click.option("--to", "until", metavar="DATE", help="Without --at: up to this day."),
)


@click.group("analyse", cls=CommandGroup)
def analyse() -> None:
    """Ask an archive what gathers all of the record."""


@analysis_command("positions")
@as_of_option
def positions_(request: AnalysisRequest, as_of: str | None) -> None:
    """Say where actors stood, and what proves it."""
    request.print(answers.positions, read_as_of(as_of))


@analysis_command("changes")
@as_of_option
def changes_(request: AnalysisRequest, as_of: str | None) -> None:
    """Say when actors moved, and what proves it."""
    request.print(answers.changes, read_as_of(as_of))


@analysis_command("matrix")
@days_options
def matrix_(request: AnalysisRequest, **when: Any) -> None:  # noqa: ANN401 - the options of `Days`
    """Say where all actors stood at the end of several days."""

    def answer(engine: Engine, scope: Scope) -> Iterator[Any]:
        return answers.matrix(engine, scope, Days(**when).of(engine, scope))

    request.print(answer)


@analysis_command("agreement")
@days_options
@click.option(
    "--window",
    type=Count(1, 12_000),
    default=12,
    show_default=True,
    metavar="MONTHS",
    help="How long before each day what was said counts.",
)
def agreement_(request: AnalysisRequest, window: int, **when: Any) -> None:  # noqa: ANN401
    """Say how much pairs of actors agreed, in windows of time.

    Topics count on which both said within the window where they stand; mixed positions do not.
    Of one actor that is named all pairs are told, of several those among them.
    """

    def answer(engine: Engine, scope: Scope) -> Iterator[Any]:
        return answers.agreement(engine, scope, Days(**when, window=window).of(engine, scope))

    request.print(answer)


@analysis_command("networks")
@click.option("--from", "since", metavar="DATE", help="Only what counts on this day or later.")
@click.option("--to", "until", metavar="DATE", help="Only what counts on this day or earlier.")
def networks_(request: AnalysisRequest, since: str | None, until: str | None) -> None:
    """Say who shares positions with whom.

    Congruence and conflict are those of discourse network analysis: for each topic the products of
    two actors' numbers of statements of the same, or of opposite sign.
    """
    begin, end = read_period(since, until)
    first = day_of(OLDEST) if begin is None else begin
    last = day_of(NEWEST) if end is None else end

    def answer(engine: Engine, scope: Scope) -> Iterator[Any]:
        return answers.networks(engine, scope, first, last)

    request.print(answer)


@analysis_command("polarisation")
@days_options
def polarisation_(request: AnalysisRequest, **when: Any) -> None:  # noqa: ANN401
    """Say how far apart actors stood, topic by topic."""

    def answer(engine: Engine, scope: Scope) -> Iterator[Any]:
        return answers.polarisation(engine, scope, Days(**when).of(engine, scope))

    request.print(answer)


@analyse.command("sql")
@click.argument("text", metavar="SQL")
@format_options
@where_options
def sql_(text: str, form: str, **options: Any) -> None:  # noqa: ANN401 - the options of `ArchiveOptions`
    """Put a question of your own to the tables of an archive.

    Its tables are those that docs/scale.md lists: events, topics, actors, words and the others.
    """
    with open_archive(ArchiveOptions.of(options)) as (engine, _):
        print_own(engine.answer(own_question(text), {}), form)


def print_own(rows: Iterator[dict[str, Any]], form: str) -> None:
    """Print rows with the columns of the first one."""
    first = next(rows, None)
    every_row = rows if first is None else chain([first], rows)
    columns = tuple(first or ())
    print_answers(every_row, form, columns, columns)


class Days(msgspec.Struct, frozen=True):
    """The options for days."""

    at: tuple[str, ...]
    every: str
    since: str | None
    until: str | None
    window: int = 12

    def of(self, engine: Engine, scope: Scope) -> Sequence[Day]:
        """Return the days; raises `Refused` for an invalid date, and for too many days."""
        if self.at:
            return named_days(self.at, self.window)
        begin, end = read_period(self.since, self.until)
        inquiry = Inquiry(question="", every=self.every, window=self.window, since=begin, until=end)
        return days_asked(engine, scope, inquiry)[1]


def read_period(since: str | None, until: str | None) -> tuple[int | None, int | None]:
    """Read the first and the last day of a period; ``None`` for no text."""
    begin = parse_start(since, "--from") if since else None
    first = None if begin is None else day_of(begin)
    return first, day_of(parse_as_of(until, "--to")) if until else None
