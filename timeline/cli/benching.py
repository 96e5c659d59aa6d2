"""The benchmark command: the costs of the record on this machine, compared with floors."""

from __future__ import annotations

import platform
import tempfile
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import click

from timeline.benchmark.crowd import FILES
from timeline.benchmark.measure import QUICK, THOROUGH
from timeline.benchmark.measures import SiteFunctions, measure
from timeline.capture.scoring import SCORED, compare
from timeline.cli.options import Count
from timeline.cli.output import format_options, print_answers, print_table
from timeline.cli.serving import fixture
from timeline.rooms import RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from timeline.benchmark.measure import Measure
    from timeline.bootstrap import Services


EVENTS, FEW_EVENTS = 50_000, 5_000
HEADER = ("what", "of", "takes", "a second", "floor", "ratio", "the floor is to")


@click.command()
@click.option(
    "--events",
    type=Count(min=1_000),
    help=f"How long a log to measure with; {EVENTS:,} without it, with --quick {FEW_EVENTS:,}.",
)
@click.option(
    "--quick", is_flag=True, help="Do everything once, and ask for a quarter of the pages."
)
@click.option(
    "--store",
    metavar="URL",
    help="An empty store to fill; without one, a SQLite file that is removed afterwards.",
)
@click.option(
    "--suggestions",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Measure suggestions instead, by the labelled texts of a folder.",
)
@format_options
def bench(
    events: int | None, store: str | None, suggestions: Path | None, form: str, *, quick: bool
) -> None:
    """Measure what the record costs on this machine.

    Each figure stands beside its floor: what the same database, file or server takes for the same
    bytes and nothing else, or what the same takes in a record of 1,000 statements. Everything
    but the store itself is measured in SQLite files that are removed afterwards.

    With --suggestions it scores what rules suggest by language: how much of it is labelled
    (precision), how much of what is labelled is found (recall), and the same of suggestions whose
    speaker is right (usable) or among the two that are offered.
    """
    if suggestions:
        print_answers(compare(suggestions, (RULES,)), form, SCORED, SCORED)
        return
    effort = QUICK if quick else THOROUGH
    size = events or (FEW_EVENTS if quick else EVENTS)
    around = SiteFunctions(_site, _serve, _answer, fixture("un-votes-bulk.toml"))
    with _address(store) as address:
        measures = list(measure(address, size, effort, around))
    if form:
        rows = [_plain(result) for result in measures]
        print_answers(rows, form, (), [*rows[0]])
        return
    where = "PostgreSQL" if address.startswith("postgres") else "SQLite"
    program = f"standline {version('standline')} on Python {platform.python_version()}"
    click.echo(f"{program}, {where}, {size:,} events")
    print_table(HEADER, [_line(result) for result in measures])


@contextmanager
def _address(store: str | None) -> Iterator[str]:
    if store is not None:
        yield store
        return
    with tempfile.TemporaryDirectory(prefix="standline-bench-") as folder:
        yield f"sqlite:///{Path(folder) / 'bench.db'}"


def _site(services: Services) -> Callable[[str], object]:
    """Open the site of a store; return a function that makes a page without the cache."""
    from web import create_app  # noqa: PLC0415 - only pages need the site
    from web.shell.identity import everybody_reads  # noqa: PLC0415

    app = create_app(services, identify=everybody_reads)
    reader, pages = app.test_client(), app.extensions["pages"]

    def make(path: str) -> object:
        pages.forget()
        return reader.get(path)

    return make


@contextmanager
def _serve(services: Services, readers: int) -> Iterator[int]:
    """Serve the site of a store for a number of live readers, and yield the port."""
    from timeline.cli.following import Follower  # noqa: PLC0415 - only pages need the site
    from timeline.cli.serving_aside import serve_in_background  # noqa: PLC0415
    from timeline.cli.site_server import THREADS  # noqa: PLC0415
    from timeline.serving.connections import allow_connections  # noqa: PLC0415
    from web import create_app  # noqa: PLC0415
    from web.shell.identity import everybody_reads  # noqa: PLC0415

    allow_connections(readers + FILES)
    app = create_app(
        services,
        identify=everybody_reads,
        live_readers=readers,
        live_at_address=readers,
        followed=True,
    )
    with (
        Follower(services, app.extensions["told"]).following(),
        serve_in_background(app, THREADS) as port,
    ):
        yield port


@contextmanager
def _answer(body: bytes) -> Iterator[int]:
    """Serve one answer at any address, and yield the port."""
    from flask import Flask  # noqa: PLC0415 - only pages need a server

    from timeline.cli.serving_aside import serve_in_background  # noqa: PLC0415
    from timeline.cli.site_server import THREADS  # noqa: PLC0415

    bare = Flask("bare")
    bare.add_url_rule("/<path:_>", view_func=lambda _: body)
    with serve_in_background(bare, THREADS) as port:
        yield port


def _line(measure: Measure) -> tuple[str, ...]:
    is_time = measure.unit == "seconds"
    tell = _seconds if is_time else _bytes
    return (
        measure.name,
        f"{measure.number:,}",
        tell(measure.takes),
        f"{measure.number / measure.takes:,.0f}" if is_time else "",
        tell(measure.floor_takes),
        f"{measure.ratio:.2f}",
        measure.floor_is,
    )


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1_000:.2f} ms"


def _bytes(size: float) -> str:
    return f"{size / 1_000_000:,.1f} MB"


def _plain(measure: Measure) -> dict[str, object]:
    return {
        "name": measure.name,
        "number": measure.number,
        "unit": measure.unit,
        "takes": round(measure.takes, 6),
        "floor": measure.floor_is,
        "floor_takes": round(measure.floor_takes, 6),
        "ratio": round(measure.ratio, 3),
    }
