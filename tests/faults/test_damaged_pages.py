"""A page of a file becomes zeros or noise: it is noticed, or what is there has not changed."""

from __future__ import annotations

from contextlib import closing, suppress
from random import Random
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import DBAPIError

from tests.backup.conftest import furnish
from timeline.backup.making import back_up
from timeline.bootstrap import open_store
from timeline.desk.desk import Desk
from timeline.domain.errors import StandlineError
from timeline.projections.generations.digest import digests
from timeline.stores.engines import read_engine
from timeline.stores.examining import damage_of
from timeline.stores.log import EventLog
from timeline.stores.progress import silent
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.faults.tally import Tally

PAGE = 4_096
ZEROS = bytes(PAGE)
NOISE = Random(1).randbytes(PAGE)  # noqa: S311 - any will do, the same each time


@pytest.fixture
def url(sqlite_url: str) -> StoreUrl:
    """The address of a store of a newsroom at work, closed."""
    with closing(open_store(sqlite_url)) as services:
        furnish(services)
    return StoreUrl.parse(sqlite_url)


def log_of(url: StoreUrl) -> object:
    with closing(EventLog.open(url, create=False)) as log:
        log.verify()
        return list(log.rows())


def desk_of(url: StoreUrl) -> object:
    with closing(Desk(url)) as desk:
        return list(desk.backed_up_rows())


def read_models_of(url: StoreUrl) -> object:
    engine = read_engine(url, 1)
    try:
        with engine.connect() as conn:
            return digests(conn)
    finally:
        engine.dispose()


PARTS: dict[str, Callable[[StoreUrl], object]] = {
    "newsroom.db": log_of,
    "newsroom.desk.db": desk_of,
    "newsroom.read-1.db": read_models_of,
}


@pytest.mark.parametrize("name", PARTS)
def test_no_damaged_page_is_read_as_if_it_were_whole(
    name: str, url: StoreUrl, tally: Tally, *, many: bool
) -> None:
    tally.counts_appends = False
    file, look = url.log_path.with_name(name), PARTS[name]
    whole, content = look(url), file.read_bytes()
    pages = range(0, len(content), PAGE * (1 if many else 5))
    for at in pages:
        for damage in (ZEROS, NOISE):
            file.write_bytes(content[:at] + damage + content[at + PAGE :])
            if is_noticed(url, name, look, whole):
                tally.seen["noticed"] += 1
            else:
                tally.seen["of no consequence"] += 1
    assert tally.seen["noticed"] > len(pages)


def is_noticed(url: StoreUrl, name: str, look: Callable[[StoreUrl], object], whole: object) -> bool:
    """Tell whether damage is told; where it is not, what is there must be as it was."""
    try:
        if damage_of(url, name):
            return True
        found = look(url)
    except (StandlineError, DBAPIError):
        return True
    assert found == whole
    return False


def test_a_damaged_log_is_never_backed_up_as_another(
    url: StoreUrl, tmp_path: Path, tally: Tally, *, many: bool
) -> None:
    tally.counts_appends = False
    content = url.log_path.read_bytes()
    with closing(open_store(url.text, create=False)) as services:
        whole = services.log.place()
    for number, at in enumerate(range(PAGE, len(content), PAGE * (1 if many else 5))):
        url.log_path.write_bytes(content[:at] + NOISE + content[at + PAGE :])
        with suppress(StandlineError), closing(EventLog.open(url, create=False)) as log:
            made = back_up(log, Desk(url), tmp_path / f"{number}.zip", 0, silent)
            tally.lost += (made.head, made.seal.chain) != (whole.position, whole.chain)
            tally.seen["backed up whole"] += 1
        tally.seen["damaged pages"] += 1
