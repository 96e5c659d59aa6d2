"""What may be on record already: the same actor at the same time, or much the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.statement import StatementRecorded
from timeline.projections.queries.alike import (
    Repeated,
    draft_instant,
    statements_like,
    statements_repeated,
)
from web.entries.presenter import Presenter
from web.entries.views import StatementView
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Connection

    from timeline.domain.event import Event

SHOWN = 3


class Twin(msgspec.Struct, frozen=True):
    """A statement that may be the same; ``alike`` is the share of common wording in percent."""

    statement: StatementView
    alike: int
    same_source: bool


def twins(
    conn: Connection, draft: StatementRecorded, counts_from: int, dismissed: Sequence[str]
) -> list[Twin]:
    """Return what the statement may repeat: of its stance first, then likest words."""
    same = {one.statement.number for one in statements_repeated(conn, draft, counts_from)}
    found = statements_like(conn, draft, counts_from)
    found.sort(key=lambda one: one[0].number not in same)
    chosen = [one for one in found if str(one[0].number) not in dismissed][:SHOWN]
    presenter = Presenter(conn, Names(conn), [one for one, _ in chosen])
    return [
        Twin(presenter.statement(one), round(share * 100), one.document == draft.document)
        for one, share in chosen
    ]


def repeated(
    conn: Connection, drafted: Sequence[Event], entry: str, known: Collection[str]
) -> list[Repeated]:
    """Return what is on record and may say what a statement says, the same words first.

    ``drafted`` is what recording it would append, ``entry`` the id under which it would be (sent
    twice, it repeats nothing), ``known`` the numbers of those that are known to be others.
    """
    said = drafted[-1]
    if not isinstance(said, StatementRecorded):
        return []
    found = statements_repeated(conn, said, draft_instant(conn, drafted, said))
    return [
        one
        for one in found
        if one.statement.stream != entry and str(one.statement.number) not in known
    ]
