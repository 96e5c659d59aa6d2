"""The forms for an actor's own answer to a statement: that it was asked for, and its words."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Blueprint

from timeline.domain.errors import NotFound
from timeline.domain.messages import Message
from timeline.domain.statement import Statement
from timeline.projections.queries import entries
from timeline.projections.queries.entries import StatementEntry
from web.entries.presenter import Presenter
from web.record.fields.schemas import ReplySchema, RequestSchema
from web.record.forms.answers import attempt, go_on, show
from web.record.forms.held import held
from web.record.forms.sheet import Sheet, sheet_of
from web.record.forms.signing import byline, minted
from web.record.forms.since import look_again
from web.shell.request import read_connection, services, this_request
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response

    from timeline.application.recording import Recorded

REPLY_TO_NO_STATEMENT = Message(
    "reply_to_no_statement",
    "number %(number)s is no statement",
    fix="record what somebody says of a development as a statement",
)

blueprint = Blueprint("reply", __name__, url_prefix="/<int:number>/reply")

CALLED = {"text": "reply"}
ACTS = ("received", "requested")


@blueprint.get("")
def ask(number: int) -> Response:
    """Show both forms."""
    return _form(_statement(number), Sheet({}))


@blueprint.post("/requested")
def requested(number: int) -> Response:
    """Note that the actor was asked for a reply."""
    sheet = sheet_of(this_request().form)
    given = RequestSchema().read(sheet)
    command = partial(services().newsroom.statements.request_reply, note=given.get("note", ""))
    return _decide(number, "requested", sheet, command)


@blueprint.post("/received")
def received(number: int) -> Response:
    """Record the answer to the letter."""
    sheet = sheet_of(this_request().form)
    given = ReplySchema().read(sheet)
    command = partial(
        services().newsroom.statements.receive_reply,
        replied_at=given.get("replied_at", ""),
        reply=given.get("reply", ""),
        lang=given.get("lang", ""),
    )
    return _decide(number, "received", sheet, command)


def _decide(number: int, act: str, sheet: Sheet, command: Callable[..., Recorded]) -> Response:
    """Give the command if its form is filled in, and go back to the statement."""
    entry = _statement(number)
    sheet.put("act", act)
    if not sheet.problems:
        seen: dict[str, Any] = {"expected_version": sheet.number("version")}
        given = partial(command, byline(sheet.value("key")), number, **seen)
        if attempt(sheet, given, partial(sheet.refuse, called=CALLED)):
            return go_on(f"/s/{number}")
    look_again(sheet, Names(read_connection()))
    return _form(entry, sheet)


def _statement(number: int) -> StatementEntry:
    """Return the statement; raises `NotFound` for a development, to which nobody replies."""
    entry = entries.entry(read_connection(), number)
    if not isinstance(entry, StatementEntry):
        raise NotFound(REPLY_TO_NO_STATEMENT, number=number)
    return entry


def _form(entry: StatementEntry, sheet: Sheet) -> Response:
    conn, act = read_connection(), sheet.value("act")
    names = Names(conn)
    sheet.prefix = f"{act}-" if act else ""
    now = held(Statement, entry.stream)
    return show(
        "record/reply.html",
        sheet,
        number=entry.number,
        entry=Presenter(conn, names, [entry]).show(entry),
        sheets={one: Sheet({}, prefix=f"{one}-") for one in ACTS} | {act: sheet},
        version=sheet.value("version", str(now.version)),
        key=sheet.value("key", minted()),
    )
