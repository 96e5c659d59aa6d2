"""Several stances of the same words: each further stance is a row of the form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.application.joint_recording import ONE_TOPIC_TWICE
from timeline.domain.errors import Refused
from timeline.domain.variables import VARIABLES
from web.record.fields.choices import chosen_topic
from web.record.fields.schemas import StatementSchema
from web.record.forms.form_state import FormState, Problem
from web.record.forms.signing import form_id
from web.record.statement.checking import (
    ask_if_speaks_for,
    compare,
    find_duplicate,
    refuse,
    rehearse,
    weigh,
)
from web.record.statement.draft import ask_for_the_rest, read_draft
from web.record.statement.signature import FIELDS
from web.shell.rendering import wanted_part, wants_fragment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from timeline.domain.errors import StandlineError
    from timeline.domain.event import Event
    from web.record.forms.form_state import PossibleDuplicate
    from web.record.statement.draft import Draft

OWN = (
    *("topic", "stance", "no_position_reason", "asked"),
    *("condition.text", "condition.topic", "condition.unnamed", "hedge", "paraphrase"),
    *("condition.actor", "condition.same_as", "drops", "dissent"),
    *FIELDS,
)
"""Fields that each stance has for itself; a row prefixes them with its name: ``2.topic``."""


def is_own(name: str) -> bool:
    """Tell whether each stance has a field for itself, as the codebook's variables are."""
    return name in OWN or name.startswith(VARIABLES)


SHOWN = ("shown_scale", "shown_codebook")
UNSEEN = ("entry", *SHOWN)
"""Hidden fields of a row."""

ROWS = "also"
"""The field that names the further rows, in their order."""

LINE = "line"
"""The name of the line that sums up one of several stances."""

FIRST = "1"
MOST = 8
"""The most stances of one utterance in a form."""

CHECKED = "preview"
"""The part of the page that is fetched while somebody types."""

NAMES = frozenset(str(number) for number in range(2, 100))


def arrange(sheet: FormState) -> bool:
    """Add or remove a row if a button asks for it, and tell whether one did."""
    # While somebody types, htmx also sends the button that has the focus.
    if wants_fragment() and wanted_part() == CHECKED:
        return False
    removed = sheet.value("without")
    if sheet.value("another") and len(rows_of(sheet)) < MOST - 1:
        _add(sheet)
    elif removed == FIRST:
        _move_up(sheet)
    elif removed:
        _remove(sheet, removed)
    changed = bool(removed or sheet.value("another"))
    sheet.quiet = sheet.quiet or changed
    return changed


def rows_of(sheet: FormState) -> list[str]:
    """Return the names of the further rows of a form."""
    return [row for row in dict.fromkeys(sheet.all(ROWS)) if row in NAMES][: MOST - 1]


def read_stances(conn: Connection, sheet: FormState) -> Draft:
    """Read a sheet with all its stances; errors and gaps are noted on the sheet."""
    sheet.values[ROWS] = rows_of(sheet)
    draft = read_draft(conn, sheet)
    for row in sheet.all(ROWS):
        further = _read_row(draft, row)
        draft.further.append(further)
        sheet.order += tuple(further.name(name) for name in further.sheet.order if is_own(name))
        _copy_notes(sheet, further)
    return draft


def weigh_stances(conn: Connection, draft: Draft, now: int) -> None:
    """Find the place of each stance on the chart, its possible duplicates and its errors."""
    for stance in draft.stances:
        weigh(conn, stance, now)
        _copy_notes(draft.sheet, stance)


def compare_stances(conn: Connection, draft: Draft) -> None:
    """Find the possible duplicates and the errors of each stance."""
    for stance in draft.stances:
        compare(conn, stance)
        _copy_notes(draft.sheet, stance)


def ask_back(conn: Connection, draft: Draft) -> bool:
    """Ask what only a person can decide before recording, and tell whether an answer is missing.

    The questions are whether the speaker speaks for the side that they would move, and whether
    the statement repeats one that is on record or waits on the desk.
    """
    sheet = draft.sheet
    if sheet.problems or sheet.quiet:
        return False
    drafted = [rehearse(stance) for stance in draft.stances]
    for stance, events in zip(draft.stances, drafted, strict=True):
        ask_if_speaks_for(conn, stance, events)
        _copy_notes(sheet, stance)
    if sheet.problems:
        return True
    duplicate = standing_of(conn, draft, drafted)
    if duplicate:
        sheet.ask_back(duplicate)
    return duplicate is not None


