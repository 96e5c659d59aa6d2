"""The event log: the list of events, rebuilds, and the comparison of two moments."""

from __future__ import annotations

import re
import threading
from itertools import islice
from typing import TYPE_CHECKING

import msgspec
from flask import Blueprint

from timeline.domain.errors import Refused, StandlineError
from timeline.domain.messages import InQuotes, Message
from timeline.domain.text import whole_number
from timeline.interchange.formats.full_log import lines
from web.i18n import dates
from web.lanes.asked_dates import answer_page, read_asked_dates
from web.log.diff import diff_page, read_moments_asked
from web.log.page import log_page
from web.log.said import said_list, said_page
from web.shell.data_answer import streamed_answer
from web.shell.page_cache import cached
from web.shell.rendering import render_page, see_other, wants_fragment
from web.shell.request import (
    kept_by_site,
    read_connection,
    reader_language,
    services,
    this_request,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from werkzeug.wrappers import Response

    from timeline.stores.log import EventLog
    from timeline.stores.progress import OnProgress

NO_PLACE_IN_THE_LOG = Message(
    "no_place_in_the_log",
    "%(text)s is not a place in the list",
    fix="follow the link at the end of the list",
)
NOT_A_POSITION = Message(
    "not_a_position", "%(text)s is not a log position", fix="write a number, such as 1042"
)

blueprint = Blueprint("log", __name__)

PLACE = re.compile(r"(-?\d{1,18}),(\d{1,18})")
"""A place in the list of statements: an instant in seconds and a number, both of 64 bits."""


def rebuilding() -> Rebuilding:
    """Return the rebuild of this site, running or not."""
    return kept_by_site("rebuilding", lambda store: Rebuilding(store.clock))


@blueprint.get("/log")
def show() -> Response:
    """Show the latest events, or those before a position, of a type or by somebody."""
    args = this_request().query
    page = log_page(
        read_connection(),
        services().log,
        before=_position(args.get("before", "")),
        at=_position(args.get("at", "")),
        type_=args.get("type", ""),
        by=args.get("by", ""),
        opened=frozenset(filter(None, (_position(text) for text in args.getlist("open")))),
    )
    return render_page("log/page.html", page=page, rebuild=rebuilding().status())


@blueprint.get("/log.jsonl")
def download() -> Response:
    """Return the full log, for those who may record.

    It has withheld words, too, so readers must not get it. Erased words are in no log.
    """
    return log_file(services().log)


@blueprint.get("/log/rebuild")
def status() -> Response:
    """Show the progress of a rebuild; the finished part stops polling."""
    return render_page("log/status.html", block="status", rebuild=rebuilding().status())


@blueprint.post("/log/rebuild")
def rebuild() -> Response:
    """Rebuild the read models, or rebuild a copy and compare it, while readers go on."""
    models = services().models
    work = models.check if this_request().form.get("check") else models.rebuild
    rebuilding().start(work, checking=bool(this_request().form.get("check")))
    return status() if wants_fragment() else see_other("/log")


@blueprint.get("/log/diff")
@cached
def diff() -> Response:
    """Compare a topic at two moments of one clock."""
    with reader_language() as conn:
        dates_asked = read_moments_asked(conn, this_request().query)
        page = diff_page(conn, dates_asked.query, now=this_request().now)
    return answer_page("log/diff.html", dates_asked, page=page)


@blueprint.get("/log/said")
@cached
def said() -> Response:
    """Plot when statements were said against when they were recorded."""
    conn, after = read_connection(), _after(this_request().query.get("after", ""))
    if after and wants_fragment():
        more = said_list(conn, this_request().query, after)
        return render_page("log/said.html", block="list", listed=more)
    dates_asked = read_asked_dates(conn, this_request().query, ("from",))
    page = said_page(conn, dates_asked.query, after, now=this_request().now)
    return answer_page("log/said.html", dates_asked, page=page, listed=page.list)


def _after(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    match = PLACE.fullmatch(text)
    if match is None:
        raise Refused(NO_PLACE_IN_THE_LOG, field="after", text=InQuotes(text))
    return int(match[1]), int(match[2])


def _position(text: str) -> int | None:
    if not text:
        return None
    position = whole_number(text.removeprefix("@"))
    if position is None:
        raise Refused(NOT_A_POSITION, field="position", text=InQuotes(text))
    return position


AT_ONCE = 100
"""How many events are sent at a time: some ten kilobytes."""


def log_file(log: EventLog) -> Response:
    """Return the current log; it is read while it is sent, and never whole in memory."""
    pieces = _pieces(log, log.head())
    answer = streamed_answer(pieces, "application/x-ndjson", file_name="standline.log.jsonl")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _pieces(log: EventLog, head: int) -> Iterator[bytes]:
    following = lines(log, head)
    while piece := b"".join(islice(following, AT_ONCE)):
        yield piece


class RebuildStatus(msgspec.Struct, frozen=True):
    """The progress: ``done`` of ``of`` in the step ``what``; texts are empty if unknown."""

    running: bool = False
    checking: bool = False
    what: str = ""
    done: int = 0
    of: int = 0
    finished: str = ""
    differing: tuple[str, ...] = ()
    error: str = ""


class Rebuilding:
    """One rebuild at a time in this process; its state is shown, not stored."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._state = RebuildStatus()
        self._finished_at: int | None = None

    def status(self) -> RebuildStatus:
        """Return the progress."""
        finished = dates.moment_us(self._finished_at) if self._finished_at else ""
        return msgspec.structs.replace(self._state, finished=finished)

    def start(
        self, work: Callable[[OnProgress], tuple[str, ...] | None], *, checking: bool
    ) -> None:
        """Start a rebuild, unless one is running."""
        with self._lock:
            if self._state.running:
                return
            self._state = RebuildStatus(running=True, checking=checking, what="events")
        threading.Thread(target=self._run, args=(work,), daemon=True).start()

    def _run(self, work: Callable[[OnProgress], tuple[str, ...] | None]) -> None:
        try:
            differing = work(self._progress) or ()
            self._end(differing=differing)
        except StandlineError as error:
            self._end(error=str(error))
        except Exception as error:  # noqa: BLE001 - the page must say that it ended
            self._end(error=f"{type(error).__name__}: {error}")

    def _progress(self, what: str, done: int, of: int) -> None:
        self._state = msgspec.structs.replace(self._state, what=what, done=done, of=of)

    def _end(self, *, differing: tuple[str, ...] = (), error: str = "") -> None:
        self._finished_at = self._clock()
        self._state = msgspec.structs.replace(
            self._state, running=False, differing=differing, error=error
        )
