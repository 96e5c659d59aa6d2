"""An entry as pages show it: names, words and dates ready for the reader's eyes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from flask_babel import gettext

from timeline.domain.development import Development
from timeline.domain.instants import MICROSECONDS, day_of
from timeline.domain.statement import Statement
from timeline.projections.queries import attached
from timeline.projections.queries.entries import DevelopmentEntry, StatementEntry
from web import dating, stances
from web.quoting import direction, quoted
from web.stances import StanceView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy import Connection

    from timeline.domain.scales import Scale
    from timeline.projections.queries.attached import Amendment, Source
    from timeline.projections.queries.directory import Topic
    from timeline.projections.queries.entries import Entry
    from timeline.projections.queries.positions import LaneChange
    from web.names import Names

LATE = 7
"""Days after which an entry says that it was found later."""


def found_late(entry: StatementEntry, topic: Topic) -> bool:
    """Tell whether the record followed the topic already when this was said, and missed it."""
    said = entry.counts_from
    followed = topic.opened_at // MICROSECONDS <= said
    return followed and day_of(entry.recorded_at // MICROSECONDS) - day_of(said) > LATE


class ActorView(msgspec.Struct, frozen=True):
    """Who: the name, and where more is to be found."""

    slug: str
    name: str
    role: str = ""

    @property
    def href(self) -> str:
        """The actor's page."""
        return f"/a/{self.slug}"


class SourceView(msgspec.Struct, frozen=True):
    """Where it stands; ``href`` is empty where the source has no address."""

    label: str
    href: str
    published: str
    attribution: str
    document: str


class ChangeView(msgspec.Struct, frozen=True):
    """The change of a lane that a statement proves."""

    lane: ActorView
    kind: str
    before: StanceView | None
    after: StanceView | None


class AmendmentView(msgspec.Struct, frozen=True):
    """One correction, retraction or reinstatement, in words."""

    kind: str
    position: int
    when: str
    by: str
    what: str
    reason: str
    material: bool


class StatementView(msgspec.Struct, frozen=True, kw_only=True):
    """A statement; its words are empty where they are withheld."""

    number: int
    known_from: int
    topic: str
    scale: str
    day: int
    speaker: ActorView
    on_behalf_of: ActorView | None
    stance: StanceView
    reason: str
    quote: str
    quote_lang: str
    quote_dir: str
    translation: str
    paraphrase: str
    condition: str
    condition_topic: str
    condition_href: str
    hedge: str
    asked: str
    said: str
    said_machine: str
    known: str
    known_machine: str
    found_late: bool
    sources: tuple[SourceView, ...]
    attribution: str
    joint: bool
    retracted: bool
    withheld: bool
    corrected: int
    amendments: tuple[AmendmentView, ...]
    changes: tuple[ChangeView, ...]
    is_new: bool = False
    is_statement: bool = True

    @property
    def href(self) -> str:
        """The statement's page."""
        return f"/s/{self.number}"


class DevelopmentView(msgspec.Struct, frozen=True, kw_only=True):
    """A development."""

    number: int
    known_from: int
    day: int
    title: str
    summary: str
    when: str
    when_machine: str
    status: str
    according_to: ActorView | None
    known: str
    known_machine: str
    sources: tuple[SourceView, ...]
    retracted: bool
    withheld: bool
    corrected: int
    amendments: tuple[AmendmentView, ...]
    is_new: bool = False
    is_statement: bool = False

    @property
    def href(self) -> str:
        """The development's page."""
        return f"/s/{self.number}"


EntryView = StatementView | DevelopmentView


