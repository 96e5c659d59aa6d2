"""Whom words stand for that would move a side: taken from a mandate, it is asked back first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.projections.queries.turning import side_turned
from web.i18n.translate import gettext
from web.record.fields.choices import SELF
from web.record.forms.form_state import Offer, Problem
from web.wording import stances
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from timeline.domain.event import Event
    from timeline.projections.queries.turning import Turn
    from web.record.statement.draft import Draft

SPOKE_FOR = "spoke_for"
"""The field that holds who is known to speak for whom: two slugs with a space between them."""

BEHALF = "on_behalf_of"


def ask_whether_for(conn: Connection, draft: Draft, drafted: Sequence[Event]) -> None:
    """Note the question whether a speaker spoke for the side that they would move.

    ``drafted`` is what recording the draft would append. Who answered it is not asked again.
    """
    sheet = draft.sheet
    if sheet.focus == SPOKE_FOR:
        sheet.focus = BEHALF
    if draft.actor is None or spoke_for(draft) == sheet.value(SPOKE_FOR):
        return
    if turn := side_turned(conn, drafted):
        sheet.note_problem(_question(conn, draft, turn))


def take_as_answered(draft: Draft) -> None:
    """Ask no more whom the words stand for: somebody has handed the draft over as it is."""
    for one in draft.stances:
        one.sheet.put(SPOKE_FOR, spoke_for(one))


def spoke_for(draft: Draft) -> str:
    """Return what the answer is that the speaker of a draft spoke for whom it stands for."""
    speaker = draft.actor.slug if draft.actor else ""
    return f"{speaker} {draft.behalf.chosen}"


def _question(conn: Connection, draft: Draft, turn: Turn) -> Problem:
    names = Names(conn)
    scale, side = names.topic(turn.topic).scale, names.actor(turn.side).name
    told = gettext(
        "With these words %(side)s would stand at “%(new)s”, and not at “%(old)s” as before."
        " Does %(name)s speak for %(side)s here?",
        side=side,
        new=stances.word(scale, turn.after),
        old=stances.word(scale, turn.before),
        name=draft.behalf.actor,
    )
    yes = gettext("Yes, for %(side)s", side=side)
    offers = (
        Offer(yes, f"{SPOKE_FOR}={spoke_for(draft)}", answers=True),
        Offer(gettext("No, for nobody else"), f"{BEHALF}={SELF}", answers=True),
    )
    return Problem(BEHALF, told, offers)
