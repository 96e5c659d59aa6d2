"""The command for erasures by law."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from timeline.cli.options import Count, open_services, slugs_of, store_option
from timeline.cli.output import say
from timeline.domain.errors import Refused
from timeline.domain.messages import Message
from timeline.erasing import ErasurePreview, erase, preview_erasure

if TYPE_CHECKING:
    from timeline.bootstrap import Services
    from timeline.erasing import Erasable

ONE_THING_ERASED = Message(
    "one_thing_erased",
    "say which one thing is to be erased",
    fix="give the number of an entry or of a verdict, or one of --topic, --actor and --source",
)
ERASURE_NOT_CONFIRMED = Message(
    "erasure_not_confirmed", "nothing was erased", fix="say yes, or give --yes"
)


@click.command()
@click.argument("number", type=Count(min=1), required=False)
@click.option(
    "--topic",
    metavar="SLUG",
    shell_complete=slugs_of("topics"),
    help="Erase question, names and notes of a topic.",
)
@click.option(
    "--actor",
    metavar="SLUG",
    shell_complete=slugs_of("actors"),
    help="Erase all names of an actor.",
)
@click.option("--source", metavar="ADDRESS", help="Erase imprint and stored text of a source.")
@click.option("--basis", required=True, help="The law that demands it, for all to read.")
@click.option("--by", default="editor", show_default=True, help="Public handle.")
@click.option("--yes", is_flag=True, help="Ask nothing.")
@store_option
def redact(
    store: str,
    number: int | None,
    topic: str | None,
    actor: str | None,
    source: str | None,
    basis: str,
    by: str,
    *,
    yes: bool,
) -> None:
    """Erase the words of one thing for good.

    It is an entry or a verdict on a change, given by its number, or a topic, an actor or a source.

    They go from the log, from what pages read, from search and from drafts. What stays is that
    there was something, when it was recorded and by whom, the codes, and the proof of both.

    Say it again where it was interrupted: what is left goes.
    """
    with open_services(store) as services:
        room, name = _chosen_thing(services, number, topic, actor, source)
        going = preview_erasure(services, room, name)
        _tell(services, going)
        if not yes and not click.confirm("Erase it for good?", err=True):
            raise Refused(ERASURE_NOT_CONFIRMED)
        done = erase(services, room, name, services.newsroom.byline(by, "api"), basis)
    if done.position is not None:
        say(f"erased at {done.position}: the words of {done.events} events")
    else:
        say("nothing was left to erase in the log; the rest of the store holds none of it either")
    if done.discarded:
        say(f"discarded from the desk, with these words: {done.discarded}")
    say("backups, copies and exports made before are yours to erase")


def _chosen_thing(
    services: Services,
    number: int | None,
    topic: str | None,
    actor: str | None,
    source: str | None,
) -> tuple[Erasable, str | int]:
    room = services.newsroom
    chosen: list[tuple[Erasable, str | int]] = []
    if number is not None:
        chosen.append((room.numbered(number), number))
    if topic is not None:
        chosen.append((room.topics, topic))
    if actor is not None:
        chosen.append((room.actors, actor))
    if source is not None:
        chosen.append((room.documents, source))
    if len(chosen) != 1:
        raise Refused(ONE_THING_ERASED)
    return chosen[0]


def _tell(services: Services, going: ErasurePreview) -> None:
    """Print what will be erased and what will stay."""
    click.echo(f"words of {len(going.positions)} events will go", err=True)
    if going.verdicts:
        changes = len(going.verdicts)
        click.echo(f"among them what editors said of {changes} changes that rest on it", err=True)
    for document in going.sources:
        preview = preview_erasure(services, services.newsroom.documents, document)
        if preview.positions:
            click.echo(f"its source keeps its own words; see --source {document}", err=True)
