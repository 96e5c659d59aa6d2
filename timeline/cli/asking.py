"""Commands for queries of the record: topics, actors, positions and changes."""

from __future__ import annotations

import time
from functools import partial
from heapq import merge
from itertools import islice, product
from typing import TYPE_CHECKING, TypeVar

import click
import msgspec

from timeline.cli.options import (
    AT_ONCE,
    actors_option,
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
from timeline.domain.dates import parse_start
from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message
from timeline.domain.two_clocks import TwoClocks
from timeline.projections.queries import directory
from timeline.projections.queries.answers import (
    SIDE,
    STANDING,
    ActorAnswer,
    LedeAnswer,
    PositionAnswer,
    TopicAnswer,
    answer_actors,
    answer_topics,
    ask_positions,
)
from timeline.projections.queries.change_answers import (
    ChangeAnswer,
    ChangeFilter,
    answer_changes,
    count_waiting,
    find_changes,
)
from timeline.projections.queries.coverage import has_coverage
from timeline.projections.queries.translations import languages

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from sqlalchemy import Connection

    from timeline.projections.queries.positions import LaneChange

Answer = TypeVar("Answer", PositionAnswer, ChangeAnswer)

SINCE_HAS_NO_FIRST_DAY = Message(
    "since_has_no_first_day",
    "%(since)s does not say with which day it begins",
    fix="give one date, such as 2025-12-15",
)

WATCHED = "unwatched"
"""A column of the brief table, if any coverage is recorded."""
IN_BRIEF = (
    *("topic", "actor", "stance", "held_by", "first_said", "last_said", "last_known"),
    *("according_to", "terms"),
)
"""The columns of a printed table."""
IN_FULL = (
    *STANDING,
    "reported.stance",
    "reported.attribution",
    "reported.reported_via",
    "reported.said_at",
    "reported.statements",
    "according_to",
    "order_open",
    "voices",
    "rule",
)
TOPIC_IN_FULL = (
    *(name for name in TopicAnswer.__struct_fields__ if name != "lede"),
    *(f"lede.{name}" for name in LedeAnswer.__struct_fields__ if name != "translations"),
)
REASONS = ("counted", "ignored")
CHANGE = ("said_at", "topic", "actors", "kind", "from", "to")
CHANGE_IN_FULL = tuple(field.encode_name for field in msgspec.structs.fields(ChangeAnswer))


@click.command()
@limit_option
@format_options
@store_option
def topics(store: str, limit: int | None, form: str) -> None:
    """List the topics: questions that people answer."""
    with read_connection(store) as conn:
        every_topic = sorted(directory.topics(conn), key=lambda topic: topic.slug)
        answers = answer_topics(conn, every_topic[:limit])
        translated = [f"lede.translations.{lang}" for lang in languages(conn)]
    columns = ("slug", "scale", "statements", "actors", "question")
    print_answers(answers, form, columns, (*TOPIC_IN_FULL, *translated))


@click.command()
@limit_option
@format_options
@store_option
def actors(store: str, limit: int | None, form: str) -> None:
    """List the actors, each under its slug with its other names."""
    with read_connection(store) as conn:
        answers = answer_actors(conn, directory.actors(conn, limit=limit))
    columns = ActorAnswer.__struct_fields__
    print_answers(answers, form, columns, columns)


@click.command()
@topics_option
@actors_option
@as_of_option
@known_at_option
@click.option("--why", is_flag=True, help="Name what counted and what did not, and why.")
@limit_option
@format_options
@store_option
def positions_(
    store: str,
    topics: tuple[str, ...],
    actors: tuple[str, ...],
    as_of: str | None,
    known_at: str | None,
    limit: int | None,
    form: str,
    *,
    why: bool,
) -> None:
    """Say where actors stand.

    On which topic, on what conditions, who holds it, first and last said when; a position that was
    not heard again within the topic's limit is the last known. Where nobody watched at that
    moment, ``unwatched`` says from when to when: silence says nothing there.
    """
    with read_connection(store) as conn:
        ask = partial(
            ask_positions,
            conn,
            TwoClocks(read_as_of(as_of), read_known_at(conn, known_at)),
            now=int(time.time()),
            why=why,
        )
        by_lane = [ask(topic=topic, lane=lane) for topic, lane in _lanes(conn, topics, actors)]
        # Each is sorted already, so merging needs no memory.
        answers = merge(*by_lane, key=lambda answer: (answer.topic, answer.actor))
        more = REASONS if why else ()
        watched = (WATCHED,) if has_coverage(conn) else ()
        some = islice(answers, limit)
        _print_noting(some, form, (*IN_BRIEF, *watched, *more), (*IN_FULL, *more, SIDE))


@click.command()
@topics_option
@actors_option
@click.option("--since", metavar="DATE", help="Only changes on this day or later.")
@as_of_option
@known_at_option
@click.option(
    "--same-wording",
    is_flag=True,
    help="Leave out changes between answers to different wordings of a question.",
)
@click.option(
    "--signed",
    "which",
    type=click.Choice(["only", "any"]),
    default="only",
    show_default=True,
    help="Also changes that no editor has signed, or that one declined: any.",
)
@limit_option
@format_options
@store_option
def changes(  # noqa: PLR0913 - whose, on what, when, and in which form
    store: str,
    topics: tuple[str, ...],
    actors: tuple[str, ...],
    since: str | None,
    as_of: str | None,
    known_at: str | None,
    limit: int | None,
    form: str,
    *,
    which: str,
    same_wording: bool,
) -> None:
    """List the changes of position that are printed.

    The latest comes first, and a line says how many wait for an editor; --json names the statements
    that prove either side.
    """
    with read_connection(store) as conn:
        chosen = ChangeFilter(
            topics=tuple(dict.fromkeys(directory.topic(conn, slug).id for slug in topics)),
            lanes=tuple(dict.fromkeys(directory.actor(conn, slug).id for slug in actors)),
            as_of=read_as_of(as_of),
            known_at=read_known_at(conn, known_at),
            since=_first_second(since),
            which="any" if which == "any" else "signed",
        )
        listed = find_changes(conn, chosen, None if same_wording else limit)
        if same_wording:
            listed = [change for change in listed if not change.change.other_wording][:limit]
        more = ("status",) if which == "any" else ()
        answers = _in_words(conn, listed, chosen.known_at)
        _print_noting(answers, form, (*CHANGE, *more), CHANGE_IN_FULL)
        if not form:
            _tell_of_wordings(listed)
            _tell_of_derived(sum(change.change.is_derived for change in listed))
            _tell_of_waiting(count_waiting(conn, chosen), which)


def _lanes(
    conn: Connection, topics: tuple[str, ...], actors: tuple[str, ...]
) -> Iterator[tuple[str | None, str | None]]:
    """Yield each pair of topic and actor ids once; ``None`` means all."""
    topic_ids = dict.fromkeys(directory.topic(conn, slug).id for slug in topics)
    lane_ids = dict.fromkeys(directory.actor(conn, slug).id for slug in actors)
    yield from product(topic_ids or [None], lane_ids or [None])


def _tell_of_wordings(changes: list[LaneChange]) -> None:
    asked_otherwise = sum(change.change.other_wording for change in changes)
    if asked_otherwise:
        verb = "is" if asked_otherwise == 1 else "are"
        _note(
            f"{asked_otherwise:,} of {len(changes):,} changes {verb} between answers to different"
            " wordings; --same-wording leaves them out"
        )


def _tell_of_derived(count: int) -> None:
    if count:
        verb = "is" if count == 1 else "are"
        _note(
            f"{count:,} of these {verb} derived by the rule, and no editor signed what is derived"
        )


def _tell_of_waiting(count: int, which: str) -> None:
    if count and which == "any":
        _note(f"{count:,} of these {'waits' if count == 1 else 'wait'} for an editor")
    elif count:
        verb = "waits" if count == 1 else "wait"
        _note(f"{count:,} more {verb} for an editor to sign; --signed any lists all")


def _print_noting(
    answers: Iterable[Answer],
    form: str,
    table_columns: tuple[str, ...],
    csv_columns: Collection[str],
) -> None:
    """Print answers, and below a table how many rest on a standing that nobody recorded."""
    proposed = 0

    def counted() -> Iterator[Answer]:
        nonlocal proposed
        for answer in answers:
            proposed += answer.proposed
            yield answer

    print_answers(counted(), form, table_columns, csv_columns)
    if proposed and not form:
        verb = "rests" if proposed == 1 else "rest"
        _note(
            f"{proposed:,} of these {verb} on a standing that nobody recorded: who decides"
            " and who speaks is proposed by the words of the role"
        )


def _note(text: str) -> None:
    click.echo(f"standline: {text}", err=True)


def _in_words(
    conn: Connection, changes: list[LaneChange], known_at: int | None
) -> Iterator[ChangeAnswer]:
    """Yield changes in words."""
    for begin in range(0, len(changes), AT_ONCE):
        yield from answer_changes(conn, changes[begin : begin + AT_ONCE], known_at=known_at)


def _first_second(since: str | None) -> int | None:
    if since is None:
        return None
    first = parse_start(since, "--since")
    if first is None:
        raise Refused(SINCE_HAS_NO_FIRST_DAY, field="--since", since=InQuotes(since))
    return first


positions_.name = "positions"
