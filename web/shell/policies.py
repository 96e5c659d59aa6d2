"""The role that each route needs, in one table; nobody may use a route that it lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec
from flask import abort, make_response, request

from timeline.desk.accounts.roles import Role
from timeline.serving.site_channel import TAKE_BODY
from web.i18n.translate import lazy_gettext
from web.shell.addresses import is_for_programs
from web.shell.errors import RequestRefused
from web.shell.kept_form import pack
from web.shell.rendering import render, see_other, wants_fragment
from web.shell.request import this_request
from web.shell.safety_log import note_refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask_babel.speaklater import LazyString
    from werkzeug.wrappers import Response

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
FORMS = "record"
"""The blueprint of everything that records."""

RECORDED_ELSEWHERE = lazy_gettext("this server is read-only; the newsroom records elsewhere")
# It has to hold what is withheld, or it would not be the log.
LOG_HOLDS_ALL = lazy_gettext(
    "the full log holds withheld words; export it on the machine that runs this site"
)

ALONE_HERE = lazy_gettext(
    "nobody signs in here: this server began when nobody had been added, for this machine alone; "
    "add people with “standline user add”, then start “standline serve” again"
)

TOKEN_NEEDED = lazy_gettext("this needs a token that may record, of somebody whose role does")
GET_A_TOKEN = lazy_gettext(
    "whoever records makes one at /account; send it as “Authorization: Bearer …”"
)
TOKEN_FALLS_SHORT = lazy_gettext(
    "this token only reads, or its person's role does not include this"
)
GET_ANOTHER = lazy_gettext("make one at /account that records, or ask an admin for the role")
ADMINS_ONLY = lazy_gettext("only admins may see and change who signs in here")
ADMINS_ERASE = lazy_gettext(
    "only admins who signed in erase; on the machine of the store, “standline redact” does it"
)
SIGN_IN_FIRST = lazy_gettext("you are signed out; sign in in another window and go on here")
NOT_THIS_ROLE = lazy_gettext("your role does not include this; ask an admin")


class Policy(msgspec.Struct, frozen=True):
    """The least roles that may open a route and send something to it; ``None`` stands for nobody.

    ``refusal`` is the message for others. A policy ``of_accounts`` admits nobody on a site without
    accounts.
    """

    see: Role
    send: Role | None = None
    refusal: LazyString = RECORDED_ELSEWHERE
    of_accounts: bool = False


READING = Policy(Role.READER)
CHOOSING = Policy(Role.READER, Role.READER)
"""For what readers set for themselves; it records nothing."""

CODING = Policy(Role.CODER, Role.CODER)
RECORDING = Policy(Role.EDITOR, Role.EDITOR)
SIGNING_IN = Policy(Role.READER, Role.READER, of_accounts=True)
ADMINISTERING = Policy(Role.ADMIN, Role.ADMIN, refusal=ADMINS_ONLY, of_accounts=True)

POLICIES = {
    "account": SIGNING_IN,
    "account.ask": READING,
    "account.own": READING,
    "account.people": ADMINISTERING,
    "account.add_person": ADMINISTERING,
    "account.change_person": ADMINISTERING,
    "account.joining": ADMINISTERING,
    "actor": READING,
    "analyse": READING,
    "api": READING,
    "api.write": RECORDING,
    "api.write.statement": CODING,
    "api.write.development": CODING,
    "api.write.code": CODING,
    "api.write.read_quote": CODING,
    "api.write.unread_quote": CODING,
    "codebook": READING,
    "compare": READING,
    "corrections": READING,
    "coverage": READING,
    "data": READING,
    "embed": READING,
    "health": READING,
    "home": READING,
    "home.mark": CHOOSING,
    "how_to_read": READING,
    "keyboard": READING,
    "live": READING,
    "log": READING,
    "log.download": Policy(Role.EDITOR, refusal=LOG_HOLDS_ALL),
    "log.rebuild": RECORDING,
    "picture": READING,
    "preferences.choose": CHOOSING,
    FORMS: RECORDING,
    "record.erasing": Policy(Role.ADMIN, Role.ADMIN, refusal=ADMINS_ERASE),
    "record.development": CODING,
    "record.drafts": CODING,
    "record.embargo": CODING,
    "record.inbox": CODING,
    "record.inbox.add_feed": RECORDING,
    "record.inbox.remove_feed": RECORDING,
    "record.notes": CODING,
    "record.quotes": CODING,
    "record.replies": CODING,
    "record.review": CODING,
    "record.samples": CODING,
    "record.samples.ask": RECORDING,
    "record.samples.take_back": RECORDING,
    "record.second_coding": CODING,
    "record.statement": CODING,
    "record.texts": CODING,
    "record.together": CODING,
    "record.workbench": CODING,
    "proof": READING,
    "rewording": READING,
    "robots": READING,
    "search": READING,
    "statement": READING,
    "static": READING,
    "story": READING,
    "story.mark": CHOOSING,
    "topic": READING,
    "topic.mark": CHOOSING,
}
"""Policies of blueprints and of single routes, by endpoint; that of the route comes first.

