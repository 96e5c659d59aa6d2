"""A change that a statement makes, as its preview offers it to be signed."""

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
from web.record.signing.rows import ALSO, own_work, proposed_sentence
from web.record.signing.words import KIND_WORDS
from web.shell.policies import may_record
from web.shell.request import this_request
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
"""What a stance carries of a signature; ``proposed`` is the sentence as it was proposed."""


class Signable(msgspec.Struct, frozen=True):
    """A change that a statement would make.

    ``change`` stands for it in the form, ``kind`` names it, ``sentence`` is what is proposed.
    ``own`` is the number of a statement at its earlier end that who asks recorded or corrected,
    where that needs a second person; else 0.
    """

    change: str
    kind: str
    proposed: str
    sentence: str
    own: int


def signable(
    conn: Connection, sheet: FormState, said: StatementRecorded, counts_from: int
) -> Signable | None:
    """Return the change that waits for an editor once a statement is recorded, if it makes one."""
    if not may_record() or not (made := change_by_draft(conn, said, counts_from)):
        return None
    change, words = made
    before = entries.statements(conn, change.change.before)
    said_at = dates_of(before) | {DRAFT: said.said_at}
    proposed = proposed_sentence(change, words.terms, said_at, Names(conn))
    written, was = sheet.value(SENTENCE), sheet.value(PROPOSED)
    own = own_work(conn, before, own_handle()) if this_request().four_eyes else set()
    return Signable(
        change=named_change(change),
        kind=str(KIND_WORDS[change.change.kind]),
        proposed=proposed,
        sentence=proposed if written in ("", was) else written,
        own=min(own, default=0),
    )


def check_signatures(sheets: Sequence[FormState]) -> None:
    """Raise `Refused` for a sentence or a caveat that could not be signed."""
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


def named_change(waits: UnsignedChange) -> str:
    """Return what stands for a change while its later end has no number."""
    change = waits.change
    return f"{change.kind} {change.lanes[0]} {' '.join(map(str, change.before))}"
