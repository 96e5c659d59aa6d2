"""Drafts: forms that somebody began, kept on the desk until they are recorded or discarded."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import quote
from zlib import crc32

import msgspec
from flask import Blueprint

from timeline.desk.drafts import Draft, DraftHeader, Gist
from timeline.domain.errors import NotFound, StandlineError
from timeline.domain.field import Type
from timeline.domain.fields import DEVELOPMENT, DOCUMENT, STATEMENT
from timeline.domain.messages import Message
from web.i18n import dates
from web.i18n.translate import gettext
from web.record.fields.choices import OFF_THE_RECORD, questions_by_slug
from web.record.forms.answers import go_on
from web.record.forms.form_state import FINE, REFUSED, FormState, as_sentences
from web.record.forms.signing import form_id, own_handle
from web.shell.errors import status_of, tell_operator
from web.shell.rendering import wants_fragment
from web.shell.request import services, this_request

if TYPE_CHECKING:
    from uuid import UUID

    from werkzeug.wrappers import Response

DRAFT_OF_ANOTHER_FORM = Message(
    "draft_of_another_form",
    "this draft is one of another form",
    fix="open it from the list of drafts",
)

blueprint = Blueprint("drafts", __name__, url_prefix="/drafts")

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

FORMS = {"statement": "/record", "development": "/record/development"}
"""Where each kind of draft goes on."""

SENT_BACK = "sent_back"
"""The field in which a form keeps who sent it back, and why."""

COLLECTED = "collected"
"""The field of a form that is done, and waits to be recorded with others."""

BUTTONS = ("use", "save", "open", "another", "without", "seen_twin")
"""Fields that no draft keeps: which button was pressed, and what the form showed beside it."""

WORDS = ("quote.text", "paraphrase", "title", "translation", "summary", "passage.text")
"""Fields that say what a draft is about, the best first."""

TYPED = (
    *("actor", "according_to", "behalf_other", "text"),
    *(
        field.name
        for field in (*STATEMENT, *DEVELOPMENT, *DOCUMENT)
        if field.type in (Type.TEXT, Type.DATE, Type.ADDRESS) and field.correctable
    ),
)
"""Fields that stay empty until somebody types: a form without any is not worth keeping."""

CHOSEN = ("paraphrase", "translation", "stance", "condition.text", "hedge", "title", "summary")
"""Fields that only a person fills in; a form that is opened from a text gets the rest from it."""

ASKED = ("topic", "topics", "status", "passage")
"""Fields that are enough for a form that somebody puts aside."""

BEGUN = "begun"
"""The field with the checksum of what the form was opened with: nobody typed that."""

LONGEST = 200


class Saved(msgspec.Struct, frozen=True):
    """When a form was last kept, or why it was not, with the status of that error."""

    when: str = ""
    trouble: str = ""
    status: int = FINE


UNSAVED = Saved()


class DraftRow(msgspec.Struct, frozen=True):
    """A draft as the list shows it."""

    id: str
    kind: str
    href: str
    actor: str
    topic: str
    words: str
    when: str
    further: int
    sent_back: str


@blueprint.post("/<uuid:draft_id>/discard")
def discard(draft_id: UUID) -> Response:
    """Remove a draft; go back to an empty form, or to the other drafts from its text."""
    services().desk.drafts.discard(own_handle(), [str(draft_id)])
    document = _ID.fullmatch(this_request().form.get("document", ""))
    return go_on(f"/record/text/{document[0]}/together" if document else FORMS["statement"])


@blueprint.post("/discard")
def discard_listed() -> Response:
    """Remove the drafts that the list showed, and no others that were begun meanwhile."""
    draft_ids = filter(_ID.fullmatch, this_request().form.getlist("draft"))
    services().desk.drafts.discard(own_handle(), list(draft_ids))
    return go_on(FORMS["statement"])


def keep(sheet: FormState, kind: str) -> Saved:
    """Keep a form as a draft; if it is recorded already, keep it as a new draft.

    What was said off the record is not kept, and an earlier draft of it is removed.
    """
    if sheet.value("attribution") == OFF_THE_RECORD:
        forget(sheet.value("entry"))
        return Saved(trouble=gettext("Not kept: it was said off the record."), status=REFUSED)
    if recorded_as(sheet.value("entry")):
        sheet.put("entry", form_id())
    at = this_request().instant
    fields, gist = kept_fields(sheet), gist_of(sheet)
    draft = Draft(id=sheet.value("entry"), kind=kind, saved_at=at, gist=gist, fields=fields)
    try:
        services().desk.drafts.save(own_handle(), draft)
    except StandlineError as error:
        return Saved(trouble=as_sentences(error), status=status_of(error))
    return Saved(dates.moment_us(at))


def put_aside(sheet: FormState, kind: str) -> Saved:
    """Keep a form because somebody asks for it, unless it is empty."""
    if any(sheet.value(name).strip() for name in (*TYPED, *CHOSEN, *ASKED)):
        return keep(sheet, kind)
    return Saved(trouble=gettext("Not kept: nothing is filled in yet."))


def keep_quietly(sheet: FormState, kind: str) -> Saved:
    """Keep a form while somebody fills it in, if it holds anything that they wrote."""
    if recorded_as(sheet.value("entry")):
        return UNSAVED
    if not is_written(sheet):
        _forget_empty(sheet.value("entry"))
        return UNSAVED
    return keep(sheet, kind)


def is_written(sheet: FormState) -> bool:
    """Tell whether somebody wrote into a form, or made a choice in it."""
    if sheet.value("document"):
        return any(sheet.value(name).strip() for name in CHOSEN)
    return _typed_text(sheet) != NOTHING_TYPED and typed_checksum(sheet) != sheet.value(BEGUN)


def typed_checksum(sheet: FormState) -> str:
    """Return a checksum of the fields that somebody may have typed."""
    return f"{crc32(_typed_text(sheet).encode()):x}"


def _typed_text(sheet: FormState) -> str:
    return "\n".join(sheet.value(name).strip() for name in TYPED)


NOTHING_TYPED = "\n" * (len(TYPED) - 1)


def _forget_empty(draft_id: str) -> None:
    """Remove the draft of a form that was emptied, if there is one."""
    with suppress(StandlineError):
        services().desk.drafts.find(own_handle(), draft_id)
        services().desk.drafts.discard(own_handle(), [draft_id])


def is_collected(draft: Draft) -> bool:
    """Tell whether the author is done with a form, and records it with others."""
    return bool(draft.fields.get(COLLECTED))


def forget(draft_id: str) -> None:
    """Remove the draft of what is on record now, if there is one."""
    # The entry is recorded already: if the desk fails here, the next list leaves the draft out.
    with suppress(StandlineError):
        services().desk.drafts.discard(own_handle(), [draft_id])


def can_go_on(sheet: FormState, saved: Saved) -> bool:
    """Tell whether to redirect to the form's own address, which can be reloaded.

    htmx needs no redirect. A source that was not found is reported in this answer only.
    """
    return bool(saved.when) and not wants_fragment() and sheet.focus != "load"


def address(sheet: FormState, kind: str) -> str:
    """Return the address of a kept form, at the field that was filled in last."""
    field = f"#f-{quote(sheet.ident(sheet.focus))}" if sheet.focus else ""
    return href(kind, sheet.value("entry"), sheet.value("document")) + field


def recorded_as(draft_id: str) -> int:
    """Return the number of the entry that a draft has become, or 0."""
    return services().log.first_events([draft_id]).get(draft_id, (0, None))[0]


def open_draft(draft_id: str, kind: str) -> tuple[FormState, Saved]:
    """Return a form as it was left; raises `NotFound` for what was discarded."""
    draft = services().desk.drafts.find(own_handle(), draft_id)
    if draft.kind != kind:
        raise NotFound(DRAFT_OF_ANOTHER_FORM)
    sheet = FormState(dict(draft.fields))
    sheet.put("entry", draft.id)
    sheet.fill({BEGUN: ""})
    return sheet, Saved(dates.moment_us(draft.saved_at))


def draft_list() -> dict[str, object]:
    """Return the template's variables for the list of drafts, or that the desk fails."""
    try:
        drafts = services().desk.drafts.of(own_handle())
    except StandlineError as error:
        tell_operator(error)
        return {"drafts": [], "drafts_trouble": True}
    return {"drafts": _rows(_remove_recorded(drafts)), "drafts_trouble": False}


