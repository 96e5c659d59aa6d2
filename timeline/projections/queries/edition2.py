"""What edition 2 of the position rule reads of a topic."""

from __future__ import annotations

from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import case, func, select

from timeline.domain.dates import parse_date
from timeline.domain.nature import usual_nature
from timeline.domain.position.edition2 import (
    RULE,
    Mandate,
    MandateStanding,
    Quote,
    Record,
    StatementVersion,
    Topic,
    Verdict,
)
from timeline.domain.position.edition2.words import in_order
from timeline.domain.position.reading import Withdrawal
from timeline.domain.scales import FIRST_VERSION
from timeline.domain.standing import proposed_standing
from timeline.domain.statement import Words as FreeText
from timeline.domain.verdict import SIGNED
from timeline.projections.queries import directory
from timeline.projections.queries.conditions import Conditions
from timeline.projections.queries.documents import authors_of
from timeline.projections.queries.natures import stated_natures
from timeline.projections.queries.quote_readings import QuoteReading, quote_readings
from timeline.projections.queries.verdicts import verdicts
from timeline.projections.queries.withheld import withheld_entries
from timeline.projections.tables import schema
from timeline.projections.tables.kinds import REPLY_RETRACTED
from timeline.projections.tables.lanes import Lanes, known, lanes_known, up_to, walk_backs
from timeline.projections.tables.prepared import Param, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from timeline.domain.standing import Standing

OF_CONDITIONS = ("condition", "condition_id", "condition_actor", "condition_topic", "drops")
"""Fields of a statement about its condition, which are in no column of a reading."""

UNREAD = {"topic", "condition_topic", "said_at", "said_latest", "recorded_by"}
"""Columns of statements that the rule reads nothing of; most are looked up row by row."""

_free_text = msgspec.json.Decoder(FreeText).decode


class TopicEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """What edition 2 reads of a topic, as known at one log position.

    ``conditions`` are the words in which each statement names its condition, by number; those of
    withheld statements are left out.
    ``proposed`` are the persons and sides whose standing nobody stated: the words of the role
    propose it. ``recurring`` is true where nobody stated that the topic has recurring decisions,
    but members of a body vote on it.
    """

    topic: directory.Topic
    record: Record
    conditions: dict[int, str]
    proposed: tuple[tuple[str, str], ...] = ()
    recurring: bool = False

    def conditions_in_words(
        self, conditions: Iterable[str], speaker: str, end: Collection[int]
    ) -> tuple[str, ...]:
        """Return a speaker's words for each of several conditions."""
        return tuple(self.condition_in_words(condition, speaker, end) for condition in conditions)

    def is_proposed(self, people: Collection[str], sides: Collection[str]) -> bool:
        """Tell whether only the words of a role say that one of ``people`` decides for a side."""
        return any(who in people and side in sides for who, side in self.proposed)

    def condition_in_words(self, condition: str, speaker: str, end: Collection[int]) -> str:
        """Return a speaker's words for a condition at an end of a change, or else before it.

        A condition stands until it is dropped, so its words may be earlier than the end. Words of
        others are never used: where the speaker's are gone, return the condition's identity.
        """
        named_in = self.condition_named_in(condition, speaker, end)
        return condition if named_in is None else self.conditions[named_in]

    def condition_named_in(self, condition: str, speaker: str, end: Collection[int]) -> int | None:
        """Return the number of the statement with those words."""
        words = self.record.words
        last = max(in_order(version) for version in words if version.statement in end)
        candidates = [
            version
            for version in words
            if version.speaker == speaker
            and version.takes_position
            and condition in version.sets
            and version.statement in self.conditions
            and in_order(version) <= last
        ]
        if not candidates:
            return None
        return max(
            candidates, key=lambda version: (version.statement in end, in_order(version))
        ).statement


