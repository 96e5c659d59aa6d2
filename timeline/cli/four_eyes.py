"""The command that shows the four-eyes rule of a store, or lifts it."""

from __future__ import annotations

import click

from timeline.cli.options import open_services, store_option
from timeline.desk.accounts.roles import Role
from timeline.domain.errors import Refused
from timeline.domain.instants import iso_us
from timeline.domain.messages import Message
from timeline.stores.four_eyes import FourEyesNote

NOT_AN_ADMIN = Message(
    "not_an_admin", "%(handle)s is no admin here", fix="name one with --by: `standline user list`"
)
NO_FOUR_EYES = Message("no_four_eyes", "this store asks for no second person")
LIFTED_WITHOUT = "--lift needs --by ADMIN and --reason TEXT."


@click.command("four-eyes")
@click.option("--lift", is_flag=True, help="Let one person record alone again.")
@click.option("--by", default="", metavar="ADMIN", help="The handle of the admin who lifts it.")
@click.option("--reason", default="", metavar="TEXT", help="Why, kept with the store.")
@store_option
def four_eyes(store: str, by: str, reason: str, *, lift: bool) -> None:
    """Say whether a second person agrees to what is recorded.

    A store that was served with --four-eyes once asks for it at every start, until an admin lifts
    it here; who did and why stays with the store.
    """
    with open_services(store, prepare=False, catch_up=False) as services:
        if lift:
            if not by or not reason.strip():
                raise click.UsageError(LIFTED_WITHOUT)
            if not services.log.asks_four_eyes():
                raise Refused(NO_FOUR_EYES, field="--lift")
            admin = services.desk.people.find(by)
            if admin.role < Role.ADMIN or admin.disabled_at is not None:
                raise Refused(NOT_AN_ADMIN, field="--by", handle=by)
            now = services.clock()
            services.log.note_four_eyes(
                FourEyesNote(asked=False, by=by, at=now, reason=reason.strip())
            )
        for note in services.log.four_eyes():
            word = "asked for" if note.asked else "lifted"
            why = f": {note.reason}" if note.reason else ""
            click.echo(f"{iso_us(note.at)[:19]}Z  {word} by {note.by}{why}")
        now_asked = services.log.asks_four_eyes()
        click.echo("a second person agrees" if now_asked else "one person records alone")
