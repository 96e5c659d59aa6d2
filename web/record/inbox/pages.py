"""The pages of the inbox: list its texts, move one to another tray, open it in the workbench."""

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
from web.record.inbox.polling import check_watched, poll_now, poll_result_from, watched_sources
from web.record.inbox.rows import (
    TRAY_NAMES,
    InboxRow,
    heading,
    move_in_words,
    row_of,
    rows_of,
    watch_status,
)
from web.record.source_text.article import find_source_text
from web.record.workbench.opening import lay_on_desk, sheet_from_inbox
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


class LastMove(msgspec.Struct, frozen=True):
    """The text that was just moved, with its tray before (``back``) and the reason given then."""

    item: InboxRow
    back: str
    reason: str


PLACE = "/record/inbox"
SHOWN = 30
"""How many texts a page lists."""

BEGINNING = 3_000
"""How many characters of a text its page shows."""


@blueprint.get("")
def ask() -> Response:
    """List a ``tray``, newest first, ``before`` a place in it; or search it for the words ``q``.

    ``moved`` is the id of the text that was just moved, ``looked`` the result of a poll.
    """
    query = this_request().query
    return _list(
        _tray(query.get("tray", "")),
        before=query.get("before", ""),
        typed=query.get("q", "").strip(),
    )


@blueprint.post("/look")
def look_now() -> Response:
    """Poll the feeds now and show the result; raises `StandlineError`."""
    try:
        result = poll_now()
    except Refused as error:
        return _list(NEW, trouble=as_sentences(error), status=status_of(error))
    return go_on(f"{PLACE}?{urlencode({'looked': result.value})}")


@blueprint.post("/feeds")
def add_feed() -> Response:
    """Watch the feed at an address from now on; raises `StandlineError`."""
    desk, url = services().desk, this_request().form.get("url", "")
    try:
        address = feed_address(url)
        desk.feeds.add(AddedFeed(address, own_handle(), this_request().instant))
    except Refused as error:
        return _list(NEW, trouble=as_sentences(error), status=status_of(error), feed=url)
    return go_on(f"{PLACE}#feeds")


@blueprint.post("/feeds/remove")
def remove_feed() -> Response:
    """Stop watching a feed that was added here."""
    services().desk.feeds.remove(this_request().form.get("url", ""))
    return go_on(f"{PLACE}#feeds")


@blueprint.post("/<uuid:item>/apart")
def set_apart(item: UUID) -> Response:
    """Separate a text from the one that it was folded under; raises `NotFound`."""
    services().desk.inbox.set_apart(str(item))
    return go_on(f"{PLACE}#i-{item}")


@blueprint.get("/<uuid:item>")
def show(item: UUID) -> Response:
    """Show a text of the inbox: its source, its beginning, and its moves."""
    return _show(services().desk.inbox.find(str(item)))


@blueprint.post("/<uuid:item>/move")
def move(item: UUID) -> Response:
    """Move a text into the tray ``to``, and go back to the tray that it was in.

    If somebody else moved it meanwhile, or works on it, say so above it. Raises `NotFound`.
    """
    form, inbox = this_request().form, services().desk.inbox
    inbox_item = inbox.find(str(item))
    try:
        inbox.move(
            inbox_item.id,
            _move(_tray(form.get("to", "")), form.get("reason", "")),
            whole_number(form.get("seen", "")) or 0,
            over=_is_editor(),
        )
    except NotFound:
        raise
    except Refused as error:
        return _show(inbox.find(inbox_item.id), as_sentences(error), status_of(error))
    if form.get("to") in SETTLED:
        _clear(inbox_item)
    moved = "" if form.get("undo") else inbox_item.id
    return go_on(_address(_tray(form.get("tray", "")), form.get("before", ""), moved))


@blueprint.post("/<uuid:item>/open")
def open_(item: UUID) -> Response:
    """Take a text that nobody has taken, and open it in the workbench.

    Ask first for its source or its words if they are not known. Raises `NotFound`.
    """
    inbox = services().desk.inbox
    inbox_item = inbox.find(str(item))
    if inbox_item.tray in (NEW, LATER):
        try:
            inbox.move(inbox_item.id, _move(TAKEN), inbox_item.moves)
        except Refused as error:
            return _show(inbox.find(inbox_item.id), as_sentences(error), status_of(error))
    sheet = sheet_from_inbox(inbox_item)
    if _has_text(inbox_item.document):
        return go_on(f"/record/text/{inbox_item.document}")
    kept = lay_on_desk(sheet) if sheet.value("text") else None
    return go_on(kept.address if kept else f"/record/text?{urlencode({'inbox': inbox_item.id})}")


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
        trays=[(name_, name, counts[name_], _address(name_)) for name_, name in TRAY_NAMES.items()],
        names=TRAY_NAMES,
        rows=rows_of(read_connection(), shown, editor=_is_editor()),
        older=_address(tray, _place_name(shown[-1])) if has_more and not typed else "",
        watched=watch_status(desk.feeds.every(), desk.feeds.added()),
        may_add=_is_editor(),
        may_look=bool(watched_sources()),
        looked=poll_result_from(query.get("looked", "")),
        moved=_moved(query.get("moved", "")),
        trouble=trouble,
        feed=feed,
        is_empty=not any(counts.values()),
    )
    response.status_code = status
    return response


def _moved(item_id: str) -> LastMove | None:
    """Return the text that the reader has just moved, with its tray before that."""
    inbox = services().desk.inbox
    try:
        item = inbox.find(item_id)
    except NotFound:
        return None
    if item.moved_by != own_handle():
        return None
    before = inbox.moves_of(item.id)[-2:-1]
    back = before[0] if before else Move(tray=NEW, moved_by="", moved_at=0)
    return LastMove(row_of(item, editor=_is_editor()), back.tray, back.reason)


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
        history=[move_in_words(move) for move in inbox.moves_of(item.id)],
        trouble=trouble,
        tray=item.tray,
        before="",
    )
    response.status_code = status
    return response


def _has_text(document: str) -> bool:
    """Tell whether the desk or the record has the text of a source already."""
    try:
        return bool(document) and bool(find_source_text(read_connection(), document).text)
    except NotFound:
        return False


def _clear(item: Item) -> None:
    """Remove the text of a settled item from the workbench; the inbox keeps its own copy a while.

    Keep it if the inbox has no copy or another text, or if entries from it wait.
    """
    desk = services().desk
    desk_text = desk.texts.find(item.document) if item.document and item.has_text else None
    if desk_text is None or waiting_from(item.document):
        return
    if desk_text.text == clean(desk.inbox.text_of(item.id), "text"):
        desk.texts.discard(item.document)


def _move(tray: str, reason: str = "") -> Move:
    now = this_request().instant
    return Move(tray=tray, moved_by=own_handle(), moved_at=now, reason=text(reason, "reason") or "")


def _is_editor() -> bool:
    return this_request().identity.may(Role.EDITOR)


def _tray(name: str) -> str:
    return name if name in TRAYS else NEW


def _address(tray: str, before: str = "", moved: str = "") -> str:
    fields = {"tray": tray if tray != NEW else "", "before": before, "moved": moved}
    query = urlencode({name: value for name, value in fields.items() if value})
    return f"{PLACE}?{query}" if query else PLACE


def _place_name(item: Item) -> str:
    return f"{item.listed_at}-{item.id}"


def _place(value: str) -> tuple[int, str] | None:
    """Return a place in a tray from its value in an address; nothing if it is invalid."""
    listed_at, _, item = value.partition("-")
    number = whole_number(listed_at)
    return (number, item) if number is not None else None
