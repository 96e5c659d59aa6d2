"""Changes of position as `--json`, the API and exports answer them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import msgspec
from sqlalchemy import Text, and_, false, func, or_, select

from timeline.domain.instants import iso, iso_day
from timeline.domain.position.change import SHADES
from timeline.domain.position.edition2 import RULE
from timeline.domain.two_clocks import TwoClocks
from timeline.domain.verdict import SIGNED, SignedIn
from timeline.projections.queries.answers import nouns_of, proof_of, word
from timeline.projections.queries.directory import actors_by_id
from timeline.projections.queries.entries import order_is_open
from timeline.projections.queries.historical_changes import changes_on
from timeline.projections.queries.positions import (
    LaneChange,
    latest_first,
    read_latest,
    relevant_topics,
)
from timeline.projections.queries.tracks import topic_evidence, vote_topics
from timeline.projections.queries.verdicts import verdicts
from timeline.projections.tables import schema
from timeline.projections.tables.interned import spelled
from timeline.projections.tables.kinds import CHANGED, is_visible
from timeline.projections.tables.lanes import up_to

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from sqlalchemy import Connection

    from timeline.domain.position import Change
    from timeline.projections.queries.verdicts import KnownVerdict

Which: TypeAlias = Literal["signed", "any", "waiting"]
"""Which changes: the printed ones, all that the rule found, or those that wait for an editor."""


class ChangeAnswer(msgspec.Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """One line of `standline changes --json`; ``known_at`` is a log position.

    ``actor`` is the lane asked for, else who moved; ``actors`` are all lanes that it is on: a side
    moves with the person who decides for it, and that is one change. ``appeared`` and ``gone`` are
    conditions in the words of who named them. ``before``, ``after``, ``withdrawn_by``, ``between``,
    ``returns_to`` and ``back`` are numbers of statements; ``back_on`` is the day on which the
    earlier thing was said again. ``order_open`` says that the later words may have been said first,
    as both are dated. ``proposed`` says that only the words of a role say who decides.
    ``because`` gives the reasons for ``status``; ``sentence`` and ``caveat`` are those that an
    editor signed, ``also`` both in other languages.
    """

    topic: str
    actor: str
    actors: tuple[str, ...]
    kind: str
    from_: str | None
    to: str | None
    appeared: tuple[str, ...]
    gone: tuple[str, ...]
    said_at: str | None
    known_at: int
    before: tuple[int, ...]
    after: tuple[int, ...]
    before_by: str | None
    after_by: str | None
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
    other_speaker: bool
    other_wording: bool
    order_open: bool
    proposed: bool
    status: str
    because: tuple[str, ...]
    sentence: str | None
    caveat: str | None
    also: tuple[SignedIn, ...]
    rule: int


LESS = ("other_speaker", "other_wording", "order_open")
"""Fields whose truth makes a change less than it seems."""
_NUMBERS = ("before", "after", "withdrawn_by", "between", "returns_to", "back")
_MARKS = ("certain", "old", "joint", "uncoded", "new_office", "other_speaker", "other_wording")
_SAME = ("kind", "known_at", "status", *_NUMBERS, *_MARKS)
"""Fields that an answer takes from the rule's change unchanged."""


class ChangeFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which changes are asked for; topics and lanes are ids, and all of them where none is named.

    ``since`` and ``until`` are instants from and up to which changes count.
    """

    topics: tuple[str, ...] = ()
    lanes: tuple[str, ...] = ()
    as_of: int | None = None
    known_at: int | None = None
    since: int | None = None
    until: int | None = None
    which: Which = "signed"


def find_changes(
    conn: Connection, wanted: ChangeFilter, limit: int | None = None
) -> list[LaneChange]:
    """Return changes, the latest first, each once: on the lane asked for, else of who moved.

    Of votes, first positions are among them.
    """
    if wanted.as_of is wanted.known_at is None:
        return _stored_changes(conn, wanted, limit)
    derived = _derived_changes(conn, wanted)
    return latest_first(change for change in derived if _is_in_time(change.change, wanted))[:limit]


def count_waiting(conn: Connection, wanted: ChangeFilter) -> int:
    """Return how many changes wait for an editor, shades left out."""
    waiting = msgspec.structs.replace(wanted, which="waiting")
    if wanted.as_of is wanted.known_at is None and len(wanted.lanes) <= 1:
        query = _query(conn, waiting).with_only_columns(func.count())
        return int(conn.execute(query).scalar_one())
    return len(find_changes(conn, waiting))


def count_at(conn: Connection, wanted: ChangeFilter, instant: int) -> int:
    """Return how many of the changes of now count from an instant."""
    at = msgspec.structs.replace(wanted, since=instant, until=instant)
    return len(find_changes(conn, at))


def _is_in_time(change: Change, wanted: ChangeFilter) -> bool:
    at = change.counts_from
    return (wanted.since is None or at >= wanted.since) and (
        wanted.until is None or at <= wanted.until
    )


def _derived_changes(conn: Connection, wanted: ChangeFilter) -> Iterator[LaneChange]:
    clocks = TwoClocks(wanted.as_of, wanted.known_at)
    for lane in wanted.lanes or (None,):
        topics = [*wanted.topics] or relevant_topics(conn, None, lane, wanted.known_at)
        votes = vote_topics(conn, topics, wanted.known_at)
        for change in changes_on(conn, topics, clocks, lane=lane):
            if _is_wanted(change, wanted, votes):
                yield change


def _is_wanted(lane_change: LaneChange, wanted: ChangeFilter, votes: Collection[str]) -> bool:
    change = lane_change.change
    if shown_lane(lane_change, wanted.lanes) != lane_change.lane:
        return False
    if wanted.which == "waiting":
        return change.kind in CHANGED and change.status == "waiting"
    if change.kind == "first":
        return lane_change.topic in votes
    is_signed_shade = change.kind in SHADES and change.status == "printed"
    is_found = wanted.which == "any" and (change.kind in CHANGED or is_signed_shade)
    return is_found or change.is_visible


def shown_lane(change: LaneChange, wanted: Collection[str | None]) -> str | None:
    """Return the first lane of a change that is wanted; its very first where nothing is named."""
    lanes = change.change.lanes or (change.lane,)
    return next((lane for lane in lanes if not wanted or lane in wanted), None)


def _stored_changes(conn: Connection, wanted: ChangeFilter, limit: int | None) -> list[LaneChange]:
    query = _query(conn, wanted)
    if len(wanted.lanes) <= 1:
        return read_latest(conn, query, limit)
    every = read_latest(conn, query, None)
    return [change for change in every if shown_lane(change, wanted.lanes) == change.lane][:limit]


def _query(conn: Connection, wanted: ChangeFilter) -> Any:  # noqa: ANN401 - SQL
    """Select the changes of now; with several lanes a change comes once for each of them."""
    table = schema.changes
    columns = table.c
    query = select(table)
    if wanted.topics:
        query = query.where(columns.topic.in_(wanted.topics))
    query = query.where(columns.lane.in_(wanted.lanes) if wanted.lanes else _of_who_moved())
    query = query.where(*up_to(columns.counts_from, wanted.until))
    if wanted.since is not None:
        query = query.where(columns.counts_from >= wanted.since)
    is_waiting = and_(columns.found.in_(CHANGED), columns.status == "waiting")
    if wanted.which == "waiting":
        return query.where(is_waiting)
    topics = wanted.topics or relevant_topics(conn, None, None, None)
    votes = sorted(vote_topics(conn, topics))
    firsts = and_(columns.kind == "first", columns.topic.in_(votes)) if votes else false()
    clauses = [is_visible(columns), firsts]
    if wanted.which == "any":
        signed_shade = and_(columns.found.in_(SHADES), columns.status == "printed")
        clauses += [columns.found.in_(CHANGED), signed_shade]
    return query.where(or_(*clauses))


@cache
def _of_who_moved() -> Any:  # noqa: ANN401 - SQL
    """Return the clause for a change on the lane of who moved: the first that its marks name."""
    columns = schema.changes.c
    begin, marks = '{"lanes":["', columns.marks
    is_first = func.substr(marks, len(begin) + 1, func.length(spelled(columns.lane).cast(Text)))
    named = marks.startswith(begin, autoescape=True)
    return or_(~named, is_first == spelled(columns.lane).cast(Text))


def answer_changes(
    conn: Connection, lane_changes: Sequence[LaneChange], *, known_at: int | None = None
) -> list[ChangeAnswer]:
    """Answer for changes, in the order given."""
    rule_changes = [lane_change.change for lane_change in lane_changes]
    ends = (number for change in rule_changes for number in (*change.before, *change.after))
    proof = proof_of(conn, ends, known_at)
    topics, actors = nouns_of(conn, lane_changes)
    people = {person for change in rule_changes for person in _people(change)} - {*actors}
    actors |= actors_by_id(conn, people) if people else {}
    slugs = {key: actor.slug for key, actor in actors.items()}
    signed = signatures(conn, lane_changes, known_at)
    answers = []
    for lane_change, verdict in zip(lane_changes, signed, strict=True):
        change, scale = lane_change.change, topics[lane_change.topic].scale
        entries = [proof[number] for number in change.after if number in proof]
        answers.append(
            ChangeAnswer(
                topic=topics[lane_change.topic].slug,
                actor=slugs[lane_change.lane],
                from_=word(scale, change.from_),
                to=word(scale, change.to),
                said_at=entries[0].said_at if entries else iso(change.counts_from),
                order_open=order_is_open(change.before, change.after, proof),
                sentence=verdict.words or None if verdict else None,
                caveat=verdict.caveat or None if verdict else None,
                also=verdict.also if verdict else (),
                **{name: getattr(change, name) for name in _SAME},
                **_marks(conn, lane_change, slugs, known_at),
            )
        )
    return answers


def _people(change: Change) -> Iterator[str]:
    yield from (actor for actor in (*change.lanes, change.before_by, change.after_by) if actor)


def _marks(
    conn: Connection, lane_change: LaneChange, slugs: dict[str, str], known_at: int | None
) -> dict[str, Any]:
    """Return the fields of an answer that are names or words in place of ids."""
    change = lane_change.change
    is_vote = not change.lanes
    by = lane_change.lane if is_vote else ""
    before_by, after_by = change.before_by or by, change.after_by or by
    rests_on_a_decider = {*change.lanes} - {before_by, after_by}
    evidence = None
    if change.appeared or change.gone or rests_on_a_decider:
        evidence = topic_evidence(conn, lane_change.topic, known_at)
    appeared: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    proposed = False
    if evidence is not None:
        in_words = evidence.conditions_in_words
        appeared = in_words(change.appeared, after_by, change.after)
        gone = in_words(change.gone, before_by, change.before)
        proposed = evidence.is_proposed({before_by, after_by}, change.lanes)
    return {
        "actors": tuple(slugs[lane] for lane in change.lanes or (lane_change.lane,)),
        "appeared": appeared,
        "gone": gone,
        "before_by": slugs[before_by] if before_by else None,
        "after_by": slugs[after_by] if after_by else None,
        "back_on": None if change.back_on is None else iso_day(change.back_on),
        "proposed": proposed,
        "because": change.because or (("vote",) if is_vote else ()),
        "rule": change.rule,
    }


def signatures(
    conn: Connection, lane_changes: Sequence[LaneChange], known_at: int | None
) -> Iterator[KnownVerdict | None]:
    """Yield the signed verdict of each change, in order; ``None`` where nobody signed."""
    topics = {change.topic for change in lane_changes if change.change.is_signed}
    by_topic = {topic: verdicts(conn, topic=topic, known_at=known_at) for topic in topics}
    for lane_change in lane_changes:
        change = lane_change.change
        candidates = by_topic.get(lane_change.topic, ()) if change.is_signed else ()
        yield next((verdict for verdict in reversed(candidates) if _is_of(verdict, change)), None)


def _is_of(verdict: KnownVerdict, change: Change) -> bool:
    ends = verdict.ends
    return (
        (verdict.verdict, ends.edition) == (SIGNED, RULE)
        and {*ends.before} <= {*change.before}
        and {*ends.after} <= {*change.after}
    )
