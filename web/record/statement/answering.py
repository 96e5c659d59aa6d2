"""What the statement forms share: read and weigh a sheet, record it, and show its page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from timeline.application.changes import NEW, NewSignature
from timeline.application.joint_recording import EntryCommand
from timeline.domain.errors import Refused
from timeline.domain.messages import Message
from timeline.domain.statement import StatementRecorded
from timeline.projections.queries.alike import draft_instant
from timeline.projections.queries.turning import DRAFT
from timeline.projections.queries.waiting import change_by_draft
from web.entries.codebooks import CodebookView, codebook_now
from web.i18n import dates
from web.i18n.languages import language_named
from web.record.fields import choices
from web.record.fields.choices import StanceChoice, meaning, stance_choices
from web.record.fields.dates import precisions
from web.record.forms.signing import byline
from web.record.handing import STATEMENT, Entry
from web.record.signing.rows import signed_also
from web.record.statement.command import command_of
from web.record.statement.draft import Draft
from web.record.statement.several import MOST, is_own, read_stances, refuse_stance, weigh_stances
from web.record.statement.signature import CAVEAT, SENTENCE, SIGN, change_key, check_signatures
from web.shell.policies import may_record
from web.shell.request import concerns, read_connection, reader_language, services, this_request

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.domain.event import Byline
    from web.record.drafts import Saved
    from web.record.forms.form_state import FormState


def read_and_weigh(sheet: FormState) -> Draft:
    """Return the draft of a sheet, with its place on the chart and its errors."""
    draft = read_stances(read_connection(), sheet)
    weigh_stances(read_connection(), draft, this_request().now)
    return draft


def entry_of(draft: Draft) -> Entry:
    """Return the entry that records a statement, with all stances of its words."""
    return Entry(
        STATEMENT,
        draft.sheet,
        draft.until,
        several=partial(numbered_commands, draft),
        signed=lambda: signatures(read_connection(), draft),
        follow=partial(_follow, draft),
        refuse=partial(refuse_stance, read_connection(), draft),
    )


def _follow(draft: Draft, by: Byline, numbers: tuple[int, ...]) -> None:
    """Record the text of the source."""
    event = services().log.event(numbers[0])
    if draft.text.strip() and isinstance(event, StatementRecorded):
        services().newsroom.documents.take_snapshot(by, event.document, draft.text)


def numbered_commands(draft: Draft) -> list[EntryCommand]:
    """Return the command of each stance with its id; raises `Refused`."""
    check_signatures([stance.sheet for stance in draft.stances])
    return [
        EntryCommand(stance.sheet.value("entry"), command_of(stance)) for stance in draft.stances
    ]


def form_context(draft: Draft, saved: Saved) -> dict[str, Any]:
    """Return the variables of the form's templates."""
    source = draft.document
    topics = [stance.topic for stance in draft.stances]
    concerns(*(noun.id for noun in (*topics, draft.actor) if noun))
    return {
        "draft": draft,
        "stance_rows": stance_rows(draft),
        "told_with_stances": stance_field_names(draft),
        "chosen_topics": {topic.slug for topic in topics if topic} if draft.further else set(),
        "may_add": len(topics) < MOST,
        "published": dates.said(source.published_at) if source and source.published_at else "",
        "language": language_named(source.lang) if source and source.lang else "",
        "attributions": choices.ways_to_speak(),
        "wordings": choices.wordings(),
        "reasons": choices.reasons(),
        "precisions": precisions(),
        "names": choices.all_names(read_connection()),
        "original": _original(draft.sheet),
        "is_taken": False,
        "unseen": ("text",),
        "saved": saved,
    }


def _original(sheet: FormState) -> int:
    """Return the number under which this form was recorded before it changed, or 0."""
    if not sheet.conflict:
        return 0
    entry = sheet.value("entry")
    return services().log.first_events([entry]).get(entry, (0, None))[0]


TOGETHER = ("stance", "no_position_reason", "asked")
"""Fields whose messages are shown with their stance."""


class StanceRow(msgspec.Struct, frozen=True):
    """A stance in a form.

    ``place`` counts from 1. ``choices`` are the words of its scale, lowest first, ``chosen`` is one
    of them, ``meaning`` a word with its definition, ``book`` the codebook of its topic.
    ``is_open`` is false if it is complete and another stance is being filled in.
    """

    draft: Draft
    place: int
    choices: tuple[StanceChoice, ...]
    meaning: tuple[str, str] | None
    chosen: StanceChoice | None
    book: CodebookView | None
    is_open: bool


def stance_rows(draft: Draft) -> list[StanceRow]:
    """Return the stances of a form, in their order."""
    return [_row(stance, place, draft) for place, stance in enumerate(draft.stances, 1)]


def stance_field_names(draft: Draft) -> set[str]:
    """Return the names of the fields that are shown with their stance."""
    return {
        stance.name(part)
        for stance in draft.stances
        for part in (*TOGETHER, *(variable.field for variable in stance.variables))
    }


def _row(draft: Draft, place: int, first: Draft) -> StanceRow:
    scale, chosen = draft.topic.scale if draft.topic else None, draft.sheet.value("stance")
    choices = tuple(stance_choices(scale)) if scale else ()
    with reader_language() as conn:
        book = codebook_now(conn, draft.topic) if draft.topic else None
    return StanceRow(
        draft,
        place,
        choices,
        meaning(scale, chosen) if scale else None,
        next((choice for choice in choices if choice.value == chosen), None),
        book,
        draft is first.stances[-1] or any(map(is_own, draft.sheet.problems)),
    )


NOT_AS_SHOWN = Message(
    "not_as_shown",
    "the statement does not make the change that was shown beside it",
    fix="look at it again: nothing was recorded",
)


def signatures(conn: Connection, draft: Draft) -> dict[str, NewSignature]:
    """Return the signatures that a form gives to the changes that it makes.

    They are by the ids of the statements that make the changes. Raises `Refused` for a change
    other than the one that was shown beside the form.
    """
    to_sign = [stance for stance in draft.stances if stance.sheet.value(SIGN)]
    if not to_sign or not may_record():
        return {}
    on_record = services().log.first_events([stance.sheet.value("entry") for stance in to_sign])
    return {
        entry: _signature(conn, stance)
        for stance in to_sign
        if (entry := stance.sheet.value("entry")) not in on_record
    }


def _signature(conn: Connection, draft: Draft) -> NewSignature:
    sheet = draft.sheet
    rehearsed = services().newsroom.statements.rehearse(byline(), command_of(draft))
    statement, made = rehearsed[-1], None
    if isinstance(statement, StatementRecorded):
        made = change_by_draft(conn, statement, draft_instant(conn, rehearsed, statement))
    if made is None or change_key(made[0]) != sheet.value(SIGN):
        error = Refused(NOT_AS_SHOWN, field=SIGN)
        error.entry = sheet.value("entry")
        raise error
    ends = made[0].ends
    after = tuple(NEW if number == DRAFT else number for number in ends.after)
    return NewSignature(
        byline=byline(),
        ends=msgspec.structs.replace(ends, after=after),
        sentence=sheet.value(SENTENCE),
        caveat=sheet.value(CAVEAT),
        also=signed_also(sheet),
    )
