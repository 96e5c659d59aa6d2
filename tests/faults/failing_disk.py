"""What a process does on a disk that fails: ``python -m tests.faults.failing_disk WHAT FOLDER …``.

It runs under `tests.support.faulty_disk.run_on_it` and prints the counts of a `Tally`.
"""

from __future__ import annotations

import errno
import sys
import time
from contextlib import closing
from itertools import count
from pathlib import Path

import msgspec

from tests.desk.test_drafts import draft
from tests.faults.tally import Tally
from tests.stores.newsroom import NOON, introduced
from tests.support.faulty_disk import Calls, Disk
from tests.web.record.desk import Desk
from tests.web.test_away import filled_in, furnished
from timeline.backup.making import back_up
from timeline.backup.restoring import restore
from timeline.bootstrap import open_store
from timeline.domain.errors import StandlineError
from timeline.stores.log import EventLog
from timeline.stores.progress import silent
from timeline.stores.store_url import StoreUrl

AT_ONCE = 2.0
"""Seconds in which an answer is there, whatever the disk says."""

FAILURES = {
    "full": [(Calls.WRITES, errno.ENOSPC)],
    "broken": [
        (Calls.WRITES, errno.EIO),
        (Calls.SYNCS, errno.EIO),
        (Calls.READS, errno.EIO),
        (Calls.WRITES | Calls.SYNCS | Calls.READS, errno.EIO),
    ],
}


def appends(folder: Path, how: str, stride: int) -> Tally:
    """Append on a disk that fails at each of its calls in turn, for once and for good."""
    tally, disk = Tally(), Disk("/newsroom.")
    url = StoreUrl.parse(f"sqlite:///{folder / 'newsroom.db'}")
    numbers, told = count(), []
    with closing(EventLog.open(url)) as log:
        for calls, error in FAILURES[how]:
            for lasting in (False, True):
                for after in count(0, stride):
                    event = introduced(next(numbers), name="x" * 5_000)
                    begun = time.monotonic()
                    with disk.failing(calls, error, after=after, lasting=lasting):
                        try:
                            told += log.append([event])
                        except StandlineError as refused:
                            tally.seen["refused"] += 1
                            tally.seen["in several lines"] += "\n" in str(refused)
                        reached = disk.calls > after
                    tally.seen["slower than 2 s"] += time.monotonic() - begun > AT_ONCE
                    tally.seen["faults"] += reached
                    if not reached:
                        break
    with closing(EventLog.open(url)) as log:
        there = [position for position, _ in log.stream()]
        log.verify()
    tally.acknowledged = len(told)
    tally.lost = len(set(told) - set(there))
    tally.seen["recorded though refused"] = len(set(there) - set(told))
    return tally


def forms(folder: Path, how: str, stride: int) -> Tally:
    """Send forms to the site on a disk that fails at each of its calls in turn."""
    tally, disk = Tally(), Disk("/newsroom.")
    with furnished(f"sqlite:///{folder / 'newsroom.db'}") as desk:
        desk.client.application.testing = False
        for calls, error in FAILURES[how]:
            for after in count(0, stride):
                form, before = filled_in(desk), desk.head()
                # The same said again is asked back for, unless somebody says that it is another.
                form["distinct"] = [str(number) for number in range(1, before + 1)]
                begun = time.monotonic()
                with disk.failing(calls, error, after=after):
                    answer = desk.post("/record", form)
                    reached = disk.calls > after
                tally.seen["slower than 2 s"] += time.monotonic() - begun > AT_ONCE
                tally.seen[f"answers {answer.status_code}"] += 1
                assert answer.status_code in (303, 503)
                if answer.status_code == 303:
                    tally.acknowledged += 1
                else:
                    tally.seen["forms not kept"] += "Wants it now." not in answer.text
                tally.lost += not _is_recorded_once(desk, form, before)
                if not reached:
                    break
    return tally


def _is_recorded_once(desk: Desk, form: dict[str, str], before: int) -> bool:
    answers = [desk.post("/record", form).status_code for _ in range(2)]
    return answers == [303, 303] and desk.types(before).count("statement.recorded") == 1


