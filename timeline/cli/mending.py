"""Commands that change entries, actors and topics on record, like the forms of the site."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from timeline.application.corrections import CORRECTABLE
from timeline.cli.options import Count, slugs_of
from timeline.cli.output import say
from timeline.cli.recorder import CliSession, records
from timeline.cli.taking_back import retract_import
from timeline.domain.development import Development
from timeline.domain.errors import Refused
from timeline.domain.field import Type
from timeline.domain.fields import DOCUMENT
from timeline.domain.messages import Message
from timeline.domain.statement import Statement
from timeline.projections.queries import directory, entries

if TYPE_CHECKING:
    from timeline.application.recording import Recorded
    from timeline.domain.field import Field

NOTHING_TO_CORRECT = Message(
    "nothing_to_correct", "nothing is changed", fix="name a field and what it should hold"
)

ENTRY_OR_IMPORT = "Name the number of one entry, or a file with --imported."
ONLY_OF_AN_IMPORT = "--after, --upto and --dry-run go with --imported."

SOURCE = "source."
F = TypeVar("F", bound=Callable[..., Any])

KINDS = tuple(dict.fromkeys((*Statement.LINKS, *Development.LINKS)))
FIELDS: dict[str, Field] = {
    field.name: field
    for kind in (Statement, Development)
    for field in CORRECTABLE[kind].values()
    if field.noun != "document"
}
"""The fields of an entry that a correction may change, without those of its source."""

reason_option: Callable[[F], F] = click.option(
    "--reason", required=True, help="Why, for all to read."
)
number_argument: Callable[[F], F] = click.argument("number", type=Count(min=1))
actor_argument: Callable[[F], F] = click.argument(
    "actor", metavar="ACTOR", shell_complete=slugs_of("actors")
)


def _takes_fields(command: F) -> F:
    for field in reversed([*FIELDS.values(), *DOCUMENT]):
        command = _option_of(field)(command)
    return command


def _option_of(field: Field) -> Callable[[F], F]:
    many: dict[str, Any] = {"multiple": True, "default": ()} if field.many else {}
    if field.noun in ("actor", "topic"):
        many["shell_complete"] = slugs_of(f"{field.noun}s")
    metavar = {Type.REFERENCE: "SLUG", Type.DATE: "EDTF"}.get(field.type, "TEXT")
    flag = f"--{field.name.replace('.', '-').replace('_', '-')}"
    return click.option(flag, field.attribute, metavar=metavar, help=_about(field), **many)


def _about(field: Field) -> str:
    about = field.about[:1].upper() + field.about[1:]
    return f"{about.rstrip('.')}{'; may be repeated' if field.many else ''}."


@click.command()
@click.argument("numbers", metavar="NUMBER...", nargs=-1, required=True, type=Count(min=1))
@_takes_fields
@reason_option
@click.option("--clerical", is_flag=True, help="Spelling and the like: the sense stays as it was.")
@records
def correct(
    run: CliSession,
    /,
    numbers: tuple[int, ...],
    reason: str,
    *,
    clerical: bool,
    **options: Any,  # noqa: ANN401 - one text, or several
) -> None:
    """Correct an entry, or several alike, in one append, and print the log positions.

    Each option names a field and what it should hold; an empty text empties it. The old words stay
    in the log. Of several entries and their sources all are corrected or none is.
    """
    changes = {
        name: options[field.attribute]
        for name, field in FIELDS.items()
        if options[field.attribute] not in (None, ())
    }
    imprint = {
        field.name.removeprefix(SOURCE): options[field.attribute]
        for field in DOCUMENT
        if options[field.attribute] is not None
    }
    if not (changes or imprint):
        raise Refused(NOTHING_TO_CORRECT, field="correct")
    how: dict[str, Any] = {"reason": reason, "material": not clerical}
    if changes:
        room = run.newsroom.entries(numbers[0])
        alike = [(number, None) for number in dict.fromkeys(numbers)]
        try:
            done = room.correct_alike(run.byline(), alike, changes, imprint=imprint, **how)
        except Refused as error:
            raise _naming(run, error) if len(alike) > 1 else error from None
    else:
        documents = run.newsroom.documents
        done = documents.correct_alike(run.byline(), _sources(run, numbers), imprint, **how)
    for recorded in done:
        run.print_place(recorded)


def _naming(run: CliSession, error: Refused) -> Refused:
    """Return a refusal with the number of its entry, for several entries."""
    firsts = run.services.log.first_events([error.entry])
    which = "".join(f"#{number} " for number, _ in firsts.values())
    return Refused.again(error, field=f"{which}{error.field}")


def _sources(run: CliSession, numbers: tuple[int, ...]) -> list[str]:
    """Return the ids of the entries' documents."""
    with run.services.models.engine().connect() as conn:
        return [*dict.fromkeys(entries.entry(conn, number).document for number in numbers)]


