"""The entries from a text that somebody coded and has not recorded yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.errors import StandlineError
from web.record import drafts
from web.record.duplicates import duplicate_on_desk
from web.record.fields.choices import stance_choices
from web.record.fields.dates import note_moment
from web.record.fields.schemas import DevelopmentSchema
from web.record.forms.form_state import FormState
from web.record.forms.signing import byline_at, own_handle
from web.record.handing import STATEMENT
from web.record.nouns import development
from web.record.source_text import article
from web.record.statement import answering
from web.record.statement.several import compare_stances, read_stances
from web.shell.request import read_connection, services

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.desk.drafts import Draft as KeptForm
    from timeline.domain.event import Event
    from timeline.projections.queries.directory import Topic
    from web.entries.views import EntryView
    from web.record.fields.choices import StanceChoice
    from web.record.forms.form_state import PossibleDuplicate, Problem
    from web.record.handing import Entry
    from web.record.source_text.article import SourceText
    from web.record.statement.draft import Draft


class StanceLine(msgspec.Struct, frozen=True):
    """A stance of a statement: its question, its word, and the paraphrase or quote."""

    topic: Topic | None
    stance: StanceChoice | None
    takes_none: bool
    words: str


class FormSummary(msgspec.Struct, frozen=True, kw_only=True):
    """The summary of a form: ``who`` speaks or reports it, and ``when``, in words.

    A statement has ``lines``, one for each stance, and its ``draft``; a development has a
    ``title``. ``same`` are entries on record that may be the same.
    """

    entry: Entry
    who: str
    when: str
    same: Sequence[EntryView]
    title: str = ""
    lines: Sequence[StanceLine] = ()
    draft: Draft | None = None


class Collected(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that somebody coded and has not recorded, with the summary of its form.

    ``at`` is the place of its passage ``words`` in the text; ``waits`` asks about an entry on the
    desk that may be the same. ``drafted`` are the events that recording would append, by stance;
    none if a rule refuses it.
    """

    id: str
    href: str
    at: tuple[int, int]
    words: str
    summary: FormSummary
    sheet: FormState
    drafted: Sequence[Sequence[Event]]
    waits: PossibleDuplicate | None

    @property
    def problems(self) -> list[Problem]:
        """Its errors."""
        return [*self.sheet.shown_problems.values()]

    @property
    def ids(self) -> set[str]:
        """The ids of the entries that it would record."""
        return {one.entry for one in self.summary.entry.several()}

    @property
    def is_ready(self) -> bool:
        """Tell whether it has no errors and no open questions."""
        return not (self.problems or self.summary.same or self.waits)


def collected_entries(source: SourceText) -> list[Collected]:
    """Return the reader's own unrecorded entries from a text, by place."""
    own_drafts = services().desk.drafts.from_text(own_handle(), source.document)
    recorded = services().log.first_events([draft.id for draft in own_drafts])
    entries = [_read(source, draft) for draft in own_drafts if draft.id not in recorded]
    return sorted(entries, key=lambda entry: (entry.at, entry.id))


def _read(source: SourceText, form: KeptForm) -> Collected:
    sheet = FormState({name: list(values) for name, values in form.fields.items()})
    sheet.put("entry", form.id)
    source.lay(sheet)
    span = article.passage(source.text, sheet.value("passage")) or (0, 0)
    summary = (_statement if form.kind == STATEMENT else _development)(sheet)
    rehearsed = _rehearsed(summary.entry, sheet)
    return Collected(
        id=form.id,
        href=drafts.href(form.kind, form.id, source.document),
        at=span,
        words=source.text[slice(*span)],
        summary=summary,
        sheet=sheet,
        drafted=rehearsed,
        waits=_waiting(summary.entry, sheet, rehearsed),
    )


def _statement(sheet: FormState) -> FormSummary:
    conn = read_connection()
    draft = read_stances(conn, sheet)
    compare_stances(conn, draft)
    return FormSummary(
        entry=answering.entry_of(draft),
        who=draft.actor.name if draft.actor else sheet.value("actor"),
        when=sheet.notes.get("said_at", ""),
        same=[twin.statement for stance in draft.stances for twin in stance.twins],
        lines=[_line(stance) for stance in draft.stances],
        draft=draft,
    )


def _development(sheet: FormState) -> FormSummary:
    data = DevelopmentSchema().read(sheet)
    note_moment(sheet, data)
    return FormSummary(
        entry=development.entry_of(sheet, data),
        who=sheet.value("according_to"),
        when=sheet.value("happened_at"),
        same=development.same_as(sheet, data),
        title=sheet.value("title"),
    )


def _line(draft: Draft) -> StanceLine:
    value = draft.sheet.value("stance")
    choices = stance_choices(draft.topic.scale) if draft.topic else []
    chosen = next((choice for choice in choices if choice.value == value), None)
    words = draft.sheet.value("paraphrase") or draft.sheet.value("quote.text")
    return StanceLine(draft.topic, chosen, value == "no_position", words)


def _rehearsed(entry: Entry, sheet: FormState) -> list[list[Event]]:
    """Return the events that an entry would append, by stance; none if it has errors."""
    if sheet.shown_problems:
        return []
    try:
        return services().newsroom.together.rehearse(byline_at(entry.until), entry.several())
    except StandlineError:
        return []


def _waiting(
    entry: Entry, sheet: FormState, rehearsed: Sequence[Sequence[Event]]
) -> PossibleDuplicate | None:
    """Return the question about an entry on the desk that may be the same."""
    known = {*(one.entry for one in entry.several()), *sheet.all("distinct")}
    return next(filter(None, (duplicate_on_desk(sequence, known) for sequence in rehearsed)), None)
