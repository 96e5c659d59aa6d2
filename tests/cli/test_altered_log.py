"""The log's own tables are altered, or its end is lost: verify, doctor and check all say so."""

from __future__ import annotations

import shutil
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.cli.terminal import REFUSED, done, only_line, standline
from tests.stores.test_chain import tampering
from timeline.bootstrap import open_store
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from pathlib import Path

LOOKS = (("verify",), ("doctor",), ("replay", "--check"))

IN_ALL = {
    "emptied clock": (("DELETE FROM clock",), "what is kept of the clock is not what the events"),
    "moved clock": (
        ("UPDATE clock SET position = position + 1",),
        "what is kept of the clock is not what the events",
    ),
}
IN_FILE = {
    "lowered sequence": (
        ("UPDATE sqlite_sequence SET seq = 20",),
        "is said to be 20, and the log ends at 91",
    ),
    "emptied sequence": (
        ("DELETE FROM sqlite_sequence",),
        "is said to be 0, and the log ends at 91",
    ),
    "trigger": (
        ("CREATE TRIGGER leak AFTER INSERT ON stored_events BEGIN DELETE FROM clock; END",),
        "there is a trigger leak on stored_events",
    ),
    "view": (
        ("ALTER TABLE clock RENAME TO hidden", "CREATE VIEW clock AS SELECT * FROM hidden"),
        "there is a view clock, no table clock",
    ),
} | IN_ALL
IN_SCHEMA = {
    "lowered sequence": (
        ("SELECT setval('stored_events_notification_id_seq', 20)",),
        "is said to be 20, and the log ends at 91",
    ),
    "trigger": (
        (
            (
                "CREATE FUNCTION log.leak() RETURNS trigger LANGUAGE plpgsql AS"
                " 'BEGIN RETURN NEW; END'"
            ),
            (
                "CREATE TRIGGER leak BEFORE INSERT ON stored_events FOR EACH ROW"
                " EXECUTE FUNCTION log.leak()"
            ),
        ),
        "there is a trigger leak on stored_events",
    ),
    "rule": (
        ("CREATE RULE leak AS ON DELETE TO stored_events DO INSTEAD NOTHING",),
        "there is a rule leak on stored_events",
    ),
    "policy": (
        ("CREATE POLICY leak ON stored_events USING (notification_id <> 64)",),
        "there is a policy leak on stored_events",
    ),
    "view": (
        ("ALTER TABLE clock RENAME TO hidden", "CREATE VIEW clock AS SELECT * FROM hidden"),
        "there is a view clock, no table clock",
    ),
    "lost key": (
        ("ALTER TABLE clock DROP CONSTRAINT clock_pkey",),
        "there is no index clock_pkey",
    ),
} | IN_ALL


def said(store: str, *look: str) -> str:
    """Return all that a look says of a store in which it finds something."""
    answer = standline(*look, "--store", store)
    assert answer.status == REFUSED, look
    return answer.out + only_line(answer.err)


def found_by_all(store: str, statements: tuple[str, ...], told: str) -> None:
    with tampering(StoreUrl.parse(store)) as change:
        for statement in statements:
            change(statement, ())
    for look in LOOKS:
        assert told in said(store, *look), look


@pytest.mark.parametrize("name", IN_FILE)
def test_what_was_altered_beside_the_events_of_a_file_is_found_by_all_three(
    sqlite_talks: str, name: str
) -> None:
    found_by_all(sqlite_talks, *IN_FILE[name])


@pytest.mark.parametrize("name", IN_SCHEMA)
def test_what_was_altered_beside_the_events_of_a_server_is_found_by_all_three(
    postgres_talks: str, name: str
) -> None:
    found_by_all(postgres_talks, *IN_SCHEMA[name])


def crashed(url: str, folder: Path) -> tuple[Path, str]:
    """Return the files of a store that ended while its last events were in the -wal file alone."""
    done("verify", "--store", url)
    copy = folder / "crashed"
    with closing(open_store(url)) as services:
        byline = services.newsroom.byline("ann", "form")
        services.newsroom.actors.introduce(byline, "Ann Other", "person")
        services.models.catch_up()
        shutil.copytree(services.url.log_path.parent, copy, ignore=lambda *_: ["crashed"])
    return copy, f"sqlite:///{copy / 'newsroom.db'}"


@pytest.mark.parametrize("kept", ["both", "head", "read models"])
@pytest.mark.parametrize("part", [0, 0.5])
def test_a_lost_end_is_found_by_all_three(
    sqlite_talks: str, tmp_path: Path, kept: str, part: float
) -> None:
    files, store = crashed(sqlite_talks, tmp_path)
    log = files / "newsroom.db-wal"
    if part:
        log.write_bytes(log.read_bytes()[: int(log.stat().st_size * part)])
    else:
        log.unlink()
    if kept == "read models":
        (files / "newsroom.head").unlink()
    if kept == "head":
        for file in files.glob("newsroom.read-*-wal"):
            file.unlink()
    for look in LOOKS:
        assert "this log ends at event " in said(store, *look), look