def standing_of(
    conn: Connection, draft: Draft, drafted: Sequence[Sequence[Event]]
) -> PossibleDuplicate | None:
    """Return the question whether one of the stances is on record or on the desk already.

    ``drafted`` are the events of each stance, empty if a rule refuses it.
    """
    known = {
        *draft.sheet.all("distinct"),
        *(stance.sheet.value("entry") for stance in draft.stances),
    }
    pairs = zip(draft.stances, drafted, strict=False)
    duplicates = (find_duplicate(conn, stance, events, known) for stance, events in pairs if events)
    return next(filter(None, duplicates), None)


def refuse_stance(conn: Connection, draft: Draft, error: StandlineError) -> None:
    """Note an error at the stance that it is about."""
    ids = {stance.sheet.value("entry"): stance for stance in draft.stances}
    stance = ids.get(error.entry, draft)
    refuse(conn, stance, error)
    _copy_notes(draft.sheet, stance)


def _add(sheet: FormState) -> None:
    rows = rows_of(sheet)
    new = str(max(map(int, rows), default=1) + 1)
    sheet.values[ROWS] = [*rows, new]
    sheet.focus = f"{new}.{LINE}"


def _remove(sheet: FormState, removed: str) -> None:
    sheet.values[ROWS] = [row for row in rows_of(sheet) if row != removed]
    for name in (*OWN, *UNSEEN, *_variables(sheet, removed)):
        sheet.values.pop(f"{removed}.{name}", None)
    sheet.focus = "topic"


def _move_up(sheet: FormState) -> None:
    """Remove the first stance and put the second in its place."""
    for row in rows_of(sheet)[:1]:
        for name in [value for value in sheet.values if value.startswith(VARIABLES)]:
            del sheet.values[name]
        for name in (*OWN, *SHOWN, *_variables(sheet, row)):
            sheet.values[name] = sheet.all(f"{row}.{name}")
        _remove(sheet, row)


def _variables(sheet: FormState, row: str) -> list[str]:
    """Return the variables that a row has, by their names in the first stance."""
    before = f"{row}.{VARIABLES}"
    return [name.removeprefix(f"{row}.") for name in sheet.values if name.startswith(before)]


def _read_row(first: Draft, row: str) -> Draft:
    sheet = _row_sheet(first.sheet, row)
    data = StatementSchema().read(sheet)
    draft = msgspec.structs.replace(
        first,
        sheet=sheet,
        data=data,
        topic=chosen_topic(first.groups, data.get("topic", "")),
        row=row,
        twins=[],
        further=[],
    )
    ask_for_the_rest(draft)
    if draft.topic and draft.topic in [stance.topic for stance in first.stances]:
        sheet.refuse(Refused(ONE_TOPIC_TWICE, field="topic"))
    return draft


def _row_sheet(sheet: FormState, row: str) -> FormState:
    """Return a row as a separate form: the shared fields, and its own."""
    entry = f"{row}.entry"
    sheet.put(entry, form_id(sheet.value(entry)))
    shared = {name: values for name, values in sheet.values.items() if not is_own(name)}
    names = (*OWN, *UNSEEN, *_variables(sheet, row))
    own = {name: sheet.all(f"{row}.{name}") for name in names}
    return FormState(shared | own, quiet=sheet.quiet)


def _copy_notes(sheet: FormState, draft: Draft) -> None:
    """Copy the errors, notes and doubts of a row to the form."""
    if draft.sheet is sheet:
        return
    for problem in draft.sheet.problems.values():
        sheet.note_problem(_with_row_names(draft, problem))
    for name in (*OWN, *(variable.field for variable in draft.variables)):
        if note := draft.sheet.notes.get(name):
            sheet.notes[draft.name(name)] = note
        if doubt := draft.sheet.doubts.get(name):
            sheet.doubts[draft.name(name)] = _with_row_names(draft, doubt)


def _with_row_names(draft: Draft, problem: Problem) -> Problem:
    """Return a problem with the field names of its row."""
    if not is_own(problem.field):
        return problem
    offers = tuple(
        msgspec.structs.replace(offer, use=draft.name(offer.use)) for offer in problem.offers
    )
    return msgspec.structs.replace(problem, field=draft.name(problem.field), offers=offers)
