"""The site: a demo in one command, and a newsroom's own."""

from __future__ import annotations

import ipaddress
import shutil
import signal
import socket
import tempfile
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from timeline.bootstrap import Services
from timeline.cli.options import Progress, opened, store_option
from timeline.domain.errors import StandlineError

PLACES = (Path(__file__).parents[2] / "fixtures", Path(__file__).parents[1] / "fixtures")
"""Where fixtures lie: in a checkout, and in an installed package."""

THREADS = 16
HOST = "127.0.0.1"
CONNECTIONS = 2_000


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--browser/--no-browser", default=True, help="Open it in a browser.")
@click.option("--store", metavar="URL", help="Keep it here; else in a new folder for this run.")
def demo(port: int, store: str | None, *, browser: bool) -> None:
    """Serve the Berlin talks and the UN votes from a fresh store, in one command."""
    listener = _listen(HOST, port)
    with _demo_store(store) as address:
        click.echo(f"store    {address}")
        with opened(address) as services:
            _restore(services)
            _serve(services, listener, HOST, browser=browser, handle="demo")


@contextmanager
def _demo_store(given: str | None) -> Iterator[str]:
    if given is not None:
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="standline-demo-"))
    try:
        yield f"sqlite:///{folder / 'demo.db'}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@click.command()
@click.option("--host", default=HOST, show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@store_option
def serve(store: str, host: str, port: int) -> None:
    """Serve the site over a store; on anything but loopback it is read-only."""
    listener = _listen(host, port)
    with opened(store) as services:
        _serve(services, listener, host, browser=False, handle="editor")


def _restore(services: Services) -> None:
    from timeline.interchange.importing import import_files  # noqa: PLC0415 - readers load slowly

    import_files(services, [_fixture("demo.log.jsonl")])
    services.models.rebuild(Progress())


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        msg = f"cannot listen on {host}:{port}: {error.strerror}"
        raise StandlineError(msg, fix="choose another with --port or --host") from None
    return listener


def _serve(
    services: Services, listener: socket.socket, host: str, *, browser: bool, handle: str
) -> None:
    from waitress.server import create_server  # noqa: PLC0415 - only serving needs it

    from web import create_app  # noqa: PLC0415 - only serving needs the site

    local = _is_loopback(host)
    app = create_app(services, read_only=not local, handle=handle, hosts=None if local else [host])
    address = f"http://{host}:{listener.getsockname()[1]}/"
    follower = threading.Thread(target=_follow, args=(services,), daemon=True)
    follower.start()
    server = create_server(
        app,
        sockets=[listener],
        threads=THREADS,
        connection_limit=CONNECTIONS,
        asyncore_use_poll=True,
        ident=None,
    )
    click.echo(f"serving  {address}" + ("" if local else "  read-only"))
    if browser:
        webbrowser.open(address)
    signal.signal(signal.SIGTERM, _stop)
    try:
        server.run()
    finally:
        server.close()


def _fixture(name: str) -> Path:
    for place in PLACES:
        if (place / name).exists():
            return place / name
    msg = f"the demo's data is not installed: {name} is missing"
    raise StandlineError(msg, fix="run it from a checkout, or import files of your own")


def _stop(_signal: int, _frame: object) -> None:
    """End on SIGTERM as on Ctrl-C, so that a temporary store is removed."""
    raise KeyboardInterrupt


def _follow(services: Services) -> None:
    """Keep the read models at the head, whoever appends."""
    while True:
        reached = services.models.shown()
        if services.log.wait(reached, timeout=60.0):
            services.models.catch_up()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


COMMANDS = (demo, serve)
