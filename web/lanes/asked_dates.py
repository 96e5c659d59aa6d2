"""Read the dates of an address as people type them; bad ones get a message at their field."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from werkzeug.datastructures import MultiDict

from timeline.domain.dates import check_past, parse_as_of, parse_start, query_date
from timeline.domain.errors import StandlineError
from timeline.projections.queries import log
from web.i18n.translate import lazy_gettext
from web.shell.rendering import render_page
from web.shell.request import this_request
from web.wording.clocks import is_now_in_words
from web.wording.refusals import fix_of, message_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection
    from werkzeug.wrappers import Response

UNPROCESSABLE, MINUTE = 422, 60

LABELS = {
    "as_of": lazy_gettext("As of"),
    "known_at": lazy_gettext("Known on"),
    "since": lazy_gettext("Since"),
    "from": lazy_gettext("From"),
    "to": lazy_gettext("To"),
    "at": lazy_gettext("Moments"),
    "a": lazy_gettext("Then"),
    "b": lazy_gettext("Later (empty: now)"),
}
"""The labels of date fields."""


class UnreadDate(msgspec.Struct, frozen=True):
    """An invalid date: the name of its field, and a message with advice."""

    name: str
    label: str
    typed: str
    words: str


class AskedDates(msgspec.Struct, frozen=True):
    """A query whose dates are EDTF, and the dates that could not be read, by name."""

    query: MultiDict[str, str]
    unread: dict[str, UnreadDate]


def answer_page(
    template: str, dates: AskedDates, *, block: str = "view", **context: object
) -> Response:
    """Answer with a page that shows messages on invalid dates."""
    answer = render_page(template, block=block, unread=dates.unread, **context)
    if dates.unread:
        answer.status_code = UNPROCESSABLE
    return answer


def read_asked_dates(
    conn: Connection,
    query: MultiDict[str, str],
    names: tuple[str, ...],
    stay: Mapping[str, str] | None = None,
) -> AskedDates:
    """Read the dates with these names of a query; see `LABELS`.

    An invalid or future date is replaced by that of ``stay``, if there is one, else by now.
    """
    read: MultiDict[str, str] = MultiDict(query)
    unread = {}
    for name in names:
        typed = query.get(name, "").strip()
        if not typed or is_now_in_words(typed):
            continue
        try:
            read[name] = _edtf(conn, name, typed)
        except StandlineError as error:
            del read[name]
            unread[name] = UnreadDate(name, str(LABELS[name]), typed, in_a_line(error))
    back = {name: at for name in unread if (at := (stay or {}).get(name, ""))}
    if not back:
        return AskedDates(read, unread)
    stayed = read_asked_dates(conn, MultiDict(read) | MultiDict(back), tuple(back))
    return AskedDates(stayed.query, stayed.unread | unread)


def read_each(
    conn: Connection, name: str, typed: Sequence[str]
) -> tuple[list[str], UnreadDate | None]:
    """Read dates typed into one field; return the valid ones, and a message on the others.

    ``name`` is that of the field, one of `LABELS`.
    """
    read, wrong = [], []
    for text in typed:
        try:
            read.append(_edtf(conn, name, text))
        except StandlineError as error:
            wrong.append(in_a_line(error))
    if not wrong:
        return read, None
    return read, UnreadDate(name, str(LABELS[name]), ", ".join(typed), " ".join(wrong))


def read_moments(
    query: MultiDict[str, str], names: tuple[str, ...], read: Callable[[str], object]
) -> AskedDates:
    """Check moments of a query with a function that raises `Refused`; drop invalid ones."""
    readable, unread = MultiDict(query), {}
    for name in names:
        try:
            read(query.get(name, "").strip())
        except StandlineError as error:
            typed = readable.pop(name).strip()
            unread[name] = UnreadDate(name, str(LABELS[name]), typed, in_a_line(error))
    return AskedDates(readable, unread)


def _edtf(conn: Connection, name: str, typed: str) -> str:
    """Return a date as EDTF, or a log position unchanged; raises `Refused` for neither.

    It also raises for a future day, except in the field ``to``.
    """
    if name in ("known_at", "since"):
        log.read_known(conn, typed)
    elif name == "from":
        parse_start(typed, name)
    else:
        parse_as_of(typed, name)
    if typed.startswith("@"):
        return typed
    if name != "to":
        check_come_to_pass(typed, name)
    return query_date(typed)


def check_come_to_pass(typed: str, name: str) -> None:
    """Raise `Refused` for a future time, by the clock of pages, which shows minutes."""
    check_past(typed, this_request().now + MINUTE, name)


def in_a_line(error: StandlineError) -> str:
    """Return an error and its fix as sentences."""
    sentences = (text[:1].upper() + text[1:] for text in (message_of(error), fix_of(error)) if text)
    return ". ".join(sentences) + "."
