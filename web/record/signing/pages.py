"""The page of changes to sign: each is signed, declined or skipped, and taken up again."""

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
from web.record.signing.rows import ChangeRow, change_rows, other_languages, place_name, signed_also
from web.record.signing.words import CAUSE_WORDS, causes
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
"""Changes on a page: more are read by nobody before the first are decided on."""

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


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which changes an address names: of a topic or a story, behind a place, with shades."""

    topic: str = ""
    story: str = ""
    shades: str = ""
    after: str = ""

    @classmethod
    def of(cls, given: MultiDict[str, str]) -> Wanted:
        """Return what an address or a form asks for."""
        return cls(**{name: given.get(name, "") for name in cls.__struct_fields__})

    def url(self, **changes: str) -> str:
        """Return the address of the page, with some things changed."""
        asked = msgspec.structs.asdict(self) | changes
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{HERE}?{query}" if query else HERE


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What was just said of a change: the sentence, or the cause in words."""

    id: str
    is_signed: bool
    words: str


@blueprint.get("")
def ask() -> Response:
    """List what waits, from a place on; ``done`` is the id of what was just decided."""
    query = this_request().query
    return _page(Wanted.of(query), FormState({}), done=query.get("done", ""))


@blueprint.post("/<uuid:change>/sign")
def sign(change: UUID) -> Response:
    """Sign a change under a sentence and go on with the next, or say what is in the way."""
    changes = services().newsroom.changes
    return _decide(
        change,
        lambda ends, sheet: changes.sign(
            byline(), ends, sheet.value("sentence"), sheet.value("caveat"), signed_also(sheet)
        ),
    )


@blueprint.post("/<uuid:change>/decline")
def decline(change: UUID) -> Response:
    """Decline a change for a cause and go on with the next, or say what is in the way."""
    changes = services().newsroom.changes
    return _decide(
        change,
        lambda ends, sheet: changes.decline(
            byline(), ends, sheet.value("cause"), sheet.value("note")
        ),
    )


@blueprint.post("/<uuid:change>/reopen")
def reopen(change: UUID) -> Response:
    """Take back what was said of a change: it waits again, and is shown first."""
    sheet = sheet_of(this_request().form)
    wanted = Wanted.of(this_request().form)
    with speaking(publisher().language):
        why = sheet.value("reason") or gettext("Decided by mistake.")
    ends = _ends_decided(str(change))
    attempt(sheet, lambda: services().newsroom.changes.reopen(byline(), ends, why))
    return _go_to(wanted, sheet)


def _decide(change: UUID, command: Callable[[Ends, FormState], object]) -> Response:
    sheet, wanted = sheet_of(this_request().form), Wanted.of(this_request().form)
    sheet.put("change", str(change))
    if attempt(sheet, partial(_checked, str(change), sheet, command)):
        return _go_to(wanted, sheet, done=str(change))
    return _page(wanted, sheet)


def _checked(change: str, sheet: FormState, command: Callable[[Ends, FormState], object]) -> object:
    """Decide on a change that waits as it was seen; raises `Refused` for any other."""
    every = unsigned_changes(read_connection(), shades=True)
    found = next((one for one in every if one.id == change), None)
    if found is None:
        raise Refused(WAITS_NO_MORE, field="change")
    (row,) = change_rows(read_connection(), [found], but_of=None)
    if sheet.number("seen") != row.seen:
        raise Refused(NOT_AS_SEEN, field="change")
    return command(found.ends, sheet)


def _ends_decided(change: str) -> Ends:
    """Return of which change a verdict is; raises `NotFound` where there is none."""
    for event in services().log.stream_of(change):
        if isinstance(event, ChangeSigned | ChangeDeclined):
            return ends_of(event)
    raise NotFound(NOTHING_DECIDED)


def _go_to(wanted: Wanted, sheet: FormState, done: str = "") -> Response:
    address = wanted.url(done=done)
    if sheet.conflict or sheet.away or sheet.problems:
        return _page(wanted, sheet)
    if not wants_fragment():
        return go_on(address)
    return shown_at(_page(wanted, FormState({}), done=done), wanted.url())


