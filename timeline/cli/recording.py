"""The record forms for scripts: statements, developments, their sources and passages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from timeline.application.commands import (
    Condition,
    Excerpt,
    Quoted,
    RecordDevelopment,
    RecordStatement,
    Source,
)
from timeline.application.entries import Entries
from timeline.cli.options import Count, Recording, recording, store_option
from timeline.domain.development import DevelopmentRecorded

F = TypeVar("F", bound=Callable[..., Any])

SOURCE = {
    "outlet": "Who published it.",
    "title": "Its headline.",
    "url": "Its address, http or https.",
    "author": "Who wrote it.",
    "published_at": "When it was published, in EDTF.",
    "lang": "Its language, such as de.",
}


def _source_options(command: F) -> F:
    for name in reversed(SOURCE):
        flag, field = f"--source-{name.replace('_', '-')}", f"source_{name}"
        command = click.option(flag, field, metavar="TEXT", help=SOURCE[name])(command)
    return command


def _byline_options(command: F) -> F:
    command = click.option("--by", default="editor", show_default=True, help="Public handle.")(
        command
    )
    return click.option("--key", help="Makes the command count once, however often it is given.")(
        command
    )


@click.group()
@click.option("--store", metavar="URL", help="May stand here as well as after the command.")
def record(store: str | None) -> None:
    """Record statements, developments, sources and passages.

    Topics and actors must be on record; an import brings new ones.
    """


@record.command()
@click.option("--topic", required=True, metavar="SLUG")
@click.option("--actor", required=True, metavar="SLUG")
@click.option("--stance", required=True, help="A word of the topic's scale, or no_position.")
@click.option("--no-position-reason", help="declined or unstated.")
@click.option("--asked", help="The question to which the answer was declined.")
@click.option("--said-at", metavar="EDTF", help="When it was said; else by publication.")
@click.option("--on-behalf-of", metavar="SLUG", help="For whom the actor spoke.")
@click.option("--mandate-reason", help="Why the words stand for both without a mandate.")
@click.option("--condition", help="What the stance depends on.")
@click.option("--condition-topic", metavar="SLUG", help="The topic that is about just that.")
@click.option("--hedge", help="The source's könnte or might.")
@click.option("--attribution", help="quoted, reported, voted, joint, second_hand or ascribed.")
@click.option("--reported-via", help="Who says so, for second-hand words.")
@click.option("--quote", help="Words that the source puts in quotation marks.")
@click.option("--quote-lang", help="Its language, such as de.")
@click.option("--quote-wording", help="original, translated or unknown.")
@click.option("--quote-translated-by", help="Who translated it, if the source did.")
@click.option("--passage", help="The source's wording of what carries the statement.")
@click.option("--translation", help="Our translation of the quote.")
@click.option("--paraphrase", help="What was said, in your own words.")
@click.option("--utterance", metavar="NAME", help="Shared by statements made in one breath.")
@_source_options
@_byline_options
@store_option
def statement(store: str, by: str, key: str | None, **given: str | None) -> None:
    """Record what somebody said on a topic, and print its number."""
    command = RecordStatement(
        topic=given["topic"] or "",
        actor=given["actor"],
        stance=given["stance"] or "",
        no_position_reason=given["no_position_reason"],
        said_at=given["said_at"],
        on_behalf_of=given["on_behalf_of"],
        mandate_reason=given["mandate_reason"],
        condition=_condition(given),
        hedge=given["hedge"],
        asked=given["asked"],
        attribution=given["attribution"],
        reported_via=given["reported_via"],
        quote=_quote(given),
        passage=Excerpt(given["passage"]) if given["passage"] else None,
        translation=given["translation"],
        paraphrase=given["paraphrase"],
        utterance=given["utterance"],
        source=_source(given),
        key=key,
    )
    with recording(store, by, key) as run:
        statements = run.services.newsroom.statements
        run.print_place(statements.record(run.byline(), command, run.entry_id()))


@record.command()
@click.option(
    "--topic", "topics", required=True, multiple=True, metavar="SLUG", help="May be repeated."
)
@click.option("--title", required=True, help="What happened, in one line.")
@click.option("--summary", help="More of it, in your own words.")
@click.option("--happened-at", metavar="EDTF", help="When it happened; else by publication.")
@click.option(
    "--status",
    default="confirmed",
    show_default=True,
    help="claimed, confirmed, disputed or announced.",
)
@click.option("--according-to", metavar="SLUG", help="Who says so.")
@_source_options
@_byline_options
@store_option
def development(
    store: str, by: str, key: str | None, topics: tuple[str, ...], **given: str | None
) -> None:
    """Record that something happened, and print its number."""
    command = RecordDevelopment(
        topics=topics,
        title=given["title"] or "",
        summary=given["summary"],
        happened_at=given["happened_at"],
        status=given["status"] or "",
        according_to=given["according_to"],
        source=_source(given),
        key=key,
    )
    with recording(store, by, key) as run:
        developments = run.services.newsroom.developments
        run.print_place(developments.record(run.byline(), command, run.entry_id()))


@record.command()
@click.argument("number", type=Count(min=1))
@click.option(
    "--attribution",
    default="reported",
    show_default=True,
    help="How it has the words: quoted, reported, voted, joint, second_hand or ascribed.",
)
@click.option("--reported-via", help="Who says so, for second-hand words.")
@_source_options
@_byline_options
@store_option
def second(
    store: str,
    by: str,
    key: str | None,
    number: int,
    attribution: str,
    reported_via: str | None,
    **given: str | None,
) -> None:
    """Add a further source, and print its log position."""
    with recording(store, by, key) as run:
        source, via = _source(given), reported_via or ""
        entries = _entries_of(run, number)
        run.print_place(entries.second(run.byline(), number, source, attribution, via))


@record.command()
@click.argument("number", type=Count(min=1))
@click.option("--reason", required=True, help="Why it is none, for all to read.")
@_source_options
@_byline_options
@store_option
def unsecond(
    store: str, by: str, key: str | None, number: int, reason: str, **given: str | None
) -> None:
    """Take a further source back, and print the log position.

    Say of the source as much as tells it from the entry's other further ones.
    """
    with recording(store, by, key) as run:
        entries = _entries_of(run, number)
        run.print_place(entries.unsecond(run.byline(), number, _source(given), reason))


@record.command()
@click.argument("number", type=Count(min=1))
@click.option("--text", required=True, help="The source's wording, letter by letter.")
@_byline_options
@store_option
def passage(store: str, by: str, key: str | None, number: int, text: str) -> None:
    """Add the passage of a statement, and print the log position."""
    with recording(store, by, key) as run:
        statements = run.services.newsroom.statements
        run.print_place(statements.add_passage(run.byline(), number, Excerpt(text)))


def _entries_of(run: Recording, number: int) -> Entries[Any]:
    """Return the commands for what follows an entry, a statement or a development."""
    rooms, first = run.services.newsroom, run.services.log.event(number)
    return rooms.developments if isinstance(first, DevelopmentRecorded) else rooms.statements


def _condition(given: dict[str, str | None]) -> Condition | None:
    words, topic = given["condition"], given["condition_topic"]
    return Condition(text=words, topic=topic) if words or topic else None


def _quote(given: dict[str, str | None]) -> Quoted | None:
    words = given["quote"]
    if not words:
        return None
    return Quoted(
        text=words,
        lang=given["quote_lang"],
        wording=given["quote_wording"],
        translated_by=given["quote_translated_by"],
    )


def _source(given: dict[str, str | None]) -> Source:
    return Source(**{name: given[f"source_{name}"] for name in SOURCE})


COMMANDS = (record,)
