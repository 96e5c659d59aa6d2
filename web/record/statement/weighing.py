"""What the rules say of a draft before it is sent: where it would land, what it may repeat."""

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
from web.record.fields.choices import SELF
from web.record.forms.form_state import Offer, Problem, as_sentences
from web.record.forms.signing import byline_at
from web.record.standing import duplicate_on_desk, duplicate_on_record
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
"""Stands in while no source is named: a preview need not wait for it."""

NEEDED = ("topic", "actor", "stance", "said_at")
"""Without these nothing lands anywhere."""

CALLED = {"source": "source.outlet"}


def weigh(conn: Connection, draft: Draft, now: int) -> None:
    """Find out where the statement would land, what it may repeat and which rule says no."""
    drafted = compare(conn, draft)
    if drafted and isinstance(drafted[-1], StatementRecorded):
        counts_from = draft_instant(conn, drafted, drafted[-1])
        draft.landing = landing(conn, drafted, counts_from, now)
        if not draft.until:
            draft.signable = signable(conn, draft.sheet, drafted[-1], counts_from)


def compare(conn: Connection, draft: Draft) -> list[Event]:
    """Find out what a statement may repeat, whom it moves and which rule says no.

    Returns what it would append.
    """
    if any(name in draft.sheet.problems for name in NEEDED):
        if not draft.sheet.quiet:
            _look_up_actor(conn, draft)
        return []
    command = command_of(draft)
    source = command.source
    if not (source.url or source.outlet or source.title):
        unnamed = msgspec.structs.replace(source, outlet=UNNAMED)
        command = msgspec.structs.replace(command, source=unnamed)
    try:
        drafted = services().newsroom.statements.rehearse(byline_at(draft.until), command)
    except StandlineError as error:
        refuse(conn, draft, error)
        return []
    said = drafted[-1]
    if isinstance(said, StatementRecorded):
        counts_from = draft_instant(conn, drafted, said)
        draft.twins = twins(conn, said, counts_from, draft.sheet.all("distinct"))
        ask_whether_for(conn, draft, drafted)
    return drafted


def _look_up_actor(conn: Connection, draft: Draft) -> None:
    """Say of an actor whom nobody knows so beside what else is missing, and not only after that."""
    named = draft.given.get("actor")
    if named and draft.actor is None:
        try:
            services().newsroom.actors.stream(named)
        except StandlineError as error:
            refuse(conn, draft, error)


def rehearsed(draft: Draft) -> list[Event]:
    """Return what recording a statement would append, nothing where a rule says no to it."""
    try:
        return services().newsroom.statements.rehearse(byline_at(draft.until), command_of(draft))
    except StandlineError:
        return []


def find_standing(
    conn: Connection, draft: Draft, drafted: Sequence[Event], known: Collection[str]
) -> PossibleDuplicate | None:
    """Return what may be a statement already.

    On record it stands, in other words where nothing of that was shown beside the form, or waits on
    the desk.
    ``drafted`` is what recording it would append, ``known`` are numbers and ids of entries that it
    is not.
    """
    sheet = draft.sheet
    found = repeated(conn, drafted, sheet.value("entry"), known)
    is_told = any(str(one.statement.number) in sheet.all("seen_twin") for one in found)
    if found and (found[0].is_verbatim or not is_told):
        return duplicate_on_record(found[0].statement.number, is_verbatim=found[0].is_verbatim)
    return duplicate_on_desk(drafted, known)


def refuse(conn: Connection, draft: Draft, error: StandlineError) -> None:
    """Note what a rule said no to, with what may have been meant instead."""
    field = CALLED.get(error.field, error.field)
    words = _too_early(draft) if field == "said_at" else ""
    draft.sheet.note_problem(
        Problem(field, words or as_sentences(error), _offers(conn, draft, error))
    )


def _too_early(draft: Draft) -> str:
    """Say in the reader's dates that a source cannot tell of what came after it."""
    said, published = draft.given.get("said_at"), draft.given.get("source_published_at")
    if not said or not published:
        return ""
    earliest = parse_date(said).earliest
    if earliest is None or earliest <= parse_date(published).latest:
        return ""
    return gettext("That is after the source was published (%(date)s).", date=dates.said(published))


def _offers(conn: Connection, draft: Draft, error: StandlineError) -> tuple[Offer, ...]:
    published = draft.given.get("source_published_at")
    if error.field == "said_at" and published:
        return (Offer(dates.said(published), f"said_at={published}"),)
    names = error.nearest if isinstance(error, NotFound) else ()
    if error.field not in ("actor", "on_behalf_of"):
        return tuple(Offer(name, f"{error.field}={name}") for name in names)
    field = "actor" if error.field == "actor" else "behalf_other"
    meant = [directory.actor(conn, slug) for slug in names]
    meant = meant or directory.actors_named(conn, draft.given.get(field, ""))
    return tuple(Offer(actor.name, f"{field}={actor.slug}") for actor in meant)


SPOKE_FOR = "spoke_for"
"""The field that holds who is known to speak for whom: two slugs with a space between them."""

BEHALF = "on_behalf_of"


def ask_whether_for(conn: Connection, draft: Draft, drafted: Sequence[Event]) -> None:
    """Note the question whether a speaker spoke for the side that they would move.

    ``drafted`` is what recording the draft would append. Who answered it is not asked again.
    """
    sheet = draft.sheet
    if sheet.focus == SPOKE_FOR:
        sheet.focus = BEHALF
    if draft.actor is None or spoke_for(draft) == sheet.value(SPOKE_FOR):
        return
    if turn := turn_of_side(conn, drafted):
        sheet.note_problem(_question(conn, draft, turn))


def take_as_answered(draft: Draft) -> None:
    """Ask no more whom the words stand for: somebody has handed the draft over as it is."""
    for stance in draft.stances:
        stance.sheet.put(SPOKE_FOR, spoke_for(stance))


def spoke_for(draft: Draft) -> str:
    """Return what the answer is that the speaker of a draft spoke for whom it stands for."""
    speaker = draft.actor.slug if draft.actor else ""
    return f"{speaker} {draft.behalf.chosen}"


def _question(conn: Connection, draft: Draft, turn: SideTurn) -> Problem:
    names = Names(conn)
    scale, side = names.topic(turn.topic).scale, names.actor(turn.side).name
    told = gettext(
        "With these words %(side)s would stand at “%(new)s”, and not at “%(old)s” as before."
        " Does %(name)s speak for %(side)s here?",
        side=side,
        new=stances.word(scale, turn.after),
        old=stances.word(scale, turn.before),
        name=draft.behalf.actor,
    )
    yes = gettext("Yes, for %(side)s", side=side)
    offers = (
        Offer(yes, f"{SPOKE_FOR}={spoke_for(draft)}", answers=True),
        Offer(gettext("No, for nobody else"), f"{BEHALF}={SELF}", answers=True),
    )
    return Problem(BEHALF, told, offers)
