"""The queue of what waits for a second person: looked at, agreed to, or sent back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from flask import Blueprint

from timeline.desk.drafts import Draft as KeptForm
from timeline.desk.notes import Note
from timeline.desk.texts import Decision
from timeline.domain.errors import Refused, StandlineError
from timeline.domain.messages import Message
from timeline.projections.queries import directory
from web.i18n import dates
from web.record.drafts import UNSAVED
from web.record.fields.schemas import DevelopmentSchema
from web.record.forms.answers import go_on
from web.record.forms.sheet import FINE, REFUSED, Sheet, as_sentences
from web.record.forms.signing import form_id, own_handle
from web.record.handing import QUEUE
from web.record.nouns.development import record_development
from web.record.reviewing.in_words import development_in_words, statement_in_words
from web.record.source_text import article
from web.record.statement.answering import form_context, record, weighed
from web.record.workbench.kept_text import kept_text
from web.shell.rendering import render
from web.shell.request import read_connection, services, this_request

if TYPE_CHECKING:
    from uuid import UUID

    from werkzeug.wrappers import Response

    from timeline.desk.reviews import Handed
    from timeline.domain.event import Byline

OWN_ENTRY = Message(
    "own_entry", "this entry is your own", fix="somebody else has to agree; you can take it back"
)

blueprint = Blueprint("review", __name__, url_prefix="/review")

STATEMENT = "statement"


class HandedRow(msgspec.Struct, frozen=True):
    """An entry that waits, as the queue shows it."""

    id: str
    kind: str
    actor: str
    topic: str
    words: str
    by: str
    when: str
    is_own: bool


@blueprint.get("")
def queue() -> Response:
    """Show what waits: others' entries to look at, and one's own."""
    topics = {one.slug: one.question for one in directory.topics(read_connection())}
    rows = [_row(one, topics) for one in services().desk.reviews.waiting()]
    others = [one for one in rows if not one.is_own]
    own = [one for one in rows if one.is_own]
    return render("record/review_queue.html", others=others, own=own)


@blueprint.get("/<uuid:entry>")
def show(entry: UUID) -> Response:
    """Show an entry that waits, with its passage and where it would land."""
    return _page(services().desk.reviews.find(str(entry)))


@blueprint.post("/<uuid:entry>/agree")
def agree(entry: UUID) -> Response:
    """Record an entry under its author's name and, in the same event, that of who agreed.

    Raises `Refused` for one's own, and `NotFound` for one that waits no more.
    """
    found = services().desk.reviews.find(str(entry))
    if found.author == own_handle():
        raise Refused(OWN_ENTRY, field="entry")
    byline = services().newsroom.byline(found.author, f"review:{own_handle()}")
    try:
        number = _recorded(found, byline)
    except StandlineError as error:
        return _page(found, as_sentences(error))
    services().desk.reviews.take_away(found.id)
    if found.document:
        services().desk.texts.discard(found.document)
    return go_on(f"/s/{number}")


@blueprint.post("/<uuid:entry>/back")
def send_back(entry: UUID) -> Response:
    """Give an entry back to its author as a draft, with a note if there is something to say."""
    found = services().desk.reviews.find(str(entry))
    at, words = this_request().instant, this_request().form.get("note", "")
    draft = KeptForm(
        id=found.id, kind=found.kind, saved_at=at, gist=found.gist, fields=found.fields
    )
    services().desk.drafts.save(found.author, draft)
    services().desk.reviews.take_away(found.id)
    if words.strip() and found.document:
        note = Note(form_id(), found.document, own_handle(), at, words)
        services().desk.notes.write(note)
    return go_on(QUEUE)


def _recorded(found: Handed, byline: Byline) -> int:
    """Record an entry as it was handed over, and return its number."""
    sheet = _sheet(found)
    if found.kind == STATEMENT:
        return record(weighed(sheet), byline).position
    number = record_development(sheet, DevelopmentSchema().read(sheet), byline).position
    span = article.passage(sheet.value("text"), sheet.value("passage"))
    if span and found.document:
        words = sheet.value("text")[slice(*span)]
        decision = Decision(*span, words, number, found.author)
        services().desk.texts.decide(found.document, decision, this_request().instant)
    return number


def _sheet(found: Handed) -> Sheet:
    sheet = Sheet({name: list(values) for name, values in found.fields.items()})
    sheet.put("entry", found.id)
    if found.document:
        kept_text(read_connection(), found.document).lay(sheet)
    return sheet


def _page(found: Handed, trouble: str = "") -> Response:
    sheet = _sheet(found)
    sheet.quiet = True
    topics = {one.slug: one.question for one in directory.topics(read_connection())}
    context: dict[str, Any] = {"one": _row(found, topics), "trouble": trouble, "sheet": sheet}
    if found.kind == STATEMENT:
        draft = weighed(sheet)
        context |= form_context(draft, UNSAVED) | {"rows": statement_in_words(draft)}
    else:
        context |= {"draft": None, "rows": development_in_words(sheet, topics)}
    response = render("record/review.html", document=found.document, **context)
    response.status_code = REFUSED if trouble else FINE
    return response


def _row(one: Handed, topics: dict[str, str]) -> HandedRow:
    return HandedRow(
        one.id,
        one.kind,
        one.gist.actor,
        topics.get(one.gist.topic, ""),
        one.gist.words,
        one.author,
        dates.moment_us(one.handed_at),
        one.author == own_handle(),
    )
