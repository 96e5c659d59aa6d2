"""The form for a statement: beside its source, with a look at where it would land."""

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
from web.record.fields.initial_values import load_source, new_sheet
from web.record.fields.matches import actor_matches, entry_matches, topic_matches
from web.record.forms.answers import go_on, show
from web.record.forms.form_state import sheet_of
from web.record.forms.signing import form_id, own_handle
from web.record.handing import STATEMENT, settle
from web.record.standing import current_url
from web.record.statement.answering import entry_of, form_context, weighed
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
"""The room that codes a source from its text, if it is kept."""

TEMPLATE = "record/statement.html"
TOLD = "told"
"""What a form carries that was sent too early: its gaps are told as well until they are filled."""
BEFORE = 30
"""Days shown before a statement that lies outside the chart's usual window."""


@blueprint.get("")
def ask() -> Response:
    """Show the form, filled in as far as the address says."""
    if draft_id := this_request().query.get("draft"):
        if there := current_url(draft_id):
            return go_on(there)
        sheet, saved = drafts.open_draft(draft_id, STATEMENT)
    elif (in_text := this_request().kept_by(TEXTS)) and (at := in_text(this_request().query)):
        return go_on(at)
    else:
        sheet, saved = new_sheet(read_connection(), this_request().query), UNSAVED
    sheet.quiet = True
    draft = weighed(sheet)
    sheet.fill({drafts.BEGUN: drafts.typed_checksum(sheet)})
    return _form(draft, saved=saved)


@blueprint.post("")
def take() -> Response:
    """Record the statement and show it on the chart, or say what is in the way."""
    sheet = _sent()
    if sheet.value("save"):
        return _put_aside(sheet)
    draft = read_stances(read_connection(), sheet)
    is_answered = not ask_back(read_connection(), draft)
    if is_answered and (done := settle(entry_of(draft))):
        return go_on(_seen_at(draft, done.number) if done.number else done.waits_at)
    weigh_stances(read_connection(), draft, this_request().now)
    saved = drafts.keep_quietly(sheet, STATEMENT)
    if sheet.quiet and drafts.can_go_on(sheet, saved):
        return go_on(drafts.address(sheet, STATEMENT))
    return _form(draft, saved=saved)


@blueprint.post("/check")
def check() -> Response:
    """Say where the statement would land and what is wrong so far; record nothing."""
    sheet = _sent()
    sheet.quiet = not sheet.value(TOLD)
    rearranged, shown = arrange(sheet), sheet.value("taken")
    draft = weighed(sheet)
    saved = drafts.keep_quietly(sheet, STATEMENT)
    if drafts.can_go_on(sheet, saved):
        return go_on(drafts.address(sheet, STATEMENT))
    if not wants_fragment() or rearranged:
        return _form(draft, saved=saved)
    is_taken = sheet.value("taken") != shown
    context = form_context(draft, saved) | {"is_taken": is_taken}
    checked = render("record/check.html", sheet=sheet, **context)
    return shown_at(checked, drafts.address(sheet, STATEMENT)) if saved.when else checked


@blueprint.get("/actors")
def actors() -> Response:
    """Return who may be meant by what was typed so far into the field that asks."""
    return _matches(actor_matches, "actor")


@blueprint.get("/topics")
def topics() -> Response:
    """Return which questions may be meant by what was typed so far."""
    return _matches(topic_matches, "topic")


@blueprint.get("/entries")
def known_entries() -> Response:
    """Return which entries may be meant by a number or words; ``but`` is none of them."""
    query = dict(this_request().query)
    but = whole_number(query.pop("but", ""))
    field, typed = next(iter(query.items()), ("entry", ""))
    matches = entry_matches(read_connection(), typed.strip(), but)
    context = {"matches": matches, "typed": typed.strip(), "field": field, "kind": "entry"}
    return render("record/matches.html", **context)


def on_the_chart(topic: Topic, number: int) -> str:
    """Return the address at which a statement is seen on its topic's chart, proof open."""
    conn = read_connection()
    said = entries.statements(conn, [number]).get(number)
    span = extent.span(conn, topic.id)
    begin = ""
    if said and span and said.counts_from < window(TopicAddress(), *span, this_request().now).start:
        begin = iso_day(day_of(said.counts_from - BEFORE * DAY))
    return TopicAddress(s=number, begin=begin).url(topic.slug)


def _seen_at(draft: Draft, number: int) -> str:
    """Return where a statement is seen; its topic is closed where it is sent once more later."""
    return on_the_chart(draft.topic, number) if draft.topic else f"/s/{number}"


def _matches(find: Callable[[Connection, str, str], list[Match]], kind: str) -> Response:
    field, typed = next(iter(this_request().query.items()), (kind, ""))
    matches = find(read_connection(), typed.strip(), own_handle())
    context = {"matches": matches, "typed": typed.strip(), "field": field, "kind": kind}
    return render("record/matches.html", **context)


def _sent() -> FormState:
    sheet = sheet_of(this_request().form)
    sheet.put("entry", form_id(sheet.value("entry")))
    if sheet.focus == "load":
        load_source(read_connection(), sheet)
    return sheet


def _put_aside(sheet: FormState) -> Response:
    """Keep the form as it is and go on with it at an address of its own."""
    saved = drafts.put_aside(sheet, STATEMENT)
    if saved.when:
        return go_on(drafts.address(sheet, STATEMENT))
    sheet.quiet = True
    return _form(weighed(sheet), status=saved.status, saved=saved)


def _form(draft: Draft, *, status: int = 0, saved: Saved = UNSAVED) -> Response:
    context = form_context(draft, saved) | drafts.draft_list()
    return show(TEMPLATE, draft.sheet, status=status, **context)
