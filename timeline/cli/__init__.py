"""The command line: `standline`, one file a group of commands."""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import EntryPoint
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import click

from timeline.cli.exit_status import ending_in_one_line, leave_quietly
from timeline.cli.options import CommandGroup
from timeline.rooms import COMMANDS, registered

__all__ = ["cli", "main"]


class CommandModule(NamedTuple):
    """Where a command stands, and what its help says in one line."""

    module: str
    summary: str


PLACES = {
    "demo": CommandModule(
        "serving", "Serve three stories: Berlin talks, Federal Reserve, UN votes."
    ),
    "serve": CommandModule("serving", "Serve the site over a store."),
    "init": CommandModule("keeping", "Make an empty store."),
    "clock": CommandModule("keeping", "Say how far this machine's clock is from the log's."),
    "backup": CommandModule("keeping", "Back up log and desk into one file, while others write."),
    "restore": CommandModule("keeping", "Put a backup into a store that holds nothing."),
    "import": CommandModule("importing", "Import files, row by row or as a full log."),
    "export": CommandModule("exporting", "Export the record, or a part of it."),
    "topics": CommandModule("asking", "List the topics: questions that people answer."),
    "actors": CommandModule("asking", "List the actors, each under its slug with its other names."),
    "scales": CommandModule("scale_words", "List the scales, each with its words."),
    "positions": CommandModule("asking", "Say where actors stand."),
    "changes": CommandModule("asking", "List the changes of position that are printed."),
    "rules": CommandModule(
        "editions",
        "List the editions of the position rule, or in which changes they differ, and why.",
    ),
    "matrix": CommandModule("matrices", "Say who stood where at which moments."),
    "log": CommandModule("logging_", "Show the log, oldest first."),
    "verify": CommandModule("proving", "Check that nothing in the log was rewritten."),
    "checkpoint": CommandModule("proving", "Sign how the log stands: its length and its root."),
    "prove": CommandModule("proving", "Prove an event, or that the record only grew."),
    "tiles": CommandModule(
        "proving", "Write the tree and its entries as files for monitors of others."
    ),
    "key": CommandModule("proving", "Say which key signs, and which signed before; or replace it."),
    "record": CommandModule("recording", "Record statements, developments, sources and passages."),
    "show": CommandModule("showing", "Show an entry whole, and all that followed it."),
    "correct": CommandModule(
        "mending", "Correct an entry, or several alike, in one append, and print the log positions."
    ),
    "retract": CommandModule("mending", "Withdraw an entry of ours, and print the log position."),
    "reinstate": CommandModule("mending", "Take a retraction back, and print the log position."),
    "link": CommandModule("mending", "Connect an entry to another, and print the log position."),
    "unlink": CommandModule("mending", "Take a connection back, and print the log position."),
    "merge": CommandModule(
        "mending", "Note that two actors are the same, and print the log position."
    ),
    "unmerge": CommandModule(
        "mending", "Take the merge of an actor back, and print the log position."
    ),
    "reword": CommandModule(
        "mending", "Word the question of a topic anew, and print the log position."
    ),
    "classify": CommandModule(
        "classifying", "Say what a topic asks for, and print the log position."
    ),
    "standing": CommandModule(
        "standings", "Say which mandates decide for a side, and which only speak for it."
    ),
    "quote": CommandModule(
        "quote_reading", "Read quotes blindly: whether one alone answers the question, and how."
    ),
    "sign": CommandModule(
        "signing", "Sign a change that the rule found, and print the log position."
    ),
    "decline": CommandModule(
        "signing", "Say why a change that the rule found is none, and print the log position."
    ),
    "verdict": CommandModule(
        "signing", "List which changes were signed or declined, or take that back."
    ),
    "redact": CommandModule("redacting", "Erase the words of one thing for good."),
    "documents": CommandModule("documents", "Check entries against the texts of their sources."),
    "user": CommandModule("users", "Say who may sign in to the desk, and what they may do."),
    "replay": CommandModule("doctoring", "Rebuild what pages read, from the log alone."),
    "doctor": CommandModule("doctoring", "Say how the store and the machine are."),
}
"""The commands of the core in the order of the help, each loaded when somebody asks for it.

Those of rooms register themselves as entry points.
"""


def summary_of(entry: EntryPoint) -> str:
    """Return what the command of a room does: the first sentence in its source, not loaded."""
    spec = find_spec(entry.module)
    source = Path(spec.origin).read_text("utf-8") if spec and spec.origin else ""
    for each in ast.parse(source).body:
        if isinstance(each, ast.FunctionDef) and each.name == entry.attr:
            return (ast.get_docstring(each) or "").partition("\n")[0]
    return ""


def _of_room(name: str) -> click.Command | None:
    """Load the command that a room registered under a name."""
    entry = registered(COMMANDS).get(name)
    command: click.Command | None = entry.load() if entry else None
    return command


class Commands(CommandGroup):
    """The commands; whoever reads only the first lines of an answer gets no error."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """Return the names of all commands."""
        return [*PLACES, *registered(COMMANDS)]

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """Load a command."""
        if name not in PLACES:
            return _of_room(name)
        module = import_module(f"timeline.cli.{PLACES[name].module}")
        commands: Sequence[click.Command] = module.COMMANDS
        return next(one for one in commands if one.name == name)

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what each command does, without loading it."""
        lines = [(name, place.summary) for name, place in PLACES.items()]
        lines += [(name, summary_of(entry)) for name, entry in registered(COMMANDS).items()]
        with formatter.section("Commands"):
            formatter.write_dl(lines)

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
    """Run a command; what goes wrong is one line, and the exit status says of which kind."""
    with ending_in_one_line():
        status = cli(arguments, prog_name="standline", standalone_mode=False)
        sys.stdout.flush()
        sys.exit(status or 0)
