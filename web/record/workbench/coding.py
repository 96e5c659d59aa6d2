"""Coding a text: the form beside it knows the source, the passage and who is likely to speak."""

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
from web.record.fields.choices import (
    all_names,
    known_as,
    questions_by_slug,
    statuses,
    topic_groups,
)
from web.record.fields.dates import precisions
from web.record.fields.encoding_warnings import warn_of_encoding
from web.record.fields.schemas import DevelopmentSchema
from web.record.fields.written_moments import FIELD, note_moment
from web.record.forms.answers import go_on
from web.record.forms.form_state import CONFLICT, REFUSED, FormState, sheet_of
from web.record.forms.signing import form_id, own_handle
from web.record.handing import DEVELOPMENT, EMBARGOES, STATEMENT, Submission, embargo_on, settle
from web.record.nouns.development import ask_back_waiting, same_as
from web.record.nouns.development import entry_of as development_entry
from web.record.source_text import article
from web.record.source_text.kept_text import KeptText, kept_text
from web.record.standing import current_url
from web.record.statement.answering import entry_of as statement_entry
from web.record.statement.answering import form_context, read_and_weigh
from web.record.statement.several import arrange, ask_back, read_stances, weigh_stances
from web.record.workbench.belonging import belonging, tie
from web.record.workbench.bench import PART, Bench, Progress, bench, progress, value_of
from web.record.workbench.candidates import (
    TURN,
    as_coded_before,
    basis,
    likely,
    likely_source,
    other_language,
    why,
)
from web.record.workbench.noting import notes_on
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
"""Where the passage stands in the text."""

STORY = ("story", "at", "kind")
"""What ties a text to a story, and where and how the text is shown then."""

AT_ONCE = 60
"""Entries recorded together that are told of."""

FILLED_IN = ("text", *(field.name for field in DOCUMENT))
"""Fields that the text brings along, and the form does not show."""


@blueprint.get("")
def ask(document: UUID) -> Response:
    """Show the text, and the form for the passage that is asked for by ``at``.

    ``kind`` says of which kind of entry, ``draft`` which form goes on, ``recorded`` what was
    recorded just before.
    """
    kept = _kept(document)
    if not kept.text.strip():
        return go_on(f"/record/text?{urlencode({'u': kept.document})}")
    query = this_request().query
    kind = DEVELOPMENT if query.get("kind") == DEVELOPMENT else STATEMENT
    if draft_id := query.get("draft"):
        if there := current_url(draft_id):
            return go_on(there)
        sheet, saved = drafts.open_draft(draft_id, kind)
        return _page(kept, kind, _laid(sheet, kept), saved)
    at, part = query.get("at", ""), whole_number(query.get(PART, "")) or 0
    now = bench(progress(read_connection(), kept, _begin(at), part), at)
    return _page(kept, kind, _begun(now, kind), now=now)


@blueprint.post("")
def take(document: UUID) -> Response:
    """Record the statement and go on to the next passage, or say what is in the way."""
    kept = _kept(document)
    sheet = _sent(kept)
    if sheet.value("save"):
        return _put_aside(sheet, kept, STATEMENT)
    draft = read_stances(read_connection(), sheet)
    is_answered = not ask_back(read_connection(), draft)
    if is_answered and (done := settle(statement_entry(draft))):
        return _settled(kept, sheet, done)
    weigh_stances(read_connection(), draft, this_request().now)
    return _again(kept, STATEMENT, sheet, draft)


@blueprint.post("/check")
def check(document: UUID) -> Response:
    """Say where the statement would land and what is wrong so far; record nothing."""
    kept = _kept(document)
    sheet = _sent(kept)
    sheet.quiet = True
    if arrange(sheet) or not wants_fragment() or sheet.value("other_passage"):
        return _again(kept, STATEMENT, sheet)
    draft = read_and_weigh(sheet)
    saved = drafts.keep_quietly(sheet, STATEMENT)
    context = form_context(draft, saved) | {"unseen": FILLED_IN}
    checked = render("record/check.html", sheet=sheet, **context)
    return shown_at(checked, drafts.address(sheet, STATEMENT)) if saved.when else checked


@blueprint.post("/development")
def take_development(document: UUID) -> Response:
    """Record the development and go on to the next passage, or say what is in the way."""
    kept = _kept(document)
    sheet = _sent(kept)
    if sheet.value("save"):
        return _put_aside(sheet, kept, DEVELOPMENT)
    warn_of_encoding(sheet)
    given = DevelopmentSchema().read(sheet)
    note_moment(sheet, given)
    same = same_as(sheet, given)
    is_new = not (same or ask_back_waiting(sheet, given))
    if is_new and (done := settle(development_entry(sheet, given))):
        return _settled(kept, sheet, done)
    return _again(kept, DEVELOPMENT, sheet, same=same)


