"""Lists of the interface: read in parts, each of which says where the next one is."""

from __future__ import annotations

import re
from itertools import dropwhile, islice
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import msgspec

from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message
from timeline.domain.position.edition2 import RULE
from timeline.domain.position.editions import EDITIONS
from timeline.domain.text import whole_number
from timeline.interchange.exporting.export import nest
from timeline.interchange.exporting.picking import PickedEntries
from timeline.interchange.native.readable import readable_event, readable_replies, readable_row
from timeline.projections.queries import attached, directory, entries, paging
from timeline.projections.queries.answers import (
    answer_actors,
    answer_topics,
    ask_positions,
)
from timeline.projections.queries.change_answers import (
    ChangeFilter,
    answer_changes,
    count_at,
    count_waiting,
    find_changes,
)
from timeline.projections.queries.own_values import statements_having
from timeline.projections.queries.search import LATEST, SearchScope, search
from timeline.projections.queries.withheld import withheld_streams
from timeline.projections.tables.lanes import lane_of
from web.lanes.first_edition import NO_SUCH_EDITION
from web.shell.request import services, this_request
from web.wording.clocks import Clocks, read_clocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy import Connection
    from werkzeug.datastructures import MultiDict

    from timeline.domain.event import Event
    from timeline.projections.queries.entries import Entry
    from timeline.projections.queries.positions import LaneChange

__all__ = ["LISTS", "Asked", "Part", "answer_actors", "answer_topics", "read_asked"]

LIMIT_UNFIT = Message(
    "limit_unfit", "%(limit)s is no number of items", fix="give one from 1 to %(most)s"
)
CURSOR_UNFIT = Message(
    "cursor_unfit", "%(after)s is no place in this list", fix="follow the address under next"
)
NOTHING_SOUGHT = Message("nothing_sought", "nothing is looked for", fix="give words as q")
NO_SUCH_ORDER = Message("no_such_order", "%(given)s is no order", fix="use one of: %(choices)s")
NO_SUCH_YEAR = Message("no_such_year", "%(given)s is no year", fix="write it like 2025")
NO_SUCH_STATUS = Message(
    "no_such_status",
    "%(given)s does not say which changes are asked for",
    fix="use one of: %(choices)s",
)
NO_SUCH_KIND = Message("no_such_kind", "%(given)s is no kind", fix="use one of: %(choices)s")

USUAL, MOST = 100, 500
"""Items of a part, unless asked otherwise, and at the most."""

LONGEST = 200
"""Characters of what is looked for."""

KINDS, ORDERS = ("statement", "development"), ("new", "old")
SIGNED = ("only", "any")
TRUE, FALSE = frozenset({"1", "true"}), frozenset({"0", "false"})
YEAR = re.compile(r"-?\d{1,6}")
PAIR = re.compile(r"(-?\d{1,18}),(\d{1,18})")


class Asked(msgspec.Struct, frozen=True):
    """What is asked of a list: from where on, how many, of what and whom, at both clocks.

    ``topic`` and ``actor`` are ids: of several that are named the first. ``variables`` are values
    such as ``room:a line``.
    """

    clocks: Clocks
    limit: int
    after: str
    topic: str | None
    actor: str | None
    variables: tuple[str, ...]
    why: bool
    kind: str
    newest_first: bool
    rule: int
    unsigned: bool

    @property
    def place(self) -> tuple[int, int] | None:
        """Two numbers that say where a list goes on; raises `Refused` for anything else."""
        if not self.after:
            return None
        match = PAIR.fullmatch(self.after)
        if match is None:
            raise Refused(CURSOR_UNFIT, field="after", after=InQuotes(self.after))
        return int(match[1]), int(match[2])


class Part(msgspec.Struct, frozen=True):
    """Items of a list, and the ``after`` of the next part, empty for the last.

    ``head`` is what is said of the list besides.
    """

    items: list[Any]
    following: str = ""
    head: dict[str, int] = {}

    def told(self, path: str, query: MultiDict[str, str]) -> dict[str, Any]:
        """Return the part as it is given out, with the address of the next."""
        return {**self.head, "items": self.items, "next": _next(path, query, self.following)}


def _next(path: str, query: MultiDict[str, str], following: str) -> str | None:
    """Return the address at which a list goes on, if it does."""
    if not following:
        return None
    pairs = [pair for pair in query.items(multi=True) if pair[0] != "after"]
    return f"{path}?{urlencode([*pairs, ('after', following)], safe='@:,/')}"


