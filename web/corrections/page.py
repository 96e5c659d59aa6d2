"""What the page of corrections shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.document import DocumentCorrected
from timeline.projections.queries.corrections import notices
from web.corrections.folding import Run, kind_of, like, runs
from web.entries.notices import NoticeWriter
from web.shell import publisher

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.stores.log import EventLog
    from web.entries.notices import Notice

PAGE = 40
MOST = 500
"""Like corrections that are folded into one."""


class CorrectionsPage(msgspec.Struct, frozen=True):
    """Everything that the template reads."""

    runs: list[Run]
    before: int | None
    following: int | None
    policy: list[str]
    contact: str
    contact_href: str


def corrections_page(conn: Connection, stored: EventLog, *, before: int | None) -> CorrectionsPage:
    """Read what the page shows; ``stored`` tells of corrected sources."""
    shown, following = _with_alike(conn, stored, *_told(conn, stored, before))
    named = publisher.publisher()
    return CorrectionsPage(
        runs(shown), before, following, publisher.policy(), named.contact, named.contact_href
    )


def _with_alike(
    conn: Connection, stored: EventLog, shown: list[Notice], following: int | None
) -> tuple[list[Notice], int | None]:
    """Return the notices with those before them that are like the earliest of them."""
    while following is not None and len(shown) < MOST and kind_of(shown[-1]):
        kind, (earlier, then) = kind_of(shown[-1]), _told(conn, stored, following)
        alike = like(kind, earlier)
        shown = [*shown, *alike]
        if len(alike) < len(earlier):
            return shown, shown[-1].position
        following = then
    return shown, following


def _told(
    conn: Connection, stored: EventLog, before: int | None
) -> tuple[list[Notice], int | None]:
    """Return notices in words, and the position to ask for the next ones with."""
    page = notices(conn, before=before, limit=PAGE)
    teller = NoticeWriter(conn, {one.number for one in page.notices if one.number is not None})
    shown = []
    for one in page.notices:
        if one.amendment is not None:
            shown.append(teller.amended(one.amendment))
        elif one.reply is not None:
            shown.append(teller.replied(one.reply, one.recorded_at, one.recorded_by))
        else:
            event = stored.event(one.position)
            if isinstance(event, DocumentCorrected):
                shown.append(teller.source(event, one.position))
    return shown, page.following
