"""Corrections: everything that was put right, taken back or answered, and how this is done."""

from __future__ import annotations

from itertools import groupby, takewhile
from typing import TYPE_CHECKING

import msgspec
from flask import Blueprint

from timeline.domain.document import DocumentCorrected
from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message
from timeline.domain.naming import keyed_id
from timeline.domain.text import whole_number
from timeline.projections.queries.corrections import notices
from web.entries.notices import Notice, NoticeWriter
from web.i18n.translate import gettext
from web.shell import publisher
from web.shell.feeds import Entry, Feed, as_recorded, feed_response
from web.shell.page_cache import cached
from web.shell.rendering import render_page
from web.shell.request import read_connection, services, this_request

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection
    from werkzeug.wrappers import Response

    from timeline.stores.log import EventLog

NO_PLACE_IN_CORRECTIONS = Message(
    "no_place_in_corrections",
    "%(text)s is not a log position",
    fix="follow the link at the end of the list",
)

blueprint = Blueprint("corrections", __name__)


@blueprint.get("/corrections")
@cached
def show() -> Response:
    """Show what was corrected, latest first."""
    page = corrections_page(read_connection(), services().log, before=_before())
    block = "more" if page.before is not None else "view"
    return render_page("corrections/page.html", block=block, page=page)


@blueprint.get("/corrections.<any(atom, jsonfeed):form>")
def feed(form: str) -> Response:
    """Give the latest as a feed."""
    conn = read_connection()
    runs = corrections_page(conn, services().log, before=None).runs
    return feed_response(corrections_feed(conn, runs), form)


def _before() -> int | None:
    text = this_request().query.get("before", "")
    before = whole_number(text)
    if text and before is None:
        raise Refused(NO_PLACE_IN_CORRECTIONS, field="before", text=InQuotes(text))
    return before


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
    teller = NoticeWriter(
        conn, {notice.number for notice in page.notices if notice.number is not None}
    )
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


FEW = 3
"""Like corrections that are still listed one by one."""

Kind = tuple[str, ...]


class Run(msgspec.Struct, frozen=True):
    """Notices that follow each other and differ only in what they are about, latest first."""

    notices: list[Notice]

    @property
    def head(self) -> Notice:
        """The latest of them."""
        return self.notices[0]

    @property
    def is_folded(self) -> bool:
        """Whether they are too many to be told one by one."""
        return len(self.notices) > FEW

    @property
    def in_words(self) -> str:
        """How many they are, and of what: "149 like corrections: Address"."""
        return gettext(
            "%(number)s like corrections: %(field)s",
            number=len(self.notices),
            field=self.head.field,
        )


def runs(notices: Iterable[Notice]) -> list[Run]:
    """Return the notices, like ones together where they are clerical corrections of one day."""
    found = []
    for kind, alike in groupby(notices, kind_of):
        if kind:
            found.append(Run(list(alike)))
        else:
            found += [Run([notice]) for notice in alike]
    return found


def like(kind: Kind, notices: Iterable[Notice]) -> list[Notice]:
    """Return those of a kind with which the notices begin."""
    return [*takewhile(lambda notice: kind_of(notice) == kind, notices)]


def kind_of(notice: Notice) -> Kind:
    """Return what like notices have in common; empty for those that are told one by one."""
    if notice.kind != "corrected" or notice.material:
        return ()
    day, _, _ = notice.machine.partition("T")
    return notice.title, notice.field, notice.reason, notice.by, day


def corrections_feed(conn: Connection, runs: list[Run]) -> Feed:
    """Return them, latest first, each leading to its entry; like ones are one."""
    updated = runs[0].head.machine if runs else as_recorded(conn)
    return Feed(gettext("Corrections"), updated, [entry for run in runs for entry in _entries(run)])


def _entries(run: Run) -> Iterator[Entry]:
    if run.is_folded:
        yield _entry(run.head, run.notices[-1], f"{run.head.title}: {run.in_words}")
    else:
        for notice in run.notices:
            yield _entry(notice, notice, f"{notice.title}: {notice.about}")


def _entry(notice: Notice, first: Notice, title: str) -> Entry:
    """Return an entry, known by the first of those that it stands for."""
    told = ". ".join(
        part.rstrip(".") for part in (notice.what, notice.reason, notice.reply) if part
    )
    place = f"s/{notice.number}" if notice.number else f"corrections#e{notice.position}"
    return Entry(
        id=f"urn:uuid:{keyed_id('correction', str(first.position))}",
        title=title,
        text=told or notice.title,
        published=first.machine,
        updated=notice.machine,
        page=f"{this_request().host}{place}",
    )
