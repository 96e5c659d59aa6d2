"""What signs the changes that a form makes: in one append with its statements, or not at all.

The ends of a change are named by numbers, and a statement gets its number only as it is recorded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.application.changes import NEW, NewSignature
from timeline.domain.errors import Refused
from timeline.domain.messages import Message
from timeline.domain.statement import StatementRecorded
from timeline.projections.queries.alike import draft_instant
from timeline.projections.queries.turning import DRAFT
from timeline.projections.queries.waiting import made_by_draft
from web.record.forms.signing import byline
from web.record.signing.rows import signed_also
from web.record.statement.command import command_of
from web.record.statement.signature import CAVEAT, SENTENCE, SIGN, named_change
from web.shell.policies import may_record
from web.shell.request import services

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from web.record.statement.draft import Draft

NOT_AS_SHOWN = Message(
    "not_as_shown",
    "the statement does not make the change that was shown beside it",
    fix="look at it again: nothing was recorded",
)


def signatures(conn: Connection, draft: Draft) -> dict[str, NewSignature]:
    """Return under what the changes are signed that a form makes and whose printing it asks for.

    They are by the ids of the statements that make them. Raises `Refused` for a change that is not
    the one that was shown beside the form.
    """
    wanted = [one for one in draft.stances if one.sheet.value(SIGN)]
    if not wanted or not may_record():
        return {}
    on_record = services().log.first_events([one.sheet.value("entry") for one in wanted])
    return {
        entry: _signature(conn, one)
        for one in wanted
        if (entry := one.sheet.value("entry")) not in on_record
    }


def _signature(conn: Connection, draft: Draft) -> NewSignature:
    sheet = draft.sheet
    drafted = services().newsroom.statements.rehearse(byline(), command_of(draft))
    said, found = drafted[-1], None
    if isinstance(said, StatementRecorded):
        found = made_by_draft(conn, said, draft_instant(conn, drafted, said))
    if found is None or named_change(found[0]) != sheet.value(SIGN):
        error = Refused(NOT_AS_SHOWN, field=SIGN)
        error.entry = sheet.value("entry")
        raise error
    ends = found[0].ends
    after = tuple(NEW if number == DRAFT else number for number in ends.after)
    return NewSignature(
        byline=byline(),
        ends=msgspec.structs.replace(ends, after=after),
        sentence=sheet.value(SENTENCE),
        caveat=sheet.value(CAVEAT),
        also=signed_also(sheet),
    )
