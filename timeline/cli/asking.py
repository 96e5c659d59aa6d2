"""Questions to the record: topics, actors, positions and changes."""

from __future__ import annotations

from heapq import merge
from itertools import islice, product
from typing import TYPE_CHECKING

import click

from timeline.cli.editions import Asked, print_changes, print_positions, rule_option
from timeline.cli.options import (
    AT_ONCE,
    actors_option,
    as_of_option,
    known_at_option,
    limit_option,
    read_as_of,
    read_known_at,
    reading,
    store_option,
    topics_option,
)
from timeline.cli.output import format_options, print_answers
from timeline.domain.dates import parse_start
from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message
from timeline.projections.queries import directory, positions
from timeline.projections.queries.answers import (
    SIDE,
    STANDING,
    ActorAnswer,
    TopicAnswer,
    answer_actors,
    answer_changes,
    answer_topics,
    ask_positions,
)
from timeline.projections.queries.changes_then import changes_at
from timeline.projections.queries.coverage import is_said_anywhere

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from timeline.projections.queries.answers import ChangeAnswer

SINCE_HAS_NO_FIRST_DAY = Message(
    "since_has_no_first_day",
    "%(since)s does not say with which day it begins",
    fix="give one date, such as 2025-12-15",
)

ON_PAGES = "1"
"""The edition of the rule that pages show, and that is asked where none is named."""

IN_BRIEF = ("topic", "actor", "stance", "attribution", "first_said", "last_said")
WATCHED = "unwatched"
"""A column of the brief table where anybody said what was watched."""
IN_FULL = (
    *STANDING,
    "reported.stance",
    "reported.attribution",
    "reported.reported_via",
    "reported.said_at",
    "reported.statements",
    "rule",
)
REASONS = ("counted", "ignored")
CHANGE = ("said_at", "topic", "actor", "kind", "from", "to")
CHANGE_IN_FULL = (
    "topic",
    "actor",
    "kind",
    "from",
    "to",
    "said_at",
    "known_at",
    "before",
    "after",
    "other_speaker",
    "other_wording",
)


@click.command()
@limit_option
@format_options
@store_option
def topics(store: str, limit: int | None, form: str) -> None:
    """List the topics: questions that people answer."""
    with reading(store) as conn:
        found = sorted(directory.topics(conn), key=lambda topic: topic.slug)
        answers = answer_topics(conn, found[:limit])
    shown = ("slug", "scale", "statements", "actors", "question")
    print_answers(answers, form, shown, TopicAnswer.__struct_fields__)


@click.command()
@limit_option
@format_options
@store_option
def actors(store: str, limit: int | None, form: str) -> None:
    """List the actors, each under its slug with its other names."""
    with reading(store) as conn:
        answers = answer_actors(conn, directory.actors(conn, limit=limit))
    shown = ActorAnswer.__struct_fields__
    print_answers(answers, form, shown, shown)


