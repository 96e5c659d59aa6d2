"""What somebody collected of a text: looked over as a whole, and recorded in one append."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec
from flask import Blueprint

from timeline.domain.errors import StandlineError
from web.i18n.translate import gettext
from web.record import drafts
from web.record.fields.choices import questions_by_slug, stance_choices
from web.record.fields.moment import note_moment
from web.record.fields.schemas import DevelopmentSchema
from web.record.forms.answers import attempt, go_on
from web.record.forms.sheet import REFUSED, Sheet
from web.record.forms.signing import byline_at, own_handle
from web.record.handing import EMBARGOES, STATEMENT, Entry, settle_together
from web.record.nouns import development
from web.record.source_text import article
from web.record.standing import on_desk
from web.record.statement import answering
from web.record.statement.several import compare_stances, read_stances
from web.record.workbench.bench import progress
from web.record.workbench.kept_text import kept_text
from web.shell.rendering import render
from web.shell.request import read_connection, services, this_request

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from werkzeug.wrappers import Response

    from timeline.desk.drafts import Draft as KeptForm
    from timeline.projections.queries.directory import Topic
    from web.entries.views import EntryView
    from web.record.fields.choices import StanceChoice
    from web.record.statement.draft import Draft
    from web.record.workbench.kept_text import KeptText

blueprint = Blueprint("together", __name__, url_prefix="/text/<uuid:document>/together")


class Line(msgspec.Struct, frozen=True):
    """A stance of a statement: its question, its word, and what was said in our words."""

    topic: Topic | None
    stance: StanceChoice | None
    takes_none: bool
    words: str


class Collected(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that somebody began to code.

    ``at`` is where its passage ``words`` stand in the text. ``who`` spoke or says so, ``when``
    tells in words. ``lines`` are the stances of a statement; a development has a ``title``.
    ``same`` are on record and may be the same; ``waits_at`` leads to one that waits and may be.
    """

    id: str
    href: str
    at: tuple[int, int]
    words: str
    who: str
    when: str
    title: str
    lines: list[Line]
    same: Sequence[EntryView]
    sheet: Sheet
    entry: Entry
    waits_at: str

    @property
    def problems(self) -> list[str]:
        """What is in its way, in sentences."""
        return [one.text for one in self.sheet.shown_problems.values()]

    @property
    def ids(self) -> set[str]:
        """The ids under which it would be recorded."""
        return {one.entry for one in self.entry.several()}


@blueprint.get("")
def look_over(document: UUID) -> Response:
    """Show what somebody collected of a text, by place: what is ready is ticked."""
    kept = kept_text(read_connection(), str(document))
    found = _collected(kept)
    ready = {one.id for one in found if not (one.problems or one.same or one.waits_at)}
    return _page(kept, found, ready, Sheet({}))


@blueprint.post("")
def record(document: UUID) -> Response:
    """Record what is ticked in one append, or say of each what is in the way."""
    kept = kept_text(read_connection(), str(document))
    found, ticked = _collected(kept), set(this_request().form.getlist("entry"))
    wanted = [one for one in found if one.id in ticked]
    sheet = Sheet({})
    if any(one.problems for one in wanted):
        sheet.conflict = gettext("Nothing is recorded yet: mend what is marked, or leave it out.")
    elif not wanted:
        sheet.conflict = gettext("Tick what is to be recorded.")
    else:
        done = attempt(
            sheet,
            lambda: settle_together([one.entry for one in wanted]),
            partial(_refuse, sheet, wanted),
        )
        if done:
            return _go_on(kept, done.numbers, done.waits_at)
    return _page(kept, found, ticked, sheet)


def _go_on(kept: KeptText, numbers: Sequence[int], waits_at: str) -> Response:
    """Lead back to the text, which leaves the desk once something of it is on record."""
    if numbers:
        services().desk.texts.discard(kept.document)
    told = {"recorded": ".".join(map(str, numbers))} if numbers else {}
    if waits_at:
        told |= {"held" if waits_at == EMBARGOES else "handed": "1"}
    conn = read_connection()
    there = progress(conn, kept_text(conn, kept.document)).after(None)
    return go_on(f"{kept.address}?{urlencode(there | told)}#here")


