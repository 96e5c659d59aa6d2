"""The form for a development: what happened or was announced, and on which topics it bears."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Blueprint

from timeline.application.commands import RecordDevelopment
from timeline.application.together import Numbered
from timeline.desk.texts import Decision
from timeline.domain.dates import said_or_published
from timeline.domain.development import DevelopmentRecorded
from timeline.domain.errors import StandlineError
from timeline.projections.queries import directory
from timeline.projections.queries.alike import developments_like
from web.entries.presenter import Presenter
from web.record import drafts
from web.record.drafts import UNSAVED, Saved
from web.record.fields.choices import actor_named, all_names, statuses, topic_groups
from web.record.fields.dates import precisions
from web.record.fields.encoding_warnings import warn_of_encoding
from web.record.fields.schemas import DevelopmentSchema, source_of
from web.record.fields.written_moments import moment_of, note_moment
from web.record.forms.answers import go_on, show
from web.record.forms.form_state import CONFLICT, FormState, sheet_of
from web.record.forms.signing import byline_at, form_id
from web.record.handing import DEVELOPMENT, Entry, settle
from web.record.source_text import article
from web.record.standing import current_url, duplicate_on_desk
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
    """Show the form; ``topic`` may name a topic that it bears on, ``draft`` one that was kept."""
    if draft_id := this_request().query.get("draft"):
        if there := current_url(draft_id):
            return go_on(there)
        sheet, saved = drafts.open_draft(draft_id, DEVELOPMENT)
        sheet.quiet = True
        return _form(sheet, saved)
    topic = this_request().query.get("topic", "")
    sheet = FormState({"topics": [topic] if topic else []})
    sheet.fill({"entry": form_id(), "precision": "day"})
    return _form(sheet)


@blueprint.post("")
def take() -> Response:
    """Record the development and show it on the chart, or say what is in the way."""
    sheet = sheet_of(this_request().form)
    warn_of_encoding(sheet)
    sheet.put("entry", form_id(sheet.value("entry")))
    if sheet.value("save"):
        return _put_aside(sheet)
    given = DevelopmentSchema().read(sheet)
    note_moment(sheet, given)
    same = same_as(sheet, given)
    is_new = not (same or ask_back_waiting(sheet, given))
    if is_new and (done := settle(entry_of(sheet, given))):
        return go_on(f"/t/{given['topics'][0]}#dv-{done.number}" if done.number else done.waits_at)
    saved = drafts.keep_quietly(sheet, DEVELOPMENT)
    if sheet.quiet and drafts.can_go_on(sheet, saved):
        return go_on(drafts.address(sheet, DEVELOPMENT))
    return _form(sheet, saved, same)


def same_as(sheet: FormState, given: dict[str, Any]) -> list[DevelopmentView]:
    """Return developments that a form may repeat, unless it is wrong in itself."""
    if sheet.problems:
        return []
    others = sheet.all("distinct")
    return may_be_the_same(read_connection(), given, sheet.value("entry"), others)


def ask_back_waiting(sheet: FormState, given: dict[str, Any]) -> bool:
    """Note that a development may wait on the desk already, and tell whether one does."""
    if sheet.problems or sheet.quiet:
        return False
    try:
        at = byline_at(moment_of(given))
        drafted = services().newsroom.developments.rehearse(at, command_of(given))
    except StandlineError:
        return False
    standing = duplicate_on_desk(drafted, {sheet.value("entry"), *sheet.all("distinct")})
    if standing:
        sheet.ask_back(standing)
    return standing is not None


def entry_of(sheet: FormState, given: dict[str, Any]) -> Entry:
    """Return how a development is recorded, with where it stands in its text.

    ``given`` is what is right of the sheet.
    """
    return Entry(
        DEVELOPMENT,
        sheet,
        moment_of(given),
        several=partial(_alone, sheet, given),
        signed=dict,
        follow=partial(_follow, sheet),
        refuse=partial(sheet.refuse, called=CALLED),
    )


def command_of(given: dict[str, Any]) -> RecordDevelopment:
    """Return the command; what is wrong in the form is left out."""
    named = given.get("according_to", "")
    says = actor_named(read_connection(), named)
    return RecordDevelopment(
        title=given.get("title", ""),
        summary=given.get("summary"),
        topics=tuple(given.get("topics", ())),
        according_to=says.slug if says else named or None,
        status=given.get("status", ""),
        happened_at=given.get("happened_at") or None,
        source=source_of(given),
    )


def _alone(sheet: FormState, given: dict[str, Any]) -> list[Numbered]:
    return [Numbered(sheet.value("entry"), command_of(given))]


def _follow(sheet: FormState, by: Byline, numbers: tuple[int, ...]) -> None:
    """Keep the text of its source, and which passage of it a development is coded from."""
    said, text = services().log.event(numbers[0]), sheet.value("text")
    if text.strip() and isinstance(said, DevelopmentRecorded):
        services().newsroom.documents.take_snapshot(by, said.document, text)
    _decide(sheet, numbers[0], by)


def _decide(sheet: FormState, number: int, by: Byline) -> None:
    """Keep on the desk which passage of its text a development is coded from: no event tells."""
    text, document = sheet.value("text"), sheet.value("document")
    span = article.passage(text, sheet.value("passage"))
    if span and document:
        decision = Decision(*span, text[slice(*span)], number, by.by)
        services().desk.texts.decide(document, decision, by.at)


def _put_aside(sheet: FormState) -> Response:
    """Keep the form as it is and go on with it at an address of its own."""
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
    conn: Connection, given: dict[str, Any], entry: str, dismissed: Sequence[str]
) -> list[DevelopmentView]:
    """Return up to three developments that this one may repeat, the likest first.

    ``given`` is a valid form, ``entry`` the id under which it is recorded (sent twice, it repeats
    nothing), ``dismissed`` the numbers of those that are known to be others.
    """
    happened = said_or_published(given["happened_at"], given["source_published_at"]).latest
    topics = [directory.topic(conn, slug).id for slug in given["topics"]]
    entries = [
        one
        for one in developments_like(conn, topics, given["title"], happened)
        if str(one.number) not in dismissed and one.stream != entry
    ]
    presenter = Presenter(conn, Names(conn), entries[:SHOWN])
    return [presenter.development(one) for one in entries[:SHOWN]]
