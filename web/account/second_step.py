"""The second step of signing in, after the password: a code, or setting up a second factor.

Between the steps a browser has a cookie that is no session and gives no rights.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Blueprint

from timeline.desk.accounts.provider import SIGN_IN_STALE
from timeline.desk.accounts.second_factors import APP, RECOVERY
from timeline.desk.accounts.sessions import HALF_LASTS
from timeline.domain.errors import Refused, StandlineError
from timeline.domain.instants import MICROSECONDS
from web.account.beginning import UNPROCESSABLE, begin_session, check_code, status_of
from web.account.factor_pages import PAGE, CodePage, KeyPage, codes_page
from web.account.pages import error_notice, sign_in_page
from web.shell.cookies import drop_cookie, keep_cookie
from web.shell.identity import HALF, SECOND_FACTOR, half_cookie
from web.shell.kept_form import packed
from web.shell.rendering import render, see_other
from web.shell.request import services, this_request
from web.shell.safety_log import note

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from timeline.desk.accounts.people import Person
    from timeline.desk.accounts.sessions import HalfSignIn
    from timeline.desk.desk import Desk

blueprint = Blueprint("second_step", __name__)

START, CODE, SET_UP = "/sign-in", "/sign-in/code", "/sign-in/set-up"


def after_first(person: Person, address: str, *, by: str) -> Response:
    """After the first proof, ask for a second factor if they have or need one; else sign in."""
    desk, now, sent = _desk(), this_request().instant, this_request().sent
    if person.second_factor is None and not this_request().needs_second_factor(person.role):
        with suppress(Refused):
            return begin_session(person.handle, address, by=by)
        # They turned one on since the password was checked.
        person = desk.people.find(person.handle)
    secret = desk.half_sign_ins.begin(
        person.handle, now, proven_by=by, following=address, instead=half_cookie(sent)
    )
    half = desk.half_sign_ins.find(secret, now)
    if half is None:
        raise Refused(SIGN_IN_STALE)
    note("half signed in", person.handle, why=by)
    if person.second_factor is None:
        desk.second_factors.offer(person.handle, half.id, now)
    # A form that waits to be sent travels through the page: it is not kept here.
    form = packed(this_request().form)
    response = _step_page(half) if form else see_other(CODE if person.second_factor else SET_UP)
    keep_cookie(response, HALF, secret, seconds=HALF_LASTS // MICROSECONDS)
    return response


@blueprint.get(CODE)
def ask() -> Response:
    """Show the form for the code; without a half sign-in, go to the start."""
    half = _half()
    return _step_page(half) if half else see_other(START)


@blueprint.get(SET_UP)
def ask_to_set_up() -> Response:
    """Show the key that somebody has to set up before they get in."""
    half = _half()
    return _step_page(half) if half else see_other(START)


@blueprint.post(CODE)
def take() -> Response:
    """Check a code, and begin the session."""
    half = _half()
    if half is None:
        return _begin_again()
    try:
        accepted = check_code(half.handle, this_request().form.get("code", ""))
    except StandlineError as error:
        return _step_page(half, error)
    if not _desk().half_sign_ins.end(half):
        return _begin_again()
    response = begin_session(
        half.handle,
        _onwards(half, accepted.way),
        by=f"{half.proven_by}+{accepted.way}",
        proves=SECOND_FACTOR,
        wrong_codes=accepted.wrong_before,
    )
    drop_cookie(response, HALF)
    return response


@blueprint.post(SET_UP)
def set_up() -> Response:
    """Check the first code of a new key, show recovery codes, and begin the session."""
    half, now = _half(), this_request().instant
    if half is None:
        return _begin_again()
    try:
        code = this_request().form.get("code", "")
        codes = _desk().second_factors.turn_on(half.handle, half.id, code, now, first=True)
    except StandlineError as error:
        return _step_page(half, error)
    note("second factor on", half.handle)
    page = codes_page(codes, half.handle, half.following, this_request().form)
    answer = render("account/recovery_codes.html", page=page)
    by = f"{half.proven_by}+{APP}"
    response = begin_session(half.handle, "/", by=by, proves=SECOND_FACTOR, answer=answer)
    drop_cookie(response, HALF)
    return response


def _step_page(half: HalfSignIn, error: StandlineError | None = None) -> Response:
    """Return the page of the second step: the form for a code, or the key to set up."""
    form, notice = packed(this_request().form), error_notice(error) if error else None
    if _desk().people.find(half.handle).second_factor is not None:
        page = CodePage(handle=half.handle, kept=form, notice=notice)
        response = render("account/code.html", page=page)
    else:
        key = _desk().second_factors.offered(half.handle, half.id, this_request().instant)
        if key is None:
            return _begin_again()
        key_page = KeyPage.of(key, half.handle, notice)
        response = render("account/set_up.html", page=key_page, kept=form)
    if error is not None:
        response.status_code = status_of(error)
    return response


def _onwards(half: HalfSignIn, way: str) -> str:
    """Return the address to go to; after a recovery code, that of setting up another app."""
    if way != RECOVERY:
        return half.following
    return f"{PAGE}?{urlencode({'by': 'recovery', 'next': half.following})}"


def _begin_again() -> Response:
    page = sign_in_page("/", error_notice(Refused(SIGN_IN_STALE)))
    response = render("account/sign_in.html", page=page, kept=packed(this_request().form))
    response.status_code = UNPROCESSABLE
    return response


def _half() -> HalfSignIn | None:
    request = this_request()
    return _desk().half_sign_ins.find(half_cookie(request.sent), request.instant)


def _desk() -> Desk:
    return services().desk
