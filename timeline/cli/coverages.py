"""Commands that list, record and withdraw coverage."""

from __future__ import annotations

from typing import Any

import click

from timeline.application.recording import Recorded
from timeline.cli.groups import CommandGroup
from timeline.cli.options import Count, read_connection, slugs_of, store_option
from timeline.cli.output import format_options, print_answers
from timeline.cli.recorder import CliSession, records
from timeline.domain.coverage import HOWS, Watch
from timeline.projections.queries import directory
from timeline.projections.queries.coverage import KnownWatch
from timeline.projections.queries.coverage import coverage as known_coverage

COLUMNS = ("number", "actor", "since", "until", "how", "outlets", "note")


@click.group(cls=CommandGroup)
@click.option("--store", metavar="URL", help="May stand here as well as after the command.")
def coverage(store: str | None) -> None:
    """Say where was watched for what is said on a topic.

    Where nobody watched, silence is not read as constancy: lanes are hatched there.
    """


@coverage.command("list")
@click.argument("topic", metavar="TOPIC", shell_complete=slugs_of("topics"))
@format_options
@store_option
def list_coverage(store: str, topic: str, form: str) -> None:
    """List where was watched on a topic, and from when to when."""
    with read_connection(store) as conn:
        watches = known_coverage(conn, directory.topic(conn, topic).id)
        actor_ids = {watch.watch.actor for watch in watches if watch.watch.actor}
        slugs = {actor.id: actor.slug for actor in directory.actors_by_id(conn, actor_ids).values()}
        if not watches and not form:
            click.echo("nobody has said where was watched")
            return
        print_answers([_row(watch, slugs) for watch in watches], form, COLUMNS, COLUMNS)


@coverage.command()
@click.argument("topic", metavar="TOPIC", shell_complete=slugs_of("topics"))
@click.option("--actor", metavar="SLUG", shell_complete=slugs_of("actors"), help="Else everybody.")
@click.option("--from", "since", required=True, metavar="EDTF", help="The first day.")
@click.option("--until", metavar="EDTF", help="The last day; without it, it goes on.")
@click.option(
    "--where", "outlets", multiple=True, required=True, metavar="OUTLET", help="May be repeated."
)
@click.option(
    "--how", type=click.Choice(HOWS), help="As it happened, by a search afterwards, or all of it."
)
@click.option("--note", default="", help="For everybody to read.")
@click.option("--number", type=Count(min=1), metavar="N", help="Say an earlier one anew.")
@records
def watched(
    run: CliSession,
    /,
    topic: str,
    number: int | None,
    **said: Any,  # noqa: ANN401 - what a watch is made of
) -> Recorded:
    """Say where was watched, and print the log position."""
    watch = Watch(**said | {"how": said["how"] or ""})
    return run.newsroom.topics.watch(run.byline(), topic, watch, number=number or 0)


@coverage.command()
@click.argument("topic", metavar="TOPIC", shell_complete=slugs_of("topics"))
@click.argument("number", type=Count(min=1))
@click.option("--reason", required=True, help="Why, for all to read.")
@records
def withdraw(run: CliSession, topic: str, number: int, reason: str) -> Recorded:
    """Take back that somebody watched, and print the log position."""
    return run.newsroom.topics.withdraw_watch(run.byline(), topic, number, reason)


def _row(watch: KnownWatch, slugs: dict[str, str]) -> dict[str, object]:
    said = watch.watch
    return {
        "number": watch.number,
        "actor": slugs.get(said.actor or ""),
        "since": said.since,
        "until": said.until,
        "how": said.how,
        "outlets": list(said.outlets),
        "note": said.note,
    }
