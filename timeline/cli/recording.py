"""The record form for scripts: one statement or development at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from timeline.application.commands import (
    Condition,
    Quoted,
    RecordDevelopment,
    RecordStatement,
    Source,
)
from timeline.bootstrap import Services
from timeline.cli.options import opened, store_option
from timeline.domain.naming import keyed_id

F = TypeVar("F", bound=Callable[..., Any])

SOURCE = ("outlet", "title", "url", "author", "published-at", "lang")


def _source_options(command: F) -> F:
    for name in reversed(SOURCE):
        field = f"source_{name.replace('-', '_')}"
        command = click.option(f"--source-{name}", field, help=f"The source's {name}.")(command)
    return command


def _byline_options(command: F) -> F:
    command = click.option("--by", default="editor", show_default=True, help="Public handle.")(
        command
    )
    return click.option("--key", help="Makes the command count once, however often it is given.")(
        command
    )


@click.group()
def record() -> None:
    """Record a statement or a development; topics and actors must exist."""


@record.command()
@click.option("--topic", required=True, metavar="SLUG")
@click.option("--actor", required=True, metavar="SLUG")
@click.option("--stance", required=True, help="A word of the topic's scale, or no_position.")
@click.option("--no-position-reason", help="declined or unstated.")
@click.option("--said-at", metavar="EDTF", help="When it was said; else by publication.")
@click.option("--on-behalf-of", metavar="SLUG")
@click.option("--mandate-reason", help="Why the words stand for both without a mandate.")
@click.option("--condition", help="What the stance depends on.")
@click.option("--condition-topic", metavar="SLUG")
@click.option("--hedge", help="The source's könnte or might.")
@click.option("--attribution", help="quoted, reported, voted, joint, second_hand or ascribed.")
@click.option("--reported-via", help="Who says so, for second-hand words.")
@click.option("--quote", help="Words that the source puts in quotation marks.")
@click.option("--quote-lang")
@click.option("--quote-wording", help="original, translated or unknown.")
@click.option("--translation")
@click.option("--paraphrase", help="What was said, in your own words.")
@_source_options
@_byline_options
@store_option
def statement(store: str, by: str, key: str | None, **given: str | None) -> None:
    """Record that somebody said something on a topic, and print its number."""
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
        attribution=given["attribution"],
        reported_via=given["reported_via"],
        quote=_quote(given),
        translation=given["translation"],
        paraphrase=given["paraphrase"],
        source=_source(given),
        key=key,
    )
    with opened(store) as services:
        byline = services.newsroom.byline(by, "api", key)
        _done(services, services.newsroom.statements.record(byline, command, _id(key)))


@record.command()
@click.option("--topic", "topics", required=True, multiple=True, metavar="SLUG")
@click.option("--title", required=True, help="What happened, in one line.")
@click.option("--summary")
@click.option("--happened-at", metavar="EDTF")
@click.option("--status", default="confirmed", show_default=True, help="How sure it is.")
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
    with opened(store) as services:
        byline = services.newsroom.byline(by, "api", key)
        _done(services, services.newsroom.developments.record(byline, command, _id(key)))


def _done(services: Services, recorded: Any) -> None:  # noqa: ANN401 - what a command answers
    services.models.catch_up()
    click.echo(recorded.position if recorded.fresh else f"{recorded.position} (known already)")


def _id(key: str | None) -> str | None:
    return keyed_id("record", key) if key else None


def _condition(given: dict[str, str | None]) -> Condition | None:
    words, topic = given["condition"], given["condition_topic"]
    return Condition(text=words, topic=topic) if words or topic else None


def _quote(given: dict[str, str | None]) -> Quoted | None:
    words = given["quote"]
    if not words:
        return None
    return Quoted(text=words, lang=given["quote_lang"], wording=given["quote_wording"])


def _source(given: dict[str, str | None]) -> Source:
    return Source(**{name.replace("-", "_"): given[_field(name)] for name in SOURCE})


def _field(name: str) -> str:
    return f"source_{name.replace('-', '_')}"


COMMANDS = (record,)
