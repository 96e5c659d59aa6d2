"""Developments that may be on record already: much the same title, on one of the same topics."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from timeline.domain.dates import said_or_published
from timeline.domain.instants import DAY
from timeline.projections.queries import directory, paging
from timeline.projections.queries.entries import DevelopmentEntry
from timeline.projections.queries.paging import Filter
from web.entries.presenter import Presenter
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from web.entries.views import DevelopmentView

NEAR = 3 * DAY
ALIKE = 0.6
"""The least share of letters, in one order, that two titles of one happening have in common."""

COMPARED = 300
"""Developments of a topic, the latest, whose titles are compared."""

SHOWN = 3


def may_be_the_same(
    conn: Connection, given: dict[str, Any], entry: str, dismissed: Sequence[str]
) -> list[DevelopmentView]:
    """Return up to three developments that this one may repeat, the likest first.

    ``given`` is a valid form, ``entry`` the id under which it is recorded (sent twice, it repeats
    nothing), ``dismissed`` the numbers of those that are known to be others.
    """
    found = {
        one.number: one
        for one in _around(conn, given)
        if str(one.number) not in dismissed and one.stream != entry
    }
    shares = {number: _share(given["title"], one.title) for number, one in found.items()}
    likest = sorted((n for n in shares if shares[n] >= ALIKE), key=lambda n: (-shares[n], -n))
    chosen = [found[number] for number in likest[:SHOWN]]
    presenter = Presenter(conn, Names(conn), chosen)
    return [presenter.development(one) for one in chosen]


def _around(conn: Connection, given: dict[str, Any]) -> Iterator[DevelopmentEntry]:
    happened = said_or_published(given["happened_at"], given["source_published_at"]).latest
    wanted = Filter(kinds=frozenset({"development"}), begin=happened - NEAR, end=happened + NEAR)
    for slug in given["topics"]:
        topic = directory.topic(conn, slug)
        for one in paging.page(conn, topic.id, wanted, limit=COMPARED).entries:
            if isinstance(one, DevelopmentEntry) and not one.retracted:
                yield one


def _share(one: str, other: str) -> float:
    return SequenceMatcher(None, one.casefold(), other.casefold(), autojunk=False).ratio()
