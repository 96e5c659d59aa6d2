"""Another edition of the position rule: what it answers, and where it differs from the first."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

from timeline.cli.options import (
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
from timeline.domain.instants import iso_day
from timeline.domain.position import edition2
from timeline.domain.position.editions import EDITIONS, WHY, differences
from timeline.domain.position.standing import MIXED
from timeline.projections.queries import directory
from timeline.projections.queries.edition2 import Gathered, gather

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from timeline.domain.position.editions import Difference
    from timeline.domain.position.standing import Stance

F = TypeVar("F", bound="Callable[..., Any]")

CHANGE = ("said_at", "topic", "actors", "kind", "from", "to", "status")
POSITION = ("topic", "actor", "stance", "terms", "held_by", "last_known")
DIFFERENCE = ("day", "topic", "actor", "rule_1", "rule_2", "why")

rule_option: Callable[[F], F] = click.option(
    "--rule",
    type=click.Choice([*map(str, EDITIONS)]),
    default=str(min(EDITIONS)),
    show_default=True,
    help="By which edition of the position rule.",
)


class ChangeAnswer(msgspec.Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """A line of `standline changes --rule 2 --json`; ``because`` are the reasons for ``status``.

    ``proposed`` says that a decider's standing is proposed by the words of the role.
    """

    topic: str
    actors: tuple[str, ...]
    kind: str
    from_: str | None
    to: str | None
    appeared: tuple[str, ...]
    gone: tuple[str, ...]
    said_at: str
    known_at: int
    before: tuple[int, ...]
    after: tuple[int, ...]
    before_by: str
    after_by: str
    withdrawn_by: tuple[int, ...]
    between: tuple[int, ...]
    returns_to: tuple[int, ...]
    back: tuple[int, ...]
    back_on: str | None
    certain: bool
    old: bool
    joint: bool
    uncoded: bool
    new_office: bool
    other_wording: bool
    proposed: bool
    status: str
    because: tuple[str, ...]
    rule: int


class PositionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A line of `standline positions --rule 2 --json`; numbers are those of statements."""

    topic: str
    actor: str
    side: bool
    stance: str | None
    terms: tuple[str, ...]
    uncoded: bool
    joint: bool
    held_by: str | None
    counted: tuple[int, ...]
    first: int | None
    last: int | None
    last_known: bool
    order_open: tuple[int, ...]
    according_to: tuple[int, ...]
    voices: tuple[str, ...]
    proposed: bool
    rule: int
    ignored: tuple[edition2.Ignored, ...] | msgspec.UnsetType


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


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a question names: ids of topics and actors (all if empty), and both clocks."""

    topics: Sequence[str]
    actors: Sequence[str]
    as_of: int | None
    known_at: int | None
    limit: int | None
    form: str


def print_changes(conn: Connection, asked: Asked, begin: int | None, *, same_wording: bool) -> None:
    """Print the changes by edition 2, the latest first."""
    found = []
    for gathered in _gathered(conn, asked):
        for one in edition2.changes(gathered.record, as_of=asked.as_of):
            is_late = begin is None or one.counts_from >= begin
            is_named = not asked.actors or not {*asked.actors}.isdisjoint(one.lanes)
            if is_late and is_named and not (same_wording and one.other_wording):
                found.append((gathered, one))
    found.sort(key=lambda pair: pair[1].counts_from, reverse=True)
    slugs = _slugs(conn)
    answers = [_change(gathered, one, slugs) for gathered, one in found[: asked.limit]]
    fields = ["from" if one == "from_" else one for one in ChangeAnswer.__struct_fields__]
    print_answers(answers, asked.form, CHANGE, fields)
    _tell_of_proposals(sum(one.proposed for one in answers), asked.form)


def print_positions(conn: Connection, asked: Asked, *, why: bool) -> None:
    """Print the positions by edition 2, by topic and actor."""
    now, slugs, answers = int(time.time()), _slugs(conn), []
    for gathered in _gathered(conn, asked):
        every = edition2.positions(gathered.record, as_of=asked.as_of, now=now)
        here = [one for one in every if not asked.actors or one.lane in asked.actors]
        told = [_position(gathered, one, slugs, why=why) for one in here]
        answers += sorted(told, key=lambda one: one.actor)
    shown = (*POSITION, "counted", "ignored") if why else POSITION
    print_answers(answers[: asked.limit], asked.form, shown, PositionAnswer.__struct_fields__)
    _tell_of_proposals(sum(one.proposed for one in answers[: asked.limit]), asked.form)


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

    Pages show edition 1; changes and positions take --rule. First positions are left out.
    """
    if not differ:
        every = [EditionAnswer(rule, rule == 1, text) for rule, text in EDITIONS.items()]
        print_answers(every[:limit], form, ("rule", "summary"), EditionAnswer.__struct_fields__)
        return
    with reading(store) as conn:
        asked = Asked(
            topics=[directory.topic(conn, slug).id for slug in topics],
            actors=(),
            as_of=read_as_of(as_of),
            known_at=read_known_at(conn, known_at),
            limit=limit,
            form=form,
        )
        slugs = _slugs(conn)
        answers = [
            _difference(gathered.topic, one, slugs)
            for gathered in _gathered(conn, asked)
            for one in differences(gathered.record, as_of=asked.as_of)
        ]
        print_answers(answers[:limit], form, DIFFERENCE, DifferenceAnswer.__struct_fields__)