def read_asked(conn: Connection, query: MultiDict[str, str]) -> Asked:
    """Read the parameters of a list; raises `Refused` or `NotFound` for what makes no sense."""
    topic, actor = query.get("topic"), query.get("actor")
    return Asked(
        clocks=read_clocks(conn, query),
        limit=_limit(query.get("limit", "")),
        after=query.get("after", ""),
        topic=directory.topic(conn, topic).id if topic else None,
        actor=directory.actor(conn, actor).id if actor else None,
        variables=tuple(query.getlist("variable")),
        why=query.get("why", "").lower() in TRUE,
        kind=_one_of(query, "kind", ("", *KINDS), NO_SUCH_KIND),
        newest_first=_one_of(query, "order", ("new", "old", ""), NO_SUCH_ORDER) != "old",
        rule=int(_one_of(query, "rule", ("", *map(str, EDITIONS)), NO_SUCH_EDITION) or RULE),
        unsigned=_one_of(query, "signed", ("", *SIGNED), NO_SUCH_STATUS) == "any",
    )


def _limit(text: str) -> int:
    if not text:
        return USUAL
    limit = whole_number(text)
    if limit is None or not 1 <= limit <= MOST:
        raise Refused(LIMIT_UNFIT, field="limit", limit=InQuotes(text), most=MOST)
    return limit


def _one_of(
    query: MultiDict[str, str], name: str, choices: tuple[str, ...], message: Message
) -> str:
    given = query.get(name, "")
    if given not in choices:
        known = ", ".join(filter(None, choices))
        raise Refused(message, field=name, choices=known, given=InQuotes(given))
    return given


def _stories(conn: Connection, asked: Asked) -> Part:
    stories = directory.stories_after(conn, asked.after, asked.limit + 1)
    told = [{"slug": story.slug, "title": story.title} for story in stories]
    return _part(told, asked, lambda one: str(one["slug"]))


def _topics(conn: Connection, asked: Asked) -> Part:
    topics = directory.topics_after(conn, asked.after, asked.limit + 1)
    return _part(answer_topics(conn, topics), asked, lambda one: one.slug)


def _actors(conn: Connection, asked: Asked) -> Part:
    actors = directory.actors_after(conn, asked.after, asked.limit + 1)
    return _part(answer_actors(conn, actors), asked, lambda one: one.slug)


def _positions(conn: Connection, asked: Asked) -> Part:
    topic, _, actor = asked.after.partition("/")
    answers = ask_positions(
        conn,
        asked.clocks,
        topic=asked.topic,
        lane=asked.actor,
        why=asked.why,
        begin=topic,
        now=this_request().now,
        rule=asked.rule,
    )
    coming = dropwhile(lambda answer: (answer.topic, answer.actor) <= (topic, actor), answers)
    part = _part(coming, asked, lambda one: f"{one.topic}/{one.actor}")
    return msgspec.structs.replace(part, head={"rule": asked.rule})


def _changes(conn: Connection, asked: Asked) -> Part:
    """Return changes; those of one instant are counted, since they have no number of their own."""
    until, skip = asked.place or (None, 0)
    wanted = ChangeFilter(
        topics=(asked.topic,) if asked.topic else (),
        lanes=(asked.actor,) if asked.actor else (),
        as_of=asked.clocks.as_of,
        known_at=asked.clocks.known_at,
        which="any" if asked.unsigned else "signed",
        rule=asked.rule,
    )
    here = msgspec.structs.replace(wanted, until=until)
    if until is not None:
        # A place may name more than there are, or more than there are by now.
        skip = min(skip, count_at(conn, wanted, until))
    changes = find_changes(conn, here, asked.limit + 1 + skip)
    shown = changes[skip : skip + asked.limit]
    more = len(changes) > skip + asked.limit
    answers = answer_changes(conn, shown, known_at=wanted.known_at)
    head = {"rule": asked.rule, "waiting": count_waiting(conn, wanted)}
    return Part([*answers], _after_change(changes, skip + len(shown)) if more else "", head)


def _after_change(changes: list[LaneChange], seen: int) -> str:
    """Return the last instant that was shown, and how many of it were."""
    last = changes[seen - 1].change.counts_from
    of_it = sum(change.change.counts_from == last for change in changes[:seen])
    return f"{last},{of_it}"


def _entries(conn: Connection, asked: Asked) -> Part:
    into = lane_of(conn)
    members = {one for one, lane in into.items() if lane == asked.actor}
    actors = frozenset({asked.actor, *members} if asked.actor else ())
    topics = {asked.topic} if asked.topic else None
    having = statements_having(conn, topics, asked.variables, asked.clocks.known_at)
    kinds = frozenset(filter(None, (asked.kind,)))
    wanted = paging.Filter(actors=actors, kinds=kinds, having=having)
    page = paging.page(
        conn,
        asked.topic,
        wanted,
        asked.clocks,
        newest_first=asked.newest_first,
        after=asked.place,
        limit=asked.limit,
    )
    following = "{},{}".format(*page.following) if page.following else ""
    return Part(_told(conn, page.entries, asked.clocks.known_at), following)