def _refuse(sheet: Sheet, wanted: Sequence[Collected], error: StandlineError) -> None:
    """Note what a rule said no to at the entry that it is about."""
    sheet.conflict = gettext("Nothing is recorded yet: mend what is marked, or leave it out.")
    about = next((one for one in wanted if error.entry in one.ids), None)
    if about:
        about.entry.refuse(error)
    else:
        sheet.refuse(error)


def _collected(kept: KeptText) -> list[Collected]:
    """Return what somebody began to code of a text and has not recorded, by place."""
    begun = services().desk.drafts.from_text(own_handle(), kept.document)
    known = services().log.first_events([one.id for one in begun])
    found = [_read(kept, one) for one in begun if one.id not in known]
    return sorted(found, key=lambda one: (one.at, one.id))


def _read(kept: KeptText, form: KeptForm) -> Collected:
    sheet = Sheet({name: list(values) for name, values in form.fields.items()})
    sheet.put("entry", form.id)
    kept.lay(sheet)
    span = article.passage(kept.text, sheet.value("passage")) or (0, 0)
    read = _statement if form.kind == STATEMENT else _development
    return read(sheet, span, drafts.href(form.kind, form.id, kept.document))


def _statement(sheet: Sheet, span: tuple[int, int], href: str) -> Collected:
    conn = read_connection()
    draft = read_stances(conn, sheet)
    compare_stances(conn, draft)
    return Collected(
        id=sheet.value("entry"),
        href=href,
        at=span,
        words=sheet.value("text")[slice(*span)],
        who=draft.actor.name if draft.actor else sheet.value("actor"),
        when=sheet.notes.get("said_at", ""),
        title="",
        lines=[_line(one) for one in draft.stances],
        same=[twin.statement for one in draft.stances for twin in one.twins],
        sheet=sheet,
        entry=(entry := answering.entry_of(draft)),
        waits_at=_waiting_at(entry, sheet),
    )


def _line(one: Draft) -> Line:
    taken = one.sheet.value("stance")
    choices = stance_choices(one.topic.scale) if one.topic else []
    chosen = next((choice for choice in choices if choice.value == taken), None)
    words = one.sheet.value("paraphrase") or one.sheet.value("quote.text")
    return Line(one.topic, chosen, taken == "no_position", words)


def _development(sheet: Sheet, span: tuple[int, int], href: str) -> Collected:
    given = DevelopmentSchema().read(sheet)
    note_moment(sheet, given)
    return Collected(
        id=sheet.value("entry"),
        href=href,
        at=span,
        words=sheet.value("text")[slice(*span)],
        who=sheet.value("according_to"),
        when=sheet.value("happened_at"),
        title=sheet.value("title"),
        lines=[],
        same=development.same_as(sheet, given),
        sheet=sheet,
        entry=(entry := development.entry_of(sheet, given)),
        waits_at=_waiting_at(entry, sheet),
    )


def _waiting_at(entry: Entry, sheet: Sheet) -> str:
    """Return the address of what waits on the desk and may be the same; empty for none."""
    if sheet.shown_problems:
        return ""
    several = entry.several()
    known = {*(one.entry for one in several), *sheet.all("distinct")}
    try:
        drafted = services().newsroom.together.rehearse(byline_at(entry.until), several)
    except StandlineError:
        return ""
    found = (on_desk(one, known) for one in drafted)
    return next((one.href for one in found if one), "")


def _page(kept: KeptText, found: list[Collected], ticked: set[str], sheet: Sheet) -> Response:
    response = render(
        "record/together.html",
        kept=kept,
        found=found,
        ticked=ticked,
        ready=sum(not one.problems for one in found),
        sheet=sheet,
        questions=questions_by_slug(),
    )
    response.status_code = REFUSED if sheet.conflict or sheet.problems else sheet.status
    return response
