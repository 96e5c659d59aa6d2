"""What a reader sees when something is wrong: one clear line, where, and the way on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from flask import make_response, render_template, request
from flask_babel import gettext
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, SecurityError

from timeline.domain.errors import Conflict, NotFound, Refused, StandlineError
from timeline.projections.queries import directory
from web.record_access import record
from web.refusals import in_words
from web.rendering import wants_fragment

if TYPE_CHECKING:
    from flask import Flask, Response

UNPROCESSABLE, CONFLICT, MISSING, TOO_LARGE, UNAVAILABLE = 422, 409, 404, 413, 503


BESIDE = {
    "HX-Retarget": "#failure",
    "HX-Reswap": "outerHTML",
    "HX-Push-Url": "false",
    "HX-Replace-Url": "false",
}
"""A part that could not be made leaves the page as it is, with the message above it."""


class Near(msgspec.Struct, frozen=True):
    """What somebody perhaps meant who asked for what is not on record."""

    href: str
    title: str


def register(app: Flask) -> None:
    """Show every error as a page, or as a part of one for htmx."""
    app.register_error_handler(StandlineError, _refused)
    app.register_error_handler(OperationalError, _away)
    app.register_error_handler(HTTPException, _http)


def status_of(error: StandlineError) -> int:
    """Return the HTTP status that says what kind of error it is."""
    if isinstance(error, NotFound):
        return MISSING
    if isinstance(error, Conflict):
        return CONFLICT
    return UNPROCESSABLE if isinstance(error, Refused) else UNAVAILABLE


def told(error: StandlineError) -> tuple[str, str]:
    """Return in the reader's language what is wrong, and how to mend it.

    Why the store is out of reach is for whoever runs it: that stands on their terminal.
    """
    if status_of(error) == UNAVAILABLE:
        safe = gettext("the record is out of reach just now; what was recorded before is safe")
        return safe, gettext("try again in a moment")
    return in_words(error.message), in_words(error.fix)


def _refused(error: StandlineError) -> Response:
    return _answer(status_of(error), *told(error), _near(error))


def _near(error: StandlineError) -> list[Near]:
    """Return the topics or actors whose names come close to the one asked for."""
    if not isinstance(error, NotFound):
        return []
    if error.field == "topic":
        topics = [directory.topic(record(), slug) for slug in error.nearest]
        return [Near(f"/t/{one.slug}", one.question) for one in topics]
    if error.field == "actor":
        actors = [directory.actor(record(), slug) for slug in error.nearest]
        return [Near(f"/a/{one.slug}", one.name) for one in actors]
    return []


def _away(error: OperationalError) -> Response:
    return _refused(StandlineError(str(error.orig)))


def _http(error: HTTPException) -> Response:
    if isinstance(error, SecurityError):
        # A page holds addresses, and there are none on a host that is not ours.
        told = f"{error.description} Serve it with --name to answer to that name.\n"
        return make_response(told, error.code, {"Content-Type": "text/plain; charset=utf-8"})
    status = error.code or 500
    # What one of our views says stands; Werkzeug's own words speak of servers and proxies.
    own = error.description != type(error).description
    fix = gettext("what you typed is still in the form; shorten it there")
    told = (own and error.description) or _in_words(status)
    return _answer(status, told, fix if status == TOO_LARGE else "", [])


def _in_words(status: int) -> str:
    words = {
        400: gettext("this request makes no sense to the server"),
        404: gettext("There is no page at this address"),
        405: gettext("nothing can be sent to this address"),
        413: gettext("this is too large; a form may hold a megabyte and 400 fields"),
        415: gettext("this server reads forms only"),
    }
    trouble = gettext("something went wrong here; what was recorded before is safe")
    return words.get(status, trouble)


def _answer(status: int, message: str, fix: str, nearest: list[Near]) -> Response:
    part = "errors/part.html" if wants_fragment() else "errors/page.html"
    beside = wants_fragment() and (request.method == "GET" or status == TOO_LARGE)
    context = {"status": status, "message": message, "fix": fix, "nearest": nearest}
    body = render_template(part, beside=beside, **context)
    response = make_response(body, status)
    response.headers |= BESIDE if beside else {"HX-Reswap": "innerHTML"}
    return response
