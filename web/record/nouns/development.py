"""The form for a development: what happened or was announced, and its topics."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Blueprint

from timeline.application.commands import RecordDevelopment
from timeline.application.joint_recording import EntryCommand
from timeline.desk.texts import Decision
from timeline.domain.dates import said_or_published
from timeline.domain.development import DevelopmentRecorded
from timeline.domain.errors import StandlineError
from timeline.projections.queries import directory
from timeline.projections.queries.alike import developments_like
from web.entries.presenter import Presenter
from web.record import drafts
from web.record.drafts import UNSAVED, Saved
from web.record.duplicates import current_url, duplicate_on_desk
from web.record.fields.choices import actor_named, all_names, statuses, topic_groups
from web.record.fields.dates import moment_of, note_moment, precisions
from web.record.fields.languages import warn_of_encoding
from web.record.fields.schemas import DevelopmentSchema, source_of
from web.record.forms.answers import go_on, show
from web.record.forms.form_state import CONFLICT, FormState, sheet_of
from web.record.forms.signing import byline_at, form_id
from web.record.handing import DEVELOPMENT, Entry, settle
from web.record.source_text import article
from web.shell.request import read_connection, services, this_request
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection
    from werkzeug.wrappers import Response

    from timeline.domain.event import Byline
    from web.entries.views import DevelopmentView


blueprint = Blueprint("development", __name__, url_prefix="/development")

CALLED = {"source": "source.outlet"}


@blueprint.get("")
def ask() -> Response:
    """Show the form; ``topic`` in the address may name a topic, ``draft`` a draft."""
    if draft_id := this_request().query.get("draft"):
        if url := current_url(draft_id):
            return go_on(url)
        sheet, saved = drafts.open_draft(draft_id, DEVELOPMENT)
        sheet.quiet = True
        return _form(sheet, saved)
    topic = this_request().query.get("topic", "")
    sheet = FormState({"topics": [topic] if topic else []})
    sheet.fill({"entry": form_id(), "precision": "day"})
    return _form(sheet)


@blueprint.post("")
def take() -> Response:
    """Record the development and show it on the chart, or say what is wrong."""
    sheet = sheet_of(this_request().form)
    warn_of_encoding(sheet)
    sheet.put("entry", form_id(sheet.value("entry")))
    if sheet.value("save"):
        return _put_aside(sheet)
    data = DevelopmentSchema().read(sheet)
    note_moment(sheet, data)
    same = same_as(sheet, data)
    is_new = not (same or ask_back_waiting(sheet, data))
    if is_new and (result := settle(entry_of(sheet, data))):
        return go_on(
            f"/t/{data['topics'][0]}#dv-{result.number}" if result.number else result.waits_at
        )
    saved = drafts.keep_quietly(sheet, DEVELOPMENT)
    if sheet.quiet and drafts.can_go_on(sheet, saved):
        return go_on(drafts.address(sheet, DEVELOPMENT))
    return _form(sheet, saved, same)


def same_as(sheet: FormState, data: dict[str, Any]) -> list[DevelopmentView]:
    """Return developments that a form may repeat, none if the form has errors."""
    if sheet.problems:
        return []
    others = sheet.all("distinct")
    return may_be_the_same(read_connection(), data, sheet.value("entry"), others)


def ask_back_waiting(sheet: FormState, data: dict[str, Any]) -> bool:
    """Ask whether a development repeats one that waits on the desk; tell whether it asked."""
    if sheet.problems or sheet.quiet:
        return False
    try:
        at = byline_at(moment_of(data))
        events = services().newsroom.developments.rehearse(at, command_of(data))
    except StandlineError:
        return False
    duplicate = duplicate_on_desk(events, {sheet.value("entry"), *sheet.all("distinct")})
    if duplicate:
        sheet.ask_back(duplicate)
    return duplicate is not None


def entry_of(sheet: FormState, data: dict[str, Any]) -> Entry:
    """Return the entry that records a development; ``data`` are the valid values of the sheet."""
    return Entry(
        DEVELOPMENT,
        sheet,
        moment_of(data),
        several=lambda: [EntryCommand(sheet.value("entry"), command_of(data))],
        signed=dict,
        follow=partial(_follow, sheet),
        refuse=partial(sheet.refuse, called=CALLED),
    )


def command_of(data: dict[str, Any]) -> RecordDevelopment:
    """Return the command, without invalid values."""
    name = data.get("according_to", "")
    actor = actor_named(read_connection(), name)
    return RecordDevelopment(
        title=data.get("title", ""),
        summary=data.get("summary"),
        topics=tuple(data.get("topics", ())),
        according_to=actor.slug if actor else name or None,
        status=data.get("status", ""),
        happened_at=data.get("happened_at") or None,
        source=source_of(data),
    )


def _follow(sheet: FormState, by: Byline, numbers: tuple[int, ...]) -> None:
    """Record the text of the source, and keep the passage that was coded."""
    event, text = services().log.event(numbers[0]), sheet.value("text")
    if text.strip() and isinstance(event, DevelopmentRecorded):
        services().newsroom.documents.take_snapshot(by, event.document, text)
    _decide(sheet, numbers[0], by)


def _decide(sheet: FormState, number: int, by: Byline) -> None:
    """Keep on the desk which passage was coded as a development; no event has it."""
    text, document = sheet.value("text"), sheet.value("document")
    span = article.passage(text, sheet.value("passage"))
    if span and document:
        decision = Decision(*span, text[slice(*span)], number, by.by)
        services().desk.texts.decide(document, decision, by.at)


def _put_aside(sheet: FormState) -> Response:
    """Keep the form as a draft and go on with it at its own address."""
    saved = drafts.put_aside(sheet, DEVELOPMENT)
    if saved.when:
        return go_on(drafts.address(sheet, DEVELOPMENT))
    sheet.quiet = True
    return _form(sheet, saved)


def _form(
    sheet: FormState, saved: Saved = UNSAVED, same: Sequence[DevelopmentView] = ()
) -> Response:
    status = CONFLICT if same else 0
    return show(
        "record/development.html",
        sheet,
        status=saved.status if sheet.quiet else status,
        same=same,
        **drafts.draft_list(),
        saved=saved,
        names=all_names(read_connection()),
        groups=topic_groups(closed=True),
        statuses=statuses(),
        precisions=precisions(),
    )


SHOWN = 3


def may_be_the_same(
    conn: Connection, data: dict[str, Any], entry: str, dismissed: Sequence[str]
) -> list[DevelopmentView]:
    """Return up to three developments that this one may repeat, the most similar first.

    ``data`` is a valid form, ``entry`` its own id (a form that is sent twice repeats nothing),
    ``dismissed`` are numbers of developments that are known to differ.
    """
    happened = said_or_published(data["happened_at"], data["source_published_at"]).latest
    topics = [directory.topic(conn, slug).id for slug in data["topics"]]
    entries = [
        row
        for row in developments_like(conn, topics, data["title"], happened)
        if str(row.number) not in dismissed and row.stream != entry
    ]
    presenter = Presenter(conn, Names(conn), entries[:SHOWN])
    return [presenter.development(row) for row in entries[:SHOWN]]
