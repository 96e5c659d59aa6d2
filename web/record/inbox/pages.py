"""The inbox: listed, taken, put off, set aside, and opened in the workbench."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec
from flask import Blueprint

from timeline.application.texts import text
from timeline.desk.accounts.roles import Role
from timeline.desk.feeds import AddedFeed
from timeline.desk.inbox import LATER, NEW, SETTLED, TAKEN, TRAYS, Move
from timeline.domain.errors import NotFound, Refused
from timeline.domain.text import clean, whole_number
from timeline.watching.sources import feed_address
from web.record.forms.answers import go_on
from web.record.forms.form_state import FINE, as_sentences
from web.record.forms.signing import own_handle
from web.record.handing import waiting_from
from web.record.inbox.looking import check_watched, look, looked_in, watched_sources
from web.record.inbox.rows import TRAY_NAMES, InboxRow, heading, row_of, rows_of, told, watched
from web.record.source_text.kept_text import kept_text
from web.record.workbench.opening import laid, sheet_from_inbox
from web.shell.errors import status_of
from web.shell.parts import add_part, prepare
from web.shell.rendering import render
from web.shell.request import read_connection, services, this_request

if TYPE_CHECKING:
    from uuid import UUID

    from werkzeug.wrappers import Response

    from timeline.desk.inbox import Item

blueprint = Blueprint("inbox", __name__, url_prefix="/inbox")
prepare(blueprint, check_watched)
add_part(blueprint, "record.first", "record/inbox_nav.html")
add_part(blueprint, "keyboard", "record/inbox_keys.html")


class Moved(msgspec.Struct, frozen=True):
    """A text that was moved just before; ``back`` is the tray in which it lay, with the reason."""

    item: InboxRow
    back: str
    reason: str


PLACE = "/record/inbox"
SHOWN = 30
"""Texts on a page."""

BEGINNING = 3_000
"""Characters of a text by which one sees what it is."""


@blueprint.get("")
def ask() -> Response:
    """List a ``tray``, the newest first, ``before`` a place in it; or what has the words ``q``.

    ``moved`` is the id of what was moved just before, ``looked`` what came of a look at the feeds.
    """
    query = this_request().query
    return _list(
        _tray(query.get("tray", "")),
        before=query.get("before", ""),
        typed=query.get("q", "").strip(),
    )


@blueprint.post("/look")
def look_now() -> Response:
    """Ask the feeds now, and say what came of it; raises `StandlineError`."""
    try:
        looked = look()
    except Refused as error:
        return _list(NEW, trouble=as_sentences(error), status=status_of(error))
    return go_on(f"{PLACE}?{urlencode({'looked': looked.told})}")


@blueprint.post("/feeds")
def add_feed() -> Response:
    """Watch the feed at an address from now on; raises `StandlineError`."""
    desk, given = services().desk, this_request().form.get("url", "")
    try:
        address = feed_address(given)
        desk.feeds.add(AddedFeed(address, own_handle(), this_request().instant))
    except Refused as error:
        return _list(NEW, trouble=as_sentences(error), status=status_of(error), feed=given)
    return go_on(f"{PLACE}#feeds")


@blueprint.post("/feeds/remove")
def remove_feed() -> Response:
    """Watch a feed no more that was added here."""
    services().desk.feeds.remove(this_request().form.get("url", ""))
    return go_on(f"{PLACE}#feeds")


@blueprint.post("/<uuid:item>/apart")
def set_apart(item: UUID) -> Response:
    """Let a text stand by itself that was folded under another; raises `NotFound`."""
    services().desk.inbox.set_apart(str(item))
    return go_on(f"{PLACE}#i-{item}")


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
    moved = "" if form.get("undo") else found.id
    return go_on(_address(_tray(form.get("tray", "")), form.get("before", ""), moved))


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


def _list(
    tray: str,
    *,
    before: str = "",
    typed: str = "",
    trouble: str = "",
    status: int = FINE,
    feed: str = "",
) -> Response:
    desk, query = services().desk, this_request().query
    if typed:
        items = desk.inbox.searched(typed, SHOWN + 1)
    else:
        items = desk.inbox.listed(tray, SHOWN + 1, _place(before))
    shown, counts = items[:SHOWN], desk.inbox.counts()
    has_more = len(items) > SHOWN
    response = render(
        "record/inbox.html",
        tray="" if typed else tray,
        before=before,
        typed=typed,
        has_more=has_more,
        trays=[(one, name, counts[one], _address(one)) for one, name in TRAY_NAMES.items()],
        names=TRAY_NAMES,
        rows=rows_of(read_connection(), shown, editor=_is_editor()),
        older=_address(tray, _place_name(shown[-1])) if has_more and not typed else "",
        watched=watched(desk.feeds.every(), desk.feeds.added()),
        may_add=_is_editor(),
        may_look=bool(watched_sources()),
        looked=looked_in(query.get("looked", "")),
        moved=_moved(query.get("moved", "")),
        trouble=trouble,
        feed=feed,
        is_empty=not any(counts.values()),
    )
    response.status_code = status
    return response


def _moved(named: str) -> Moved | None:
    """Return what was moved just before by who asks, and where it lay before that."""
    inbox = services().desk.inbox
    try:
        item = inbox.find(named)
    except NotFound:
        return None
    if item.moved_by != own_handle():
        return None
    before = inbox.moves_of(item.id)[-2:-1]
    back = before[0] if before else Move(tray=NEW, moved_by="", moved_at=0)
    return Moved(row_of(item, editor=_is_editor()), back.tray, back.reason)


def _show(item: Item, trouble: str = "", status: int = FINE) -> Response:
    inbox = services().desk.inbox
    words = inbox.text_of(item.id)
    response = render(
        "record/inbox_item.html",
        one=rows_of(read_connection(), [item], editor=_is_editor())[0],
        heading=heading(item, words),
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


def _address(tray: str, before: str = "", moved: str = "") -> str:
    given = {"tray": tray if tray != NEW else "", "before": before, "moved": moved}
    query = urlencode({name: value for name, value in given.items() if value})
    return f"{PLACE}?{query}" if query else PLACE


def _place_name(item: Item) -> str:
    return f"{item.listed_at}-{item.id}"


def _place(named: str) -> tuple[int, str] | None:
    """Return the place that an address names; nothing for what is none."""
    listed_at, _, item = named.partition("-")
    number = whole_number(listed_at)
    return (number, item) if number is not None else None
