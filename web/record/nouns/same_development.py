"""Developments that may be on record already: much the same title, on one of the same topics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from timeline.domain.dates import said_or_published
from timeline.projections.queries import directory
from timeline.projections.queries.alike import developments_like
from web.entries.presenter import Presenter
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from web.entries.views import DevelopmentView

SHOWN = 3


def may_be_the_same(
    conn: Connection, given: dict[str, Any], entry: str, dismissed: Sequence[str]
) -> list[DevelopmentView]:
    """Return up to three developments that this one may repeat, the likest first.

    ``given`` is a valid form, ``entry`` the id under which it is recorded (sent twice, it repeats
    nothing), ``dismissed`` the numbers of those that are known to be others.
    """
    happened = said_or_published(given["happened_at"], given["source_published_at"]).latest
    topics = [directory.topic(conn, slug).id for slug in given["topics"]]
    found = [
        one
        for one in developments_like(conn, topics, given["title"], happened)
        if str(one.number) not in dismissed and one.stream != entry
    ]
    presenter = Presenter(conn, Names(conn), found[:SHOWN])
    return [presenter.development(one) for one in found[:SHOWN]]