@blueprint.post("/story")
def take_story(document: UUID) -> Response:
    """Tie the text to a story, or untie it; the form beside it stays as it was sent."""
    kept, form = _kept(document), this_request().form
    slug, at, kind = (form.get(name, "") for name in STORY)
    tie(kept, slug)
    if "passage" not in form:
        return go_on(f"{kept.address}?{urlencode({'kind': kind, 'at': at})}{HERE}")
    sheet = _sent(kept)
    sheet.values = {name: value for name, value in sheet.values.items() if name not in STORY}
    sheet.quiet = True
    return _again(kept, DEVELOPMENT if kind == DEVELOPMENT else STATEMENT, sheet)


@blueprint.post("/nothing")
def take_nothing(document: UUID) -> Response:
    """Keep that a passage holds nothing to record, or take that back, and go on."""
    kept = _kept(document)
    sheet = sheet_of(this_request().form)
    span = article.passage(kept.text, sheet.value("passage"))
    if span and sheet.value("back"):
        services().desk.texts.undecide(kept.document, *span)
        now = progress(read_connection(), kept, span[0])
        return _show_next(now, {"at": value_of(span)})
    if span:
        decision = Decision(*span, kept.text[slice(*span)], NOTHING, own_handle())
        services().desk.texts.decide(kept.document, decision, this_request().instant)
    return _next(kept, sheet)


def _kept(document: UUID) -> KeptText:
    return kept_text(read_connection(), str(document))


def _sent(kept: KeptText) -> FormState:
    sheet = sheet_of(this_request().form)
    if other := sheet.value("other_passage"):
        sheet.put("passage", other)
    sheet.put("entry", form_id(sheet.value("entry")))
    return _laid(sheet, kept)


def _laid(sheet: FormState, kept: KeptText) -> FormState:
    kept.lay(sheet)
    return sheet


def _begun(now: Bench, kind: str) -> FormState:
    """Return a form with what the text tells of the passage."""
    sheet, entry = FormState({}), form_id()
    values = likely(read_connection(), now.coded, _basis(now)) if now.coded else {}
    values |= other_language(now.kept, now.suggestion)
    values |= {FIELD: embargo_on(now.kept.document)}
    sheet.fill(values | {"entry": entry, "utterance": entry, "quote.wording": "unknown"})
    if kind == DEVELOPMENT:
        sheet.fill(likely_source(read_connection(), _basis(now)))
        sheet.focus = "title"
    sheet.quiet = True
    return _laid(sheet, now.kept)


def _basis(now: Bench) -> Suggestion | None:
    if not now.coded:
        return now.suggestion
    suggestion = basis(now.kept, now.coded, now.suggestion)
    before = [one for one in now.recorded if one[1] <= now.coded[0]]
    if not suggestion or suggestion.rule == TURN or not before:
        return suggestion
    start, end, number = max(before, key=lambda one: one[1])
    said = next((entry for entry in now.entries if entry.number == number), None)
    if not isinstance(said, StatementEntry):
        return suggestion
    speaker = actors_by_id(read_connection(), {said.speaker})[said.speaker]
    return as_coded_before(
        now.kept.text, suggestion, (start, end), known_as(read_connection(), speaker)
    )


def _settled(kept: KeptText, sheet: FormState, done: Submission) -> Response:
    """Clear the desk of a text of which something is on record now, and go on."""
    if done.number:
        services().desk.texts.discard(kept.document)
        return _next(kept, sheet, {"recorded": ".".join(map(str, done.numbers))})
    return _next(kept, sheet, {"held" if done.waits_at == EMBARGOES else "handed": "1"})


def _next(kept: KeptText, sheet: FormState, done: Mapping[str, str] = NOTHING_DONE) -> Response:
    """Go on to the open candidate behind the passage that was just dealt with.

    ``done`` says in the address what came of it: ``recorded`` under a number, ``handed`` over,
    or ``held`` until its moment.
    """
    conn = read_connection()
    passage = article.passage(kept.text, sheet.value("passage"))
    now = progress(conn, kept_text(conn, kept.document), passage[0] if passage else 0)
    return _show_next(now, now.after(passage), done)


def _show_next(
    now: Progress, there: Mapping[str, str], done: Mapping[str, str] = NOTHING_DONE
) -> Response:
    """Show a passage, or another section, at its address.

    Whoever has a script keeps the text where it was.
    """
    query = urlencode(dict(there) | dict(done))
    address = f"{now.kept.address}?{query}" if query else now.kept.address
    if not wants_fragment():
        return go_on(address + HERE)
    if PART in there and there != now.here:
        now = progress(read_connection(), now.kept, part=int(there[PART]))
    shown = bench(now, there.get("at", ""))
    page = _page(now.kept, STATEMENT, _begun(shown, STATEMENT), now=shown, done=done)
    return shown_at(page, address)


