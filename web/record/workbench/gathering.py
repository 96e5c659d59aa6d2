"""The collected entries of a text: review all of them, and record them in one append."""

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
from web.record.source_text.article import find_source_text
from web.record.statement.several import standing_of
from web.record.workbench.bench import progress
from web.record.workbench.collected import Collected, collected_entries
from web.shell.rendering import render
from web.shell.request import read_connection, services, this_request

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from uuid import UUID

    from werkzeug.wrappers import Response

    from timeline.domain.errors import StandlineError
    from timeline.domain.event import Event
    from web.record.source_text.article import SourceText


blueprint = Blueprint("together", __name__, url_prefix="/text/<uuid:document>/together")

NO_QUESTIONS: Mapping[str, PossibleDuplicate] = {}


@blueprint.get("")
def look_over(document: UUID) -> Response:
    """Show the reader's collected entries of a text, by place; those that are ready are ticked."""
    source = find_source_text(read_connection(), str(document))
    entries = collected_entries(source)
    return _page(source, entries, {entry.id for entry in entries if entry.is_ready}, FormState({}))


@blueprint.post("")
def record(document: UUID) -> Response:
    """Record the ticked entries in one append, or show their errors and questions.

    ``answer`` is the id of an entry and the answer to its question; then nothing is recorded.
    """
    source = find_source_text(read_connection(), str(document))
    form = this_request().form
    ticked, seen = set(form.getlist("entry")), set(form.getlist("seen"))
    if answer := form.get("answer", ""):
        return _answer(source, answer, ticked)
    entries, sheet = collected_entries(source), FormState({})
    chosen = [entry for entry in entries if entry.id in ticked]
    asked: dict[str, PossibleDuplicate] = {}
    if any(entry.problems for entry in chosen):
        sheet.conflict = gettext("Nothing is recorded yet: mend what is marked, or leave it out.")
    elif not chosen:
        sheet.conflict = gettext("Tick what is to be recorded.")
    elif asked := questions(chosen, seen):
        sheet.conflict = gettext("Nothing is recorded yet: answer what is asked, or leave it out.")
    else:
        result = attempt(
            sheet,
            lambda: settle_together([entry.summary.entry for entry in chosen]),
            partial(_refuse, sheet, chosen),
        )
        if result:
            return _go_on(source, result.numbers, result.waits_at)
    return _page(source, entries, ticked, sheet, asked)


def _answer(source: SourceText, answer: str, ticked: set[str]) -> Response:
    """Keep an answer in its form, and show the open questions; tick the entry if it has none."""
    entry, _, use = answer.partition(" ")
    sheet = FormState({})
    attempt(sheet, partial(keep_answer, entry, use))
    entries = collected_entries(source)
    now_ready = {row.id for row in entries if row.id == entry and row.is_ready}
    return _page(source, entries, ticked | now_ready, sheet)


def _go_on(source: SourceText, numbers: Sequence[int], waits_at: str) -> Response:
    """Redirect to the text; remove it from the desk if something of it is on record."""
    if numbers:
        services().desk.texts.discard(source.document)
    outcome = {"recorded": ".".join(map(str, numbers))} if numbers else {}
    if waits_at:
        outcome |= {"held" if waits_at == EMBARGOES else "handed": "1"}
    conn = read_connection()
    query = progress(conn, find_source_text(conn, source.document)).after(None)
    return go_on(f"{source.address}?{urlencode(query | outcome)}#here")


def _refuse(sheet: FormState, chosen: Sequence[Collected], error: StandlineError) -> None:
    """Note an error at the entry that it is about."""
    sheet.conflict = gettext("Nothing is recorded yet: mend what is marked, or leave it out.")
    at_fault = next((entry for entry in chosen if error.entry in entry.ids), None)
    if at_fault:
        at_fault.summary.entry.refuse(error)
    else:
        sheet.refuse(error)


def _page(
    source: SourceText,
    entries: list[Collected],
    ticked: set[str],
    sheet: FormState,
    asked: Mapping[str, PossibleDuplicate] = NO_QUESTIONS,
) -> Response:
    response = render(
        "record/together.html",
        kept=source,
        found=entries,
        ticked=ticked,
        asked=asked,
        ready=sum(not entry.problems for entry in entries),
        sheet=sheet,
        questions=questions_by_slug(),
    )
    response.status_code = REFUSED if sheet.conflict or sheet.problems else sheet.status
    return response


def questions(chosen: Sequence[Collected], seen: Collection[str]) -> dict[str, PossibleDuplicate]:
    """Return the first open question of each entry, by its id.

    ``seen`` has pairs of an entry's id and a number on record that was shown with it, separated
    by a space: of these, only identical words are asked about again.
    """
    asked = {entry.id: asked for entry in chosen if (asked := _duplicate_question(entry, seen))}
    for earlier, later in combinations(chosen, 2):
        if later.id not in asked and _is_repeated(earlier, later):
            question = gettext("This and another that you collected may be the same.")
            label = gettext("Look at it")
            asked[later.id] = PossibleDuplicate(question, f"#w-{earlier.id}", label, earlier.id)
    return asked


def keep_answer(entry: str, use: str) -> None:
    """Write the answer to a question into its form; raises `NotFound`.

    ``use`` is a field, "=" and its value.
    """
    draft, (field, _, value) = services().desk.drafts.find(own_handle(), entry), use.partition("=")
    before = draft.fields.get(field, []) if field in SEVERAL else []
    fields = draft.fields | {field: [*before, value]}
    now = this_request().instant
    new_draft = msgspec.structs.replace(draft, fields=fields, saved_at=now)
    services().desk.drafts.save(own_handle(), new_draft)


def _duplicate_question(entry: Collected, seen: Collection[str]) -> PossibleDuplicate | None:
    if entry.summary.draft:
        for stance in entry.summary.draft.stances:
            shown = [str(twin.statement.number) for twin in stance.twins]
            stance.sheet.values["seen_twin"] = [
                number for number in shown if f"{entry.id} {number}" in seen
            ]
        return standing_of(read_connection(), entry.summary.draft, entry.drafted)
    if entry.summary.same:
        number = entry.summary.same[0].number
        question = gettext("#%(n)s may be the same.", n=number)
        label = gettext("Open number %(n)s", n=number)
        return PossibleDuplicate(question, f"/s/{number}", label, str(number))
    return entry.waits


def _is_repeated(earlier: Collected, later: Collected) -> bool:
    """Tell whether two entries have the same words, and nobody said that they differ."""
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
