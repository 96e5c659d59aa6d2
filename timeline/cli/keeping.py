"""Commands that create a store, confirm its clock, back it up and restore it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from timeline.backup.making import back_up, file_name, superseded
from timeline.backup.restoring import restore
from timeline.cli.options import (
    BACKUPS,
    REBUILD,
    Count,
    Progress,
    open_services,
    place_of,
    print_facts,
    size_of,
    store_option,
)
from timeline.domain.errors import NotFound
from timeline.domain.instants import iso_us
from timeline.stores.signing_key import key_path
from timeline.stores.store_url import StoreUrl
from timeline.stores.trouble import StoreReadOnly

if TYPE_CHECKING:
    from timeline.backup.archive import Manifest

KEEP_NEEDS_A_FOLDER = "--keep needs a folder of backups."

BACKUP = {"backing up": 80, "checking": 20}
RESTORE = {"checking": 2, "restoring": 12, "verifying": 14} | REBUILD
"""Parts of the work with their weights, as in `timeline.cli.options.REBUILD`."""


@click.command()
@store_option
def init(store: str) -> None:
    """Make an empty store.

    One that is there already stays as it is.
    """
    try:
        with open_services(store) as services:
            click.echo(f"there is a store already at {place_of(services.url)}")
    except NotFound:
        with open_services(store, create=True) as services:
            click.echo(f"made a store at {place_of(services.url)}")


@click.command()
@click.option("--confirm", is_flag=True, help="Record that this machine's clock is right.")
@click.option("--by", default="operator", show_default=True, help="Public handle.")
@store_option
def clock(store: str, by: str, *, confirm: bool) -> None:
    """Say how far this machine's clock is from the log's.

    Where the log's last entry was recorded by a clock that was wrong, or nothing was recorded for
    months, nothing more is recorded until somebody looks at the clock and confirms it.
    """
    with open_services(store) as services:
        now, (_, reached) = services.clock(), services.log.last()
        print_facts("now", iso_us(now))
        print_facts("last entry", iso_us(reached) if reached else "none yet")
        if confirm:
            position = services.newsroom.confirm_clock(services.newsroom.byline(by, "api"))
            services.models.catch_up()
            print_facts("confirmed", f"at {position}")


@click.command()
@click.argument(
    "dest", type=click.Path(path_type=Path), envvar=BACKUPS, metavar="FILE|FOLDER", required=True
)
@click.option("--keep", type=Count(1), help="Remove all but so many of this store in FOLDER.")
@store_option
def backup(store: str, dest: Path, keep: int | None) -> None:
    """Back up log and desk into one file, while others write.

    In a folder the file is named after the store and the time; a name without an ending is that
    of a folder, which is made. STANDLINE_BACKUPS names the folder
    as well. Everything is proven on the way, and the file is read again. It holds the hashes of
    passwords, but no key to sign with.
    """
    in_folder = dest.is_dir() or not (dest.suffix or dest.exists())
    if keep is not None and not in_folder:
        raise click.UsageError(KEEP_NEEDS_A_FOLDER)
    with (
        open_services(store, prepare=False, catch_up=False) as services,
        Progress(BACKUP) as progress,
    ):
        services.models.check_origin()
        now, name = services.clock(), services.url.name
        path = dest / file_name(name, now) if in_folder else dest
        with suppress(OSError):  # what cannot be written is told of the file
            path.parent.mkdir(exist_ok=True)
        made = back_up(services.log, services.desk, path, now, progress)
        progress.close()
        with suppress(StoreReadOnly):
            services.log.note_backup(now, made.head)
    _tell_backup("backed up", made)
    print_facts("file", str(path), size_of(path.stat().st_size))
    for old in superseded(path, name, keep) if keep else ():
        old.unlink()
        print_facts("removed", str(old))


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path), metavar="BACKUP")
@store_option
def restore_(store: str, file: Path) -> None:
    """Put a backup into a store that holds nothing.

    All of it or nothing: positions, hashes and so every checkpoint and proof stay what they were.
    Everybody signs in again.
    """
    url = StoreUrl.parse(store)
    with Progress(RESTORE) as progress:
        manifest = restore(file, url, progress)
        with open_services(store, progress=progress):
            progress.close()
    _tell_backup("restored", manifest)
    if not key_path(url).exists():
        print_facts("key", f"none at {key_path(url)}: put the one there that signed before")
    print_facts("read models", "made")


def _tell_backup(done: str, manifest: Manifest) -> None:
    print_facts(done, f"{manifest.events} events", f"up to {manifest.head}")
    print_facts("root", manifest.root)
    counts = [f"{table} {count}" for table, count in manifest.desk.items()]
    print_facts("desk", *(counts or ["nothing lies on it"]))
