"""Commands that change entries on record: one, several alike, or those of an import."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from timeline.application.corrections import CORRECTABLE
from timeline.cli.options import Count, slugs_of
from timeline.cli.output import say
from timeline.cli.recorder import CliSession, records
from timeline.domain.development import Development
from timeline.domain.errors import NotFound, Refused
from timeline.domain.field import Type
from timeline.domain.fields import DOCUMENT
from timeline.domain.instants import MICROSECONDS, NEWEST, iso
from timeline.domain.messages import InQuotes, Message
from timeline.domain.statement import Statement
from timeline.projections.queries import entries
from timeline.projections.queries.imported import imports

if TYPE_CHECKING:
    from timeline.application.recording import Recorded
    from timeline.cli.recorder import CliSession
    from timeline.domain.field import Field
    from timeline.projections.queries.imported import Import

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


NOTHING_IMPORTED = Message(
    "nothing_imported",
    "nothing that stands was imported from %(file)s",
    fix="“standline log” names the file of each import",
)
SEVERAL_IMPORTS = Message(
    "several_imports",
    "files of the name %(file)s were imported more than once: %(imports)s",
    fix="give --after and --upto of one of them, or --after 0 for all",
)
NAMED = 10
"""Most imports (the last ones) in a message to choose from."""


def retract_import(
    run: CliSession,
    file: str,
    bounds: tuple[int | None, int | None],
    reason: str,
    *,
    withhold: bool,
    dry_run: bool,
) -> None:
    """Retract all unretracted entries of a file; after an interruption the same command goes on.

    ``bounds`` are the log positions after which and up to which it was imported. Raises `Refused`
    if they are missing and there were several imports of this name, and `NotFound`.
    """
    after, upto = bounds
    with run.services.models.engine().connect() as conn:
        batches = imports(conn, file, after or 0, NEWEST if upto is None else upto)
    if not batches:
        raise NotFound(NOTHING_IMPORTED, field="--imported", file=InQuotes(file))
    if len(batches) > 1 and after is None and upto is None:
        listed = "; ".join(map(_describe, batches[-NAMED:]))
        raise Refused(SEVERAL_IMPORTS, field="--imported", file=InQuotes(file), imports=listed)
    if dry_run:
        _list(file, batches)
        return
    numbers = [number for batch in batches for number in batch.standing]
    for number in numbers:
        room = run.newsroom.entries(number)
        room.retract(run.byline(str(number)), number, reason, withhold=withhold)
    run.services.models.catch_up()
    click.echo(f"{_entries(len(numbers))} retracted")


def _list(file: str, batches: list[Import]) -> None:
    """Print the entries to retract, and a note that the log knows a file only by its name."""
    for batch in batches:
        say(f"standline: {_describe(batch)}", err=True)
    alike = f"files of the name {file!r} count alike, whichever folder they are from"
    say(f"standline: {alike}: see that these are the ones you mean", err=True)
    for number in (number for batch in batches for number in batch.standing):
        click.echo(number)


def _describe(batch: Import) -> str:
    began = iso(batch.recorded_at // MICROSECONDS)
    bounds = f"--after {batch.first - 1} --upto {batch.last}"
    return f"{bounds} ({_entries(len(batch.standing))}, {began})"


def _entries(count: int) -> str:
    return f"{count:,} {'entry' if count == 1 else 'entries'}"
