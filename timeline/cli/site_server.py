"""The process that serves the site and keeps its pages current."""

from __future__ import annotations

import errno
import gc
import ipaddress
import logging
import os
import socket
import stat
import sys
import threading
import webbrowser
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from timeline.cli.following import Follower
from timeline.cli.process import limit_memory, releasing_memory
from timeline.desk.accounts.provider import Provider, read_provider
from timeline.domain.errors import StandlineError
from timeline.domain.instants import iso_us
from timeline.domain.messages import InQuotes, Message
from timeline.serving.connections import CONNECTIONS, allow_connections
from timeline.stores.four_eyes import FourEyesNote

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from timeline.bootstrap import Services
    from timeline.cli.process import Stopping
    from timeline.desk.accounts.roles import Role

PORT_IN_USE = Message(
    "port_in_use",
    "port %(port)s of %(host)s is in use",
    fix="choose another, such as --port %(other)s, or 0 for a free one",
)
NO_SUCH_ADDRESS = Message(
    "no_such_address",
    "this machine has no address %(host)s (%(why)s)",
    fix="use %(default)s, or 0.0.0.0 for every address",
)
CANNOT_LISTEN = Message(
    "cannot_listen",
    "cannot listen on port %(port)s of %(host)s: %(why)s",
    fix="choose another, above 1023",
)

NO_PROXY = (
    "open     no proxy in front: no TLS, no limit to how often one reader asks, and "
    f"{CONNECTIONS:,} connections for all together; docs/proxies has nginx and Caddy"
)

LOCAL = (
    "local    who asks from this machine, {whoever}, records without signing in;"
    " a proxy in front needs --name and --trusted-proxy"
)
UNTOLD = (
    "local    this system does not say whose program asks, so who records signs in;"
    " --trust-this-machine lets whoever asks from it record"
)

OWNER, EVERYBODY = "as the user who serves", "as whatever user"

HOST = "127.0.0.1"
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
EVERYWHERE = ("", "0.0.0.0", "::")  # noqa: S104 - names for it, nothing binds to it here
THREADS = 16
HEADERS, BODY = 32_768, 7_000_000
"""Most bytes of the headers and the body of a request; a body may be a file with an article."""
BACKLOG = 1_024
OTHER_FILES = 1_000
"""Files that may be open besides connections: databases, downloads, modules."""

SERVER: dict[str, Any] = {
    # Idle connections are closed before this limit is reached.
    "connection_limit": CONNECTIONS + 100,
    "max_request_header_size": HEADERS,
    "max_request_body_size": BODY,
    # Seconds after which an idle connection is closed.
    "channel_timeout": 60,
    # It shows that an untrusted proxy forwarded a request.
    "clear_untrusted_proxy_headers": False,
    # A reader who leaves early is no error.
    "log_socket_errors": False,
    "asyncore_use_poll": True,
    "ident": None,
}
BY_OPTION = "serve --four-eyes"
FOUR_EYES_FROM_NOW = (
    "a second person agrees to what is recorded, from now on and at every start: --four-eyes"
)
FOUR_EYES_SINCE = (
    "a second person agrees to what is recorded: this store asks for four eyes since {};"
    " “standline four-eyes” says who did"
)
YOUNG = 50_000
"""New objects before the garbage collector runs: more than a page of a thousand statements has."""


def tune_garbage_collector() -> None:
    """Keep the garbage collector from slowing down pages.

    Objects loaded by now stay, so the collector skips them; the objects of a page are freed with
    it, without the collector.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])


def silence_queue_warnings() -> None:
    """Hide the server's messages about requests that wait for others."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)


