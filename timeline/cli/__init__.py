"""The command line `standline`, with one file for each group of commands."""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from importlib.metadata import EntryPoint
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from timeline.cli.exit_status import ending_in_one_line, leave_quietly
from timeline.cli.groups import CommandGroup
from timeline.rooms import COMMANDS, entry_points_of

__all__ = ["cli", "main"]


CORE = {
    "demo": "serving:demo",
    "serve": "serving:serve",
    "init": "keeping:init",
    "clock": "keeping:clock",
    "backup": "keeping:backup",
    "restore": "keeping:restore_",
    "import": "importing:import_",
    "export": "exporting:export_",
    "topics": "asking:topics",
    "actors": "asking:actors",
    "scales": "scale_words:scales",
    "positions": "asking:positions_",
    "changes": "asking:changes",
    "matrix": "matrices:matrix_",
    "log": "logging_:log_",
    "verify": "doctoring:verify",
    "record": "recording:record",
    "show": "showing:show",
    "correct": "mending:correct",
    "retract": "mending:retract",
    "reinstate": "mending:reinstate",
    "link": "mending:link",
    "unlink": "mending:unlink",
    "merge": "nouns:merge",
    "unmerge": "nouns:unmerge",
    "reword": "nouns:reword",
    "classify": "nouns:classify",
    "standing": "nouns:standing",
    "quote": "judging:quote",
    "sign": "judging:sign",
    "decline": "judging:decline",
    "verdict": "judging:verdict",
    "redact": "redacting:redact",
    "documents": "doctoring:documents",
    "user": "users:user",
    "replay": "doctoring:replay",
    "doctor": "doctoring:doctor",
}
"""The commands of the core in the order of the help, each with its module and function.

Rooms register theirs as entry points.
"""


def commands() -> dict[str, EntryPoint]:
    """Return all commands by name, each loaded on demand."""
    core = (EntryPoint(name, f"{__name__}.{place}", COMMANDS) for name, place in CORE.items())
    return {point.name: point for point in core} | entry_points_of(COMMANDS)


def summary_of(entry: EntryPoint) -> str:
    """Return the summary of a command from its source, without importing it."""
    spec = find_spec(entry.module)
    source = Path(spec.origin).read_text("utf-8") if spec and spec.origin else ""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name == entry.attr:
            return (ast.get_docstring(node) or "").partition("\n")[0]
    return ""


class Commands(CommandGroup):
    """The commands; a reader that closes the pipe early causes no error."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """Return the names of all commands."""
        return [*commands()]

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """Load a command."""
        entry = commands().get(name)
        command: click.Command | None = entry.load() if entry else None
        return command

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the summary of each command, without loading it."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary_of(entry)) for name, entry in commands().items()])

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


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; an error is one line, and its kind is the exit status."""
    with ending_in_one_line():
        status = cli(arguments, prog_name="standline", standalone_mode=False)
        sys.stdout.flush()
        sys.exit(status or 0)