def drafts_sent_back() -> list[DraftRow]:
    """Return the reader's own drafts that somebody sent back, the latest first."""
    drafts = services().desk.drafts.of(own_handle())
    return _rows(_remove_recorded([draft for draft in drafts if draft.gist.sent_back]))


def _rows(drafts: list[DraftHeader]) -> list[DraftRow]:
    """Return drafts as lists show them, in their order."""
    topics = questions_by_slug() if drafts else {}
    return [
        DraftRow(
            draft.id,
            draft.kind,
            href(draft.kind, draft.id, draft.gist.document),
            draft.gist.actor,
            topics.get(draft.gist.topic, ""),
            draft.gist.words,
            dates.moment_us(draft.saved_at),
            draft.gist.further,
            draft.gist.sent_back,
        )
        for draft in drafts
    ]


def _remove_recorded(drafts: list[DraftHeader]) -> list[DraftHeader]:
    """Remove drafts that are on record by now, and return the others."""
    recorded = services().log.first_events([draft.id for draft in drafts])
    if recorded:
        with suppress(StandlineError):
            services().desk.drafts.discard(own_handle(), recorded)
    return [draft for draft in drafts if draft.id not in recorded]


def href(kind: str, draft_id: str, document: str) -> str:
    """Return the address of a draft, beside the text from which it is coded if there is one."""
    if not document:
        return f"{FORMS[kind]}?draft={draft_id}"
    return f"/record/text/{quote(document)}?kind={kind}&draft={draft_id}"


def _is_kept(name: str, sheet: FormState) -> bool:
    """Tell whether a draft keeps a field; the desk keeps the text and its source apart."""
    is_of_text = name == "text" or name.startswith("source.")
    return name not in BUTTONS and not (is_of_text and sheet.value("document"))


def kept_fields(sheet: FormState) -> dict[str, list[str]]:
    """Return the fields that a draft keeps: no buttons, and no text that the desk has."""
    return {name: values for name, values in sheet.values.items() if _is_kept(name, sheet)}


def gist_of(sheet: FormState) -> Gist:
    """Return what a list shows of a form."""
    words = next(filter(None, map(sheet.value, WORDS)), "")
    return Gist(
        # If two actors share a name, the form has a slug, which says little to a reader.
        actor=_short(
            sheet.notes.get("actor") or sheet.value("actor") or sheet.value("according_to")
        ),
        topic=sheet.value("topic") or sheet.value("topics"),
        words=_short(words or sheet.value("source.title") or sheet.value("source.url")),
        document=sheet.value("document"),
        further=len(sheet.all("also")),
        sent_back=sheet.value(SENT_BACK),
    )


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"