`READING` of a blueprint allows no POST: such a route needs its own line.
"""


def policy_of(endpoint: str) -> Policy | None:
    """Return the policy of a route, else that of its blueprint, else none."""
    while endpoint and endpoint not in POLICIES:
        endpoint = endpoint.rpartition(".")[0]
    return POLICIES.get(endpoint)


def needed_role(endpoint: str, method: str) -> Role | None:
    """Return the least role that may use a route with a method; ``None`` stands for nobody."""
    policy = policy_of(endpoint)
    if policy is None:
        return None
    return policy.see if method in SAFE_METHODS else policy.send


def may_record() -> bool:
    """Tell whether the sender may record, correct and edit what is on record."""
    return _allowed(FORMS, "POST")


def may_code() -> bool:
    """Tell whether the sender may record statements and developments."""
    return _allowed("record.statement", "POST")


def register(app: Flask) -> None:
    """Refuse every request whose sender lacks the role that its route needs."""
    app.before_request(_refuse)
    app.before_request(_take_body)


def _refuse() -> Response | None:
    if request.endpoint is None and request.method in SAFE_METHODS:
        return None  # The router says that there is no such page.
    endpoint = request.endpoint or FORMS
    if _allowed(endpoint, request.method):
        return None
    policy = policy_of(endpoint)
    if request.method not in SAFE_METHODS or this_request().identity.handle:
        note_refusal("role")
    if policy is None or not this_request().signs_in:
        abort(403, str(_without_accounts(policy)))
    if is_for_programs(request.path):
        raise _for_programs(is_known=bool(this_request().identity.handle))
    if this_request().identity.handle:
        abort(403, str(NOT_THIS_ROLE if policy is not ADMINISTERING else policy.refusal))
    return _sign_in_first()


def _take_body() -> Response | None:
    """Accept a long body if the sender may send one; readers may not."""
    take: Callable[[], None] | None = request.environ.get(TAKE_BODY)
    if take is None:
        return None
    if request.routing_exception:
        raise request.routing_exception
    if not this_request().identity.may(Role.CODER):
        abort(413)
    take()
    return make_response("", 204)


def _for_programs(*, is_known: bool) -> RequestRefused:
    if is_known:
        return RequestRefused(403, str(TOKEN_FALLS_SHORT), str(GET_ANOTHER))
    return RequestRefused(401, str(TOKEN_NEEDED), str(GET_A_TOKEN))


def _without_accounts(policy: Policy | None) -> LazyString:
    """Return why a route is closed on a site without accounts."""
    if policy is None or policy.of_accounts:
        return ALONE_HERE if may_record() else RECORDED_ELSEWHERE
    return policy.refusal


def _sign_in_first() -> Response:
    """Redirect to the sign-in page, or show one that keeps the form that was sent."""
    if wants_fragment():
        abort(403, str(SIGN_IN_FIRST))
    if request.method in SAFE_METHODS:
        return see_other(f"/sign-in?{urlencode({'next': request.full_path.rstrip('?')})}")
    response = render("errors/signed_out.html", kept=pack(request.path, request.form))
    response.status_code = 401
    return response


def _allowed(endpoint: str, method: str) -> bool:
    policy, needed = policy_of(endpoint), needed_role(endpoint, method)
    if policy is None or needed is None or (policy.of_accounts and not this_request().signs_in):
        return False
    return this_request().identity.may(needed)
