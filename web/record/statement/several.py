"""Several stances of the same words: each further one is a row of the form, with its own fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.application.together import ONE_TOPIC_TWICE
from timeline.domain.errors import Refused
from timeline.domain.variables import VARIABLES
from web.record.fields.choices import chosen_topic
from web.record.fields.schemas import StatementSchema
from web.record.forms.form_state import FormState, Problem
from web.record.forms.signing import form_id
from web.record.statement.draft import ask_for_the_rest, read_draft
from web.record.statement.signature import FIELDS
from web.record.statement.weighing import (
    ask_whether_for,
    compare,
    find_standing,
    refuse,
    rehearsed,
    weigh,
)
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
"""Fields that each stance has of its own; a row has them behind its name: ``2.topic``."""


def is_own(name: str) -> bool:
    """Tell whether a field is each stance's own, as what its codebook asks is."""
    return name in OWN or name.startswith(VARIABLES)


SHOWN = ("shown_scale", "shown_codebook")
UNSEEN = ("entry", *SHOWN)
"""What a row carries beside them."""

ROWS = "also"
"""The field that names the further rows, in their order."""

LINE = "line"
"""What the form calls the line that stands for a stance of several."""

FIRST = "1"
MOST = 8
"""Stances of one utterance that a form takes."""

CHECKED = "preview"
"""The part of the page that a form asks for while somebody types."""

NAMES = frozenset(str(number) for number in range(2, 100))


def arrange(sheet: FormState) -> bool:
    """Add a row, or take one away, where a button asks for it; tell whether one did."""
    # htmx also sends the button that merely has the focus while somebody types.
    if wants_fragment() and wanted_part() == CHECKED:
        return False
    gone = sheet.value("without")
    if sheet.value("another") and len(rows_of(sheet)) < MOST - 1:
        _add(sheet)
    elif gone == FIRST:
        _move_up(sheet)
    elif gone:
        _remove(sheet, gone)
    asked = bool(gone or sheet.value("another"))
    sheet.quiet = sheet.quiet or asked
    return asked


def rows_of(sheet: FormState) -> list[str]:
    """Return the names of the further rows of a form."""
    return [fromkey for fromkey in dict.fromkeys(sheet.all(ROWS)) if fromkey in NAMES][: MOST - 1]


def read_stances(conn: Connection, sheet: FormState) -> Draft:
    """Read a sheet with all its stances; what is wrong or missing in any is noted there."""
    sheet.values[ROWS] = rows_of(sheet)
    draft = read_draft(conn, sheet)
    for row in sheet.all(ROWS):
        further = _read_row(draft, row)
        draft.further.append(further)
        sheet.order += tuple(further.name(name) for name in further.sheet.order if is_own(name))
        _tell(sheet, further)
    return draft


def weigh_stances(conn: Connection, draft: Draft, now: int) -> None:
    """Find out of each stance where it would land, what it may repeat and which rule says no."""
    for stance in draft.stances:
        weigh(conn, stance, now)
        _tell(draft.sheet, stance)


def compare_stances(conn: Connection, draft: Draft) -> None:
    """Find out of each stance what it may repeat and which rule says no."""
    for stance in draft.stances:
        compare(conn, stance)
        _tell(draft.sheet, stance)


def ask_back(conn: Connection, draft: Draft) -> bool:
    """Ask what only a person can tell before it is recorded, and tell whether an answer is missing.

    It is whether the speaker spoke for a side that they would move, and whether a statement is
    another than one that stands, or waits on the desk, already.
    """
    sheet = draft.sheet
    if sheet.problems or sheet.quiet:
        return False
    drafted = [rehearsed(stance) for stance in draft.stances]
    for one, events in zip(draft.stances, drafted, strict=True):
        ask_whether_for(conn, one, events)
        _tell(sheet, one)
    if sheet.problems:
        return True
    standing = standing_of(conn, draft, drafted)
    if standing:
        sheet.ask_back(standing)
    return standing is not None


