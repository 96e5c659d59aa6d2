"""The command that draws the chart of a topic as a file, without a server."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote, urlencode

import click

from timeline.cli.exporting import write_file
from timeline.cli.options import (
    actors_option,
    as_of_option,
    known_at_option,
    open_services,
    slugs_of,
    store_option,
)
from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message

NO_PICTURE_FILE = Message(
    "no_picture_file", "a chart is drawn as .svg or .png", fix="name a file that ends so"
)
NO_SITE_LANGUAGE = Message(
    "no_site_language", "%(lang)s is no language of the site", fix="use %(choices)s"
)


@click.command("chart")
@click.argument("topic", shell_complete=slugs_of("topics"))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, readable=False),
    metavar="FILE",
    required=True,
    help="Where to, as .svg or .png.",
)
@actors_option
@click.option("--from", "from", metavar="DATE", help="From this day, month or year on.")
@click.option("--to", metavar="DATE", help="Up to this day, month or year.")
@as_of_option
@known_at_option
@click.option("--size", default="print", show_default=True, help="Print, or social for a card.")
@click.option(
    "--theme",
    type=click.Choice(["light", "dark"]),
    default="light",
    show_default=True,
    help="For which ground.",
)
@click.option("--lang", default="en", show_default=True, help="The language of the words.")
@click.option("--site", metavar="URL", default="http://localhost", help="Where readers find it.")
@click.option(
    "--publisher",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Whom to credit, and the language of the record's own words (TOML).",
)
@store_option
def chart_(
    store: str, topic: str, output: Path, site: str, publisher: Path | None, **view: str
) -> None:
    """Draw the chart of a topic as SVG or PNG, as its page shows it."""
    form = output.suffix.removeprefix(".").lower()
    if form not in ("svg", "png"):
        raise Refused(NO_PICTURE_FILE, field="--output")
    parameters = {
        "actor" if name == "actors" else name: value for name, value in view.items() if value
    }
    query = urlencode(parameters, doseq=True)
    with open_services(store) as services:
        from web import create_app  # noqa: PLC0415 - only drawing needs the site
        from web.i18n.languages import LANGUAGES  # noqa: PLC0415
        from web.picture.answer import picture_bytes  # noqa: PLC0415
        from web.picture.of_topic import picture_of  # noqa: PLC0415
        from web.shell.publisher import read_publisher  # noqa: PLC0415

        if view["lang"] not in LANGUAGES:
            lang, choices = InQuotes(view["lang"]), " or ".join(LANGUAGES)
            raise Refused(NO_SITE_LANGUAGE, field="--lang", lang=lang, choices=choices)
        credited = read_publisher(publisher) if publisher else None
        app = create_app(services, publisher=credited)
        with app.test_request_context(f"/t/{quote(topic)}.{form}?{query}", base_url=site):
            picture = picture_bytes(picture_of(topic), form)

        def write(out: BinaryIO) -> None:
            out.write(picture)

        write_file(output, write)
