"""The record as one request sees it: the live read models, caught up and held still."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, g

from timeline.domain.errors import StandlineError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.bootstrap import Services

PATIENCE = 1.0
"""Seconds that a request waits for the read models; then the page says what is missing."""


def services() -> Services:
    """Return the store that the site shows."""
    found: Services = current_app.extensions["standline"]
    return found


def record() -> Connection:
    """Return one connection to the live read models for the whole request."""
    if "record" not in g:
        g.missing = _catch_up()
        g.record = services().models.engine().connect()
        g.reached = services().models.reached()
        g.shown = g.reached.position
    found: Connection = g.record
    return found


def concerns(*streams: str) -> None:
    """Note what an answer is about, so that it says so where an event of that was set aside."""
    g.setdefault("about", set()).update(streams)


def refresh() -> None:
    """Catch up after a command, so that the next page shows it."""
    release(None)
    g.missing = _catch_up()


def _catch_up() -> int:
    """Return how many events the read models still miss."""
    models = services().models
    try:
        return models.catch_up(PATIENCE)
    except StandlineError:
        # Who can only be read, on a full disk or after a failover, is read on.
        return max(0, services().log.head() - models.shown())


def release(_error: BaseException | None) -> None:
    """Give the connection back at the end of the request."""
    conn = g.pop("record", None)
    if conn is not None:
        conn.close()
