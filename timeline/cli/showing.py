"""The command that shows an entry and all events that followed it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import msgspec

from timeline.cli.options import Count, known_at_option, open_services, read_known_at, store_option
from timeline.cli.output import print_json, say
from timeline.domain.instants import iso_us
from timeline.interchange.exporting.export import nest
from timeline.interchange.exporting.picking import PickedEntries
from timeline.interchange.native.readable import (
    ENVELOPE,
    readable_event,
    readable_row,
)
from timeline.projections.queries import entries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from timeline.bootstrap import Services

WIDTH = 22
"""Width of the names of fields."""


class EntryAnswer(msgspec.Struct, frozen=True):
    """An entry: its row, and the events of its stream by log position."""

    number: int
    retracted: bool
    withheld: bool
    row: dict[str, Any]
    events: list[dict[str, Any]]


@click.command("show")
@click.argument("number", type=Count(min=1))
@known_at_option
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for scripts.")
@store_option
def show(store: str, number: int, known_at: str | None, *, as_json: bool) -> None:
    """Show an entry whole, and all that followed it.

    Its fields as they stand, then every event: who recorded, corrected, linked or retracted it,
    when, by which way and why. Withheld words are not shown.
    """
    with open_services(store) as services, services.models.engine().connect() as conn:
        entry = _answer(services, conn, number, read_known_at(conn, known_at))
    if as_json:
        print_json([entry | {"row": nest(entry["row"])}])
    else:
        for line in _lines(entry):
            say(line)


def _answer(services: Services, conn: Connection, number: int, known: int | None) -> dict[str, Any]:
    entry = entries.entry(conn, number, known)
    upto = services.log.head() if known is None else known
    (chosen,) = PickedEntries(services.log, upto).rows([entry.stream])
    events = services.log.streams_of([entry.stream], upto)[entry.stream]
    answer = EntryAnswer(
        number,
        entry.retracted,
        entry.withheld,
        readable_row(chosen.row, withheld=entry.withheld),
        [readable_event(event, withheld=entry.withheld) for event in events],
    )
    plain: dict[str, Any] = msgspec.to_builtins(answer)
    return plain


def _lines(entry: dict[str, Any]) -> Iterator[str]:
    state = "retracted, its words withheld" if entry["withheld"] else "retracted"
    yield f"{entry['row'].get('kind', 'entry')} {entry['number']}" + (
        f" ({state})" if entry["retracted"] else ""
    )
    for name, value in entry["row"].items():
        if name != "kind":
            yield f"    {name:<{WIDTH}} {_as_text(value)}"
    for event in entry["events"]:
        yield ""
        when = iso_us(event["recorded_at"])
        yield f"{event['type']}  {when}  {event['recorded_by']}  {event['via']}"
        yield from _what(event)


def _what(event: dict[str, Any]) -> Iterator[str]:
    """Yield the fields of an event without its envelope; none for the first, which is above."""
    content = event.get("content") or {}
    for name, value in (event | content).items():
        others = (*ENVELOPE, "type", "content")
        if name not in others and value not in (None, "", []) and event["originator_version"] > 1:
            yield f"    {name:<{WIDTH}} {_as_text(value)}"


def _as_text(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_as_text, value))
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_as_text(item)}" for name, item in value.items())
    return str(value)
