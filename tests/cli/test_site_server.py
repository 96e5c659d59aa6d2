"""A server ends in order, whatever is at work, and tells of open files with a secret."""

from __future__ import annotations

import os
import signal
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from timeline.cli.process import stopping_in_order
from timeline.cli.site_server import warn_if_readable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def raised(error: type[BaseException]) -> SimpleNamespace:
    """Return what Python tells of an error that nobody can be told of."""
    told = {"exc_value": None, "exc_traceback": None, "err_msg": None, "object": None}
    return SimpleNamespace(exc_type=error, **told)


def test_a_request_to_stop_that_a_library_swallows_is_no_trouble(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is raised in the midst of the collection of garbage, which Python says on stderr."""
    told: list[object] = []
    before: Callable[[object], object] = told.append
    monkeypatch.setattr(sys, "unraisablehook", before)
    with stopping_in_order() as stopping:
        stopping.at_once()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGTERM)
        sys.unraisablehook(raised(KeyboardInterrupt))
        assert told == []
        trouble = raised(ValueError)
        sys.unraisablehook(trouble)
        assert told == [trouble]
        with pytest.raises(KeyboardInterrupt):
            stopping.if_asked()
    assert sys.unraisablehook == before


@pytest.mark.parametrize("name", ["if_asked", "at_once"])
def test_a_request_to_stop_waits_for_a_safe_place_until_the_server_serves(name: str) -> None:
    with stopping_in_order() as stopping:
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(KeyboardInterrupt):
            getattr(stopping, name)()


@pytest.mark.parametrize(("mode", "is_told"), [(0o600, False), (0o640, False), (0o644, True)])
def test_a_secret_that_everybody_may_read_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], mode: int, *, is_told: bool
) -> None:
    file = tmp_path / "provider.toml"
    file.write_text('client_secret = "made up"')
    file.chmod(mode)
    warn_if_readable(file)
    assert (f"chmod o= {file}" in capsys.readouterr().err) == is_told
