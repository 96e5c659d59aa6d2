"""What waits for its moment: seen, moved, taken back, or recorded before it."""

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
from web.record.fields.dates import zone_name
from web.record.fields.written_moments import FIELD, moment_in_field, read_moment
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

    from timeline.desk.embargoes import Embargoed
    from timeline.desk.reviews import Handed

NOT_YOURS = Message(
    "not_yours", "this entry is %(author)s's", fix="its author and editors may do that"
)

blueprint = Blueprint("embargo", __name__, url_prefix="/embargo")
add_part(blueprint, "record.nav", "record/embargo_nav.html")
add_part(blueprint, "record.entry", "record/embargo_field.html")


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a list; ``due`` is its moment in words, ``by`` coded it."""

    kind: str
    actor: str
    topic: str
    words: str
    by: str
    due: str


class EmbargoRow(Listed, frozen=True, kw_only=True):
    """An entry that waits, as the list shows it.

    ``given`` is its moment as a field takes it, ``machine`` as programs read it.
    ``trouble`` says why it was not recorded then. ``may`` tells whether who asks may move, release
    or take it back.
    """

    id: str
    given: str
    machine: str
    trouble: str
    may: bool


class FirstAgreed(Listed, frozen=True, kw_only=True):
    """An entry for which a second person has to agree before it waits for its moment."""

    href: str


@blueprint.get("")
def waiting() -> Response:
    """Show what waits for its moment, the next first."""
    return _list()


@blueprint.post("/<uuid:entry>/move")
def move(entry: UUID) -> Response:
    """Let an entry wait for another moment, or say what is wrong with that."""
    found, typed = _own(entry), this_request().form.get(FIELD, "")
    now = this_request().instant
    try:
        due_at = parse_instant_us(read_moment(typed, FIELD), FIELD)
        desk, head = services().desk, services().log.head()
        desk.embargoes.move(found.id, due_at, own_handle(), now, head)
    except Refused as error:
        return _list(found.id, typed, error)
    return go_on(f"{EMBARGOES}#e-{found.id}")


@blueprint.post("/<uuid:entry>/release")
def release_now(entry: UUID) -> Response:
    """Record an entry before its moment, or all the same; say what is in the way, if anything is.

    Raises `NotFound` where it waits no more, `StandlineError` where the store takes nothing in.
    """
    found = _own(entry)
    done = release(services(), found.id, looked=True)
    refresh_pages()
    if done and done.number:
        return go_on(f"/s/{done.number}")
    return go_on(f"{EMBARGOES}#e-{found.id}")


@blueprint.post("/<uuid:entry>/back")
def take_back(entry: UUID) -> Response:
    """Make an entry its author's draft again, which waits for nothing; one of a command goes.

    Its form has the moment to which it was moved last.
    Raises `NotFound` where it waits no more, `Refused` where the author has too many drafts.
    """
    found, desk = _own(entry), services().desk
    if found.fields:
        draft = Draft(
            id=found.id,
            kind=found.kind,
            saved_at=this_request().instant,
            gist=found.gist,
            fields=found.fields | {FIELD: [moment_in_field(found.due_at)]},
        )
        desk.drafts.save(found.author, draft)
    try:
        desk.embargoes.take_back(found.id)
    except StandlineError:
        desk.drafts.discard(found.author, [found.id])
        raise
    return go_on(EMBARGOES)


def _own(entry: UUID) -> Embargoed:
    """Return what waits; raises `Refused` for somebody else's, except to editors."""
    found = services().desk.embargoes.find(str(entry))
    if not _may(found):
        raise Refused(NOT_YOURS, field="entry", author=found.author)
    return found


def _may(entry: Embargoed) -> bool:
    return entry.author == own_handle() or this_request().identity.may(Role.EDITOR)


def _list(entry: str = "", typed: str = "", error: Refused | None = None) -> Response:
    """Show the list; ``error`` says what is wrong with the moment ``typed`` for an ``entry``."""
    topics = questions_by_slug()
    response = render(
        "record/embargo.html",
        rows=[_row(one, topics) for one in services().desk.embargoes.waiting()],
        first_agreed=_first_agreed(topics),
        zone=zone_name(),
        wrong={entry: as_sentences(error)} if error else {},
        typed=typed,
    )
    response.status_code = status_of(error) if error else FINE
    return response


def _first_agreed(topics: dict[str, str]) -> list[FirstAgreed]:
    """Return what is under embargo and waits for a second person, the next first."""
    found = [(_due_at(entry), entry) for entry in services().desk.reviews.waiting()]
    return [
        FirstAgreed(**_listed(entry, due_at, topics), href=f"{QUEUE}/{entry.id}")
        for due_at, entry in sorted(found, key=lambda each: each[0])
        if due_at
    ]


def _due_at(handed: Handed) -> int:
    """Return the moment of what was handed over, in microseconds UTC; 0 for none."""
    written = next(iter(handed.fields.get(FIELD, [])), "")
    try:
        return parse_instant_us(read_moment(written, FIELD), FIELD) if written else 0
    except Refused:
        return 0


def _listed(entry: Embargoed | Handed, due_at: int, topics: dict[str, str]) -> dict[str, str]:
    """Return what both lists say of an entry: the fields of `Listed`."""
    return {
        "kind": entry.kind,
        "actor": entry.gist.actor,
        "topic": topics.get(entry.gist.topic, ""),
        "words": entry.gist.words,
        "by": entry.author,
        "due": dates.moment_us(due_at),
    }


def _row(entry: Embargoed, topics: dict[str, str]) -> EmbargoRow:
    return EmbargoRow(
        **_listed(entry, entry.due_at, topics),
        id=entry.id,
        given=moment_in_field(entry.due_at),
        machine=dates.machine_us(entry.due_at),
        trouble=as_sentences(entry.trouble) if entry.trouble else "",
        may=_may(entry),
    )
