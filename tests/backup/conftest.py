"""Stores of both kinds that are worth a backup: a log with an erased word, and a desk in use."""

from __future__ import annotations

from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

import pytest

from tests.desk.test_drafts import draft
from tests.desk.test_texts import text
from tests.stores.newsroom import NOON, SECOND, introduced, record_actor, redact
from tests.support.postgres import fresh_database
from timeline.backup.making import back_up
from timeline.bootstrap import Services, open_store
from timeline.desk.accounts.roles import Role
from timeline.desk.texts import NOTHING, Decision
from timeline.stores.progress import silent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

WORDS = "four plain little words"


@pytest.fixture
def newsroom(store_url: str) -> Iterator[Services]:
    """Return the open store of a newsroom, of each kind in turn."""
    with closing(open_store(store_url)) as services:
        furnish(services)
        yield services


@pytest.fixture
def sqlite_newsroom(sqlite_url: str) -> Iterator[Services]:
    """Return the open store of a newsroom in files."""
    with closing(open_store(sqlite_url)) as services:
        furnish(services)
        yield services


DECIDED = Decision(7, 12, "Zwei", NOTHING, "ada")


def furnish(services: Services) -> None:
    """Record a few things, erase one, and let somebody work at the desk."""
    log, desk = services.log, services.desk
    actor_id, position = record_actor(log, "peskov", "Peskov")
    redact(log, actor_id, position)
    log.erase([position])
    log.append([introduced(number, NOON + number * SECOND) for number in range(1, 40)])
    services.models.catch_up()
    desk.people.add("ada", "Ada", Role.ADMIN, NOON)
    desk.people.set_password("ada", WORDS)
    desk.people.add("jonas", "Jonas", Role.CODER, NOON)
    desk.people.link("jonas", NOON)
    desk.sessions.begin("ada", NOON, browser="a browser", address="127.0.0.1")
    desk.drafts.save("ada", draft(paraphrase='“Ünï” 🕊 "x"\r\n\0'))
    desk.texts.keep(text())
    desk.texts.decide(text().document, DECIDED, NOON)


@pytest.fixture
def backed_up(tmp_path: Path) -> Path:
    """Return a backup of another newsroom in files."""
    folder = tmp_path / "another"
    folder.mkdir()
    with closing(open_store(f"sqlite:///{folder / 'newsroom.db'}")) as services:
        furnish(services)
        back_up(services.log, services.desk, tmp_path / "kept.zip", NOON, silent)
    return tmp_path / "kept.zip"


@pytest.fixture
def elsewhere(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[[str], str]]:
    """Return what gives the address of another store of a kind that is not there yet."""
    with ExitStack() as stack:

        def address(kind: str) -> str:
            if kind == "postgres":
                server = request.getfixturevalue("postgres_server")
                return stack.enter_context(fresh_database(server))
            folder = tmp_path / f"elsewhere-{len(list(tmp_path.iterdir()))}"
            folder.mkdir()
            return f"sqlite:///{folder / 'record.db'}"

        yield address
