"""The form for the passage of a statement that was recorded without one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flask import Blueprint

from timeline.domain.errors import NotFound
from timeline.domain.messages import Message
from timeline.domain.statement import Statement
from timeline.projections.queries import entries
from timeline.projections.queries.entries import StatementEntry
from web.entries.presenter import Presenter
from web.i18n.translate import lazy_gettext
from web.record.fields.inputs import TextInput, form
from web.record.forms.aggregates import load
from web.record.forms.answers import attempt, go_on, look_again, show
from web.record.forms.form_state import FormState, sheet_of
from web.record.forms.signing import byline_of, form_id
from web.record.source_text.article import excerpt, snapshot
from web.shell.request import read_connection, services, this_request
from web.wording.names import Names

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

PASSAGE_OF_NO_STATEMENT = Message(
    "passage_of_no_statement",
    "number %(number)s is no statement",
    fix="say in its summary what happened",
)

PASSAGE = form(
    passage=TextInput(lazy_gettext("Copy the passage from the source."), data_key="passage.text")
)

blueprint = Blueprint("passage", __name__, url_prefix="/<int:number>/passage")


@blueprint.get("")
def ask(number: int) -> Response:
    """Show the form."""
    return _form(_statement(number), FormState({}))


@blueprint.post("")
def add(number: int) -> Response:
    """Record the passage, with its place in the kept text of the source."""
    entry = _statement(number)
    sheet = sheet_of(this_request().form)
    data = PASSAGE().read(sheet)
    if not sheet.problems:
        stored = snapshot(services().log, entry.document)
        command = partial(
            services().newsroom.statements.add_passage,
            byline_of(sheet),
            number,
            excerpt(stored, data["passage"]),
        )
        if attempt(sheet, command):
            return go_on(f"/s/{number}#passage")
    look_again(sheet, Names(read_connection()))
    return _form(entry, sheet)


def _statement(number: int) -> StatementEntry:
    """Return the statement; raises `NotFound` for a development."""
    entry = entries.entry(read_connection(), number)
    if not isinstance(entry, StatementEntry):
        raise NotFound(PASSAGE_OF_NO_STATEMENT, number=number)
    return entry


def _form(entry: StatementEntry, sheet: FormState) -> Response:
    names = Names(read_connection())
    sheet.fill({"key": form_id(), "version": str(load(Statement, entry.stream).version)})
    return show(
        "record/passage.html",
        sheet,
        number=entry.number,
        entry=Presenter(read_connection(), names, [entry]).show(entry),
        lang=names.document(entry.document).lang,
    )
