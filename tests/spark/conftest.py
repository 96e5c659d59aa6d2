from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

GIVEN = "STANDLINE_SPARK"
"""``sail`` starts Sail, else the address of a server, such as sc://localhost:15002."""

collect_ignore_glob = [] if GIVEN in os.environ else ["test_*.py"]

PATIENCE = 60.0


@pytest.fixture(scope="session", params=["local", "local-cluster"])
def server(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a server: Sail in one process, and as a cluster of workers."""
    if os.environ[GIVEN] != "sail":
        if request.param == "local-cluster":
            pytest.fail(f"{GIVEN} names one server; deselect its cluster by -k 'not cluster'")
        yield os.environ[GIVEN]
        return
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("sail")), "spark", "server", "--port", str(port)]
    settings = os.environ | {"SAIL_MODE": request.param, "RUST_LOG": "error"}
    with subprocess.Popen([*command, "--ip", "127.0.0.1"], env=settings) as started:
        try:
            await_port(port, started)
            yield f"sc://127.0.0.1:{port}"
        finally:
            started.terminate()


def await_port(port: int, started: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert started.poll() is None, "the server ended"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server does not answer")
