"""The page of changes that wait: sign one, decline it, skip it, or reopen a decision."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec
from flask import Blueprint

from timeline.domain.errors import NotFound, Refused, StandlineError
from timeline.domain.messages import Message
from timeline.domain.verdict import (
    NOTHING_DECIDED,
    ChangeDeclined,
    ChangeReopened,
    ChangeSigned,
    ends_of,
)
from timeline.projections.queries import directory, entries
from timeline.projections.queries.change_answers import ChangeFilter as WantedChanges
from timeline.projections.queries.change_answers import count_waiting
from timeline.projections.queries.waiting import UnsignedChange, unsigned_changes
from web.i18n.translate import gettext, speaking
from web.record.forms.answers import attempt, go_on, show
from web.record.forms.form_state import FormState, sheet_of
from web.record.forms.signing import byline, own_handle
from web.record.signing.rows import (
    CAUSE_WORDS,
    ChangeRow,
    causes,
    change_rows,
    other_languages,
    place_name,
    signed_also,
)
from web.shell.policies import may_record
from web.shell.publisher import publisher
from web.shell.rendering import shown_at, wants_fragment
from web.shell.request import read_connection, reader_language, services, this_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from uuid import UUID

    from werkzeug.datastructures import MultiDict
    from werkzeug.wrappers import Response

    from timeline.domain.event import Event
    from timeline.domain.verdict import Ends
    from timeline.projections.queries.directory import Story, Topic

blueprint = Blueprint("changes", __name__, url_prefix="/changes")

HERE = "/record/changes"
SHOWN = 4
"""How many changes a page shows: nobody reads more before deciding on the first."""

WAITS_NO_MORE = Message(
    "waits_no_more",
    "this change waits no more: somebody decided on it, or an end of it was corrected",
    fix="go on with those that wait",
)
NOT_AS_SEEN = Message(
    "not_as_seen",
    "an end of this change was corrected since you saw it",
    fix="look at it again",
)


class ChangeFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which changes an address asks for: of a topic or a story, after a place, with shades."""

    topic: str = ""
    story: str = ""
    shades: str = ""
    after: str = ""

    @classmethod
    def of(cls, query: MultiDict[str, str]) -> ChangeFilter:
        """Return the filter that an address or a form gives."""
        return cls(**{name: query.get(name, "") for name in cls.__struct_fields__})

    def url(self, **changes: str) -> str:
        """Return the address of the page, with some fields changed."""
        fields = msgspec.structs.asdict(self) | changes
        query = urlencode({name: value for name, value in fields.items() if value})
        return f"{HERE}?{query}" if query else HERE


class LastDecision(msgspec.Struct, frozen=True, kw_only=True):
    """The decision just made on a change: ``words`` is the sentence, or the cause."""

    id: str
    is_signed: bool
    words: str


@blueprint.get("")
def ask() -> Response:
    """List the changes that wait; ``done`` is the id of the one just decided on."""
    query = this_request().query
    return _page(ChangeFilter.of(query), FormState({}), done=query.get("done", ""))


@blueprint.post("/<uuid:change>/sign")
def sign(change: UUID) -> Response:
    """Sign a change with a sentence and go on to the next, or say what is wrong."""
    changes = services().newsroom.changes
    return _decide(
        change,
        lambda ends, sheet: changes.sign(
            byline(), ends, sheet.value("sentence"), sheet.value("caveat"), signed_also(sheet)
        ),
    )


@blueprint.post("/<uuid:change>/decline")
def decline(change: UUID) -> Response:
    """Decline a change for a cause and go on to the next, or say what is wrong."""
    changes = services().newsroom.changes
    return _decide(
        change,
        lambda ends, sheet: changes.decline(
            byline(), ends, sheet.value("cause"), sheet.value("note")
        ),
    )


@blueprint.post("/<uuid:change>/reopen")
def reopen(change: UUID) -> Response:
    """Take back the decision on a change: it waits again, and is shown first."""
    sheet = sheet_of(this_request().form)
    filter_ = ChangeFilter.of(this_request().form)
    with speaking(publisher().language):
        why = sheet.value("reason") or gettext("Decided by mistake.")
    ends = _ends_decided(str(change))
    attempt(sheet, lambda: services().newsroom.changes.reopen(byline(), ends, why))
    return _go_to(filter_, sheet)


def _decide(change: UUID, command: Callable[[Ends, FormState], object]) -> Response:
    sheet, filter_ = sheet_of(this_request().form), ChangeFilter.of(this_request().form)
    sheet.put("change", str(change))
    if attempt(sheet, partial(_run_checked, str(change), sheet, command)):
        return _go_to(filter_, sheet, done=str(change))
    return _page(filter_, sheet)


