"""The command that writes the record as an archive with typed columns."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from timeline.analysis.archiving import archive
from timeline.analysis.bucket import SCHEME, Bucket
from timeline.analysis.manifest import read_manifest, verified
from timeline.cli.archive_options import archive_at, position_of
from timeline.cli.options import Progress, open_services, print_facts, size_of, store_option

if TYPE_CHECKING:
    from timeline.analysis.manifest import Manifest


@click.command("archive")
@click.argument("dest", metavar="FOLDER|s3://BUCKET/FOLDER")
@click.option("--afresh", is_flag=True, help="Write all of it anew.")
@click.option("--check", is_flag=True, help="Write nothing; compare each file with its hash.")
@click.option(
    "--known-at",
    metavar="INSTANT|@POSITION",
    help="Add what the rule finds as known then; it stays with the archive.",
)
@store_option
def archive_(store: str, dest: str, *, afresh: bool, check: bool, known_at: str | None) -> None:
    """Write the record as Parquet, in typed columns.

    `standline analyse` asks it. What is there stays as it is, and what was recorded since is
    added; what the position rule finds is written as known at the end. The archive holds what is
    coded, and slugs, but no words and no names.
    """
    if check:
        with archive_at(dest) as folder:
            manifest = read_manifest(folder)
            for file in manifest.every_file:
                verified(folder, file)
        _tell("unchanged", manifest)
        return
    bucket = Bucket(dest) if dest.startswith(SCHEME) else None
    with open_services(store) as services, Progress() as progress:
        position = position_of(services, known_at)
        if bucket is None:
            place = Path(dest)
            before = {path.name for path in place.glob("*.parquet")} if place.is_dir() else set()
            manifest = archive(
                services, place, known_at=position, afresh=afresh, on_progress=progress
            )
        else:
            before = set() if afresh else bucket.named()
            manifest = bucket.archive(
                services, known_at=position, afresh=afresh, on_progress=progress
            )
        progress.close()
    _tell("archived", manifest)
    for file in manifest.every_file:
        if file.path not in before:
            print_facts("wrote", file.path, f"{file.rows:,} rows", size_of(file.bytes))


def _tell(done: str, manifest: Manifest) -> None:
    files = manifest.every_file
    size = sum(file.bytes for file in files)
    print_facts(done, f"up to @{manifest.upto}", f"{len(files)} files", size_of(size))
    positions = (f"@{finding.known_at}" for finding in manifest.found)
    print_facts("rule", f"edition {manifest.rule}", f"as known at {', '.join(positions)}")
    print_facts("root", manifest.ledger.root, f"{manifest.ledger.size:,} events")
    if manifest.aside:
        print_facts("without", *(f"@{position}" for position in manifest.aside))