class Presenter:
    """Turns entries into views, with one look-up for each kind of thing they name."""

    def __init__(
        self,
        conn: Connection,
        names: Names,
        entries: Sequence[Entry],
        changes: Iterable[LaneChange] = (),
        known_at: int | None = None,
        new_after: int | None = None,
    ) -> None:
        numbers = [entry.number for entry in entries]
        names.learn(entries)
        self._names = names
        self._new_after = new_after
        self._sources = attached.sources(conn, numbers, known_at)
        names.documents({s.document for found in self._sources.values() for s in found})
        self._amendments = _by_number(attached.amendments(conn, numbers, known_at=known_at))
        self._changes: dict[int, list[LaneChange]] = {}
        for change in changes:
            for number in change.change.after:
                self._changes.setdefault(number, []).append(change)

    def show(self, entry: Entry) -> EntryView:
        """Return the view of an entry."""
        if isinstance(entry, StatementEntry):
            return self.statement(entry)
        return self.development(entry)

    def statement(self, entry: StatementEntry) -> StatementView:
        """Return the view of a statement."""
        names, words = self._names, entry.words
        topic = names.topic(entry.topic)
        behalf = names.lane(entry.on_behalf_of) if entry.on_behalf_of else None
        speaker = names.actor(entry.speaker)
        condition = names.known_topic(entry.condition_topic)
        quote = words.quote if words.quote and not entry.withheld else None
        return StatementView(
            number=entry.number,
            known_from=entry.known_from,
            topic=topic.slug,
            scale=topic.scale.name,
            day=day_of(entry.counts_from),
            speaker=ActorView(
                speaker.slug, speaker.name, names.role(entry.speaker, entry.on_behalf_of)
            ),
            on_behalf_of=ActorView(behalf.slug, behalf.name) if behalf else None,
            stance=stances.view(topic.scale, entry.stance, rank=entry.rank),
            reason=_no_position(entry.no_position_reason),
            quote=quoted(quote.exact, quote.lang) if quote else "",
            quote_lang=quote.lang if quote else "",
            quote_dir=direction(quote.lang) if quote else "ltr",
            translation="" if entry.withheld else words.translation,
            paraphrase="" if entry.withheld else words.paraphrase,
            condition="" if entry.withheld else words.condition,
            condition_topic=condition.label if condition else "",
            condition_href=f"/t/{condition.slug}" if condition else "",
            hedge="" if entry.withheld else words.hedge,
            asked="" if entry.withheld else words.asked,
            said=dating.said(entry.said_at),
            said_machine=dating.machine(entry.counts_from),
            known=dating.moment_us(entry.recorded_at),
            known_machine=dating.machine_us(entry.recorded_at),
            found_late=found_late(entry, topic),
            sources=self._shown_sources(entry.number),
            attribution=stances.attribution(entry.attribution, words.reported_via),
            joint=entry.attribution == "joint",
            retracted=entry.retracted,
            withheld=entry.withheld,
            corrected=entry.corrected,
            amendments=self._shown_amendments(entry.number, topic.scale, withheld=entry.withheld),
            changes=self._shown_changes(entry, topic.scale),
            is_new=self._is_new(entry.number),
        )

    def development(self, entry: DevelopmentEntry) -> DevelopmentView:
        """Return the view of a development."""
        says = self._names.actor(entry.according_to) if entry.according_to else None
        return DevelopmentView(
            number=entry.number,
            known_from=entry.known_from,
            day=day_of(entry.counts_from),
            title=entry.title if not entry.withheld else "",
            summary=entry.summary if not entry.withheld else "",
            when=dating.said(entry.happened_at),
            when_machine=dating.machine(entry.counts_from),
            status=_status(entry.status),
            according_to=ActorView(says.slug, says.name) if says else None,
            known=dating.moment_us(entry.recorded_at),
            known_machine=dating.machine_us(entry.recorded_at),
            sources=self._shown_sources(entry.number),
            retracted=entry.retracted,
            withheld=entry.withheld,
            corrected=entry.corrected,
            amendments=self._shown_amendments(entry.number, None, withheld=entry.withheld),
            is_new=self._is_new(entry.number),
        )

    def _is_new(self, number: int) -> bool:
        return self._new_after is not None and number > self._new_after

    def _shown_sources(self, number: int) -> tuple[SourceView, ...]:
        return tuple(self._source(one) for one in self._sources.get(number, ()))

    def _source(self, source: Source) -> SourceView:
        document = self._names.document(source.document)
        named = [document.outlet or document.title or document.url]
        published = dating.said(document.published_at) if document.published_at else ""
        return SourceView(
            label=", ".join(filter(None, [*named, published])),
            href=document.url,
            published=published,
            attribution=stances.attribution(source.attribution, source.reported_via),
            document=document.title,
        )

    def _shown_amendments(
        self, number: int, scale: Scale | None, *, withheld: bool
    ) -> tuple[AmendmentView, ...]:
        return tuple(
            show_amendment(one, scale, self._names, withheld=withheld)
            for one in self._amendments.get(number, ())
        )

    def _shown_changes(self, entry: StatementEntry, scale: Scale) -> tuple[ChangeView, ...]:
        return tuple(
            ChangeView(
                lane=_actor(self._names, change.lane),
                kind=change.change.kind,
                before=None
                if change.change.from_ is None
                else stances.view(scale, change.change.from_),
                after=None if change.change.to is None else stances.view(scale, change.change.to),
            )
            for change in self._changes.get(entry.number, ())
            if change.change.kind != "first" and change.topic == entry.topic
        )


