"""The log on the command line: every event as it was recorded."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click
import msgspec

from timeline.cli.options import Count, json_option, opened, store_option
from timeline.cli.terminal import visible
from timeline.domain.instants import iso_us

if TYPE_CHECKING:
    from timeline.domain.event import Event

ENVELOPE = ("originator_id", "originator_version", "recorded_at", "recorded_by", "via", "key")
PATIENCE = 3600.0
POSITION = Count(min=0)


@click.command("log")
@click.option("--from", "begin", type=POSITION, default=1, metavar="N", help="First position.")
@click.option("--until", type=POSITION, metavar="N", help="Last position.")
@click.option("--follow", is_flag=True, help="Wait for what comes, until stopped.")
@json_option
@store_option
def log_(store: str, begin: int, until: int | None, *, follow: bool, as_json: bool) -> None:
    """Show the log, oldest first.

    Each event is one line; with --json it is one object.
    """
    show = _json if as_json else _line
    with opened(store, catch_up=False) as services:
        reached = begin - 1
        while True:
            head = services.log.head()
            last = head if until is None else min(until, head)
            for position, event in services.log.stream(after=reached, upto=last):
                sys.stdout.write(visible(show(position, event)) + "\n")
            sys.stdout.flush()
            if not follow or last == until:
                return
            reached = max(reached, last)
            services.log.wait(reached, PATIENCE)


def describe(position: int, event: Event) -> dict[str, Any]:
    """Return an event as `log --json` shows it."""
    data = msgspec.to_builtins(event)
    for field in ENVELOPE:
        data.pop(field, None)
    content = data.pop("content", None)
    return {
        "position": position,
        "type": event.TOPIC,
        "subject": event.originator_id,
        "recorded_at": iso_us(event.recorded_at),
        "recorded_by": event.recorded_by,
        "via": event.via,
        "data": data | (content or {}),
    }


def _json(position: int, event: Event) -> str:
    return msgspec.json.encode(describe(position, event)).decode()


def _line(position: int, event: Event) -> str:
    when = iso_us(event.recorded_at)
    return f"{position:>8}  {when}  {event.TOPIC:<26}  {event.recorded_by}  {event.via}"


COMMANDS = (log_,)
