"""Commands for a second coding: samples of statements, and how far coders agree."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click
import msgspec

from timeline.cli.groups import CommandGroup
from timeline.cli.options import open_services, slugs_of, store_option
from timeline.cli.output import format_options, print_answers
from timeline.desk.second_readings import PARAGRAPH
from timeline.domain.instants import iso_us
from timeline.domain.naming import new_id
from timeline.domain.variables import OF_STATEMENTS
from timeline.projections.queries import directory
from timeline.projections.queries.codebooks import latest_codebook
from timeline.second_coding.comparing import PairedReadings, paired_readings
from timeline.second_coding.drawing import draw
from timeline.second_coding.reliability import (
    Agreement,
    Reliability,
    by_coder,
    on_paragraphs,
    on_variable,
    reliability,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.bootstrap import Services
    from timeline.desk.second_readings import Sample

SAMPLE_COLUMNS = ("topic", "coder", "asked_by", "asked_at", "shows", "size", "read", "id")


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
        drawn = draw(services, conn, **options, shows=PARAGRAPH if paragraphs else "")
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
    print_answers(rows, form, SAMPLE_COLUMNS, SAMPLE_COLUMNS)


@sample.command("withdraw")
@click.argument("sample_id", metavar="ID")
@store_option
def withdraw(store: str, sample_id: str) -> None:
    """Take back the statements that a coder has not read yet.

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


EVERYBODY = ""
"""Means all coders of statements on a topic."""


class AgreementLine(msgspec.Struct, frozen=True):
    """The agreement on a topic, of all coders or of one ``coder`` with the others.

    With a ``variable``, ``alpha`` is the agreement on it, in ``units`` statements with a value by
    both. With a ``field`` it is that on the speaker, the day (``said_at``) or the passage of
    paragraphs. Without either, ``side_alpha`` is Krippendorff's alpha (ordinal) of the steps, in
    ``side_units`` statements for which all coders saw one; ``any_side_alpha`` (nominal) is that of
    taking a side at all. An alpha is null if it is undefined or cannot be computed; ``…_meaning``
    says which, or how reliable it is.
    """

    topic: str
    coder: str
    units: int
    same: int
    side_units: int | None = None
    side_alpha: float | None = None
    side_meaning: str = ""
    any_side_units: int | None = None
    any_side_alpha: float | None = None
    any_side_meaning: str = ""
    to_decide: int | None = None
    variable: str = ""
    field: str = ""
    alpha: float | None = None
    meaning: str = ""


SHOWN = (
    *("topic", "coder", "variable", "field", "units", "same", "side_alpha", "side_meaning"),
    *("any_side_alpha", "alpha", "meaning"),
)


@click.command()
@click.option("--topic", metavar="SLUG", shell_complete=slugs_of("topics"), help="Of one topic.")
@format_options
@store_option
def agreement(store: str, form: str, topic: str | None) -> None:
    """Say how far coders agree who coded statements again.

    Krippendorff's alpha is 1 for full agreement and 0 for what chance would bring; it needs the
    extra "agreement". Which side: the steps of the scale in their order, where all coders saw
    one. Whether a side: a stance or none. What the codebook asks beside the stance has a line for
    each variable. Speaker, day and passage have one where second coders saw the paragraph alone:
    names, and word by word whether it is in the passage. What fewer than 30 statements bring is
    "few": it means nothing.
    """
    with open_services(store) as services, services.models.engine().connect() as conn:
        lines = [*_lines(services, conn, topic)]
    print_answers(lines, form, SHOWN, AgreementLine.__struct_fields__)


def _lines(services: Services, conn: Connection, slug: str | None) -> Iterator[AgreementLine]:
    only = directory.topic(conn, slug).id if slug else None
    room = services.desk.second_readings
    pairs = paired_readings(conn, room, topic=only) if services.desk.is_there() else []
    topics = directory.topics_by_id(conn, {pair.topic for pair in pairs})
    for topic in dict.fromkeys(pair.topic for pair in pairs):
        here = [pair for pair in pairs if pair.topic == topic]
        yield _line(topics[topic].slug, EVERYBODY, reliability(here), here)
        book = latest_codebook(conn, topic)
        variables = book.codebook.variables_of(OF_STATEMENTS) if book and book.codebook else {}
        for variable in variables.values():
            agreed = on_variable(here, variable)
            yield _on_one(topics[topic].slug, agreed, variable=variable.id)
        if any(pair.mark for pair in here):
            for field, agreed in on_paragraphs(here).items():
                yield _on_one(topics[topic].slug, agreed, field=field)
        for coder, figures in by_coder(here).items():
            theirs = [pair for pair in here if coder in (pair.first_coder, pair.second_coder)]
            yield _line(topics[topic].slug, coder, figures, theirs)


def _on_one(topic: str, agreed: Agreement, *, variable: str = "", field: str = "") -> AgreementLine:
    return AgreementLine(
        topic=topic,
        coder=EVERYBODY,
        units=agreed.units,
        same=agreed.same,
        variable=variable,
        field=field,
        alpha=_rounded(agreed.alpha),
        meaning=agreed.meaning,
    )


def _line(
    topic: str, coder: str, figures: Reliability, pairs: list[PairedReadings]
) -> AgreementLine:
    return AgreementLine(
        topic=topic,
        coder=coder,
        units=figures.units,
        same=figures.same,
        side_units=figures.side.units,
        side_alpha=_rounded(figures.side.alpha),
        side_meaning=figures.side.meaning,
        any_side_units=figures.any_side.units,
        any_side_alpha=_rounded(figures.any_side.alpha),
        any_side_meaning=figures.any_side.meaning,
        to_decide=sum(pair.waits for pair in pairs),
    )


def _rounded(alpha: float | None) -> float | None:
    return None if alpha is None else round(alpha, 4)
