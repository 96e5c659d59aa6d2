"""The lists of the API: read in parts, each with the address of the next."""

from __future__ import annotations

import re
from itertools import dropwhile, islice
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import msgspec

from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message
from timeline.domain.position.edition2 import RULE
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
from timeline.projections.tables.lanes import lanes_known
from web.shell.request import services, this_request
from web.wording.clocks import Clocks, read_clocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy import Connection
    from werkzeug.datastructures import MultiDict

    from timeline.domain.event import Event
    from timeline.projections.queries.entries import Entry
    from timeline.projections.queries.positions import LaneChange

__all__ = ["LISTS", "ListPart", "ListQuery", "answer_actors", "answer_topics", "read_list_query"]

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
"""The usual and the greatest number of items in a part."""

LONGEST = 200
"""The most characters of a search."""

KINDS, ORDERS = ("statement", "development"), ("new", "old")
SIGNED = ("only", "any")
TRUE, FALSE = frozenset({"1", "true"}), frozenset({"0", "false"})
YEAR = re.compile(r"-?\d{1,6}")
PAIR = re.compile(r"(-?\d{1,18}),(\d{1,18})")


class ListQuery(msgspec.Struct, frozen=True):
    """The query of a list: place, limit, filters, and both clocks.

    ``topic`` and ``actor`` are ids, of the first one if several are given. ``variables`` are
    values such as ``room:a line``.
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
    unsigned: bool

    @property
    def place(self) -> tuple[int, int] | None:
        """The cursor ``after`` as two numbers; raises `Refused` for anything else."""
        if not self.after:
            return None
        match = PAIR.fullmatch(self.after)
        if match is None:
            raise Refused(CURSOR_UNFIT, field="after", after=InQuotes(self.after))
        return int(match[1]), int(match[2])


class ListPart(msgspec.Struct, frozen=True):
    """Items of a list, and the cursor of the next part, empty for the last.

    ``head`` has further numbers about the list.
    """

    items: list[Any]
    following: str = ""
    head: dict[str, int] = {}

    def as_json(self, path: str, query: MultiDict[str, str]) -> dict[str, Any]:
        """Return the part as JSON data, with the address of the next."""
        return {**self.head, "items": self.items, "next": _next(path, query, self.following)}


def _next(path: str, query: MultiDict[str, str], following: str) -> str | None:
    """Return the address of the next part, if there is one."""
    if not following:
        return None
    pairs = [pair for pair in query.items(multi=True) if pair[0] != "after"]
    return f"{path}?{urlencode([*pairs, ('after', following)], safe='@:,/')}"


def read_list_query(conn: Connection, query: MultiDict[str, str]) -> ListQuery:
    """Read the parameters of a list; raises `Refused` or `NotFound` for invalid ones."""
    topic, actor = query.get("topic"), query.get("actor")
    return ListQuery(
        clocks=read_clocks(conn, query),
        limit=_limit(query.get("limit", "")),
        after=query.get("after", ""),
        topic=directory.topic(conn, topic).id if topic else None,
        actor=directory.actor(conn, actor).id if actor else None,
        variables=tuple(query.getlist("variable")),
        why=query.get("why", "").lower() in TRUE,
        kind=_one_of(query, "kind", ("", *KINDS), NO_SUCH_KIND),
        newest_first=_one_of(query, "order", ("new", "old", ""), NO_SUCH_ORDER) != "old",
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
    value = query.get(name, "")
    if value not in choices:
        allowed = ", ".join(filter(None, choices))
        raise Refused(message, field=name, choices=allowed, given=InQuotes(value))
    return value


def _stories(conn: Connection, query: ListQuery) -> ListPart:
    stories = directory.stories_after(conn, query.after, query.limit + 1)
    items = [{"slug": story.slug, "title": story.title} for story in stories]
    return _part(items, query, lambda item: str(item["slug"]))


def _topics(conn: Connection, query: ListQuery) -> ListPart:
    topics = directory.topics_after(conn, query.after, query.limit + 1)
    return _part(answer_topics(conn, topics), query, lambda item: item.slug)


def _actors(conn: Connection, query: ListQuery) -> ListPart:
    actors = directory.actors_after(conn, query.after, query.limit + 1)
    return _part(answer_actors(conn, actors), query, lambda item: item.slug)


def _positions(conn: Connection, query: ListQuery) -> ListPart:
    topic, _, actor = query.after.partition("/")
    answers = ask_positions(
        conn,
        query.clocks,
        topic=query.topic,
        lane=query.actor,
        why=query.why,
        begin=topic,
        now=this_request().now,
    )
    coming = dropwhile(lambda answer: (answer.topic, answer.actor) <= (topic, actor), answers)
    part = _part(coming, query, lambda item: f"{item.topic}/{item.actor}")
    return msgspec.structs.replace(part, head={"rule": RULE})


def _changes(conn: Connection, query: ListQuery) -> ListPart:
    """Return changes; the cursor is an instant and a count, because changes have no number."""
    until, skip = query.place or (None, 0)
    filter_ = ChangeFilter(
        topics=(query.topic,) if query.topic else (),
        lanes=(query.actor,) if query.actor else (),
        as_of=query.clocks.as_of,
        known_at=query.clocks.known_at,
        which="any" if query.unsigned else "signed",
    )
    paged_filter = msgspec.structs.replace(filter_, until=until)
    if until is not None:
        # The cursor may count more than there are by now.
        skip = min(skip, count_at(conn, filter_, until))
    changes = find_changes(conn, paged_filter, query.limit + 1 + skip)
    shown = changes[skip : skip + query.limit]
    more = len(changes) > skip + query.limit
    answers = answer_changes(conn, shown, known_at=filter_.known_at)
    head = {"rule": RULE, "waiting": count_waiting(conn, filter_)}
    return ListPart([*answers], _after_change(changes, skip + len(shown)) if more else "", head)


def _after_change(changes: list[LaneChange], seen: int) -> str:
    """Return the cursor after a change: its instant, and how many of that were shown."""
    last = changes[seen - 1].change.counts_from
    same_instant = sum(change.change.counts_from == last for change in changes[:seen])
    return f"{last},{same_instant}"


def _entries(conn: Connection, query: ListQuery) -> ListPart:
    actors = frozenset(lanes_known(conn).members(query.actor) if query.actor else ())
    topics = {query.topic} if query.topic else None
    matching = statements_having(conn, topics, query.variables, query.clocks.known_at)
    kinds = frozenset(filter(None, (query.kind,)))
    filter_ = paging.Filter(actors=actors, kinds=kinds, having=matching)
    page = paging.page(
        conn,
        query.topic,
        filter_,
        query.clocks,
        newest_first=query.newest_first,
        after=query.place,
        limit=query.limit,
    )
    following = "{},{}".format(*page.following) if page.following else ""
    return ListPart(_entry_answers(conn, page.entries, query.clocks.known_at), following)


def _entry_answers(
    conn: Connection, found: Iterable[Entry], known_at: int | None
) -> list[dict[str, Any]]:
    """Return entries as native rows with replies, as far as readers may see them."""
    by_stream = {entry.stream: entry for entry in found}
    upto = this_request().record.shown if known_at is None else known_at
    rows = PickedEntries(services().log, upto).rows([*by_stream])
    replies = attached.replies(conn, [entry.number for entry in by_stream.values()], known_at)
    answers = {}
    for picked in rows:
        entry = by_stream[picked.stream]
        head = {"number": entry.number, "retracted": entry.retracted, "withheld": entry.withheld}
        readable = readable_replies(replies.get(entry.number, ()))
        row = nest(readable_row(picked.row, withheld=entry.withheld))
        answers[picked.stream] = head | row | ({"replies": readable} if readable else {})
    return [answers[stream] for stream in by_stream if stream in answers]


def search_answer(conn: Connection, path: str, query: MultiDict[str, str]) -> dict[str, Any]:
    """Return actors, topics and entries that match ``q``, the nearest first.

    Only entries are filtered by topics, actors and years, each of which may be several. All three
    lists are paged together. Raises `Refused` without words.
    """
    list_query = read_list_query(conn, query)
    skip = whole_number(list_query.after) if list_query.after else 0
    if skip is None or skip > LATEST:
        raise Refused(CURSOR_UNFIT, field="after", after=InQuotes(list_query.after))
    typed = " ".join(query.get("q", "").split())[:LONGEST]
    if not typed:
        raise Refused(NOTHING_SOUGHT, field="q")
    scope = _narrowed(conn, query)
    hits = search(conn, typed, limit=list_query.limit, skip=skip, scope=scope)
    end = skip + list_query.limit
    goes_on = hits.more or max(hits.actors_total, hits.topics_total) > end
    return {
        "actors": answer_actors(conn, hits.actors),
        "topics": answer_topics(conn, hits.topics),
        "entries": _entry_answers(conn, hits.entries, None),
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


def entry_answer(conn: Connection, number: int, known_at: int | None) -> dict[str, Any]:
    """Return an entry; raises `NotFound` if it was not known then."""
    return _entry_answers(conn, [entries.entry(conn, number, known_at)], known_at)[0]


def entry_events(conn: Connection, number: int) -> list[dict[str, Any]]:
    """Return the events of an entry's stream; raises `NotFound`."""
    stream = entries.entry(conn, number).stream
    return _readable(conn, services().log.streams_of([stream], this_request().record.shown)[stream])


