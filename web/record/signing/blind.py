"""Blind reading: somebody sees a question and a quote alone, and says how the quote answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from timeline.domain.text import whole_number
from timeline.projections.queries import directory
from timeline.projections.queries.quote_readings import quote_readings, quotes_to_read
from timeline.projections.queries.waiting import unsigned_changes
from web.i18n.languages import direction, quoted
from web.i18n.translate import lazy_gettext
from web.record.fields.choices import stance_choices
from web.record.fields.inputs import FormSchema, TextInput
from web.record.forms.answers import attempt, go_on, show
from web.record.forms.form_state import FormState, sheet_of
from web.record.forms.signing import byline, own_handle
from web.shell.rendering import shown_at, wants_fragment
from web.shell.request import read_connection, reader_language, services, this_request

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from werkzeug.wrappers import Response

    from timeline.projections.queries.quote_readings import QuoteToRead

blueprint = Blueprint("quotes", __name__, url_prefix="/quotes")

HERE = "/record/quotes"
AHEAD = 50
"""How many quotes are offered beyond those of waiting changes."""


class ReadingSchema(FormSchema):
    """The form: whether a quote alone answers the question, and how."""

    carries = TextInput(lazy_gettext("Say whether the quote alone answers the question."))
    stance = TextInput(lazy_gettext("Choose a direction, or that it has none."))


@blueprint.get("")
def ask() -> Response:
    """Show the next quote that needs the reader's own reading, ``after`` the number of another.

    ``again`` is the number of a quote whose reading they took back: it comes first.
    """
    query, conn = this_request().query, read_connection()
    after, again = (whole_number(query.get(name, "")) or 0 for name in ("after", "again"))
    quotes = _next(conn, after)
    first = [quote for quote in quotes if quote.number == again]
    return _page(
        FormState({}), [*first, *(quote for quote in quotes if quote.number != again)], after
    )


@blueprint.post("/<int:number>")
def take(number: int) -> Response:
    """Record a reading and go on to the next quote, or say what is wrong."""
    sheet = sheet_of(this_request().form)
    data = ReadingSchema().read(sheet)
    statements, carries = services().newsroom.statements, data["carries"] == "yes"
    recorded = attempt(
        sheet, lambda: statements.read_quote(byline(), number, data["stance"], carries=carries)
    )
    if recorded is None:
        return _page(sheet, _unread(read_connection(), [number]))
    address = f"{HERE}?after={number}"
    if not wants_fragment():
        return go_on(address)
    return shown_at(_page(FormState({}), _next(read_connection(), number), number), address)


@blueprint.post("/<int:number>/seen")
def seen(number: int) -> Response:
    """Note that the reader knows already how a quote is coded, and go on to the next."""
    stream = services().newsroom.statements.stream(number)
    services().desk.shown_ends.note(own_handle(), [stream])
    return go_on(f"{HERE}?after={number}")


@blueprint.post("/<int:number>/undo")
def undo(number: int) -> Response:
    """Take back a reading and show the quote again, or say what is wrong."""
    sheet = sheet_of(this_request().form)
    statements = services().newsroom.statements
    if attempt(sheet, lambda: statements.unread_quote(byline(), number)):
        return go_on(f"{HERE}?again={number}")
    return _page(sheet, _next(read_connection(), number))


def _next(conn: Connection, after: int) -> list[QuoteToRead]:
    """Return quotes that need a reading, from one on; those of waiting changes come first."""
    ends = {
        number
        for change in unsigned_changes(conn)
        for number in (*change.change.before, *change.change.after)
    }
    quotes = {quote.number: quote for quote in _unread(conn, ends)}
    quotes |= {
        quote.number: quote
        for quote in quotes_to_read(conn, own_handle(), but=_shown_streams(), limit=AHEAD)
    }

    def place(number: int) -> tuple[bool, int]:
        return number not in ends, number

    ordered = sorted(quotes, key=place)
    following = [number for number in ordered if place(number) > place(after)] if after else ordered
    return [quotes[number] for number in (*following, *(n for n in ordered if n not in following))]


def _unread(conn: Connection, numbers: set[int] | list[int]) -> list[QuoteToRead]:
    limit = max(1, len(numbers))
    return quotes_to_read(conn, own_handle(), numbers=numbers, but=_shown_streams(), limit=limit)


def _shown_streams() -> set[str]:
    """Return the streams of the statements that the reader saw in a change."""
    desk = services().desk
    return desk.shown_ends.seen_by(own_handle()) if desk.is_there() else set()


def _is_read(number: int) -> bool:
    """Tell whether the reader has read a quote."""
    readings = quote_readings(read_connection(), [number]).get(number, ()) if number else ()
    return own_handle() in [reading.reader for reading in readings]


def _page(sheet: FormState, quotes: list[QuoteToRead], last_read: int = 0) -> Response:
    """Show the first of some quotes, or that none is left, with the errors of the sheet.

    ``last_read`` is the number of the quote that was just read, for the undo button.
    """
    sheet.order = ("carries", "stance")
    undo = f"{HERE}/{last_read}/undo" if _is_read(last_read) else ""
    if not quotes:
        return show("record/blind.html", sheet, to="", left=0, undo=undo)
    first = quotes[0]
    with reader_language() as conn:
        topic = directory.topics_by_id(conn, {first.topic})[first.topic]
    return show(
        "record/blind.html",
        sheet,
        to=f"{HERE}/{first.number}",
        seen=f"{HERE}/{first.number}/seen",
        left=len(quotes),
        undo=undo,
        skip=f"{HERE}?after={first.number}" if quotes[1:] else "",
        topic=topic,
        quote=quoted(first.quote, first.lang),
        lang=first.lang,
        direction=direction(first.lang),
        stances=stance_choices(topic.scale),
    )
