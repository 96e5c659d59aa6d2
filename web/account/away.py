"""What a browser keeps while its reader is at the provider."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import msgspec

from timeline.desk.accounts.provider import Step
from web.shell.cookies import keep_cookie, read_cookie
from web.shell.request import this_request

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

AWAY = "provider"
"""The cookie of a browser whose reader is at the provider."""

MINUTES = 10


class Away(msgspec.Struct, frozen=True, kw_only=True):
    """What the browser keeps meanwhile.

    ``following`` is the address to go to in the end, ``link`` the secret of the one-time link that
    somebody came from, if any. ``proof`` is of who is signed in and wants to sign in there, too: a
    secret that the desk gave out for password and code, as nobody is to be believed by a cookie.
    """

    step: Step
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
