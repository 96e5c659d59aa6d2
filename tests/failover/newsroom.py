"""A site on a cluster, everybody who uses it at once, and what of theirs is on record."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from tests.failover.people import Editor, Listening, Reader, Writer, await_site
from tests.support.nginx import free_port
from tests.support.waiting import wait_until
from timeline.domain.statement import StatementRecorded
from timeline.stores.log import EventLog
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import ExitStack

    from tests.failover.cluster import Cluster, Machine
    from tests.faults.tally import Tally

SERVE = "import sys; from timeline.cli import main; main(sys.argv[1:])"
WARM = 5
"""Forms before anything is lost, and after it is over."""


class Newsroom:
    """A site, an editor, a reader, somebody who is told of news, and a program that appends."""

    def __init__(self, cluster: Cluster, stack: ExitStack) -> None:
        self.cluster = cluster
        self.log = stack.enter_context(closing(EventLog.open(StoreUrl.parse(cluster.url))))
        address = stack.enter_context(_served(cluster.url))
        self._before = self.log.head()
        self.editor = stack.enter_context(Editor(address, self._before))
        self.reader = stack.enter_context(Reader(address, "/", "/t/a-union"))
        self.writer = stack.enter_context(Writer(self.log, self._before))
        self.told = stack.enter_context(Listening(address, self._before))
        self.await_forms(WARM)

    def await_forms(self, count: int) -> float:
        """Wait until so many more forms were taken, and return the seconds that it took."""
        began, taken = time.monotonic(), len(self.editor.taken)
        wait_until(lambda: len(self.editor.taken) >= taken + count)
        return time.monotonic() - began

    def await_other_than(self, primary: Machine) -> float:
        """Wait until another machine is primary, and return the seconds that it took."""
        began = time.monotonic()
        wait_until(lambda: self.cluster.primary() not in (None, primary))
        return time.monotonic() - began

    def goes_on(self, since: float, tally: Tally) -> None:
        """See that all go on by themselves after what was lost at an instant, and count."""
        seconds = time.monotonic() - since + self.await_forms(1)
        tally.seen["seconds until the next form was taken"] += round(seconds)
        tally.seen["seconds without a page, at most"] += round(self.reader.gap)
        self.await_forms(WARM)
        for one in (self.editor, self.writer):
            one.over.set()
        head = self.log.head()
        wait_until(lambda: self.told.heard >= head or self.told.ended)
        assert not self.told.ended
        self._count(tally)

    def _count(self, tally: Tally) -> None:
        self.editor.stop()
        self.writer.stop()
        there = {position for position, *_ in self.log.rows()}
        said = [
            event.content.paraphrase
            for _, event in self.log.stream(self._before)
            if isinstance(event, StatementRecorded) and event.content
        ]
        assert len(said) == len(set(said))
        tally.acknowledged += len(self.writer.told) + len(self.editor.taken)
        tally.lost += len(self.writer.told - there) + len(set(self.editor.taken) - set(said))
        for one in (self.editor, self.reader, self.writer):
            tally.seen.update(one.seen)
        assert not self.editor.seen["forms whose words were lost"]
        self.log.verify()


@contextmanager
def _served(store: str) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-c", SERVE, "serve", "--store", store, "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            await_site(address := f"http://127.0.0.1:{port}")
            yield address
        finally:
            process.kill()
