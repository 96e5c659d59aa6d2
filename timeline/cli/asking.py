"""Questions to the record: topics, actors, positions and changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import msgspec

from timeline.cli.options import (
    AT_ONCE,
    actor_option,
    as_of_option,
    json_option,
    known_at_option,
    print_json,
    print_table,
    read_as_of,
    read_known_at,
    reading,
    store_option,
    topic_option,
)
from timeline.domain.dates import parse_date
from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message
from timeline.projections.queries import directory, positions
from timeline.projections.queries.answers import (
    answer_actors,
    answer_changes,
    answer_topics,
    ask_positions,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection

    from timeline.projections.queries.answers import ChangeAnswer

SINCE_HAS_NO_FIRST_DAY = Message(
    "since_has_no_first_day",
    "%(since)s does not say with which day it begins",
    fix="give one date, such as 2025-12-15",
)

STANDING = ("topic", "actor", "stance", "attribution", "first_said", "last_said")
REASONS = ("counted", "ignored")
CHANGE = ("said_at", "topic", "actor", "kind", "from", "to")


@click.command()
@json_option
@store_option
def topics(store: str, *, as_json: bool) -> None:
    """List the topics: questions that people answer."""
    with reading(store) as conn:
        found = sorted(directory.topics(conn), key=lambda topic: topic.slug)
        answers = answer_topics(conn, found)
    _print(answers, as_json=as_json, columns=("slug", "scale", "statements", "actors", "question"))


@click.command()
@json_option
@store_option
def actors(store: str, *, as_json: bool) -> None:
    """List the actors, each under its slug with its other names."""
    with reading(store) as conn:
        answers = answer_actors(conn, directory.actors(conn))
    _print(answers, as_json=as_json, columns=("slug", "name", "aliases"))


@click.command()
@topic_option
@actor_option
@as_of_option
@known_at_option
@click.option("--why", is_flag=True, help="Name what counted and what did not, and why.")
@json_option
@store_option
def positions_(
    store: str,
    topic: str | None,
    actor: str | None,
    as_of: str | None,
    known_at: str | None,
    *,
    why: bool,
    as_json: bool,
) -> None:
    """Say where actors stand.

    On which topic, first and last said when, and according to whom.
    """
    with reading(store) as conn:
        answers = ask_positions(
            conn,
            topic=_topic(conn, topic),
            lane=_actor(conn, actor),
            as_of=read_as_of(as_of),
            known_at=read_known_at(conn, known_at),
            why=why,
        )
        columns = STANDING + (REASONS if why else ())
        _print(answers, as_json=as_json, columns=columns)


@click.command()
@topic_option
@actor_option
@click.option("--since", metavar="DATE", help="Only changes on this day or later.")
@as_of_option
@known_at_option
@click.option(
    "--same-wording",
    is_flag=True,
    help="Leave out changes between answers to different wordings of a question.",
)
@json_option
@store_option
def changes(
    store: str,
    topic: str | None,
    actor: str | None,
    since: str | None,
    as_of: str | None,
    known_at: str | None,
    *,
    same_wording: bool,
    as_json: bool,
) -> None:
    """List the changes of position.

    The latest comes first; --json names the statements that prove either side.
    """
    with reading(store) as conn:
        known, begin = read_known_at(conn, known_at), _first_second(since)
        about, lane = _topic(conn, topic), _actor(conn, actor)
        if as_of is None and known is None:
            found = positions.current_changes(conn, topic=about, lane=lane, since=begin)
        else:
            until = read_as_of(as_of)
            every = positions.changes_at(conn, topic=about, lane=lane, as_of=until, known_at=known)
            late = (one for one in every if begin is None or one.change.counts_from >= begin)
            found = positions.latest_first(late)
        if same_wording:
            found = [one for one in found if not one.change.other_wording]
        _print(_told(conn, found, known), as_json=as_json, columns=CHANGE)
        if not as_json:
            _tell_of_wordings(found)


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
    first = parse_date(since, "--since").earliest
    if first is None:
        raise Refused(SINCE_HAS_NO_FIRST_DAY, field="--since", since=InQuotes(since))
    return first


def _topic(conn: Connection, slug: str | None) -> str | None:
    return None if slug is None else directory.topic(conn, slug).id


def _actor(conn: Connection, slug: str | None) -> str | None:
    return None if slug is None else directory.actor(conn, slug).id


def _print(answers: Iterable[msgspec.Struct], *, as_json: bool, columns: tuple[str, ...]) -> None:
    if as_json:
        print_json(answers)
        return
    rows = [_row(answer, columns) for answer in answers]
    if rows:
        print_table(columns, rows)
    else:
        click.echo("nothing on record")


def _row(answer: msgspec.Struct, columns: tuple[str, ...]) -> tuple[str, ...]:
    plain: dict[str, Any] = msgspec.to_builtins(answer)
    return tuple(_cell(plain.get(column)) for column in columns)


def _cell(value: object) -> str:
    if isinstance(value, dict):
        return " ".join(map(_cell, value.values()))
    if isinstance(value, list | tuple):
        return ", ".join(map(_cell, value)) or "–"
    return "–" if value is None else str(value)


positions_.name = "positions"
COMMANDS = (topics, actors, positions_, changes)
