"""The connections of live readers: one thread with one event loop serves all.

It sends server-sent events (WHATWG HTML, section 9.2) with log positions only: the browser then
fetches the page, which decides what the reader may see.
"""

from __future__ import annotations

import asyncio
import random
import threading
from collections import defaultdict
from typing import TYPE_CHECKING, cast

from timeline.live.recent import Recent

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Sequence

    from timeline.live.recent import ByPlace, News


BEAT = 15
"""Seconds between two heartbeats: browsers and proxies close silent connections."""

UNREAD = 16_000
"""Most unread bytes of one reader; a slower one is disconnected and comes back."""

COME_BACK = 2_000, 8_000
"""Range of milliseconds after which a browser reconnects, random so that not all come at once."""

PATIENCE = 5.0


class Reader(asyncio.Protocol):
    """One reader of one page, who knows it up to the log position ``since``.

    ``greeting`` returns the first message, ``left`` is called when the connection ends.
    """

    def __init__(
        self, since: int, greeting: Callable[[], bytes], left: Callable[[Reader], None]
    ) -> None:
        self.since = since
        self.turn = random.randrange(BEAT)  # noqa: S311 # nosec B311 - spreads work
        self._greeting = greeting
        self._left = left
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the greeting: what the reader missed."""
        self._transport = cast("asyncio.Transport", transport)
        self.send(self._greeting())

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's hook
        """Free the place for another reader."""
        self._transport = None
        self._left(self)

    def send(self, message: bytes) -> None:
        """Send a message, or disconnect a reader who is too slow."""
        if self._transport is None:
            return
        if self._transport.get_write_buffer_size() > UNREAD:
            self._transport.abort()
        else:
            self._transport.write(message)

    def close(self) -> None:
        """End the connection."""
        if self._transport is not None:
            self._transport.close()


class Readers:
    """All live readers of a site, in a thread of their own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._recent = Recent()
        self._shown = 0
        self._by_place: dict[str, set[Reader]] = defaultdict(set)
        self._welcoming: set[asyncio.Task[None]] = set()
        self._turn = 0
        self._thread = threading.Thread(target=self._run, daemon=True, name="live")
        self._thread.start()

    def take(
        self, connection: socket.socket, place: str, since: int, left: Callable[[], None]
    ) -> None:
        """Take over a connection whose response head was sent; ``left`` is called when it ends."""

        def leave(reader: Reader) -> None:
            self._by_place[place].discard(reader)
            if not self._by_place[place]:
                del self._by_place[place]
            left()

        def welcome() -> None:
            task = self._loop.create_task(self._welcome(connection, place, since, leave))
            self._welcoming.add(task)
            task.add_done_callback(self._welcoming.discard)

        if not self._call(welcome):
            connection.close()

    def tell(self, fresh: ByPlace, shown: int) -> None:
        """Send news to the readers of its pages; ``shown`` is the log position that pages show."""
        self._call(lambda: self._spread(fresh, shown))

    def close(self) -> None:
        """Close all connections and stop the thread."""
        if self._thread.is_alive():
            self._call(self._loop.stop)
            self._thread.join(PATIENCE)

    @property
    def is_alive(self) -> bool:
        """Whether the thread still runs."""
        return self._thread.is_alive()

    def _call(self, do: Callable[[], object]) -> bool:
        """Run a function in the loop; return false if the loop has ended."""
        try:
            self._loop.call_soon_threadsafe(do)
        except RuntimeError:
            return False
        return True

    def _run(self) -> None:
        self._loop.call_later(1, self._beat)
        try:
            self._loop.run_forever()
        finally:
            self._loop.run_until_complete(self._let_go())
            self._loop.close()

    async def _let_go(self) -> None:
        for reader in self._everybody():
            reader.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)

    async def _welcome(
        self, connection: socket.socket, place: str, since: int, leave: Callable[[Reader], None]
    ) -> None:
        reader = Reader(since, lambda: self._greeting(place, since), leave)
        self._by_place[place].add(reader)
        try:
            connection.setblocking(False)  # noqa: FBT003 - the socket's own name for it
            await self._loop.connect_accepted_socket(lambda: reader, connection)
        except OSError:
            connection.close()
            leave(reader)

    def _greeting(self, place: str, since: int) -> bytes:
        come_back = random.randint(*COME_BACK)  # noqa: S311 # nosec B311 - spreads work
        missed = event_message(self._recent.after(place, since))
        return f"retry: {come_back}\n".encode() + missed + sign_of_life(max(since, self._shown))

    def _spread(self, fresh: ByPlace, shown: int) -> None:
        self._shown = max(shown, self._shown)
        self._recent.add(fresh)
        for place, news in fresh.items():
            message, first = event_message(news), news[0].position
            for reader in self._by_place.get(place, ()):
                if reader.since < first:
                    reader.send(message)
                else:
                    reader.send(
                        event_message([item for item in news if item.position > reader.since])
                    )

    def _beat(self) -> None:
        self._loop.call_later(1, self._beat)
        self._turn = (self._turn + 1) % BEAT
        for reader in self._everybody():
            if reader.turn == self._turn:
                reader.send(sign_of_life(max(reader.since, self._shown)))

    def _everybody(self) -> list[Reader]:
        return [reader for place in self._by_place.values() for reader in place]


def event_message(news: Sequence[News]) -> bytes:
    """Return news as events: positions of new entries, and ``amended`` with those of amendments.

    The id is the last position, from which a browser resumes.
    """
    if not news:
        return b""
    new = [item.position for item in news if not item.is_amendment]
    amended = [item.position for item in news if item.is_amendment]
    last = news[-1].position
    return _event("", new, last) + _event("event: amended\n", amended, last)


def sign_of_life(shown: int) -> bytes:
    """Return the heartbeat event, with the log position that pages show."""
    return _event("event: beat\n", [shown], shown)


def _event(name: str, positions: Sequence[int], last: int) -> bytes:
    if not positions:
        return b""
    data = " ".join(map(str, positions))
    return f"{name}id: {last}\ndata: {data}\n\n".encode()
