"""Answer errors with one clear line and advice, in the format asked for."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec
from flask import current_app, render_template, request
from htmx_flask import make_response
from sqlalchemy.exc import DatabaseError, OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError
from werkzeug.http import HTTP_STATUS_CODES

from timeline.domain.errors import Busy, Conflict, NotFound, OutcomeUnknown, Refused, StandlineError
from timeline.domain.messages import bare
from timeline.projections.generations.read_models import READ_MODELS_DAMAGED
from timeline.projections.queries import directory
from timeline.projections.queries.entries import EVENT_SET_ASIDE, EntryWithheld
from timeline.stores.trouble import QueryGivenUp, UnreadableEvent, explain, reason_of
from web.i18n.translate import gettext
from web.shell.addresses import is_for_programs
from web.shell.rendering import in_asked_language, wants_fragment
from web.shell.request import read_connection, services
from web.shell.slots import NoSlot
from web.wording.refusals import fix_of, message_of

if TYPE_CHECKING:
    from flask import Flask, Response

MISSING, CONFLICT, GONE, TOO_LARGE = 404, 409, 410, 413
BAD = 400
UNPROCESSABLE, BROKEN, UNAVAILABLE = 422, 500, 503
PLAIN = "text/plain; charset=utf-8"
SOON = "5"
"""Seconds after which to retry if the store cannot be reached."""

IN_LINES = (
    *(".csv", ".parquet", ".sql", ".atom", ".jsonfeed", ".jsonl"),
    *(".svg", ".png", ".bib", ".ris", ".csl"),
)
"""The endings of addresses that get errors as one line of text."""

BESIDE = {"retarget": "#failure", "reswap": "outerHTML", "push_url": False, "replace_url": False}
"""Headers for htmx: leave the page as it is, and show the message above it."""


class Near(msgspec.Struct, frozen=True):
    """Suggestions for an unknown topic or actor."""

    href: str
    title: str


def register(app: Flask) -> None:
    """Handle all errors as a page, or as a part of one for htmx."""
    app.register_error_handler(StandlineError, _refused)
    app.register_error_handler(NoSlot, _in_a_line)
    app.register_error_handler(OperationalError, _away)
    app.register_error_handler(DatabaseError, _damaged)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _mistake)
    app.after_request(_come_again)


class RequestRefused(HTTPException):
    """An error with a status, a message and advice."""

    def __init__(self, status: int, message: str, fix: str) -> None:
        super().__init__(message)
        self.code, self.fix = status, fix


class Unreadable(Refused):
    """A request that cannot be understood."""


def status_of(error: StandlineError) -> int:
    """Return the HTTP status of an error."""
    if isinstance(error, EntryWithheld):
        return GONE
    if isinstance(error, NotFound):
        return MISSING
    if isinstance(error, Conflict):
        return CONFLICT
    if isinstance(error, UnreadableEvent):
        return BROKEN
    if isinstance(error, Unreadable):
        return BAD
    return UNPROCESSABLE if isinstance(error, Refused) else UNAVAILABLE


def describe(error: StandlineError) -> tuple[str, str]:
    """Return what is wrong and how to fix it, in the reader's language.

    Why the store cannot be reached is only written to the operator's terminal.
    """
    if isinstance(error, UnreadableEvent):
        error = NotFound(EVENT_SET_ASIDE, number=error.position)
    if status_of(error) != UNAVAILABLE or isinstance(error, Busy):
        return message_of(error), fix_of(error)
    tell_operator(error)
    if isinstance(error, OutcomeUnknown):
        unsure = gettext(
            "the connection to the record broke: whether this is recorded is not known yet"
        )
        return unsure, gettext("send it once more; it is recorded once, however often it comes")
    if request.method == "POST":
        here = gettext("nothing can be recorded just now; what you typed is still here")
        return here, gettext("send it again in a moment")
    if isinstance(error, QueryGivenUp):
        return gettext("this took too long to look up, and was given up"), gettext(
            "ask for less at once, such as fewer actors or a shorter span, or try again in a moment"
        )
    safe = gettext("the record is out of reach just now; what was recorded before is safe")
    return safe, gettext("try again in a moment")


def tell_operator(error: StandlineError) -> None:
    """Log a database error on the terminal."""
    current_app.logger.error("cannot answer: %s", error)


def _refused(error: StandlineError) -> Response:
    return _answer(status_of(error), *describe(error), error)


def answer_for(error: StandlineError) -> Response:
    """Return the answer for an error that can no longer be raised."""
    return _refused(error)


def _in_a_line(error: NoSlot) -> Response:
    """Answer overload with a line of text, or JSON for programs: a page would cost too much."""
    message, fix = describe(error)
    if request.path.endswith(".json") or is_for_programs(request.path):
        response = _problem(UNAVAILABLE, message, fix, error)
    else:
        response = make_response(f"{message}; {fix}\n", {"Content-Type": PLAIN})
    response.status_code = UNAVAILABLE
    return response


def _near(error: StandlineError | None) -> list[Near]:
    """Return topics, actors or stories with names close to the one asked for."""
    if not isinstance(error, NotFound):
        return []
    if error.field == "topic":
        topics = [directory.topic(read_connection(), slug) for slug in error.nearest]
        return [Near(f"/t/{topic.slug}", topic.question) for topic in topics]
    if error.field == "actor":
        actors = [directory.actor(read_connection(), slug) for slug in error.nearest]
        return [Near(f"/a/{actor.slug}", actor.name) for actor in actors]
    if error.field == "story":
        stories = [directory.story(read_connection(), slug) for slug in error.nearest]
        return [Near(f"/story/{story.slug}", story.title) for story in stories]
    return []


def _away(error: OperationalError) -> Response:
    return _refused(explain(error.orig or error))


def _damaged(error: DatabaseError) -> Response:
    """Schedule a rebuild if the read models are damaged; re-raise other errors."""
    try:
        is_noticed = services().models.notice(error)
    except StandlineError as trouble:  # the log cannot be read either
        return _refused(trouble)
    if not is_noticed:
        raise error
    return _refused(StandlineError(READ_MODELS_DAMAGED, why=reason_of(error.orig or error)))


def _mistake(error: Exception) -> Response:
    """Schedule a rebuild if read-model rows are missing; re-raise programming errors."""
    with suppress(StandlineError):
        if services().models.doubt():
            return _refused(StandlineError(READ_MODELS_DAMAGED, why="rows of it are gone"))
    raise error


def _http(error: HTTPException) -> Response:
    if isinstance(error, SecurityError):
        # A page has links, which cannot be built on a host that is not ours.
        line = f"{error.description} Serve it with --name to answer to that name.\n"
        return make_response(line, error.code, {"Content-Type": PLAIN})
    status = error.code or 500
    # Keep descriptions of our own views; those of Werkzeug are about servers and proxies.
    own = error.description != type(error).description
    message, fix = _in_words(status)
    if own and error.description:
        own_fix = error.fix if isinstance(error, RequestRefused) else ""
        message, fix = error.description, fix if status == TOO_LARGE else own_fix
    response = _answer(status, message, fix)
    if isinstance(error, MethodNotAllowed):
        response.allow.update(error.valid_methods or ())
    return response


def _in_words(status: int) -> tuple[str, str]:
    """Return the message of a status, and advice."""
    form = gettext("use the form on the page")
    words = {
        400: (gettext("this request cannot be read"), gettext("reload the page and try again")),
        404: (
            gettext("There is no page at this address"),
            gettext("check the address, or use the search"),
        ),
        405: (gettext("nothing can be sent to this address"), form),
        413: (
            gettext("this is too large; a form may hold a megabyte and 400 fields"),
            gettext("what you typed is still in the form; shorten it there"),
        ),
        415: (gettext("this server reads forms only"), form),
    }
    trouble = gettext("something went wrong here; what was recorded before is safe")
    return words.get(status, (trouble, gettext("try again in a moment")))


def _answer(status: int, message: str, fix: str, error: StandlineError | None = None) -> Response:
    response = _in_its_form(status, message, fix, error)
    response.status_code = status
    return response


def _come_again(response: Response) -> Response:
    if response.status_code == UNAVAILABLE:
        response.headers["Retry-After"] = SOON
    return response


def _in_its_form(status: int, message: str, fix: str, error: StandlineError | None) -> Response:
    if request.blueprint == "embed":
        page = render_template("embed/refused.html", framed=True, message=message)
        return make_response(page)
    if (
        request.blueprint == "health"
        or request.path.endswith(".json")
        or is_for_programs(request.path)
    ):
        return _problem(status, message, fix, error)
    if request.path.endswith(IN_LINES):
        line = "; ".join(filter(None, (message, fix)))
        return make_response(f"{line}\n", {"Content-Type": PLAIN})
    return _to_read(status, message, fix, _near(error))


def _problem(status: int, message: str, fix: str, error: StandlineError | None) -> Response:
    """Return an error as problem details (RFC 9457).

    Extension members are the fix, the error's code, its values as text, and suggestions. Values
    never tell why the store cannot be reached: that is for the operator.
    """
    details: dict[str, object] = {
        "title": HTTP_STATUS_CODES[status],
        "status": status,
        "detail": message,
        "fix": fix,
    }
    if error is not None:
        values = {} if status == UNAVAILABLE else error.values
        details |= {"code": error.code, "values": {name: bare(values[name]) for name in values}}
    if isinstance(error, NotFound):
        details["nearest"] = error.nearest
    body = msgspec.json.encode(details)
    return make_response(body, {"Content-Type": "application/problem+json"})


def _to_read(status: int, message: str, fix: str, nearest: list[Near]) -> Response:
    part = "errors/part.html" if wants_fragment() else "errors/page.html"
    is_fragment = wants_fragment() and (request.method == "GET" or status == TOO_LARGE)
    lost = request.method == "POST" and status == UNAVAILABLE and not wants_fragment()
    body = render_template(
        part,
        beside=is_fragment,
        status=status,
        message=message,
        fix=fix,
        nearest=nearest,
        again=list(request.form.items(multi=True)) if lost else [],
    )
    page = in_asked_language(body)
    return make_response(page, **BESIDE if is_fragment else {"reswap": "innerHTML"})
