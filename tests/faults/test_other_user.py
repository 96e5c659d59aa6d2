"""A store on a medium that takes no writes, and one that belongs to another user, for real."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import closing
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.terminal import Answer, one_line, ran, started
from tests.cli.test_serving import Server
from timeline.bootstrap import open_store
from timeline.desk.accounts.roles import Role
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts, and is another user")

NOBODY = 65_534
SAID = ("record", "statement", "--topic", "eu-accession", "--actor", "ukraine", "--stance")
WORDS = ("supports", "--paraphrase", "Says so.", "--said-at", "2025-12-20", "--source-outlet", "A")


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    """A folder that every user may look into, as that of a test is not."""
    folder = Path(mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def store(talks_original: str, elsewhere: Path) -> StoreUrl:
    """A newsroom with an admin."""
    shutil.copytree(StoreUrl.parse(talks_original).log_path.parent, elsewhere / "store")
    url = StoreUrl.parse(f"sqlite:///{elsewhere / 'store' / 'newsroom.db'}")
    with closing(open_store(url.text)) as services:
        services.desk.people.add("ada", "Ada", Role.ADMIN, services.clock())
    return url


@pytest.fixture
def mounted(store: StoreUrl, elsewhere: Path) -> Iterator[StoreUrl]:
    """The same on a medium that takes no writes."""
    medium = elsewhere / "medium"
    medium.mkdir()
    mount = ["mount", "-t", "tmpfs", "none", str(medium)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this machine mounts nothing")
    try:
        shutil.copytree(store.log_path.parent, medium / "store")
        subprocess.run(["mount", "-o", "remount,ro", str(medium)], check=True)
        yield StoreUrl.parse(f"sqlite:///{medium / 'store' / 'newsroom.db'}")
    finally:
        subprocess.run(["umount", str(medium)], check=True)


def asked_by_nobody(*command: str) -> Answer:
    return ran(*command, user=NOBODY, group=NOBODY, cwd="/")


def serving_readers(url: StoreUrl, **who: Any) -> str:  # noqa: ANN401 - Popen's
    """Serve a store, see that everybody reads and nobody records, and return what it printed."""
    with started("serve", "--port", "0", "--store", url.text, cwd="/", **who) as process:
        try:
            server = Server(process)
            assert server.asked("/t/eu-accession").status == 200
            for path in ("/record", "/record/topic", "/record/64/retract"):
                assert server.asked(path, "POST", "reason=Wrong.").status in {401, 403}
        finally:
            process.terminate()
    return server.printed


def test_what_lies_on_a_medium_that_takes_no_writes_is_verified_read_exported_and_served(
    mounted: StoreUrl,
) -> None:
    before = sorted(mounted.log_path.parent.iterdir())
    for command, told in (("verify", "unchanged: "), ("topics", "eu-accession"), ("export", "{")):
        answer = ran(command, "--store", mounted.text)
        assert (answer.status, answer.err) == (0, "")
        assert told in answer.out
    assert "readonly" in one_line(ran(*SAID, *WORDS, "--store", mounted.text))
    assert "sign-in" in serving_readers(mounted)
    assert sorted(mounted.log_path.parent.iterdir()) == before


def test_a_store_of_another_user_is_told_in_one_line(store: StoreUrl) -> None:
    for command in ("verify", "doctor", "topics", "serve"):
        told = one_line(asked_by_nobody(command, "--store", store.text))
        assert told.startswith(f"--store: {store.log_path} cannot be opened as a store")


def test_where_the_desk_alone_is_another_user_s_everybody_reads_and_nobody_records(
    store: StoreUrl,
) -> None:
    folder = store.log_path.parent
    for file in folder.iterdir():
        if file.name != store.beside("desk.db").name:
            file.chmod(0o644)
    answer = asked_by_nobody("verify", "--store", store.text)
    assert (answer.status, answer.err) == (0, "")
    printed = serving_readers(store, user=NOBODY, group=NOBODY)
    assert "desk     nobody signs in or records: " in printed
