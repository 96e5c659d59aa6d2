"""What may be on record already: the same actor at the same time, or much the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries.alike import statements_like
from web.entries.presenter import Presenter
from web.entries.views import StatementView
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from timeline.domain.statement import StatementRecorded

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
