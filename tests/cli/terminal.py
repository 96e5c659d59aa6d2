"""A terminal for tests: commands run in this process, or in one of their own."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import msgspec

from tests.support.loaded_processes import LoadedProcess
from timeline.cli import main

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "fixtures"
STANDLINE = Path(sys.executable).with_name("standline")
DONE, REFUSED, USAGE, INTERRUPTED = 0, 1, 2, 130

TALKS = (str(FIXTURES / "berlin-talks.jsonl"),)
VOTES = (str(FIXTURES / "un-votes.csv.gz"), "--map", str(FIXTURES / "un-votes.toml"))


class Answer(msgspec.Struct, frozen=True):
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever the command tells
        return json.loads(self.out)

    @property
    def objects(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


def standline(*arguments: str) -> Answer:
    """Run a command in this process, as `standline` does, and return what came of it."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
    status: object = "not ended"
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main(arguments)
        except SystemExit as ended:
            status = ended.code
    assert isinstance(status, int)
    return Answer(status, *(text_of(stream) for stream in (out, err)))


def done(*arguments: str) -> Answer:
    """Run a command that must succeed, and say nothing of trouble."""
    answer = standline(*arguments)
    assert (answer.status, answer.err) == (DONE, "")
    return answer


def answered(*arguments: str) -> Any:  # noqa: ANN401 - whatever the command tells
    """Return what a command answers with `--json`."""
    return done(*arguments, "--json").json


def one_line(answer: Answer, status: int = REFUSED) -> str:
    """Return the one line in which a command was refused."""
    assert answer.status == status
    assert answer.out == ""
    return only_line(answer.err)


def only_line(err: str) -> str:
    assert err.startswith("standline: ")
    assert err.count("\n") == 1
    return err.removeprefix("standline: ").rstrip("\n")


def done_with_notes(*arguments: str) -> Answer:
    answer = standline(*arguments)
    assert answer.status == 0, answer.err
    return answer


def refused(*arguments: str) -> str:
    """Return the one line in which the command is refused."""
    return one_line(standline(*arguments))


def started(
    *arguments: str,
    command: tuple[str, ...] = (str(STANDLINE),),
    **more: Any,  # noqa: ANN401 - Popen's
) -> subprocess.Popen[str]:
    """Start a command in a process of its own, with pipes."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True} | more
    options["env"] = os.environ | options.get("env", {})
    return subprocess.Popen([*command, *arguments], **options)


def ended(process: subprocess.Popen[str] | LoadedProcess, patience: float = 60) -> Answer:
    """Wait for a process and return what came of it."""
    out, err = process.communicate(timeout=patience)
    assert process.returncode is not None
    return Answer(process.returncode, out, err)


def ran(*arguments: str, **more: Any) -> Answer:  # noqa: ANN401 - Popen's
    """Run a command in a process of its own."""
    return ended(started(*arguments, **more))


def text_of(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()


def whole(shown: str) -> list[list[str]]:
    """Return the parts of work that each bar on a terminal named; each must end at its whole."""
    bars = []
    for line in re.sub(r"\x1b\[\?25[lh]", "", shown).split("\n"):
        if states := re.findall(r"(\w[\w ]*?) +\[[#-]*\] +(\d+)%", line):
            assert states[-1][1] == "100", line
            bars.append(list(dict.fromkeys(name for name, _ in states)))
    return bars
