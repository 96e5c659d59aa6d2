"""What somebody collected of a text: looked over as a whole, and recorded in one append."""

from __future__ import annotations

from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec
from flask import Blueprint

from timeline.domain.statement import StatementRecorded
from timeline.projections.queries.alike import may_repeat
from web.i18n.translate import gettext
from web.record.fields.choices import questions_by_slug
from web.record.forms.answers import attempt, go_on
from web.record.forms.form_state import REFUSED, SEVERAL, FormState, PossibleDuplicate
from web.record.forms.signing import own_handle
from web.record.handing import EMBARGOES, settle_together
from web.record.source_text.kept_text import kept_text
from web.record.statement.several import standing_of
from web.record.workbench.bench import progress
from web.record.workbench.collected import Collected, collected
from web.shell.rendering import render
from web.shell.request import read_connection, services, this_request

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from uuid import UUID

    from werkzeug.wrappers import Response

    from timeline.domain.errors import StandlineError
    from timeline.domain.event import Event
    from web.record.source_text.kept_text import KeptText


blueprint = Blueprint("together", __name__, url_prefix="/text/<uuid:document>/together")

NOTHING_ASKED: Mapping[str, PossibleDuplicate] = {}


@blueprint.get("")
def look_over(document: UUID) -> Response:
    """Show what somebody collected of a text, by place: what is ready is ticked."""
    kept = kept_text(read_connection(), str(document))
    entries = collected(kept)
    return _page(kept, entries, {entry.id for entry in entries if entry.is_ready}, FormState({}))


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
    entries, sheet = collected(kept), FormState({})
    wanted = [entry for entry in entries if entry.id in ticked]
    asked: dict[str, PossibleDuplicate] = {}
    if any(entry.problems for entry in wanted):
        sheet.conflict = gettext("Nothing is recorded yet: mend what is marked, or leave it out.")
    elif not wanted:
        sheet.conflict = gettext("Tick what is to be recorded.")
    elif asked := questions(wanted, seen):
        sheet.conflict = gettext("Nothing is recorded yet: answer what is asked, or leave it out.")
    else:
        done = attempt(
            sheet,
            lambda: settle_together([entry.told.entry for entry in wanted]),
            partial(_refuse, sheet, wanted),
        )
        if done:
            return _go_on(kept, done.numbers, done.waits_at)
    return _page(kept, entries, ticked, sheet, asked)


def _answered(kept: KeptText, answer: str, ticked: set[str]) -> Response:
    """Keep an answer with its form, and show what is left to ask; that entry is ticked if none."""
    entry, _, use = answer.partition(" ")
    sheet = FormState({})
    attempt(sheet, partial(keep_answer, entry, use))
    entries = collected(kept)
    ready = {one.id for one in entries if one.id == entry and one.is_ready}
    return _page(kept, entries, ticked | ready, sheet)


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
    about = next((entry for entry in wanted if error.entry in entry.ids), None)
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
        ready=sum(not entry.problems for entry in found),
        sheet=sheet,
        questions=questions_by_slug(),
    )
    response.status_code = REFUSED if sheet.conflict or sheet.problems else sheet.status
    return response


def questions(wanted: Sequence[Collected], seen: Collection[str]) -> dict[str, PossibleDuplicate]:
    """Return by id what is asked of entries, each the first question that nobody answered.

    ``seen`` has the ids of entries with the number of one on record that was shown beside them, a
    space between: of these only the same words are asked again.
    """
    asked = {entry.id: asked for entry in wanted if (asked := _standing(entry, seen))}
    for earlier, later in combinations(wanted, 2):
        if later.id not in asked and _is_repeated(earlier, later):
            told = gettext("This and another that you collected may be the same.")
            label = gettext("Look at it")
            asked[later.id] = PossibleDuplicate(told, f"#w-{earlier.id}", label, earlier.id)
    return asked


def keep_answer(entry: str, use: str) -> None:
    """Write the answer to a question into the form that it was asked of; raises `NotFound`.

    ``use`` is a field, "=" and its value.
    """
    kept, (field, _, value) = services().desk.drafts.find(own_handle(), entry), use.partition("=")
    before = kept.fields.get(field, []) if field in SEVERAL else []
    fields = kept.fields | {field: [*before, value]}
    now = this_request().instant
    answered = msgspec.structs.replace(kept, fields=fields, saved_at=now)
    services().desk.drafts.save(own_handle(), answered)


def _standing(entry: Collected, seen: Collection[str]) -> PossibleDuplicate | None:
    if entry.told.draft:
        for stance in entry.told.draft.stances:
            shown = [str(twin.statement.number) for twin in stance.twins]
            stance.sheet.values["seen_twin"] = [
                number for number in shown if f"{entry.id} {number}" in seen
            ]
        return standing_of(read_connection(), entry.told.draft, entry.drafted)
    if entry.told.same:
        number = entry.told.same[0].number
        told = gettext("#%(n)s may be the same.", n=number)
        label = gettext("Open number %(n)s", n=number)
        return PossibleDuplicate(told, f"/s/{number}", label, str(number))
    return entry.waits


def _is_repeated(earlier: Collected, later: Collected) -> bool:
    """Tell whether two entries say the same in the same words, and nobody said that they differ."""
    if earlier.id in later.sheet.all("distinct"):
        return False
    conn = read_connection()
    return any(
        may_repeat(conn, sequence, other) and _has_same_words(sequence[-1], other[-1])
        for sequence in later.drafted
        for other in earlier.drafted
    )


def _has_same_words(event: Event, other: Event) -> bool:
    if not isinstance(event, StatementRecorded) or not isinstance(other, StatementRecorded):
        return True
    return event.content is not None and event.content == other.content
