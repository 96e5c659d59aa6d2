"""Signing in at an OpenID Connect provider, which vouches for who somebody is.

The code flow of OpenID Connect Core 1.0, section 3.1, with PKCE (RFC 7636): Authlib speaks it.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from urllib.parse import urlsplit

import msgspec

from timeline.desk.accounts.roles import Role
from timeline.domain.errors import Refused, StandlineError
from timeline.domain.messages import InQuotes, Message

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

T = TypeVar("T")

OPTION = "--sign-in-at"
LOCAL = ("localhost", "127.0.0.1", "::1")
SCOPE = "openid profile email"
WELL_KNOWN = "/.well-known/openid-configuration"
KEYS_OF_ITS_OWN = ("RS", "PS", "ES", "EdDSA")
"""How the names of algorithms begin by which a provider signs with a key of its own, and not with
the secret that it shares with us, nor not at all."""

ALGORITHMS = "id_token_signing_alg_values_supported"
NONSENSE = (TypeError, AttributeError)
"""What Authlib meets in an answer that is JSON and not what it should be."""

PATIENCE = 10
"""Seconds that the provider may take for an answer."""

PROVIDER_NOT_READABLE = Message(
    "provider_not_readable", "cannot read %(path)s: %(why)s", fix="name a file that is there"
)
PROVIDER_MALFORMED = Message(
    "provider_malformed",
    "%(path)s does not say where to sign in: %(why)s",
    fix="see docs/serving.md",
)
PROVIDER_NOT_SAFE = Message(
    "provider_not_safe",
    "%(issuer)s is no address that passwords may be typed at",
    fix="name the issuer as the provider writes it, beginning with https://",
)
PROVIDER_NOT_INSTALLED = Message(
    "provider_not_installed",
    "signing in at a provider needs packages that are not installed",
    fix="install standline[oidc]",
)
PROVIDER_AWAY = Message(
    "provider_away",
    "%(provider)s cannot be asked now",
    fix="try again in a moment, or sign in with a password",
)
PROVIDER_REFUSED = Message(
    "provider_refused",
    "%(provider)s did not sign you in: %(why)s",
    fix="try again, or ask whoever runs it",
)
PROVIDER_NOT_BELIEVED = Message(
    "provider_not_believed",
    "what %(provider)s says cannot be believed: %(why)s",
    fix="ask whoever runs this site to look at its settings",
)
PROVIDER_CALLED_OTHERWISE = Message(
    "provider_called_otherwise",
    "%(issuer)s calls itself %(other)s",
    fix="ask whoever runs this site to write that as its issuer",
)
SIGN_IN_STALE = Message(
    "sign_in_stale",
    "this sign-in is over, or was begun in another browser",
    fix="begin again",
)


class ProviderSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``name`` stands on the button; ``issuer`` is the address by which the provider names itself.

    ``newcomers`` is the role of people whom the provider knows and the desk does not; empty where
    an admin invites them first.
    """

    name: str
    issuer: str
    client_id: str
    client_secret: str
    newcomers: Literal["", "reader", "coder", "editor"] = ""


class Vouched(msgspec.Struct, frozen=True):
    """Whom a provider vouches for: ``subject`` is its own name for them, that never changes.

    ``name`` and ``handle`` are what they go by there, and may be empty.
    """

    issuer: str
    subject: str
    name: str
    handle: str


class Step(msgspec.Struct, frozen=True):
    """What the browser keeps while somebody is at the provider."""

    state: str
    nonce: str
    verifier: str


def read_provider(path: Path) -> ProviderSettings:
    """Read a TOML file with the fields of `ProviderSettings`.

    Raises `StandlineError` for a file that is none, and `Refused` for one that says something else.
    """
    try:
        told = tomllib.loads(path.read_text("utf-8"))
        settings = msgspec.convert(told, ProviderSettings)
    except OSError as error:
        raise StandlineError(
            PROVIDER_NOT_READABLE, field=OPTION, path=path, why=error.strerror
        ) from None
    except ValueError as error:
        raise Refused(PROVIDER_MALFORMED, field=OPTION, path=path, why=error) from None
    address = urlsplit(settings.issuer)
    if address.scheme != "https" and address.hostname not in LOCAL:
        raise Refused(PROVIDER_NOT_SAFE, field=OPTION, issuer=InQuotes(settings.issuer))
    return settings


