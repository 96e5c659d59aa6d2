"""The full log as a file, from which the same record can be made again."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from timeline.interchange.formats.full_log import lines
from web.shell.data_answer import streamed_answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.wrappers import Response

    from timeline.stores.log import EventLog

AT_ONCE = 100
"""Events that are sent together: some ten kilobytes."""


def log_file(log: EventLog) -> Response:
    """Return the log as it is now; it is read while it is sent, and never whole in memory."""
    pieces = _pieces(log, log.head())
    answer = streamed_answer(pieces, "application/x-ndjson", file_name="standline.log.jsonl")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _pieces(log: EventLog, head: int) -> Iterator[bytes]:
    following = lines(log, head)
    while piece := b"".join(islice(following, AT_ONCE)):
        yield piece
