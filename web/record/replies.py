"""The list of the requests for a reply that the desk sent, and the form that adds to it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
from flask import Blueprint

from timeline.application.texts import text
from timeline.desk.accounts.roles import Role
from timeline.desk.inquiries import ANSWERED, DECLINED, NO_ANSWER, OUTCOMES, WAYS, Inquiry
from timeline.domain.complete import check_complete
from timeline.domain.dates import parse_instant_us
from timeline.domain.errors import NotFound, Refused
from timeline.domain.instants import DAY, MICROSECONDS
from timeline.domain.messages import Message
from timeline.domain.statement import StatementRecorded
from timeline.projections.queries import entries
from timeline.projections.queries.entries import StatementEntry
from web.i18n import dates
from web.i18n.translate import gettext, lazy_gettext
from web.record.fields.dates import read_moment
from web.record.fields.matches import (
    ask_which,
    entry_label,
    entry_labels,
    entry_number,
    number_written,
)
from web.record.forms.answers import go_on
from web.record.forms.form_state import FINE, FormState, sheet_of
from web.record.forms.signing import form_id, own_handle
from web.shell.errors import status_of
from web.shell.parts import add_part
from web.shell.rendering import render
from web.shell.request import read_connection, services, this_request

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from werkzeug.wrappers import Response

    from timeline.projections.queries.entries import Entry


ANSWER_UNKNOWN = Message(
    "answer_unknown",
    "number %(number)s is no statement",
    fix="give the number of the statement that was the answer, or none",
)
NOT_YOUR_REQUEST = Message(
    "not_your_request", "%(author)s asked, not you", fix="who asked and editors may remove it"
)

LIST = "/record/replies"
SHOWN = 100
"""How many settled requests the list shows; older ones stay with their entries."""

NEAR = DAY * MICROSECONDS

blueprint = Blueprint("replies", __name__, url_prefix="/replies")
add_part(blueprint, "record.nav", "record/replies_nav.html")
add_part(blueprint, "record.draft", "record/replies_of_draft.html")


class ReplyRow(msgspec.Struct, frozen=True, kw_only=True):
    """A request for a reply, as the list shows it.

    ``number`` is that of the entry, 0 before it is on record. ``state`` is ``over`` after the
    deadline, ``near`` on the day before it, else empty. ``way`` and ``outcome`` are in words,
    ``answer`` is the text of the statement that was the answer. ``sheet`` is the form that notes
    the outcome.
    """

    inquiry: Inquiry
    number: int
    is_retracted: bool
    way: str
    asked: str
    deadline: str
    machine: str
    state: str
    outcome: str
    answer: str
    may_remove: bool
    sheet: FormState


@blueprint.get("")
def show() -> Response:
    """Show the requests; ``entry`` in the address names a draft or an entry to ask about."""
    entry = this_request().query.get("entry", "")
    sheet = _new_sheet()
    sheet.fill({"entry": _entry_in_field(entry), "about": _about(entry)})
    return _page(sheet)


@blueprint.post("")
def ask() -> Response:
    """Keep a new request, or say what is wrong with it."""
    sheet = sheet_of(this_request().form)
    sheet.put("id", form_id(sheet.value("id")))
    _check_each(sheet)
    if sheet.problems:
        return _page(sheet, sheet.status)
    try:
        services().desk.inquiries.keep(_inquiry(sheet))
    except (Refused, NotFound) as error:
        sheet.refuse(error, {"": "entry"})
        return _page(sheet, status_of(error))
    return go_on(f"{LIST}#q-{sheet.value('id')}")


@blueprint.post("/<uuid:inquiry>/settle")
def settle(inquiry: UUID) -> Response:
    """Keep the outcome of a request, or say what is wrong; raises `NotFound` and `Refused`."""
    sheet = _outcome_sheet(str(inquiry), sheet_of(this_request().form))
    outcome = sheet.value("outcome")
    answer = _answer(sheet) if outcome == ANSWERED and not sheet.quiet else 0
    if sheet.quiet or sheet.problems:
        sheet.focus = "answer"
        return _page(_new_sheet(), sheet.status, sheet)
    now = this_request().instant
    services().desk.inquiries.settle(str(inquiry), outcome, answer, own_handle(), now)
    return go_on(f"{LIST}#q-{inquiry}")


def _outcome_sheet(inquiry: str, sheet: FormState) -> FormState:
    """Return the form for the outcome of a request; the page has one for each."""
    sheet.prefix = f"{inquiry}-"
    return sheet


def _answer(sheet: FormState) -> int:
    """Return the number of the statement that was the answer, 0 for none; note errors."""
    typed = sheet.value("answer")
    number = number_written(typed)
    event = services().log.event(number) if number else None
    if typed and not isinstance(event, StatementRecorded):
        sheet.refuse(Refused(ANSWER_UNKNOWN, field="answer", number=typed))
    elif typed:
        ask_which(read_connection(), sheet, "answer")
    return number or 0


@blueprint.post("/<uuid:inquiry>/remove")
def remove(inquiry: UUID) -> Response:
    """Remove one's own request, or as an editor anybody's; raises `NotFound`, `Refused`."""
    reply_request = services().desk.inquiries.find(str(inquiry))
    if not _may_remove(reply_request):
        raise Refused(NOT_YOUR_REQUEST, field="inquiry", author=reply_request.asked_by)
    services().desk.inquiries.remove(reply_request.id)
    return go_on(LIST)


def _new_sheet() -> FormState:
    sheet = FormState({})
    sheet.fill({"id": form_id(), "way": "email"})
    return sheet


def _check_each(sheet: FormState) -> None:
    """Note every field that cannot be read, so that the form shows all errors at once."""
    for field in ("asked_at", "deadline", "entry"):
        value = sheet.value(field)
        try:
            if field == "entry":
                _stream(value)
            elif value.strip():
                _moment(value, field)
        except (Refused, NotFound) as error:
            sheet.refuse(error, {"": field})


def _inquiry(sheet: FormState) -> Inquiry:
    now = this_request().instant
    asked_at = sheet.value("asked_at")
    deadline = sheet.value("deadline")
    return Inquiry(
        id=sheet.value("id"),
        entry=_stream(sheet.value("entry")),
        about=text(sheet.value("about"), "about"),
        whom=text(sheet.value("whom"), "whom"),
        way=sheet.value("way"),
        asked_by=own_handle(),
        asked_at=_moment(asked_at, "asked_at") if asked_at.strip() else now,
        deadline=_moment(deadline, "deadline"),
        note=text(sheet.value("note"), "note"),
    )


def _moment(value: str, field: str) -> int:
    return parse_instant_us(read_moment(value, field), field)


def _stream(entry: str) -> str:
    """Return the id of an entry from its number or its id, empty for none.

    Raises `NotFound` for an unknown number, and `Refused` for what is neither.
    """
    value = entry.strip()
    if not value or _is_id(value):
        return value
    return entries.entry(read_connection(), entry_number(value, "entry")).stream


def _is_id(value: str) -> bool:
    try:
        return str(UUID(value)) == value
    except ValueError:
        return False


def _entry_in_field(entry: str) -> str:
    """Return an entry as its field shows it: a number becomes a label."""
    number = number_written(entry)
    with suppress(NotFound):
        return entry_label(read_connection(), number) if number else entry
    return entry


def _about(entry: str) -> str:
    """Return the words of the entry that a reply is asked to, as far as the reader may see it."""
    desk, stream = services().desk, ""
    try:
        stream = _stream(entry)
        number = services().log.first_events([stream]).get(stream, (0, None))[0]
        if number:
            return _words(number)
        return desk.drafts.find(own_handle(), stream).gist.words
    except (NotFound, Refused):
        handed = {entry.id: entry.gist.words for entry in desk.reviews.waiting()}
        embargoed = {entry.id: entry.gist.words for entry in desk.embargoes.waiting()}
        return (handed | embargoed).get(stream, "")


def _words(number: int) -> str:
    entry = entries.entry(read_connection(), number)
    if isinstance(entry, StatementEntry):
        return entry.words.paraphrase or (entry.words.quote.exact if entry.words.quote else "")
    return entry.title


def _page(sheet: FormState, status: int = FINE, settling: FormState | None = None) -> Response:
    """Show the list; ``settling`` is the outcome form that has errors."""
    room = services().desk.inquiries
    inquiries = [*room.open(), *room.settled(SHOWN)]
    numbers = services().log.first_events({inquiry.entry for inquiry in inquiries})
    sheets = {settling.prefix: settling} if settling else {}
    answers = entry_labels(
        read_connection(), {inquiry.answer for inquiry in inquiries if inquiry.answer}
    )
    places = {inquiry.entry: numbers.get(inquiry.entry, (0, None))[0] for inquiry in inquiries}
    retracted = _retracted(places.values())
    rows = [
        _row(inquiry, places[inquiry.entry], sheets, answers, retracted) for inquiry in inquiries
    ]
    response = render(
        "record/replies.html",
        open=[row for row in rows if not row.outcome],
        settled=[row for row in rows if row.outcome],
        sheet=sheet,
        ways=ways(),
        outcomes=outcomes(),
    )
    response.status_code = status
    return response


def _retracted(numbers: Iterable[int]) -> set[int]:
    """Return the numbers of the entries that are retracted."""
    conn, unique = read_connection(), set(numbers)
    rows: list[Entry] = [*entries.statements(conn, unique).values()]
    rows += entries.developments(conn, unique).values()
    return {entry.number for entry in rows if entry.retracted}


def _row(
    inquiry: Inquiry,
    number: int,
    sheets: Mapping[str, FormState],
    answers: Mapping[int, str],
    retracted: Collection[int],
) -> ReplyRow:
    blank = _outcome_sheet(inquiry.id, FormState({}))
    remaining = inquiry.deadline - this_request().instant
    return ReplyRow(
        inquiry=inquiry,
        number=number,
        is_retracted=number in retracted,
        way=way_words(inquiry.way),
        asked=dates.moment_us(inquiry.asked_at),
        deadline=dates.moment_us(inquiry.deadline),
        machine=dates.machine_us(inquiry.deadline),
        state="" if inquiry.outcome or remaining > NEAR else "near" if remaining > 0 else "over",
        outcome=_outcome_sentence(inquiry) if inquiry.outcome else "",
        answer=answers.get(inquiry.answer, f"#{inquiry.answer}") if inquiry.answer else "",
        may_remove=_may_remove(inquiry),
        sheet=sheets.get(blank.prefix, blank),
    )


def _outcome_sentence(inquiry: Inquiry) -> str:
    return gettext(
        "%(outcome)s, noted by %(name)s, %(when)s",
        outcome=outcome_words(inquiry.outcome),
        name=inquiry.settled_by,
        when=dates.moment_us(inquiry.settled_at),
    )


def _may_remove(inquiry: Inquiry) -> bool:
    return inquiry.asked_by == own_handle() or this_request().identity.may(Role.EDITOR)


WAY_WORDS = {
    "email": lazy_gettext("by e-mail"),
    "phone": lazy_gettext("by phone"),
    "letter": lazy_gettext("by letter"),
    "in_person": lazy_gettext("in person"),
    "other": lazy_gettext("another way"),
}
OUTCOME_WORDS = {
    ANSWERED: lazy_gettext("answered"),
    DECLINED: lazy_gettext("declined to answer"),
    NO_ANSWER: lazy_gettext("no answer"),
}
check_complete("WAY_WORDS", WAY_WORDS, WAYS)
check_complete("OUTCOME_WORDS", OUTCOME_WORDS, OUTCOMES)


def way_words(way: str) -> str:
    """Return a way in words."""
    return str(WAY_WORDS.get(way, way))


def outcome_words(outcome: str) -> str:
    """Return an outcome in words."""
    return str(OUTCOME_WORDS.get(outcome, outcome))


def ways() -> list[tuple[str, str]]:
    """Return all ways with their words."""
    return [(way, str(words)) for way, words in WAY_WORDS.items()]


def outcomes() -> list[tuple[str, str]]:
    """Return all outcomes with their words."""
    return [(outcome, str(words)) for outcome, words in OUTCOME_WORDS.items()]
