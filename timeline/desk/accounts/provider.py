"""Sign in at an OpenID Connect provider.

Uses the code flow of OpenID Connect Core 1.0, section 3.1, with PKCE (RFC 7636), by Authlib.
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
"""The prefixes of algorithms that sign with the provider's own key, and not with the shared secret
or not at all."""

ALGORITHMS = "id_token_signing_alg_values_supported"
NONSENSE = (TypeError, AttributeError)
"""What Authlib raises for a response that is JSON of an unexpected shape."""

PATIENCE = 10
"""The timeout of a request to the provider, in seconds."""

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
    """``name`` is the label of the button; ``issuer`` is the provider's own address.

    ``newcomers`` is the role of people whom the desk does not know yet; empty if an admin has to
    invite them first.
    """

    name: str
    issuer: str
    client_id: str
    client_secret: str
    newcomers: Literal["", "reader", "coder", "editor"] = ""


class ProviderIdentity(msgspec.Struct, frozen=True):
    """A person at a provider: ``subject`` is its own, permanent name for them.

    ``name`` and ``handle`` are those at the provider, and may be empty.
    """

    issuer: str
    subject: str
    name: str
    handle: str


class PendingSignIn(msgspec.Struct, frozen=True):
    """The state that the browser keeps while somebody is at the provider."""

    state: str
    nonce: str
    verifier: str


def read_provider(path: Path) -> ProviderSettings:
    """Read a TOML file with the fields of `ProviderSettings`.

    Raises `StandlineError` for an unreadable file, and `Refused` for invalid contents.
    """
    try:
        data = tomllib.loads(path.read_text("utf-8"))
        settings = msgspec.convert(data, ProviderSettings)
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
    """Sends people to a provider, and checks its response when they come back."""

    def __init__(self, settings: ProviderSettings) -> None:
        """Raise `StandlineError` if the optional packages are not installed."""
        self._settings = settings
        self._app = _client(settings)

    @property
    def name(self) -> str:
        """The provider's name on the site."""
        return self._settings.name

    @property
    def issuer(self) -> str:
        """The provider's own address."""
        return self._settings.issuer

    @property
    def newcomers(self) -> Role | None:
        """The role of people whom the desk does not know; ``None`` if they are not let in."""
        return Role.named(self._settings.newcomers) if self._settings.newcomers else None

    def begin(self, back: str) -> tuple[str, PendingSignIn]:
        """Return the address at the provider, which leads ``back``, and the state to keep.

        Raises `Refused` if the provider does not respond.
        """
        made = self._ask_provider(lambda: self._app.create_authorization_url(back))
        return made["url"], PendingSignIn(made["state"], made["nonce"], made["code_verifier"])

    def finish(self, step: PendingSignIn, answer: Mapping[str, str], back: str) -> ProviderIdentity:
        """Return the person, from the provider's ``answer`` that the browser brought ``back``.

        Raises `Refused` if the provider refuses, if the sign-in did not begin in this browser, or
        if the provider does not respond.
        """
        if answer.get("state") != step.state:
            raise Refused(SIGN_IN_STALE)
        if "error" in answer:
            why = InQuotes(answer.get("error_description") or answer["error"])
            raise Refused(PROVIDER_REFUSED, provider=self.name, why=why)
        return self._ask_provider(lambda: self._identity(step, answer.get("code", ""), back))

    def _identity(self, step: PendingSignIn, code: str, back: str) -> ProviderIdentity:
        token = self._app.fetch_access_token(back, code=code, code_verifier=step.verifier)
        claims_options = {
            "iss": {"essential": True, "values": [self.issuer]},
            "aud": {"essential": True, "values": [self._settings.client_id]},
            "sub": {"essential": True},
        }
        claims = self._app.parse_id_token(token, step.nonce, claims_options) or {}
        handle = claims.get("preferred_username") or claims.get("email") or ""
        return ProviderIdentity(
            self.issuer, str(claims["sub"]), str(claims.get("name") or ""), str(handle)
        )

    def _ask_provider(self, ask: Callable[[], T]) -> T:
        from authlib.common.errors import AuthlibBaseError  # noqa: PLC0415 - an optional package
        from joserfc.errors import JoseError  # noqa: PLC0415
        from requests import RequestException  # noqa: PLC0415

        try:
            return ask()
        except (RequestException, RuntimeError) as error:
            raise Refused(PROVIDER_AWAY, provider=self.name) from error
        except (AuthlibBaseError, JoseError, LookupError, ValueError, *NONSENSE) as error:
            details = InQuotes(str(error))
            raise Refused(PROVIDER_NOT_BELIEVED, provider=self.name, why=details) from error


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
            data: dict[str, Any] = super().load_server_metadata()
            if data.get("issuer") != settings.issuer:
                other = InQuotes(data.get("issuer", ""))
                raise Refused(PROVIDER_CALLED_OTHERWISE, issuer=settings.issuer, other=other)
            algorithms = data.get(ALGORITHMS) or ["RS256"]
            data[ALGORITHMS] = [name for name in algorithms if name.startswith(KEYS_OF_ITS_OWN)]
            return data

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
