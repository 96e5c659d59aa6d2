"""What we override of the event library: an upgrade that moves any of it says so here, by name."""

from __future__ import annotations

import inspect
import pkgutil
from abc import ABC
from importlib import import_module
from typing import TYPE_CHECKING

import eventsourcing.sqlite
import pytest
from eventsourcing import persistence
from eventsourcing.persistence import Mapper, PersistenceError

import timeline.stores
from tests.stores.newsroom import introduced
from timeline.stores.log import EventLog
from timeline.stores.sqlite_driver import dbapi2, make_private
from timeline.stores.sqlite_log import LogDatastore
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OVERRIDDEN = """
postgres_log.LogDatastore.__init__: PostgresDatastore(self, dbname, host, port, user, password,\
 connect_timeout, idle_in_transaction_session_timeout, pool_size, max_overflow, max_waiting,\
 conn_max_age, pre_ping, lock_timeout, schema, pool_open_timeout, get_password_func,\
 single_row_tracking, originator_id_type, enable_db_functions)
postgres_log.PostgresLogRecorder.insert_events: PostgresApplicationRecorder(self, stored_events,\
 kwargs)
postgres_pool.LogPool._connect: ConnectionPool(self, timeout)
sqlite_log.LogConnection.transaction: SQLiteConnection(self, commit)
sqlite_log.LogDatastore.__init__: SQLiteDatastore(self, db_name, lock_timeout, pool_size,\
 max_overflow, pool_timeout, max_age, pre_ping, single_row_tracking, originator_id_type)
sqlite_log.LogDatastore.transaction: SQLiteDatastore(self, commit)
sqlite_log.LogPool.__init__: SQLiteConnectionPool(self, db_name, lock_timeout, pool_size,\
 max_overflow, pool_timeout, max_age, pre_ping)
sqlite_log.LogPool._create_connection: SQLiteConnectionPool(self)
sqlite_log.LogPool.get_connection: ConnectionPool(self, timeout, is_writer)
sqlite_log.SQLiteLogRecorder.insert_events: SQLiteAggregateRecorder(self,\
 stored_events, kwargs)
"""


class Empty(Mapper[str], ABC):
    """A class that overrides nothing: what it has all the same, every class has."""

    annotated: None


def is_theirs(kind: type) -> bool:
    return kind.__module__.startswith("eventsourcing.")


def subclasses() -> Iterator[tuple[str, type]]:
    """Yield our classes that build on one of the library, with their names."""
    for info in pkgutil.iter_modules(timeline.stores.__path__):
        module = import_module(f"timeline.stores.{info.name}")
        for name, kind in vars(module).items():
            is_ours = isinstance(kind, type) and kind.__module__ == module.__name__
            if is_ours and any(map(is_theirs, kind.__mro__)):
                yield f"{info.name}.{name}", kind


def overridden(kind: type) -> Iterator[tuple[str, str]]:
    """Yield each name that stands in the library too, with its class there and its parameters."""
    for name in vars(kind).keys() - vars(Empty).keys():
        theirs = next((one for one in kind.__mro__ if is_theirs(one) and name in vars(one)), None)
        if theirs is not None:
            member = vars(theirs)[name]
            taken = inspect.signature(member).parameters if inspect.isfunction(member) else ()
            yield name, f"{theirs.__name__}({', '.join(taken)})" if taken else theirs.__name__


def test_every_name_of_the_library_that_we_override_is_where_it_was() -> None:
    found = sorted(
        f"{name}.{member}: {where}"
        for name, kind in subclasses()
        for member, where in overridden(kind)
    )
    assert found == OVERRIDDEN.strip().splitlines()


def test_the_library_opens_no_file_with_the_sqlite_of_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That one is as old as the Python; of two in one process each drops the other's locks."""
    monkeypatch.delattr(eventsourcing.sqlite, "sqlite3")
    log = EventLog.open(StoreUrl.parse(f"sqlite:///{tmp_path / 'news.db'}"))
    log.append([introduced(1)])
    assert log.count() == 1
    log.close()


@pytest.mark.parametrize("name", ["OperationalError", "IntegrityError", "DatabaseError", "Error"])
def test_an_error_of_the_driver_is_one_of_the_library(tmp_path: Path, name: str) -> None:
    datastore = LogDatastore(tmp_path / "log.db")
    make_private(datastore.path)
    expected = getattr(persistence, name, PersistenceError)
    with pytest.raises(PersistenceError) as raised, datastore.transaction(commit=True):
        raise getattr(dbapi2, name)
    assert type(raised.value) is expected
    datastore.close()