def read_evidence(
    conn: Connection,
    topic: directory.Topic,
    known_at: int | None = None,
    *,
    speaker: str = "",
    speakers: Collection[str] | None = None,
) -> TopicEvidence:
    """Return what edition 2 reads of a topic, as known at a log position.

    It has the mandates of all who spoke, and of one more ``speaker`` (an id). With ``speakers``
    (ids, see `lanes_around`) it has only their words: enough for lanes, not for what is read of
    the whole topic (its rhythm, and whether its decisions recur).
    """
    lanes = lanes_known(conn, known_at)
    spoken_by = None
    if speakers is not None:
        spoken_by = [member for lane in speakers for member in lanes.members(lane)]
    rows = conn.execute(*_statements(topic=topic.id, known_at=known_at, spoken_by=spoken_by)).all()
    conditions = Conditions(conn, rows, known_at)
    numbers = None if speakers is None else [row.number for row in rows]
    words = _words(conn, topic, lanes, rows, conditions, known_at, numbers)
    spoke = {speaker, *(version.speaker for version in words)}
    mandates, standings = _mandates(conn, lanes, spoke, topic.id, known_at)
    nature, recurring = _nature(conn, topic, words, known_at)
    hidden = withheld_entries(conn)
    record = Record(
        topic=nature,
        words=tuple(words),
        withdrawals=tuple(_withdrawals(conn, known_at)),
        mandates=tuple(mandates),
        standings=tuple(standings),
        verdicts=tuple(_verdicts(conn, topic.id, known_at)),
    )
    return TopicEvidence(
        topic=topic,
        record=record,
        conditions={
            key: clauses for key, clauses in conditions.by_number.items() if key not in hidden
        },
        proposed=_proposed(mandates, standings),
        recurring=recurring,
    )


@prepared
def _statements(*, topic: Param, known_at: Param | None, spoken_by: Param | None) -> Query:
    table = schema.statements.c
    columns = (column for column in table if column.name not in UNREAD)
    query = select(*columns).where(table.topic == topic, table.retracted < schema.HIDDEN)
    if spoken_by is not None:
        query = query.where(table.speaker.in_(spoken_by))
    return query.where(*known(table, known_at))


def lanes_around(
    conn: Connection, topic: str, actors: Collection[str]
) -> tuple[set[str], set[str]]:
    """Return the lanes that words of some actors can move, and all whose words these lanes need.

    All are ids of lanes as known now: the actors with the sides that they ever spoke for, then
    these with all who ever spoke for one of them.
    """
    lanes = lanes_known(conn)
    moved = {lanes.of(actor) for actor in actors}
    members = {member for lane in moved for member in lanes.members(lane)}
    moved |= {
        lanes.of(side)
        for member in sorted(members)
        for side in conn.execute(*_spoken_for(topic=topic, speaker=member)).scalars()
    }
    sides = {member for lane in moved for member in lanes.members(lane)}
    needed = {
        lanes.of(speaker)
        for side in sorted(sides)
        for speaker in conn.execute(*_speakers_for(topic=topic, side=side)).scalars()
    }
    # A lane that was merged into another is left empty.
    return moved | {*actors}, moved | needed


def read_around(
    conn: Connection, topic: directory.Topic, actors: Collection[str], *, speaker: str = ""
) -> tuple[TopicEvidence, set[str] | None]:
    """Return what the rule reads of the lanes that words of some actors can move, and these lanes.

    Where decisions recur it is what the rule reads of the whole topic, and ``None``.
    """
    # Whether the decisions on a direction recur follows from all votes on the topic.
    if topic.scale.name != "direction":
        moved, needed = lanes_around(conn, topic.id, actors)
        evidence = read_evidence(conn, topic, speaker=speaker, speakers=needed)
        if not evidence.record.topic.recurring:
            return evidence, moved
    return read_evidence(conn, topic, speaker=speaker), None


@prepared
def _spoken_for(*, topic: Param, speaker: Param) -> Query:
    """Select the actors on whose behalf somebody spoke on a topic."""
    columns = schema.readings.c
    here = columns.topic == topic, columns.speaker == speaker, columns.known_until.is_(None)
    return select(columns.actor).where(*here).distinct()


@prepared
def _speakers_for(*, topic: Param, side: Param) -> Query:
    """Select the actors who spoke on a topic on somebody's behalf."""
    columns = schema.readings.c
    spoke = columns.speaker.is_not(None), columns.known_until.is_(None)
    return (
        select(columns.speaker)
        .where(columns.topic == topic, columns.actor == side, *spoke)
        .distinct()
    )


def _nature(
    conn: Connection,
    topic: directory.Topic,
    words: Sequence[StatementVersion],
    known_at: int | None,
) -> tuple[Topic, bool]:
    """Return what a topic asks, and whether *recurring* is only assumed, from its votes."""
    stated = stated_natures(conn, [topic.id], known_at).get(topic.id)
    votes = topic.scale.name == "direction" and any(version.voted for version in words)
    is_proposed = stated is None and votes
    nature = stated or usual_nature(topic.scale.name)
    rule_topic = Topic(
        asks=nature.asks,
        recurring=nature.recurring or is_proposed,
        limit=None if is_proposed else nature.limit_months,
        rhythm=_rhythm(words),
        prints=nature.prints,
    )
    return rule_topic, is_proposed


