"""What commands print: letters alone, and nothing that a terminal would take for an order."""

from __future__ import annotations

import re

import click

_ORDERS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)
"""Controls but tab and line feed, and what turns the direction of writing (Bidi_Control)."""


def say(text: object, *, err: bool = False, nl: bool = True) -> None:
    """Print a text, on the terminal's error channel with ``err``, ended by ``nl``."""
    click.echo(visible(str(text)), err=err, nl=nl)


def visible(text: str) -> str:
    """Return a text in which such characters are written out as JSON writes them."""
    return _ORDERS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
