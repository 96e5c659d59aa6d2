"""The form for a statement, with its source and a preview of its place on the chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from timeline.domain.instants import DAY, day_of, iso_day
from timeline.domain.text import whole_number
from timeline.projections.queries import entries, extent
from web.lanes.address import TopicAddress
from web.lanes.window import window
from web.record import drafts
from web.record.drafts import UNSAVED, Saved
from web.record.duplicates import current_url
from web.record.fields.initial_values import load_source, new_sheet
from web.record.fields.matches import actor_matches, entry_matches, topic_matches
from web.record.forms.answers import go_on, show
from web.record.forms.form_state import sheet_of
from web.record.forms.signing import form_id, own_handle
from web.record.handing import STATEMENT, settle
from web.record.statement.answering import entry_of, form_context, read_and_weigh
from web.record.statement.several import arrange, ask_back, read_stances, weigh_stances
from web.shell.rendering import render, shown_at, wants_fragment
from web.shell.request import read_connection, this_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection
    from werkzeug.wrappers import Response

    from timeline.projections.queries.directory import Topic
    from web.record.fields.matches import Match
    from web.record.forms.form_state import FormState
    from web.record.statement.draft import Draft

blueprint = Blueprint("statement", __name__)

TEXTS = "texts"
"""The room that codes statements from a text, if it is installed."""

TEMPLATE = "record/statement.html"
TOLD = "told"
"""The field of a form that was sent too early: it shows its gaps until they are filled."""
BEFORE = 30
"""How many days to show before a statement that is outside the chart's usual window."""


@blueprint.get("")
def ask() -> Response:
    """Show the form, filled in from the address."""
    if draft_id := this_request().query.get("draft"):
        if url := current_url(draft_id):
            return go_on(url)
        sheet, saved = drafts.open_draft(draft_id, STATEMENT)
    elif (in_text := this_request().kept_by(TEXTS)) and (url := in_text(this_request().query)):
        return go_on(url)
    else:
        sheet, saved = new_sheet(read_connection(), this_request().query), UNSAVED
    sheet.quiet = True
    draft = read_and_weigh(sheet)
    sheet.fill({drafts.BEGUN: drafts.typed_checksum(sheet)})
    return _form(draft, saved=saved)


@blueprint.post("")
def take() -> Response:
    """Record the statement and show it on the chart, or say what is wrong."""
    sheet = _sent_sheet()
    if sheet.value("save"):
        return _put_aside(sheet)
    draft = read_stances(read_connection(), sheet)
    is_answered = not ask_back(read_connection(), draft)
    if is_answered and (result := settle(entry_of(draft))):
        return go_on(_seen_at(draft, result.number) if result.number else result.waits_at)
    weigh_stances(read_connection(), draft, this_request().now)
    saved = drafts.keep_quietly(sheet, STATEMENT)
    if sheet.quiet and drafts.can_go_on(sheet, saved):
        return go_on(drafts.address(sheet, STATEMENT))
    return _form(draft, saved=saved)


@blueprint.post("/check")
def check() -> Response:
    """Show the preview and the errors so far; record nothing."""
    sheet = _sent_sheet()
    sheet.quiet = not sheet.value(TOLD)
    rearranged, taken_before = arrange(sheet), sheet.value("taken")
    draft = read_and_weigh(sheet)
    saved = drafts.keep_quietly(sheet, STATEMENT)
    if drafts.can_go_on(sheet, saved):
        return go_on(drafts.address(sheet, STATEMENT))
    if not wants_fragment() or rearranged:
        return _form(draft, saved=saved)
    is_taken = sheet.value("taken") != taken_before
    context = form_context(draft, saved) | {"is_taken": is_taken}
    checked = render("record/check.html", sheet=sheet, **context)
    return shown_at(checked, drafts.address(sheet, STATEMENT)) if saved.when else checked


@blueprint.get("/actors")
def actors() -> Response:
    """Suggest actors for what was typed so far."""
    return _matches(actor_matches, "actor")


@blueprint.get("/topics")
def topics() -> Response:
    """Suggest questions for what was typed so far."""
    return _matches(topic_matches, "topic")


@blueprint.get("/entries")
def entry_suggestions() -> Response:
    """Suggest entries for a number or words, without the number ``but``."""
    query = dict(this_request().query)
    except_number = whole_number(query.pop("but", ""))
    field, typed = next(iter(query.items()), ("entry", ""))
    matches = entry_matches(read_connection(), typed.strip(), except_number)
    context = {"matches": matches, "typed": typed.strip(), "field": field, "kind": "entry"}
    return render("record/matches.html", **context)


def on_the_chart(topic: Topic, number: int) -> str:
    """Return the address of a statement on its topic's chart, with its proof open."""
    conn = read_connection()
    statement = entries.statements(conn, [number]).get(number)
    span = extent.span(conn, topic.id)
    begin = ""
    if (
        statement
        and span
        and statement.counts_from < window(TopicAddress(), *span, this_request().now).start
    ):
        begin = iso_day(day_of(statement.counts_from - BEFORE * DAY))
    return TopicAddress(s=number, begin=begin).url(topic.slug)


def _seen_at(draft: Draft, number: int) -> str:
    """Return the address of a statement; a form that is sent again later may have no open topic."""
    return on_the_chart(draft.topic, number) if draft.topic else f"/s/{number}"


def _matches(find: Callable[[Connection, str, str], list[Match]], kind: str) -> Response:
    field, typed = next(iter(this_request().query.items()), (kind, ""))
    matches = find(read_connection(), typed.strip(), own_handle())
    context = {"matches": matches, "typed": typed.strip(), "field": field, "kind": kind}
    return render("record/matches.html", **context)


def _sent_sheet() -> FormState:
    sheet = sheet_of(this_request().form)
    sheet.put("entry", form_id(sheet.value("entry")))
    if sheet.focus == "load":
        load_source(read_connection(), sheet)
    return sheet


def _put_aside(sheet: FormState) -> Response:
    """Keep the form as a draft and go on with it at its own address."""
    saved = drafts.put_aside(sheet, STATEMENT)
    if saved.when:
        return go_on(drafts.address(sheet, STATEMENT))
    sheet.quiet = True
    return _form(read_and_weigh(sheet), status=saved.status, saved=saved)


def _form(draft: Draft, *, status: int = 0, saved: Saved = UNSAVED) -> Response:
    context = form_context(draft, saved) | drafts.draft_list()
    return show(TEMPLATE, draft.sheet, status=status, **context)
