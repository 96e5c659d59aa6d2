"""Commands for integrity: sign the log, prove single events, and manage the key."""

from __future__ import annotations

from pathlib import Path

import click

from timeline.cli.doctoring import all_keys, checkpoint_in, readable
from timeline.cli.options import Count, Progress, open_services, print_facts, store_option
from timeline.ledger.notes import read_verifier
from timeline.rotating import replace_lost_key, rotate_key
from timeline.stores.evidence import proof_of_event, proof_of_growth, signed_checkpoint
from timeline.stores.signing_key import rotations_in, signing_key
from timeline.stores.tile_files import write_tiles
from timeline.witnessing import Witness, witnessed_checkpoint

writable = click.Path(dir_okay=False, writable=True, path_type=Path)
out_option = click.option("-o", "--out", type=writable, help="Into a file.")
ONE_OF_BOTH = "Give a position, or --since FILE."
WITNESS_WITH_KEY = "Give both --witness and --witness-key."
ONE_OF_THREE = "Give one of --rotate, --lost and --all."


@click.command()
@click.option("--origin", default="", metavar="NAME", help="What a new key calls this record.")
@click.option("--witness", metavar="URL", help="Let a witness sign it, too (C2SP tlog-witness).")
@click.option("--witness-key", metavar="NAME+ID+KEY", help="The witness's key, as it published it.")
@out_option
@store_option
def checkpoint(
    store: str, out: Path | None, origin: str, witness: str | None, witness_key: str | None
) -> None:
    """Sign how the log stands: its length and its root.

    Keep it elsewhere, or publish it: whoever has it can tell whether anything before it was
    rewritten. The key is made when it is first needed, beside the store. A witness signs only what
    grew from the last checkpoint that it saw.
    """
    if (witness is None) != (witness_key is None):
        raise click.UsageError(WITNESS_WITH_KEY)
    seen_by = Witness(witness, read_verifier(witness_key)) if witness and witness_key else None
    with open_services(store, prepare=False, catch_up=False) as services:
        log, signer = services.log, signing_key(services.url, services.log, origin)
        note = (
            witnessed_checkpoint(log, signer, seen_by)
            if seen_by
            else signed_checkpoint(log, signer)
        )
        _write(str(note), out)
        click.echo(f"key      {signer.verifier}", err=True)


@click.command()
@click.argument("position", type=Count(1), required=False)
@click.option(
    "--since", type=readable, metavar="FILE", help="That the log grew out of this checkpoint."
)
@out_option
@store_option
def prove(store: str, position: int | None, since: Path | None, out: Path | None) -> None:
    """Prove an event, or that the record only grew.

    The file is checked offline with check.py, which the site gives out.
    """
    if (position is None) == (since is None):
        raise click.UsageError(ONE_OF_BOTH)
    with open_services(store, prepare=False, catch_up=False) as services:
        log, signer = services.log, signing_key(services.url, services.log)
        if since is not None:
            _write(proof_of_growth(log, signer, checkpoint_in(since, []).size), out)
        elif position is not None:
            _write(proof_of_event(log, signer, position), out)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="FOLDER")
@store_option
def tiles(store: str, folder: Path) -> None:
    """Write the tree and its entries as files for monitors of others.

    Any server or storage gives them out, in the form of C2SP tlog-tiles, with a checkpoint of them
    all. What the folder has already stays. No words are in them.
    """
    with open_services(store, prepare=False, catch_up=False) as services, Progress() as progress:
        signer = signing_key(services.url, services.log)
        done = write_tiles(services.log, signer, folder, progress)
        progress.close()
    print_facts("wrote", f"{done.files} files", f"the tree of {done.size} events")


@click.command()
@click.option("--rotate", is_flag=True, help="Let a new key sign from here on.")
@click.option(
    "--lost", metavar="NAME+ID+KEY", help="Record that this key is lost, and which one signs now."
)
@click.option("--all", "is_all", is_flag=True, help="Give what check.py --keys reads.")
@click.option("--by", default="operator", show_default=True, help="Public handle.")
@out_option
@store_option
def key(
    store: str, by: str, lost: str | None, out: Path | None, *, rotate: bool, is_all: bool
) -> None:
    """Say which key signs, and which signed before; or replace it.

    The old key vouches for the new one in the log, then its file goes. Who trusts one of them
    follows from it to the others; publish the new one where the old one was published.
    """
    if sum((rotate, lost is not None, is_all)) > 1:
        raise click.UsageError(ONE_OF_THREE)
    with open_services(store, prepare=False, catch_up=False) as services:
        if rotate:
            rotate_key(services, services.newsroom.byline(by, "api"))
        elif lost is not None:
            replace_lost_key(services, services.newsroom.byline(by, "api"), read_verifier(lost))
        elif is_all:
            _write("\n".join(str(rotation.note) for rotation in rotations_in(services.log)), out)
            return
        for tenure in all_keys(services, signing_key(services.url, services.log).verifier):
            print_facts(
                "key" if tenure.until is None else f"up to {tenure.until} events", str(tenure.key)
            )


def _write(text: str, out: Path | None) -> None:
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8", newline="")
