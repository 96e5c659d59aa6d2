"""The command that prints a codebook or sets it from a file."""

from __future__ import annotations

import tomllib
from functools import partial
from pathlib import Path

import click
import msgspec

from timeline.cli.options import Count, open_services, read_connection, slugs_of, store_option
from timeline.cli.output import say
from timeline.cli.recorder import CliSession, byline_options
from timeline.domain.errors import NotFound, Refused
from timeline.domain.messages import InQuotes, Message
from timeline.domain.scales import scale_named
from timeline.domain.topic import Topic
from timeline.interchange.native.codebooks import (
    StatedCodebook,
    clean_codebook,
    state_codebook,
    statement_named,
)
from timeline.projections.queries import directory
from timeline.projections.queries.codebooks import codebooks

CODEBOOK_MALFORMED = Message(
    "codebook_malformed",
    "the codebook is not as it should be (%(why)s)",
    fix="see its shape in docs/codebook.md",
)
NO_CODEBOOK = Message(
    "no_codebook", "topic %(topic)s has no codebook", fix="set one from a file with --set"
)
NO_SUCH_CODEBOOK = Message(
    "no_such_codebook",
    "the codebook of topic %(topic)s has no version %(version)s that could be read",
    fix="leave --version out for the latest",
)


@click.command()
@click.argument("topic", metavar="TOPIC", shell_complete=slugs_of("topics"))
@click.option("--version", type=Count(min=1), metavar="N", help="An earlier version.")
@click.option(
    "--set",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the next version, from TOML or JSON.",
)
@click.option("--reason", default="", help="What changed, and why; else what the file says.")
@byline_options
@store_option
def codebook(
    store: str,
    by: str,
    key: str | None,
    topic: str,
    version: int | None,
    file: Path | None,
    reason: str,
) -> None:
    """Print by which rules a topic is coded, as JSON, or set them.

    What is printed can be changed and set again. The log position of what was set is printed.
    """
    if file is None:
        say(_printed(store, topic, version))
        return
    stated = _read(file)
    if reason:
        stated = msgspec.structs.replace(stated, reason=reason)
    with open_services(store) as services:
        _set(CliSession(services, by, key), topic, stated)


def _printed(store: str, slug: str, version: int | None) -> str:
    with read_connection(store) as conn:
        topic = directory.topic(conn, slug)
        versions = [book for book in codebooks(conn, topic.id) if version in (None, book.version)]
    if not versions or versions[-1].codebook is None:
        if version is None:
            raise NotFound(NO_CODEBOOK, topic=InQuotes(slug))
        raise NotFound(NO_SUCH_CODEBOOK, field="--version", topic=InQuotes(slug), version=version)
    stated = msgspec.json.encode(state_codebook(versions[-1].codebook, topic.scale))
    return msgspec.json.format(stated, indent=2).decode()


def _read(file: Path) -> StatedCodebook:
    text = file.read_bytes()
    try:
        if file.suffix == ".json":
            return msgspec.json.decode(text, type=StatedCodebook)
        return msgspec.convert(tomllib.loads(text.decode()), StatedCodebook)
    except (msgspec.MsgspecError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(CODEBOOK_MALFORMED, field=str(file), why=error) from None


def _set(run: CliSession, slug: str, stated: StatedCodebook) -> None:
    topics, statements = run.newsroom.topics, run.newsroom.statements
    topic = run.services.log.load(Topic, topics.stream(slug))
    scale = scale_named(topic.scale if topic else "")
    id_of = partial(statement_named, stream_of=statements.stream)
    written = clean_codebook(stated, scale, id_of)
    run.print_place(topics.write_codebook(run.byline(), slug, written))
    if topic and topic.codebook:
        gone = _left_out(state_codebook(topic.codebook, scale), state_codebook(written, scale))
        _tell_left_out(gone, topic.codebook_version)


def _left_out(before: StatedCodebook, after: StatedCodebook) -> list[str]:
    """Return the parts of one version that the next lacks: a version is always set as a whole."""
    titles = {rule.title for rule in after.rules}
    return [
        *(["about"] if before.about and not after.about else []),
        *(word for word in before.stances if word not in after.stances),
        *(repr(rule.title) for rule in before.rules if rule.title not in titles),
    ]


def _tell_left_out(gone: list[str], version: int) -> None:
    if gone:
        words = f"the new version leaves out {', '.join(gone)}"
        say(f"standline: {words}; --version {version} prints it, to be set again", err=True)
