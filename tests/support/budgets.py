"""Measures pages against their budgets: bytes as sent, and server time over a large record.

Run it with `make budgets`; docs/performance.md keeps what it printed. Actors are invented.
"""

from __future__ import annotations

import gzip
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from timeline.bootstrap import open_store
from timeline.interchange.importing import import_files
from web import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

STATIC = Path(__file__).parents[2] / "web" / "static"
DEMO = Path(__file__).parents[2] / "fixtures" / "demo.log.jsonl"
WORDS = ("opposes", "doubts", "accepts", "supports")
SIZES = {"thousand": (10, 100), "hundred-thousand": (100, 1_000)}
RUNS = 20
KB = 1024


def rows() -> Iterator[str]:
    """Yield native lines: actors by statements, a day apart, on one topic for each size."""
    for topic, (actors, statements) in SIZES.items():
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


def weigh(*names: str) -> float:
    """Return the size of static files as sent, in kB."""
    return sum(len(gzip.compress((STATIC / name).read_bytes())) for name in names) / KB


def measure(app: Flask, path: str, *, fragment: bool = False) -> tuple[float, float, float]:
    """Return kB as sent, and the median and the 95th percentile of uncached answers in ms."""
    reader = app.test_client()
    headers = {"HX-Request": "true"} if fragment else {}
    times, size = [], 0.0
    for _ in range(RUNS + 1):
        app.extensions["pages"].clear()
        begin = time.perf_counter()
        answer = reader.get(path, headers=headers)
        times.append((time.perf_counter() - begin) * 1000)
        size = len(gzip.compress(answer.get_data())) / KB
    times = sorted(times[1:])
    return size, statistics.median(times), times[int(RUNS * 0.95) - 1]


def main() -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "rows.jsonl"
        lines.write_text("\n".join(rows()), encoding="utf-8")
        click.echo("| Page | kB sent | median ms | p95 ms | cached ms |")
        click.echo("|---|---:|---:|---:|---:|")
        report(f"sqlite:///{folder}/demo.db", DEMO, DEMO_PAGES)
        report(f"sqlite:///{folder}/large.db", lines, LARGE_PAGES)
    click.echo("")
    click.echo("| Part | kB sent | budget |")
    click.echo("|---|---:|---:|")
    scripts = ("vendor/htmx-2.0.11.min.js", "app.js")
    click.echo(f"| style sheet | {weigh('app.css'):.1f} | 16 |")
    click.echo(f"| scripts | {weigh(*scripts):.1f} | 22 |")


DEMO_PAGES = {
    "home, both stories": "/",
    "topic, 3 statements": "/t/security-guarantees",
    "topic, 537 statements": "/t/cuba-embargo",
    "actor": "/a/united-states",
    "statement": "/s/64",
}
LARGE_PAGES = {
    "topic, 1,000 statements": "/t/thousand",
    "the same, a step of the replay": "/t/thousand?asof=2000-03-10",
    "topic, 100,000 statements": "/t/hundred-thousand",
    "the same, a step back": "/t/hundred-thousand?asof=2001-03-10",
}


def report(store: str, file: Path, pages: dict[str, str]) -> None:
    """Bring a file into a new store and measure pages over it."""
    services = open_store(store)
    import_files(services, [file])
    services.models.rebuild()
    app = create_app(services)
    for name, path in pages.items():
        size, median, late = measure(app, path, fragment="step" in name)
        reader = app.test_client()
        reader.get(path)
        begin = time.perf_counter()
        reader.get(path)
        kept = (time.perf_counter() - begin) * 1000
        click.echo(f"| {name} | {size:.1f} | {median:.0f} | {late:.0f} | {kept:.1f} |")
    services.close()


if __name__ == "__main__":
    main()