class Provider:
    """Sends people to a provider, and believes what it says of them when they come back."""

    def __init__(self, settings: ProviderSettings) -> None:
        """Raise `StandlineError` where the packages that it takes are not installed."""
        self._settings = settings
        self._app = _client(settings)

    @property
    def name(self) -> str:
        """What the provider is called on the site."""
        return self._settings.name

    @property
    def issuer(self) -> str:
        """The address by which the provider names itself."""
        return self._settings.issuer

    @property
    def newcomers(self) -> Role | None:
        """The role of people whom the desk does not know; ``None`` where they are not let in."""
        return Role.named(self._settings.newcomers) if self._settings.newcomers else None

    def begin(self, back: str) -> tuple[str, Step]:
        """Return the provider's page to go to, which leads ``back``, and what to keep meanwhile.

        Raises `Refused` where it cannot be asked.
        """
        made = self._asked(lambda: self._app.create_authorization_url(back))
        return made["url"], Step(made["state"], made["nonce"], made["code_verifier"])

    def finish(self, step: Step, answer: Mapping[str, str], back: str) -> Vouched:
        """Return whom the provider vouches for, by what the browser brought ``back`` from there.

        Raises `Refused` where it does not, where the sign-in was not begun in this browser, and
        where the provider cannot be asked.
        """
        if answer.get("state") != step.state:
            raise Refused(SIGN_IN_STALE)
        if "error" in answer:
            why = InQuotes(answer.get("error_description") or answer["error"])
            raise Refused(PROVIDER_REFUSED, provider=self.name, why=why)
        return self._asked(lambda: self._vouched(step, answer.get("code", ""), back))

    def _vouched(self, step: Step, code: str, back: str) -> Vouched:
        token = self._app.fetch_access_token(back, code=code, code_verifier=step.verifier)
        wanted = {
            "iss": {"essential": True, "values": [self.issuer]},
            "aud": {"essential": True, "values": [self._settings.client_id]},
            "sub": {"essential": True},
        }
        told = self._app.parse_id_token(token, step.nonce, wanted) or {}
        handle = told.get("preferred_username") or told.get("email") or ""
        return Vouched(self.issuer, str(told["sub"]), str(told.get("name") or ""), str(handle))

    def _asked(self, ask: Callable[[], T]) -> T:
        from authlib.common.errors import AuthlibBaseError  # noqa: PLC0415 - an optional package
        from joserfc.errors import JoseError  # noqa: PLC0415
        from requests import RequestException  # noqa: PLC0415

        try:
            return ask()
        except (RequestException, RuntimeError) as error:
            raise Refused(PROVIDER_AWAY, provider=self.name) from error
        except (AuthlibBaseError, JoseError, LookupError, ValueError, *NONSENSE) as error:
            said = InQuotes(str(error))
            raise Refused(PROVIDER_NOT_BELIEVED, provider=self.name, why=said) from error


def _client(settings: ProviderSettings) -> Any:  # noqa: ANN401 - Authlib has no types
    try:
        from authlib.integrations.base_client.sync_app import (  # noqa: PLC0415 - only who signs in
            OAuth2Base,
            OAuth2Mixin,
        )
        from authlib.integrations.base_client.sync_openid import OpenIDMixin  # noqa: PLC0415
        from authlib.integrations.requests_client import OAuth2Session  # noqa: PLC0415
    except ImportError:
        raise StandlineError(PROVIDER_NOT_INSTALLED, field=OPTION) from None

    class Client(OAuth2Mixin, OpenIDMixin, OAuth2Base):  # type: ignore[misc]
        client_cls = OAuth2Session

        def load_server_metadata(self) -> dict[str, Any]:
            told: dict[str, Any] = super().load_server_metadata()
            if told.get("issuer") != settings.issuer:
                other = InQuotes(told.get("issuer", ""))
                raise Refused(PROVIDER_CALLED_OTHERWISE, issuer=settings.issuer, other=other)
            named = told.get(ALGORITHMS) or ["RS256"]
            told[ALGORITHMS] = [one for one in named if one.startswith(KEYS_OF_ITS_OWN)]
            return told

    return Client(
        None,
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        server_metadata_url=settings.issuer.rstrip("/") + WELL_KNOWN,
        client_kwargs={
            "scope": SCOPE,
            "code_challenge_method": "S256",
            "default_timeout": PATIENCE,
        },
    )
