"""Check a draft before it is sent: its place on the chart, possible duplicates, errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.dates import parse_date
from timeline.domain.errors import NotFound, StandlineError
from timeline.domain.statement import StatementRecorded
from timeline.projections.queries import directory
from timeline.projections.queries.alike import draft_instant
from timeline.projections.queries.turning import turn_of_side
from web.i18n import dates
from web.i18n.translate import gettext
from web.record.duplicates import duplicate_on_desk, duplicate_on_record
from web.record.fields.choices import SELF
from web.record.forms.form_state import Offer, Problem, as_sentences
from web.record.forms.signing import byline_at
from web.record.statement.command import command_of
from web.record.statement.draft import repeated, twins
from web.record.statement.landing import landing
from web.record.statement.signature import signable
from web.shell.request import services
from web.wording import stances
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Connection

    from timeline.domain.event import Event
    from timeline.projections.queries.turning import SideTurn
    from web.record.forms.form_state import PossibleDuplicate
    from web.record.statement.draft import Draft


UNNAMED = "–"
"""The outlet of a draft without a source, so that it can be previewed."""

NEEDED = ("topic", "actor", "stance", "said_at")
"""The fields that a preview needs."""

CALLED = {"source": "source.outlet"}


def weigh(conn: Connection, draft: Draft, now: int) -> None:
    """Find the place of the statement on the chart, its possible duplicates and its errors."""
    drafted = compare(conn, draft)
    if drafted and isinstance(drafted[-1], StatementRecorded):
        counts_from = draft_instant(conn, drafted, drafted[-1])
        draft.landing = landing(conn, drafted, counts_from, now)
        if not draft.until:
            draft.signable = signable(conn, draft.sheet, drafted[-1], counts_from)


def compare(conn: Connection, draft: Draft) -> list[Event]:
    """Find the possible duplicates of a statement, the side that it moves, and its errors.

    Returns the events that recording would append.
    """
    if any(name in draft.sheet.problems for name in NEEDED):
        if not draft.sheet.quiet:
            _look_up_actor(conn, draft)
        return []
    command = command_of(draft)
    source = command.source
    if not (source.url or source.outlet or source.title):
        stand_in = msgspec.structs.replace(source, outlet=UNNAMED)
        command = msgspec.structs.replace(command, source=stand_in)
    try:
        events = services().newsroom.statements.rehearse(byline_at(draft.until), command)
    except StandlineError as error:
        refuse(conn, draft, error)
        return []
    statement = events[-1]
    if isinstance(statement, StatementRecorded):
        counts_from = draft_instant(conn, events, statement)
        draft.twins = twins(conn, statement, counts_from, draft.sheet.all("distinct"))
        ask_if_speaks_for(conn, draft, events)
    return events


def _look_up_actor(conn: Connection, draft: Draft) -> None:
    """Report an unknown actor at once with the other gaps, and not only after those."""
    name = draft.data.get("actor")
    if name and draft.actor is None:
        try:
            services().newsroom.actors.stream(name)
        except StandlineError as error:
            refuse(conn, draft, error)


def rehearse(draft: Draft) -> list[Event]:
    """Return the events that recording would append, none if a rule refuses it."""
    try:
        return services().newsroom.statements.rehearse(byline_at(draft.until), command_of(draft))
    except StandlineError:
        return []


def find_duplicate(
    conn: Connection, draft: Draft, drafted: Sequence[Event], known: Collection[str]
) -> PossibleDuplicate | None:
    """Return the question whether a statement repeats another, if one may be the same.

    That is one on record with the same words, one with similar words that the form has not shown
    yet, or one that waits on the desk. ``drafted`` are the events that recording would append,
    ``known`` the numbers and ids of entries that it does not repeat.
    """
    sheet = draft.sheet
    repeats = repeated(conn, drafted, sheet.value("entry"), known)
    is_shown = any(str(repeat.statement.number) in sheet.all("seen_twin") for repeat in repeats)
    if repeats and (repeats[0].is_verbatim or not is_shown):
        return duplicate_on_record(repeats[0].statement.number, is_verbatim=repeats[0].is_verbatim)
    return duplicate_on_desk(drafted, known)


def refuse(conn: Connection, draft: Draft, error: StandlineError) -> None:
    """Note the error of a rule, with suggestions."""
    field = CALLED.get(error.field, error.field)
    words = _too_early(draft) if field == "said_at" else ""
    draft.sheet.note_problem(
        Problem(field, words or as_sentences(error), _offers(conn, draft, error))
    )


def _too_early(draft: Draft) -> str:
    """Say, in the reader's dates, that the words are later than their source."""
    said_at, published = draft.data.get("said_at"), draft.data.get("source_published_at")
    if not said_at or not published:
        return ""
    earliest = parse_date(said_at).earliest
    if earliest is None or earliest <= parse_date(published).latest:
        return ""
    return gettext("That is after the source was published (%(date)s).", date=dates.said(published))


def _offers(conn: Connection, draft: Draft, error: StandlineError) -> tuple[Offer, ...]:
    published = draft.data.get("source_published_at")
    if error.field == "said_at" and published:
        return (Offer(dates.said(published), f"said_at={published}"),)
    names = error.nearest if isinstance(error, NotFound) else ()
    if error.field not in ("actor", "on_behalf_of"):
        return tuple(Offer(name, f"{error.field}={name}") for name in names)
    field = "actor" if error.field == "actor" else "behalf_other"
    actors = [directory.actor(conn, slug) for slug in names]
    actors = actors or directory.actors_named(conn, draft.data.get(field, ""))
    return tuple(Offer(actor.name, f"{field}={actor.slug}") for actor in actors)


SPOKE_FOR = "spoke_for"
"""The field with the answer who speaks for whom: two slugs with a space between them."""

BEHALF = "on_behalf_of"


def ask_if_speaks_for(conn: Connection, draft: Draft, drafted: Sequence[Event]) -> None:
    """Ask whether a speaker speaks for the side that they would move, unless it was answered.

    ``drafted`` are the events that recording the draft would append.
    """
    sheet = draft.sheet
    if sheet.focus == SPOKE_FOR:
        sheet.focus = BEHALF
    if draft.actor is None or spoke_for_answer(draft) == sheet.value(SPOKE_FOR):
        return
    if turn := turn_of_side(conn, drafted):
        sheet.note_problem(_question(conn, draft, turn))


def take_as_answered(draft: Draft) -> None:
    """Take the question whom the words stand for as answered: the draft was handed over so."""
    for stance in draft.stances:
        stance.sheet.put(SPOKE_FOR, spoke_for_answer(stance))


def spoke_for_answer(draft: Draft) -> str:
    """Return the answer that the speaker of a draft speaks for the side that it names."""
    speaker = draft.actor.slug if draft.actor else ""
    return f"{speaker} {draft.behalf.chosen}"


def _question(conn: Connection, draft: Draft, turn: SideTurn) -> Problem:
    names = Names(conn)
    scale, side = names.topic(turn.topic).scale, names.actor(turn.side).name
    message = gettext(
        "With these words %(side)s would stand at “%(new)s”, and not at “%(old)s” as before."
        " Does %(name)s speak for %(side)s here?",
        side=side,
        new=stances.word(scale, turn.after),
        old=stances.word(scale, turn.before),
        name=draft.behalf.actor,
    )
    yes = gettext("Yes, for %(side)s", side=side)
    offers = (
        Offer(yes, f"{SPOKE_FOR}={spoke_for_answer(draft)}", answers=True),
        Offer(gettext("No, for nobody else"), f"{BEHALF}={SELF}", answers=True),
    )
    return Problem(BEHALF, message, offers)
