"""How somebody proves who they are: by their password, and by a code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.desk.accounts.tries import TOO_MANY_TRIES
from timeline.domain.errors import Refused, StandlineError
from web.shell.identity import device_cookie
from web.shell.request import services, this_request
from web.shell.safety_log import note
from web.shell.sender import sender_of

if TYPE_CHECKING:
    from timeline.desk.accounts.people import Person
    from timeline.desk.accounts.second_factors import RightCode

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


def proven_by_code(handle: str, code: str) -> RightCode:
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
