"""A group of commands that names those which may be meant by a word that is none of them."""

from __future__ import annotations

import click


class CommandGroup(click.Group):
    """A group whose commands may be misspelled once."""

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; raises `click.UsageError`, with those that may be meant, for none."""
        name, commands = args[0], self.list_commands(context)
        if name in commands or name.startswith("-"):
            return super().resolve_command(context, args)
        # Loaded here since it brings tables of letters, and most words are commands.
        from timeline.domain.spelling import nearest  # noqa: PLC0415

        near = " or ".join(nearest(name, commands, n=2))
        meant = f"; did you mean {near}?" if near else ""
        msg = f"No such command {name!r}{meant}"
        raise click.UsageError(msg, context)
