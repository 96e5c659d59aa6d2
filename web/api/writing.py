"""The part of the API that records: one JSON body for each command."""

from __future__ import annotations

import functools
import os
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from flask import Blueprint

from timeline.application.commands import RecordDevelopment, RecordStatement, Source
from timeline.desk.promises import NEEDS_A_SECOND
from timeline.domain.dates import parse_date, parse_instant_us
from timeline.domain.development import DevelopmentRecorded
from timeline.domain.errors import Conflict, Refused
from timeline.domain.instants import iso_us
from timeline.domain.messages import Message
from timeline.domain.naming import keyed_id, new_id
from timeline.domain.nature import SIGNED, Nature
from timeline.domain.position.edition2 import RULE
from timeline.domain.quotations import QUOTE_NARRATED
from timeline.domain.standing import StatedStanding
from timeline.domain.statement import StatementRecorded
from timeline.domain.verdict import Ends, SignedIn
from timeline.projections.queries import directory
from timeline.projections.queries.alike import (
    developments_like,
    draft_instant,
    questions_alike,
    repeated_statements,
)
from timeline.projections.queries.documents import documents_by_id
from timeline.projections.queries.turning import refuse_unmeant_turn
from timeline.releasing import find_waiting_twin, put_under_embargo
from web.api.parameters import check_parameters
from web.record.source_text.article import is_narrated_by_source, snapshot
from web.shell.data_answer import data_answer
from web.shell.page_cache import refresh_pages
from web.shell.request import read_connection, services, this_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from werkzeug.wrappers import Response

    from timeline.application.commands import Command
    from timeline.application.recording import Recorded
    from timeline.domain.event import Byline, Event
    from timeline.projections.queries.entries import Entry

API = "/api/v1"
CREATED, HELD, DONE = 201, 202, 200
IDEMPOTENCY_KEY = "Idempotency-Key"
LONGEST_KEY = 200

BODY_UNFIT = Message(
    "body_unfit", "the body is not what is asked for: %(why)s", fix="see the schema of it in /api"
)
KEY_TOO_LONG = Message(
    "key_too_long", "the Idempotency-Key is too long", fix="use at most %(most)s characters"
)

STANDS_ALREADY = Message(
    "stands_already",
    "number %(number)s may be the same",
    fix="if it is another, send it once more with that number in “distinct”",
)
WAITS_ALREADY = Message(
    "waits_already",
    "an entry of %(author)s that waits under %(number)s may be the same",
    fix="if it is another, send it once more with that id in “distinct”",
)

T = TypeVar("T", bound=msgspec.Struct)
C = TypeVar("C", RecordStatement, RecordDevelopment)

blueprint = Blueprint("write", __name__, url_prefix=API)


class StatementBody(RecordStatement, frozen=True, kw_only=True):
    """A statement, which waits on the desk until ``embargo_until``, an instant with its offset.

    ``distinct`` has the numbers and ids of entries that look the same and are others, ``spoke_for``
    the slug of whom the speaker spoke for, where that moves them.
    """

    embargo_until: str | None = None
    distinct: list[str] = msgspec.field(default_factory=list)
    spoke_for: str | None = None


class DevelopmentBody(RecordDevelopment, frozen=True, kw_only=True):
    """A development, which waits on the desk until ``embargo_until``, as a statement does.

    ``distinct`` has the numbers and ids of entries that look the same and are others.
    """

    embargo_until: str | None = None
    distinct: list[str] = msgspec.field(default_factory=list)


class Correction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Fields of an entry by their names in the interchange, and what they should hold."""

    changes: dict[str, str | list[str] | None]
    reason: str
    material: bool = True


class Retraction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why we withdraw an entry, and whether its words are shown no more."""

    reason: str
    withhold: bool = False


class Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why it is done, for all to read."""

    reason: str


class Connection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What connects an entry to another, given by its number."""

    kind: str
    target: int
    note: str = ""


class FurtherSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A further source of the same words, and how it has them."""

    source: Source
    attribution: str = "reported"
    reported_via: str = ""


class NewTopic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question on one scale."""

    question: str
    scale: str
    slug: str | None = None
    name: str = ""
    story: str | None = None


class NewActor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who speaks, or for whom somebody does."""

    name: str
    kind: str
    slug: str | None = None


class NewMandate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For whom somebody speaks, as what, and whether they decide (``decides``, ``speaks``)."""

    on_behalf_of: str
    role: str
    since: str | None = None
    until: str | None = None
    standing: str = ""


class NewStanding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether a mandate, given by its id, decides or speaks: on all topics, or on one."""

    mandate: str
    standing: str
    topic: str | None = None
    since: str | None = None
    until: str | None = None
    reason: str = ""


class Description(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What codebooks ask of an actor, by the ids of attributes; an empty value takes one back."""

    attributes: dict[str, str]
    reason: str = ""


