"""What the page of corrections shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.document import DocumentCorrected
from timeline.projections.queries.corrections import notices
from web.entries.notices import Notice, NoticeWriter
from web.shell import publisher

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.stores.log import EventLog

PAGE = 40


class CorrectionsPage(msgspec.Struct, frozen=True):
    """Everything that the template reads."""

    notices: list[Notice]
    before: int | None
    following: int | None
    policy: list[str]
    contact: str
    contact_href: str


def corrections_page(conn: Connection, stored: EventLog, *, before: int | None) -> CorrectionsPage:
    """Read what the page shows; ``stored`` tells of corrected sources."""
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
    named = publisher.publisher()
    return CorrectionsPage(
        shown, before, page.following, publisher.policy(), named.contact, named.contact_href
    )
