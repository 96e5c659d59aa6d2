"""Changes to the record that wait for a second person: corrections, merges, renames."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import msgspec

from timeline.agreeing import WaitingLog, events_in, hand_over, record_agreed, services_for_review
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

    from timeline.desk.reviews import Review
    from timeline.domain.event import Event

FAILED = 400
ENTRIES = ("statement.", "development.")


class Fact(msgspec.Struct, frozen=True):
    """A field of a change, and its new value."""

    name: str
    words: str


class ChangeView(msgspec.Struct, frozen=True):
    """One event that would be appended: what happens, to what, and its fields."""

    title: str
    about: str
    href: str
    facts: list[Fact]


def keep_aside() -> None:
    """Hold the changes of a form back for a second person, if the newsroom demands one."""
    request = this_request()
    if request.sent.method == "POST" and request.four_eyes:
        request.services, request.waiting = services_for_review(request.services)


def hand_over_what_waits(response: Response) -> Response:
    """Hand over the changes of a form if all went well, and redirect to their review."""
    request = this_request()
    log_ = request.waiting
    if not isinstance(log_, WaitingLog) or not log_.waiting or response.status_code >= FAILED:
        return response
    entry = form_id(request.form.get("key", ""))
    try:
        hand_over(request.services, entry, log_.waiting)
    except StandlineError as error:
        return answer_for(error)
    return response if response.status_code == FINE else go_on(f"{QUEUE}/{entry}")


def title_of(handed: Review) -> str:
    """Return a title for what somebody wants to change."""
    first, *more = change_views(handed)
    line = f"{first.title}: {first.about}" if first.about else first.title
    return f"{line} (+{len(more)})" if more else line


def change_views(handed: Review) -> list[ChangeView]:
    """Return the events that would be appended, in words."""
    events, conn = events_in(handed), read_connection()
    all_fields = [_event_fields(event) for event in events]
    streams = {event.originator_id for event in events}
    numbers = {stream: at for stream, (at, _) in services().log.first_events(streams).items()}
    own = _entry_numbers(events, numbers)
    # An entry's own events may be held back: then only its number is known here.
    by_number: dict[int, entries.Entry] = {
        **entries.statements(conn, own),
        **entries.developments(conn, own),
    }
    values = {value for fields in all_fields for value in fields.values() if isinstance(value, str)}
    subjects = log.subjects(conn, streams | values)
    names = Names(conn, by_number.values())
    return [
        _view(event, fields, numbers.get(event.originator_id, 0), by_number, subjects, names)
        for event, fields in zip(events, all_fields, strict=True)
    ]


def change_page(handed: Review, status: int = FINE, conflict: str = "") -> Response:
    """Show what somebody wants to change, with the forms to agree or to refuse."""
    response = render(
        "record/review_change.html",
        id=handed.id,
        title=title_of(handed),
        by=handed.author,
        when=dates.moment_us(handed.handed_at),
        is_own=handed.author == own_handle(),
        changes=change_views(handed),
        seen=_fingerprint(handed),
        conflict=conflict,
        sent_back=handed.gist.sent_back,
        note=handed.gist.words,
    )
    response.status_code = status
    return response


def agree_to_change(handed: Review) -> Response:
    """Record a change to which a second person agrees, if it is as they saw it."""
    if this_request().form.get("seen", "") != _fingerprint(handed):
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


def refuse_change(handed: Review, words: str) -> Response:
    """Send a change back to its author with the reason; the author takes it off the list."""
    desk = services().desk.reviews
    if handed.author == own_handle():
        desk.take_away(handed)
    else:
        gist = msgspec.structs.replace(handed.gist, sent_back=own_handle(), words=words)
        desk.send_back(handed, gist)
    return go_on(QUEUE)


def _fingerprint(handed: Review) -> str:
    return sha256(f"{handed.author} {handed.command}".encode()).hexdigest()


def _entry_numbers(events: Sequence[Event], numbers: dict[str, int]) -> set[int]:
    streams = {event.originator_id for event in events if event.TOPIC.startswith(ENTRIES)}
    return {numbers[stream] for stream in streams if stream in numbers}


def _event_fields(event: Event) -> dict[str, Any]:
    fields = readable_event(event, withheld=False)
    fields |= fields.pop("content", {})
    names = (name for name in fields if name not in (*ENVELOPE, "type"))
    return {name: fields[name] for name in names if fields[name] not in (None, "", [])}


def _view(
    event: Event,
    fields: dict[str, Any],
    number: int,
    by_number: Mapping[int, entries.Entry],
    subjects: Mapping[str, str],
    names: Names,
) -> ChangeView:
    entry = by_number.get(number)
    is_entry = number and event.TOPIC.startswith(ENTRIES)
    about = f"#{number}" if is_entry else subjects.get(event.originator_id, "")
    scale = names.topic(entry.topic).scale if isinstance(entry, StatementEntry) else None
    field = fields.get("field", "")

    def words(name: str, value: Any) -> str:  # noqa: ANN401 - a field holds text, a number or more
        if name == "field":
            return field_name(value)
        if field and name in ("old", "new"):
            return field_value(field, value, scale, names)
        if name == "pinned":
            return ", ".join(map(names.number_mark, value))
        if isinstance(value, str):
            return subjects.get(value) or value
        if isinstance(value, bool):
            return gettext("yes") if value else gettext("no")
        return value if isinstance(value, str) else msgspec.json.encode(value).decode()

    facts = [Fact(_label(name), words(name, value)) for name, value in fields.items()]
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
