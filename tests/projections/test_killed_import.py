"""An import that is killed: what the log has stays, and the next start goes on by itself."""

from __future__ import annotations

import csv
import subprocess
import sys
import time
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tests.projections.record import Record
from timeline.projections.queries import directory, log, positions
from timeline.stores.log import EventLog
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from pathlib import Path

ROWS = 16_000
ACTORS = 40
FIELDS = (
    "topic",
    "topic_question",
    "actor",
    "actor_kind",
    "stance",
    "said_at",
    "paraphrase",
    "source.outlet",
)
PATIENCE = 120.0


def votes(path: Path) -> Path:
    """Write what forty states said on two questions over two hundred days."""
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(FIELDS)
        for n in range(ROWS):
            day, rest = divmod(n, 2 * ACTORS)
            topic, actor = divmod(rest, ACTORS)
            stance = ("opposes", "accepts", "supports")[(n * 7919) % 3]
            said = date(2025, 1, 1) + timedelta(days=day)
            question, about = f"Should it be {topic}?", f"topic-{topic}"
            row = (about, question, f"state-{actor}", "state", stance, said, f"Row {n}", "Gazette")
            rows.writerow(row)
    return path


def importing(address: str, path: Path) -> subprocess.Popen[str]:
    run = [sys.executable, "-c", "from timeline.cli import main; main()"]
    command = [*run, "import", str(path), "--store", address]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_a_killed_import_loses_nothing_and_is_taken_up_again(
    store_url: str, tmp_path: Path
) -> None:
    path = votes(tmp_path / "votes.csv")
    killed = importing(store_url, path)
    kept = head_beyond(store_url, 5_000)
    killed.kill()
    killed.communicate()
    with Record.opened(store_url) as record:
        assert record.log.head() >= kept
        assert record.ask(log.count) == record.log.count()
        begun = sum(topic.statements for topic in record.ask(directory.topics))
        assert 0 < begun < ROWS
    again = importing(store_url, path)
    told, _ = again.communicate(timeout=PATIENCE)
    assert again.returncode == 0
    assert f"{ROWS - begun:,} rows recorded" in told
    with Record.opened(store_url) as record:
        assert sum(topic.statements for topic in record.ask(directory.topics)) == ROWS
        assert len(record.ask(positions.current_positions)) == 2 * ACTORS
        assert record.models.check() == ()


def head_beyond(address: str, position: int) -> int:
    """Wait until the log has more than so many events, and return its head."""
    opened = EventLog.open(StoreUrl.parse(address))
    deadline = time.monotonic() + PATIENCE
    while (head := opened.head()) <= position:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    opened.close()
    return head
