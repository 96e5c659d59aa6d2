"""Connections with a deadline, at which a slow peer is cut off."""

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
    """A deadline, ``seconds`` from now.

    The time-out of a socket restarts with each byte, so a peer that sends one now and then would
    never time out.
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
        """Return the seconds that are left; raises `TimeoutError` if there are none."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def holding(self, connection: socket.socket) -> socket.socket:
        """Close a connection at the deadline, and return it; raises `TimeoutError` after it."""
        # TLS detaches the socket, so a duplicate of the same connection is kept here.
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
    """Connections to one host that end at a ``deadline``.

    ``check_peer`` gets the peer's IP address before anything is sent, and raises if it must not be
    asked.
    """

    ConnectionCls = _Connection


class SafePool(urllib3.HTTPSConnectionPool):
    """The same by TLS."""

    ConnectionCls = _SafeConnection
