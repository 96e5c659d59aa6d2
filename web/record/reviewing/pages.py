"""The queue of what waits for a second person: looked at, agreed to, or sent back."""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import msgspec
from flask import Blueprint

from timeline.application.texts import text
from timeline.desk.drafts import Draft as KeptForm
from timeline.desk.reviews import CHANGE
from timeline.domain.errors import NotFound, Refused
from timeline.domain.messages import Message
from timeline.domain.text import whole_number
from web.i18n.translate import gettext
from web.record.drafts import SENT_BACK, UNSAVED, drafts_sent_back, href
from web.record.fields.choices import questions_by_slug
from web.record.fields.schemas import DevelopmentSchema
from web.record.fields.written_moments import note_moment
from web.record.forms.answers import go_on
from web.record.forms.form_state import FINE, FormState
from web.record.forms.signing import own_handle
from web.record.handing import QUEUE, REVIEW, STATEMENT, settle_agreed
from web.record.nouns import development
from web.record.reviewing.changes import (
    agree_to_change,
    change_page,
    hand_over_what_waits,
    keep_aside,
    refuse_change,
)
from web.record.reviewing.differing import Differing, differing, in_words, kept
from web.record.reviewing.entries import hand_over
from web.record.reviewing.in_words import (
    development_in_words,
    embargo_in_words,
    stances_in_words,
)
from web.record.reviewing.rows import handed_rows, to_review
from web.record.source_text.kept_text import kept_text
from web.record.standing import current_url
from web.record.statement import answering
from web.record.statement.several import read_stances, weigh_stances
from web.record.statement.signature import FIELDS
from web.record.statement.weighing import take_as_answered
from web.shell.parts import add_part, prepare, stand_around
from web.shell.rendering import render
from web.shell.request import FORMS, read_connection, services, this_request

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from werkzeug.datastructures import MultiDict
    from werkzeug.wrappers import Response

    from timeline.desk.reviews import Handed
    from web.entries.views import EntryView
    from web.record.handing import Entry
    from web.record.reviewing.in_words import FieldRow
    from web.record.statement.draft import Draft

OWN_ENTRY = Message(
    "own_entry", "this entry is your own", fix="somebody else has to agree; you can take it back"
)

