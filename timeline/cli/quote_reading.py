"""Commands for blind readings of quotes: only the question and the quote are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from timeline.cli.groups import CommandGroup
from timeline.cli.options import Count, open_services, slugs_of, store_option
from timeline.cli.output import format_options, print_answers
from timeline.cli.recorder import CliSession, records
from timeline.projections.queries import directory
from timeline.projections.queries.quote_readings import quotes_to_read

if TYPE_CHECKING:
    from timeline.application.recording import Recorded

COLUMNS = ("number", "question", "quote")
USUAL = 20


@click.group(cls=CommandGroup)
@click.option("--store", metavar="URL", help="May stand here as well as after the command.")
def quote(store: str | None) -> None:
    """Read quotes blindly: whether one alone answers the question, and how."""


@quote.command("list")
@click.option("--by", "reader", required=True, help="Public handle of who reads.")
@click.option("--topic", metavar="SLUG", shell_complete=slugs_of("topics"), help="Only this one.")
@click.option(
    "--limit", type=Count(min=1), default=USUAL, show_default=True, help="Quotes at the most."
)
@format_options
@store_option
def list_quotes(store: str, reader: str, topic: str | None, limit: int, form: str) -> None:
    """List quotes that are still to be read, each with its question."""
    with open_services(store) as services, services.models.engine().connect() as conn:
        on = directory.topic(conn, topic).id if topic else None
        seen = services.desk.shown_ends.seen_by(reader) if services.desk.is_there() else ()
        quotes = quotes_to_read(conn, reader, topic=on, but=seen, limit=limit)
        topics = directory.topics_by_id(conn, {item.topic for item in quotes})
    rows = [
        {"number": item.number, "question": topics[item.topic].question, "quote": item.quote}
        for item in quotes
    ]
    print_answers(rows, form, COLUMNS, COLUMNS)


@quote.command("read")
@click.argument("number", type=Count(min=1))
@click.argument("direction", metavar="DIRECTION")
@click.option(
    "--carries/--does-not-carry", required=True, help="Whether it alone answers the question."
)
@records
def read_quote(run: CliSession, number: int, direction: str, *, carries: bool) -> Recorded:
    """Keep how a quote was read, and print the log position.

    DIRECTION is a word of the topic's scale, or no_position where the quote has none.
    """
    return run.newsroom.statements.read_quote(run.byline(), number, direction, carries=carries)


@quote.command("unread")
@click.argument("number", type=Count(min=1))
@records
def unread_quote(run: CliSession, number: int) -> Recorded:
    """Take back how you read a quote, and print the log position."""
    return run.newsroom.statements.unread_quote(run.byline(), number)
