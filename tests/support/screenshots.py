"""Draws every page of the demo as its readers see it, to be looked at, and the README's picture."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.access import THEMES
from tests.support.chromium import launched
from tests.support.indexed_png import indexed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, ViewportSize

    from tests.support.access import Theme

STANDLINE = str(Path(sys.executable).with_name("standline"))
ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "build" / "screenshots"
OF_THE_README = ROOT / "docs" / "screenshots" / "topic.png"
LANGUAGES = ("en-GB", "de-DE")
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
BEST: tuple[str, ViewportSize] = ("/t/cuba-embargo", {"width": 1440, "height": 1280})
"""The page on the README's picture."""


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
    """Draw the pages named, or all, in each theme, width and language; and the README's picture."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with demo() as address, launched(seen=True) as browser:
        for name in names or PAGES:
            for size, theme, language in product(SIZES, THEMES, LANGUAGES):
                file = PICTURES / f"{name}-{size['width']}-{theme}-{language[:2]}.png"
                with opened(browser, address + PAGES[name], size, theme, language) as page:
                    file.write_bytes(page.screenshot())
        path, size = BEST
        with opened(browser, address + path, size, "light", LANGUAGES[0]) as page:
            shot = page.screenshot()
            page.goto("about:blank")
            OF_THE_README.write_bytes(indexed(page, shot))


@contextmanager
def opened(
    browser: Browser, url: str, size: ViewportSize, theme: Theme, language: str
) -> Iterator[Page]:
    """Open a page that stands still."""
    page = browser.new_page(
        viewport=size, color_scheme=theme, reduced_motion="reduce", locale=language
    )
    page.goto(url, wait_until="networkidle")
    yield page
    page.close()


if __name__ == "__main__":
    draw(sys.argv[1:])
