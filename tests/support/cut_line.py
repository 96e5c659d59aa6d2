"""A line to a PostgreSQL server that can be cut, after so many of the messages that are sent."""

from __future__ import annotations

import shutil
import socket
import tempfile
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SOCKET = ".s.PGSQL.5432"
AT_ONCE = 65_536


class CutLine:
    """Stands between clients and a server that listens on a socket in a folder.

    To a client a cut line is a server that crashed: its connections end, and no new one is taken.
    """

    def __init__(self, server: Path) -> None:
        self._server = server / SOCKET
        self.home = Path(tempfile.mkdtemp(prefix="standline-line-"))
        self._lock = threading.Lock()
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._left: int | None = None
        self._listener: socket.socket | None = None
        self.mend()

    def cut_after(self, messages: int) -> None:
        """Cut the line once so many messages have gone through to the server."""
        self._left = messages

    @property
    def is_cut(self) -> bool:
        """Whether the line has been cut."""
        return self._listener is None

    def cut(self) -> None:
        """Cut the line."""
        with self._lock:
            listener, self._listener = self._listener, None
            pairs, self._pairs = self._pairs, []
        if listener is not None:
            (self.home / SOCKET).unlink()
            _end(listener)
        for pair in pairs:
            for end in pair:
                _end(end)

    def mend(self) -> None:
        """Take connections, for the first time or again; nothing is cut meanwhile."""
        self._left = None
        if self._listener is None:
            self._listener = socket.socket(socket.AF_UNIX)
            self._listener.bind(str(self.home / SOCKET))
            self._listener.listen()
            threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def close(self) -> None:
        """Cut the line for good."""
        self.cut()
        shutil.rmtree(self.home, ignore_errors=True)

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(str(self._server))
                with self._lock:
                    self._pairs.append((client, server))
                for pump in (self._to_server, self._to_client):
                    threading.Thread(target=pump, args=(client, server), daemon=True).start()

    def _to_server(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while message := client.recv(AT_ONCE):
                if self._is_last():
                    self.cut()
                    return
                server.sendall(message)
        _end(server)

    def _to_client(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while answer := server.recv(AT_ONCE):
                client.sendall(answer)
        _end(client)

    def _is_last(self) -> bool:
        with self._lock:
            if self._left is None:
                return False
            self._left -= 1
            return self._left < 0


def _end(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()


@contextmanager
def cut_line(server: Path) -> Iterator[CutLine]:
    """Lend a line to a server for the length of a block."""
    line = CutLine(server)
    try:
        yield line
    finally:
        line.close()
