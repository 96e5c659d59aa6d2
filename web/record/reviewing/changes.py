"""Changes to the record that wait for a second person: corrections, merges, renames."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import msgspec

from timeline.agreeing import WaitingLog, events_in, hand_over, record_agreed, services_aside
from timeline.domain.errors import Conflict, Refused, StandlineError
from timeline.interchange.native.readable import ENVELOPE, readable_event
from timeline.projections.queries import entries, log
from timeline.projections.queries.entries import StatementEntry
from web.i18n import dates
from web.i18n.translate import gettext
from web.record.forms.answers import go_on
from web.record.forms.form_state import FINE, as_sentences, conflict_sentence
from web.record.forms.signing import form_id, own_handle
from web.record.handing import QUEUE
from web.shell.errors import CONFLICT, answer_for, status_of
from web.shell.page_cache import refresh_pages
from web.shell.rendering import render
from web.shell.request import read_connection, services, this_request
from web.wording.amendments import field_name, field_value
from web.wording.event_titles import full_title
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from werkzeug.wrappers import Response

    from timeline.desk.reviews import Handed
    from timeline.domain.event import Event

FAILED = 400
ENTRIES = ("statement.", "development.")


class Fact(msgspec.Struct, frozen=True):
    """A field of a change, and what would stand in it."""

    name: str
    words: str


class ChangeView(msgspec.Struct, frozen=True):
    """One event that would be appended: what happens, to what, and with which words."""

    title: str
    about: str
    href: str
    facts: list[Fact]


def keep_aside() -> None:
    """Let what a form changes wait for a second person, where the newsroom wants one."""
    asked = this_request()
    if asked.sent.method == "POST" and asked.four_eyes:
        asked.services, asked.waiting = services_aside(asked.services)


def hand_over_what_waits(response: Response) -> Response:
    """Hand over what a form changed, once all of it went well, and lead to where it waits."""
    asked = this_request()
    aside = asked.waiting
    if not isinstance(aside, WaitingLog) or not aside.waiting or response.status_code >= FAILED:
        return response
    entry = form_id(asked.form.get("key", ""))
    try:
        hand_over(asked.services, entry, aside.waiting)
    except StandlineError as error:
        return answer_for(error)
    return response if response.status_code == FINE else go_on(f"{QUEUE}/{entry}")


def title_of(handed: Handed) -> str:
    """Return in a line what somebody wants to change."""
    first, *more = change_views(handed)
    line = f"{first.title}: {first.about}" if first.about else first.title
    return f"{line} (+{len(more)})" if more else line


def change_views(handed: Handed) -> list[ChangeView]:
    """Return what would be appended, in words."""
    events, conn = events_in(handed), read_connection()
    told = [_told(event) for event in events]
    streams = {event.originator_id for event in events}
    numbers = {stream: at for stream, (at, _) in services().log.first_events(streams).items()}
    own = _of_entries(events, numbers)
    # The events of one may be set aside: then its number is all that is known of it here.
    found: dict[int, entries.Entry] = {
        **entries.statements(conn, own),
        **entries.developments(conn, own),
    }
    named = {value for one in told for value in one.values() if isinstance(value, str)}
    called = log.subjects(conn, streams | named)
    names = Names(conn, found.values())
    return [
        _view(event, one, numbers.get(event.originator_id, 0), found, called, names)
        for event, one in zip(events, told, strict=True)
    ]


def change_page(handed: Handed, status: int = FINE, conflict: str = "") -> Response:
    """Show what somebody wants to change, and let another agree or say why not."""
    response = render(
        "record/review_change.html",
        id=handed.id,
        title=title_of(handed),
        by=handed.author,
        when=dates.moment_us(handed.handed_at),
        is_own=handed.author == own_handle(),
        changes=change_views(handed),
        seen=_seal(handed),
        conflict=conflict,
        sent_back=handed.gist.sent_back,
        note=handed.gist.words,
    )
    response.status_code = status
    return response


def agree_to_change(handed: Handed) -> Response:
    """Record a change to which a second person agrees, as they saw it."""
    if this_request().form.get("seen", "") != _seal(handed):
        unseen = gettext("This is not what you saw: it was changed in between. Look at it again.")
        return change_page(handed, CONFLICT, unseen)
    try:
        position = record_agreed(services(), handed, own_handle())
    except Conflict as error:
        return change_page(handed, CONFLICT, conflict_sentence(error))
    except Refused as error:
        return change_page(handed, status_of(error), as_sentences(error))
    services().desk.reviews.take_away(handed)
    refresh_pages()
    return go_on(f"/log?at={position}")


def refuse_change(handed: Handed, words: str) -> Response:
    """Say why not to its author, who takes it off the list; it waits for nobody else then."""
    desk = services().desk.reviews
    if handed.author == own_handle():
        desk.take_away(handed)
    else:
        gist = msgspec.structs.replace(handed.gist, sent_back=own_handle(), words=words)
        desk.send_back(handed, gist)
    return go_on(QUEUE)


def _seal(handed: Handed) -> str:
    return sha256(f"{handed.author} {handed.command}".encode()).hexdigest()


def _of_entries(events: Sequence[Event], numbers: dict[str, int]) -> set[int]:
    named = {event.originator_id for event in events if event.TOPIC.startswith(ENTRIES)}
    return {numbers[stream] for stream in named if stream in numbers}


def _told(event: Event) -> dict[str, Any]:
    told = readable_event(event, withheld=False)
    told |= told.pop("content", {})
    own = (name for name in told if name not in (*ENVELOPE, "type"))
    return {name: told[name] for name in own if told[name] not in (None, "", [])}


def _view(
    event: Event,
    told: dict[str, Any],
    number: int,
    found: Mapping[int, entries.Entry],
    called: Mapping[str, str],
    names: Names,
) -> ChangeView:
    entry = found.get(number)
    is_entry = number and event.TOPIC.startswith(ENTRIES)
    about = f"#{number}" if is_entry else called.get(event.originator_id, "")
    scale = names.topic(entry.topic).scale if isinstance(entry, StatementEntry) else None
    field = told.get("field", "")

    def words(name: str, value: Any) -> str:  # noqa: ANN401 - a field holds text, a number or more
        if name == "field":
            return field_name(value)
        if field and name in ("old", "new"):
            return field_value(field, value, scale, names)
        if name == "pinned":
            return ", ".join(map(names.number_mark, value))
        if isinstance(value, str):
            return called.get(value) or value
        if isinstance(value, bool):
            return gettext("yes") if value else gettext("no")
        return value if isinstance(value, str) else msgspec.json.encode(value).decode()

    facts = [Fact(_label(name), words(name, value)) for name, value in told.items()]
    return ChangeView(full_title(event.TOPIC), about, f"/s/{number}" if entry else "", facts)


def _label(name: str) -> str:
    labels = {
        "field": gettext("Field"),
        "old": gettext("On record"),
        "new": gettext("Would be"),
        "reason": gettext("Reason"),
        "note": gettext("Note"),
        "withhold": gettext("Words are withheld"),
        "material": gettext("Changes what it means"),
        "into": gettext("Into"),
        "target": gettext("Entry"),
        "sentence": gettext("Sentence"),
        "pinned": gettext("Turning points"),
    }
    return labels.get(name) or field_name(name)
