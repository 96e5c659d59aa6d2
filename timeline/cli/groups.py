"""A group of commands that suggests similar commands for an unknown one."""

from __future__ import annotations

import click


class CommandGroup(click.Group):
    """A group that suggests commands for a misspelled one."""

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; raises `click.UsageError` with similar commands if there is none."""
        name, commands = args[0], self.list_commands(context)
        if name in commands or name.startswith("-"):
            return super().resolve_command(context, args)
        # Imported here: it loads tables of letters, and most words are commands.
        from timeline.domain.spelling import nearest  # noqa: PLC0415

        near = " or ".join(nearest(name, commands, n=2))
        meant = f"; did you mean {near}?" if near else ""
        msg = f"No such command {name!r}{meant}"
        raise click.UsageError(msg, context)