def _rhythm(words: Sequence[StatementVersion]) -> float:
    """Return the median number of days between two days with statements on a topic."""
    days = sorted({version.day for version in words})
    return median(after - before for before, after in pairwise(days)) if len(days) > 1 else 0


def _withdrawals(conn: Connection, known_at: int | None) -> Iterator[Withdrawal]:
    """Yield the walk-backs known at a log position, without their later ends."""
    for links in walk_backs(conn, known_at).values():
        yield from (msgspec.structs.replace(link, known_until=None) for link in links)


def _verdicts(conn: Connection, topic: str, known_at: int | None) -> Iterator[Verdict]:
    """Yield the verdicts of editors on changes of this edition."""
    for verdict in verdicts(conn, topic=topic, known_at=known_at):
        if verdict.ends.edition == RULE:
            yield Verdict(
                before=frozenset(verdict.ends.before),
                after=frozenset(verdict.ends.after),
                signed=verdict.verdict == SIGNED,
                cause=verdict.cause,
                known_from=verdict.position,
            )


def _words(
    conn: Connection,
    topic: directory.Topic,
    lanes: Lanes,
    rows: Sequence[Any],
    conditions: Conditions,
    known_at: int | None,
    numbers: list[int] | None,
) -> list[StatementVersion]:
    speakers = directory.actors_by_id(conn, {row.speaker for row in rows})
    kinds = {key: actor.kind for key, actor in speakers.items()}
    kinds |= _earlier_values(conn, "kind", known_at)
    own = _own_texts(conn, rows, lanes, known_at)
    amended, of_conditions = _amended(conn, topic.id, known_at, numbers)
    readings = quote_readings(conn, (row.number for row in rows), known_at)
    since = _known_since(conn, topic.id, of_conditions, known_at, numbers)
    return [
        StatementVersion(
            statement=row.number,
            speaker=lanes.of(row.speaker),
            speaker_kind=kinds.get(row.speaker, ""),
            side=lanes.of(row.on_behalf_of) if row.on_behalf_of else None,
            stance=row.stance,
            reason=row.no_position_reason,
            uncoded=row.scale_version == FIRST_VERSION and row.stance in dict(topic.scale.earlier),
            sets=conditions.sets(row),
            drops=conditions.drops(row),
            rank=row.rank,
            joint=row.attribution == "joint",
            voted=row.attribution == "voted",
            against=bool(row.dissent),
            own_text=row.number in own,
            earliest=row.said_earliest,
            counts_from=row.counts_from,
            timed=bool(row.timed),
            wording=row.wording,
            occasion=f"{row.document} {row.utterance or ''}",
            quote=_quote(row, readings.get(row.number, ())),
            amended_at=amended.get(row.number, 0),
            retracted=bool(row.retracted),
            known_from=max(since.get(row.number, row.known_from), lanes.since.get(row.speaker, 0)),
        )
        for row in rows
    ]


def _quote(row: Any, blind: Sequence[QuoteReading]) -> Quote | None:  # noqa: ANN401 - a row
    """Return the quote of a statement with its blind readings, if there are any."""
    quote = _free_text(row.words).quote if blind else None
    if quote is None:
        return None
    directions = tuple(entry.direction if entry.carries else None for entry in blind)
    return Quote(words=len(quote.exact.split()), readings=directions)


def _own_texts(
    conn: Connection, rows: Sequence[Any], lanes: Lanes, known_at: int | None
) -> set[int]:
    """Return the numbers of statements whose source the speaker wrote."""
    wrote = authors_of(conn, {row.document for row in rows})
    wrote |= _earlier_values(conn, "author", known_at)
    bearers = {
        name: {lanes.of(actor) for actor in actors}
        for name, actors in directory.bearers(conn, {*wrote.values()} - {""}, known_at).items()
    }
    authors = {key: bearers.get(name, set()) for key, name in wrote.items()}
    return {row.number for row in rows if lanes.of(row.speaker) in authors.get(row.document, ())}


def _earlier_values(conn: Connection, field: str, known_at: int | None) -> dict[str, str]:
    """Return the values of a corrected field at a log position, by id of an actor or document."""
    if known_at is None:
        return {}
    rows = conn.execute(*_earlier(field=field, known_at=known_at))
    return {row.stream: row.value for row in rows}


@prepared
def _earlier(*, field: Param, known_at: Param) -> Query:
    table = schema.earlier_values.c
    query = select(table.stream, table.value)
    after = query.where(table.field == field, table.known_until > known_at)
    # Of several values the first to end is the right one: it comes last.
    return after.order_by(table.known_until.desc())


