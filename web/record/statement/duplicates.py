"""What may be on record already: the same actor at the same time, or much the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.statement import StatementRecorded
from timeline.projections.queries.alike import (
    draft_instant,
    statements_like,
    statements_repeated,
)
from web.entries.presenter import Presenter
from web.entries.views import StatementView
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    """Return what the statement may repeat: likest words first, then nearest in time."""
    found = statements_like(conn, draft, counts_from)
    chosen = [one for one in found if str(one[0].number) not in dismissed][:SHOWN]
    presenter = Presenter(conn, Names(conn), [one for one, _ in chosen])
    return [
        Twin(presenter.statement(one), round(share * 100), one.document == draft.document)
        for one, share in chosen
    ]


def repeated(
    conn: Connection, drafted: Sequence[Event], entry: str, dismissed: Sequence[str]
) -> int:
    """Return the number under which a statement is on record already, or 0.

    ``drafted`` is what recording it would append, ``entry`` the id under which it would be (sent
    twice, it repeats nothing), ``dismissed`` the numbers of those that are known to be others.
    """
    said = drafted[-1] if drafted else None
    if not isinstance(said, StatementRecorded):
        return 0
    found = statements_repeated(conn, said, draft_instant(conn, drafted, said))
    others = (one for one in found if one.stream != entry and str(one.number) not in dismissed)
    return next((one.number for one in others), 0)