def proxy_settings(proxy: str) -> dict[str, Any]:
    """Return the server's settings for a trusted proxy, which reports client and scheme."""
    if not proxy:
        return {}
    said = {"x-forwarded-for", "x-forwarded-proto"}
    return {"trusted_proxy": proxy, "trusted_proxy_count": 1, "trusted_proxy_headers": said}


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The operator's settings of a site.

    ``names`` are its host names, ``proxy`` is the address of the proxy in front. People with the
    role ``second_factor_from`` or above need a second factor with their password. ``provider`` is
    the file of a sign-in provider, ``read_from`` are hosts whose articles may be read, and
    ``watch`` is the file of feeds for the inbox. ``query_seconds`` limits a query of a page, 0 for
    no limit. ``live_readers`` get news, in all and at one address; 0 for none. Queries over the
    whole record use the ``archive``, which the operator maintains; else the site makes one. If
    nobody signs in, any user of a trusted machine may record.
    """

    names: Sequence[str] = ()
    publisher: Path | None = None
    provider: Path | None = None
    proxy: str = ""
    four_eyes: bool = False
    second_factor_from: Role | None = None
    query_seconds: float = 15
    read_from: Sequence[str] = ()
    watch: Path | None = None
    suggest_with: Sequence[str] = ()
    live_readers: int = 5_000
    live_at_address: int = 100
    archive: Path | None = None
    trust_this_machine: bool = False


class Site:
    """The site of a store; recording needs a sign-in, unless only this machine reaches it."""

    def __init__(
        self,
        services: Services,
        listener: socket.socket,
        host: str,
        settings: Settings | None = None,
        *,
        handle: str = "editor",
    ) -> None:
        from web.shell.forwarding import system_tells_users  # noqa: PLC0415 - as in `run`

        self._services = services
        self._listener = listener
        self._settings = settings = settings or Settings()
        self._desk_trouble = ""
        self._four_eyes = _keep_four_eyes(services, settings)
        self._is_unnamed = _is_loopback(host) and not settings.names
        tells_apart = self._tells_people_apart()
        self._is_untold = (
            self._is_unnamed
            and not tells_apart
            and not (settings.trust_this_machine or system_tells_users())
        )
        self._private = self._is_unnamed and not tells_apart and not self._is_untold
        self._names = [*(settings.names or _names_of(host)), *LOOPBACK]
        self._is_behind_proxy = bool(settings.proxy and settings.names)
        self._is_open = not _is_loopback(host) and not settings.proxy
        self._handle = handle

    def run(self, stopping: Stopping, *, browser: bool = False) -> None:
        """Serve until the process is told to stop; not at all if it was told before."""
        from waitress.server import create_server  # noqa: PLC0415 - only serving needs it

        from timeline.serving.site_channel import install_site_channel  # noqa: PLC0415
        from web import create_app  # noqa: PLC0415 - only serving needs the site
        from web.shell import downloads as answers  # noqa: PLC0415
        from web.shell.identity import SignedIn, everybody_is  # noqa: PLC0415
        from web.shell.publisher import read_publisher  # noqa: PLC0415

        silence_queue_warnings()
        limit_memory()
        settings = self._settings
        provider = Provider(read_provider(settings.provider)) if settings.provider else None
        if settings.provider:
            warn_if_readable(settings.provider)
        app = create_app(
            self._services,
            identify=(
                everybody_is(self._handle, trusts_machine=settings.trust_this_machine)
                if self._private
                else SignedIn(self._services, settings.second_factor_from)
            ),
            hosts=self._names,
            publisher=read_publisher(settings.publisher) if settings.publisher else None,
            provider=provider,
            read_from=settings.read_from,
            watched=settings.watch,
            suggesters=settings.suggest_with,
            limits=answers.Limits(query=settings.query_seconds),
            live_readers=settings.live_readers,
            live_at_address=settings.live_at_address,
            archive=settings.archive,
            followed=True,
        )
        server: Any = create_server(  # its stubs leave out the class of connections
            app,
            sockets=[self._listener],
            threads=THREADS,
            **SERVER,
            **proxy_settings(settings.proxy),
        )
        install_site_channel(server)
        allow_connections(CONNECTIONS + settings.live_readers + OTHER_FILES)
        tune_garbage_collector()
        follower = Follower(self._services, app.extensions["told"])
        # From here on, a request to stop is the normal end.
        with closing(server), suppress(KeyboardInterrupt), follower.following(), releasing_memory():
            stopping.if_asked()
            self._announce(browser=browser)
            stopping.at_once()
            server.run()

    def _announce(self, *, browser: bool) -> None:
        address = self._address()
        if self._four_eyes:
            click.echo(f"two      {self._four_eyes}")
        if self._desk_trouble:
            click.echo(f"desk     nobody signs in or records: {self._desk_trouble}")
        elif not self._private:
            self._announce_first_admin(address)
            if self._is_unnamed:
                click.echo(f"desk     who records signs in at {address}sign-in")
        if self._private:
            trusts = self._settings.trust_this_machine
            click.echo(LOCAL.format(whoever=EVERYBODY if trusts else OWNER))
        if self._is_untold:
            click.echo(UNTOLD)
        if self._is_open:
            click.echo(NO_PROXY)
        click.echo(f"serving  {address}{self._behind()}")
        if browser:
            _show(address)

    def _address(self) -> str:
        """Return the address for people: HTTPS at the proxy, if there is one."""
        if self._is_behind_proxy:
            return f"https://{self._names[0]}/"
        return f"http://{self._names[0]}:{self._listener.getsockname()[1]}/"

    def _behind(self) -> str:
        """Return the address for the proxy; empty without a proxy."""
        if not self._is_behind_proxy:
            return ""
        host, port = self._listener.getsockname()[:2]
        return f"  at the proxy, which asks http://{_hostport(host, port)}/"

    def _tells_people_apart(self) -> bool:
        """Tell whether people sign in even on this machine: accounts exist or are required.

        If the desk is out of reach, no account is known, and so nobody may record.
        """
        settings = self._settings
        try:
            has_people = bool(self._services.desk.people.everyone())
        except StandlineError as error:
            self._desk_trouble = str(error)
            return True
        must = self._four_eyes or settings.provider or settings.second_factor_from is not None
        return has_people or bool(must)

    def _announce_first_admin(self, address: str) -> None:
        """Print the link for the first admin, if there is none; until then nobody can record."""
        people = self._services.desk.people
        if not people.has_admin():
            secret = people.first_link(self._services.clock())
            click.echo(f"admin    {address}join/{secret}  makes the first one, once, in an hour")


def _keep_four_eyes(services: Services, settings: Settings) -> str:
    """Store the four-eyes rule with the store, and return a message about it, or an empty text.

    Once a store has the rule, it applies however the store is served.
    """
    log = services.log
    if settings.four_eyes and not log.asks_four_eyes():
        log.note_four_eyes(FourEyesNote(asked=True, by=BY_OPTION, at=services.clock()))
        return FOUR_EYES_FROM_NOW
    if log.asks_four_eyes():
        return FOUR_EYES_SINCE.format(iso_us(log.four_eyes()[-1].at)[:10])
    return ""


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """Open the port first, so that a port in use is refused before anything else."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(BACKLOG)
        except OSError as error:
            raise _refused(host, port, error) from None
        yield listener


