"""Commands that serve the site: a demo, and a newsroom's own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TypeVar

import click

from timeline.bootstrap import Services
from timeline.cli.options import REBUILD, Count, Progress, open_services, store_option
from timeline.cli.process import Stopping, stopping_in_order
from timeline.cli.site_server import HOST, Settings, Site, listening
from timeline.desk.accounts.roles import Role
from timeline.domain.errors import Refused, StandlineError
from timeline.domain.messages import Message
from timeline.rooms import RULES, SUGGESTERS, entry_points_of

DEMO_NOT_INSTALLED = Message(
    "demo_not_installed",
    "the demo's data is not installed: %(name)s is missing",
    fix="run it from a checkout, or import files of your own",
)

PLACES = (Path(__file__).parents[2] / "fixtures", Path(__file__).parents[1] / "fixtures")
"""The folders of fixtures: in a checkout, and in an installed package."""

BUCKET = "s3://"

port_option = click.option(
    "--port",
    default=8000,
    show_default=True,
    type=Count(0, 65535),
    metavar="PORT",
    help="0 takes a free one.",
)


F = TypeVar("F", bound=Callable[..., Any])


@click.command()
@port_option
@click.option("--browser/--no-browser", default=True, help="Open it in a browser.")
@click.option("--store", metavar="URL", help="Keep it here; else in a new folder for this run.")
def demo(port: int, store: str | None, *, browser: bool) -> None:
    """Serve three stories: the war against Ukraine, the Fed, UN votes.

    One command, and a fresh store that is gone when it ends.
    """
    from web.shell.forwarding import system_tells_users  # noqa: PLC0415 - only serving needs it

    with (
        stopping_in_order() as stopping,
        listening(HOST, port) as listener,
        _demo_store(store) as address,
    ):
        click.echo(f"store    {address}")
        with open_services(address, create=True, catch_up=False) as services:
            _restore(services, stopping)
            # A demo loses its record at the end. So visitors may record in it even if the system
            # does not report which user sent a request.
            settings = Settings(trust_this_machine=not system_tells_users())
            site = Site(services, listener, HOST, settings, handle="demo")
            site.run(stopping, browser=browser)


@contextmanager
def _demo_store(address: str | None) -> Iterator[str]:
    if address is not None:
        yield address
        return
    folder = Path(tempfile.mkdtemp(prefix="standline-demo-"))
    try:
        yield f"sqlite:///{folder / 'demo.db'}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def setting(name: str, *names: str, **more: Any) -> Callable[[F], F]:  # noqa: ANN401 - as `click.option` takes
    """Return an option that can also be set by an environment variable."""
    variable = f"STANDLINE_{name.removeprefix('--').replace('-', '_').upper()}"
    return click.option(name, *names, envvar=variable, show_envvar=True, **more)


@click.command()
@click.option("--host", default=HOST, show_default=True, help="The address to listen on.")
@port_option
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="NAME",
    help="A name by which readers reach it, such as news.example; may be repeated.",
)
@setting(
    "--publisher",
    type=click.Path(path_type=Path),
    metavar="FILE.toml",
    help="Whom readers write to, and how mistakes are put right.",
)
@setting(
    "--trusted-proxy",
    "proxy",
    default="",
    callback=lambda _context, _option, text: _checked_address(text),
    metavar="ADDRESS",
    help="The address of the proxy in front, which says by X-Forwarded-Proto if it was https.",
)
@setting(
    "--four-eyes",
    is_flag=True,
    help="Record what somebody codes on the site only when a second person agrees.",
)
@setting(
    "--second-factor-from",
    callback=lambda _context, option, role: _named_role(role, option.opts[0]) if role else None,
    metavar="ROLE",
    help="From this role on, such as editor, a password needs a code of an app beside it.",
)
@setting(
    "--query-timeout",
    "query_seconds",
    default=15,
    show_default=True,
    type=Count(0, 3_600),
    metavar="SECONDS",
    help="After so long a page gives up a query and says so; 0 never.",
)
@setting(
    "--sign-in-at",
    "provider",
    type=click.Path(path_type=Path),
    metavar="FILE.toml",
    help="An OpenID Connect provider at which people sign in, too.",
)
@setting(
    "--read-from",
    "read_from",
    multiple=True,
    metavar="HOST",
    help="Read articles there at whose address somebody codes; may be repeated, public is all.",
)
@setting(
    "--watch",
    type=click.Path(path_type=Path),
    metavar="SOURCES.toml",
    help="Who codes may have these feeds and folders looked at now; the file of “standline watch”.",
)
@setting(
    "--suggest-with",
    multiple=True,
    type=click.Choice([name for name in entry_points_of(SUGGESTERS) if name != RULES]),
    help="Suggest with this at the workbench, too; llm sends texts to STANDLINE_LLM_URL.",
)
@setting(
    "--live-readers",
    default=5_000,
    show_default=True,
    type=Count(0),
    metavar="N",
    help="So many readers at once are told that the page before them has news; 0 nobody.",
)
@setting(
    "--live-at-address",
    default=100,
    show_default=True,
    type=Count(1),
    metavar="N",
    help="So many of them at one address.",
)
@setting(
    "--archive",
    callback=lambda _context, _option, text: _checked_folder(text),
    metavar="FOLDER",
    help="Ask this archive, which “standline archive” keeps up; else the site makes its own.",
)
@setting(
    "--trust-this-machine",
    is_flag=True,
    help="Before people were added, let every user and program of this machine record.",
)
@store_option
def serve(store: str, host: str, port: int, **settings: Any) -> None:  # noqa: ANN401 - of `Settings`
    """Serve the site over a store.

    On anything but this machine's own addresses, under another name, under --four-eyes, where
    people were added (standline user add), and where the system does not say whose program asks
    (any but Linux), who records signs in.
    """
    with (
        stopping_in_order() as stopping,
        listening(host, port) as listener,
        open_services(store, stop_if_asked=stopping.if_asked) as services,
    ):
        Site(services, listener, host, Settings(**settings)).run(stopping)


def _named_role(role: str, option: str) -> Role:
    """Return the role of an option; raises `Refused`, with the option, for an unknown role."""
    try:
        return Role.named(role)
    except Refused as error:
        raise Refused.again(error, field=option) from None


def _checked_address(text: str) -> str:
    """Return an IP address; raises `click.BadParameter` for anything else."""
    if text:
        try:
            ip_address(text)
        except ValueError:
            msg = f"{text!r} is no address; write it like 127.0.0.1"
            raise click.BadParameter(msg) from None
    return text


def _checked_folder(text: str | None) -> Path | None:
    """Return the folder of an archive; raises `click.BadParameter` for a file or a bucket."""
    if not text:
        return None
    if text.startswith(BUCKET):
        msg = "readers do not wait for a bucket; copy the archive into a folder and name that"
        raise click.BadParameter(msg)
    if Path(text).is_file():
        msg = f"{text!r} is a file; name the folder that `standline archive` writes"
        raise click.BadParameter(msg)
    return Path(text)


def _restore(services: Services, stopping: Stopping) -> None:
    from timeline.interchange.importing.files import import_files  # noqa: PLC0415 - readers load slowly

    with Progress({"reading": 25} | REBUILD, stopping.if_asked) as progress:
        import_files(services, [fixture("demo.log.jsonl.gz")], on_progress=progress)
        services.models.rebuild(progress)


def fixture(name: str) -> Path:
    """Return the path of a fixture; raises `StandlineError` if it was not installed."""
    for place in PLACES:
        if (place / name).exists():
            return place / name
    raise StandlineError(DEMO_NOT_INSTALLED, name=name)