def _put_aside(sheet: FormState, kept: KeptText, kind: str) -> Response:
    """Keep the form as it is and go on with it at an address of its own.

    One that is collected leads to the next passage.
    """
    if sheet.value("save") == drafts.COLLECTED:
        sheet.put(drafts.COLLECTED, "1")
    saved = drafts.put_aside(sheet, kind)
    if saved.when and sheet.value("save") == drafts.COLLECTED:
        return _next(kept, sheet, {drafts.COLLECTED: "1"})
    if saved.when and not wants_fragment():
        return go_on(drafts.address(sheet, kind))
    sheet.quiet = True
    return _page(kept, kind, sheet, saved)


def _again(
    kept: KeptText,
    kind: str,
    sheet: FormState,
    draft: Draft | None = None,
    *,
    same: Sequence[DevelopmentView] = (),
) -> Response:
    """Show the form once more, as it was sent."""
    saved = drafts.keep_quietly(sheet, kind)
    if sheet.quiet and drafts.can_go_on(sheet, saved):
        return go_on(drafts.address(sheet, kind))
    page = _page(kept, kind, sheet, saved, draft=draft, same=same)
    return shown_at(page, drafts.address(sheet, kind)) if sheet.quiet and saved.when else page


def _page(
    kept: KeptText,
    kind: str,
    sheet: FormState,
    saved: Saved = UNSAVED,
    *,
    now: Bench | None = None,
    draft: Draft | None = None,
    same: Sequence[DevelopmentView] = (),
    done: Mapping[str, str] = NOTHING_DONE,
) -> Response:
    conn, done, item = read_connection(), done or this_request().query, _taken(kept.document)
    now = now or _bench_at(kept, sheet.value("passage"))
    context: dict[str, Any] = {"bench": now, "kind": kind, "saved": saved, "same": same}
    if now.coded and kind == STATEMENT:
        context |= form_context(draft or read_and_weigh(sheet), saved)
    elif now.coded:
        context |= _development_context()
    passage = kept.text[slice(*now.coded)] if now.coded else ""
    about = belonging(conn, kept, now.entries, passage)
    context |= {
        "about": about,
        "why": why(conn, kept, suggestion, about.known) if (suggestion := _basis(now)) else None,
        "just": _just(done.get("recorded", "")),
        "questions": questions_by_slug(),
        "handed": "handed" in done,
        "held": "held" in done,
        "collected": drafts.COLLECTED in done,
        "facts": _facts(kept),
        "coded": _views(now.entries),
        "notes": notes_on(kept.document),
        "note_id": form_id(),
        "waits": item if item and item.moved_by == own_handle() else None,
        "colleague": item.moved_by if item and item.moved_by != own_handle() else "",
        "opened": _opened(),
    }
    response = render_page(TEMPLATE, block="bench", sheet=sheet, **context)
    response.status_code = _status(sheet, saved, clash=bool(same))
    return response


def _bench_at(kept: KeptText, passage: str) -> Bench:
    return bench(progress(read_connection(), kept, _begin(passage)), passage)


def _begin(passage: str) -> int:
    """Return where a passage begins that an address or a form names, 0 for none."""
    return whole_number(passage.partition("-")[0]) or 0


def _taken(document: str) -> Item | None:
    """Return the item of the inbox that a text is, while somebody works on it."""
    item = services().desk.inbox.of_source(document)
    return item if item and item.tray == TAKEN else None


def _opened() -> bool:
    """Tell whether somebody chose the passage: a form that they sent, or that an address names."""
    request = this_request()
    return request.sent.method == "POST" or bool({"at", "draft"} & request.query.keys())


def _status(sheet: FormState, saved: Saved, *, clash: bool) -> int:
    """Return the status of a form; htmx puts in what is refused, and nothing else of the 400s."""
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


def _facts(kept: KeptText) -> list[str]:
    """Return what is known of the source, in a few words."""
    published, lang = kept.imprint["source.published_at"], kept.imprint["source.lang"]
    outlet = kept.imprint["source.outlet"]
    return [
        *filter(None, [outlet if outlet != kept.name else ""]),
        *([dates.said(published)] if published else []),
        *([language_named(lang)] if lang else []),
    ]


def _views(found: Sequence[Entry]) -> list[EntryView]:
    conn = read_connection()
    presenter = Presenter(conn, Names(conn), found)
    return [presenter.show(entry) for entry in found]


def _just(numbers: str) -> list[EntryView]:
    """Return what was recorded just before, of numbers with dots between them."""
    wanted = [number for one in numbers.split(".") if (number := whole_number(one))][:AT_ONCE]
    if not wanted:
        return []
    conn = read_connection()
    found: dict[int, Entry] = {}
    found |= entries.statements(conn, wanted)
    found |= entries.developments(conn, wanted)
    return _views([found[one] for one in wanted if one in found])