def _hostport(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _refused(host: str, port: int, error: OSError) -> StandlineError:
    if error.errno == errno.EADDRINUSE:
        return StandlineError(PORT_IN_USE, field="--port", port=port, host=host, other=port + 1)
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return StandlineError(
            NO_SUCH_ADDRESS, field="--host", host=InQuotes(host), why=error.strerror, default=HOST
        )
    return StandlineError(CANNOT_LISTEN, field="--port", port=port, host=host, why=error.strerror)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _names_of(host: str) -> list[str]:
    """Return the host names of a server at this address."""
    if host not in EVERYWHERE:
        return [_in_address(host)]
    own = socket.gethostname()
    try:
        addresses = {str(info[4][0]) for info in socket.getaddrinfo(own, None)}
    except OSError:
        addresses = set()
    return [own, *map(_in_address, sorted(addresses))]


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _show(address: str) -> None:
    """Open a browser if there is a screen; a text browser would block the terminal."""
    bare = sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    if not bare:
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def warn_if_readable(path: Path) -> None:
    """Print a warning if others than the owner and group may read or write a file."""
    if path.stat().st_mode & stat.S_IRWXO:
        words = f"{path} holds a secret, and everybody on this machine may read it"
        click.echo(f"standline: {words}; chmod o= {path}", err=True)
