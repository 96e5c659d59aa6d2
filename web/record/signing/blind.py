"""Blind reading: the question and the quote, and nothing else; whether it carries, and where to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from timeline.domain.text import whole_number
from timeline.projections.queries import directory
from timeline.projections.queries.quote_readings import quote_readings, quotes_to_read
from timeline.projections.queries.waiting import unsigned_changes
from web.i18n.quotation_marks import direction, quoted
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
"""Quotes that are looked up beside those of the changes that wait."""


class ReadingSchema(FormSchema):
    """Whether a quote alone answers the question, and how."""

    carries = TextInput(lazy_gettext("Say whether the quote alone answers the question."))
    stance = TextInput(lazy_gettext("Choose a direction, or that it has none."))


@blueprint.get("")
def ask() -> Response:
    """Show the next quote that needs a reading by who asks, ``after`` the number of another.

    ``again`` is the number of one whose reading they took back: it comes first.
    """
    query, conn = this_request().query, read_connection()
    after, again = (whole_number(query.get(name, "")) or 0 for name in ("after", "again"))
    left = _next(conn, after)
    first = [quote for quote in left if quote.number == again]
    return _page(
        FormState({}), [*first, *(quote for quote in left if quote.number != again)], after
    )


@blueprint.post("/<int:number>")
def take(number: int) -> Response:
    """Keep how a quote was read and go on to the next, or say what is in the way."""
    sheet = sheet_of(this_request().form)
    given = ReadingSchema().read(sheet)
    statements, carries = services().newsroom.statements, given["carries"] == "yes"
    done = attempt(
        sheet, lambda: statements.read_quote(byline(), number, given["stance"], carries=carries)
    )
    if done is None:
        return _page(sheet, _needed(read_connection(), [number]))
    address = f"{HERE}?after={number}"
    if not wants_fragment():
        return go_on(address)
    return shown_at(_page(FormState({}), _next(read_connection(), number), number), address)


@blueprint.post("/<int:number>/seen")
def seen(number: int) -> Response:
    """Note that who asks knows how a quote is coded, from wherever, and go on to the next."""
    stream = services().newsroom.statements.stream(number)
    services().desk.shown_ends.note(own_handle(), [stream])
    return go_on(f"{HERE}?after={number}")


@blueprint.post("/<int:number>/undo")
def undo(number: int) -> Response:
    """Take back how a quote was read and show it again, or say what is in the way."""
    sheet = sheet_of(this_request().form)
    statements = services().newsroom.statements
    if attempt(sheet, lambda: statements.unread_quote(byline(), number)):
        return go_on(f"{HERE}?again={number}")
    return _page(sheet, _next(read_connection(), number))


def _next(conn: Connection, after: int) -> list[QuoteToRead]:
    """Return what needs a reading, from behind a quote on: ends of changes that wait come first."""
    ends = {
        number
        for change in unsigned_changes(conn)
        for number in (*change.change.before, *change.change.after)
    }
    quotes = {quote.number: quote for quote in _needed(conn, ends)}
    quotes |= {
        quote.number: quote
        for quote in quotes_to_read(conn, own_handle(), but=_seen(), limit=AHEAD)
    }

    def place(number: int) -> tuple[bool, int]:
        return number not in ends, number

    ordered = sorted(quotes, key=place)
    behind = [number for number in ordered if place(number) > place(after)] if after else ordered
    return [quotes[number] for number in (*behind, *(one for one in ordered if one not in behind))]


def _needed(conn: Connection, numbers: set[int] | list[int]) -> list[QuoteToRead]:
    limit = max(1, len(numbers))
    return quotes_to_read(conn, own_handle(), numbers=numbers, but=_seen(), limit=limit)


def _seen() -> set[str]:
    """Return the statements that who asks was shown in a change."""
    desk = services().desk
    return desk.shown_ends.seen_by(own_handle()) if desk.is_there() else set()


def _is_read(number: int) -> bool:
    """Tell whether a reading of a quote by who asks stands."""
    read = quote_readings(read_connection(), [number]).get(number, ()) if number else ()
    return own_handle() in [reading.reader for reading in read]


def _page(sheet: FormState, left: list[QuoteToRead], read: int = 0) -> Response:
    """Show the first of some quotes, or that none is left; what was not taken in says why.

    ``read`` is the number of the one that was just read, whose reading may be taken back.
    """
    sheet.order = ("carries", "stance")
    undo = f"{HERE}/{read}/undo" if _is_read(read) else ""
    if not left:
        return show("record/blind.html", sheet, to="", left=0, undo=undo)
    first = left[0]
    with reader_language() as conn:
        topic = directory.topics_by_id(conn, {first.topic})[first.topic]
    return show(
        "record/blind.html",
        sheet,
        to=f"{HERE}/{first.number}",
        seen=f"{HERE}/{first.number}/seen",
        left=len(left),
        undo=undo,
        skip=f"{HERE}?after={first.number}" if left[1:] else "",
        topic=topic,
        quote=quoted(first.quote, first.lang),
        lang=first.lang,
        direction=direction(first.lang),
        stances=stance_choices(topic.scale),
    )
