"""Which role each route needs: one table. What does not stand in it nobody may."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from flask import abort, request

from web.i18n.translate import lazy_gettext
from web.shell.identity import Role
from web.shell.request import this_request

if TYPE_CHECKING:
    from flask import Flask
    from flask_babel.speaklater import LazyString

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
FORMS = "record"
"""The blueprint of everything that records."""

RECORDED_ELSEWHERE = lazy_gettext("this server is read-only; the newsroom records elsewhere")
# It has to hold what is withheld, or it would not be the log.
LOG_HOLDS_ALL = lazy_gettext(
    "the full log holds withheld words; export it on the machine that runs this site"
)


class Policy(msgspec.Struct, frozen=True):
    """The least role that may open a route, and that may send something to it; None is nobody.

    ``refusal`` is what others are told.
    """

    see: Role
    send: Role | None = None
    refusal: LazyString = RECORDED_ELSEWHERE


READING = Policy(Role.READER)
CHOOSING = Policy(Role.READER, Role.READER)
"""What readers set for themselves: nothing is recorded by it."""

RECORDING = Policy(Role.EDITOR, Role.EDITOR)

POLICIES = {
    "actor": READING,
    "compare": READING,
    "corrections": READING,
    "data": READING,
    "embed": READING,
    "health": READING,
    "home": READING,
    "home.mark": CHOOSING,
    "keyboard": READING,
    "log": READING,
    "log.download": Policy(Role.EDITOR, refusal=LOG_HOLDS_ALL),
    "log.rebuild": RECORDING,
    "preferences.choose": CHOOSING,
    FORMS: RECORDING,
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
"""Policies of blueprints and of single routes, by their endpoints; the nearest one counts.

A route that takes something in is not covered by its blueprint's `READING`: it needs its own.
"""


def policy_of(endpoint: str) -> Policy | None:
    """Return the policy of a route, else that of its blueprint, else none."""
    while endpoint and endpoint not in POLICIES:
        endpoint = endpoint.rpartition(".")[0]
    return POLICIES.get(endpoint)


def needed_role(endpoint: str, method: str) -> Role | None:
    """Return the least role that may ask a route with a method; None where nobody may."""
    policy = policy_of(endpoint)
    if policy is None:
        return None
    return policy.see if method in SAFE_METHODS else policy.send


def may_record() -> bool:
    """Tell whether who asks may record."""
    return _allowed(FORMS, "POST")


def register(app: Flask) -> None:
    """Refuse every request whose sender has not the role that its route needs."""
    app.before_request(_refuse)


def _refuse() -> None:
    if request.endpoint is None and request.method in SAFE_METHODS:
        return  # The router says that there is no such page.
    endpoint = request.endpoint or FORMS
    if not _allowed(endpoint, request.method):
        policy = policy_of(endpoint)
        abort(403, str(policy.refusal if policy else RECORDED_ELSEWHERE))


def _allowed(endpoint: str, method: str) -> bool:
    needed = needed_role(endpoint, method)
    return needed is not None and this_request().identity.may(needed)
