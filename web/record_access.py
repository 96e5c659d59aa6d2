"""The record as one request sees it: the live read models, caught up and held still."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, g

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
        g.missing = services().models.catch_up(PATIENCE)
        g.record = services().models.engine().connect()
        g.shown = services().models.shown()
    found: Connection = g.record
    return found


def refresh() -> None:
    """Catch up after a command, so that the next page shows it."""
    release(None)
    g.missing = services().models.catch_up(PATIENCE)


def release(_error: BaseException | None) -> None:
    """Give the connection back at the end of the request."""
    conn = g.pop("record", None)
    if conn is not None:
        conn.close()
