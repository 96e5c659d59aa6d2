"""Measures pages against their budgets: bytes as sent, and server time over a large record.

Run it with `make budgets`; docs/performance.md keeps what it printed. Actors are invented. The last
line tells machines apart, and how evenly this one runs.
"""

from __future__ import annotations

import gc
import gzip
import json
import re
import statistics
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from timeline.bootstrap import open_store
from timeline.cli.site_server import tune_garbage_collector
from timeline.interchange.importing.files import import_files
from web import create_app
from web.shell.bundles import bundle
from web.shell.identity import everybody_is

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from werkzeug.test import TestResponse

STATIC = Path(__file__).parents[2] / "web" / "static"
DEMO = Path(__file__).parents[1] / "fixtures" / "first_part.log.jsonl.gz"
WORDS = ("opposes", "doubts", "accepts", "supports")

Sizes = dict[str, tuple[int, int]]
SIZES: Sizes = {"thousand": (10, 100), "hundred-thousand": (100, 1_000)}
"""Actors, and statements of each, by topic."""

RUNS = 40
KB = 1024

PAGE, FRAGMENT = 32, 17
"""Kilobytes of a topic with some twenty lanes and each of them in words, and of a step of it."""

REQUESTS = 9
SOON = 80
"""Milliseconds at the 95th percentile for a topic with 1,000 statements."""

LINKED = re.compile(r'(?:src|rel="(?:stylesheet|icon|preload)" href)="[^"]*/([^/"?]+)')
FILES = {
    "style sheet": (("app.css",), 24),
    "style sheets of a form": (("app.css", "record.css"), 24),
    "scripts": (("vendor/htmx-2.0.11.min.js", "app.js"), 30),
    "scripts of a form": (("vendor/htmx-2.0.11.min.js", "app.js", "record.js"), 30),
    "fonts, Latin": (("fonts/*-latin-*.woff2",), 170),
    "font of Cyrillic quotes": (("fonts/source-serif-*-cyrillic-*.woff2",), 40),
}
HEADER = (
    "| Page | kB sent | budget | median ms | p95 ms | budget | kept ms |",
    "|---|---:|---:|---:|---:|---:|---:|",
)


class Wanted(msgspec.Struct, frozen=True):
    """A page to measure: its budgets in kilobytes and milliseconds, where it has any."""

    name: str
    path: str
    size: int | None = None
    soon: int | None = None
    fragment: bool = False


DEMO_PAGES = (
    Wanted("home, both stories", "/"),
    Wanted("topic, 3 statements", "/t/security-guarantees", PAGE, SOON),
    Wanted("topic, 537 statements", "/t/cuba-embargo", PAGE, SOON),
    Wanted(
        "a step of its replay, 20 lanes",
        "/t/cuba-embargo?as_of=2010-12-31",
        FRAGMENT,
        fragment=True,
    ),
    Wanted("topic, 643 statements", "/t/mercenaries", PAGE, SOON),
    Wanted(
        "a step of its replay, the heaviest",
        "/t/mercenaries?as_of=2004-12-31",
        FRAGMENT,
        fragment=True,
    ),
    Wanted("actor", "/a/united-states"),
    Wanted("statement", "/s/64"),
)
LARGE_PAGES = (
    Wanted("topic, 1,000 statements", "/t/thousand", PAGE, SOON),
    Wanted("a step of its replay", "/t/thousand?as_of=2000-03-10", FRAGMENT, fragment=True),
    Wanted("topic, 100,000 statements", "/t/hundred-thousand", PAGE),
    Wanted("a step of its replay", "/t/hundred-thousand?as_of=2001-03-10", FRAGMENT, fragment=True),
    Wanted("actor, 1,000 statements", "/a/actor-50"),
)