def standing_of(
    conn: Connection, draft: Draft, drafted: Sequence[Sequence[Event]]
) -> PossibleDuplicate | None:
    """Return what one of the stances may be already, on record or waiting on the desk.

    ``drafted`` is what recording each of them would append, nothing where a rule says no.
    """
    known = {
        *draft.sheet.all("distinct"),
        *(stance.sheet.value("entry") for stance in draft.stances),
    }
    both = zip(draft.stances, drafted, strict=False)
    duplicates = (find_standing(conn, one, events, known) for one, events in both if events)
    return next(filter(None, duplicates), None)


def refuse_stance(conn: Connection, draft: Draft, error: StandlineError) -> None:
    """Note what a rule said no to at the stance that it is about."""
    ids = {stance.sheet.value("entry"): stance for stance in draft.stances}
    one = ids.get(error.entry, draft)
    refuse(conn, one, error)
    _tell(draft.sheet, one)


def _add(sheet: FormState) -> None:
    rows = rows_of(sheet)
    new = str(max(map(int, rows), default=1) + 1)
    sheet.values[ROWS] = [*rows, new]
    sheet.focus = f"{new}.{LINE}"


def _remove(sheet: FormState, gone: str) -> None:
    sheet.values[ROWS] = [one for one in rows_of(sheet) if one != gone]
    for name in (*OWN, *UNSEEN, *_variables(sheet, gone)):
        sheet.values.pop(f"{gone}.{name}", None)
    sheet.focus = "topic"


def _move_up(sheet: FormState) -> None:
    """Let the second stance take the place of the first, which goes."""
    for row in rows_of(sheet)[:1]:
        for name in [value for value in sheet.values if value.startswith(VARIABLES)]:
            del sheet.values[name]
        for name in (*OWN, *SHOWN, *_variables(sheet, row)):
            sheet.values[name] = sheet.all(f"{row}.{name}")
        _remove(sheet, row)


def _variables(sheet: FormState, row: str) -> list[str]:
    """Return the variables that a row has values of, as the first stance calls them."""
    before = f"{row}.{VARIABLES}"
    return [name.removeprefix(f"{row}.") for name in sheet.values if name.startswith(before)]


def _read_row(first: Draft, row: str) -> Draft:
    sheet = _row_sheet(first.sheet, row)
    given = StatementSchema().read(sheet)
    draft = msgspec.structs.replace(
        first,
        sheet=sheet,
        given=given,
        topic=chosen_topic(first.groups, given.get("topic", "")),
        row=row,
        twins=[],
        further=[],
    )
    ask_for_the_rest(draft)
    if draft.topic and draft.topic in [stance.topic for stance in first.stances]:
        sheet.refuse(Refused(ONE_TOPIC_TWICE, field="topic"))
    return draft


def _row_sheet(sheet: FormState, row: str) -> FormState:
    """Return a row as a form of its own: what all share, and the fields that are its own."""
    entry = f"{row}.entry"
    sheet.put(entry, form_id(sheet.value(entry)))
    shared = {name: values for name, values in sheet.values.items() if not is_own(name)}
    named = (*OWN, *UNSEEN, *_variables(sheet, row))
    own = {name: sheet.all(f"{row}.{name}") for name in named}
    return FormState(shared | own, quiet=sheet.quiet)


def _tell(sheet: FormState, draft: Draft) -> None:
    """Note on the form what is noted of one of its rows."""
    if draft.sheet is sheet:
        return
    for problem in draft.sheet.problems.values():
        sheet.note_problem(_renamed(draft, problem))
    for name in (*OWN, *(asked.field for asked in draft.asked)):
        if note := draft.sheet.notes.get(name):
            sheet.notes[draft.name(name)] = note
        if doubt := draft.sheet.doubts.get(name):
            sheet.doubts[draft.name(name)] = _renamed(draft, doubt)


def _renamed(draft: Draft, problem: Problem) -> Problem:
    """Return a problem under the names that a row has for its fields."""
    if not is_own(problem.field):
        return problem
    offers = tuple(
        msgspec.structs.replace(offer, use=draft.name(offer.use)) for offer in problem.offers
    )
    return msgspec.structs.replace(problem, field=draft.name(problem.field), offers=offers)
