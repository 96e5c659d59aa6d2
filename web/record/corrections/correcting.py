"""The form that corrects an entry: every field, its value now, and the reason."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Blueprint

from timeline.domain.development import Development
from timeline.domain.statement import Statement
from timeline.projections.queries import entries
from timeline.projections.queries.entries import StatementEntry
from web.entries.presenter import Presenter
from web.i18n.translate import gettext
from web.record.corrections.as_recorded import as_recorded, in_words, scale_of, variables_of
from web.record.corrections.correction import apply, correction, keep_untouched, readable
from web.record.fields import choices
from web.record.fields.languages import preset_language
from web.record.fields.schemas import CorrectionSchema
from web.record.forms.aggregates import load, load_entry
from web.record.forms.answers import attempt, go_on, show
from web.record.forms.form_state import FormState, Problem, sheet_of
from web.record.forms.signing import form_id
from web.record.forms.since import look_again
from web.shell.request import read_connection, services, this_request
from web.wording.names import Names

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from timeline.projections.queries.entries import Entry

blueprint = Blueprint("correcting", __name__, url_prefix="/<int:number>/correct")

CALLED = {"source": "source.outlet", "speaker": "actor", "document": "source.outlet"}


@blueprint.get("")
def ask(number: int) -> Response:
    """Show every field as it is recorded."""
    entry = entries.entry(read_connection(), number)
    sheet = FormState({})
    _fill(sheet, entry)
    preset_language(sheet)
    sheet.fill({"key": form_id(), "material": "material", "source_how": "mend"})
    return _form(entry, sheet)


@blueprint.post("")
def take(number: int) -> Response:
    """Record the correction and go back to the entry, or say what is wrong."""
    entry = entries.entry(read_connection(), number)
    sheet = sheet_of(this_request().form)
    if sheet.value("topics_shown"):
        sheet.values.setdefault("topics", [])
    preset_language(sheet)
    data = CorrectionSchema().read(sheet)
    if _mend(entry, sheet, data):
        return go_on(f"/s/{number}")
    _fill(sheet, entry)
    return _form(entry, sheet)


def _mend(entry: Entry, sheet: FormState, data: dict[str, Any]) -> bool:
    if sheet.problems or sheet.quiet:
        return False
    names, version = Names(read_connection()), sheet.number("version")
    seen = load_entry(entry, version)
    changes = correction(seen, names, sheet, data)
    if not changes:
        sheet.note_problem(Problem("", gettext("Nothing is changed: change a field first.")))
        return False
    sheet.put("kind", "statement" if isinstance(entry, StatementEntry) else "development")
    sheet.put("document", seen.fields["document"])
    command = partial(apply, entry.number, changes, sheet, data)
    if attempt(sheet, command, partial(sheet.refuse, called=CALLED)):
        return True
    if sheet.conflict:
        _look_again(entry, sheet, seen)
    return False


def _look_again(entry: Entry, sheet: FormState, seen: Statement | Development) -> None:
    """Keep what the person changed; show the current value of every other field."""
    names = Names(read_connection())
    now = load_entry(entry)
    events = services().log.stream_of(entry.stream)
    own = tuple(event for event in events if event.originator_version > seen.version)
    others = tuple(event for event in sheet.later if event.originator_id != entry.stream)
    sheet.later = (*own, *others)
    look_again(sheet, names, scale_of(now, names))
    keep_untouched(seen, now, names, sheet)
    for name in ("version", "sibling"):
        sheet.values.pop(name, None)
    _fill(sheet, entry)


def _fill(sheet: FormState, entry: Entry) -> None:
    """Fill the fields that the sheet lacks with their recorded values."""
    now = load_entry(entry)
    for name, value in as_recorded(now, Names(read_connection())).items():
        sheet.values.setdefault(name, readable(name, value))
    siblings = [(row, load(Statement, row.stream)) for row in _siblings(entry)]
    sheet.values.setdefault("sibling", [f"{row.number}:{state.version}" for row, state in siblings])
    sheet.fill({"version": str(now.version)})


def _siblings(entry: Entry) -> list[StatementEntry]:
    if not isinstance(entry, StatementEntry) or entry.utterance is None:
        return []
    statements = entries.utterance(read_connection(), entry)
    return [statement for statement in statements if statement.number != entry.number]


def _form(entry: Entry, sheet: FormState) -> Response:
    conn = read_connection()
    names = Names(conn)
    groups = choices.topic_groups(closed=True)
    topic = choices.chosen_topic(groups, sheet.value("topic"))
    now = load_entry(entry)
    presenter = Presenter(conn, names, [entry])
    statement = now if isinstance(now, Statement) else None
    if statement and topic and choices.is_coded_earlier(topic.scale, statement):
        message = gettext("Choose a direction: the condition stays beside it.")
        sheet.doubts.setdefault("stance", Problem("stance", message))
    return show(
        "record/correct.html",
        sheet,
        number=entry.number,
        entry=presenter.show(entry),
        recorded=in_words(now, names),
        groups=groups,
        topic=topic,
        stances=choices.stance_choices(topic.scale, statement) if topic else [],
        attributions=choices.attributions(),
        wordings=choices.wordings(),
        statuses=choices.statuses(),
        reasons=choices.all_reasons(),
        asked=variables_of(now),
        dissents=choices.dissents(),
        siblings=_siblings(entry),
        from_source=choices.statements_from(conn, entry.document),
    )
