"""Commands that list and set the standing of mandates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from timeline.cli.groups import CommandGroup
from timeline.cli.options import read_connection, slugs_of, store_option
from timeline.cli.output import format_options, print_answers
from timeline.cli.recorder import CliSession, records
from timeline.domain.standing import STANDINGS, StatedStanding, proposed_standing
from timeline.projections.queries import directory

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from timeline.application.recording import Recorded
    from timeline.projections.queries.directory import Actor, Mandate, Topic

COLUMNS = ("mandate", "for", "role", "from", "until", "topic", "standing", "proposed", "reason")


@click.group(cls=CommandGroup)
@click.option("--store", metavar="URL", help="May stand here as well as after the command.")
def standing(store: str | None) -> None:
    """Say which mandates decide for a side, and which only speak for it."""


@standing.command("list")
@click.argument("actor", metavar="ACTOR", shell_complete=slugs_of("actors"))
@format_options
@store_option
def list_standings(store: str, actor: str, form: str) -> None:
    """List the mandates of an actor, and what was said of their standing.

    What their words suggest stands under "proposed".
    """
    with read_connection(store) as conn:
        mandates = directory.mandates(conn, of=directory.actor(conn, actor).id)
        if not mandates and not form:
            click.echo("no mandate is on record")
            return
        whom = directory.actors_by_id(conn, {mandate.on_behalf_of for mandate in mandates})
        on = {said.topic for mandate in mandates for said in mandate.stated if said.topic}
        topics = directory.topics_by_id(conn, on)
        rows = [row for mandate in mandates for row in _rows(mandate, whom, topics)]
        print_answers(rows, form, COLUMNS, COLUMNS)


@standing.command("set")
@click.argument("actor", metavar="ACTOR", shell_complete=slugs_of("actors"))
@click.argument("mandate", metavar="MANDATE")
@click.argument("standing", type=click.Choice(STANDINGS))
@click.option("--topic", metavar="SLUG", shell_complete=slugs_of("topics"), help="Else on all.")
@click.option("--from", "since", metavar="EDTF", help="The first day; else ever since.")
@click.option("--until", metavar="EDTF", help="The last day; else until today.")
@click.option("--reason", default="", help="Why; needed where something else is on record.")
@records
def set_standing(
    run: CliSession,
    actor: str,
    mandate: str,
    standing: str,
    topic: str | None,
    since: str | None,
    until: str | None,
    reason: str,
) -> Recorded:
    """Say whether a mandate decides or speaks, and print the log position.

    MANDATE is as `standline standing list` has it.
    """
    stated = StatedStanding(standing, topic, since, until, reason)
    return run.newsroom.actors.state_standing(run.byline(), actor, mandate, stated)


def _rows(
    mandate: Mandate, whom: Mapping[str, Actor], topics: Mapping[str, Topic]
) -> Iterator[dict[str, object]]:
    row: dict[str, object] = {
        "mandate": mandate.id,
        "for": whom[mandate.on_behalf_of].slug,
        "role": mandate.role,
        "proposed": proposed_standing(mandate.role),
    }
    yield row | {"from": mandate.since, "until": mandate.until, "standing": mandate.standing}
    for said in mandate.stated:
        yield row | {
            "topic": topics[said.topic].slug if said.topic else None,
            "from": said.since,
            "until": said.until,
            "standing": said.standing,
            "reason": said.reason,
        }
