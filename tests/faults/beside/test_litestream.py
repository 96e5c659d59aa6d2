"""Litestream carries a store elsewhere while people record, as docs/backup.md sets it up."""

from __future__ import annotations

import re
import subprocess
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.desk.test_drafts import draft
from tests.docs.pages import ROOT
from tests.faults.beside.conftest import PROGRAMS
from tests.stores.newsroom import introduced, record_actor, redact
from tests.stores.test_log_survives import acknowledged, appender
from timeline.bootstrap import open_store
from timeline.domain.errors import StandlineError
from timeline.stores import sqlite_traces
from timeline.stores.log import EventLog
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.faults.tally import Tally

LITESTREAM = PROGRAMS / "litestream"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The documented configuration, for the folders of a test."""
    documented = (ROOT / "docs" / "backup.md").read_text("utf-8")
    (text,) = re.findall(r"```yaml\n(dbs:.*?)```", documented, re.DOTALL)
    here = {"/srv/standline/record": str(tmp_path / "newsroom"), "/mnt/elsewhere": str(tmp_path)}
    for place, folder in here.items():
        assert place in text
        text = text.replace(place, folder)
    path = tmp_path / "litestream.yml"
    path.write_text(text)
    return path


@contextmanager
def carried_along(config: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run Litestream from when it has begun to copy until the end of the block."""
    with (config.with_suffix(".log")).open("wb") as log:
        command = [str(LITESTREAM), "replicate", "-config", str(config)]
        with subprocess.Popen(command, stdout=log, stderr=log) as program:
            try:
                while b"snapshot complete" not in config.with_suffix(".log").read_bytes():
                    assert program.poll() is None
                    time.sleep(0.05)
                yield program
            finally:
                program.terminate()


def brought_back(config: Path, store: StoreUrl, folder: Path) -> StoreUrl:
    """Restore log and desk from the replica into a folder."""
    folder.mkdir()
    for file in (store.log_path, store.beside("desk.db")):
        command = [str(LITESTREAM), "restore", "-config", str(config)]
        subprocess.run([*command, "-o", str(folder / file.name), str(file)], check=True)
    return StoreUrl.parse(f"sqlite:///{folder / store.log_path.name}")


@pytest.fixture
def store(sqlite_url: str) -> StoreUrl:
    """A store with a draft, closed."""
    with closing(open_store(sqlite_url)) as services:
        services.desk.drafts.save("ada", draft())
    return StoreUrl.parse(sqlite_url)


def test_an_orderly_end_loses_nothing(
    store: StoreUrl, config: Path, tmp_path: Path, tally: Tally
) -> None:
    with carried_along(config):
        told = appended_for_a_while(store)
    again = brought_back(config, store, tmp_path / "again")
    with closing(open_store(again.text, create=False)) as services:
        services.log.verify()
        there = {(row[0], row[1]) for row in services.log.rows()}
        assert services.desk.drafts.count() == 1
        assert services.log.append([introduced(7)])
    tally.acknowledged, tally.lost = len(told), len(told - there)


def test_after_a_crash_the_replica_is_the_log_up_to_a_moment_before(
    store: StoreUrl, config: Path, tmp_path: Path, tally: Tally
) -> None:
    tally.counts_appends = False
    with carried_along(config) as program:
        told = appended_for_a_while(store)
        program.kill()
        program.wait()
    again = brought_back(config, store, tmp_path / "again")
    with closing(EventLog.open(store)) as log, closing(EventLog.open(again)) as copy:
        head = copy.verify().position
        assert log.place_at(head) == copy.place()
        tally.seen["acknowledged"] = len(told)
        tally.seen["not yet carried along"] = len([one for one, _ in told if one > head])


def test_words_are_erased_without_litestream(
    store: StoreUrl, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_traces, "PATIENCE", 0.5)
    with carried_along(config), closing(EventLog.open(store)) as log:
        actor_id, position = record_actor(log, "peskov", "Peskov")
        redact(log, actor_id, position)
        time.sleep(2)
        with pytest.raises(StandlineError, match="a reader keeps the write-ahead log with them"):
            log.erase([position])
    with closing(EventLog.open(store)) as log:
        log.erase([position])
    assert b"Peskov" not in store.log_path.read_bytes()


def appended_for_a_while(store: StoreUrl) -> set[tuple[int, str]]:
    process = appender(store, 1_000, 3)
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(3)
    process.kill()
    told = acknowledged(iter([first, *process.stdout.readlines()]))
    process.communicate()
    return told
