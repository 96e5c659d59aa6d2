"""A change that a statement would make, which the preview offers to sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.application.texts import text
from timeline.domain.errors import Refused
from timeline.domain.verdict import SENTENCE_MISSING
from timeline.projections.queries import entries
from timeline.projections.queries.turning import DRAFT
from timeline.projections.queries.waiting import change_by_draft
from web.record.forms.signing import own_handle
from web.record.signing.rows import ALSO, KIND_WORDS, own_work, proposed_sentence
from web.shell.policies import may_record
from web.shell.request import this_request
from web.wording.changes import naming_conditions
from web.wording.names import Names
from web.wording.when import dates_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from timeline.domain.statement import StatementRecorded
    from timeline.projections.queries.waiting import UnsignedChange
    from web.record.forms.form_state import FormState

SIGN, SENTENCE, CAVEAT, PROPOSED = "sign", "sentence", "caveat", "proposed"
FIELDS = (SIGN, SENTENCE, CAVEAT, PROPOSED, *ALSO)
"""The signature's fields in a stance; ``proposed`` is the sentence that was proposed."""


class SignableChange(msgspec.Struct, frozen=True):
    """A change that a statement would make.

    ``change`` is its key in the form, ``kind`` its kind in words, ``sentence`` the one to sign.
    ``own`` is the number of a statement at its earlier end that the reader recorded or corrected,
    if a second person has to sign then; else 0.
    """

    change: str
    kind: str
    proposed: str
    sentence: str
    own: int


def signable(
    conn: Connection, sheet: FormState, statement: StatementRecorded, counts_from: int
) -> SignableChange | None:
    """Return the change that would wait for an editor if the statement were recorded, if any."""
    if not may_record() or not (made := change_by_draft(conn, statement, counts_from)):
        return None
    change, words = made
    before = entries.statements(conn, change.change.before)
    said_at = dates_of(before) | {DRAFT: statement.said_at}
    conditional = naming_conditions(before) | (
        {DRAFT} if statement.content and statement.content.condition else set()
    )
    proposed = proposed_sentence(change, words.terms, said_at, Names(conn), conditional)
    sentence, old_proposal = sheet.value(SENTENCE), sheet.value(PROPOSED)
    own = own_work(conn, before, own_handle()) if this_request().four_eyes else set()
    return SignableChange(
        change=change_key(change),
        kind=str(KIND_WORDS[change.change.kind]),
        proposed=proposed,
        sentence=proposed if sentence in ("", old_proposal) else sentence,
        own=min(own, default=0),
    )


def check_signatures(sheets: Sequence[FormState]) -> None:
    """Raise `Refused` for an invalid sentence or caveat."""
    for sheet in sheets:
        try:
            _check_signature(sheet)
        except Refused as error:
            error.entry = sheet.value("entry")
            raise


def _check_signature(sheet: FormState) -> None:
    if not sheet.value(SIGN):
        return
    text(sheet.value(CAVEAT), CAVEAT)
    if not text(sheet.value(SENTENCE), SENTENCE):
        raise Refused(SENTENCE_MISSING, field=SENTENCE)


def change_key(waiting: UnsignedChange) -> str:
    """Return a key for a change whose later end has no number yet."""
    change = waiting.change
    return f"{change.kind} {change.lanes[0]} {' '.join(map(str, change.before))}"
