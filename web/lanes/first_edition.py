"""The changes by edition 1 of the rule: a plain list, computed on demand."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec

from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message
from timeline.domain.position.editions import EDITIONS
from timeline.domain.position.reading import RULE as FIRST
from timeline.projections.queries import entries
from timeline.projections.queries.change_answers import ChangeFilter, find_changes
from timeline.projections.queries.tracks import split_votes
from web.lanes.asked_dates import answer_page, read_asked_dates
from web.shell.request import this_request
from web.wording import stances
from web.wording.clocks import read_clocks
from web.wording.names import Names
from web.wording.when import changed_on

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import Connection
    from werkzeug.datastructures import MultiDict
    from werkzeug.wrappers import Response

    from timeline.projections.queries.positions import LaneChange
    from web.wording.clocks import Clocks
    from web.wording.stances import StanceView

NO_SUCH_EDITION = Message(
    "no_such_edition", "the rule has no edition %(given)s", fix="use one of: %(choices)s"
)
SHOWN = 100
"""The most changes on a page; the API has all."""


class ListedChange(msgspec.Struct, frozen=True, kw_only=True):
    """A change by edition 1; ``before`` and ``after`` are numbers of statements."""

    when: str
    who: str
    who_href: str
    topic: str
    topic_href: str
    from_: StanceView | None
    to: StanceView | None
    before: tuple[int, ...]
    after: tuple[int, ...]


class FirstEditionPage(msgspec.Struct, frozen=True, kw_only=True):
    """The changes of a page by edition 1, the latest first.

    ``here`` is the page by the current edition. ``votes`` counts topics of votes, on which both
    editions agree. ``api`` are the addresses of all changes and positions.
    """

    title: str
    here: str
    changes: list[ListedChange]
    more: int
    votes: int
    api: tuple[str, str]
    clocks: Clocks


def asks_first_edition(query: MultiDict[str, str]) -> bool:
    """Tell whether an address asks for edition 1; raises `Refused` for an unknown edition."""
    edition = query.get("rule", "")
    choices = [*map(str, EDITIONS)]
    if edition not in ("", *choices):
        raise Refused(
            NO_SUCH_EDITION, field="rule", choices=", ".join(choices), given=InQuotes(edition)
        )
    return edition == str(FIRST)


def first_edition_page(
    conn: Connection,
    *,
    title: str,
    here: str,
    topics: Collection[str],
    lane: str | None = None,
    narrowing: dict[str, str],
) -> Response:
    """Answer with the changes by edition 1 on topics (ids), on all lanes or one ``lane``.

    ``narrowing`` narrows the interface's answer to the same.
    """
    dates = read_asked_dates(conn, this_request().query, ("as_of", "known_at"))
    clocks = read_clocks(conn, dates.query)
    votes, others = split_votes(conn, [*topics], clocks.known_at)
    question = ChangeFilter(
        topics=tuple(others),
        lanes=(lane,) if lane else (),
        as_of=clocks.as_of,
        known_at=clocks.known_at,
        rule=FIRST,
    )
    changes = find_changes(conn, question) if others else []
    query = urlencode(narrowing | {"rule": str(FIRST)})
    page = FirstEditionPage(
        title=title,
        here=here,
        changes=_list_changes(conn, islice(changes, SHOWN), clocks),
        more=max(0, len(changes) - SHOWN),
        votes=len(votes),
        api=(f"/api/v1/changes?{query}", f"/api/v1/positions?{query}"),
        clocks=clocks,
    )
    return answer_page("first_edition.html", dates, page=page)


def _list_changes(
    conn: Connection, changes: Iterable[LaneChange], clocks: Clocks
) -> list[ListedChange]:
    shown = [*changes]
    numbers = {number for item in shown for number in (*item.change.before, *item.change.after)}
    said = entries.statements(conn, numbers, clocks.known_at)
    names = Names(conn)
    names.actors({item.lane for item in shown})
    listed = []
    for item in shown:
        change, topic, actor = (item.change, names.topic(item.topic), names.actor(item.lane))
        from_, to = stances.sides(topic.scale, change, said)
        listed.append(
            ListedChange(
                when=changed_on(change, said),
                who=actor.name,
                who_href=f"/a/{actor.slug}",
                topic=topic.label,
                topic_href=f"/t/{topic.slug}",
                from_=None if change.kind == "first" else from_,
                to=to,
                before=change.before,
                after=change.after,
            )
        )
    return listed
