"""Commands for the editions of the position rule."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

from timeline.cli.options import (
    as_of_option,
    known_at_option,
    limit_option,
    read_as_of,
    read_connection,
    read_known_at,
    store_option,
    topics_option,
)
from timeline.cli.output import format_options, print_answers
from timeline.domain.instants import iso_day
from timeline.domain.position import edition2
from timeline.domain.position.editions import EDITIONS, WHY, differences
from timeline.projections.queries import directory
from timeline.projections.queries.edition2 import read_evidence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from timeline.domain.position.editions import Difference


F = TypeVar("F", bound="Callable[..., Any]")

DIFFERENCE = ("day", "topic", "actor", "rule_1", "rule_2", "why")

rule_option: Callable[[F], F] = click.option(
    "--rule",
    type=click.Choice([*map(str, EDITIONS)]),
    callback=lambda _context, _option, number: int(number),
    default=str(edition2.RULE),
    show_default=True,
    help="By which edition of the position rule.",
)
"""The option for the edition of an answer; the default is that of pages."""


class EditionAnswer(msgspec.Struct, frozen=True):
    """A line of `standline rules --json`."""

    rule: int
    shown: bool
    summary: str


class DifferenceAnswer(msgspec.Struct, frozen=True):
    """A line of `standline rules --differences --json`: a change that one edition alone finds."""

    topic: str
    actor: str
    day: str
    rule_1: str | None
    rule_2: str | None
    why: tuple[str, ...]


@click.command("rules")
@click.option("--differences", "differ", is_flag=True, help="In which changes the two differ.")
@topics_option
@as_of_option
@known_at_option
@limit_option
@format_options
@store_option
def rules(
    store: str,
    topics: tuple[str, ...],
    as_of: str | None,
    known_at: str | None,
    limit: int | None,
    form: str,
    *,
    differ: bool,
) -> None:
    """List the editions of the position rule, or in which changes they differ, and why.

    Pages show the latest; changes and positions take --rule. First positions are left out.
    """
    if not differ:
        editions = [
            EditionAnswer(rule, rule == edition2.RULE, text) for rule, text in EDITIONS.items()
        ]
        print_answers(
            editions[:limit], form, ("rule", "shown", "summary"), EditionAnswer.__struct_fields__
        )
        return
    with read_connection(store) as conn:
        topic_ids, position = (
            [directory.topic(conn, slug).id for slug in topics],
            read_known_at(conn, known_at),
        )
        every_topic = sorted(directory.topics(conn), key=lambda topic: topic.slug)
        chosen = [topic for topic in every_topic if not topic_ids or topic.id in topic_ids]
        slugs = {key: actor.slug for key, actor in directory.actors_by_id(conn).items()}
        answers = (
            _difference(topic, difference, slugs)
            for topic in chosen
            if position is None or topic.opened <= position
            for difference in differences(
                read_evidence(conn, topic, position).record, as_of=read_as_of(as_of)
            )
        )
        some = islice(answers, limit)
        print_answers(some, form, DIFFERENCE, DifferenceAnswer.__struct_fields__)


def _difference(
    topic: directory.Topic, difference: Difference, slugs: dict[str, str]
) -> DifferenceAnswer:
    first, second = difference.first, difference.second
    return DifferenceAnswer(
        topic=topic.slug,
        actor=slugs[difference.lane],
        day=iso_day(difference.day),
        rule_1=_ends(first.kind, first.before, first.after) if first else None,
        rule_2=_ends(second.kind, second.before, second.after) if second else None,
        why=tuple(WHY[reason] for reason in difference.why),
    )


def _ends(kind: str, before: Iterable[int], after: Iterable[int]) -> str:
    return f"{kind} {'+'.join(map(str, before)) or '–'} → {'+'.join(map(str, after)) or '–'}"
