"""What somebody began to code of a text and has not recorded, as the page shows it and asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.errors import StandlineError
from web.record import drafts
from web.record.fields.choices import stance_choices
from web.record.fields.schemas import DevelopmentSchema
from web.record.fields.written_moments import note_moment
from web.record.forms.form_state import FormState
from web.record.forms.signing import byline_at, own_handle
from web.record.handing import STATEMENT
from web.record.nouns import development
from web.record.source_text import article
from web.record.standing import duplicate_on_desk
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
    from web.record.source_text.kept_text import KeptText
    from web.record.statement.draft import Draft


class Line(msgspec.Struct, frozen=True):
    """A stance of a statement: its question, its word, and what was said in our words."""

    topic: Topic | None
    stance: StanceChoice | None
    takes_none: bool
    words: str


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a form says: ``who`` spoke or says so, ``when`` tells in words.

    ``lines`` are the stances of a statement, which is a ``draft``; a development has a ``title``.
    ``same`` are on record and may be the same.
    """

    entry: Entry
    who: str
    when: str
    same: Sequence[EntryView]
    title: str = ""
    lines: Sequence[Line] = ()
    draft: Draft | None = None


class Collected(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that somebody began to code, with what its form has ``told``.

    ``at`` is where its passage ``words`` stand in the text; ``waits`` tells of one that waits
    and may be the same. ``drafted`` is what recording it would append, by stance; nothing where a
    rule says no.
    """

    id: str
    href: str
    at: tuple[int, int]
    words: str
    told: Told
    sheet: FormState
    drafted: Sequence[Sequence[Event]]
    waits: PossibleDuplicate | None

    @property
    def problems(self) -> list[Problem]:
        """What is in its way."""
        return [*self.sheet.shown_problems.values()]

    @property
    def ids(self) -> set[str]:
        """The ids under which it would be recorded."""
        return {one.entry for one in self.told.entry.several()}

    @property
    def is_ready(self) -> bool:
        """Tell whether nothing is in its way, and nothing is asked of it."""
        return not (self.problems or self.told.same or self.waits)


def collected(kept: KeptText) -> list[Collected]:
    """Return what somebody began to code of a text and has not recorded, by place."""
    begun = services().desk.drafts.from_text(own_handle(), kept.document)
    known = services().log.first_events([draft.id for draft in begun])
    entries = [_read(kept, draft) for draft in begun if draft.id not in known]
    return sorted(entries, key=lambda entry: (entry.at, entry.id))


def _read(kept: KeptText, form: KeptForm) -> Collected:
    sheet = FormState({name: list(values) for name, values in form.fields.items()})
    sheet.put("entry", form.id)
    kept.lay(sheet)
    span = article.passage(kept.text, sheet.value("passage")) or (0, 0)
    told = (_statement if form.kind == STATEMENT else _development)(sheet)
    drafted = _rehearsed(told.entry, sheet)
    return Collected(
        id=form.id,
        href=drafts.href(form.kind, form.id, kept.document),
        at=span,
        words=kept.text[slice(*span)],
        told=told,
        sheet=sheet,
        drafted=drafted,
        waits=_waiting(told.entry, sheet, drafted),
    )


def _statement(sheet: FormState) -> Told:
    conn = read_connection()
    draft = read_stances(conn, sheet)
    compare_stances(conn, draft)
    return Told(
        entry=answering.entry_of(draft),
        who=draft.actor.name if draft.actor else sheet.value("actor"),
        when=sheet.notes.get("said_at", ""),
        same=[twin.statement for stance in draft.stances for twin in stance.twins],
        lines=[_line(stance) for stance in draft.stances],
        draft=draft,
    )


def _development(sheet: FormState) -> Told:
    given = DevelopmentSchema().read(sheet)
    note_moment(sheet, given)
    return Told(
        entry=development.entry_of(sheet, given),
        who=sheet.value("according_to"),
        when=sheet.value("happened_at"),
        same=development.same_as(sheet, given),
        title=sheet.value("title"),
    )


def _line(draft: Draft) -> Line:
    taken = draft.sheet.value("stance")
    choices = stance_choices(draft.topic.scale) if draft.topic else []
    chosen = next((choice for choice in choices if choice.value == taken), None)
    words = draft.sheet.value("paraphrase") or draft.sheet.value("quote.text")
    return Line(draft.topic, chosen, taken == "no_position", words)


def _rehearsed(entry: Entry, sheet: FormState) -> list[list[Event]]:
    """Return what an entry would append, by stance; nothing where something is in its way."""
    if sheet.shown_problems:
        return []
    try:
        return services().newsroom.together.rehearse(byline_at(entry.until), entry.several())
    except StandlineError:
        return []


def _waiting(
    entry: Entry, sheet: FormState, drafted: Sequence[Sequence[Event]]
) -> PossibleDuplicate | None:
    """Return what waits on the desk and may be the same."""
    known = {*(one.entry for one in entry.several()), *sheet.all("distinct")}
    return next(filter(None, (duplicate_on_desk(sequence, known) for sequence in drafted)), None)
