"""The forms for an actor's own reply to a statement: that it was requested, and its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from timeline.application.statements import Statements
from timeline.domain.errors import NotFound
from timeline.domain.messages import Message
from timeline.domain.statement import Statement
from timeline.domain.text import whole_number
from timeline.projections.queries import entries
from timeline.projections.queries.entries import StatementEntry
from web.entries.presenter import Presenter
from web.i18n import dates
from web.i18n.translate import lazy_gettext
from web.record.acts import Act, Acts
from web.record.fields.inputs import WHY, DateInput, LanguageInput, TextInput, VerbatimInput, form
from web.record.forms.aggregates import load
from web.record.forms.answers import show
from web.record.forms.form_state import FormState
from web.record.forms.signing import form_id
from web.shell.parts import add_part
from web.shell.request import read_connection, services
from web.wording.names import Names

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from web.record.acts import FormData

REPLY_TO_NO_STATEMENT = Message(
    "reply_to_no_statement",
    "number %(number)s is no statement",
    fix="record what somebody says of a development as a statement",
)

blueprint = Blueprint("reply", __name__, url_prefix="/<int:thing>/reply")
add_part(blueprint, "statement.actions", "record/reply_action.html")
add_part(blueprint, "statement.reply", "record/reply_taken_back.html")


def _retraction(data: FormData) -> FormData:
    return {"reply": whole_number(data["which"]) or 0, "reason": data["reason"]}


ACTS = {
    "received": Act(
        form(
            replied_at=DateInput(lazy_gettext("Give the day of the reply.")),
            reply=VerbatimInput(lazy_gettext("Give the actor’s own words, unedited.")),
            lang=LanguageInput(),
        ),
        Statements.receive_reply,
    ),
    "requested": Act(form(note=TextInput()), Statements.request_reply),
    "retract": Act(
        form(reason=TextInput(WHY), which=TextInput()), Statements.retract_reply, _retraction
    ),
}


@blueprint.get("")
def ask(thing: int) -> Response:
    """Show both forms."""
    return _form(thing, FormState({}))


def _room(number: int) -> Statements:
    _statement(number)
    return services().newsroom.statements


def _statement(number: int) -> StatementEntry:
    """Return the statement; raises `NotFound` for a development, to which nobody replies."""
    entry = entries.entry(read_connection(), number)
    if not isinstance(entry, StatementEntry):
        raise NotFound(REPLY_TO_NO_STATEMENT, number=number)
    return entry


def _current_replies(now: Statement) -> list[tuple[int, str, str]]:
    """Return the replies that are not retracted: number from 1, day in words, text."""
    replies = enumerate(now.replies, 1)
    return [(which, dates.said(reply[0]), reply[1]) for which, reply in replies if reply]


def _form(number: int, sheet: FormState) -> Response:
    conn, act = read_connection(), sheet.value("act")
    entry, names = _statement(number), Names(conn)
    sheet.prefix = f"{act}-" if act else ""
    now = load(Statement, entry.stream)
    return show(
        "record/reply.html",
        sheet,
        number=number,
        entry=Presenter(conn, names, [entry]).show(entry),
        sheets={name: FormState({}, prefix=f"{name}-") for name in ACTS} | {act: sheet},
        replies=_current_replies(now),
        version=sheet.value("version", str(now.version)),
        key=sheet.value("key", form_id()),
    )


Acts(ACTS, room=_room, form=_form, then="/s/{}", called={"text": "reply"}).route(blueprint)
