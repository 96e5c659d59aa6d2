"""Draws the pictures of the documentation: every page of the demo, as its readers see it."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.access import THEMES
from tests.support.chromium import launched
from tests.support.indexed_png import indexed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ViewportSize

    from tests.support.access import Theme

STANDLINE = str(Path(sys.executable).with_name("standline"))
PICTURES = Path(__file__).parents[2] / "docs" / "screenshots"
SIZES: tuple[ViewportSize, ...] = (
    {"width": 1440, "height": 900},
    {"width": 1024, "height": 768},
    {"width": 390, "height": 844},
)
PAGES = {
    "home": "/",
    "topic": "/t/security-guarantees",
    "votes": "/t/cuba-embargo#chart",
    "proof": "/t/eu-accession?s=64",
    "replay": "/t/cuba-embargo?as_of=2016-10-26#chart",
    "table": "/t/nato-membership?view=table#chart",
    "why": "/t/cuba-embargo/why/united-states",
    "actors": "/actors",
    "actor": "/a/russia",
    "statement": "/s/67",
    "development": "/s/88",
    "log": "/log",
    "compare": "/log/diff?topic=cuba-embargo&clock=said&a=2015-01-01",
    "said": "/log/said",
    "corrections": "/corrections",
    "search": "/search?q=guarantees",
    "record": "/record?topic=nato-membership",
    "embed": "/embed/t/cuba-embargo",
    "embed-entry": "/embed/s/64",
    "missing": "/t/eu-acession",
}
BEST: tuple[str, str, ViewportSize] = (
    "topic.png",
    "/t/cuba-embargo",
    {"width": 1440, "height": 1280},
)
"""The picture of the README."""


@contextmanager
def demo() -> Iterator[str]:
    """Run the demo on a free port and yield its address."""
    command = [STANDLINE, "demo", "--port", "0", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield next(
                line.split()[1] for line in process.stdout if line.startswith("serving ")
            ).rstrip("/")
        finally:
            process.send_signal(signal.SIGINT)  # it removes its store


def draw(names: list[str]) -> None:
    """Draw the pages named, or all, in both themes and three widths."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with demo() as address, launched(seen=True) as browser:
        for name in names or PAGES:
            for size in SIZES:
                for theme in THEMES:
                    file = f"{name}-{size['width']}-{theme}.png"
                    shoot(browser, address + PAGES[name], size, theme, file)
        file, path, size = BEST
        shoot(browser, address + path, size, "light", file)


def shoot(browser: Browser, url: str, size: ViewportSize, theme: Theme, file: str) -> None:
    """Draw one picture."""
    page = browser.new_page(
        viewport=size, color_scheme=theme, reduced_motion="reduce", locale="en-GB"
    )
    page.goto(url, wait_until="networkidle")
    shot = page.screenshot()
    page.goto("about:blank")
    (PICTURES / file).write_bytes(indexed(page, shot))
    page.close()


if __name__ == "__main__":
    draw(sys.argv[1:])
