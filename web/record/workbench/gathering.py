"""What somebody collected of a text: looked over as a whole, and recorded in one append."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Blueprint

from web.i18n.translate import gettext
from web.record.fields.choices import questions_by_slug
from web.record.forms.answers import attempt, go_on
from web.record.forms.form_state import REFUSED, FormState
from web.record.handing import EMBARGOES, settle_together
from web.record.workbench.asking_back import keep_answer, questions
from web.record.workbench.bench import progress
from web.record.workbench.collected import Collected, collected
from web.record.workbench.kept_text import kept_text
from web.shell.rendering import render
from web.shell.request import read_connection, services, this_request

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from werkzeug.wrappers import Response

    from timeline.domain.errors import StandlineError
    from web.record.forms.form_state import PossibleDuplicate
    from web.record.workbench.kept_text import KeptText

blueprint = Blueprint("together", __name__, url_prefix="/text/<uuid:document>/together")

NOTHING_ASKED: Mapping[str, PossibleDuplicate] = {}


@blueprint.get("")
def look_over(document: UUID) -> Response:
    """Show what somebody collected of a text, by place: what is ready is ticked."""
    kept = kept_text(read_connection(), str(document))
    found = collected(kept)
    return _page(kept, found, {one.id for one in found if one.is_ready}, FormState({}))


@blueprint.post("")
def record(document: UUID) -> Response:
    """Record what is ticked in one append, or say and ask of each what is in the way.

    ``answer`` is the id of an entry and what answers a question of it; nothing is recorded then.
    """
    kept = kept_text(read_connection(), str(document))
    form = this_request().form
    ticked, seen = set(form.getlist("entry")), set(form.getlist("seen"))
    if answer := form.get("answer", ""):
        return _answered(kept, answer, ticked)
    found, sheet = collected(kept), FormState({})
    wanted = [one for one in found if one.id in ticked]
    asked: dict[str, PossibleDuplicate] = {}
    if any(one.problems for one in wanted):
        sheet.conflict = gettext("Nothing is recorded yet: mend what is marked, or leave it out.")
    elif not wanted:
        sheet.conflict = gettext("Tick what is to be recorded.")
    elif asked := questions(wanted, seen):
        sheet.conflict = gettext("Nothing is recorded yet: answer what is asked, or leave it out.")
    else:
        done = attempt(
            sheet,
            lambda: settle_together([one.told.entry for one in wanted]),
            partial(_refuse, sheet, wanted),
        )
        if done:
            return _go_on(kept, done.numbers, done.waits_at)
    return _page(kept, found, ticked, sheet, asked)


def _answered(kept: KeptText, answer: str, ticked: set[str]) -> Response:
    """Keep an answer with its form, and show what is left to ask; that entry is ticked if none."""
    entry, _, use = answer.partition(" ")
    sheet = FormState({})
    attempt(sheet, partial(keep_answer, entry, use))
    found = collected(kept)
    ready = {one.id for one in found if one.id == entry and one.is_ready}
    return _page(kept, found, ticked | ready, sheet)


def _go_on(kept: KeptText, numbers: Sequence[int], waits_at: str) -> Response:
    """Lead back to the text, which leaves the desk once something of it is on record."""
    if numbers:
        services().desk.texts.discard(kept.document)
    told = {"recorded": ".".join(map(str, numbers))} if numbers else {}
    if waits_at:
        told |= {"held" if waits_at == EMBARGOES else "handed": "1"}
    conn = read_connection()
    there = progress(conn, kept_text(conn, kept.document)).after(None)
    return go_on(f"{kept.address}?{urlencode(there | told)}#here")


def _refuse(sheet: FormState, wanted: Sequence[Collected], error: StandlineError) -> None:
    """Note what a rule said no to at the entry that it is about."""
    sheet.conflict = gettext("Nothing is recorded yet: mend what is marked, or leave it out.")
    about = next((one for one in wanted if error.entry in one.ids), None)
    if about:
        about.told.entry.refuse(error)
    else:
        sheet.refuse(error)


def _page(
    kept: KeptText,
    found: list[Collected],
    ticked: set[str],
    sheet: FormState,
    asked: Mapping[str, PossibleDuplicate] = NOTHING_ASKED,
) -> Response:
    response = render(
        "record/together.html",
        kept=kept,
        found=found,
        ticked=ticked,
        asked=asked,
        ready=sum(not one.problems for one in found),
        sheet=sheet,
        questions=questions_by_slug(),
    )
    response.status_code = REFUSED if sheet.conflict or sheet.problems else sheet.status
    return response
