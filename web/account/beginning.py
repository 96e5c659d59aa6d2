"""How a session begins: who somebody is, proven again where it matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.desk.accounts.devices import KNOWN_FOR
from timeline.desk.accounts.tries import TOO_MANY_TRIES
from timeline.domain.errors import Refused, StandlineError
from timeline.domain.instants import MICROSECONDS
from web.shell.cookies import keep_cookie
from web.shell.identity import DEVICE, LINK, PASSWORD, SESSION, device_cookie, session_cookie
from web.shell.kept_form import kept_form
from web.shell.rendering import render, see_other
from web.shell.request import services, this_request
from web.shell.safety_log import browser_of, note, sender_of

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from timeline.desk.accounts.people import Person
    from timeline.desk.accounts.second_factors import AcceptedCode


def begin_session(
    handle: str,
    address: str,
    *,
    by: str,
    proves: str = "",
    answer: Response | None = None,
    wrong_codes: int = 0,
) -> Response:
    """Let the browser be somebody's from now on, and lead on.

    It leads to the form that waits to be sent, if one came along, else to an address; or shows an
    ``answer`` that leads there. ``by`` is how they proved who they are, for the operator's log;
    ``proves`` what the session counts for, where that is not the same. How many ``wrong_codes``
    there had been is told first. Raises `Refused` where a password alone is not enough any more.
    """
    request, now = this_request().sent, this_request().instant
    secret = services().desk.sessions.begin(
        handle,
        now,
        browser=browser_of(request),
        address=sender_of(request),
        instead=session_cookie(request),
        proven_by=proves or by,
        proves_one=(proves or by) in (PASSWORD, LINK),
    )
    device = services().desk.devices.remember(handle, now, device_cookie(request))
    note("signed in", handle, why=by)
    response = answer or _going_on(address, wrong_codes)
    keep_cookie(response, SESSION, secret, seconds=None)
    keep_cookie(response, DEVICE, device, seconds=KNOWN_FOR // MICROSECONDS)
    return response


def _going_on(address: str, wrong_codes: int) -> Response:
    form = kept_form(this_request().form)
    if form is None and not wrong_codes:
        return see_other(address)
    told = {"form": form, "following": address, "wrong_codes": wrong_codes}
    return render("account/go_on.html", **told)


UNPROCESSABLE, TOO_MANY = 422, 429


def proven(handle: str, password: str) -> Person:
    """Return the person whose password it is; raises `Refused` for a wrong one or one too many."""
    sent = this_request().sent
    try:
        return services().desk.people.sign_in(
            handle, password, sender_of(sent), this_request().instant, device=device_cookie(sent)
        )
    except Refused as error:
        note("password refused", handle or "-", why=error.code)
        raise


def proven_by_code(handle: str, code: str) -> AcceptedCode:
    """Return what the code was; raises `Refused` for a wrong one or one too many."""
    sent = this_request().sent
    try:
        return services().desk.second_factors.prove(
            handle, code, sender_of(sent), this_request().instant, device=device_cookie(sent)
        )
    except Refused as error:
        note("code refused", handle, why=error.code)
        raise


def proven_again() -> int:
    """Ask who is signed in for the password, and for a code where they have a second factor.

    Returns how many wrong codes there had been before; raises `Refused`.
    """
    who, form = this_request().identity, this_request().form
    if proven(who.handle, form.get("old", "")).second_factor is None:
        return 0
    return proven_by_code(who.handle, form.get("code", "")).wrong_before


def status_of(error: StandlineError) -> int:
    """Return the status of an answer that says that something was not proven."""
    return TOO_MANY if error.code == TOO_MANY_TRIES.code else UNPROCESSABLE