@click.command()
@topics_option
@actors_option
@as_of_option
@known_at_option
@click.option("--why", is_flag=True, help="Name what counted and what did not, and why.")
@rule_option
@limit_option
@format_options
@store_option
def positions_(  # noqa: PLR0913 - whose, on what, when, and in which form
    store: str,
    topics: tuple[str, ...],
    actors: tuple[str, ...],
    as_of: str | None,
    known_at: str | None,
    limit: int | None,
    form: str,
    *,
    rule: str,
    why: bool,
) -> None:
    """Say where actors stand.

    On which topic, first and last said when, and according to whom. Where nobody watched at that
    moment, ``unwatched`` says from when to when: silence says nothing there.
    """
    with reading(store) as conn:
        until, known = read_as_of(as_of), read_known_at(conn, known_at)
        if rule != ON_PAGES:
            asked = _asked(conn, topics, actors, until, known, limit, form)
            print_positions(conn, asked, why=why)
            return
        found = [
            ask_positions(conn, topic=topic, lane=lane, as_of=until, known_at=known, why=why)
            for topic, lane in _lanes(conn, topics, actors)
        ]
        # Each of them is in order already: nothing is held to put them together.
        answers = merge(*found, key=lambda one: (one.topic, one.actor))
        more = REASONS if why else ()
        brief = (*IN_BRIEF, *((WATCHED,) if is_said_anywhere(conn) else ()), *more)
        print_answers(islice(answers, limit), form, brief, (*IN_FULL, *more, SIDE))


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
@rule_option
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
    rule: str,
    same_wording: bool,
) -> None:
    """List the changes of position.

    The latest comes first; --json names the statements that prove either side.
    """
    with reading(store) as conn:
        known, begin = read_known_at(conn, known_at), _first_second(since)
        until, found = read_as_of(as_of), []
        if rule != ON_PAGES:
            asked = _asked(conn, topics, actors, until, known, limit, form)
            print_changes(conn, asked, begin, same_wording=same_wording)
            return
        for topic, lane in _lanes(conn, topics, actors):
            found += _changes(conn, topic, lane, until, known, begin)
        if len(topics) + len(actors) > 1:
            found = positions.latest_first(reversed(found))
        if same_wording:
            found = [one for one in found if not one.change.other_wording]
        found = found[:limit]
        print_answers(_told(conn, found, known), form, CHANGE, CHANGE_IN_FULL)
        if not form:
            _tell_of_wordings(found)


def _asked(
    conn: Connection,
    topics: tuple[str, ...],
    actors: tuple[str, ...],
    as_of: int | None,
    known_at: int | None,
    limit: int | None,
    form: str,
) -> Asked:
    return Asked(
        topics=[directory.topic(conn, slug).id for slug in topics],
        actors=[directory.actor(conn, slug).id for slug in actors],
        as_of=as_of,
        known_at=known_at,
        limit=limit,
        form=form,
    )


def _lanes(
    conn: Connection, topics: tuple[str, ...], actors: tuple[str, ...]
) -> Iterator[tuple[str | None, str | None]]:
    """Yield the ids of each topic and actor that are named, ``None`` for all; each once."""
    asked = dict.fromkeys(directory.topic(conn, slug).id for slug in topics)
    named = dict.fromkeys(directory.actor(conn, slug).id for slug in actors)
    yield from product(asked or [None], named or [None])


def _changes(
    conn: Connection,
    topic: str | None,
    lane: str | None,
    as_of: int | None,
    known: int | None,
    begin: int | None,
) -> list[positions.LaneChange]:
    if as_of is None and known is None:
        return positions.current_changes(conn, topic=topic, lane=lane, since=begin)
    every = changes_at(conn, topic=topic, lane=lane, as_of=as_of, known_at=known)
    late = (one for one in every if begin is None or one.change.counts_from >= begin)
    return positions.latest_first(late)


def _tell_of_wordings(found: list[positions.LaneChange]) -> None:
    asked_otherwise = sum(one.change.other_wording for one in found)
    if asked_otherwise:
        verb = "is" if asked_otherwise == 1 else "are"
        click.echo(
            f"standline: {asked_otherwise:,} of {len(found):,} changes {verb} between answers to"
            " different wordings; --same-wording leaves them out",
            err=True,
        )


def _told(
    conn: Connection, found: list[positions.LaneChange], known_at: int | None
) -> Iterator[ChangeAnswer]:
    """Yield changes in words."""
    for begin in range(0, len(found), AT_ONCE):
        yield from answer_changes(conn, found[begin : begin + AT_ONCE], known_at=known_at)


def _first_second(since: str | None) -> int | None:
    if since is None:
        return None
    first = parse_start(since, "--since")
    if first is None:
        raise Refused(SINCE_HAS_NO_FIRST_DAY, field="--since", since=InQuotes(since))
    return first


positions_.name = "positions"
COMMANDS = (topics, actors, positions_, changes)
