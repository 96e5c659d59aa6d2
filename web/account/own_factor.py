"""One's own second factor: turned on and off, moved to another app, with new recovery codes.

Each asks for the password, and where there is a second factor for a code as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from timeline.desk.accounts.second_factors import APP
from timeline.domain.errors import Refused, StandlineError
from timeline.domain.messages import Message
from web.account.beginning import begin_session, proven_again, status_of
from web.account.factor_pages import PAGE, codes_shown, factor_shown
from web.account.pages import refused
from web.shell.identity import PASSWORD, SECOND_FACTOR
from web.shell.rendering import render, see_other
from web.shell.request import services, this_request
from web.shell.safety_log import note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.wrappers import Response

    from timeline.desk.accounts.second_factors import SecondFactors

SECOND_FACTOR_NEEDED = Message(
    "second_factor_needed",
    "your role needs a second factor",
    fix="take another app in its place",
)

blueprint = Blueprint("own_factor", __name__)

SIGN_IN = f"/sign-in?next={PAGE}"


@blueprint.get(PAGE)
def show() -> Response:
    """Show whether it is on, since when, and what can be done; a key while one is offered."""
    who = this_request().identity
    if not who.session:
        return see_other(SIGN_IN)
    return render("account/second_factor.html", page=factor_shown(who))


@blueprint.post(f"{PAGE}/<any(offer, confirm, codes, off):act>")
def change(act: str) -> Response:
    """Offer a key, let it count, make new recovery codes, or turn it off."""
    if not this_request().identity.session:
        return see_other(SIGN_IN)
    acts = {"offer": _offer, "confirm": _confirm, "codes": _renew_codes, "off": _turn_off}
    try:
        return acts[act]()
    except StandlineError as error:
        page = factor_shown(this_request().identity, refused(error))
        response = render("account/second_factor.html", page=page)
        response.status_code = status_of(error)
        return response


def _offer() -> Response:
    who = this_request().identity
    proven_again()
    _factors().offer(who.handle, who.session, this_request().instant)
    note("second factor offered", who.handle)
    return see_other(PAGE)


def _confirm() -> Response:
    """Let the key count that was offered after the password was proven, in this session alone."""
    who, code = this_request().identity, this_request().form.get("code", "")
    codes = _factors().turn_on(who.handle, who.session, code, this_request().instant)
    note("second factor on", who.handle)
    return _with_codes(codes)


def _renew_codes() -> Response:
    who = this_request().identity
    proven_again()
    codes = _factors().renew_codes(who.handle)
    note("new recovery codes", who.handle)
    return _with_codes(codes)


def _turn_off() -> Response:
    who = this_request().identity
    if this_request().needs_second_factor(who.role):
        raise Refused(SECOND_FACTOR_NEEDED)
    proven_again()
    _factors().take_off(who.handle)
    note("second factor off", who.handle)
    return begin_session(who.handle, PAGE, by=PASSWORD)


def _with_codes(codes: Sequence[str]) -> Response:
    """Show new recovery codes, once, and begin a new session in place of this one."""
    who, form = this_request().identity, this_request().form
    page = codes_shown(codes, who.handle, PAGE, form)
    answer = render("account/recovery_codes.html", page=page)
    by = f"{PASSWORD}+{APP}"
    return begin_session(who.handle, PAGE, by=by, proves=SECOND_FACTOR, answer=answer)


def _factors() -> SecondFactors:
    return services().desk.second_factors
