"""The command for agreement of second codings, by topic and by coder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click
import msgspec

from timeline.cli.options import open_services, slugs_of, store_option
from timeline.cli.output import format_options, print_answers
from timeline.domain.variables import OF_STATEMENTS
from timeline.projections.queries import directory
from timeline.projections.queries.codebooks import latest_codebook
from timeline.second_coding.comparing import PairedReadings, paired_readings
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
