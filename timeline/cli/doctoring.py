"""Care of the store: rebuild what pages read, and say how things stand."""

from __future__ import annotations

import platform
from importlib.metadata import version
from pathlib import Path

import click
from click.core import ParameterSource

from timeline.cli.examinations import examine
from timeline.cli.options import BACKUPS, REBUILD, Progress, opened, store_option, tell
from timeline.domain.errors import StandlineError
from timeline.domain.messages import Message

STORE_IN_TROUBLE = Message("store_in_trouble", "%(why)s", fix="see the lines above")
READ_MODELS_DIFFER = Message(
    "read_models_differ",
    "what pages read is not what the log says; it differs in: %(tables)s",
    fix="run `standline replay` to replace the live ones",
)

CHECK = {"verifying": 5} | REBUILD
"""Parts of the work, as `timeline.cli.options.REBUILD` has them."""

NAMED_BY = {
    ParameterSource.COMMANDLINE: "--store",
    ParameterSource.ENVIRONMENT: "STANDLINE_STORE",
    ParameterSource.DEFAULT: "nothing, so it is in this folder",
}


@click.command()
@click.option("--check", is_flag=True, help="Verify, rebuild aside, compare with the live one.")
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
    parts = CHECK if check else REBUILD
    with opened(store, prepare=False, catch_up=False) as services, Progress(parts) as progress:
        if not check:
            services.models.rebuild(progress, as_it_is=as_it_is)
            progress.close()
            click.echo(f"rebuilt from {services.log.count()} events")
            return
        services.models.check_origin()
        services.verify(on_progress=progress)
        if services.models.awaits_rebuild():
            services.models.prepare(progress)
        differing = services.models.check(progress)
        progress.close()
        if differing:
            raise StandlineError(READ_MODELS_DIFFER, tables=", ".join(differing))
        click.echo(f"rebuilt from {services.log.count()} events: equal to the live ones")


@click.command()
@click.option(
    "--backups",
    type=click.Path(path_type=Path, file_okay=False),
    envvar=BACKUPS,
    show_envvar=True,
    metavar="FOLDER",
    help="Where backups lie, of which the newest is looked at.",
)
@store_option
@click.pass_context
def doctor(context: click.Context, store: str, backups: Path | None) -> None:
    """Say how the store and the machine are.

    Its pages, hashes, read models, desk, backups, clock, disk and rights; the exit status is 1
    where anything is wrong.
    """
    named = context.get_parameter_source("store") or ParameterSource.DEFAULT
    with opened(store, prepare=False, catch_up=False) as services, Progress() as progress:
        tell("standline", version("standline"), f"Python {platform.python_version()}")
        tell("settings", f"the store is named by {NAMED_BY[named]}")
        wrong = examine(services, progress, backups)
    if wrong:
        raise StandlineError(STORE_IN_TROUBLE, why=", and ".join(wrong))


COMMANDS = (replay, doctor)
