"""Draws the pictures of the documentation: the demo, as its readers see it."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.chromium import launched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import ViewportSize

STANDLINE = str(Path(sys.executable).with_name("standline"))
PICTURES = Path(__file__).parents[2] / "docs" / "images"
WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}
SHOTS = {
    "home": ("/", WIDE, "light"),
    "topic": ("/t/eu-accession", WIDE, "light"),
    "topic-dark": ("/t/eu-accession", WIDE, "dark"),
    "topic-narrow": ("/t/eu-accession", NARROW, "light"),
    "votes": ("/t/cuba-embargo", WIDE, "light"),
    "actor": ("/a/russia", WIDE, "light"),
    "log": ("/log", WIDE, "light"),
}


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
    """Draw the pictures named, or all."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with demo() as address, launched() as browser:
        for name in names or SHOTS:
            path, size, theme = SHOTS[name]
            page = browser.new_page(
                viewport=size, color_scheme="dark" if theme == "dark" else "light", locale="en-GB"
            )
            answer = page.goto(address + path, wait_until="networkidle")
            assert answer is not None
            assert answer.ok, f"{path} answers {answer.status}"
            page.screenshot(path=PICTURES / f"{name}.png")
            page.close()


if __name__ == "__main__":
    draw(sys.argv[1:])
