"""Commands that record statements, developments, their sources and passages."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click
import msgspec

from timeline.application.commands import (
    Condition,
    Excerpt,
    Quoted,
    RecordDevelopment,
    RecordStatement,
    Source,
)
from timeline.cli.groups import CommandGroup
from timeline.cli.options import Count, slugs_of
from timeline.cli.recorder import CliSession, records
from timeline.domain.dates import parse_instant_us
from timeline.domain.errors import Conflict
from timeline.domain.messages import Advice
from timeline.domain.naming import new_id
from timeline.domain.scales import REASONS
from timeline.projections.queries.turning import refuse_unmeant_turn
from timeline.releasing import put_under_embargo

if TYPE_CHECKING:
    from timeline.application.recording import Recorded

F = TypeVar("F", bound=Callable[..., Any])

SAY_WHETHER_FOR = Advice(
    "if “%(speaker)s” spoke for it, add --spoke-for %(side)s; if not, leave --on-behalf-of out"
)


class Option(NamedTuple):
    """A text option of a command: its help, and the form of its value."""

    help: str = ""
    metavar: str = "TEXT"
    is_required: bool = False
    default: str | None = None


SOURCE = {
    "outlet": Option("Who published it."),
    "title": Option("Its headline."),
    "url": Option("Its address, http or https."),
    "author": Option("Who wrote it."),
    "published_at": Option("When it was published, in EDTF."),
    "lang": Option("Its language, such as de."),
}
SOURCE_OPTIONS = {f"source_{name}": option for name, option in SOURCE.items()}

STATEMENT = {
    "topic": Option(metavar="SLUG", is_required=True),
    "actor": Option(metavar="SLUG", is_required=True),
    "stance": Option("A word of the topic's scale, or no_position.", is_required=True),
    "no_position_reason": Option(f"Why none: {', '.join(REASONS)}."),
    "asked": Option("The question that was asked, where an answer was declined."),
    "said_at": Option("When it was said; else by publication.", "EDTF"),
    "on_behalf_of": Option("For whom the actor spoke.", "SLUG"),
    "mandate_reason": Option("Why the words stand for both without a mandate."),
    "condition": Option("What the stance depends on."),
    "condition_topic": Option("The topic that is about just that.", "SLUG"),
    "condition_actor": Option("Whose act it is.", "SLUG"),
    "condition_same_as": Option("The statement that named it first, such as #12.", "NUMBER"),
    "drops": Option("A statement whose condition the words drop; several with spaces.", "NUMBER"),
    "dissent": Option("yes for a recorded vote against the body."),
    "hedge": Option("The source's könnte or might."),
    "attribution": Option("quoted, reported, voted, joint, second_hand or ascribed."),
    "reported_via": Option("Who says so, for second-hand words."),
    "quote": Option("Words that the source puts in quotation marks."),
    "quote_lang": Option("Its language, such as de."),
    "quote_wording": Option("original, translated or unknown."),
    "quote_translated_by": Option("Who translated it, if the source did."),
    "passage": Option("The source's wording of what carries the statement."),
    "translation": Option("Our translation of the quote."),
    "paraphrase": Option("What was said, in your own words."),
    "utterance": Option("Shared by statements made in one breath.", "NAME"),
    **SOURCE_OPTIONS,
}

DEVELOPMENT = {
    "title": Option("What happened, in one line.", is_required=True),
    "summary": Option("More of it, in your own words."),
    "happened_at": Option("When it happened; else by publication.", "EDTF"),
    "status": Option("claimed, confirmed, disputed or announced.", default="confirmed"),
    "according_to": Option("Who says so.", "SLUG"),
    **SOURCE_OPTIONS,
}


NOUNS = {
    "topic": "topics",
    "condition_topic": "topics",
    "condition_actor": "actors",
    "actor": "actors",
    "on_behalf_of": "actors",
    "according_to": "actors",
}
"""The noun of options with slugs, for shell completion."""


def _takes(options: Mapping[str, Option]) -> Callable[[F], F]:
    """Return a decorator that adds these options to a command, in order."""

    def add(command: F) -> F:
        for name, option in reversed([*options.items()]):
            # A default of None would count as a value, and a required option would be optional.
            preset: dict[str, Any] = (
                {"default": option.default, "show_default": True} if option.default else {}
            )
            command = click.option(
                f"--{name.replace('_', '-')}",
                name,
                metavar=option.metavar,
                help=option.help,
                required=option.is_required,
                shell_complete=slugs_of(NOUNS[name]) if name in NOUNS else None,
                **preset,
            )(command)
        return command

    return add


@click.group(cls=CommandGroup)
@click.option("--store", metavar="URL", help="May stand here as well as after the command.")
def record(store: str | None) -> None:
    """Record statements, developments, sources and passages.

    Topics and actors must be on record; an import brings new ones.
    """


until_option: Callable[[F], F] = click.option(
    "--embargo-until",
    "until",
    metavar="INSTANT",
    help="Keep it on the desk, and record it at this instant.",
)


@record.command()
@_takes(STATEMENT)
@click.option(
    "--spoke-for",
    metavar="SLUG",
    shell_complete=slugs_of("actors"),
    help="They did speak for it, though that moves it by a mandate.",
)
@click.option(
    "--variable",
    "variables",
    type=(str, str),
    multiple=True,
    metavar="ID VALUE",
    help="What the codebook asks beside the stance; may be repeated.",
)
@until_option
@records
def statement(
    run: CliSession,
    /,
    until: str | None,
    spoke_for: str | None,
    variables: tuple[tuple[str, str], ...],
    **options: str | None,
) -> Recorded | None:
    """Record what somebody said on a topic, and print its number."""
    command = RecordStatement(
        **_plain(RecordStatement, options),
        condition=_condition(options),
        drops=tuple((options["drops"] or "").split()) or None,
        quote=_quote(options),
        passage=Excerpt(options["passage"]) if options["passage"] else None,
        variables=dict(variables) or None,
        source=_source(options),
        key=run.key,
    )
    _ask_whether_for(run, command, until, spoke_for)
    if until is not None:
        _keep_until(run, command, until)
        return None
    return run.newsroom.statements.record(run.byline(), command, run.entry_id())


@record.command()
@click.option(
    "--topic", "topics", required=True, multiple=True, metavar="SLUG", help="May be repeated."
)
@_takes(DEVELOPMENT)
@until_option
@records
def development(
    run: CliSession, /, topics: tuple[str, ...], until: str | None, **options: str | None
) -> Recorded | None:
    """Record that something happened, and print its number."""
    command = RecordDevelopment(
        **_plain(RecordDevelopment, options), topics=topics, source=_source(options), key=run.key
    )
    if until is not None:
        _keep_until(run, command, until)
        return None
    return run.newsroom.developments.record(run.byline(), command, run.entry_id())


@record.command()
@click.argument("number", type=Count(min=1))
@click.option(
    "--attribution",
    default="reported",
    show_default=True,
    help="How it has the words: quoted, reported, voted, joint, second_hand or ascribed.",
)
@click.option("--reported-via", help="Who says so, for second-hand words.")
@_takes(SOURCE_OPTIONS)
@records
def second(
    run: CliSession,
    /,
    number: int,
    attribution: str,
    reported_via: str | None,
    **options: str | None,
) -> Recorded:
    """Add a further source, and print its log position."""
    entries = run.newsroom.entries(number)
    return entries.second(run.byline(), number, _source(options), attribution, reported_via or "")


@record.command()
@click.argument("number", type=Count(min=1))
@click.option("--reason", required=True, help="Why it is none, for all to read.")
@_takes(SOURCE_OPTIONS)
@records
def unsecond(run: CliSession, /, number: int, reason: str, **options: str | None) -> Recorded:
    """Take a further source back, and print the log position.

    Say of the source as much as tells it from the entry's other further ones.
    """
    entries = run.newsroom.entries(number)
    return entries.unsecond(run.byline(), number, _source(options), reason)


@record.command()
@click.argument("number", type=Count(min=1))
@click.option("--text", required=True, help="The source's wording, letter by letter.")
@records
def passage(run: CliSession, number: int, text: str) -> Recorded:
    """Add the passage of a statement, and print the log position."""
    return run.newsroom.statements.add_passage(run.byline(), number, Excerpt(text))


def _ask_whether_for(
    run: CliSession, command: RecordStatement, until: str | None, spoke_for: str | None
) -> None:
    """Raise `Conflict` if a mandate would move a side and nobody confirmed that they spoke for it.

    An entry under embargo is checked as of its release.
    """
    entry, by = run.entry_id(), run.byline()
    if entry and run.services.log.first_events([entry]):
        return
    at = max(by.at, parse_instant_us(until, "--embargo-until")) if until else by.at
    drafted = run.newsroom.statements.rehearse(msgspec.structs.replace(by, at=at), command)
    with run.services.models.engine().connect() as conn:
        try:
            refuse_unmeant_turn(conn, drafted, command.actor, command.on_behalf_of, spoke_for)
        except Conflict as error:
            raise Conflict.again(error, field="--on-behalf-of", fix=SAY_WHETHER_FOR) from None


def _plain(
    command: type[RecordStatement | RecordDevelopment], options: dict[str, str | None]
) -> dict[str, Any]:
    """Return the options that are text fields of a command with the same name."""
    fields = set(command.__struct_fields__) - {
        "condition",
        "drops",
        "quote",
        "passage",
        "variables",
    }
    return {name: text for name, text in options.items() if name in fields}


def _condition(options: dict[str, str | None]) -> Condition | None:
    stated = {
        "text": options["condition"],
        "topic": options["condition_topic"],
        "actor": options["condition_actor"],
        "same_as": options["condition_same_as"],
    }
    return Condition(**stated) if any(stated.values()) else None


def _quote(options: dict[str, str | None]) -> Quoted | None:
    words = options["quote"]
    if not words:
        return None
    return Quoted(
        text=words,
        lang=options["quote_lang"],
        wording=options["quote_wording"],
        translated_by=options["quote_translated_by"],
    )


def _source(options: dict[str, str | None]) -> Source:
    return Source(**{name: options[f"source_{name}"] for name in SOURCE})


def _keep_until(run: CliSession, command: RecordStatement | RecordDevelopment, until: str) -> None:
    """Put an entry under embargo, and print its id.

    Raises what recording it then would raise, and `Refused` for an instant that has passed.
    """
    by, due_at = run.byline(), parse_instant_us(until, "--embargo-until")
    entry = run.entry_id() or new_id(by.at, os.urandom(10))
    click.echo(put_under_embargo(run.services, by, entry, command, due_at).id)