def rows(sizes: Sizes) -> Iterator[str]:
    """Yield native lines: actors by statements, a day apart, on one topic for each size."""
    for topic, (actors, statements) in sizes.items():
        for actor in range(actors):
            for number in range(statements):
                day = f"{2000 + number // 336}-{number // 28 % 12 + 1:02d}-{number % 28 + 1:02d}"
                row = {
                    "kind": "statement",
                    "topic": topic,
                    "topic_question": f"Is this the question with a {topic} statements?",
                    "scale": "position",
                    "actor": f"actor-{actor}",
                    "actor_kind": "state",
                    "stance": WORDS[(number // 90 + actor) % len(WORDS)],
                    "said_at": day,
                    "paraphrase": f"Says on {day} what it says.",
                    "source": {"outlet": "Invented Times", "published_at": day},
                    "key": f"budget:{topic}-{actor}-{number}",
                }
                yield json.dumps(row)


def weigh(*patterns: str) -> float:
    """Return the size of bundles and static files as sent, in kB; fonts are packed already."""
    contents = [content for pattern in patterns for content in _contents(pattern)]
    sizes = (
        len(content if content[:4] == b"wOF2" else gzip.compress(content)) for content in contents
    )
    return sum(sizes) / KB


def _contents(pattern: str) -> list[bytes]:
    made = bundle(pattern)
    return [made.content] if made else [file.read_bytes() for file in STATIC.glob(pattern)]


def requests(app: Flask, path: str) -> int:
    """Return what a first view asks for: the page, what it links, and the Latin fonts."""
    linked = set(LINKED.findall(app.test_client().get(path).get_data(as_text=True)))
    return 1 + len(linked | {font.name for font in STATIC.glob("fonts/*-latin-*.woff2")})


def measure(app: Flask, wanted: Wanted, runs: int) -> str:
    """Return the line of a page: as sent, not kept, and then kept, by a reader who has been here.

    The time is the processor's, so that whatever else the machine does does not count.
    """
    reader = app.test_client()
    headers = {"HX-Request": "true"} if wanted.fragment else {}
    pages = app.extensions["pages"]

    def ask() -> TestResponse:
        return reader.get(wanted.path, headers=headers)

    size = len(gzip.compress(ask().get_data())) / KB
    median, late = timed(ask, runs, before=pages.forget)
    kept, _ = timed(ask, runs)
    cells = (wanted.name, f"{size:.1f}", _budget(wanted.size), f"{median:.0f}", f"{late:.0f}")
    return _line(*cells, _budget(wanted.soon), f"{kept:.1f}")


def timed(
    work: Callable[[], object], runs: int, *, before: Callable[[], object] = int
) -> tuple[float, float]:
    """Return the processor's milliseconds for a piece of work: the median and the 95th percentile.

    What comes ``before`` each run does not count.
    """
    times = []
    for _ in range(runs):
        before()
        begin = time.process_time()
        work()
        times.append((time.process_time() - begin) * 1000)
    return statistics.median(times), sorted(times)[round(runs * 0.95) - 1]


def loop() -> None:
    """Do nothing a million times."""
    for _ in range(1_000_000):
        pass


def tables(sizes: Sizes, runs: int = RUNS) -> Iterator[str]:
    """Yield the tables line by line, as Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "rows.jsonl"
        lines.write_text("\n".join(rows(sizes)), encoding="utf-8")
        yield from HEADER
        yield from report(f"sqlite:///{folder}/demo.db", DEMO, DEMO_PAGES, runs)
        yield from report(f"sqlite:///{folder}/large.db", lines, LARGE_PAGES, runs)
        median, late = timed(loop, runs)
        yield _line(
            "a million turns of an empty loop", "", "", f"{median:.0f}", f"{late:.0f}", "", ""
        )
        yield ""
        yield from ("| Part | | budget |", "|---|---:|---:|")
        for name, (patterns, most) in FILES.items():
            yield _line(name, f"{weigh(*patterns):.1f} kB", f"{most} kB")
        with _site(f"sqlite:///{folder}/demo.db") as app:
            yield _line(
                "requests, first view", str(requests(app, "/t/cuba-embargo")), str(REQUESTS)
            )


def report(store: str, file: Path, pages: tuple[Wanted, ...], runs: int) -> Iterator[str]:
    """Bring a file into a new store and yield the line of each page over it."""
    with _site(store, file) as app:
        for wanted in pages:
            yield measure(app, wanted, runs)


@contextmanager
def _site(store: str, file: Path | None = None) -> Iterator[Flask]:
    services = open_store(store)
    try:
        if file:
            import_files(services, [file])
            services.models.rebuild()
        app = create_app(services, identify=everybody_is("editor"))
        tune_garbage_collector()
        yield app
    finally:
        gc.unfreeze()
        services.close()


def _budget(most: int | None) -> str:
    return "" if most is None else str(most)


def _line(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    """Print the tables."""
    for line in tables(SIZES):
        click.echo(line)


if __name__ == "__main__":
    main()
