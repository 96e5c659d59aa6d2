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
"""``sail`` starts Sail and ``apache`` Apache Spark, else it is the address of a server, such as
sc://localhost:15002."""

APACHE = Path("build/apache-spark")

collect_ignore_glob = [] if GIVEN in os.environ else ["test_*.py"]

CONNECT = "org.apache.spark.sql.connect.service.SparkConnectServer"
QUIET = Path(__file__).with_name("log4j2.properties")

PATIENCE = 180.0


@pytest.fixture(scope="session", params=["local", "local-cluster"])
def server(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a server: an engine in one process, and as a cluster of workers."""
    given = os.environ[GIVEN]
    if given not in ENGINES:
        if request.param == "local-cluster":
            pytest.fail(f"{GIVEN} names one server; deselect its cluster by -k 'not cluster'")
        yield given
        return
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command, settings = ENGINES[given](request.param, port)
    with subprocess.Popen(command, env=os.environ | settings) as started:
        try:
            await_port(port, started)
            yield f"sc://127.0.0.1:{port}"
        finally:
            started.terminate()


def sail(mode: str, port: int) -> tuple[list[str], dict[str, str]]:
    """How Sail is started: the command, and what its environment says beside ours."""
    command = str(Path(sys.executable).with_name("sail"))
    listening = ["--ip", "127.0.0.1", "--port", str(port)]
    return [command, "spark", "server", *listening], {"SAIL_MODE": mode, "RUST_LOG": "error"}


def apache(mode: str, port: int) -> tuple[list[str], dict[str, str]]:
    """How Apache Spark is started, a cluster with two workers; it needs Java."""
    (home,) = APACHE.resolve().glob("lib/python*/site-packages/pyspark")
    master = {"local": "local[2]", "local-cluster": "local-cluster[2,1,1024]"}[mode]
    settings = {
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": port,
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": 4,
        "spark.executor.memory": "600m",
    }
    said = [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]
    command = [str(home / "bin/spark-submit"), "--master", master, *said]
    # Its log would drown what tests say.
    quiet = ["--driver-java-options", f"-Dlog4j2.configurationFile={QUIET}"]
    return [*command, *quiet, "--class", CONNECT, "spark-internal"], {
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_HOME": str(home),
        "PYSPARK_PYTHON": str(APACHE.resolve() / "bin/python"),
    }


ENGINES = {"sail": sail, "apache": apache}


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
