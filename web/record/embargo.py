"""The list of embargoed entries: move one, take it back, or record it early."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from flask import Blueprint

from timeline.desk.accounts.roles import Role
from timeline.desk.drafts import Draft
from timeline.domain.dates import parse_instant_us
from timeline.domain.errors import Refused, StandlineError
from timeline.domain.messages import Message
from timeline.releasing import release
from web.i18n import dates
from web.record.fields.choices import questions_by_slug
from web.record.fields.dates import FIELD, moment_in_field, read_moment, zone_name
from web.record.forms.answers import go_on
from web.record.forms.form_state import FINE, as_sentences
from web.record.forms.signing import own_handle
from web.record.handing import EMBARGOES, QUEUE
from web.shell.errors import status_of
from web.shell.page_cache import refresh_pages
from web.shell.parts import add_part
from web.shell.rendering import render
from web.shell.request import services, this_request

if TYPE_CHECKING:
    from uuid import UUID

    from werkzeug.wrappers import Response

    from timeline.desk.embargoes import Embargo
    from timeline.desk.reviews import Review

NOT_YOURS = Message(
    "not_yours", "this entry is %(author)s's", fix="its author and editors may do that"
)

blueprint = Blueprint("embargo", __name__, url_prefix="/embargo")
add_part(blueprint, "record.nav", "record/embargo_nav.html")
add_part(blueprint, "record.entry", "record/embargo_field.html")


class ListedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a list; ``due`` is its moment in words, ``by`` the person who coded it."""

    kind: str
    actor: str
    topic: str
    words: str
    by: str
    due: str


class EmbargoRow(ListedEntry, frozen=True, kw_only=True):
    """An embargoed entry, as the list shows it.

    ``given`` is its moment as a field takes it, ``machine`` as programs read it.
    ``trouble`` says why it was not recorded at that moment. ``may`` tells whether the reader may
    move it, release it or take it back.
    """

    id: str
    given: str
    machine: str
    trouble: str
    may: bool


class PendingApprovalRow(ListedEntry, frozen=True, kw_only=True):
    """An entry with an embargo that a second person has not approved yet."""

    href: str


@blueprint.get("")
def show() -> Response:
    """Show the embargoed entries, the next one due first."""
    return _list()


@blueprint.post("/<uuid:entry>/move")
def move(entry: UUID) -> Response:
    """Move an entry to another moment, or say what is wrong with it."""
    embargoed, typed = _own(entry), this_request().form.get(FIELD, "")
    now = this_request().instant
    try:
        due_at = parse_instant_us(read_moment(typed, FIELD), FIELD)
        desk, head = services().desk, services().log.head()
        desk.embargoes.move(embargoed.id, due_at, own_handle(), now, head)
    except Refused as error:
        return _list(embargoed.id, typed, error)
    return go_on(f"{EMBARGOES}#e-{embargoed.id}")


@blueprint.post("/<uuid:entry>/release")
def release_now(entry: UUID) -> Response:
    """Record an entry now, before its moment or after a failure then.

    Raises `NotFound` if it is embargoed no more, `StandlineError` if the store takes nothing.
    """
    embargoed = _own(entry)
    released = release(services(), embargoed.id, looked=True)
    refresh_pages()
    if released and released.number:
        return go_on(f"/s/{released.number}")
    return go_on(f"{EMBARGOES}#e-{embargoed.id}")


@blueprint.post("/<uuid:entry>/back")
def take_back(entry: UUID) -> Response:
    """Return a withdrawn entry to its author's drafts; drop it if it came from the API.

    The form shows the moment to which the entry was moved last.
    Raises `NotFound` if it is embargoed no more, `Refused` if the author has too many drafts.
    """
    embargoed, desk = _own(entry), services().desk
    if embargoed.fields:
        draft = Draft(
            id=embargoed.id,
            kind=embargoed.kind,
            saved_at=this_request().instant,
            gist=embargoed.gist,
            fields=embargoed.fields | {FIELD: [moment_in_field(embargoed.due_at)]},
        )
        desk.drafts.save(embargoed.author, draft)
    try:
        desk.embargoes.take_back(embargoed.id)
    except StandlineError:
        desk.drafts.discard(embargoed.author, [embargoed.id])
        raise
    return go_on(EMBARGOES)


def _own(entry: UUID) -> Embargo:
    """Return an embargoed entry; raises `Refused` for somebody else's, except to editors."""
    embargoed = services().desk.embargoes.find(str(entry))
    if not _may_change(embargoed):
        raise Refused(NOT_YOURS, field="entry", author=embargoed.author)
    return embargoed


def _may_change(entry: Embargo) -> bool:
    return entry.author == own_handle() or this_request().identity.may(Role.EDITOR)


def _list(entry: str = "", typed: str = "", error: Refused | None = None) -> Response:
    """Show the list; ``error`` says what is wrong with the moment ``typed`` for an ``entry``."""
    topics = questions_by_slug()
    response = render(
        "record/embargo.html",
        rows=[_row(entry, topics) for entry in services().desk.embargoes.waiting()],
        first_agreed=_pending_approval(topics),
        zone=zone_name(),
        wrong={entry: as_sentences(error)} if error else {},
        typed=typed,
    )
    response.status_code = status_of(error) if error else FINE
    return response


def _pending_approval(topics: dict[str, str]) -> list[PendingApprovalRow]:
    """Return the entries with an embargo that a second person has to approve, the next first."""
    by_moment = [(_due_at(entry), entry) for entry in services().desk.reviews.waiting()]
    return [
        PendingApprovalRow(**_shared_fields(entry, due_at, topics), href=f"{QUEUE}/{entry.id}")
        for due_at, entry in sorted(by_moment, key=lambda pair: pair[0])
        if due_at
    ]


def _due_at(handed: Review) -> int:
    """Return until when a handed-over entry is embargoed, in microseconds UTC; 0 for none."""
    typed = next(iter(handed.fields.get(FIELD, [])), "")
    try:
        return parse_instant_us(read_moment(typed, FIELD), FIELD) if typed else 0
    except Refused:
        return 0


def _shared_fields(entry: Embargo | Review, due_at: int, topics: dict[str, str]) -> dict[str, str]:
    """Return the fields of `ListedEntry`, which both lists show."""
    return {
        "kind": entry.kind,
        "actor": entry.gist.actor,
        "topic": topics.get(entry.gist.topic, ""),
        "words": entry.gist.words,
        "by": entry.author,
        "due": dates.moment_us(due_at),
    }


def _row(entry: Embargo, topics: dict[str, str]) -> EmbargoRow:
    return EmbargoRow(
        **_shared_fields(entry, entry.due_at, topics),
        id=entry.id,
        given=moment_in_field(entry.due_at),
        machine=dates.machine_us(entry.due_at),
        trouble=as_sentences(entry.trouble) if entry.trouble else "",
        may=_may_change(entry),
    )
