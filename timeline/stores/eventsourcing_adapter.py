"""The eventsourcing library's application: it puts the mapper and a store's recorder together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from eventsourcing.application import Application
from eventsourcing.utils import Environment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from timeline.stores.store_url import StoreUrl

EVERY_STORE = {
    "MAPPER_TOPIC": "timeline.stores.mapper:EventMapper",
    "ORIGINATOR_ID_TYPE": "text",
    "CREATE_TABLE": "no",
}


class LogApplication(Application[str]):
    """The log as the library sees it.

    PostgreSQL names the table of events and the channel after ``name``: it never changes.
    """

    name = "stored"

    @classmethod
    def of(cls, url: StoreUrl) -> Self:
        """Return the application of a store whose tables are there."""
        if url.is_sqlite:
            factory = "timeline.stores.sqlite_log:SQLiteLogFactory"
            store = {"PERSISTENCE_MODULE": factory, "SQLITE_DBNAME": str(url.log_path)}
        else:
            factory = "timeline.stores.postgres_log:PostgresLogFactory"
            store = {"PERSISTENCE_MODULE": factory, "STORE_URL": url.text}
        return cls(EVERY_STORE | store)

    def construct_env(self, name: str, env: Mapping[str, str] | None = None) -> Environment:
        """Return what is given and nothing else: no variable of the process touches the log."""
        return Environment(name, env)
