"""The address of an entry: its number, and the log position at which a link fixes it."""

from __future__ import annotations

from timeline.domain.errors import NotFound, Refused
from web.shell.request import this_request


def fixed_at(reference: str) -> tuple[int, int | None]:
    """Read a reference to what there is; raises `NotFound` for a position yet to come."""
    number, known_at = read_reference(reference)
    shown = this_request().record.shown
    if known_at is not None and known_at > shown:
        msg = f"the log has no position {known_at} yet"
        raise NotFound(msg, fix=f"it ends at {shown}")
    return number, known_at


def read_reference(reference: str) -> tuple[int, int | None]:
    """Read ``1042`` or ``1042@1204``; raises `NotFound` or `Refused` for anything else."""
    number, at, position = reference.partition("@")
    if not number.isdecimal() or len(number) > 18:  # noqa: PLR2004 - a 64-bit number
        msg = f"there is no entry {reference!r}"
        raise NotFound(msg, fix="numbers have digits only")
    if at and (not position.isdecimal() or len(position) > 18):  # noqa: PLR2004
        msg = f"{position!r} is not a log position"
        raise Refused(msg, field="@", fix="write the number, @ and a log position")
    return int(number), int(position) if at else None
