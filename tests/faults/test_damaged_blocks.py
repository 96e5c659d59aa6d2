"""A page of PostgreSQL becomes zeros or noise: it is told, or mended, or means nothing."""

from __future__ import annotations

from contextlib import closing
from random import Random
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from tests.backup.conftest import furnish
from tests.faults.test_damaged_pages import desk_of, log_of, read_models_of
from tests.support.postgres import cloned_database, fresh_database, running_postgres
from tests.support.waiting import wait_until
from tests.web.record.desk import Desk
from tests.web.site import Site, plain
from timeline.bootstrap import open_store
from timeline.domain.errors import StandlineError
from timeline.stores.examining import INDEXES, TABLES, damage_of
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.faults.tally import Tally
    from tests.support.postgres import PostgresServer
    from timeline.bootstrap import Services

BLOCK = 8_192
ZEROS = bytes(BLOCK)
NOISE = Random(1).randbytes(BLOCK)  # noqa: S311 - any will do, the same each time

ADDRESSES = ("/t/a-union", "/log", "/record")
SAID = {200, 404, 503}
"""What pages answer: PostgreSQL knows nothing of a topic on a page of zeros; the doctor does."""

PARTS: dict[str, Callable[[StoreUrl], object]] = {
    "log": log_of,
    "desk": desk_of,
    "read_1": read_models_of,
}

RELATIONS = """
SELECT part.relname, pg_relation_filenode(part.oid), pg_relation_size(part.oid) / %s
FROM pg_class whole JOIN pg_namespace ON pg_namespace.oid = relnamespace,
LATERAL (SELECT whole.oid UNION SELECT reltoastrelid UNION
    SELECT indexrelid FROM pg_index WHERE indrelid IN (whole.oid, reltoastrelid)) parts (oid)
JOIN pg_class part ON part.oid = parts.oid
WHERE nspname = %s AND whole.relkind = 'r'
ORDER BY whole.relname, 1
"""
"""Tables with their indexes, and what they lay aside of long rows."""


class Block(NamedTuple):
    """A page of a table or index, which lies in a file of that number."""

    part: str
    relation: str
    file: int
    number: int


class Newsroom:
    """A server with a store in use that nobody has open, to be damaged in copies."""

    def __init__(self, server: PostgresServer, address: str) -> None:
        self._server = server
        self._address = address
        with closing(open_store(address)) as services:
            furnish(services)
            desk = Desk(services)
            desk.furnish()
            desk.say()
            desk.say(paraphrase=" ".join(map(hash_of, range(160))), said_at="2025-12-02")
            services.models.catch_up()
            self.pages = pages_of(services)
        with psycopg.connect(address, autocommit=True) as connection:
            wait_until(lambda: _vacuumed(connection))
        self.whole = {part: look(StoreUrl.parse(address)) for part, look in PARTS.items()}

    def connection(self) -> psycopg.Connection:
        """Return a connection to the store."""
        return psycopg.connect(self._address)

    def blocks(self, part: str) -> list[Block]:
        """Return every page of a part of the store."""
        with self.connection() as connection:
            found = connection.execute(RELATIONS, (BLOCK, part)).fetchall()
        return [
            Block(part, relation, file, number)
            for relation, file, size in found
            for number in range(size)
        ]

    def damaged(self, block: Block, damage: bytes) -> Iterator[StoreUrl]:
        """Lend a copy of the store with another content in one of its pages."""
        with cloned_database(self._address) as clone:
            with self._file(clone, block).open("r+b") as file:
                file.seek(block.number * BLOCK)
                file.write(damage)
            yield StoreUrl.parse(clone)

    def _file(self, database: str, block: Block) -> Path:
        query = "SELECT oid FROM pg_database WHERE datname = %s"
        with psycopg.connect(self._server.url) as connection:
            ((folder,),) = connection.execute(query, (urlsplit(database).path[1:],))
        return self._server.home / "data" / "base" / str(folder) / str(block.file)


def _vacuumed(connection: psycopg.Connection) -> bool:
    """Vacuum, and tell whether nobody's open look at the rows stood in the way."""
    connection.execute("VACUUM")
    query = "SELECT bool_and(relallvisible = relpages) FROM pg_class WHERE relnamespace = ANY(%s)"
    schemas = "SELECT array_agg(oid) FROM pg_namespace WHERE nspname = ANY(%s)"
    ((found,),) = connection.execute(schemas, (list(PARTS),))
    ((whole,),) = connection.execute(query + " AND relkind = 'r'", (found,))
    return bool(whole)


def hash_of(number: int) -> str:
    return f"{number * 7_919 % 1_000_003:x}"


def pages_of(services: Services) -> dict[str, tuple[int, str]]:
    site = Site(services)
    site.app.testing = False
    answers = {address: site.open(address) for address in ADDRESSES}
    return {
        address: (response.status_code, plain(response.text))
        for address, response in answers.items()
    }


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    with running_postgres(durable=False) as server, fresh_database(server.url) as address:
        with psycopg.connect(server.url, autocommit=True) as operator:
            # It may look at a database just when that is to be copied.
            operator.execute("ALTER SYSTEM SET autovacuum = off")
            operator.execute("SELECT pg_reload_conf()")
        yield Newsroom(server, address)


def test_each_table_of_more_than_a_row_has_an_index_that_knows_when_rows_are_gone(
    newsroom: Newsroom,
) -> None:
    with newsroom.connection() as connection:
        unindexed = {
            table
            for part in PARTS
            for (table,) in connection.execute(TABLES, (part,)).fetchall()
            if not connection.execute(INDEXES, (part, table)).fetchall()
        }
    assert unindexed == {"live", "standline", "tree"}


@pytest.mark.parametrize("part", PARTS)
def test_no_damaged_page_of_postgresql_is_read_as_if_it_were_whole(
    newsroom: Newsroom, part: str, tally: Tally, *, many: bool
) -> None:
    tally.counts_appends = False
    cases = [(block, damage) for block in newsroom.blocks(part) for damage in (ZEROS, NOISE)]
    assert len(cases) > 30
    for block, damage in cases[:: 1 if many else 41]:
        for url in newsroom.damaged(block, damage):
            told = told_by_the_doctor(newsroom, url, block)
            tally.seen["told by the doctor" if told else "of no consequence to it"] += 1
            tally.seen[shown_by_the_site(newsroom, url, told=told)] += 1
    assert tally.seen["told by the doctor"]


def told_by_the_doctor(newsroom: Newsroom, url: StoreUrl, block: Block) -> bool:
    """Tell whether damage is told; where it is not, what is there must be as it was."""
    try:
        if damage_of(url, block.part):
            return True
        found = PARTS[block.part](url)
    except (StandlineError, DBAPIError):
        return True
    assert found == newsroom.whole[block.part], block
    return False


def shown_by_the_site(newsroom: Newsroom, url: StoreUrl, *, told: bool) -> str:
    """Return what readers get; pages that are made anew must be as they were."""
    try:
        with closing(open_store(url.text, create=False)) as services:
            found = pages_of(services)
            assert {status for status, _ in found.values()} <= SAID
            if services.models.is_damaged:
                services.models.mend()
                found = pages_of(services)
                assert found == newsroom.pages
                return "read models made anew"
    except StandlineError:
        return "store refused"
    others = [address for address in found if found[address] != newsroom.pages[address]]
    assert told or not others
    return "some pages told" if others else "pages as they were"
