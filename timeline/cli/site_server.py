"""The process that serves the site and keeps what it shows at the head of the log."""

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
from timeline.cli.little_memory import giving_back, keep_little
from timeline.desk.accounts.provider import Provider, read_provider
from timeline.domain.errors import StandlineError
from timeline.domain.instants import iso_us
from timeline.domain.messages import InQuotes, Message
from timeline.serving.connections import CONNECTIONS, allow_connections
from timeline.stores.four_eyes import FourEyesNote

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from timeline.bootstrap import Services
    from timeline.cli.stopping import Stopping
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
"""Bytes of a request at most: room for a file with an article; a long body is asked for first."""
BACKLOG = 1_024
OTHER_FILES = 1_000
"""Files that may be open beside connections: databases, what is being sent, what was loaded."""

SERVER: dict[str, Any] = {
    # Idle ones make room before there are as many.
    "connection_limit": CONNECTIONS + 100,
    "max_request_header_size": HEADERS,
    "max_request_body_size": BODY,
    # Seconds after which a connection is closed on which nothing moves.
    "channel_timeout": 60,
    # Who forwards a request without being trusted is noticed by it.
    "clear_untrusted_proxy_headers": False,
    # Who leaves early is no trouble of ours.
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
"""Objects that are alive beyond those kept before the collector looks for rubbish: more than a
page of a thousand statements has at once."""


def spare_readers() -> None:
    """Keep the collector out of the readers' way.

    What is loaded now stays, and need not be walked through again; what a page makes is gone with
    it, before anybody has to look for it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])


def hush() -> None:
    """Let the server not tell every reader who waits for another, on the terminal."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)


def trusting(proxy: str) -> dict[str, Any]:
    """Return the settings of a server that takes from a proxy who asks, and by which scheme."""
    if not proxy:
        return {}
    said = {"x-forwarded-for", "x-forwarded-proto"}
    return {"trusted_proxy": proxy, "trusted_proxy_count": 1, "trusted_proxy_headers": said}


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How whoever runs a site wants it.

    ``names`` are those by which readers reach it, ``proxy`` is the address of the one in front,
    from the role ``second_factor_from`` on people prove two things where they sign in by password,
    ``provider`` a file on where people sign in besides, ``read_from`` are hosts of which articles
    are read, ``watch`` is the file of feeds that may be asked from the inbox, and ``query_seconds``
    what a query of a page may take, 0 for as long as it does. So many readers are told of news, in
    all and at one address; none where ``live_readers`` is 0.
    Questions that gather all of the record are put to the ``archive``, which somebody keeps up;
    else the site makes one. Where nobody signs in, any user records of a machine that is trusted.
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
    """The site over a store; who records signs in, unless nobody can and nobody else reaches it."""

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
        """Serve until the process is told to stop, or not at all if it was told before."""
        from waitress.server import create_server  # noqa: PLC0415 - only serving needs it

        from timeline.serving.site_channel import install_site_channel  # noqa: PLC0415
        from web import create_app  # noqa: PLC0415 - only serving needs the site
        from web.shell import downloads as answers  # noqa: PLC0415
        from web.shell.identity import SignedIn, everybody_is  # noqa: PLC0415
        from web.shell.publisher import read_publisher  # noqa: PLC0415

        hush()
        keep_little()
        settings = self._settings
        provider = Provider(read_provider(settings.provider)) if settings.provider else None
        if settings.provider:
            tell_if_open(settings.provider)
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
            **trusting(settings.proxy),
        )
        install_site_channel(server)
        allow_connections(CONNECTIONS + settings.live_readers + OTHER_FILES)
        spare_readers()
        follower = Follower(self._services, app.extensions["told"])
        # Once it follows, a request to stop is how it is meant to end.
        with closing(server), suppress(KeyboardInterrupt), follower.following(), giving_back():
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
        """Return where people reach the site: by TLS at the proxy in front, where there is one."""
        if self._is_behind_proxy:
            return f"https://{self._names[0]}/"
        return f"http://{self._names[0]}:{self._listener.getsockname()[1]}/"

    def _behind(self) -> str:
        """Return where the proxy has to ask, which no reader does; nothing without a proxy."""
        if not self._is_behind_proxy:
            return ""
        host, port = self._listener.getsockname()[:2]
        return f"  at the proxy, which asks http://{_hostport(host, port)}/"

    def _tells_people_apart(self) -> bool:
        """Tell whether people sign in on this machine alone, too: there are some, or must be two.

        Where the desk is out of reach nobody is known, and so nobody records.
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
        """Print the link that makes the first admin, where there is none; others cannot record."""
        people = self._services.desk.people
        if not people.has_admin():
            secret = people.first_link(self._services.clock())
            click.echo(f"admin    {address}join/{secret}  makes the first one, once, in an hour")


def _keep_four_eyes(services: Services, settings: Settings) -> str:
    """Keep with the store that four eyes are asked for, and return what is said of it; or nothing.

    A store that was asked for them once goes on so, however it is served.
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
    """Take the port at once, so that it is refused before anything else is done."""
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
    """Return the names by which a server on this address is reached."""
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
    """Open a window, if there is a screen: a browser inside the terminal would block it."""
    bare = sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    if not bare:
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def tell_if_open(path: Path) -> None:
    """Print a line where others than the owner and group of a file may read or change it."""
    if path.stat().st_mode & stat.S_IRWXO:
        words = f"{path} holds a secret, and everybody on this machine may read it"
        click.echo(f"standline: {words}; chmod o= {path}", err=True)
