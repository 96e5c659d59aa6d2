"""Commands for accounts of the desk: people, their roles, and links to set a password."""

from __future__ import annotations

import click
import msgspec

from timeline.bootstrap import Services
from timeline.cli.groups import CommandGroup
from timeline.cli.options import open_services, store_option
from timeline.cli.output import format_options, print_answers, print_table
from timeline.desk.accounts.people import Person
from timeline.desk.accounts.roles import Role
from timeline.domain.instants import iso_us

role_option = click.option(
    "--role",
    default="coder",
    show_default=True,
    metavar="ROLE",
    help="What they may do: reader, coder, editor or admin.",
)
site_option = click.option(
    "--site", default="", metavar="URL", help="The site's address, put before the link."
)


HOST = "http://127.0.0.1:8000"
WHERE = """
The site's address goes before the link, as “standline serve” prints it, such as
  {host}{link}
or give it with --site."""
"""The note on a link without the address of the site."""

FIRST = """
This is the first person here. A server that runs already must be started again:
only then does it let people sign in, and ask who records to do so."""


class PersonLine(msgspec.Struct, frozen=True):
    """A person for scripts; times are in microseconds UTC."""

    handle: str
    name: str
    role: str
    has_password: bool
    has_second_factor: bool
    sessions: int
    created_at: int
    last_used: int | None
    disabled_at: int | None


@click.group(cls=CommandGroup)
def user() -> None:
    """Say who may sign in to the desk, and what they may do."""


@user.command("list")
@format_options
@store_option
def list_people(store: str, form: str) -> None:
    """List everybody who may sign in."""
    with open_services(store, catch_up=False) as services:
        people = services.desk.people.everyone()
    if form:
        print_answers(map(_line, people), form, (), PersonLine.__struct_fields__)
        return
    rows: list[tuple[str, ...]] = [
        (person.handle, person.name, person.role.word, _state(person)) for person in people
    ]
    print_table(("handle", "name", "role", "signs in by"), rows)


@user.command()
@click.argument("handle")
@click.option("--name", required=True, help="Who it is.")
@role_option
@site_option
@store_option
def add(store: str, handle: str, name: str, role: str, site: str) -> None:
    """Add HANDLE with a --name, and print a one-time link.

    It lets them in once, for 48 hours: whoever opens it sets the password.

    The handle stands in every event that they record, for good.
    """
    with open_services(store, catch_up=False) as services:
        services.desk.people.add(handle, name, Role.named(role), services.clock())
        _print_link(services, handle, site)
        if not site and len(services.desk.people.everyone()) == 1:
            # A server with a public address requires sign-in from the start.
            click.echo(FIRST, err=True)


@user.command()
@click.argument("handle")
@site_option
@store_option
def link(store: str, handle: str, site: str) -> None:
    """Print a new one-time link; an earlier one works no more."""
    with open_services(store, catch_up=False) as services:
        _print_link(services, handle, site)


@user.command("first-admin")
@site_option
@store_option
def first_admin(store: str, site: str) -> None:
    """Print the link that makes the first admin.

    It works once, for an hour.
    """
    with open_services(store, catch_up=False) as services:
        _print_address(services.desk.people.first_link(services.clock()), site)


@user.command("role")
@click.argument("handle")
@click.argument("role")
@store_option
def set_role(store: str, handle: str, role: str) -> None:
    """Give somebody another role: reader, coder, editor or admin."""
    with open_services(store, catch_up=False) as services:
        services.desk.people.set_role(handle, Role.named(role))


@user.command()
@click.argument("handle")
@store_option
def disable(store: str, handle: str) -> None:
    """Let somebody in no more.

    Their sessions and tokens end; their events stay.
    """
    with open_services(store, catch_up=False) as services:
        services.desk.people.disable(handle, services.clock())


@user.command()
@click.argument("handle")
@store_option
def enable(store: str, handle: str) -> None:
    """Let somebody in again."""
    with open_services(store, catch_up=False) as services:
        services.desk.people.enable(handle)


@user.command("reset-code")
@click.argument("handle")
@store_option
def reset_code(store: str, handle: str) -> None:
    """Take the second factor off HANDLE, who lost it.

    Their sessions end; they sign in by their password alone, and set up another where their role
    needs one.
    """
    with open_services(store, catch_up=False) as services:
        services.desk.second_factors.take_off(handle)
        line = f"{iso_us(services.clock())} second factor taken off: handle={handle}"
        click.echo(f"{line} by=command line", err=True)


def _print_link(services: Services, handle: str, site: str) -> None:
    _print_address(services.desk.people.link(handle, services.clock()), site)


def _print_address(secret: str, site: str) -> None:
    """Print a link; without the address of the site, print what to put before it."""
    link = f"/join/{secret}"
    click.echo(f"{site.rstrip('/')}{link}")
    if not site:
        click.echo(WHERE.format(host=HOST, link=link), err=True)


def _state(person: Person) -> str:
    if person.disabled_at is not None:
        return "disabled"
    if not person.has_password:
        return "nothing yet; give out a link"
    return "password" if person.second_factor is None else "password and code"


def _line(person: Person) -> PersonLine:
    return PersonLine(
        handle=person.handle,
        name=person.name,
        role=person.role.word,
        has_password=person.has_password,
        has_second_factor=person.second_factor is not None,
        sessions=person.sessions,
        created_at=person.created_at,
        last_used=person.last_used,
        disabled_at=person.disabled_at,
    )
