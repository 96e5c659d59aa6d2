"""A real Chromium for the tests: the one that is installed, else one that is fetched."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from tests.support import debian

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

SHELL = "chromium-headless-shell"
"""The same browser without its windows: it takes half the work to open a page."""

NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--font-render-hinting=none",
    # What a page of ours needs it brings itself: every other host is unknown.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE [::1]",
    "--no-first-run",
    "--no-pings",
)
UNHURRIED = "--js-flags=--no-opt,--no-maglev"
"""Run scripts as they are first compiled: no page of a test is open until making them fast pays."""

UNSEEN = "--force-gpu-mem-available-mb=1"
"""Lay pages out and paint them, at every frame, into no pixels: there is no room for those."""

HELP = "no Chromium and no way to fetch one: install Chromium or Chrome, or put it on PATH"


@cache
def find() -> str | None:
    """Return the path of an installed Chromium or Chrome, Playwright's own being the last."""
    named = [found for name in NAMES if (found := shutil.which(name))]
    with sync_playwright() as playwright:
        fetched = playwright.chromium.executable_path
    return next((path for path in (*named, *MAC, fetched) if Path(path).exists()), None)


@contextmanager
def launched(*, seen: bool = False) -> Iterator[Browser]:
    """Run a headless Chromium that speaks to this machine only.

    It has pixels, for pictures to be taken of, if it is to be ``seen``.
    """
    path = find()
    if path is None:
        raise FileNotFoundError(HELP)
    sandbox = () if os.geteuid() else ("--no-sandbox",)  # Chromium refuses root a sandbox
    arguments = [*ARGUMENTS, UNHURRIED, *sandbox, *(() if seen else (UNSEEN,))]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        try:
            yield browser
        finally:
            browser.close()


def provide() -> str | None:
    """Return the path of a Chromium, after installing one if there is none.

    Where nobody has to be asked, as in a container, the shell is installed beside another one.
    """
    if os.geteuid() == 0 and shutil.which(SHELL) is None:
        debian.install(SHELL)
    for install in (_nothing, _by_apt, _by_playwright):
        install()
        find.cache_clear()
        if path := find():
            return path
    return None


def _nothing() -> None:
    """Look first."""


def _by_apt() -> None:
    debian.install(SHELL)
    if shutil.which(SHELL) is None:
        debian.install("chromium")


def _by_playwright() -> None:
    debian.attempt([sys.executable, "-m", "playwright", "install", "chromium"])


if __name__ == "__main__":
    sys.exit(None if provide() else f"tests: {HELP}")