class NewNature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a topic asks for; without ``limit_months`` words on it are never old."""

    asks: str
    recurring: bool = False
    limit_months: int | None = None
    prints: str = SIGNED
    reason: str = ""


class NewLede(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the newsroom says first; ``pinned`` names statements with which signed changes end.

    Each is given by its number, or its key. Without both, what was said before is taken back.
    """

    sentence: str = ""
    pinned: list[int | str] = []


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An object without fields: {}."""


class BlindReading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a quote was read alone: a word of the scale, or no_position; whether it answers."""

    direction: str
    carries: bool


class Coding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How somebody reads a statement again: a word of the scale, or no_position with its reason.

    ``topic`` is the question that they say the words answer, if it is another than that on record;
    ``has_condition`` whether they read a condition.
    """

    stance: str
    no_position_reason: str | None = None
    topic: str | None = None
    has_condition: bool | None = None
    note: str = ""


class OfChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A change that the rule finds: where, and the numbers at its ends."""

    topic: str
    actor: str
    before: tuple[int, ...]
    after: tuple[int, ...]

    @property
    def ends(self) -> Ends:
        """The change as the newsroom takes it."""
        return Ends(self.topic, self.actor, RULE, self.before, self.after)


class Signature(OfChange, frozen=True, kw_only=True):
    """The sentence that is printed of a change, and what it needs beside it.

    ``also`` is the same in other languages than that of the record.
    """

    sentence: str
    caveat: str = ""
    also: list[SignedIn] = msgspec.field(default_factory=list)


class Refusal(OfChange, frozen=True, kw_only=True):
    """Why a change is none that could be printed: one of the causes."""

    cause: str
    note: str = ""


class Reopening(OfChange, frozen=True, kw_only=True):
    """Why what was said of a change is taken back."""

    reason: str


class Waits(msgspec.Struct, frozen=True):
    """An entry that is recorded under this ``id`` at the instant ``until``, and not before."""

    id: str
    until: str


