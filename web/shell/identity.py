"""Who asks: a public handle and a role. Nobody in particular may read, and nothing else."""

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
"""The cookie of who has proven one of two things; it lets nobody in."""

DEVICE = "device"
"""The cookie of a browser in which somebody signed in before; it stays when they sign out."""

BEARER = "bearer"

PASSWORD, LINK, PROVIDER, SECOND_FACTOR = "password", "link", "provider", "second factor"
"""By what a session began: a password, one set by a link, a provider, a password and a code."""


class Identity(msgspec.Struct, frozen=True):
    """Who asks: ``handle`` signs what they record, and is empty for a reader without a name.

    ``session`` is the id of the session in which somebody signed in, ``proven_by`` by what it
    began; both are empty for every other way.
    """

    handle: str = ""
    role: Role = Role.READER
    name: str = ""
    session: str = ""
    proven_by: str = ""

    def may(self, needed: Role) -> bool:
        """Tell whether the role is enough for what needs another."""
        return self.role >= needed


Identify = Callable[[Request], Identity]
"""Says of a request who asks; what it does not know is a reader."""


def everybody_reads(_request: Request) -> Identity:
    """Take whoever asks for a reader: a site that others reach, and that knows no accounts."""
    return Identity()


def everybody_is(
    handle: str, role: Role = Role.EDITOR, *, trusts_machine: bool = False
) -> Identify:
    """Take whoever asks as the user who serves for one person: a site that this machine reaches.

    Whose request was passed on by a proxy is somewhere else, and a reader. Where the machine is
    trusted, every user of it is that person.
    """
    known, reader = Identity(handle, role), Identity()

    def identify(request: Request) -> Identity:
        return reader if is_forwarded(request, trusts_machine=trusts_machine) else known

    return identify


class SignedIn:
    """Knows people by their session's cookie, and programs by their token; others are readers.

    From the role ``second_factor_from`` on people prove two things where they sign in by password.
    """

    def __init__(self, services: Services, second_factor_from: Role | None = None) -> None:
        self._services = services
        self._second_factor_from = second_factor_from

    def __call__(self, request: Request) -> Identity:
        """Return who asks, as the desk knows them now."""
        now = self._services.clock()
        if token := _token(request):
            token_found = self._services.desk.tokens.find(token, now)
            return Identity(*token_found) if token_found else Identity()
        if cookie := session_cookie(request):
            person = self._services.desk.sessions.find(cookie, now)
            if person is not None and not self._falls_short(person.role, person.proven_by):
                began = person.proven_by or ""
                return Identity(person.handle, person.role, person.name, person.session, began)
        return Identity()

    def needs_second_factor(self, role: Role) -> bool:
        """Tell whether who has a role must prove two things to sign in by password."""
        return self._second_factor_from is not None and role >= self._second_factor_from

    def _falls_short(self, role: Role, proven_by: str | None) -> bool:
        """Tell whether a session proves too little: it began before its person had to prove more.

        They sign in again, and are led to what is missing.
        """
        return self.needs_second_factor(role) and proven_by not in (PROVIDER, SECOND_FACTOR)


def half_cookie(request: Request) -> str:
    """Return the secret of the half sign-in that a browser sent, or nothing."""
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
