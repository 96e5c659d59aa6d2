"""The review queue: look at an entry, agree to it, or send it back."""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import msgspec
from flask import Blueprint

from timeline.application.texts import text
from timeline.desk.drafts import Draft as KeptForm
from timeline.desk.reviews import CHANGE, Review
from timeline.domain.errors import NotFound, Refused
from timeline.domain.messages import Message
from timeline.domain.text import whole_number
from timeline.releasing import entries_as_json
from web.i18n.translate import gettext
from web.record.drafts import SENT_BACK, UNSAVED, drafts_sent_back, gist_of, href, kept_fields
from web.record.duplicates import current_url
from web.record.fields.choices import questions_by_slug
from web.record.fields.dates import note_moment
from web.record.fields.schemas import DevelopmentSchema
from web.record.forms.answers import go_on
from web.record.forms.form_state import FINE, FormState
from web.record.forms.signing import byline_at, own_handle
from web.record.handing import QUEUE, REVIEW, STATEMENT, Entry, Submission, settle_agreed
from web.record.nouns import development
from web.record.reviewing.changes import (
    agree_to_change,
    change_page,
    hand_over_what_waits,
    keep_aside,
    refuse_change,
)
from web.record.reviewing.in_words import (
    Difference,
    development_in_words,
    difference_in_words,
    embargo_in_words,
    encode_difference,
    new_difference,
    stances_in_words,
)
from web.record.reviewing.rows import handed_rows, to_review
from web.record.source_text.article import find_source_text
from web.record.statement import answering
from web.record.statement.checking import take_as_answered
from web.record.statement.several import read_stances, weigh_stances
from web.record.statement.signature import FIELDS
from web.shell.parts import add_part, prepare, stand_around
from web.shell.rendering import render
from web.shell.request import FORMS, read_connection, services, this_request

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from werkzeug.datastructures import MultiDict
    from werkzeug.wrappers import Response

    from web.entries.views import EntryView
    from web.record.reviewing.in_words import FieldRow
    from web.record.statement.draft import Draft

OWN_ENTRY = Message(
    "own_entry", "this entry is your own", fix="somebody else has to agree; you can take it back"
)

blueprint = Blueprint(REVIEW, __name__, url_prefix="/review")
blueprint.app_template_global()(to_review)
blueprint.app_template_global("differing_in_words")(difference_in_words)
add_part(blueprint, "record.nav", "record/review_nav.html")
add_part(blueprint, "record.before", "record/sent_back.html")
prepare(blueprint, lambda _, kept_by_site: kept_by_site.update({REVIEW: hand_over}))
stand_around(blueprint, FORMS, before=keep_aside, after=hand_over_what_waits)


