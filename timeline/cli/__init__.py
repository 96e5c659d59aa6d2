"""The command line: `standline`, one file a group of commands."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click

from timeline.cli import (
    asking,
    benching,
    doctoring,
    exporting,
    importing,
    keeping,
    logging_,
    matrices,
    proving,
    recording,
    serving,
    suggesting,
    users,
)
from timeline.cli.ending import ending_in_one_line, leave_quietly

__all__ = ["cli", "main"]


class Commands(click.Group):
    """The commands; whoever reads only the first lines of an answer gets no error."""

    def invoke(self, context: click.Context) -> Any:  # noqa: ANN401 - what a command returns
        """Run a command."""
        try:
            return super().invoke(context)
        except BrokenPipeError:
            leave_quietly()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="standline")
def cli() -> None:
    """Say how X's position on Y changed, and how we know."""


MODULES = (
    serving,
    keeping,
    importing,
    exporting,
    asking,
    logging_,
    matrices,
    proving,
    recording,
    suggesting,
    users,
    doctoring,
    benching,
)
"""The groups of commands, in the order of the help."""

for module in MODULES:
    for command in module.COMMANDS:
        cli.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; what goes wrong is one line, and the exit status says of which kind."""
    with ending_in_one_line():
        status = cli(arguments, prog_name="standline", standalone_mode=False)
        sys.stdout.flush()
        sys.exit(status or 0)