@click.command()
@click.argument("number", type=Count(min=1), required=False)
@click.option(
    "--imported",
    metavar="FILE",
    help="In place of one entry all that stands of an import; files of one name count alike.",
)
@click.option(
    "--after",
    type=Count(min=0),
    metavar="POSITION",
    help="Of --imported what came after this log position, as of the last of several imports.",
)
@click.option(
    "--upto",
    type=Count(min=1),
    metavar="POSITION",
    help="Of --imported what came up to this log position, as of the first of several imports.",
)
@click.option("--dry-run", is_flag=True, help="Print the numbers of --imported; retract nothing.")
@reason_option
@click.option("--withhold", is_flag=True, help="Show its words no more; number and reason stay.")
@records
def retract(
    run: CliSession,
    number: int | None,
    imported: str | None,
    after: int | None,
    upto: int | None,
    reason: str,
    *,
    dry_run: bool,
    withhold: bool,
) -> Recorded | None:
    """Withdraw an entry of ours, and print the log position.

    It stays visible, struck through, with the reason. What an actor takes back themselves is a new
    statement that withdraws the old one: see link.
    """
    if (number is None) == (imported is None):
        raise click.UsageError(ENTRY_OR_IMPORT)
    if number is not None:
        if dry_run or after is not None or upto is not None:
            raise click.UsageError(ONLY_OF_AN_IMPORT)
        room = run.newsroom.entries(number)
        return room.retract(run.byline(), number, reason, withhold=withhold)
    file = Path(imported or "").name
    retract_import(run, file, (after, upto), reason, withhold=withhold, dry_run=dry_run)
    return None


@click.command()
@number_argument
@reason_option
@records
def reinstate(run: CliSession, number: int, reason: str) -> Recorded:
    """Take a retraction back, and print the log position."""
    return run.newsroom.entries(number).reinstate(run.byline(), number, reason)


@click.command()
@number_argument
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("target", type=Count(min=1))
@click.option("--note", default="", help="What one should know of it.")
@records
def link(run: CliSession, number: int, kind: str, target: int, note: str) -> Recorded:
    """Connect an entry to another, and print the log position."""
    return run.newsroom.entries(number).link(run.byline(), number, kind, target, note)


@click.command()
@number_argument
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("target", type=Count(min=1))
@reason_option
@records
def unlink(run: CliSession, number: int, kind: str, target: int, reason: str) -> Recorded:
    """Take a connection back, and print the log position."""
    return run.newsroom.entries(number).unlink(run.byline(), number, kind, target, reason)


@click.command()
@actor_argument
@click.argument("into", metavar="INTO", shell_complete=slugs_of("actors"))
@reason_option
@records
def merge(run: CliSession, actor: str, into: str, reason: str) -> Recorded:
    """Note that two actors are the same, and print the log position.

    What ACTOR said counts for INTO from then on, and can be parted again.
    """
    return run.newsroom.actors.merge(run.byline(), actor, into, reason)


@click.command()
@actor_argument
@reason_option
@records
def unmerge(run: CliSession, actor: str, reason: str) -> Recorded:
    """Take the merge of an actor back, and print the log position."""
    return run.newsroom.actors.undo_merge(run.byline(), actor, reason)


@click.command()
@click.argument("topic", metavar="TOPIC", shell_complete=slugs_of("topics"))
@click.argument("question", metavar="QUESTION")
@click.option("--name", default="", help="Its short name; empty for the one that it has.")
@click.option("--same-meaning", is_flag=True, help="It asks the same, and a yes still means yes.")
@reason_option
@records
def reword(
    run: CliSession, topic: str, question: str, name: str, reason: str, *, same_meaning: bool
) -> Recorded:
    """Word the question of a topic anew, and print the log position.

    Another meaning is another topic, which succeeds this one.
    """
    _warn_of_lookalikes(run, topic, [question, name])
    return run.newsroom.topics.reword(
        run.byline(), topic, question, reason, same_meaning=same_meaning, name=name
    )


def _warn_of_lookalikes(run: CliSession, own: str, words: list[str]) -> None:
    """Warn of words that look like those of another topic but differ."""
    topics = run.newsroom.topics
    with run.services.models.engine().connect() as conn:
        for word in words:
            for other in directory.topic_lookalikes(conn, word):
                if other.id != topics.stream(own):
                    warning = f"{word!r} looks like the topic {other.slug} and is written otherwise"
                    say(f"standline: {warning}", err=True)
