"""The form for a statement: beside its source, with a look at where it would land."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Blueprint, make_response, render_template, request

from timeline.domain.instants import DAY, day_of, iso_day
from timeline.domain.statement import StatementRecorded
from timeline.projections.queries import entries, extent
from web.record import article, choices
from web.record.answers import attempt, go_on, show
from web.record.beginning import begun
from web.record.command import command_of
from web.record.dates import precisions
from web.record.draft import Draft, read_draft, refuse, weigh
from web.record.sheet import sheet_of
from web.record.signing import byline, minted
from web.record_access import record, services
from web.rendering import wants_fragment
from web.topic.address import TopicAddress
from web.topic.window import window

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from timeline.application.recording import Recorded
    from timeline.projections.queries.directory import Topic
    from web.record.sheet import Sheet

blueprint = Blueprint("statement", __name__)

TEMPLATE = "record/statement.html"
BEFORE = 30
"""Days shown before a statement that lies outside the chart's usual window."""


@blueprint.get("")
def ask() -> Response:
    """Show the form, filled in as far as the address says."""
    sheet = begun(record(), request.args)
    sheet.quiet = True
    return _form(_weighed(sheet), status=200)


@blueprint.post("")
def take() -> Response:
    """Record the statement and show it on the chart, or say what is in the way."""
    sheet = _sent()
    sheet.quiet = bool(sheet.focus)
    draft = read_draft(record(), sheet)
    if not sheet.problems and not sheet.quiet:
        told = partial(refuse, record(), draft)
        recorded = attempt(sheet, partial(_record, draft), told)
        if recorded and draft.topic:
            return go_on(on_the_chart(draft.topic, recorded.position))
    weigh(record(), draft, _now())
    return _form(draft, status=200 if sheet.quiet else 0)


@blueprint.post("/check")
def check() -> Response:
    """Say where the statement would land and what is wrong so far; record nothing."""
    sheet = _sent()
    sheet.quiet = True
    shown = sheet.value("taken")
    draft = _weighed(sheet)
    if wants_fragment():
        context = _context(draft) | {"is_taken": sheet.value("taken") != shown}
        return make_response(render_template("record/check.html", sheet=sheet, **context))
    return _form(draft, status=200)


@blueprint.get("/actors")
def actors() -> Response:
    """Return who may be meant by what was typed so far into the field that asks."""
    field, typed = next(iter(request.args.items()), ("actor", ""))
    found = choices.actor_matches(record(), typed.strip()) if typed.strip() else []
    context = {"matches": found, "typed": typed.strip(), "field": field}
    return make_response(render_template("record/matches.html", **context))


def on_the_chart(topic: Topic, number: int) -> str:
    """Return the address at which a statement is seen on its topic's chart, proof open."""
    conn = record()
    said = entries.statements(conn, [number]).get(number)
    span = extent.span(conn, topic.id)
    begin = ""
    if said and span and said.counts_from < window(TopicAddress(), *span, _now()).start:
        begin = iso_day(day_of(said.counts_from - BEFORE * DAY))
    return TopicAddress(s=number, begin=begin).url(topic.slug)


def _sent() -> Sheet:
    sheet = sheet_of(request.form)
    sheet.put("entry", minted(sheet.value("entry")))
    if sheet.focus == "tidy":
        sheet.put("text", article.without_invisible(sheet.value("text")))
    return sheet


def _weighed(sheet: Sheet) -> Draft:
    draft = read_draft(record(), sheet)
    weigh(record(), draft, _now())
    return draft


def _record(draft: Draft) -> Recorded:
    rooms = services().newsroom
    entry = draft.sheet.value("entry")
    recorded = rooms.statements.record(byline(), command_of(draft), entry)
    said = services().log.event(recorded.position)
    if draft.text.strip() and isinstance(said, StatementRecorded):
        rooms.documents.take_snapshot(byline(), said.document, draft.text)
    return recorded


def _form(draft: Draft, *, status: int = 0) -> Response:
    return show(TEMPLATE, draft.sheet, status=status, **_context(draft))


def _context(draft: Draft) -> dict[str, Any]:
    recorded = (
        article.recorded_passages(record(), draft.document.id, draft.text)
        if draft.document and draft.text
        else []
    )
    return {
        "draft": draft,
        "stances": choices.stance_choices(draft.topic.scale) if draft.topic else [],
        "attributions": choices.attributions(),
        "wordings": choices.wordings(),
        "reasons": choices.reasons(),
        "precisions": precisions(),
        "paragraphs": article.paragraphs(draft.text, recorded),
        "names": choices.all_names(record()),
        "original": _original(draft.sheet),
        "is_taken": False,
    }


def _original(sheet: Sheet) -> int:
    """Return the number under which this very form is on record with other words, or 0."""
    if not sheet.conflict:
        return 0
    entry = sheet.value("entry")
    return services().log.first_events([entry]).get(entry, (0, None))[0]


def _now() -> int:
    return int(time.time())
