"""Who sends a request: a public handle and a role. Anonymous readers may only read."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from werkzeug.wrappers import Request

from timeline.bootstrap import Services
from timeline.desk.accounts.roles import Role
from web.shell.cookies import read_cookie
from web.shell.forwarding import is_forwarded

SESSION = "desk"
"""The cookie of who signed in."""

HALF = "half"
"""The cookie after the first of two factors; it gives no access."""

DEVICE = "device"
"""The cookie of a browser in which somebody signed in before; it stays after signing out."""

BEARER = "bearer"

PASSWORD, LINK, PROVIDER, SECOND_FACTOR = "password", "link", "provider", "second factor"
"""How a session began: by password, by a link to set one, by a provider, by two factors."""


class Identity(msgspec.Struct, frozen=True):
    """Who sends a request; ``handle`` signs what they record, and is empty for readers.

    ``session`` is the id of a signed-in session, ``proven_by`` how it began; both are empty for
    other ways.
    """

    handle: str = ""
    role: Role = Role.READER
    name: str = ""
    session: str = ""
    proven_by: str = ""

    def may(self, needed: Role) -> bool:
        """Tell whether the role is at least another one."""
        return self.role >= needed


Identify = Callable[[Request], Identity]
"""Returns who sent a request; unknown senders are readers."""


def everybody_reads(_request: Request) -> Identity:
    """Return a reader for every request: for a public site without accounts."""
    return Identity()


def everybody_is(
    handle: str, role: Role = Role.EDITOR, *, trusts_machine: bool = False
) -> Identify:
    """Return the user who serves the site for one person on this machine.

    A request forwarded by a proxy comes from elsewhere, and is a reader's. On a trusted machine,
    every user is that person.
    """
    known, reader = Identity(handle, role), Identity()

    def identify(request: Request) -> Identity:
        return reader if is_forwarded(request, trusts_machine=trusts_machine) else known

    return identify


class SignedIn:
    """Identifies people by session cookie, and programs by token; others are readers.

    From the role ``second_factor_from`` on, signing in by password needs a second factor.
    """

    def __init__(self, services: Services, second_factor_from: Role | None = None) -> None:
        self._services = services
        self._second_factor_from = second_factor_from

    def __call__(self, request: Request) -> Identity:
        """Return who sent the request, by the desk's current data."""
        now = self._services.clock()
        if token := _token(request):
            token_found = self._services.desk.tokens.find(token, now)
            return Identity(*token_found) if token_found else Identity()
        if cookie := session_cookie(request):
            person = self._services.desk.sessions.find(cookie, now)
            if person is not None and not self._falls_short(person.role, person.proven_by):
                return Identity(
                    person.handle, person.role, person.name, person.session, person.proven_by
                )
        return Identity()

    def needs_second_factor(self, role: Role) -> bool:
        """Tell whether a role needs a second factor to sign in by password."""
        return self._second_factor_from is not None and role >= self._second_factor_from

    def _falls_short(self, role: Role, proven_by: str) -> bool:
        """Tell whether a session lacks a second factor that was required later.

        The person must sign in again.
        """
        return self.needs_second_factor(role) and proven_by not in (PROVIDER, SECOND_FACTOR)


def half_cookie(request: Request) -> str:
    """Return the secret of a browser's half-finished sign-in, or nothing."""
    return read_cookie(request, HALF)


def session_cookie(request: Request) -> str:
    """Return the secret of the session that a browser sent, or nothing."""
    return read_cookie(request, SESSION)


def device_cookie(request: Request) -> str:
    """Return the secret of a browser in which somebody signed in before, or nothing."""
    return read_cookie(request, DEVICE)


def _token(request: Request) -> str:
    authorization = request.authorization
    is_bearer = authorization is not None and authorization.type == BEARER
    return (authorization.token or "") if authorization is not None and is_bearer else ""
