"""The command that sets what a topic asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from timeline.cli.options import Count, slugs_of
from timeline.cli.recorder import CliSession, records
from timeline.domain.nature import ASKS, DERIVED, SIGNED, Nature, usual_limit

if TYPE_CHECKING:
    from timeline.application.recording import Recorded


@click.command()
@click.argument("topic", metavar="TOPIC", shell_complete=slugs_of("topics"))
@click.argument("asks", type=click.Choice(ASKS))
@click.option("--recurring", is_flag=True, help="It is decided again and again, as a rate is.")
@click.option(
    "--limit-months", type=Count(min=1), metavar="N", help="Words older than this are last known."
)
@click.option("--no-limit", is_flag=True, help="Words on it are never old.")
@click.option("--derived", is_flag=True, help="Print its changes as derived; no editor signs them.")
@click.option("--reason", default="", help="Why; needed where something else was said.")
@records
def classify(
    run: CliSession,
    /,
    topic: str,
    asks: str,
    limit_months: int | None,
    reason: str,
    *,
    derived: bool,
    recurring: bool,
    no_limit: bool,
) -> Recorded:
    """Say what a topic asks for, and print the log position.

    Without a limit it is 24 months, and none for votes and for what is decided again and again.
    """
    limit = limit_months or (None if no_limit else usual_limit(asks, recurring=recurring))
    nature = Nature(asks, recurring, limit, DERIVED if derived else SIGNED)
    return run.newsroom.topics.classify(run.byline(), topic, nature, reason)
