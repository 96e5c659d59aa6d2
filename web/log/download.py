"""The full log as a file, from which the same record can be made again."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from flask import Response

from timeline.interchange.formats.full_log import lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.stores.log import EventLog

AT_ONCE = 100
"""Events that are sent together: some ten kilobytes."""


def log_file(log: EventLog) -> Response:
    """Return the log as it is now; it is read while it is sent, and never whole in memory."""
    answer = Response(_pieces(log, log.head()), mimetype="application/x-ndjson")
    answer.headers["Content-Disposition"] = "attachment; filename=standline.log.jsonl"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _pieces(log: EventLog, head: int) -> Iterator[bytes]:
    following = lines(log, head)
    while piece := b"".join(islice(following, AT_ONCE)):
        yield piece
