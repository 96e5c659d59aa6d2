"""The command that prints the log: every event as recorded."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click
import msgspec

from timeline.cli.options import Count, open_services, store_option
from timeline.cli.output import csv_line, format_options, visible
from timeline.domain.instants import iso_us

if TYPE_CHECKING:
    from timeline.domain.event import Event

ENVELOPE = ("originator_id", "originator_version", "recorded_at", "recorded_by", "via", "key")
COLUMNS = ("position", "type", "subject", "recorded_at", "recorded_by", "via", "data")
PATIENCE = 3600.0
POSITION = Count(min=0)


@click.command("log")
@click.option("--from", "begin", type=POSITION, default=1, metavar="N", help="First position.")
@click.option("--until", type=POSITION, metavar="N", help="Last position.")
@click.option("-n", "latest", type=Count(min=1), metavar="N", help="Only the last so many.")
@click.option("--follow", is_flag=True, help="Wait for what comes, until stopped.")
@format_options
@store_option
def log_(
    store: str, begin: int, until: int | None, latest: int | None, form: str, *, follow: bool
) -> None:
    """Show the log, oldest first.

    Each event is one line; with --json, as with --jsonl, it is one object a line.
    """
    show = {"json": _json, "jsonl": _json, "csv": _cells}.get(form, _line)
    with open_services(store, catch_up=False) as services:
        reached = begin - 1
        if latest:
            last = services.log.head() if until is None else min(until, services.log.head())
            reached = max(reached, last - latest)
        if form == "csv":
            sys.stdout.write(csv_line(COLUMNS) + "\n")
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
    """Return an event for `log --json`."""
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


def _cells(position: int, event: Event) -> str:
    cells = describe(position, event)
    cells["data"] = msgspec.json.encode(cells["data"]).decode()
    return csv_line(cells[name] for name in COLUMNS)


def _line(position: int, event: Event) -> str:
    when = iso_us(event.recorded_at)
    return f"{position:>8}  {when}  {event.TOPIC:<26}  {event.recorded_by}  {event.via}"
