"""Requests for a reply before publication: whom the desk asked, until when, and the outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import and_, delete, select, update

from timeline.desk.part import DeskPart
from timeline.desk.tables import inquiries, make_room, put
from timeline.domain.errors import NotFound, Refused
from timeline.domain.messages import InQuotes, Message

if TYPE_CHECKING:
    from collections.abc import Collection

    from timeline.desk.erased_words import ErasedWords

INQUIRY_GONE = Message(
    "inquiry_gone", "this request for a reply is not there any more", fix="look at the list"
)
NOBODY_ASKED = Message("nobody_asked", "it is not said who was asked", fix="name them")
DEADLINE_BEFORE_REQUEST = Message(
    "deadline_before_request",
    "the deadline is before they were asked",
    fix="give people time to answer",
)
NO_SUCH_WAY = Message("no_such_way", "there is no way %(way)s", fix="choose one of those shown")
NO_SUCH_OUTCOME = Message(
    "no_such_outcome", "there is no outcome %(outcome)s", fix="choose one of those shown"
)
INQUIRY_TOO_LONG = Message(
    "inquiry_too_long", "it has %(length)s characters, %(limit)s are allowed", fix="shorten it"
)
TOO_MANY_INQUIRIES = Message(
    "too_many_inquiries",
    "%(count)s requests for a reply are kept, and no more",
    fix="remove old ones first",
)

WAYS = ("email", "phone", "letter", "in_person", "other")
NO_ANSWER, ANSWERED, DECLINED = "no_answer", "answered", "declined"
OUTCOMES = (ANSWERED, DECLINED, NO_ANSWER)
MOST = 2_000
LONGEST = 500


class Inquiry(msgspec.Struct, frozen=True, kw_only=True):
    """A request to ``whom`` for a reply to an ``entry``, described by ``about``.

    ``entry`` is the id of a draft, which stays the same when it is recorded. ``outcome`` is one of
    `OUTCOMES`, empty while the request is open; ``answer`` is the number of the statement that was
    the answer, 0 for none. Instants are in microseconds UTC.
    """

    id: str
    entry: str
    about: str
    whom: str
    way: str
    asked_by: str
    asked_at: int
    deadline: int
    note: str = ""
    outcome: str = ""
    answer: int = 0
    settled_by: str = ""
    settled_at: int = 0


class Inquiries(DeskPart):
    """Keeps requests for a reply, for everybody who codes."""

    def keep(self, inquiry: Inquiry) -> None:
        """Keep a request; if sent twice, it is kept once. Raises `Refused`."""
        _check(inquiry)
        with self._writing() as conn:
            make_room(conn, inquiries.c.id != inquiry.id, MOST, TOO_MANY_INQUIRIES)
            put(conn, inquiries, msgspec.structs.asdict(inquiry))

    def open(self) -> list[Inquiry]:
        """Return the open requests, the nearest deadline first."""
        order = (inquiries.c.deadline, inquiries.c.id)
        return self._select(inquiries.c.outcome == "", *order)

    def settled(self, limit: int) -> list[Inquiry]:
        """Return the settled requests, the latest first."""
        order = (inquiries.c.settled_at.desc(), inquiries.c.id)
        return self._select(inquiries.c.outcome != "", *order)[:limit]

    def about(self, entry: str) -> list[Inquiry]:
        """Return the requests about an entry, the first one first."""
        return self._select(inquiries.c.entry == entry, inquiries.c.asked_at, inquiries.c.id)

    def open_about(self, entries: Collection[str]) -> list[Inquiry]:
        """Return the open requests about some entries, the last deadline first."""
        condition = and_(inquiries.c.entry.in_(entries), inquiries.c.outcome == "")
        return self._select(condition, inquiries.c.deadline.desc(), inquiries.c.id)

    def find(self, inquiry: str) -> Inquiry:
        """Return a request for a reply; raises `NotFound`."""
        rows = self._select(inquiries.c.id == inquiry, inquiries.c.id)
        if not rows:
            raise NotFound(INQUIRY_GONE)
        return rows[0]

    def settle(self, inquiry: str, outcome: str, answer: int, by: str, now: int) -> None:
        """Set the outcome of a request; an empty one opens it again.

        Raises `NotFound`, and `Refused` for an unknown outcome.
        """
        if outcome and outcome not in OUTCOMES:
            raise Refused(NO_SUCH_OUTCOME, field="outcome", outcome=InQuotes(outcome))
        new = {"outcome": outcome, "answer": answer if outcome == ANSWERED else 0}
        who = {"settled_by": by, "settled_at": now}
        change = update(inquiries).where(inquiries.c.id == inquiry).values(**new, **who)
        if not self._run(change):
            raise NotFound(INQUIRY_GONE)

    def remove(self, inquiry: str) -> None:
        """Remove a request; a missing one is ignored."""
        self._run(delete(inquiries).where(inquiries.c.id == inquiry))

    def forget(self, erased: ErasedWords) -> int:
        """Remove requests with erased words or about an erased entry; return how many."""
        with self._writing() as conn:
            rows = conn.execute(select(inquiries).with_for_update()).all()
            ids = [
                row.id
                for row in rows
                if (erased.thing and row.entry == erased.thing)
                or erased.is_in(row.about, row.whom, row.note)
            ]
            conn.execute(delete(inquiries).where(inquiries.c.id.in_(ids)))
        return len(ids)

    def _select(self, condition: Any, *order: Any) -> list[Inquiry]:  # noqa: ANN401 - SQLAlchemy's
        rows = self._rows(select(inquiries).where(condition).order_by(*order))
        return [Inquiry(**row._mapping) for row in rows]


def _check(inquiry: Inquiry) -> None:
    if not inquiry.whom:
        raise Refused(NOBODY_ASKED, field="whom")
    if inquiry.way not in WAYS:
        raise Refused(NO_SUCH_WAY, field="way", way=InQuotes(inquiry.way))
    if inquiry.deadline <= inquiry.asked_at:
        raise Refused(DEADLINE_BEFORE_REQUEST, field="deadline")
    for field in ("entry", "about", "whom", "note"):
        if (length := len(getattr(inquiry, field))) > LONGEST:
            raise Refused(INQUIRY_TOO_LONG, field=field, length=length, limit=LONGEST)
