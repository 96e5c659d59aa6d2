"""The record as one request sees it: a snapshot of the live read models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.errors import StandlineError
from timeline.projections.queries import log
from timeline.projections.queries.translations import reading_in
from timeline.projections.queries.withheld import hide_withheld, read_whole_sources
from timeline.stores.engines import release
from timeline.stores.log import AnotherLog
from timeline.stores.query_limit import limit_queries

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.bootstrap import Services
    from timeline.projections.generations.read_models import LiveGeneration
    from timeline.projections.writing.projector import Progress

PATIENCE = 1.0
"""Seconds that a request waits for the read models; then the page says what is missing."""


class RecordAccess:
    """One connection to the live read models, opened when it is first asked for.

    ``language`` is that of our texts, empty for untranslated; forms read ``whole_sources``; readers
    get nothing of withheld entries; no query takes longer than ``query_seconds``, unless that is 0.
    If the read models are ``followed`` up by another process, they are taken as they are.
    """

    def __init__(
        self,
        services: Services,
        language: str = "",
        *,
        whole_sources: bool = False,
        hides_withheld: bool = False,
        query_seconds: float = 0,
        followed: bool = False,
    ) -> None:
        self._services = services
        self._language = language
        self._whole_sources = whole_sources
        self._hides_withheld = hides_withheld
        self._query_seconds = query_seconds
        self._followed = followed
        self._conn: Connection | None = None
        self._about: set[str] = set()
        self._standing: LiveGeneration | None = None

    def connection(self) -> Connection:
        """Return the connection; raises `OperationalError` if the store cannot be reached."""
        if self._conn is None:
            conn = limit_queries(self.standing.engine.connect(), self._query_seconds)
            reading_in(conn, self._language)
            conn = hide_withheld(conn) if self._hides_withheld else conn
            self._conn = read_whole_sources(conn) if self._whole_sources else conn
        return self._conn

    @property
    def standing(self) -> LiveGeneration:
        """The read models at their first use; cached pages need only these."""
        if self._standing is None:
            models = self._services.models
            self._standing = models.standing() if self._followed else self._caught_up()
        return self._standing

    @property
    def reached(self) -> Progress | None:
        """How far the read models are; ``None`` if they were not used."""
        return self._standing.reached if self._standing else None

    @property
    def missing(self) -> int:
        """How many events were missing when the read models were first used."""
        return self._standing.missing if self._standing else 0

    @property
    def shown(self) -> int:
        """The log position up to which events are shown."""
        return self.standing.reached.position

    def concerns(self, *streams: str) -> None:
        """Note streams of the answer: the page says if events of them were set aside."""
        self._about.update(streams)

    def set_aside_here(self) -> tuple[int, ...]:
        """Return the positions of set-aside events of the answer's streams."""
        return (
            tuple(log.quarantined_positions(self.connection(), self._about)) if self._about else ()
        )

    def refresh(self) -> None:
        """Catch up after a command, so that the next page shows it."""
        self.close()
        self._standing = self._caught_up()

    def close(self) -> None:
        """Give the connection back."""
        conn, self._conn = self._conn, None
        if conn is not None:
            release(conn)

    def _caught_up(self) -> LiveGeneration:
        models = self._services.models
        try:
            return models.standing(PATIENCE)
        except AnotherLog:
            # Neither can be shown as the record.
            raise
        except StandlineError:
            # A store that accepts no writes (a full disk, a failover) still serves reads.
            return models.standing()
