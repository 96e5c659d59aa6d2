"""One entry: its words, how it came about, what it is connected to, and how to cite it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from flask import Blueprint, g, request

from timeline.domain.errors import NotFound, Refused
from web.caching import cached
from web.embed.offer import of_entry
from web.record_access import record, services
from web.rendering import render_page
from web.statement.page import statement_page

if TYPE_CHECKING:
    from flask import Response

blueprint = Blueprint("statement", __name__)


@blueprint.get("/s/<reference>")
@cached
def show(reference: str) -> Response:
    """Show an entry as it is now, or with ``@<position>`` as it was then."""
    number, known_at = fixed_at(reference)
    now = int(time.time())
    page = statement_page(record(), services().log, number, known_at, request.host_url, now)
    template = "statement/page.html" if page.entry.is_statement else "statement/development.html"
    return render_page(template, page=page, frame=of_entry(request.host_url, page))


def fixed_at(reference: str) -> tuple[int, int | None]:
    """Read a reference to what there is; raises `NotFound` for a position yet to come."""
    number, known_at = read_reference(reference)
    record()
    if known_at is not None and known_at > g.shown:
        msg = f"the log has no position {known_at} yet"
        raise NotFound(msg, fix=f"it ends at {g.shown}")
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
