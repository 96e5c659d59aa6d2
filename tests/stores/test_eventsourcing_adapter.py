"""What we override of the event library: an upgrade that moves any of it says so here, by name."""

from __future__ import annotations

import inspect
import pkgutil
from abc import ABC
from importlib import import_module
from typing import TYPE_CHECKING

import eventsourcing.sqlite
from eventsourcing.persistence import Mapper

import timeline.stores
from timeline.stores.sqlite_driver import dbapi2

if TYPE_CHECKING:
    from collections.abc import Iterator

OVERRIDDEN = """
eventsourcing_adapter.LogApplication.construct_env: Application(self, name, env)
eventsourcing_adapter.LogApplication.name: Application
mapper.EventMapper.to_domain_event: Mapper(self, stored_event)
mapper.EventMapper.to_stored_event: Mapper(self, domain_event)
postgres_log.LogDatastore.__init__: PostgresDatastore(self, dbname, host, port, user, password,\
 connect_timeout, idle_in_transaction_session_timeout, pool_size, max_overflow, max_waiting,\
 conn_max_age, pre_ping, lock_timeout, schema, pool_open_timeout, get_password_func,\
 single_row_tracking, originator_id_type, enable_db_functions)
postgres_log.PostgresLogFactory.__init__: BasePostgresFactory(self, env)
postgres_log.PostgresLogFactory.application_recorder_class: PostgresFactory
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
sqlite_log.SQLiteLogFactory.__init__: SQLiteFactory(self, env)
sqlite_log.SQLiteLogFactory.application_recorder_class: SQLiteFactory
sqlite_log.SQLiteLogRecorder.insert_events: SQLiteAggregateRecorder(self,\
 stored_events, kwargs)
sqlite_log.WriteTransaction.__enter__: SQLiteTransaction(self)
"""


class Empty(Mapper[str], ABC):
    """A class that overrides nothing: what it has all the same, every class has."""

    annotated: None


def is_theirs(kind: type) -> bool:
    return kind.__module__.startswith("eventsourcing.")


def subclasses() -> Iterator[tuple[str, type]]:
    """Yield our classes that build on one of the library, with their names."""
    for found in pkgutil.iter_modules(timeline.stores.__path__):
        module = import_module(f"timeline.stores.{found.name}")
        for name, kind in vars(module).items():
            is_ours = isinstance(kind, type) and kind.__module__ == module.__name__
            if is_ours and any(map(is_theirs, kind.__mro__)):
                yield f"{found.name}.{name}", kind


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


def test_the_library_reads_and_writes_with_the_sqlite_that_is_ours() -> None:
    assert vars(eventsourcing.sqlite)["sqlite3"] is dbapi2
