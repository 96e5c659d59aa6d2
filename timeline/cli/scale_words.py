"""The command that lists the scales and their words."""

from __future__ import annotations

import click
import msgspec

from timeline.cli.output import format_options, print_answers
from timeline.domain.scales import NO_POSITION, REASONS, SCALES


class Step(msgspec.Struct, frozen=True):
    """One word of a scale; ``value`` is −2 … +2, or ``None`` for no position."""

    scale: str
    value: int | None
    word: str


@click.command("scales")
@format_options
def scales(form: str) -> None:
    """List the scales, each with its words.

    A statement's stance is a word of its topic's scale, or no_position with a reason.
    """
    steps = [
        Step(scale.name, value, scale.word(value))
        for scale in SCALES.values()
        for value in scale.steps
    ]
    print_answers(steps, form, Step.__struct_fields__, Step.__struct_fields__)
    if not form:
        click.echo(f"\non every scale: {NO_POSITION}, with a reason: {' or '.join(REASONS)}")
