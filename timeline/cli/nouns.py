"""Commands that change actors and topics on record: names, kinds, mandates, wordings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from timeline.cli.groups import CommandGroup
from timeline.cli.mending import F, reason_option
from timeline.cli.options import Count, read_connection, slugs_of, store_option
from timeline.cli.output import format_options, print_answers, say
from timeline.cli.recorder import CliSession, records
from timeline.domain.nature import ASKS, DERIVED, SIGNED, Nature, usual_limit
from timeline.domain.standing import STANDINGS, StatedStanding, proposed_standing
from timeline.projections.queries import directory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from timeline.application.recording import Recorded
    from timeline.projections.queries.directory import Actor, Mandate, Topic

actor_argument: Callable[[F], F] = click.argument(
    "actor", metavar="ACTOR", shell_complete=slugs_of("actors")
)


@click.command()
@actor_argument
@click.argument("into", metavar="INTO", shell_complete=slugs_of("actors"))
@reason_option
@records
def merge(run: CliSession, actor: str, into: str, reason: str) -> Recorded:
    """Note that two actors are the same, and print the log position.

    What ACTOR said counts for INTO from then on, and can be parted again.
    """
    return run.newsroom.actors.merge(run.byline(), actor, into, reason)


@click.command()
@actor_argument
@reason_option
@records
def unmerge(run: CliSession, actor: str, reason: str) -> Recorded:
    """Take the merge of an actor back, and print the log position."""
    return run.newsroom.actors.undo_merge(run.byline(), actor, reason)


@click.command()
@click.argument("topic", metavar="TOPIC", shell_complete=slugs_of("topics"))
@click.argument("question", metavar="QUESTION")
@click.option("--name", default="", help="Its short name; empty for the one that it has.")
@click.option("--same-meaning", is_flag=True, help="It asks the same, and a yes still means yes.")
@reason_option
@records
def reword(
    run: CliSession, topic: str, question: str, name: str, reason: str, *, same_meaning: bool
) -> Recorded:
    """Change the wording of a topic's question, and print the log position.

    Another meaning is another topic, which succeeds this one.
    """
    _warn_of_lookalikes(run, topic, [question, name])
    return run.newsroom.topics.reword(
        run.byline(), topic, question, reason, same_meaning=same_meaning, name=name
    )


def _warn_of_lookalikes(run: CliSession, own: str, words: list[str]) -> None:
    """Warn of words that look like those of another topic but differ."""
    topics = run.newsroom.topics
    with run.services.models.engine().connect() as conn:
        for word in words:
            for other in directory.topic_lookalikes(conn, word):
                if other.id != topics.stream(own):
                    warning = f"{word!r} looks like the topic {other.slug} and is written otherwise"
                    say(f"standline: {warning}", err=True)


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


STANDING_COLUMNS = (
    "mandate",
    "for",
    "role",
    "from",
    "until",
    "topic",
    "standing",
    "proposed",
    "reason",
)


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
        print_answers(rows, form, STANDING_COLUMNS, STANDING_COLUMNS)


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
