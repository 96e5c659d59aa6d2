"""Care of the store: rebuild what pages read, and say how things stand."""

from __future__ import annotations

import platform
import shutil
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from timeline.cli.options import Progress, opened, place_of, store_option
from timeline.domain.errors import StandlineError
from timeline.domain.messages import Message
from timeline.projections.queries import log

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.bootstrap import Services

STORE_IN_TROUBLE = Message("store_in_trouble", "%(why)s", fix="see the lines above")
READ_MODELS_DIFFER = Message(
    "read_models_differ",
    "the rebuilt read models differ in: %(tables)s",
    fix="run `standline replay` to replace the live ones",
)

NAMED_BY = {
    ParameterSource.COMMANDLINE: "--store",
    ParameterSource.ENVIRONMENT: "STANDLINE_STORE",
    ParameterSource.DEFAULT: "nothing, so it is in this folder",
}


@click.command()
@click.option("--check", is_flag=True, help="Rebuild aside and compare with the live one.")
@click.option(
    "--as-it-is",
    is_flag=True,
    help="From this log even if it is another one, or not as it was recorded.",
)
@store_option
def replay(store: str, *, check: bool, as_it_is: bool) -> None:
    """Rebuild what pages read, from the log alone.

    Readers go on reading what there was until the new one is whole. A log that lacks what was read
    from it before, or whose events are not as they were recorded, is not rebuilt from unless that
    is asked for.
    """
    with opened(store, prepare=check, catch_up=False) as services, Progress() as progress:
        if not check:
            services.models.rebuild(progress, as_it_is=as_it_is)
            progress.close()
            click.echo(f"rebuilt from {services.log.count()} events")
            return
        differing = services.models.check(progress)
        progress.close()
        if differing:
            raise StandlineError(READ_MODELS_DIFFER, tables=", ".join(differing))
        click.echo(f"rebuilt from {services.log.count()} events: equal to the live ones")


@click.command()
@store_option
@click.pass_context
def doctor(context: click.Context, store: str) -> None:
    """Say how the store, the read models and the machine are."""
    named = context.get_parameter_source("store") or ParameterSource.DEFAULT
    with opened(store, catch_up=False) as services:
        _say("standline", version("standline"), f"Python {platform.python_version()}")
        _say("settings", f"the store is named by {NAMED_BY[named]}")
        trouble = _report(services)
    if trouble:
        raise StandlineError(STORE_IN_TROUBLE, why=trouble)


def _report(services: Services) -> str:
    head, shown = services.log.head(), services.models.shown()
    with services.models.engine().connect() as conn:
        database = ".".join(map(str, conn.dialect.server_version_info or ()))
        quarantined = log.quarantined(conn)
        inert = log.inert_merges(conn)
    kind = "SQLite" if services.url.is_sqlite else "PostgreSQL"
    _say("store", place_of(services.url), f"{kind} {database}")
    _say("log", f"{services.log.count()} events", f"head at {head}")
    _say("read models", f"generation {services.log.live_generation()}", f"{head - shown} behind")
    trouble = [*_report_desk(services)]
    if services.url.is_sqlite:
        free = shutil.disk_usage(Path(services.url.log_path).parent).free
        _say("disk", f"{free / 1e9:.1f} GB free")
    for event in quarantined:
        _say("quarantined", f"event {event.position}", event.type, event.error)
    for absorbed, into in inert:
        _say("inert merge", f"{absorbed} into {into}", "it would close a circle")
    if quarantined:
        many = f"{len(quarantined)} events are" if len(quarantined) > 1 else "1 event is"
        trouble.append(f"{many} quarantined")
    return ", and ".join(trouble)


def _report_desk(services: Services) -> Iterator[str]:
    try:
        kept = services.desk.drafts.count()
    except StandlineError as error:
        _say("desk", error.message)
        yield "the desk cannot be used"
    else:
        _say("desk", "1 draft" if kept == 1 else f"{kept} drafts")


def _say(what: str, *facts: str) -> None:
    click.echo(f"{what:<12} " + "  ".join(facts))


COMMANDS = (replay, doctor)
