"""Commands for judgments: verdicts on changes, and blind readings of quotes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

from timeline.cli.groups import CommandGroup
from timeline.cli.options import Count, open_services, read_connection, slugs_of, store_option
from timeline.cli.output import format_options, print_answers
from timeline.cli.recorder import CliSession, records
from timeline.domain.position.edition2 import RULE
from timeline.domain.verdict import CAUSES, Ends, SignedIn
from timeline.projections.queries import directory
from timeline.projections.queries.quote_readings import quotes_to_read
from timeline.projections.queries.verdicts import verdicts as known_verdicts

if TYPE_CHECKING:
    from timeline.application.recording import Recorded

F = TypeVar("F", bound=Callable[..., Any])

COLUMNS = (
    *("position", "topic", "actor", "rule", "before", "after", "verdict", "cause", "words"),
    *("caveat", "also", "by"),
)


def of_a_change(command: F) -> F:
    """Add the options that identify a change to a command."""
    options = (
        click.option("--topic", required=True, metavar="SLUG", shell_complete=slugs_of("topics")),
        click.option(
            "--actor",
            required=True,
            metavar="SLUG",
            shell_complete=slugs_of("actors"),
            help="In whose lane it is.",
        ),
        click.option(
            "--before",
            required=True,
            multiple=True,
            type=Count(min=1),
            help="Number of the earlier words; may be repeated.",
        ),
        click.option(
            "--after",
            required=True,
            multiple=True,
            type=Count(min=1),
            help="Number of the later words; may be repeated.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


four_eyes_option: Callable[[F], F] = click.option(
    "--four-eyes", is_flag=True, help="Refuse it to whoever recorded or corrected one of its ends."
)


@click.command()
@of_a_change
@click.option("--sentence", required=True, help="What is printed of it.")
@click.option("--caveat", default="", help="What the sentence needs beside it.")
@click.option(
    "--also",
    type=(str, str, str),
    multiple=True,
    metavar="LANGUAGE SENTENCE CAVEAT",
    help="The same in another language; the caveat may be empty; may be repeated.",
)
@four_eyes_option
@records
def sign(
    run: CliSession,
    /,
    sentence: str,
    caveat: str,
    also: tuple[tuple[str, str, str], ...],
    *,
    four_eyes: bool,
    **of: Any,  # noqa: ANN401 - what names a change
) -> Recorded:
    """Sign a change that the rule found, and print the log position."""
    elsewhere = [SignedIn(*words) for words in also]
    changes = run.newsroom.changes
    return changes.sign(run.byline(), _ends(**of), sentence, caveat, elsewhere, four_eyes=four_eyes)


@click.command()
@of_a_change
@click.option("--cause", required=True, type=click.Choice(CAUSES), help="Why it is none.")
@click.option("--note", default="", help="More of it, for all to read.")
@four_eyes_option
@records
def decline(run: CliSession, /, cause: str, note: str, *, four_eyes: bool, **of: Any) -> Recorded:  # noqa: ANN401 - what names a change
    """Say why a change that the rule found is none, and print the log position."""
    changes = run.newsroom.changes
    return changes.decline(run.byline(), _ends(**of), cause, note, four_eyes=four_eyes)


@click.group(cls=CommandGroup)
@click.option("--store", metavar="URL", help="May stand here as well as after the command.")
def verdict(store: str | None) -> None:
    """List which changes were signed or declined, or take that back."""


@verdict.command("list")
@click.option("--topic", metavar="SLUG", shell_complete=slugs_of("topics"), help="Only this one.")
@format_options
@store_option
def list_verdicts(store: str, topic: str | None, form: str) -> None:
    """List what stands of what editors said of changes."""
    with read_connection(store) as conn:
        on = directory.topic(conn, topic).id if topic else None
        verdicts = known_verdicts(conn, topic=on)
        topics = directory.topics_by_id(conn, {known.ends.topic for known in verdicts})
        actors = directory.actors_by_id(conn, {known.ends.lane for known in verdicts})
    rows = [
        {
            "position": known.position,
            "topic": topics[known.ends.topic].slug,
            "actor": actors[known.ends.lane].slug,
            "rule": known.ends.edition,
            "before": known.ends.before,
            "after": known.ends.after,
            "verdict": known.verdict,
            "cause": known.cause,
            "words": known.words,
            "caveat": known.caveat,
            "also": msgspec.to_builtins(known.also),
            "by": known.recorded_by,
        }
        for known in verdicts
    ]
    print_answers(rows, form, COLUMNS, COLUMNS)


@verdict.command("reopen")
@of_a_change
@click.option("--reason", required=True, help="Why, for all to read.")
@records
def reopen(run: CliSession, /, reason: str, **of: Any) -> Recorded:  # noqa: ANN401 - what names a change
    """Take back what was said of a change, and print the log position."""
    return run.newsroom.changes.reopen(run.byline(), _ends(**of), reason)


def _ends(topic: str, actor: str, before: tuple[int, ...], after: tuple[int, ...]) -> Ends:
    return Ends(topic, actor, RULE, before, after)


QUOTE_COLUMNS = ("number", "question", "quote")
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
    print_answers(rows, form, QUOTE_COLUMNS, QUOTE_COLUMNS)


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
