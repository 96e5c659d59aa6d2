"""Who uses the site while machines are lost, and what they count."""

from __future__ import annotations

import threading
import time
from collections import Counter
from contextlib import closing
from datetime import date, timedelta
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING, Self
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from tests.live.listening import Listener
from tests.stores.newsroom import introduced
from tests.support.waiting import wait_until
from tests.web.record.desk import hidden, statement
from timeline.bootstrap import microseconds
from timeline.domain.errors import Conflict, StandlineError

if TYPE_CHECKING:
    from timeline.stores.log import EventLog

LONGEST = 120.0
"""Seconds after which nobody waits for an answer any more."""

SHOWN, TAKEN = 200, 303
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Busy:
    """Somebody who does the same again and again, in a thread, for the length of a block."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self.over = threading.Event()
        self._thread = threading.Thread(target=self._go_on, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End, once what is under way is done."""
        self.over.set()
        self._thread.join(LONGEST)
        assert not self._thread.is_alive()

    def _go_on(self) -> None:
        while not self.over.is_set():
            self.do_once()

    def do_once(self) -> None:
        """Do it once."""
        raise NotImplementedError


class Editor(Busy):
    """Somebody who fills in forms, and sends one again that came back, until it is taken."""

    def __init__(self, address: str, first: int) -> None:
        super().__init__()
        self.taken: list[str] = []
        self.took: list[float] = []
        self._address = address
        self._number = first

    def do_once(self) -> None:
        """Fill in one form and see it through."""
        words = " ".join(uuid4().hex[:8] for _ in range(5))  # like nothing that was said before
        form = self._new_form(words)
        self._number += 1
        began = time.monotonic()
        while form and not self.over.is_set():
            status, text = ask(f"{self._address}/record", form)
            self.seen[f"forms answered {status}"] += 1
            if status == TAKEN:
                self.taken.append(words)
                self.took.append(time.monotonic() - began)
                break
            self.seen["forms that came back as typed"] += words in text
            self.seen["forms whose words were lost"] += words not in text
            time.sleep(0.5)
        time.sleep(0.2)

    def _new_form(self, words: str) -> dict[str, str]:
        status, text = ask(f"{self._address}/record")
        if status != SHOWN:
            self.seen[f"empty forms answered {status}"] += 1
            return {}
        day = (date(1900, 1, 1) + timedelta(days=self._number)).isoformat()
        source = {"source__outlet": f"Paper {self._number}", "source__published_at": day}
        return hidden(text) | statement(paraphrase=words, said_at=day, **source)


class Reader(Busy):
    """Somebody who reads pages, and notes how long there was none to be had."""

    def __init__(self, address: str, *paths: str) -> None:
        super().__init__()
        self._address = address
        self._paths = paths
        self._last = time.monotonic()
        self.gap = 0.0
        self.slowest = 0.0

    def do_once(self) -> None:
        """Read each page once."""
        for path in self._paths:
            began = time.monotonic()
            status, _ = ask(f"{self._address}{path}")
            now = time.monotonic()
            self.slowest = max(self.slowest, now - began)
            self.seen[f"pages answered {status}"] += 1
            if status == SHOWN:
                self.gap = max(self.gap, now - self._last)
                self._last = now
        time.sleep(0.2)


class Writer(Busy):
    """A program that appends to the log, and does so again where nobody knows what came of it."""

    def __init__(self, log: EventLog, first: int) -> None:
        super().__init__()
        self.told: set[int] = set()
        self._log = log
        self._number = first

    def do_once(self) -> None:
        """Append an event, until the log says that it has it."""
        try:
            self.told.update(self._log.append([introduced(self._number, at=microseconds())]))
        except Conflict:
            self.seen["appends that had been made, of unknown outcome"] += 1
        except StandlineError:
            self.seen["appends refused"] += 1
            time.sleep(0.2)
            return
        self._number += 1
        time.sleep(0.02)


class Listening(Busy):
    """A reader who is told of news on a connection that stays."""

    def __init__(self, address: str, since: int) -> None:
        super().__init__()
        self.heard = since
        self.ended = False
        self._listener = Listener(address, f"/live/home?since={since}")

    def do_once(self) -> None:
        """Wait to be told once."""
        event = self._listener.event()
        if event is None:
            self.ended = True
            self.over.set()
        else:
            self.heard = max(self.heard, int(event.id))

    def stop(self) -> None:
        """Hang up."""
        with self._listener:
            self._listener.hang_up()
            super().stop()


def ask(address: str, form: dict[str, str] | None = None) -> tuple[int, str]:
    """Return status and text of an answer, which leads nowhere by itself; 0 where none came."""
    to = urlsplit(address)
    method, body = ("GET", None) if form is None else ("POST", urlencode(form))
    # As a browser asks: whoever says that the connection ends here is taken for a proxy.
    with closing(HTTPConnection(to.netloc, timeout=LONGEST)) as connection:
        try:
            connection.request(method, to.path, body, FORM if form else {})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, HTTPException):
            return 0, ""


def await_site(address: str) -> None:
    """Wait until a site answers."""
    wait_until(lambda: ask(f"{address}/")[0] == SHOWN)