class ReviewView(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that waits, as the reviewer sees it.

    ``seen`` is a hash of what the author wrote, so that nobody agrees to anything else. ``rows``
    has a list for each stance. ``same`` are entries on record that may be the same. ``form`` has
    the template's variables of a statement.
    """

    handed: Review
    sheet: FormState
    seen: str
    entry: Entry
    rows: list[list[FieldRow]]
    same: Sequence[EntryView]
    form: dict[str, Any]


class Neighbours(msgspec.Struct, frozen=True):
    """The addresses of the entries of others before and after this one in the queue, or empty."""

    previous: str
    following: str


@blueprint.get("")
def queue() -> Response:
    """Show the queue: entries of others, the reader's own, and those that were sent back."""
    rows = handed_rows(services().desk.reviews.waiting())
    others = [row for row in rows if not row.is_own and not row.sent_back]
    own = [row for row in rows if row.is_own]
    return render("record/review_queue.html", others=others, own=own, back=drafts_sent_back())


@blueprint.get("/<uuid:entry>")
def show(entry: UUID) -> Response:
    """Show an entry that waits, with its passage and its place on the chart.

    ``agreed`` in the address is the number of the entry recorded just before, 0 if that is
    embargoed. An entry that waits no more redirects to its new place; raises `NotFound` if the
    reader may not see that.
    """
    try:
        handed = services().desk.reviews.find(str(entry))
    except NotFound:
        if url := _current_place(str(entry)):
            return go_on(url)
        raise
    return change_page(handed) if handed.kind == CHANGE else _page(_review_view(handed), FINE)


@blueprint.post("/<uuid:entry>/agree")
def agree(entry: UUID) -> Response:
    """Record an entry under the names of its author and of the reviewer, in the same event.

    An embargoed entry waits for its moment first. Then the next entry of the queue opens.

    If the entry is not as it was ``seen``, or has errors, it is shown again. Raises `Refused` for
    the reviewer's own entry, and `NotFound` for one that waits no more.
    """
    handed, form = services().desk.reviews.find(str(entry)), this_request().form
    if handed.author == own_handle():
        raise Refused(OWN_ENTRY, field="entry")
    if handed.kind == CHANGE:
        return agree_to_change(handed)
    byline = services().newsroom.byline(handed.author, f"review:{own_handle()}")
    view = _review_view(handed, form.getlist("distinct"))
    _take_signatures(view.form["draft"], form)
    view.sheet.conflict = _unseen_sentence(view, form.get("seen", ""))
    if view.sheet.conflict:
        return _page(view, view.sheet.status)
    result = settle_agreed(view.entry, byline)
    if result is None:
        return _page(view, view.sheet.status)
    following = _neighbours(handed).following
    services().desk.reviews.take_away(handed)
    if result.number and handed.document:
        services().desk.texts.discard(handed.document)
    url = result.waits_at or f"/s/{result.number}"
    return go_on(f"{following}?agreed={result.number}" if following else url)


@blueprint.post("/<uuid:entry>/back")
def send_back(entry: UUID) -> Response:
    """Send an entry back to its author as a draft, with a note and the differing fields.

    Raises `Refused` for a note that is too long, or if the author has too many drafts.
    """
    handed, handle = services().desk.reviews.find(str(entry)), own_handle()
    words = text(this_request().form.get("note"), "note")
    if handed.kind == CHANGE:
        return refuse_change(handed, words)
    differences = _differences(handed, this_request().form)
    reply = {} if handed.author == handle else {SENT_BACK: [handle, words, *differences]}
    draft = KeptForm(
        id=handed.id,
        kind=handed.kind,
        saved_at=this_request().instant,
        gist=msgspec.structs.replace(handed.gist, sent_back=handle if reply else ""),
        fields=handed.fields | reply,
    )
    following = "" if handed.author == handle else _neighbours(handed).following
    services().desk.drafts.save(handed.author, draft)
    services().desk.reviews.take_away(handed)
    return go_on(following or QUEUE)


def _differences(handed: Review, form: MultiDict[str, str]) -> list[str]:
    """Return what the reviewer reads differently, field by field, as JSON.

    Raises `Refused` for words that are too long.
    """
    view, ticked = _review_view(handed), set(form.getlist("differs"))
    return [
        encode_difference(_difference(view, at, row.field, form))
        for at, stance in enumerate(view.rows)
        for row in stance
        if f"{at}.{row.field}" in ticked
    ]


def _difference(view: ReviewView, at: int, field: str, form: MultiDict[str, str]) -> Difference:
    words = text(form.get(f"reading.{at}.{field}"), "note")
    draft: Draft | None = view.form["draft"]
    topic = draft.stances[at].topic if draft else None
    place = at + 1 if len(view.rows) > 1 else 0
    return new_difference(field, words, place, topic.scale if topic else None)


def _take_signatures(draft: Draft | None, form: MultiDict[str, str]) -> None:
    """Put the reviewer's signatures into the form; its author's do not count."""
    for stance in draft.stances if draft else ():
        for name in FIELDS:
            stance.sheet.put(name, form.get(stance.name(name), ""))


def _review_view(handed: Review, distinct: Sequence[str] = ()) -> ReviewView:
    """Return an entry as it would be recorded.

    ``distinct`` are the numbers of entries that it is known to differ from.
    """
    sheet = _sheet(handed)
    content = msgspec.json.encode((handed.author, handed.kind, sheet.values), order="deterministic")
    seen = sha256(content).hexdigest()
    sheet.values["distinct"] = [*sheet.all("distinct"), *distinct]
    if handed.kind == STATEMENT:
        draft = read_stances(read_connection(), sheet)
        take_as_answered(draft)
        weigh_stances(read_connection(), draft, this_request().now)
        first, *further = stances_in_words(draft)
        return ReviewView(
            handed=handed,
            sheet=sheet,
            seen=seen,
            entry=answering.entry_of(draft),
            rows=[[*first, *embargo_in_words(sheet)], *further],
            same=[twin.statement for stance in draft.stances for twin in stance.twins],
            form=answering.form_context(draft, UNSAVED),
        )
    data = DevelopmentSchema().read(sheet)
    note_moment(sheet, data)
    return ReviewView(
        handed=handed,
        sheet=sheet,
        seen=seen,
        entry=development.entry_of(sheet, data),
        rows=[[*development_in_words(sheet, data, questions_by_slug()), *embargo_in_words(sheet)]],
        same=development.same_as(sheet, data),
        form={"draft": None},
    )


def _current_place(entry: str) -> str:
    """Return the address of an entry that left the queue, perhaps among the reader's own drafts."""
    if url := current_url(entry):
        return url
    with suppress(NotFound):
        draft = services().desk.drafts.find(own_handle(), entry)
        return href(draft.kind, draft.id, draft.gist.document)
    return ""


def _neighbours(handed: Review) -> Neighbours:
    """Return the neighbours of an entry in the reader's queue; after the last comes the first."""
    all_waiting = services().desk.reviews.waiting()
    others_waiting = [
        entry for entry in all_waiting if entry.author != own_handle() and not entry.gist.sent_back
    ]
    places = [entry.id for entry in others_waiting]
    at = places.index(handed.id) if handed.id in places else 0
    others = [f"{QUEUE}/{place}" for place in places[at + 1 :] + places[:at] if place != handed.id]
    return Neighbours(others[-1], others[0]) if others else Neighbours("", "")


def _unseen_sentence(view: ReviewView, seen: str) -> str:
    """Return a sentence about what the reviewer has not seen yet, or nothing.

    That is a change of the entry in between, or an entry on record that may be the same.
    """
    if seen != view.seen:
        return gettext("This is not what you saw: it was changed in between. Look at it again.")
    if view.same:
        return gettext("It may be on record already. Look at that first.")
    return ""


def _sheet(handed: Review) -> FormState:
    """Return the form as it was handed over, with the text of its source."""
    sheet = FormState({name: list(values) for name, values in handed.fields.items()})
    sheet.put("entry", handed.id)
    if handed.document:
        try:
            find_source_text(read_connection(), handed.document).lay(sheet)
        except NotFound as error:
            sheet.refuse(error, {"": "text"})
    return sheet


def _page(view: ReviewView, status: int) -> Response:
    entry, sheet = view.handed, view.sheet
    is_there = bool(sheet.value("text"))
    response = render(
        "record/review.html",
        one=handed_rows([entry])[0],
        document=entry.document if is_there else "",
        beside=_neighbours(entry),
        agreed=whole_number(this_request().query.get("agreed", "")),
        is_early=view.entry.until > this_request().instant,
        **view.form | {"sheet": sheet, "seen": view.seen, "rows": view.rows, "same": view.same},
    )
    response.status_code = status
    return response


def hand_over(entry: Entry) -> Submission:
    """Keep an entry for a second person; raises what the newsroom refuses."""
    commands, sheet = entry.several(), entry.sheet
    services().newsroom.together.rehearse(byline_at(entry.until), commands)
    sheet.values.pop(SENT_BACK, None)
    handed = Review(
        id=sheet.value("entry"),
        kind=entry.kind,
        author=own_handle(),
        handed_at=this_request().instant,
        document=sheet.value("document"),
        gist=gist_of(sheet),
        fields=kept_fields(sheet),
        command=entries_as_json(commands),
    )
    services().desk.reviews.hand_over(handed)
    return Submission(waits_at=QUEUE)
