"""Commands for the care of a store: rebuild read models, examine, verify, check sources."""

from __future__ import annotations

import platform
from importlib.metadata import version
from pathlib import Path

import click
from click.core import ParameterSource

from timeline.bootstrap import Services
from timeline.cli.examinations import examine
from timeline.cli.groups import CommandGroup
from timeline.cli.options import (
    BACKUPS,
    REBUILD,
    Progress,
    open_services,
    print_facts,
    store_option,
)
from timeline.cli.output import format_options, print_answers
from timeline.domain.errors import Refused, StandlineError
from timeline.domain.messages import Message
from timeline.ledger.checkpoints import Checkpoint, read_checkpoint
from timeline.ledger.notes import Verifier, read_verifier
from timeline.ledger.rotations import Tenure, tenures
from timeline.projections.queries.anchors import check_documents
from timeline.stores.signing_key import key_path, rotations_in, signing_key

STORE_IN_TROUBLE = Message("store_in_trouble", "%(why)s", fix="see the lines above")
READ_MODELS_DIFFER = Message(
    "read_models_differ",
    "what pages read is not what the log says; it differs in: %(tables)s",
    fix="run `standline replay` to replace the live ones",
)

CHECKPOINT_OF_ANOTHER = Message(
    "checkpoint_of_another",
    "the checkpoint is not signed by %(name)s",
    fix="give the key that did by --key, as it was published",
)
readable = click.Path(exists=True, dir_okay=False, path_type=Path)

CHECK = {"verifying": 5} | REBUILD
"""Parts of the work with their weights, as in `timeline.cli.options.REBUILD`."""

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
    with (
        open_services(store, prepare=False, catch_up=False) as services,
        Progress(parts) as progress,
    ):
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
    source = context.get_parameter_source("store") or ParameterSource.DEFAULT
    with open_services(store, prepare=False, catch_up=False) as services, Progress() as progress:
        print_facts("standline", version("standline"), f"Python {platform.python_version()}")
        print_facts("settings", f"the store is named by {NAMED_BY[source]}")
        wrong = examine(services, progress, backups)
    if wrong:
        raise StandlineError(STORE_IN_TROUBLE, why=", and ".join(wrong))


@click.command()
@click.option(
    "--checkpoint",
    "files",
    multiple=True,
    type=readable,
    metavar="FILE",
    help="One that was kept elsewhere; may be repeated.",
)
@click.option("--key", metavar="NAME+ID+KEY", help="Who signed them; the store's own without it.")
@store_option
def verify(store: str, files: tuple[Path, ...], key: str | None) -> None:
    """Check that nothing in the log was rewritten.

    It goes along every event, the ledger's tree, what is kept of the clock, and the checkpoints
    that were kept; it looks whether the end is there, and whether anything acts on the tables.
    Ends with 1 and names the first event that is not as it was recorded.
    """
    with open_services(store, prepare=False, catch_up=False) as services, Progress() as progress:
        keys = all_keys(services, read_verifier(key) if key else _own_verifier(services))
        checkpoints = [checkpoint_in(file, keys) for file in files]
        verified = services.verify(
            {checkpoint.size: checkpoint.root for checkpoint in checkpoints}, progress
        )
        progress.close()
        click.echo(f"unchanged: {verified.size} events, up to {verified.position}")
        click.echo(f"root     {verified.root.hex()}")
        for checked in checkpoints:
            click.echo(f"holds    the checkpoint of {checked.size} events")
        if files and not keys:
            click.echo("who signed was not checked; give --key")


def checkpoint_in(file: Path, keys: list[Tenure]) -> Checkpoint:
    """Read a checkpoint; raises `Refused` if none of the keys signed it."""
    written = file.read_text(encoding="utf-8", errors="replace")
    checkpoint, note = read_checkpoint(written)
    if keys and not any(tenure.signed(note, checkpoint.size) for tenure in keys):
        raise Refused(CHECKPOINT_OF_ANOTHER, field=str(file), name=keys[-1].key.name)
    return checkpoint


def all_keys(services: Services, key: Verifier | None) -> list[Tenure]:
    """Return a key with all later keys; none without a key."""
    return tenures(key, rotations_in(services.log)) if key else []


def _own_verifier(services: Services) -> Verifier | None:
    is_there = key_path(services.url).exists()
    return signing_key(services.url, services.log).verifier if is_there else None


DOCUMENT_COLUMNS = ("document", "name", "texts", "entries", "found", "missing", "alike")


@click.group("documents", cls=CommandGroup)
def documents() -> None:
    """Check entries against the texts of their sources."""


@documents.command("check")
@format_options
@store_option
def check(store: str, form: str) -> None:
    """Say which entries their source's latest text no longer has.

    For each source: the versions of its text, the entries from it, those whose words were found in
    the latest version, the numbers of those whose words were not, and other sources with much the
    same text, such as another outlet's copy of an agency's report. Nothing is changed: an entry
    stays with the version from which it was recorded.
    """
    with open_services(store) as services, services.models.engine().connect() as conn:
        print_answers(check_documents(conn, services.log), form, DOCUMENT_COLUMNS, DOCUMENT_COLUMNS)
