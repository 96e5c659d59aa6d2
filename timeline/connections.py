"""Connections that end at a deadline: whoever still answers then is cut off."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Self

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Any


class Deadline:
    """So many ``seconds`` from now on.

    The time-out of a socket begins anew with each byte; who sends one now and then would be waited
    for without end.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._until = time.monotonic() + seconds
        self._held: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._cut_off)

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        for held in self._held:
            held.close()

    @property
    def is_over(self) -> bool:
        """Tell whether no time is left."""
        return time.monotonic() >= self._until

    def left(self) -> float:
        """Return the seconds that are left; raises `TimeoutError` where none are."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def holding(self, connection: socket.socket) -> socket.socket:
        """Return a connection that ends at the deadline; raises `TimeoutError` after it."""
        # TLS takes a socket over, and what is held here stays one of the same connection.
        self._held.append(connection.dup())
        self.left()
        return connection

    def _cut_off(self) -> None:
        for held in self._held:
            with suppress(OSError):
                held.shutdown(socket.SHUT_RDWR)


class _Connection(HTTPConnection):
    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - what a pool gives
        deadline: Deadline,
        check_peer: Callable[[str], None] | None = None,
        **options: Any,  # noqa: ANN401 - what a pool gives
    ) -> None:
        super().__init__(*args, **options)
        self._deadline = deadline
        self._check_peer = check_peer

    def _new_conn(self) -> socket.socket:
        connection = super()._new_conn()
        try:
            if self._check_peer is not None:
                self._check_peer(str(connection.getpeername()[0]))
            return self._deadline.holding(connection)
        except BaseException:
            connection.close()
            raise


class _SafeConnection(_Connection, HTTPSConnection):
    pass


class Pool(urllib3.HTTPConnectionPool):
    """Connections to one host; it takes a ``deadline`` at which they end.

    ``check_peer`` is given the number at the other end before anything is sent, and raises for a
    number that is not to be asked.
    """

    ConnectionCls = _Connection


class SafePool(urllib3.HTTPSConnectionPool):
    """The same by TLS."""

    ConnectionCls = _SafeConnection