def _events(conn: Connection, query: ListQuery) -> ListPart:
    after = whole_number(query.after) if query.after else 0
    if after is None:
        raise Refused(CURSOR_UNFIT, field="after", after=InQuotes(query.after))
    shown = this_request().record.shown
    known_at = query.clocks.known_at
    upto = shown if known_at is None else min(known_at, shown)
    rows = [*islice(services().log.stream(after=after, upto=upto), query.limit + 1)]
    readable = _readable(conn, [event for _, event in rows])
    items = [
        {"position": position} | item for (position, _), item in zip(rows, readable, strict=True)
    ]
    return _part(items, query, lambda item: str(item["position"]))


def _readable(conn: Connection, events: Sequence[Event]) -> list[dict[str, Any]]:
    """Return what readers may see of events; links to withheld entries are hidden."""
    hidden = withheld_streams(conn, {about for event in events for about in _about(event)})
    return [
        readable_event(event, withheld=not hidden.isdisjoint(_about(event))) for event in events
    ]


def _about(event: Event) -> set[str]:
    return {event.originator_id, getattr(event, "target", "")} - {""}


def _part(all_items: Iterable[Any], query: ListQuery, place: Callable[[Any], str]) -> ListPart:
    items = [*islice(all_items, query.limit + 1)]
    more = len(items) > query.limit
    items = items[: query.limit]
    return ListPart(items, place(items[-1]) if more else "")


LISTS: dict[str, Callable[[Connection, ListQuery], ListPart]] = {
    "stories": _stories,
    "topics": _topics,
    "actors": _actors,
    "positions": _positions,
    "changes": _changes,
    "entries": _entries,
    "events": _events,
}
"""The lists by the last part of their address."""