def _run_checked(
    change: str, sheet: FormState, command: Callable[[Ends, FormState], object]
) -> object:
    """Run a decision if the change still waits and is as it was seen; else raise `Refused`."""
    every = unsigned_changes(read_connection(), shades=True)
    waiting_change = next((change_ for change_ in every if change_.id == change), None)
    if waiting_change is None:
        raise Refused(WAITS_NO_MORE, field="change")
    (row,) = change_rows(read_connection(), [waiting_change], excluded=None)
    if sheet.number("seen") != row.seen:
        raise Refused(NOT_AS_SEEN, field="change")
    return command(waiting_change.ends, sheet)


def _ends_decided(change: str) -> Ends:
    """Return the ends of a change that was decided on; raises `NotFound` if it was not."""
    for event in services().log.stream_of(change):
        if isinstance(event, ChangeSigned | ChangeDeclined):
            return ends_of(event)
    raise NotFound(NOTHING_DECIDED)


def _go_to(filter_: ChangeFilter, sheet: FormState, done: str = "") -> Response:
    address = filter_.url(done=done)
    if sheet.conflict or sheet.away or sheet.problems:
        return _page(filter_, sheet)
    if not wants_fragment():
        return go_on(address)
    return shown_at(_page(filter_, FormState({}), done=done), filter_.url())


def _page(filter_: ChangeFilter, sheet: FormState, *, done: str = "") -> Response:
    every = unsigned_changes(read_connection(), shades=bool(filter_.shades))
    with reader_language() as conn:
        topics = directory.topics_by_id(conn, {change.topic for change in every})
        stories = directory.stories(conn)
    topic_ids = _topic_ids(filter_, topics, stories)
    changes = [change for change in every if change.topic in topic_ids]
    rest = [change for change in changes if _is_behind(change, filter_.after)]
    shown = rest[:SHOWN]
    excluded = own_handle() if this_request().four_eyes else None
    rows = change_rows(read_connection(), shown, excluded=excluded)
    _note_shown(rows)
    sheet.order = ("sentence", "caveat", "cause", "note")
    return show(
        "record/changes.html",
        sheet,
        wanted=filter_,
        rows=rows,
        total=len(changes),
        at=len(changes) - len(rest) + 1,
        every=len(every),
        following=filter_.url(after=place_name(shown[0])) if rest[1:] else "",
        done=_last_decision(done),
        topics=_topic_counts(every, topics, filter_.topic),
        stories=[(story.slug, story.title) for story in stories],
        causes=causes(),
    )


def _note_shown(rows: Iterable[ChangeRow]) -> None:
    """Note that the reader saw how these statements are coded: they cannot read them blindly."""
    numbers = [said.entry.number for row in rows for said in row.said]
    shown = {entry.stream for entry in entries.statements(read_connection(), numbers).values()}
    # If the disk is full, show the page all the same.
    with suppress(StandlineError):
        services().desk.shown_ends.note(own_handle(), shown)


def _topic_ids(
    filter_: ChangeFilter, topics: Mapping[str, Topic], stories: Iterable[Story]
) -> set[str]:
    """Return the ids of the topics that the filter lets through."""
    story = {story.id for story in stories if story.slug == filter_.story}
    return {
        key
        for key, topic in topics.items()
        if filter_.topic in ("", topic.slug) and (not filter_.story or topic.story in story)
    }


def _is_behind(change: UnsignedChange, place: str) -> bool:
    """Tell whether a change comes after a place in the list; all do if the place is invalid."""
    try:
        kind, decides, at, stream = place.split(".")
        return change.place > (int(kind), int(decides), -int(at), stream)
    except ValueError:
        return True


def _topic_counts(
    every: Iterable[UnsignedChange], topics: Mapping[str, Topic], topic_slug: str
) -> list[tuple[str, str, int]]:
    """Return slug, label and number of waiting changes of each topic, and of ``topic_slug``."""
    counts = Counter(change.topic for change in every)
    rows = [(topic.slug, topic.label, counts[key]) for key, topic in topics.items()]
    if topic_slug and topic_slug not in [slug for slug, _, _ in rows]:
        rows.append((topic_slug, topic_slug, 0))
    return sorted(rows, key=lambda row: row[1].casefold())


def _last_decision(change: str) -> LastDecision | None:
    """Return the reader's own decision on a change, if it is the latest one."""
    events = services().log.stream_of(change) if change else []
    last: Event | None = next(reversed(events), None)
    if last is None or isinstance(last, ChangeReopened) or last.recorded_by != own_handle():
        return None
    if isinstance(last, ChangeSigned):
        words = last.content.sentence if last.content else ""
        return LastDecision(id=change, is_signed=True, words=words)
    if isinstance(last, ChangeDeclined):
        return LastDecision(id=change, is_signed=False, words=str(CAUSE_WORDS[last.cause]))
    return None


def for_templates() -> dict[str, Callable[[], object]]:
    """Return what templates use: the count of waiting changes, and the other languages to sign."""
    return {"to_sign": _count_to_sign, "other_languages": other_languages}


def _count_to_sign() -> int:
    """Count the changes that wait; 0 if the store fails, which its own page reports."""
    with suppress(StandlineError):
        return count_waiting(read_connection(), WantedChanges()) if may_record() else 0
    return 0
