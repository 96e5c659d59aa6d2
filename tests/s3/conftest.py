"""A server of storage on this machine, which checks who asks."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.nginx import free_port, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

collect_ignore_glob = [] if "STANDLINE_S3" in os.environ else ["test_*.py"]

SERVER = Path(__file__).parents[2] / "build" / "s3" / "bin" / "moto_server"


class Storage:
    """A server, and where it is."""

    def __init__(self) -> None:
        self.port = free_port()
        command = [str(SERVER), "-H", "127.0.0.1", "-p", str(self.port)]
        null = subprocess.DEVNULL
        self._process = subprocess.Popen(command, stdout=null, stderr=null)
        wait_for(self.port, self._process)

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(10)


@pytest.fixture
def storage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Storage]:
    """An empty server; the environment says where it is and who asks."""
    storage = Storage()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{storage.port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "newsroom")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    yield storage
    storage.stop()
