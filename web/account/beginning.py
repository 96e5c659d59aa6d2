"""How a session begins, whatever somebody proved who they are by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.desk.accounts.devices import KNOWN_FOR
from timeline.domain.instants import MICROSECONDS
from web.shell.cookies import keep_cookie
from web.shell.identity import DEVICE, LINK, PASSWORD, SESSION, device_cookie, session_cookie
from web.shell.kept_form import kept_form
from web.shell.rendering import render, see_other
from web.shell.request import services, this_request
from web.shell.safety_log import note
from web.shell.sender import browser_of, sender_of

if TYPE_CHECKING:
    from werkzeug.wrappers import Response


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