def show_amendment(
    one: Amendment, scale: Scale | None, names: Names, *, withheld: bool = False
) -> AmendmentView:
    """Return an amendment in words; ``scale`` is that of the statement's topic.

    Of an entry whose words are withheld it names the field, not what stood there.
    """
    return AmendmentView(
        kind=one.kind,
        position=one.position,
        when=dating.moment_us(one.recorded_at),
        by=one.recorded_by,
        what=_correction(one, scale, names, withheld=withheld) if one.field else "",
        reason=one.reason,
        material=one.material,
    )


def field_value(field: str, value: object, scale: Scale | None, names: Names) -> str:
    """Return the value of a field in words."""
    if field == "stance" and scale is not None and not isinstance(value, str):
        return stances.word(scale, value if value is None else int(str(value)))
    if value is None or value == "":
        return gettext("nothing")
    if isinstance(value, list):
        return ", ".join(names.topic(str(one)).label for one in value)
    say = _SAYINGS.get(field)
    return say(names, str(value)) if say else str(value)


def _document_name(names: Names, document: str) -> str:
    found = names.document(document)
    return found.outlet or found.title or found.url


_SAYINGS: dict[str, Callable[[Names, str], str]] = {
    "speaker": lambda names, value: names.actor(value).name,
    "on_behalf_of": lambda names, value: names.actor(value).name,
    "according_to": lambda names, value: names.actor(value).name,
    "topic": lambda names, value: names.topic(value).label,
    "condition_topic": lambda names, value: getattr(names.known_topic(value), "label", value),
    "document": _document_name,
    "said_at": lambda _, value: dating.said(value),
    "happened_at": lambda _, value: dating.said(value),
}


def field_name(field: str) -> str:
    """Return the name of a field in words."""
    words = {
        "topic": gettext("topic"),
        "speaker": gettext("speaker"),
        "on_behalf_of": gettext("on behalf of"),
        "stance": gettext("stance"),
        "no_position_reason": gettext("reason for no position"),
        "condition": gettext("condition"),
        "condition_topic": gettext("topic of the condition"),
        "said_at": gettext("date"),
        "happened_at": gettext("date"),
        "document": gettext("source"),
        "attribution": gettext("attribution"),
        "reported_via": gettext("reported via"),
        "quote": gettext("quote"),
        "quote_lang": gettext("language of the quote"),
        "quote_wording": gettext("wording of the quote"),
        "translation": gettext("translation"),
        "paraphrase": gettext("paraphrase"),
        "hedge": gettext("hedge"),
        "asked": gettext("question asked"),
        "mandate_reason": gettext("reason to speak for both"),
        "utterance": gettext("utterance"),
        "title": gettext("title"),
        "summary": gettext("summary"),
        "status": gettext("status"),
        "according_to": gettext("according to"),
        "topics": gettext("topics"),
    }
    return words.get(field, field)


def _correction(
    one: Amendment, scale: Scale | None, names: Names, *, withheld: bool = False
) -> str:
    field = one.field or ""
    if withheld and field in (*Statement.WORDS, *Development.WORDS):
        return gettext("%(field)s was corrected", field=field_name(field))
    return gettext(
        "%(field)s was “%(old)s”, now “%(new)s”",
        field=field_name(field),
        old=field_value(field, one.old, scale, names),
        new=field_value(field, one.new, scale, names),
    )


def _by_number(found: list[Amendment]) -> dict[int, list[Amendment]]:
    by_number: dict[int, list[Amendment]] = {}
    for one in found:
        by_number.setdefault(one.number, []).append(one)
    return by_number


def _actor(names: Names, actor_id: str) -> ActorView:
    actor = names.actor(actor_id)
    return ActorView(actor.slug, actor.name)


def _no_position(reason: str | None) -> str:
    if reason is None:
        return ""
    return gettext("asked, declined to answer") if reason == "declined" else gettext("took no side")


def _status(status: str) -> str:
    words = {
        "claimed": gettext("claimed"),
        "confirmed": gettext("confirmed"),
        "disputed": gettext("disputed"),
        "announced": gettext("announced"),
    }
    return words[status]
