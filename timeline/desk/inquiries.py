"""The right of reply: whom somebody asked before they publish, until when, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import and_, delete, func, select, update

from timeline.desk.part import DeskPart
from timeline.desk.tables import inquiries, put
from timeline.domain.errors import NotFound, Refused
from timeline.domain.messages import InQuotes, Message

if TYPE_CHECKING:
    from collections.abc import Collection

    from timeline.desk.sought import Sought

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
    """That ``whom`` was asked for a reply to an ``entry``, which is ``about`` something.

    ``entry`` is the id of a draft, which the entry keeps when it is recorded. ``outcome`` is one of
    `OUTCOMES`, empty while it is open; ``answer`` is the number of the statement that was the
    answer, 0 without one. Instants are in microseconds UTC.
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
    """Keeps who was asked, for everybody who codes."""

    def keep(self, inquiry: Inquiry) -> None:
        """Keep that somebody was asked; sent twice, it is kept once. Raises `Refused`."""
        _check(inquiry)
        with self._writing() as conn:
            others = select(func.count()).select_from(inquiries).where(inquiries.c.id != inquiry.id)
            if (count := conn.execute(others).scalar_one()) >= MOST:
                raise Refused(TOO_MANY_INQUIRIES, count=count)
            put(conn, inquiries, msgspec.structs.asdict(inquiry))

    def open(self) -> list[Inquiry]:
        """Return those of which nothing came yet, the nearest deadline first."""
        order = (inquiries.c.deadline, inquiries.c.id)
        return self._found(inquiries.c.outcome == "", *order)

    def settled(self, limit: int) -> list[Inquiry]:
        """Return the latest of which something came, the last first."""
        order = (inquiries.c.settled_at.desc(), inquiries.c.id)
        return self._found(inquiries.c.outcome != "", *order)[:limit]

    def about(self, entry: str) -> list[Inquiry]:
        """Return who was asked about an entry, the first first."""
        return self._found(inquiries.c.entry == entry, inquiries.c.asked_at, inquiries.c.id)

    def open_about(self, entries: Collection[str]) -> list[Inquiry]:
        """Return those about some entries of which nothing came yet, the last deadline first."""
        asked = and_(inquiries.c.entry.in_(entries), inquiries.c.outcome == "")
        return self._found(asked, inquiries.c.deadline.desc(), inquiries.c.id)

    def find(self, inquiry: str) -> Inquiry:
        """Return a request for a reply; raises `NotFound`."""
        found = self._found(inquiries.c.id == inquiry, inquiries.c.id)
        if not found:
            raise NotFound(INQUIRY_GONE)
        return found[0]

    def settle(self, inquiry: str, outcome: str, answer: int, by: str, now: int) -> None:
        """Keep what came of it, in place of what was kept before; an empty outcome opens it again.

        Raises `NotFound`, and `Refused` for an outcome that there is not.
        """
        if outcome and outcome not in OUTCOMES:
            raise Refused(NO_SUCH_OUTCOME, field="outcome", outcome=InQuotes(outcome))
        new = {"outcome": outcome, "answer": answer if outcome == ANSWERED else 0}
        who = {"settled_by": by, "settled_at": now}
        changed = update(inquiries).where(inquiries.c.id == inquiry).values(**new, **who)
        if not self._do(changed):
            raise NotFound(INQUIRY_GONE)

    def remove(self, inquiry: str) -> None:
        """Remove a request; one that is not there is fine."""
        self._do(delete(inquiries).where(inquiries.c.id == inquiry))

    def forget(self, sought: Sought) -> int:
        """Remove what holds these words or is about what is erased; return how much."""
        with self._writing() as conn:
            rows = conn.execute(select(inquiries).with_for_update()).all()
            found = [
                row.id
                for row in rows
                if (sought.thing and row.entry == sought.thing)
                or sought.is_in(row.about, row.whom, row.note)
            ]
            conn.execute(delete(inquiries).where(inquiries.c.id.in_(found)))
        return len(found)

    def _found(self, wanted: Any, *order: Any) -> list[Inquiry]:  # noqa: ANN401 - SQLAlchemy's
        rows = self._rows(select(inquiries).where(wanted).order_by(*order))
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
