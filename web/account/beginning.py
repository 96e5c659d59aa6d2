"""Begin a session, and check passwords and codes."""

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
    """Begin a session in the browser, and go on.

    Go on to the form that waits to be sent, if there is one, else to an address; or show an
    ``answer`` that leads there. ``by`` is the kind of proof, for the operator's log; ``proves`` is
    what the session counts as, if that differs. Earlier ``wrong_codes`` are reported first. Raises
    `Refused` if a password alone is no longer enough.
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
    context = {"form": form, "following": address, "wrong_codes": wrong_codes}
    return render("account/go_on.html", **context)


UNPROCESSABLE, TOO_MANY = 422, 429


def check_password(handle: str, password: str) -> Person:
    """Return the person with a password; raises `Refused` for a wrong one or one too many."""
    sent = this_request().sent
    try:
        return services().desk.people.sign_in(
            handle, password, sender_of(sent), this_request().instant, device=device_cookie(sent)
        )
    except Refused as error:
        note("password refused", handle or "-", why=error.code)
        raise


def check_code(handle: str, code: str) -> AcceptedCode:
    """Return the accepted code; raises `Refused` for a wrong one or one too many."""
    sent = this_request().sent
    try:
        return services().desk.second_factors.prove(
            handle, code, sender_of(sent), this_request().instant, device=device_cookie(sent)
        )
    except Refused as error:
        note("code refused", handle, why=error.code)
        raise


def check_again() -> int:
    """Check the password of the signed-in person again, and a code if they have a second factor.

    Returns how many wrong codes there were before; raises `Refused`.
    """
    who, form = this_request().identity, this_request().form
    if check_password(who.handle, form.get("old", "")).second_factor is None:
        return 0
    return check_code(who.handle, form.get("code", "")).wrong_before


def status_of(error: StandlineError) -> int:
    """Return the HTTP status of a failed check."""
    return TOO_MANY if error.code == TOO_MANY_TRIES.code else UNPROCESSABLE
