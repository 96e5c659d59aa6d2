"""The filters above the chart: what can be chosen, what is chosen, and what that lets through."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec
from flask_babel import gettext

from timeline.domain.dates import parse_asof, parse_date
from timeline.projections.lanes import lane_of
from timeline.projections.queries import directory, log
from timeline.projections.queries.entries import DevelopmentEntry, StatementEntry
from timeline.projections.queries.paging import Filter
from web import dating, stances
from web.stances import StanceView
from web.topic.crowd import is_crowd

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Topic
    from web.names import Names
    from web.topic.address import TopicAddress
    from web.topic.history import LaneHistory


class Option(msgspec.Struct, frozen=True):
    """One box of a filter; ``count`` respects the other filters, None where nobody counts."""

    value: str
    label: str
    count: int | None
    chosen: bool
    stance: StanceView | None = None


class Filters(msgspec.Struct, frozen=True):
    """The boxes of each filter."""

    actors: list[Option]
    stances: list[Option]
    sources: list[Option]
    kinds: list[Option]


def wanted(conn: Connection, address: TopicAddress, lanes: list[LaneHistory]) -> Filter:
    """Return what the address lets through."""
    actors: set[str] = set()
    into = lane_of(conn)
    for slug in address.actor:
        actor = directory.actor(conn, slug).id
        actors |= {actor} | {member for member, lane in into.items() if lane == actor}
    only = None
    if address.only == "changes":
        only = frozenset(
            n for lane in lanes for c in lane.changes if c.kind != "first" for n in c.after
        )
    return Filter(
        actors=frozenset(actors),
        stances=frozenset(None if one == "none" else int(one) for one in address.stance),
        documents=frozenset(address.source),
        kinds=frozenset(address.kind),
        numbers=only,
        begin=parse_date(address.begin).earliest if address.begin else None,
        end=parse_asof(address.end) if address.end else None,
        recorded_after=log.read_known(conn, address.since) if address.only == "new" else None,
    )


def lets_through(wanted: Filter, one: StatementEntry) -> bool:
    """Tell whether a statement passes."""
    return (
        (not wanted.actors or bool(wanted.actors.intersection(one.actors)))
        and (not wanted.stances or one.stance in wanted.stances)
        and (not wanted.documents or one.document in wanted.documents)
        and (not wanted.kinds or "statement" in wanted.kinds)
        and (wanted.numbers is None or one.number in wanted.numbers)
        and (wanted.begin is None or one.counts_from >= wanted.begin)
        and (wanted.end is None or one.counts_from <= wanted.end)
        and (wanted.recorded_after is None or one.number > wanted.recorded_after)
    )


def narrowed(wanted: Filter, lane: LaneHistory) -> LaneHistory:
    """Return a lane with the counts of its days that pass, as far as counts can tell."""
    passes = (not wanted.actors or lane.actor in wanted.actors) and (
        not wanted.kinds or "statement" in wanted.kinds
    )
    kept = [passes and (not wanted.stances or stance in wanted.stances) for stance in range(-2, 3)]
    if not lane.daily or all(kept):
        return lane
    daily = []
    for day, counts in lane.daily:
        a, b, c, d, e = (one * keeps for one, keeps in zip(counts, kept, strict=True))
        daily.append((day, (a, b, c, d, e)))
    return msgspec.structs.replace(lane, daily=tuple(daily))


def is_on_axis(wanted: Filter, one: DevelopmentEntry) -> bool:
    """Tell whether a development is shown: it stays beside whoever's words are asked for."""
    return (
        (not wanted.kinds or "development" in wanted.kinds)
        and (wanted.begin is None or one.counts_from >= wanted.begin)
        and (wanted.end is None or one.counts_from <= wanted.end)
    )


def filters(
    conn: Connection,
    topic: Topic,
    address: TopicAddress,
    lanes: list[LaneHistory],
    said: dict[int, StatementEntry],
    names: Names,
) -> Filters:
    """Return every box with how many statements it would leave, the other filters kept."""
    full = wanted(conn, address, lanes)
    counts = not is_crowd(topic)
    into = lane_of(conn)

    def passing(**without: frozenset[object]) -> list[StatementEntry]:
        loose = msgspec.structs.replace(full, **without)
        return [one for one in said.values() if lets_through(loose, one)]

    by_actor = Counter(
        lane
        for one in passing(actors=frozenset())
        for lane in {into.get(actor, actor) for actor in one.actors}
    )
    by_stance = Counter(one.stance for one in passing(stances=frozenset()))
    by_source = Counter(one.document for one in passing(documents=frozenset()))
    names.documents(set(by_source))
    return Filters(
        actors=[
            Option(
                names.actor(lane.actor).slug,
                names.actor(lane.actor).name,
                by_actor[lane.actor] if counts else None,
                chosen=names.actor(lane.actor).slug in address.actor,
            )
            for lane in lanes
        ],
        stances=[
            _stance(topic, value, by_stance if counts else None, address)
            for value in (*topic.scale.steps, None)
        ],
        sources=[
            Option(document, _dated(names, document), count, chosen=document in address.source)
            for document, count in (by_source.most_common(40) if counts else ())
        ],
        kinds=[
            Option("statement", gettext("statements"), None, chosen="statement" in address.kind),
            Option(
                "development", gettext("developments"), None, chosen="development" in address.kind
            ),
        ],
    )


def sources(said: dict[int, StatementEntry], names: Names) -> list[tuple[str, int]]:
    """Return the outlets that statements come from, most often first."""
    by_source = Counter(one.document for one in said.values() if not one.retracted)
    names.documents(set(by_source))
    by_outlet: Counter[str] = Counter()
    for document, count in by_source.items():
        by_outlet[_source(names, document)] += count
    return by_outlet.most_common(6)


def _stance(
    topic: Topic,
    value: int | None,
    counts: Counter[int | None] | None,
    address: TopicAddress,
) -> Option:
    name = "none" if value is None else str(value)
    shown = stances.view(topic.scale, value)
    count = None if counts is None else counts[value]
    return Option(name, shown.word, count, chosen=name in address.stance, stance=shown)


def _source(names: Names, document: str) -> str:
    found = names.document(document)
    return found.outlet or found.title or found.url


def _dated(names: Names, document: str) -> str:
    published = names.document(document).published_at
    label = _source(names, document)
    return f"{label}, {dating.said(published)}" if published else label
