"""What may follow an entry, beside corrections: retraction, links, further sources."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Blueprint

from timeline.domain.development import Development
from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message
from timeline.domain.statement import Statement
from timeline.projections.queries import attached, entries
from timeline.projections.queries.entries import StatementEntry
from web.entries.presenter import Presenter
from web.lanes.proof import link_words
from web.record.fields.choices import attributions
from web.record.fields.schemas import (
    LinkSchema,
    ReasonSchema,
    SecondSchema,
    UnlinkSchema,
    UnsecondSchema,
    source_of,
)
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

    from timeline.application.entries import Entries
    from timeline.application.recording import Recorded
    from timeline.projections.queries.entries import Entry

TARGET_NOT_A_NUMBER = Message(
    "target_not_a_number",
    "%(text)s is not the number of an entry",
    fix="give it like 1042, or paste the address",
)

blueprint = Blueprint("entry", __name__, url_prefix="/<int:number>")

CALLED = {"source": "source.outlet"}

_NUMBER = re.compile(r"(?:.*/s/|#)?(?P<number>\d+)(?:@\d+)?(?:[?#].*)?")


@blueprint.get("/retract")
def ask_to_retract(number: int) -> Response:
    """Show the form that withdraws an entry."""
    return _form("retract", number, _opened(number))


@blueprint.post("/retract")
def retract(number: int) -> Response:
    """Withdraw an entry; it stays visible, struck through."""
    sheet = sheet_of(this_request().form)
    given = ReasonSchema().read(sheet)

    def command(rooms: Entries[Any]) -> Recorded:
        return rooms.retract(
            byline(sheet.value("key")),
            number,
            given["reason"],
            withhold=bool(sheet.value("withhold")),
            expected_version=sheet.number("version"),
        )

    return _decide("retract", number, sheet, command)


@blueprint.get("/reinstate")
def ask_to_reinstate(number: int) -> Response:
    """Show the form that takes a retraction back."""
    return _form("reinstate", number, _opened(number))


@blueprint.post("/reinstate")
def reinstate(number: int) -> Response:
    """Take a retraction back."""
    sheet = sheet_of(this_request().form)
    given = ReasonSchema().read(sheet)

    def command(rooms: Entries[Any]) -> Recorded:
        return rooms.reinstate(
            byline(sheet.value("key")),
            number,
            given["reason"],
            expected_version=sheet.number("version"),
        )

    return _decide("reinstate", number, sheet, command)


@blueprint.get("/link")
def ask_to_link(number: int) -> Response:
    """Show the form that connects an entry, and its connections."""
    return _form("link", number, _opened(number))


@blueprint.post("/link")
def link(number: int) -> Response:
    """Connect an entry to another."""
    sheet = sheet_of(this_request().form)
    given = LinkSchema().read(sheet)

    def command(rooms: Entries[Any]) -> Recorded:
        return rooms.link(
            byline(sheet.value("key")),
            number,
            given["link"],
            _target(given["target"]),
            given["note"],
            expected_version=sheet.number("version"),
        )

    return _decide("link", number, sheet, command)


@blueprint.post("/unlink")
def unlink(number: int) -> Response:
    """Take a connection back."""
    sheet = sheet_of(this_request().form)
    given = UnlinkSchema().read(sheet)

    def command(rooms: Entries[Any]) -> Recorded:
        return rooms.unlink(
            byline(sheet.value("key")),
            number,
            given["link"],
            _target(given["target"]),
            given["reason"],
            expected_version=sheet.number("version"),
        )

    return _decide("link", number, sheet, command)


@blueprint.get("/second")
def ask_to_second(number: int) -> Response:
    """Show the form for a further source of the same words."""
    return _form("second", number, _opened(number))


@blueprint.post("/second")
def second(number: int) -> Response:
    """Add a further source, or show its form filled in if another form asks for it."""
    sheet = sheet_of(this_request().form)
    if sheet.value("open"):
        for name, values in _opened(number).values.items():
            sheet.values.setdefault(name, values)
        return _form("second", number, sheet)
    given = SecondSchema().read(sheet)
    is_second_hand = given.get("attribution") == "second_hand"

    def command(rooms: Entries[Any]) -> Recorded:
        return rooms.second(
            byline(sheet.value("key")),
            number,
            source_of(given),
            given["attribution"] or "reported",
            given["reported_via"] if is_second_hand else "",
            expected_version=sheet.number("version"),
        )

    return _decide("second", number, sheet, command)


@blueprint.post("/unsecond")
def unsecond(number: int) -> Response:
    """Take a further source back."""
    sheet = sheet_of(this_request().form)
    given = UnsecondSchema().read(sheet)

    def command(rooms: Entries[Any]) -> Recorded:
        return rooms.unsecond(
            byline(sheet.value("key")),
            number,
            given["document"],
            given["reason"],
            expected_version=sheet.number("version"),
        )

    return _decide("second", number, sheet, command)


def _opened(number: int) -> Sheet:
    entry = entries.entry(read_connection(), number)
    sheet = Sheet({})
    version = held(_kind(entry), entry.stream).version
    sheet.fill({"key": minted(), "version": str(version), "attribution": "reported"})
    return sheet


def _kind(entry: Entry) -> type[Statement | Development]:
    return Statement if isinstance(entry, StatementEntry) else Development


def _decide(
    name: str, number: int, sheet: Sheet, command: Callable[[Entries[Any]], Recorded]
) -> Response:
    """Give the command if the form is filled in, and go back to the entry."""
    entry = entries.entry(read_connection(), number)
    rooms = services().newsroom
    desk: Entries[Any] = rooms.statements if _kind(entry) is Statement else rooms.developments
    if not sheet.problems:
        told = partial(sheet.refuse, called=CALLED)
        if attempt(sheet, partial(command, desk), told):
            return go_on(f"/s/{number}")
    look_again(sheet, Names(read_connection()))
    return _form(name, number, sheet)


def _form(name: str, number: int, sheet: Sheet) -> Response:
    conn = read_connection()
    entry = entries.entry(conn, number)
    own = [one for one in attached.links(conn, [number]) if one.number == number]
    now, names = held(_kind(entry), entry.stream), Names(conn)
    return show(
        f"record/{name}.html",
        sheet,
        number=number,
        entry=Presenter(conn, names, [entry]).show(entry),
        links=[(one.kind, link_words(one.kind, outgoing=True), one.target) for one in own],
        kinds=[(kind, link_words(kind, outgoing=True)) for kind in now.LINKS],
        further=[(one, _source_name(names, one)) for one in now.further_sources],
        attributions=attributions(),
        blank=Sheet({}),
    )


def _source_name(names: Names, document: str) -> str:
    found = names.document(document)
    return ", ".join(filter(None, (found.outlet, found.title))) or found.url


def _target(written: str) -> int:
    """Read the number of an entry, also from its address; raises `Refused`."""
    found = _NUMBER.fullmatch(written)
    if found is None:
        raise Refused(TARGET_NOT_A_NUMBER, field="target", text=InQuotes(written))
    return int(found["number"])
