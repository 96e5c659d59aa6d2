"""Commands that draw, list and withdraw samples for a second coding."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from timeline.cli.groups import CommandGroup
from timeline.cli.options import open_services, slugs_of, store_option
from timeline.cli.output import format_options, print_answers
from timeline.desk.second_readings import PARAGRAPH
from timeline.domain.instants import iso_us
from timeline.domain.naming import new_id
from timeline.projections.queries import directory
from timeline.second_coding.drawing import draw

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.desk.second_readings import Sample

COLUMNS = ("topic", "coder", "asked_by", "asked_at", "shows", "size", "read", "id")


@click.group(cls=CommandGroup)
@click.option("--store", metavar="URL", help="May stand here as well as after the command.")
def sample(store: str | None) -> None:
    """Draw statements that somebody codes again, or list such samples.

    Who is given one codes it on the site, under Second coding.
    """


@sample.command("draw")
@click.argument("topic", metavar="SLUG", shell_complete=slugs_of("topics"))
@click.option("--coder", required=True, metavar="HANDLE", help="Who codes them again.")
@click.option(
    "--size", default="40", show_default=True, help="How many: a number, or a share such as 10%."
)
@click.option(
    "--paragraphs",
    is_flag=True,
    help="Show the paragraph alone: speaker, day and passage are read, too.",
)
@click.option("--by", default="editor", show_default=True, help="Public handle of who asks.")
@store_option
def draw_one(store: str, topic: str, coder: str, size: str, by: str, *, paragraphs: bool) -> None:
    """Draw statements on a topic by chance for a coder.

    The id of the sample is printed, and how many statements it has.
    """
    with open_services(store) as services, services.models.engine().connect() as conn:
        minted = new_id(services.clock(), os.urandom(10))
        options = {"sample": minted, "slug": topic, "coder": coder, "size": size, "by": by}
        drawn = draw(services, conn, **options, shows=PARAGRAPH if paragraphs else None)
        click.echo(f"{drawn.id}  {drawn.size}")


@sample.command("list")
@click.option("--topic", metavar="SLUG", shell_complete=slugs_of("topics"), help="Of one topic.")
@format_options
@store_option
def list_samples(store: str, form: str, topic: str | None) -> None:
    """List samples with how much of them is read, oldest first."""
    with open_services(store) as services, services.models.engine().connect() as conn:
        only = directory.topic(conn, topic).id if topic else None
        room = services.desk.second_readings
        samples = room.samples(topic=only) if services.desk.is_there() else []
        rows = _rows(conn, samples)
    print_answers(rows, form, COLUMNS, COLUMNS)


@sample.command("withdraw")
@click.argument("sample_id", metavar="ID")
@store_option
def withdraw(store: str, sample_id: str) -> None:
    """Take back what is not read yet.

    What was read stays.
    """
    with open_services(store) as services:
        services.desk.second_readings.sample(sample_id)
        services.desk.second_readings.take_back(sample_id)


def _rows(conn: Connection, samples: list[Sample]) -> list[dict[str, Any]]:
    topics = directory.topics_by_id(conn, {drawn.topic for drawn in samples})
    return [
        {
            "topic": topics[drawn.topic].slug if drawn.topic in topics else "",
            "coder": drawn.coder,
            "asked_by": drawn.asked_by,
            "asked_at": iso_us(drawn.asked_at),
            "shows": drawn.shows or "words",
            "size": drawn.size,
            "read": drawn.read,
            "id": drawn.id,
        }
        for drawn in samples
    ]