class Done(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where it stands in the log; ``fresh`` is false where it was on record already.

    ``looks_like`` has the slugs of others that look the same and are written in other letters, and
    of topics that may ask the same in other words.
    """

    position: int
    fresh: bool
    looks_like: list[str] = []


def _refuse_alone() -> None:
    """Raise `Refused` if a second person has to agree to every entry."""
    if this_request().four_eyes:
        raise Refused(NEEDS_A_SECOND)


WRITTEN: dict[str, tuple[str, type[msgspec.Struct]]] = {}
"""The summary and the body's type of each route that records."""


def _takes(
    path: str, kind: type[T], check: Callable[[], None] = lambda: None
) -> Callable[[Callable[..., Response]], object]:
    """Route POST requests of a path to a function that gets the body; ``check`` runs first."""

    def register(record: Callable[..., Response]) -> object:
        @functools.wraps(record)
        def take(**arguments: str | int) -> Response:
            check_parameters((), this_request().query)
            check()
            return record(_body(kind), **arguments)

        blueprint.add_url_rule(path, view_func=take, methods=["POST"])
        WRITTEN[path] = (record.__doc__ or "").partition("\n")[0], kind
        return record

    return register


@_takes("/statements", StatementBody, _refuse_alone)
def statement(body: StatementBody) -> Response:
    """Record what somebody said on a topic."""
    command = _plain(body, RecordStatement)
    events = _rehearse(services().newsroom.statements.rehearse, command, body)
    _refuse_repeated(events, body)
    speaker_and_side = command.actor, command.on_behalf_of, body.spoke_for
    refuse_unmeant_turn(read_connection(), events, *speaker_and_side)
    _refuse_narrated(events[-1], command.source)
    if body.embargo_until is not None:
        return _embargo_entry(command, body.embargo_until)
    recorded = services().newsroom.statements.record(_byline(), command, _entry_id())
    return _done(recorded, f"{API}/entries/{recorded.position}")


@_takes("/developments", DevelopmentBody, _refuse_alone)
def development(body: DevelopmentBody) -> Response:
    """Record that something happened."""
    command = _plain(body, RecordDevelopment)
    _refuse_repeated(_rehearse(services().newsroom.developments.rehearse, command, body), body)
    if body.embargo_until is not None:
        return _embargo_entry(command, body.embargo_until)
    recorded = services().newsroom.developments.record(_byline(), command, _entry_id())
    return _done(recorded, f"{API}/entries/{recorded.position}")


@_takes("/topics", NewTopic)
def topic(body: NewTopic) -> Response:
    """Open a topic."""
    alike = _alike(directory.topic_lookalikes, body.question, body.name)
    same = _alike(questions_alike, body.question)
    recorded = services().newsroom.topics.open(_byline(), **msgspec.structs.asdict(body))
    return _done(recorded, looks_like=dict.fromkeys([*alike, *same]))


@_takes("/actors", NewActor)
def actor(body: NewActor) -> Response:
    """Introduce an actor."""
    alike = _alike(directory.lookalikes, body.name)
    actors = services().newsroom.actors
    recorded = actors.introduce(_byline(), body.name, body.kind, slug=body.slug)
    return _done(recorded, looks_like=alike)


@_takes("/entries/<int:number>/corrections", Correction)
def correct(body: Correction, number: int) -> Response:
    """Correct an entry."""
    changes = {name: "" if value is None else value for name, value in body.changes.items()}
    options: dict[str, Any] = {"reason": body.reason, "material": body.material}
    room = services().newsroom.entries(number)
    return _done(room.correct(_byline(), number, changes, **options))


@_takes("/entries/<int:number>/retractions", Retraction)
def retract(body: Retraction, number: int) -> Response:
    """Withdraw an entry of ours."""
    room = services().newsroom.entries(number)
    return _done(room.retract(_byline(), number, body.reason, withhold=body.withhold))


@_takes("/entries/<int:number>/reinstatements", Reason)
def reinstate(body: Reason, number: int) -> Response:
    """Take a retraction back."""
    return _done(services().newsroom.entries(number).reinstate(_byline(), number, body.reason))


@_takes("/entries/<int:number>/links", Connection)
def link(body: Connection, number: int) -> Response:
    """Connect an entry to another."""
    room = services().newsroom.entries(number)
    return _done(room.link(_byline(), number, body.kind, body.target, body.note))


@_takes("/entries/<int:number>/sources", FurtherSource)
def second(body: FurtherSource, number: int) -> Response:
    """Add a further source of the same words."""
    room = services().newsroom.entries(number)
    via = body.attribution, body.reported_via
    return _done(room.second(_byline(), number, body.source, *via))


@_takes("/entries/<int:number>/quote-readings", BlindReading)
def read_quote(body: BlindReading, number: int) -> Response:
    """Keep how a quote was read with its question alone."""
    room = services().newsroom.statements
    return _done(room.read_quote(_byline(), number, body.direction, carries=body.carries))


@_takes("/entries/<int:number>/quote-readings/withdrawals", Nothing)
def unread_quote(_nothing: Nothing, number: int) -> Response:
    """Take back how you read a quote."""
    return _done(services().newsroom.statements.unread_quote(_byline(), number))


@_takes("/entries/<int:number>/codings", Coding)
def code(body: Coding, number: int) -> Response:
    """Keep how you read a statement, beside what is on record."""
    return _done(
        services().newsroom.statements.code(_byline(), number, **msgspec.structs.asdict(body))
    )


@_takes("/actors/<slug>/mandates", NewMandate)
def mandate(body: NewMandate, slug: str) -> Response:
    """Note for whom an actor may speak, and whether they decide."""
    return _done(
        services().newsroom.actors.mandate(_byline(), slug, **msgspec.structs.asdict(body))
    )


@_takes("/actors/<slug>/standings", NewStanding)
def standing(body: NewStanding, slug: str) -> Response:
    """Say whether a mandate decides or speaks."""
    stated = StatedStanding(body.standing, body.topic, body.since, body.until, body.reason)
    actors = services().newsroom.actors
    return _done(actors.state_standing(_byline(), slug, body.mandate, stated))


@_takes("/actors/<slug>/attributes", Description)
def describe(body: Description, slug: str) -> Response:
    """Say what codebooks ask of an actor."""
    actors = services().newsroom.actors
    return _done(actors.describe(_byline(), slug, body.attributes, body.reason))


@_takes("/topics/<slug>/natures", NewNature)
def nature(body: NewNature, slug: str) -> Response:
    """Say what a topic asks for."""
    new = Nature(body.asks, body.recurring, body.limit_months, body.prints)
    return _done(services().newsroom.topics.classify(_byline(), slug, new, body.reason))


@_takes("/topics/<slug>/ledes", NewLede)
def lede(body: NewLede, slug: str) -> Response:
    """Set what the newsroom says first of a topic."""
    pinned = [f"#{ref}" if isinstance(ref, int) else ref for ref in body.pinned]
    return _done(services().newsroom.topics.set_lede(_byline(), slug, body.sentence, pinned))


@_takes("/changes/signatures", Signature)
def sign(body: Signature) -> Response:
    """Sign a change that the rule found."""
    changes = services().newsroom.changes
    return _done(changes.sign(_byline(), body.ends, body.sentence, body.caveat, tuple(body.also)))


@_takes("/changes/refusals", Refusal)
def decline(body: Refusal) -> Response:
    """Say why a change that the rule found is none."""
    changes = services().newsroom.changes
    return _done(changes.decline(_byline(), body.ends, body.cause, body.note))


@_takes("/changes/reopenings", Reopening)
def reopen(body: Reopening) -> Response:
    """Take back what was said of a change."""
    return _done(services().newsroom.changes.reopen(_byline(), body.ends, body.reason))


def _rehearse(
    rehearse: Callable[[Byline, Command], list[Event]],
    command: Command,
    body: StatementBody | DevelopmentBody,
) -> list[Event]:
    """Return the events that a command would append when due; raises what the newsroom refuses."""
    until, by = body.embargo_until, _byline()
    at = max(by.at, parse_instant_us(until, "embargo_until")) if until else by.at
    return rehearse(msgspec.structs.replace(by, at=at), command)


def _refuse_narrated(event: Event, source: Source) -> None:
    """Raise `Refused` for a quote that is the source's own narration."""
    if not isinstance(event, StatementRecorded) or event.attribution != "quoted":
        return
    content = event.content
    if not (content and content.quote and content.passage) or content.quote.wording == "translated":
        return
    conn, document, passage = read_connection(), event.document, content.passage.exact
    filed = documents_by_id(conn, {document}).get(document)
    author = source.author or (filed and filed.author)
    is_own = author and event.speaker in directory.bearers(conn, {author}).get(author, ())
    text = snapshot(services().log, document) if filed and filed.sha256 else ""
    if not is_own and is_narrated_by_source(text, passage, content.quote.exact):
        raise Refused(QUOTE_NARRATED, field="quote.text", passage=passage)


def _refuse_repeated(events: Sequence[Event], body: StatementBody | DevelopmentBody) -> None:
    """Raise `Conflict` for a possible duplicate, on record or on the desk, unless it is denied."""
    own = _entry_id() or ""
    distinct = {*body.distinct, own}
    for entry in _same_on_record(events):
        if entry.stream != own and str(entry.number) not in distinct:
            raise Conflict(STANDS_ALREADY, number=entry.number)
    if waiting := find_waiting_twin(services(), read_connection(), events, distinct):
        raise Conflict(WAITS_ALREADY, author=waiting.author, number=waiting.id)


def _same_on_record(events: Sequence[Event]) -> Sequence[Entry]:
    """Return the entries on record that say the same; statements only in the same words."""
    conn, event = read_connection(), events[-1]
    if isinstance(event, StatementRecorded):
        repeats = repeated_statements(conn, event, draft_instant(conn, events, event))
        return [repeat.statement for repeat in repeats if repeat.is_verbatim]
    if isinstance(event, DevelopmentRecorded) and event.content:
        happened = parse_date(event.happened_at).latest
        return developments_like(conn, event.topics, event.content.title, happened)
    return []


def _body(kind: type[T]) -> T:
    """Read the body; raises `Refused` for another shape."""
    try:
        return msgspec.json.decode(this_request().sent.get_data(), type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Refused(BODY_UNFIT, field="body", why=str(error)) from None


def _plain(body: T, kind: type[C]) -> C:
    """Return the command of a body, without the fields that only the API has."""
    return kind(**{name: getattr(body, name) for name in kind.__struct_fields__})


def _embargo_entry(command: Command, until: str) -> Response:
    """Embargo an entry until its moment; raises `Refused` for a moment in the past."""
    by, due_at = _byline(), parse_instant_us(until, "embargo_until")
    entry = _entry_id() or new_id(by.at, os.urandom(10))
    embargo = put_under_embargo(services(), by, entry, command, due_at)
    waits = Waits(embargo.id, iso_us(embargo.due_at))
    response = data_answer(msgspec.json.encode(waits), "application/json")
    response.status_code = HELD
    return response


def _key() -> str | None:
    """Return the idempotency key of a request, for this person; raises `Refused`."""
    key = this_request().sent.headers.get(IDEMPOTENCY_KEY, "").strip()
    if len(key) > LONGEST_KEY:
        raise Refused(KEY_TOO_LONG, field=IDEMPOTENCY_KEY, most=LONGEST_KEY)
    return f"{this_request().identity.handle}/{key}" if key else None


def _entry_id() -> str | None:
    key = _key()
    return keyed_id("api", key) if key else None


def _byline() -> Any:  # noqa: ANN401 - the domain's
    return services().newsroom.byline(this_request().identity.handle, "api", _key())


def _alike(look: Callable[[Any, str], list[Any]], *names: str) -> tuple[str, ...]:
    """Return the slugs of nouns that look like one of the names."""
    return tuple(
        dict.fromkeys(noun.slug for name in names for noun in look(read_connection(), name))
    )


def _done(recorded: Recorded, place: str = "", looks_like: Iterable[str] = ()) -> Response:
    refresh_pages()
    answer = Done(recorded.position, recorded.fresh, list(looks_like))
    response = data_answer(msgspec.json.encode(answer), "application/json")
    response.status_code = CREATED if recorded.fresh else DONE
    if place:
        response.headers["Location"] = place
    return response
