"""Signing in at the desk's OpenID Connect provider: there, and back again."""

from __future__ import annotations

import base64
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec
from flask import Blueprint

from timeline.desk.accounts.provider import PROVIDER_AWAY, SIGN_IN_STALE, Step, Vouched
from timeline.domain.errors import NotFound, Refused, StandlineError
from timeline.domain.messages import Message
from web.account.beginning import begin_session
from web.account.pages import Typed, refused, signing_in
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

AWAY = "provider"
"""The cookie of a browser whose reader is at the provider."""

MINUTES = 10
OWN = "/account"
UNPROCESSABLE, UNAVAILABLE = 422, 503


class Away(msgspec.Struct, frozen=True, kw_only=True):
    """What the browser keeps meanwhile.

    ``following`` is the address to go to in the end, ``link`` the secret of the one-time link that
    somebody came from, if any; ``ties`` says that somebody signed in wants to sign in there, too.
    """

    step: Step
    following: str = "/"
    link: str = ""
    ties: bool = False


@blueprint.get("/sign-in/provider")
def sign_in() -> Response:
    """Lead to the provider, and in the end to ``next``."""
    return _leave(following=address_here(this_request().query.get("next", "/")))


@blueprint.get("/join/<secret>/provider")
def join(secret: str) -> Response:
    """Lead to the provider from a one-time link; raises `Refused` for one that is spent."""
    services().desk.people.invited(secret, this_request().instant)
    return _leave(link=secret)


@blueprint.get("/account/provider")
def tie() -> Response:
    """Lead somebody who is signed in to the provider, to sign in there from now on."""
    if not this_request().identity.session:
        return see_other(f"/sign-in?next={OWN}")
    return _leave(following=OWN, ties=True)


@blueprint.get("/sign-in/provider/back")
def come_back() -> Response:
    """Take who comes back for whom the provider vouches for."""
    provider, away = _provider(), _away()
    try:
        if away is None:
            raise Refused(SIGN_IN_STALE)
        who = provider.finish(away.step, this_request().query, _back())
        response = _let_in(away, who)
    except StandlineError as error:
        response = _not_let_in(error, away.following if away else "/", away.link if away else "")
    drop_cookie(response, AWAY)
    return response


def _let_in(away: Away, who: Vouched) -> Response:
    accounts, now = services().desk.provider_accounts, this_request().instant
    if away.ties:
        signed_in = this_request().identity
        if not signed_in.session:
            return see_other(f"/sign-in?next={OWN}")
        accounts.tie(signed_in.handle, who, now)
        note("tied to the provider", signed_in.handle)
        return see_other(OWN)
    if away.link:
        return begin_session(accounts.redeem(away.link, who, now), "/", by=PROVIDER)
    handle = accounts.sign_in(who, _provider().newcomers, now)
    return begin_session(handle, address_here(away.following), by=PROVIDER)


def _leave(*, following: str = "/", link: str = "", ties: bool = False) -> Response:
    provider = _provider()
    try:
        address, step = provider.begin(_back())
    except StandlineError as error:
        return _not_let_in(error, following, link)
    response = see_other(address)
    away = Away(step=step, following=following, link=link, ties=ties)
    kept = base64.urlsafe_b64encode(msgspec.json.encode(away)).decode()
    keep_cookie(response, AWAY, kept, seconds=MINUTES * 60)
    return response


def _not_let_in(error: StandlineError, following: str, link: str) -> Response:
    """Say why on the page that somebody came from: of their one-time ``link``, or of signing in."""
    cause = f"/{type(error.__cause__).__name__}" if error.__cause__ else ""
    note("provider refused", why=f"{error.code}{cause}")
    response = _joining(error, link) or render(
        "account/sign_in.html", page=signing_in(following, refused(error))
    )
    is_away = error.code == PROVIDER_AWAY.code
    response.status_code = UNAVAILABLE if is_away else UNPROCESSABLE
    return response


def _joining(error: StandlineError, link: str) -> Response | None:
    """Return the form of a one-time link, as long as it can be used."""
    with suppress(Refused):
        person = services().desk.people.invited(link, this_request().instant) if link else None
        if person:
            told = {"person": person, "secret": link, "notice": refused(error)}
            return render("account/join.html", **told, typed=Typed())
    return None


def _away() -> Away | None:
    try:
        kept = base64.urlsafe_b64decode(read_cookie(this_request().sent, AWAY))
        return msgspec.json.decode(kept, type=Away)
    except ValueError:
        return None


def _provider() -> Provider:
    provider = this_request().provider
    if provider is None:
        raise NotFound(NO_PROVIDER)
    return provider


def _back() -> str:
    return f"{this_request().host}sign-in/provider/back"