def _told(conn: Connection, found: Iterable[Entry], known_at: int | None) -> list[dict[str, Any]]:
    """Return entries with their native rows and replies, as far as readers may see them."""
    by_stream = {entry.stream: entry for entry in found}
    upto = this_request().record.shown if known_at is None else known_at
    rows = PickedEntries(services().log, upto).rows([*by_stream])
    replies = attached.replies(conn, [entry.number for entry in by_stream.values()], known_at)
    told = {}
    for picked in rows:
        one = by_stream[picked.stream]
        head = {"number": one.number, "retracted": one.retracted, "withheld": one.withheld}
        answered = readable_replies(replies.get(one.number, ()))
        row = nest(readable_row(picked.row, withheld=one.withheld))
        told[picked.stream] = head | row | ({"replies": answered} if answered else {})
    return [told[stream] for stream in by_stream if stream in told]


def found(conn: Connection, path: str, query: MultiDict[str, str]) -> dict[str, Any]:
    """Return who, which questions and which entries are meant by ``q``, the nearest first.

    Entries alone are narrowed to topics, actors and years, each of which may be several.
    Each kind goes on by itself, as long as one of them does. Raises `Refused` without words.
    """
    asked = read_asked(conn, query)
    skip = whole_number(asked.after) if asked.after else 0
    if skip is None or skip > LATEST:
        raise Refused(CURSOR_UNFIT, field="after", after=InQuotes(asked.after))
    typed = " ".join(query.get("q", "").split())[:LONGEST]
    if not typed:
        raise Refused(NOTHING_SOUGHT, field="q")
    only = _narrowed(conn, query)
    hits = search(conn, typed, limit=asked.limit, skip=skip, scope=only)
    end = skip + asked.limit
    goes_on = hits.more or max(hits.actors_total, hits.topics_total) > end
    return {
        "actors": answer_actors(conn, hits.actors),
        "topics": answer_topics(conn, hits.topics),
        "entries": _told(conn, hits.entries, None),
        "total": hits.total,
        "uncounted": hits.uncounted,
        "next": _next(path, query, str(end) if goes_on else ""),
    }


def _narrowed(conn: Connection, query: MultiDict[str, str]) -> SearchScope:
    years = query.getlist("year")
    unfit = next((year for year in years if YEAR.fullmatch(year) is None), None)
    if unfit is not None:
        raise Refused(NO_SUCH_YEAR, field="year", given=InQuotes(unfit))
    topics, actors = (filter(None, query.getlist(name)) for name in ("topic", "actor"))
    return SearchScope(
        frozenset(directory.topic(conn, slug).id for slug in topics),
        frozenset(directory.actor(conn, slug).id for slug in actors),
        frozenset(map(int, years)),
    )


def entry_told(conn: Connection, number: int, known_at: int | None) -> dict[str, Any]:
    """Return one entry; raises `NotFound` where it was not known."""
    return _told(conn, [entries.entry(conn, number, known_at)], known_at)[0]


def entry_events(conn: Connection, number: int) -> list[dict[str, Any]]:
    """Return the events of an entry's stream; raises `NotFound` where there is none."""
    stream = entries.entry(conn, number).stream
    return _readable(conn, services().log.streams_of([stream], this_request().record.shown)[stream])


def _events(conn: Connection, asked: Asked) -> Part:
    after = whole_number(asked.after) if asked.after else 0
    if after is None:
        raise Refused(CURSOR_UNFIT, field="after", after=InQuotes(asked.after))
    shown = this_request().record.shown
    known = asked.clocks.known_at
    upto = shown if known is None else min(known, shown)
    some = [*islice(services().log.stream(after=after, upto=upto), asked.limit + 1)]
    readable = _readable(conn, [event for _, event in some])
    told = [{"position": position} | one for (position, _), one in zip(some, readable, strict=True)]
    return _part(told, asked, lambda one: str(one["position"]))


def _readable(conn: Connection, events: Sequence[Event]) -> list[dict[str, Any]]:
    """Return what readers may see of events; a link tells nothing of an end that is withheld."""
    hidden = withheld_streams(conn, {about for event in events for about in _about(event)})
    return [
        readable_event(event, withheld=not hidden.isdisjoint(_about(event))) for event in events
    ]


def _about(event: Event) -> set[str]:
    return {event.originator_id, getattr(event, "target", "")} - {""}


def _part(found: Iterable[Any], asked: Asked, place: Callable[[Any], str]) -> Part:
    items = [*islice(found, asked.limit + 1)]
    more = len(items) > asked.limit
    items = items[: asked.limit]
    return Part(items, place(items[-1]) if more else "")


LISTS: dict[str, Callable[[Connection, Asked], Part]] = {
    "stories": _stories,
    "topics": _topics,
    "actors": _actors,
    "positions": _positions,
    "changes": _changes,
    "entries": _entries,
    "events": _events,
}
"""The lists by the last part of their address."""