def _page(wanted: Wanted, sheet: FormState, *, done: str = "") -> Response:
    every = unsigned_changes(read_connection(), shades=bool(wanted.shades))
    with reader_language() as conn:
        topics = directory.topics_by_id(conn, {change.topic for change in every})
        stories = directory.stories(conn)
    asked = _asked(wanted, topics, stories)
    changes = [change for change in every if change.topic in asked]
    behind = [change for change in changes if _is_behind(change, wanted.after)]
    shown = behind[:SHOWN]
    rows = change_rows(read_connection(), shown, but_of=_but_of())
    _note_shown(rows)
    sheet.order = ("sentence", "caveat", "cause", "note")
    return show(
        "record/changes.html",
        sheet,
        wanted=wanted,
        rows=rows,
        total=len(changes),
        at=len(changes) - len(behind) + 1,
        every=len(every),
        following=wanted.url(after=place_name(shown[0])) if behind[1:] else "",
        done=_done(done),
        topics=_counted(every, topics, wanted.topic),
        stories=[(story.slug, story.title) for story in stories],
        causes=causes(),
    )


def _but_of() -> str | None:
    return own_handle() if this_request().four_eyes else None


def _note_shown(rows: Iterable[ChangeRow]) -> None:
    """Keep who saw these words with how they are coded: their quotes are not theirs to read."""
    numbers = [said.entry.number for row in rows for said in row.said]
    shown = {entry.stream for entry in entries.statements(read_connection(), numbers).values()}
    # Where the disk takes nothing, the page is shown all the same.
    with suppress(StandlineError):
        services().desk.shown_ends.note(own_handle(), shown)


def _asked(wanted: Wanted, topics: Mapping[str, Topic], stories: Iterable[Story]) -> set[str]:
    """Return the ids of the topics that are asked for."""
    story = {one.id for one in stories if one.slug == wanted.story}
    return {
        key
        for key, topic in topics.items()
        if wanted.topic in ("", topic.slug) and (not wanted.story or topic.story in story)
    }


def _is_behind(change: UnsignedChange, place: str) -> bool:
    """Tell whether a change comes behind a place in the list; all do behind what is none."""
    try:
        kind, decides, at, stream = place.split(".")
        return change.place > (int(kind), int(decides), -int(at), stream)
    except ValueError:
        return True


def _counted(
    every: Iterable[UnsignedChange], topics: Mapping[str, Topic], asked: str
) -> list[tuple[str, str, int]]:
    """Return the topics of which something waits, by name, with how much; and that asked for."""
    counts = Counter(change.topic for change in every)
    found = [(topic.slug, topic.label, counts[key]) for key, topic in topics.items()]
    if asked and asked not in [slug for slug, _, _ in found]:
        found.append((asked, asked, 0))
    return sorted(found, key=lambda one: one[1].casefold())


def _done(change: str) -> Done | None:
    """Return what who asks has just said of a change, if it stands."""
    events = services().log.stream_of(change) if change else []
    last: Event | None = next(reversed(events), None)
    if last is None or isinstance(last, ChangeReopened) or last.recorded_by != own_handle():
        return None
    if isinstance(last, ChangeSigned):
        words = last.content.sentence if last.content else ""
        return Done(id=change, is_signed=True, words=words)
    if isinstance(last, ChangeDeclined):
        return Done(id=change, is_signed=False, words=str(CAUSE_WORDS[last.cause]))
    return None


def for_templates() -> dict[str, Callable[[], object]]:
    """Return how many changes wait, for the navigation, and the languages to sign in as well."""
    return {"to_sign": _to_sign, "other_languages": other_languages}


def _to_sign() -> int:
    """Count what waits for editors; none where the store fails, which its own page tells."""
    with suppress(StandlineError):
        return count_waiting(read_connection(), WantedChanges()) if may_record() else 0
    return 0
