"""Signing in at the desk's OpenID Connect provider: there, and back again."""

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
from web.account.beginning import begin_session, proven_again, status_of
from web.account.pages import Typed, refused, signing_in, yourself
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
"""What somebody signed in proved themselves again for, before they left for the provider."""


@blueprint.get("/sign-in/provider")
def sign_in() -> Response:
    """Lead to the provider, and in the end to ``next``."""
    return _leave(following=address_here(this_request().query.get("next", "/")))


@blueprint.get("/join/<secret>/provider")
def join(secret: str) -> Response:
    """Lead to the provider from a one-time link; raises `Refused` for one that is spent."""
    person = services().desk.people.invited(secret, this_request().instant)
    if person is not None and person.second_factor is not None:
        return _not_let_in(Refused(LINK_NEEDS_CODE), "/", secret)
    return _leave(link=secret)


@blueprint.post("/account/provider")
def tie() -> Response:
    """Let somebody who is signed in prove it again, and show the way to the provider.

    It is a link and no redirection: a form of this site leads to no other (`form-action`).
    """
    who, provider = this_request().identity, _provider()
    if not who.session:
        return see_other(f"/sign-in?next={OWN}")
    try:
        wrong_codes = _proven_to_tie(who.handle)
        address, step = provider.begin(_back())
    except StandlineError as error:
        response = render("account/you.html", page=yourself(who, refused(error)))
        response.status_code = _status(error)
        return response
    proof = services().desk.half_sign_ins.begin(
        who.handle, this_request().instant, proven_by=TYING, following=OWN
    )
    response = render("account/to_provider.html", address=address, wrong_codes=wrong_codes)
    keep_away(response, Away(step=step, following=OWN, proof=proof))
    return response


@blueprint.get("/sign-in/provider/back")
def come_back() -> Response:
    """Take who comes back for whom the provider vouches for."""
    provider, away = _provider(), away_with()
    try:
        if away is None:
            raise Refused(SIGN_IN_STALE)
        who = provider.finish(away.step, this_request().query, _back())
        response = _let_in(away, who)
    except StandlineError as error:
        response = _not_let_in(error, away.following if away else "/", away.link if away else "")
    drop_cookie(response, AWAY)
    return response


def _let_in(away: Away, who: ProviderIdentity) -> Response:
    accounts, now = services().desk.provider_accounts, this_request().instant
    if away.proof:
        handle = _spend_proof(away.proof)
        accounts.tie(handle, who, now)
        note("tied to the provider", handle)
        return see_other(OWN)
    if away.link:
        return begin_session(accounts.redeem(away.link, who, now), "/", by=PROVIDER)
    handle = accounts.sign_in(who, _provider().newcomers, now)
    return begin_session(handle, address_here(away.following), by=PROVIDER)


def _proven_to_tie(handle: str) -> int:
    """Return how many wrong codes there had been; raises `Refused` for who proves too little."""
    if not services().desk.people.find(handle).has_password:
        raise Refused(NO_PASSWORD)
    return proven_again()


def _spend_proof(secret: str) -> str:
    """Return who proved that it is they, in this session; raises `Refused` where nobody did."""
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
    keep_away(response, Away(step=step, following=following, link=link))
    return response


def _not_let_in(error: StandlineError, following: str, link: str) -> Response:
    """Say why on the page that somebody came from: of their one-time ``link``, or of signing in."""
    cause = f"/{type(error.__cause__).__name__}" if error.__cause__ else ""
    note("provider refused", why=f"{error.code}{cause}")
    response = _joining(error, link) or render(
        "account/sign_in.html", page=signing_in(following, refused(error))
    )
    response.status_code = _status(error)
    return response


def _status(error: StandlineError) -> int:
    return UNAVAILABLE if error.code == PROVIDER_AWAY.code else status_of(error)


def _joining(error: StandlineError, link: str) -> Response | None:
    """Return the form of a one-time link, as long as it can be used."""
    with suppress(Refused):
        person = services().desk.people.invited(link, this_request().instant) if link else None
        if person:
            told = {"person": person, "secret": link, "notice": refused(error)}
            return render("account/join.html", **told, typed=Typed())
    return None


def _provider() -> Provider:
    provider = this_request().provider
    if provider is None:
        raise NotFound(NO_PROVIDER)
    return provider


def _back() -> str:
    return f"{this_request().host}sign-in/provider/back"


AWAY = "provider"
"""The cookie of a browser whose reader is at the provider."""

MINUTES = 10


class Away(msgspec.Struct, frozen=True, kw_only=True):
    """What the browser keeps meanwhile.

    ``following`` is the address to go to in the end, ``link`` the secret of the one-time link that
    somebody came from, if any. ``proof`` is of who is signed in and wants to sign in there, too: a
    secret that the desk gave out for password and code, as nobody is to be believed by a cookie.
    """

    step: PendingSignIn
    following: str = "/"
    link: str = ""
    proof: str = ""


def keep_away(response: Response, away: Away) -> None:
    """Let the browser keep it, for ten minutes."""
    kept = base64.urlsafe_b64encode(msgspec.json.encode(away)).decode()
    keep_cookie(response, AWAY, kept, seconds=MINUTES * 60)


def away_with() -> Away | None:
    """Return what the browser kept, ``None`` where that is nothing, or no such thing."""
    try:
        kept = base64.urlsafe_b64decode(read_cookie(this_request().sent, AWAY))
        return msgspec.json.decode(kept, type=Away)
    except ValueError:
        return None