blueprint = Blueprint(REVIEW, __name__, url_prefix="/review")
blueprint.app_template_global()(to_review)
blueprint.app_template_global("differing_in_words")(in_words)
add_part(blueprint, "record.nav", "record/review_nav.html")
add_part(blueprint, "record.before", "record/sent_back.html")
prepare(blueprint, lambda _, kept_by_site: kept_by_site.update({REVIEW: hand_over}))
stand_around(blueprint, FORMS, before=keep_aside, after=hand_over_what_waits)


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that waits as somebody looks at it.

    ``seen`` stands for all that its author and its text say, so that nobody agrees to anything
    else. ``rows`` has a list for each stance of the words. ``same`` are on record and may be the
    same. ``form`` is what only a statement shows.
    """

    found: Handed
    sheet: FormState
    seen: str
    entry: Entry
    rows: list[list[FieldRow]]
    same: Sequence[EntryView]
    form: dict[str, Any]


class Beside(msgspec.Struct, frozen=True):
    """Where the entries lead that wait before and after one, of others; empty where none does."""

    previous: str
    following: str


@blueprint.get("")
def queue() -> Response:
    """Show what waits: others' entries to look at, one's own, and those that were sent back."""
    rows = handed_rows(services().desk.reviews.waiting())
    others = [row for row in rows if not row.is_own and not row.sent_back]
    own = [row for row in rows if row.is_own]
    return render("record/review_queue.html", others=others, own=own, back=drafts_sent_back())


@blueprint.get("/<uuid:entry>")
def show(entry: UUID) -> Response:
    """Show an entry that waits, with its passage and where it would land.

    ``agreed`` is the number under which the one before it was recorded, 0 where that waits for its
    moment. What waits no more leads
    to where it is now; raises `NotFound` where that is nowhere that who asks may see.
    """
    try:
        found = services().desk.reviews.find(str(entry))
    except NotFound:
        if there := _left_for(str(entry)):
            return go_on(there)
        raise
    return change_page(found) if found.kind == CHANGE else _page(_look(found), FINE)


@blueprint.post("/<uuid:entry>/agree")
def agree(entry: UUID) -> Response:
    """Record an entry under its author's name and, in the same event, that of who agreed.

    One under embargo waits for its moment first. The next that waits is opened, if there is one.

    What is not as it was ``seen``, or is in the way, is shown once more. Raises `Refused` for one's
    own, and `NotFound` for one that waits no more.
    """
    found, form = services().desk.reviews.find(str(entry)), this_request().form
    if found.author == own_handle():
        raise Refused(OWN_ENTRY, field="entry")
    if found.kind == CHANGE:
        return agree_to_change(found)
    byline = services().newsroom.byline(found.author, f"review:{own_handle()}")
    look = _look(found, form.getlist("distinct"))
    _take_signatures(look.form["draft"], form)
    look.sheet.conflict = _unseen(look, form.get("seen", ""))
    if look.sheet.conflict:
        return _page(look, look.sheet.status)
    done = settle_agreed(look.entry, byline)
    if done is None:
        return _page(look, look.sheet.status)
    following = _beside(found).following
    services().desk.reviews.take_away(found)
    if done.number and found.document:
        services().desk.texts.discard(found.document)
    there = done.waits_at or f"/s/{done.number}"
    return go_on(f"{following}?agreed={done.number}" if following else there)


@blueprint.post("/<uuid:entry>/back")
def send_back(entry: UUID) -> Response:
    """Give an entry back to its author as a draft, with what there is to say about it.

    Raises `Refused` for what is too long, and where the author has too many drafts.
    """
    found, handle = services().desk.reviews.find(str(entry)), own_handle()
    words = text(this_request().form.get("note"), "note")
    if found.kind == CHANGE:
        return refuse_change(found, words)
    differing = _differing(found, this_request().form)
    told = {} if found.author == handle else {SENT_BACK: [handle, words, *differing]}
    draft = KeptForm(
        id=found.id,
        kind=found.kind,
        saved_at=this_request().instant,
        gist=msgspec.structs.replace(found.gist, sent_back=handle if told else ""),
        fields=found.fields | told,
    )
    following = "" if found.author == handle else _beside(found).following
    services().desk.drafts.save(found.author, draft)
    services().desk.reviews.take_away(found)
    return go_on(following or QUEUE)


def _differing(found: Handed, form: MultiDict[str, str]) -> list[str]:
    """Return what somebody reads differently, field by field, as the form of its author keeps it.

    Raises `Refused` for what is too long.
    """
    look, marked = _look(found), set(form.getlist("differs"))
    return [
        kept(_read_differently(look, at, row.field, form))
        for at, stance in enumerate(look.rows)
        for row in stance
        if f"{at}.{row.field}" in marked
    ]


def _read_differently(look: Look, at: int, field: str, form: MultiDict[str, str]) -> Differing:
    words = text(form.get(f"reading.{at}.{field}"), "note")
    draft: Draft | None = look.form["draft"]
    topic = draft.stances[at].topic if draft else None
    place = at + 1 if len(look.rows) > 1 else 0
    return differing(field, words, place, topic.scale if topic else None)


def _take_signatures(draft: Draft | None, form: MultiDict[str, str]) -> None:
    """Let who agrees sign what the statements change; their author did not."""
    for one in draft.stances if draft else ():
        for name in FIELDS:
            one.sheet.put(name, form.get(one.name(name), ""))


def _look(found: Handed, distinct: Sequence[str] = ()) -> Look:
    """Return an entry as it would be recorded.

    ``distinct`` are numbers of those on record that it is known to differ from.
    """
    sheet = _sheet(found)
    shown = msgspec.json.encode((found.author, found.kind, sheet.values), order="deterministic")
    seen = sha256(shown).hexdigest()
    sheet.values["distinct"] = [*sheet.all("distinct"), *distinct]
    if found.kind == STATEMENT:
        draft = read_stances(read_connection(), sheet)
        take_as_answered(draft)
        weigh_stances(read_connection(), draft, this_request().now)
        first, *further = stances_in_words(draft)
        return Look(
            found=found,
            sheet=sheet,
            seen=seen,
            entry=answering.entry_of(draft),
            rows=[[*first, *embargo_in_words(sheet)], *further],
            same=[twin.statement for stance in draft.stances for twin in stance.twins],
            form=answering.form_context(draft, UNSAVED),
        )
    given = DevelopmentSchema().read(sheet)
    note_moment(sheet, given)
    return Look(
        found=found,
        sheet=sheet,
        seen=seen,
        entry=development.entry_of(sheet, given),
        rows=[[*development_in_words(sheet, given, questions_by_slug()), *embargo_in_words(sheet)]],
        same=development.same_as(sheet, given),
        form={"draft": None},
    )


def _left_for(entry: str) -> str:
    """Return where an entry is that waits no more: elsewhere, or among the drafts of who asks."""
    if there := current_url(entry):
        return there
    with suppress(NotFound):
        draft = services().desk.drafts.find(own_handle(), entry)
        return href(draft.kind, draft.id, draft.gist.document)
    return ""


def _beside(found: Handed) -> Beside:
    """Return what else waits for who asks; after the last comes the first."""
    every = services().desk.reviews.waiting()
    waiting = [
        entry for entry in every if entry.author != own_handle() and not entry.gist.sent_back
    ]
    places = [entry.id for entry in waiting]
    at = places.index(found.id) if found.id in places else 0
    others = [f"{QUEUE}/{place}" for place in places[at + 1 :] + places[:at] if place != found.id]
    return Beside(others[-1], others[0]) if others else Beside("", "")


def _unseen(look: Look, seen: str) -> str:
    """Return what nobody has looked at who agrees, in a sentence; nothing where there is none.

    What may be the same stands on the page that they saw; anything else came in between.
    """
    if seen != look.seen:
        return gettext("This is not what you saw: it was changed in between. Look at it again.")
    if look.same:
        return gettext("It may be on record already. Look at that first.")
    return ""


def _sheet(found: Handed) -> FormState:
    """Return the form as it was handed over, with the text that lies beside it."""
    sheet = FormState({name: list(values) for name, values in found.fields.items()})
    sheet.put("entry", found.id)
    if found.document:
        try:
            kept_text(read_connection(), found.document).lay(sheet)
        except NotFound as error:
            sheet.refuse(error, {"": "text"})
    return sheet


def _page(look: Look, status: int) -> Response:
    entry, sheet = look.found, look.sheet
    is_there = bool(sheet.value("text"))
    response = render(
        "record/review.html",
        one=handed_rows([entry])[0],
        document=entry.document if is_there else "",
        beside=_beside(entry),
        agreed=whole_number(this_request().query.get("agreed", "")),
        is_early=look.entry.until > this_request().instant,
        **look.form | {"sheet": sheet, "seen": look.seen, "rows": look.rows, "same": look.same},
    )
    response.status_code = status
    return response
