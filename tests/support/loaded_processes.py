"""Processes that begin with everything loaded, and are used as those of `subprocess`.

Python takes a second to load a server. Where a test is about what a process does once it runs,
and not about how it starts or what it leaves when it is gone, that second is nobody's.
"""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Self

from tests.support.processes import PROCESSES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from multiprocessing.connection import Connection
    from types import TracebackType


COMMAND_LINE = "import sys; from timeline.cli import main; main(sys.argv[1:])"


class LoadedProcess:
    """A process that runs a program in Python, with text pipes as those of `subprocess.Popen`."""

    def __init__(self, program: str, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        out, its_out = PROCESSES.Pipe(duplex=False)
        err, its_err = PROCESSES.Pipe(duplex=False)
        surroundings = dict(os.environ) | dict(env or {})
        given = (program, arguments, surroundings, its_out, its_err)
        self._process = PROCESSES.Process(target=_run, args=given)
        self._process.start()
        its_out.close()
        its_err.close()
        self.stdout, self.stderr = _read_as_text(out), _read_as_text(err)

    @property
    def pid(self) -> int:
        """Its number."""
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """Its exit status, negative for a signal; None while it runs."""
        return self._process.exitcode

    def poll(self) -> int | None:
        """Return its exit status; None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it ends; raises `subprocess.TimeoutExpired` if it does not in time."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        return self._process.exitcode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Read to the end what it prints; raises as `wait` does, and then has ended it."""
        with ThreadPoolExecutor(2) as readers:
            out, err = readers.submit(self.stdout.read), readers.submit(self.stderr.read)
            try:
                self.wait(timeout)
            except subprocess.TimeoutExpired:
                self.kill()
                raise
        self._close()
        return out.result(), err.result()

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()
        self.wait()

    def _close(self) -> None:
        self.stdout.close()
        self.stderr.close()


class LoadedCommand(LoadedProcess):
    """A command of `standline` in a process of its own."""

    def __init__(self, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        super().__init__(COMMAND_LINE, *arguments, env=env)


def _read_as_text(pipe: Connection) -> io.TextIOWrapper:
    copy = os.dup(pipe.fileno())
    pipe.close()
    return io.TextIOWrapper(os.fdopen(copy, "rb"), encoding="utf-8")


def _run(
    program: str,
    arguments: tuple[str, ...],
    surroundings: dict[str, str],
    out: Connection,
    err: Connection,
) -> None:
    for pipe, number in ((out, 1), (err, 2)):
        os.dup2(pipe.fileno(), number)
        pipe.close()
    sys.stdout, sys.stderr = (_write_as_text(number) for number in (1, 2))
    os.environ.clear()
    os.environ.update(surroundings)
    tempfile.tempdir = None
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = ["program", *arguments]
    exec(program, {"__name__": "__main__"})  # noqa: S102 - a test's own


def _write_as_text(number: int) -> Any:  # noqa: ANN401 - as `sys` has it
    return open(number, "w", encoding="utf-8", closefd=False)
