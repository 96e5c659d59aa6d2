"""What the forms for a statement share: weighing a sheet, recording it, what its page shows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from timeline.domain.statement import StatementRecorded
from web.entries.codebooks import codebook_now
from web.i18n import dates
from web.i18n.languages import language_named
from web.record.fields import choices
from web.record.fields.dates import precisions
from web.record.fields.meanings import meaning
from web.record.forms.signing import byline
from web.record.handing import STATEMENT, Entry
from web.record.statement.command import command_of
from web.record.statement.draft import Draft, read_draft
from web.record.statement.weighing import refuse, weigh
from web.shell.request import concerns, read_connection, services, this_request

if TYPE_CHECKING:
    from timeline.application.recording import Recorded
    from timeline.domain.event import Byline
    from web.record.drafts import Saved
    from web.record.forms.sheet import Sheet


def weighed(sheet: Sheet) -> Draft:
    """Return what a sheet says, where it would land and what is in its way."""
    draft = read_draft(read_connection(), sheet)
    weigh(read_connection(), draft, this_request().now)
    return draft


def entry_of(draft: Draft, by: Byline | None = None) -> Entry:
    """Return how a statement is recorded.

    ``by`` says who records, who sits at the form without it.
    """
    return Entry(
        STATEMENT,
        draft.sheet,
        draft.until,
        command=partial(command_of, draft),
        record=partial(_record, draft, by),
        refuse=partial(refuse, read_connection(), draft),
    )


def _record(draft: Draft, by: Byline | None) -> Recorded:
    """Record a statement, and keep the text of its source; raises what the newsroom refuses."""
    newsroom, by = services().newsroom, by or byline()
    entry = draft.sheet.value("entry")
    recorded = newsroom.statements.record(by, command_of(draft), entry)
    said = services().log.event(recorded.position)
    if draft.text.strip() and isinstance(said, StatementRecorded):
        newsroom.documents.take_snapshot(by, said.document, draft.text)
    return recorded


def form_context(draft: Draft, saved: Saved) -> dict[str, Any]:
    """Return what the parts of the form are drawn from."""
    topic, kept = draft.topic, draft.document
    concerns(*(one.id for one in (topic, draft.actor) if one))
    return {
        "draft": draft,
        "book": codebook_now(read_connection(), topic) if topic else None,
        "meaning": meaning(topic.scale, draft.sheet.value("stance")) if topic else None,
        "published": dates.said(kept.published_at) if kept and kept.published_at else "",
        "language": language_named(kept.lang) if kept and kept.lang else "",
        "stances": choices.stance_choices(topic.scale) if topic else [],
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


def _original(sheet: Sheet) -> int:
    """Return the number under which this very form is on record with other words, or 0."""
    if not sheet.conflict:
        return 0
    entry = sheet.value("entry")
    return services().log.first_events([entry]).get(entry, (0, None))[0]
