"""Compares what two versions of the site answer at every address of the demo.

`python -m tests.support.same_bytes keep FILE` writes down what this version answers; `compare FILE`
answers again and shows where the two differ. Every page comes whole and as the part for htmx,
in English and in German, and as data where it has some. The clock stands still at one instant, and
what is minted for each answer (ids of forms, versions of files) is left out.
"""

from __future__ import annotations

import difflib
import gzip
import json
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tests.support.pages import PAGES
from timeline.bootstrap import open_store
from timeline.interchange import import_files
from web import create_app
from web.shell.identity import everybody_is

if TYPE_CHECKING:
    from flask.testing import FlaskClient

DEMO = Path(__file__).parents[1] / "fixtures" / "first_part.log.jsonl.gz"
NOW = 1_795_600_000
"""26 November 2026, in seconds UTC."""

LANGUAGES = ("en", "de")
DATA = (".csv", ".json", ".atom")
EVERY = 20
"""One statement of so many beyond the first hundred: they are votes and read alike."""

MINTED = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "(id)"),
    (re.compile(r"[?&](?:amp;)?v=[0-9a-f]{10}"), ""),
)


def addresses(of: dict[str, list[str]]) -> list[str]:
    """Return every address to open, given the slugs of topics and actors and entries' numbers."""
    nouns = [f"/t/{slug}" for slug in of["topic"]] + [f"/a/{slug}" for slug in of["actor"]]
    entries = [f"/s/{number}" for number in of["entry"]]
    data = [f"{page}{ending}" for page in nouns for ending in DATA]
    return list(dict.fromkeys([*PAGES, *nouns, *entries, *data, "/actors", "/corrections.atom"]))


def answers() -> dict[str, str]:
    """Return what every address answers, by language, form and address."""
    with tempfile.TemporaryDirectory() as folder:
        services = open_store(f"sqlite:///{folder}/demo.db", clock=lambda: NOW * 1_000_000)
        import_files(services, [DEMO])
        services.models.catch_up()
        app = create_app(services, identify=everybody_is("editor"))
        reader = app.test_client()
        found = {}
        asked = addresses(_recorded())
        with click.progressbar(asked, file=sys.stderr) as bar:
            for address in bar:
                for lang in LANGUAGES:
                    for part in (False, True):
                        found[f"{lang} {'part' if part else 'page'} {address}"] = _answer(
                            reader, address, lang, part=part
                        )
        services.close()
    return found


def _recorded() -> dict[str, list[str]]:
    """Return what the demo's log holds: slugs of topics and actors, numbers of entries."""
    found: dict[str, list[str]] = {"topic": [], "actor": [], "entry": []}
    for line in gzip.decompress(DEMO.read_bytes()).decode().splitlines():
        event = json.loads(line)
        noun, _, happened = event["type"].partition(".")
        if happened in ("opened", "introduced") and noun in found:
            found[noun].append(event["data"]["slug"])
        if happened == "recorded":
            found["entry"].append(str(event["sequence"]))
    found["entry"] = found["entry"][:100] + found["entry"][100::EVERY]
    return found


def _answer(reader: FlaskClient, address: str, lang: str, *, part: bool) -> str:
    headers = {"Accept-Language": lang}
    if part:
        headers |= {"HX-Request": "true", "HX-Target": "view"}
    response = reader.get(address, headers=headers)
    text = f"{response.status_code}\n{response.get_data(as_text=True)}"
    for pattern, instead in MINTED:
        text = pattern.sub(instead, text)
    return text


@click.group()
def main() -> None:
    """Keep or compare what the site answers."""


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
def keep(file: Path) -> None:
    """Write down what every address answers."""
    with gzip.open(file, "wt", encoding="utf-8") as to:
        json.dump(answers(), to)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True))
@click.option("--most", default=5, help="Differences to show in full.")
def compare(file: Path, most: int) -> None:
    """Show which addresses answer something else; status 1 if any does."""
    with gzip.open(file, "rt", encoding="utf-8") as of:
        before = json.load(of)
    after = answers()
    differing = [one for one in {**before, **after} if before.get(one) != after.get(one)]
    for one in differing[:most]:
        was, now = before.get(one, "").splitlines(), after.get(one, "").splitlines()
        click.echo("\n".join(difflib.unified_diff(was, now, one, one, n=0, lineterm="")))
    for one in differing[most:]:
        click.echo(one)
    click.echo(f"{len(after)} answers, {len(differing)} differ")
    sys.exit(bool(differing))


if __name__ == "__main__":
    main()
