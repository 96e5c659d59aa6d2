"""The pages of the workbench: a text with a form that has its source, passage and speaker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Blueprint

from timeline.desk.inbox import TAKEN
from timeline.desk.texts import NOTHING, Decision
from timeline.domain.fields import DOCUMENT
from timeline.domain.text import whole_number
from timeline.projections.queries import entries
from timeline.projections.queries.directory import actors_by_id
from timeline.projections.queries.entries import StatementEntry
from web.entries.presenter import Presenter
from web.i18n import dates
from web.i18n.languages import language_named
from web.record import drafts
from web.record.drafts import UNSAVED, Saved
from web.record.duplicates import current_url
from web.record.fields.choices import (
    all_names,
    known_as,
    questions_by_slug,
    statuses,
    topic_groups,
)
from web.record.fields.dates import FIELD, note_moment, precisions
from web.record.fields.languages import warn_of_encoding
from web.record.fields.schemas import DevelopmentSchema
from web.record.forms.answers import go_on
from web.record.forms.form_state import CONFLICT, REFUSED, FormState, sheet_of
from web.record.forms.signing import form_id, own_handle
from web.record.handing import DEVELOPMENT, EMBARGOES, STATEMENT, Submission, embargo_on, settle
from web.record.nouns.development import ask_back_waiting, same_as
from web.record.nouns.development import entry_of as development_entry
from web.record.source_text import article
from web.record.source_text.article import SourceText, find_source_text
from web.record.statement.answering import entry_of as statement_entry
from web.record.statement.answering import form_context, read_and_weigh
from web.record.statement.several import arrange, ask_back, read_stances, weigh_stances
from web.record.workbench.bench import PART, Bench, Progress, bench, progress, value_of
from web.record.workbench.candidates import (
    TURN,
    as_coded_before,
    basis,
    development_values,
    explain,
    initial_values,
    other_language,
)
from web.record.workbench.noting import notes_on
from web.record.workbench.story_links import story_link, tie_to_story
from web.shell.rendering import render, render_page, shown_at, wants_fragment
from web.shell.request import read_connection, services, this_request
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from werkzeug.wrappers import Response

    from timeline.capture.suggestion import Suggestion
    from timeline.desk.inbox import Item
    from timeline.projections.queries.entries import Entry
    from web.entries.views import DevelopmentView, EntryView
    from web.record.statement.draft import Draft

blueprint = Blueprint("workbench", __name__, url_prefix="/text/<uuid:document>")

TEMPLATE = "record/workbench.html"
NOTHING_DONE: Mapping[str, str] = {}
HERE = "#here"
"""The anchor of the passage in the text."""

STORY = ("story", "at", "kind")
"""The fields of the form that ties a text to a story: the story, the passage and the kind."""

AT_ONCE = 60
"""How many entries that were recorded together the page lists."""

FILLED_IN = ("text", *(field.name for field in DOCUMENT))
"""Fields that come with the text, and that the form does not show."""


@blueprint.get("")
def ask(document: UUID) -> Response:
    """Show the text, and the form for the passage ``at``.

    In the address, ``kind`` is the kind of entry, ``draft`` a draft to go on with, ``recorded``
    the numbers of what was just recorded.
    """
    source = _find_source(document)
    if not source.text.strip():
        return go_on(f"/record/text?{urlencode({'u': source.document})}")
    query = this_request().query
    kind = DEVELOPMENT if query.get("kind") == DEVELOPMENT else STATEMENT
    if draft_id := query.get("draft"):
        if url := current_url(draft_id):
            return go_on(url)
        sheet, saved = drafts.open_draft(draft_id, kind)
        return _page(source, kind, _with_text(sheet, source), saved)
    at, part = query.get("at", ""), whole_number(query.get(PART, "")) or 0
    view = bench(progress(read_connection(), source, _begin(at), part), at)
    return _page(source, kind, _new_sheet(view, kind), view=view)


@blueprint.post("")
def take(document: UUID) -> Response:
    """Record the statement and go on to the next passage, or say what is wrong."""
    source = _find_source(document)
    sheet = _sent_sheet(source)
    if sheet.value("save"):
        return _put_aside(sheet, source, STATEMENT)
    draft = read_stances(read_connection(), sheet)
    is_answered = not ask_back(read_connection(), draft)
    if is_answered and (result := settle(statement_entry(draft))):
        return _after_settling(source, sheet, result)
    weigh_stances(read_connection(), draft, this_request().now)
    return _form_again(source, STATEMENT, sheet, draft)


@blueprint.post("/check")
def check(document: UUID) -> Response:
    """Show the preview and the errors so far; record nothing."""
    source = _find_source(document)
    sheet = _sent_sheet(source)
    sheet.quiet = True
    if arrange(sheet) or not wants_fragment() or sheet.value("other_passage"):
        return _form_again(source, STATEMENT, sheet)
    draft = read_and_weigh(sheet)
    saved = drafts.keep_quietly(sheet, STATEMENT)
    context = form_context(draft, saved) | {"unseen": FILLED_IN}
    checked = render("record/check.html", sheet=sheet, **context)
    return shown_at(checked, drafts.address(sheet, STATEMENT)) if saved.when else checked


@blueprint.post("/development")
def take_development(document: UUID) -> Response:
    """Record the development and go on to the next passage, or say what is wrong."""
    source = _find_source(document)
    sheet = _sent_sheet(source)
    if sheet.value("save"):
        return _put_aside(sheet, source, DEVELOPMENT)
    warn_of_encoding(sheet)
    data = DevelopmentSchema().read(sheet)
    note_moment(sheet, data)
    same = same_as(sheet, data)
    is_new = not (same or ask_back_waiting(sheet, data))
    if is_new and (result := settle(development_entry(sheet, data))):
        return _after_settling(source, sheet, result)
    return _form_again(source, DEVELOPMENT, sheet, same=same)


@blueprint.post("/story")
def take_story(document: UUID) -> Response:
    """Tie the text to a story, or untie it; the form stays as it was sent."""
    source, form = _find_source(document), this_request().form
    slug, at, kind = (form.get(name, "") for name in STORY)
    tie_to_story(source, slug)
    if "passage" not in form:
        return go_on(f"{source.address}?{urlencode({'kind': kind, 'at': at})}{HERE}")
    sheet = _sent_sheet(source)
    sheet.values = {name: value for name, value in sheet.values.items() if name not in STORY}
    sheet.quiet = True
    return _form_again(source, DEVELOPMENT if kind == DEVELOPMENT else STATEMENT, sheet)


@blueprint.post("/nothing")
def take_nothing(document: UUID) -> Response:
    """Mark a passage as holding nothing to record, or undo that, and go on."""
    source = _find_source(document)
    sheet = sheet_of(this_request().form)
    span = article.passage(source.text, sheet.value("passage"))
    if span and sheet.value("back"):
        services().desk.texts.undecide(source.document, *span)
        state = progress(read_connection(), source, span[0])
        return _show_next(state, {"at": value_of(span)})
    if span:
        decision = Decision(*span, source.text[slice(*span)], NOTHING, own_handle())
        services().desk.texts.decide(source.document, decision, this_request().instant)
    return _next(source, sheet)


def _find_source(document: UUID) -> SourceText:
    return find_source_text(read_connection(), str(document))


def _sent_sheet(source: SourceText) -> FormState:
    sheet = sheet_of(this_request().form)
    if other := sheet.value("other_passage"):
        sheet.put("passage", other)
    sheet.put("entry", form_id(sheet.value("entry")))
    return _with_text(sheet, source)


def _with_text(sheet: FormState, source: SourceText) -> FormState:
    source.lay(sheet)
    return sheet


def _new_sheet(view: Bench, kind: str) -> FormState:
    """Return a new form, filled in from the passage."""
    sheet, entry = FormState({}), form_id()
    values = initial_values(read_connection(), view.coded, _basis(view)) if view.coded else {}
    values |= other_language(view.source, view.suggestion)
    values |= {FIELD: embargo_on(view.source.document)}
    sheet.fill(values | {"entry": entry, "utterance": entry, "quote.wording": "unknown"})
    if kind == DEVELOPMENT:
        sheet.fill(development_values(read_connection(), _basis(view)))
        sheet.focus = "title"
    sheet.quiet = True
    return _with_text(sheet, view.source)


def _basis(view: Bench) -> Suggestion | None:
    if not view.coded:
        return view.suggestion
    suggestion = basis(view.source, view.coded, view.suggestion)
    before = [passage for passage in view.recorded if passage[1] <= view.coded[0]]
    if not suggestion or suggestion.rule == TURN or not before:
        return suggestion
    start, end, number = max(before, key=lambda passage: passage[1])
    entry = next((entry for entry in view.entries if entry.number == number), None)
    if not isinstance(entry, StatementEntry):
        return suggestion
    speaker = actors_by_id(read_connection(), {entry.speaker})[entry.speaker]
    return as_coded_before(
        view.source.text, suggestion, (start, end), known_as(read_connection(), speaker)
    )


def _after_settling(source: SourceText, sheet: FormState, result: Submission) -> Response:
    """Remove the text from the desk if something of it is on record now, and go on."""
    if result.number:
        services().desk.texts.discard(source.document)
        return _next(source, sheet, {"recorded": ".".join(map(str, result.numbers))})
    return _next(source, sheet, {"held" if result.waits_at == EMBARGOES else "handed": "1"})


def _next(
    source: SourceText, sheet: FormState, outcome: Mapping[str, str] = NOTHING_DONE
) -> Response:
    """Go on to the open candidate after the passage that was just settled.

    ``outcome`` is the query that reports it: ``recorded`` with numbers, ``handed`` over, or
    ``held`` until its moment.
    """
    conn = read_connection()
    passage = article.passage(source.text, sheet.value("passage"))
    state = progress(conn, find_source_text(conn, source.document), passage[0] if passage else 0)
    return _show_next(state, state.after(passage), outcome)


def _show_next(
    state: Progress, target: Mapping[str, str], outcome: Mapping[str, str] = NOTHING_DONE
) -> Response:
    """Show a passage, or another section, at its address.

    With htmx, the page keeps its scroll position.
    """
    query = urlencode(dict(target) | dict(outcome))
    address = f"{state.source.address}?{query}" if query else state.source.address
    if not wants_fragment():
        return go_on(address + HERE)
    if PART in target and target != state.here:
        state = progress(read_connection(), state.source, part=int(target[PART]))
    view = bench(state, target.get("at", ""))
    page = _page(state.source, STATEMENT, _new_sheet(view, STATEMENT), view=view, outcome=outcome)
    return shown_at(page, address)


def _put_aside(sheet: FormState, source: SourceText, kind: str) -> Response:
    """Keep the form as a draft and go on with it at its own address.

    A collected draft leads to the next passage.
    """
    if sheet.value("save") == drafts.COLLECTED:
        sheet.put(drafts.COLLECTED, "1")
    saved = drafts.put_aside(sheet, kind)
    if saved.when and sheet.value("save") == drafts.COLLECTED:
        return _next(source, sheet, {drafts.COLLECTED: "1"})
    if saved.when and not wants_fragment():
        return go_on(drafts.address(sheet, kind))
    sheet.quiet = True
    return _page(source, kind, sheet, saved)


def _form_again(
    source: SourceText,
    kind: str,
    sheet: FormState,
    draft: Draft | None = None,
    *,
    same: Sequence[DevelopmentView] = (),
) -> Response:
    """Show the form again, as it was sent."""
    saved = drafts.keep_quietly(sheet, kind)
    if sheet.quiet and drafts.can_go_on(sheet, saved):
        return go_on(drafts.address(sheet, kind))
    page = _page(source, kind, sheet, saved, draft=draft, same=same)
    return shown_at(page, drafts.address(sheet, kind)) if sheet.quiet and saved.when else page


def _page(
    source: SourceText,
    kind: str,
    sheet: FormState,
    saved: Saved = UNSAVED,
    *,
    view: Bench | None = None,
    draft: Draft | None = None,
    same: Sequence[DevelopmentView] = (),
    outcome: Mapping[str, str] = NOTHING_DONE,
) -> Response:
    conn, item = read_connection(), _item_in_work(source.document)
    outcome = outcome or this_request().query
    view = view or _bench_at(source, sheet.value("passage"))
    context: dict[str, Any] = {"bench": view, "kind": kind, "saved": saved, "same": same}
    if view.coded and kind == STATEMENT:
        context |= form_context(draft or read_and_weigh(sheet), saved)
    elif view.coded:
        context |= _development_context()
    passage = source.text[slice(*view.coded)] if view.coded else ""
    about = story_link(conn, source, view.entries, passage)
    context |= {
        "about": about,
        "why": explain(conn, source, suggestion, about.known)
        if (suggestion := _basis(view))
        else None,
        "just": _just_recorded(outcome.get("recorded", "")),
        "questions": questions_by_slug(),
        "handed": "handed" in outcome,
        "held": "held" in outcome,
        "collected": drafts.COLLECTED in outcome,
        "facts": _facts(source),
        "coded": _views(view.entries),
        "notes": notes_on(source.document),
        "note_id": form_id(),
        "waits": item if item and item.moved_by == own_handle() else None,
        "colleague": item.moved_by if item and item.moved_by != own_handle() else "",
        "opened": _is_passage_chosen(),
    }
    response = render_page(TEMPLATE, block="bench", sheet=sheet, **context)
    response.status_code = _status(sheet, saved, clash=bool(same))
    return response


def _bench_at(source: SourceText, passage: str) -> Bench:
    return bench(progress(read_connection(), source, _begin(passage)), passage)


def _begin(passage: str) -> int:
    """Return the start of a passage given as ``start-end``, 0 for none."""
    return whole_number(passage.partition("-")[0]) or 0


def _item_in_work(document: str) -> Item | None:
    """Return the item of the inbox for a text, if somebody works on it."""
    item = services().desk.inbox.of_source(document)
    return item if item and item.tray == TAKEN else None


def _is_passage_chosen() -> bool:
    """Tell whether somebody chose the passage, by sending a form or by an address."""
    request = this_request()
    return request.sent.method == "POST" or bool({"at", "draft"} & request.query.keys())


def _status(sheet: FormState, saved: Saved, *, clash: bool) -> int:
    """Return the status of a form; of the 4xx, htmx shows only 422."""
    status = saved.status if sheet.quiet else CONFLICT if clash else sheet.status
    return REFUSED if wants_fragment() and status == CONFLICT else status


def _development_context() -> dict[str, Any]:
    conn = read_connection()
    return {
        "names": all_names(conn),
        "groups": topic_groups(closed=True),
        "statuses": statuses(),
        "precisions": precisions(),
    }


def _facts(source: SourceText) -> list[str]:
    """Return facts about the source, in a few words."""
    published, lang = source.imprint["source.published_at"], source.imprint["source.lang"]
    outlet = source.imprint["source.outlet"]
    return [
        *filter(None, [outlet if outlet != source.name else ""]),
        *([dates.said(published)] if published else []),
        *([language_named(lang)] if lang else []),
    ]


def _views(rows: Sequence[Entry]) -> list[EntryView]:
    conn = read_connection()
    presenter = Presenter(conn, Names(conn), rows)
    return [presenter.show(entry) for entry in rows]


def _just_recorded(numbers: str) -> list[EntryView]:
    """Return the entries just recorded, from numbers separated by dots."""
    wanted = [number for part in numbers.split(".") if (number := whole_number(part))][:AT_ONCE]
    if not wanted:
        return []
    conn = read_connection()
    by_number: dict[int, Entry] = {}
    by_number |= entries.statements(conn, wanted)
    by_number |= entries.developments(conn, wanted)
    return _views([by_number[part] for part in wanted if part in by_number])