def read_only(folder: Path) -> Tally:
    """Serve a store on a file system that nothing can be opened on for writing."""
    tally, disk = Tally(), Disk("/newsroom.")
    address = f"sqlite:///{folder / 'newsroom.db'}"
    with furnished(address) as desk:
        head = tally.acknowledged = desk.head()
        desk.services.desk.drafts.save("anna", draft())
    left = {file.name: file.read_bytes() for file in folder.iterdir()}
    with (
        disk.failing(Calls.OPENS, errno.EROFS),
        closing(open_store(address, create=False)) as services,
    ):
        desk = Desk(services)
        desk.client.application.testing = False
        for path in ("/", "/t/a-union", "/log", "/record", "/corrections", "/search?q=bland"):
            tally.seen[f"pages {desk.get(path).status_code}"] += 1
        form = filled_in(desk)
        answer = desk.post("/record", form)
        tally.seen[f"forms {answer.status_code}"] += 1
        tally.seen["forms not kept"] += "Wants it now." not in answer.text
        tally.lost = head - desk.head()
    now = {file.name: file.read_bytes() for file in folder.iterdir()}
    tally.seen["files changed"] = sum(now.get(name) != content for name, content in left.items())
    with furnished_again(address) as desk:
        tally.lost += not _is_recorded_once(desk, form, head)
    return tally


def furnished_again(address: str) -> closing[_Open]:
    return closing(_Open(address))


class _Open(Desk):
    def __init__(self, address: str) -> None:
        super().__init__(open_store(address, create=False))

    def close(self) -> None:
        self.services.close()


def restores(folder: Path) -> Tally:
    """Restore a backup that cannot be read from any of its bytes on; it is at fault, no store."""
    tally, disk = Tally(), Disk("/kept.zip")
    with closing(open_store(f"sqlite:///{folder / 'newsroom.db'}")) as services:
        services.log.append([introduced(number, name="x" * 3_000) for number in range(200)])
        services.desk.drafts.save("anna", draft())
        back_up(services.log, services.desk, folder / "kept.zip", NOON, silent)
        tally.acknowledged = services.log.count()
    (folder / "again").mkdir()
    again = StoreUrl.parse(f"sqlite:///{folder / 'again' / 'newsroom.db'}")
    for after in count():
        with disk.failing(Calls.READS, errno.EIO, after=after):
            try:
                restore(folder / "kept.zip", again, silent)
            except StandlineError as refused:
                tally.seen[refused.code] += 1
                tally.seen["in several lines"] += "\n" in str(refused)
                tally.seen["files left"] += len(list(again.log_path.parent.iterdir()))
            if disk.calls <= after:
                break
    with closing(EventLog.open(again, create=False)) as log:
        tally.lost = tally.acknowledged - log.count()
    return tally


def power(folder: Path, recording: str, appends_: int) -> Tally:
    """Append, and save drafts, while all that is written is recorded; then end without closing."""
    tally, disk = Tally(), Disk("/newsroom.")
    with closing(open_store(f"sqlite:///{folder / 'newsroom.db'}", create=False)) as services:
        disk.record(Path(recording))
        for number in range(1, appends_ + 1):
            services.desk.drafts.save("anna", draft(1, at=number))
            (position,) = services.log.append([introduced(number, name="x" * 3_000)])
            disk.mark(position)
            if not number % 7:
                services.models.catch_up()
        tally.acknowledged = appends_
    return tally


def main(what: str, folder: str, *more: str) -> None:
    tally = {
        "appends": lambda: appends(Path(folder), more[0], int(more[1])),
        "forms": lambda: forms(Path(folder), more[0], int(more[1])),
        "read-only": lambda: read_only(Path(folder)),
        "restores": lambda: restores(Path(folder)),
        "power": lambda: power(Path(folder), more[0], int(more[1])),
    }[what]()
    told = {"acknowledged": tally.acknowledged, "lost": tally.lost, "seen": dict(tally.seen)}
    sys.stdout.buffer.write(msgspec.json.encode(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