def _gathered(conn: Connection, asked: Asked) -> Iterator[Gathered]:
    """Yield what the rule reads of each topic that is named, by slug."""
    every = sorted(directory.topics(conn), key=lambda one: one.slug)
    for topic in every:
        is_open = asked.known_at is None or topic.opened <= asked.known_at
        if is_open and (not asked.topics or topic.id in asked.topics):
            yield gather(conn, topic, asked.known_at)


def _slugs(conn: Connection) -> dict[str, str]:
    return {key: one.slug for key, one in directory.actors_by_id(conn).items()}


def _change(gathered: Gathered, one: edition2.Change, slugs: dict[str, str]) -> ChangeAnswer:
    same = {
        name: getattr(one, name)
        for name in ChangeAnswer.__struct_fields__
        if name in edition2.Change.__struct_fields__
    }
    spoke = {one.before_by, one.after_by}
    more = {
        "topic": gathered.topic.slug,
        "appeared": _conditions(gathered, one.appeared, one.after_by, one.after),
        "gone": _conditions(gathered, one.gone, one.before_by, one.before),
        "actors": tuple(slugs[lane] for lane in one.lanes),
        "from_": _word(gathered, one.from_),
        "to": _word(gathered, one.to),
        "said_at": iso_day(one.day),
        "before_by": slugs[one.before_by],
        "after_by": slugs[one.after_by],
        "back_on": None if one.back_on is None else iso_day(one.back_on),
        "proposed": any(who in spoke and side in one.lanes for who, side in gathered.proposed),
    }
    return ChangeAnswer(**{**same, **more})


def _position(
    gathered: Gathered, one: edition2.Position, slugs: dict[str, str], *, why: bool
) -> PositionAnswer:
    same = {
        name: getattr(one, name)
        for name in PositionAnswer.__struct_fields__
        if name in edition2.Position.__struct_fields__
    }
    held_by = one.held_by
    more = {
        "topic": gathered.topic.slug,
        "actor": slugs[one.lane],
        "terms": _conditions(gathered, one.terms, held_by or "", one.counted),
        "stance": _word(gathered, one.stance),
        "held_by": slugs[held_by] if held_by else None,
        "voices": tuple(
            f"{slugs[voice.person]}: {_word(gathered, voice.direction)}" for voice in one.voices
        ),
        "proposed": any(one.lane == side for _, side in gathered.proposed),
        "ignored": one.ignored if why else msgspec.UNSET,
    }
    return PositionAnswer(**{**same, **more})


def _difference(topic: directory.Topic, one: Difference, slugs: dict[str, str]) -> DifferenceAnswer:
    first, second = one.first, one.second
    return DifferenceAnswer(
        topic=topic.slug,
        actor=slugs[one.lane],
        day=iso_day(one.day),
        rule_1=_ends(first.kind, first.before, first.after) if first else None,
        rule_2=_ends(second.kind, second.before, second.after) if second else None,
        why=tuple(WHY[reason] for reason in one.why),
    )


def _ends(kind: str, before: Iterable[int], after: Iterable[int]) -> str:
    return f"{kind} {'+'.join(map(str, before)) or '–'} → {'+'.join(map(str, after)) or '–'}"


def _conditions(
    gathered: Gathered, terms: Iterable[str], speaker: str, end: Collection[int]
) -> tuple[str, ...]:
    """Return conditions in the speaker's words; where those are gone, as their identity."""
    return tuple(gathered.condition_in_words(one, speaker, end) for one in terms)


def _word(gathered: Gathered, stance: Stance) -> str | None:
    if stance is None or stance == MIXED:
        return stance
    return gathered.topic.scale.word(int(stance))


def _tell_of_proposals(count: int, form: str) -> None:
    if count and not form:
        verb = "rests" if count == 1 else "rest"
        click.echo(
            f"standline: {count:,} of these {verb} on a standing that nobody recorded: who decides"
            " and who speaks is proposed by the words of the role",
            err=True,
        )


COMMANDS = (rules,)
