"""The command line: `standline`, one file a group of commands."""

from __future__ import annotations

import sys

import click

from timeline.cli import asking, doctoring, exporting, importing, logging_, recording, serving
from timeline.domain.errors import StandlineError

REFUSED, USAGE, INTERRUPTED = 1, 2, 130


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="standline")
def cli() -> None:
    """Say how X's position on Y changed, and how we know."""


for module in (serving, importing, exporting, asking, logging_, recording, doctoring):
    for command in module.COMMANDS:
        cli.add_command(command)


def main() -> None:
    """Run a command; what goes wrong is one line, and the exit status says of which kind."""
    try:
        status = cli(standalone_mode=False)
    except click.UsageError as error:
        click.echo(f"standline: {_one_line(error)}; {_help(error)}", err=True)
        status = USAGE
    except (click.Abort, KeyboardInterrupt):
        click.echo("standline: stopped", err=True)
        status = INTERRUPTED
    except (StandlineError, click.ClickException) as error:
        click.echo(f"standline: {_one_line(error)}", err=True)
        status = REFUSED
    except BrokenPipeError:
        sys.stderr.close()
        status = 0
    sys.exit(status or 0)


def _help(error: click.UsageError) -> str:
    command = error.ctx.command_path if error.ctx else "standline"
    return f"see {command} --help"


def _one_line(error: Exception) -> str:
    message = error.format_message() if isinstance(error, click.ClickException) else str(error)
    return " ".join(message.split()).rstrip(".")
