"""The inbox: listed, taken, put off, set aside, and opened in the workbench."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Blueprint

from timeline.application.texts import text
from timeline.desk.accounts.roles import Role
from timeline.desk.inbox import LATER, NEW, SETTLED, TAKEN, TRAYS, Move
from timeline.domain.errors import NotFound, Refused
from timeline.domain.text import clean, whole_number
from web.record.forms.answers import go_on
from web.record.forms.sheet import FINE, as_sentences
from web.record.forms.signing import own_handle
from web.record.handing import waiting_from
from web.record.inbox.rows import TRAY_NAMES, row_of, told, watched
from web.record.workbench.kept_text import kept_text
from web.record.workbench.opening import laid, sheet_from_inbox
from web.shell.errors import status_of
from web.shell.rendering import render
from web.shell.request import read_connection, services, this_request

if TYPE_CHECKING:
    from uuid import UUID

    from werkzeug.wrappers import Response

    from timeline.desk.inbox import Item

blueprint = Blueprint("inbox", __name__, url_prefix="/inbox")

PLACE = "/record/inbox"
SHOWN = 30
"""Texts on a page."""

BEGINNING = 3_000
"""Characters of a text by which one sees what it is."""


@blueprint.get("")
def ask() -> Response:
    """List a ``tray``, the newest first, ``before`` a place in it."""
    query = this_request().query
    return _list(_tray(query.get("tray", "")), before=query.get("before", ""))


@blueprint.get("/<uuid:item>")
def show(item: UUID) -> Response:
    """Show a text of the inbox: what is known of it, how it begins, and who put it where."""
    return _show(services().desk.inbox.find(str(item)))


@blueprint.post("/<uuid:item>/move")
def move(item: UUID) -> Response:
    """Put a text into the tray ``to``, and go back to the one it lay in.

    What somebody else did meanwhile, or works on, is said above the text. Raises `NotFound`.
    """
    form, inbox = this_request().form, services().desk.inbox
    found = inbox.find(str(item))
    try:
        inbox.move(
            found.id,
            _move(_tray(form.get("to", "")), form.get("reason", "")),
            whole_number(form.get("seen", "")) or 0,
            over=_is_editor(),
        )
    except NotFound:
        raise
    except Refused as error:
        return _show(inbox.find(found.id), as_sentences(error), status_of(error))
    if form.get("to") in SETTLED:
        _clear(found)
    return go_on(_address(_tray(form.get("tray", "")), form.get("before", "")))


@blueprint.post("/<uuid:item>/open")
def open_(item: UUID) -> Response:
    """Take a text that nobody has, and open it in the workbench.

    What is not known of its source, or of its words, is asked for first. Raises `NotFound`.
    """
    inbox = services().desk.inbox
    found = inbox.find(str(item))
    if found.tray in (NEW, LATER):
        try:
            inbox.move(found.id, _move(TAKEN), found.moves)
        except Refused as error:
            return _show(inbox.find(found.id), as_sentences(error), status_of(error))
    sheet = sheet_from_inbox(found)
    if _is_there(found.document):
        return go_on(f"/record/text/{found.document}")
    kept = laid(sheet) if sheet.value("text") else None
    return go_on(kept.address if kept else f"/record/text?{urlencode({'inbox': found.id})}")


def _list(tray: str, *, before: str = "") -> Response:
    desk, editor = services().desk, _is_editor()
    found = desk.inbox.listed(tray, SHOWN + 1, _place(before))
    shown = found[:SHOWN]
    others = desk.inbox.repeated([one.id for one in shown])
    counts = desk.inbox.counts()
    return render(
        "record/inbox.html",
        tray=tray,
        before=before,
        trays=[(one, name, counts[one], _address(one)) for one, name in TRAY_NAMES.items()],
        rows=[row_of(one, others[one.id], editor=editor) for one in shown],
        older=_address(tray, _place_name(shown[-1])) if len(found) > SHOWN else "",
        watched=watched(desk.feeds.every()),
        is_empty=not any(counts.values()),
    )


def _show(item: Item, trouble: str = "", status: int = FINE) -> Response:
    inbox = services().desk.inbox
    others = inbox.repeated([item.id])[item.id]
    words = inbox.text_of(item.id)
    response = render(
        "record/inbox_item.html",
        one=row_of(item, others, editor=_is_editor()),
        source=item.source,
        words=words[:BEGINNING].splitlines(),
        is_cut=len(words) > BEGINNING,
        history=[told(one) for one in inbox.moves_of(item.id)],
        trouble=trouble,
        tray=item.tray,
        before="",
    )
    response.status_code = status
    return response


def _is_there(document: str) -> bool:
    """Tell whether the text of a source lies on the desk or in the record already."""
    try:
        return bool(document) and bool(kept_text(read_connection(), document).text)
    except NotFound:
        return False


def _clear(item: Item) -> None:
    """Take the text of what is put away from the workbench: the inbox keeps it for a while.

    It stays where the inbox has other words or none, and where entries from it wait.
    """
    desk = services().desk
    laid = desk.texts.find(item.document) if item.document and item.has_text else None
    if laid is None or waiting_from(item.document):
        return
    if laid.text == clean(desk.inbox.text_of(item.id), "text"):
        desk.texts.discard(item.document)


def _move(tray: str, reason: str = "") -> Move:
    now = this_request().instant
    return Move(tray=tray, moved_by=own_handle(), moved_at=now, reason=text(reason, "reason") or "")


def _is_editor() -> bool:
    return this_request().identity.may(Role.EDITOR)


def _tray(named: str) -> str:
    return named if named in TRAYS else NEW


def _address(tray: str, before: str = "") -> str:
    given = {"tray": tray if tray != NEW else "", "before": before}
    query = urlencode({name: value for name, value in given.items() if value})
    return f"{PLACE}?{query}" if query else PLACE


def _place_name(item: Item) -> str:
    return f"{item.listed_at}-{item.id}"


def _place(named: str) -> tuple[int, str] | None:
    """Return the place that an address names; nothing for what is none."""
    listed_at, _, item = named.partition("-")
    number = whole_number(listed_at)
    return (number, item) if number is not None else None
