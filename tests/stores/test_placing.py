"""A file made aside comes to its place whole, whatever the file system knows of names."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from timeline.stores.placing import put_in_place

if TYPE_CHECKING:
    from collections.abc import Callable


def refusing(number: int) -> Callable[..., NoReturn]:
    def refuse(*_: object) -> NoReturn:
        raise OSError(number, os.strerror(number))

    return refuse


@pytest.fixture(params=[None, errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS])
def file_system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be on a file system of each kind: with hard links, and without in every way to say so."""
    if request.param:
        monkeypatch.setattr(os, "link", refusing(request.param))


@pytest.mark.usefixtures("file_system")
def test_a_file_comes_to_its_place(tmp_path: Path) -> None:
    made, place = tmp_path / "made", tmp_path / "place"
    made.write_text("whole")
    made.chmod(0o600)
    put_in_place(made, place)
    assert place.read_text() == "whole"
    assert place.stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("file_system")
@pytest.mark.parametrize("there", ["of others", ""])
def test_what_is_there_keeps_its_place(tmp_path: Path, there: str) -> None:
    made, place = tmp_path / "made", tmp_path / "place"
    made.write_text("whole")
    place.write_text(there)
    with pytest.raises(FileExistsError):
        put_in_place(made, place)
    assert (made.read_text(), place.read_text()) == ("whole", there)


def test_a_place_that_was_held_for_nothing_is_given_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "made").write_text("whole")
    monkeypatch.setattr(os, "link", refusing(errno.EPERM))
    monkeypatch.setattr(Path, "replace", refusing(errno.EIO))
    with pytest.raises(OSError, match="Input/output error"):
        put_in_place(tmp_path / "made", tmp_path / "place")
    assert [file.name for file in tmp_path.iterdir()] == ["made"]


def test_trouble_of_another_kind_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "made").write_text("whole")
    monkeypatch.setattr(os, "link", refusing(errno.ENOSPC))
    with pytest.raises(OSError, match="No space left"):
        put_in_place(tmp_path / "made", tmp_path / "place")
    assert [file.name for file in tmp_path.iterdir()] == ["made"]


@pytest.mark.usefixtures("file_system")
def test_a_place_that_a_power_cut_may_take_back_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "made").write_text("whole")
    bring = os.fsync

    def refuse_folders(held: int) -> None:
        if stat.S_ISDIR(os.fstat(held).st_mode):
            refusing(errno.EIO)()
        bring(held)

    monkeypatch.setattr(os, "fsync", refuse_folders)
    with pytest.raises(OSError, match="Input/output error"):
        put_in_place(tmp_path / "made", tmp_path / "place")
    assert not (tmp_path / "place").exists()
