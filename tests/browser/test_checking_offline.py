"""A reader saves a proof and a checkpoint in the browser, and checks both without the site."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.browser.reader import Reader
from tests.cli.test_proving import go_on, rewrite
from tests.support.store_copies import copied
from tests.support.web_server import served
from timeline.bootstrap import open_store
from timeline.stores.store_url import StoreUrl
from web import create_app
from web.shell.identity import everybody_reads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.contexts import Contexts

pytestmark = pytest.mark.thorough

NUMBER = 64
"""A statement of the Berlin talks."""

UNCHANGED = "unchanged since it was recorded"


@contextmanager
def read_at(store: str, contexts: Contexts) -> Iterator[Reader]:
    """Serve a store to readers, and open one's browser."""
    with (
        closing(open_store(store)) as services,
        served(create_app(services, identify=everybody_reads)) as address,
        Reader.opened(contexts, address) as me,
    ):
        me.go(f"/s/{NUMBER}/proof")
        yield me


def save(me: Reader, folder: Path, link: str) -> Path:
    """Save what a link of the page leads to, be it shown or sent as a file; stay on the page."""
    path, locator = (
        folder / link,
        me.find(".proof-files").get_by_role("link", name=link, exact=True),
    )
    if link == "checkpoint":
        with me.page.expect_response("**/checkpoint") as shown:
            locator.click()
        path.write_bytes(shown.value.body())
        me.page.go_back()
    else:
        with me.page.expect_download() as sent:
            locator.click()
        sent.value.save_as(path)
    return path


def grown(me: Reader, folder: Path, kept: Path) -> Path:
    """Save the proof that the record only grew since a checkpoint, as the page says it."""
    size = kept.read_text(encoding="utf-8").splitlines()[1]
    with me.page.expect_response(f"**/growth?old={size}") as shown:
        me.go(f"/growth?old={size}")
    (folder / "growth").write_bytes(shown.value.body())
    return folder / "growth"


def checked(folder: Path, key: str, *files: Path) -> str:
    """Return what the saved program says at last, run with Python and nothing else."""
    bare = [sys.executable, "-I", "-S", str(folder / "check.py"), *map(str, files)]
    done = subprocess.run([*bare, "--key", key], capture_output=True, text=True, check=False)
    return done.stdout.splitlines()[-1]


def test_a_proof_and_a_kept_checkpoint_hold_offline_and_a_doctored_copy_is_refused(
    contexts: Contexts, talks_original: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANDLINE_KEY", str(tmp_path / "test.key"))
    first, later, forged = (tmp_path / name for name in ("first", "later", "forged"))
    with copied(talks_original, tmp_path) as store:
        with read_at(store, contexts) as me:
            for name in (f"{NUMBER}.tlog-proof", "checkpoint", "check.py"):
                save(me, first, name)
            key = str(me.find(".proof-code").first.inner_text()).split()[-1]
        kept, proof = first / "checkpoint", f"{NUMBER}.tlog-proof"
        assert checked(first, key, first / proof) == UNCHANGED
        go_on(store)
        with read_at(store, contexts) as me:
            taken = save(me, later, proof)
            assert checked(first, key, taken, kept, grown(me, later, kept)) == UNCHANGED
        doctored = tmp_path / "doctored.db"
        shutil.copy(StoreUrl.parse(store).log_path, doctored)
        rewrite(f"sqlite:///{doctored}", NUMBER)
        with read_at(f"sqlite:///{doctored}", contexts) as me:
            taken = save(me, forged, proof)
            assert checked(first, key, taken) == UNCHANGED
            told = checked(first, key, taken, kept, grown(me, forged, kept))
        assert told.startswith("DOES NOT HOLD")
        assert "was rewritten" in told
