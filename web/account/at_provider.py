"""Sign in at the desk's OpenID Connect provider: redirect there, and handle the return."""

from __future__ import annotations

import base64
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec
from flask import Blueprint

from timeline.desk.accounts.provider import (
    PROVIDER_AWAY,
    SIGN_IN_STALE,
    PendingSignIn,
    ProviderIdentity,
)
from timeline.desk.accounts.provider_accounts import LINK_NEEDS_CODE
from timeline.domain.errors import NotFound, Refused, StandlineError
from timeline.domain.messages import Message
from web.account.beginning import begin_session, check_again, status_of
from web.account.pages import PersonForm, error_notice, own_page, sign_in_page
from web.shell.addresses import address_here
from web.shell.cookies import drop_cookie, keep_cookie, read_cookie
from web.shell.identity import PROVIDER
from web.shell.rendering import render, see_other
from web.shell.request import services, this_request
from web.shell.safety_log import note

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from timeline.desk.accounts.provider import Provider


blueprint = Blueprint("provider", __name__)

NO_PROVIDER = Message("no_provider", "nobody signs in at a provider here")
NO_PASSWORD = Message(
    "no_password",
    "you have no password by which you could prove who you are",
    fix="set one first, by a one-time link of an admin",
)

OWN = "/account"
UNAVAILABLE = 503
TYING = "to tie an account"
"""The purpose of a proof that somebody gave before they went to the provider."""


@blueprint.get("/sign-in/provider")
def sign_in() -> Response:
    """Redirect to the provider, and then to ``next``."""
    return _leave(following=address_here(this_request().query.get("next", "/")))


@blueprint.get("/join/<secret>/provider")
def join(secret: str) -> Response:
    """Redirect to the provider from a one-time link; raises `Refused` for a spent one."""
    person = services().desk.people.invited(secret, this_request().instant)
    if person is not None and person.second_factor is not None:
        return _not_let_in(Refused(LINK_NEEDS_CODE), "/", secret)
    return _leave(link=secret)


@blueprint.post("/account/provider")
def tie() -> Response:
    """Check the password again, and show a link to the provider.

    It is a link, because forms of this site must not redirect to others (`form-action`).
    """
    who, provider = this_request().identity, _provider()
    if not who.session:
        return see_other(f"/sign-in?next={OWN}")
    try:
        wrong_codes = _check_before_linking(who.handle)
        address, step = provider.begin(_back())
    except StandlineError as error:
        response = render("account/you.html", page=own_page(who, error_notice(error)))
        response.status_code = _status(error)
        return response
    proof = services().desk.half_sign_ins.begin(
        who.handle, this_request().instant, proven_by=TYING, following=OWN
    )
    response = render("account/to_provider.html", address=address, wrong_codes=wrong_codes)
    keep_trip(response, ProviderTrip(step=step, following=OWN, proof=proof))
    return response


@blueprint.get("/sign-in/provider/back")
def come_back() -> Response:
    """Sign in the person whom the provider names."""
    provider, trip = _provider(), read_trip()
    try:
        if trip is None:
            raise Refused(SIGN_IN_STALE)
        identity = provider.finish(trip.step, this_request().query, _back())
        response = _let_in(trip, identity)
    except StandlineError as error:
        response = _not_let_in(error, trip.following if trip else "/", trip.link if trip else "")
    drop_cookie(response, AWAY)
    return response


def _let_in(trip: ProviderTrip, identity: ProviderIdentity) -> Response:
    accounts, now = services().desk.provider_accounts, this_request().instant
    if trip.proof:
        handle = _spend_proof(trip.proof)
        accounts.tie(handle, identity, now)
        note("tied to the provider", handle)
        return see_other(OWN)
    if trip.link:
        return begin_session(accounts.redeem(trip.link, identity, now), "/", by=PROVIDER)
    handle = accounts.sign_in(identity, _provider().newcomers, now)
    return begin_session(handle, address_here(trip.following), by=PROVIDER)


def _check_before_linking(handle: str) -> int:
    """Return how many wrong codes there were before; raises `Refused` without a proof."""
    if not services().desk.people.find(handle).has_password:
        raise Refused(NO_PASSWORD)
    return check_again()


def _spend_proof(secret: str) -> str:
    """Return the handle of this session's proof and end it; raises `Refused` if there is none."""
    halves = services().desk.half_sign_ins
    proof = halves.find(secret, this_request().instant)
    who = this_request().identity
    if proof is None or proof.proven_by != TYING or not who.session or proof.handle != who.handle:
        raise Refused(SIGN_IN_STALE)
    if not halves.end(proof):
        raise Refused(SIGN_IN_STALE)
    return who.handle


def _leave(*, following: str = "/", link: str = "") -> Response:
    provider = _provider()
    try:
        address, step = provider.begin(_back())
    except StandlineError as error:
        return _not_let_in(error, following, link)
    response = see_other(address)
    keep_trip(response, ProviderTrip(step=step, following=following, link=link))
    return response


def _not_let_in(error: StandlineError, following: str, link: str) -> Response:
    """Show an error on the page of the one-time ``link``, or on the sign-in page."""
    cause = f"/{type(error.__cause__).__name__}" if error.__cause__ else ""
    note("provider refused", why=f"{error.code}{cause}")
    response = _joining(error, link) or render(
        "account/sign_in.html", page=sign_in_page(following, error_notice(error))
    )
    response.status_code = _status(error)
    return response


def _status(error: StandlineError) -> int:
    return UNAVAILABLE if error.code == PROVIDER_AWAY.code else status_of(error)


def _joining(error: StandlineError, link: str) -> Response | None:
    """Return the form of a one-time link, if the link is still valid."""
    with suppress(Refused):
        person = services().desk.people.invited(link, this_request().instant) if link else None
        if person:
            context = {"person": person, "secret": link, "notice": error_notice(error)}
            return render("account/join.html", **context, typed=PersonForm())
    return None


def _provider() -> Provider:
    provider = this_request().provider
    if provider is None:
        raise NotFound(NO_PROVIDER)
    return provider


def _back() -> str:
    return f"{this_request().host}sign-in/provider/back"


AWAY = "provider"
"""The cookie of a browser while its user is at the provider."""

MINUTES = 10


class ProviderTrip(msgspec.Struct, frozen=True, kw_only=True):
    """The state that the browser keeps while its user is at the provider.

    ``following`` is the address to go to then, ``link`` the secret of the one-time link that they
    came from, if any. ``proof`` is a secret that the desk gave a signed-in person for password and
    code, to link the account: the cookie alone proves nothing.
    """

    step: PendingSignIn
    following: str = "/"
    link: str = ""
    proof: str = ""


def keep_trip(response: Response, trip: ProviderTrip) -> None:
    """Let the browser keep the state for ten minutes."""
    value = base64.urlsafe_b64encode(msgspec.json.encode(trip)).decode()
    keep_cookie(response, AWAY, value, seconds=MINUTES * 60)


def read_trip() -> ProviderTrip | None:
    """Return the state from the browser's cookie, ``None`` if it is missing or invalid."""
    try:
        value = base64.urlsafe_b64decode(read_cookie(this_request().sent, AWAY))
        return msgspec.json.decode(value, type=ProviderTrip)
    except ValueError:
        return None
