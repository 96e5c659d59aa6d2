"""Files that hold a secret: whoever starts the site is told where others may read one."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path


def tell_if_open(path: Path) -> None:
    """Print a line where others than the owner and group of a file may read or change it."""
    if path.stat().st_mode & stat.S_IRWXO:
        words = f"{path} holds a secret, and everybody on this machine may read it"
        click.echo(f"standline: {words}; chmod o= {path}", err=True)