def _amended(
    conn: Connection, topic: str, known_at: int | None, numbers: list[int] | None
) -> tuple[dict[int, int], dict[int, int]]:
    """Return the log position at which a statement was last amended, by its number.

    Then the same of its conditions alone.
    """
    rows = conn.execute(*_amendments(topic=topic, known_at=known_at, numbers=numbers)).all()
    return (
        {row.number: row.amended for row in rows if row.amended},
        {row.number: row.conditions for row in rows if row.conditions},
    )


@prepared
def _amendments(*, topic: Param, known_at: Param | None, numbers: Param | None) -> Query:
    said, table = schema.statements.c, schema.amendments.c
    amended = case((table.kind != REPLY_RETRACTED, table.position))
    conditions = case((table.field.in_(OF_CONDITIONS), table.position))
    query = select(
        table.number, func.max(amended).label("amended"), func.max(conditions).label("conditions")
    )
    of_topic = table.number.in_(select(said.number).where(said.topic == topic))
    if numbers is not None:
        of_topic = table.number.in_(numbers)
    return query.where(of_topic, *up_to(table.position, known_at)).group_by(table.number)


def _known_since(
    conn: Connection,
    topic: str,
    conditions: dict[int, int],
    known_at: int | None,
    numbers: list[int] | None,
) -> dict[int, int]:
    """Return by number since which log position all that the rule reads of a statement is known.

    Corrections of wording do not count, those of a condition do.
    """
    rows = conn.execute(*_readings_since(topic=topic, known_at=known_at, numbers=numbers))
    since = {row.number: row.since for row in rows}
    for number, position in conditions.items():
        since[number] = max(since.get(number, 0), position)
    return since


@prepared
def _readings_since(*, topic: Param, known_at: Param | None, numbers: Param | None) -> Query:
    said = schema.readings.c
    query = select(said.number, func.max(said.known_from).label("since"))
    query = query.where(said.topic == topic, *known(said, known_at)).group_by(said.number)
    return query if numbers is None else query.where(said.number.in_(numbers))


def _mandates(
    conn: Connection, lanes: Lanes, speakers: set[str], topic: str, known_at: int | None
) -> tuple[list[Mandate], list[MandateStanding]]:
    """Return the mandates of the speakers, and their standings."""
    members = {member for member, lane in lanes.lane.items() if lane in speakers}
    members |= speakers - lanes.lane.keys()
    relevant = directory.mandates_of(conn, members, known_at)
    standings = [standing for mandate in relevant for standing in _standings(mandate, topic)]
    return [_mandate(mandate, lanes) for mandate in relevant], standings


def _standings(mandate: directory.Mandate, topic: str) -> Iterator[MandateStanding]:
    """Yield the standings of a mandate: what its role proposes, then what was stated."""
    standing = mandate.standing or proposed_standing(mandate.role)
    yield MandateStanding(
        mandate=mandate.id, standing=_checked(standing), proposed=not mandate.standing, known_from=0
    )
    for order, stated in enumerate(mandate.stated, start=1):
        if stated.topic in (None, topic):
            yield MandateStanding(
                mandate=mandate.id,
                standing=_checked(stated.standing),
                for_topic=stated.topic is not None,
                begins=parse_date(stated.since).earliest if stated.since else None,
                ends=parse_date(stated.until).latest if stated.until else None,
                known_from=order,
            )


def _checked(standing: str) -> Standing:
    return "decides" if standing == "decides" else "speaks"


def _mandate(mandate: directory.Mandate, lanes: Lanes) -> Mandate:
    begins = parse_date(mandate.since) if mandate.since else None
    return Mandate(
        mandate=mandate.id,
        person=lanes.of(mandate.actor),
        side=lanes.of(mandate.on_behalf_of),
        role=mandate.role,
        begins=begins.earliest if begins else None,
        begins_by=begins.latest if begins else None,
        ends=parse_date(mandate.until).latest if mandate.until else None,
        known_from=0,
    )


def _proposed(
    mandates: Sequence[Mandate], standings: Sequence[MandateStanding]
) -> tuple[tuple[str, str], ...]:
    """Return persons and sides of the mandates whose standing nobody stated."""
    stated = {standing.mandate for standing in standings if not standing.proposed}
    proposed = (mandate for mandate in mandates if mandate.mandate not in stated)
    return tuple(sorted({(mandate.person, mandate.side) for mandate in proposed}))
