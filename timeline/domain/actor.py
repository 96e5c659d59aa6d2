"""An actor: a person, office, organisation, state, collective or unnamed source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.aggregate import Redactable, check_slug, command, required_reason
from timeline.domain.dates import parse_date
from timeline.domain.errors import Refused, check_choice
from timeline.domain.event import Byline, Content, Event, OptionalReason, Reason, Redacted
from timeline.domain.messages import EdtfDate, Message
from timeline.domain.naming import stable_id
from timeline.domain.standing import StatedStanding, check_standing, is_within
from timeline.domain.translation import Translatable, Translated

if TYPE_CHECKING:
    from collections.abc import Mapping

NO_SUCH_ACTOR = Message("no_such_actor", "there is no actor %(name)s")
UNKNOWN_ACTOR_KIND = Message(
    "unknown_actor_kind", "there is no kind of actor %(kind)s", fix="use one of: %(choices)s"
)
CANNOT_HOLD_A_MANDATE = Message(
    "cannot_hold_a_mandate",
    "%(name)s is a collective or an unnamed source and speaks for nobody else",
    fix="give the mandate to a person or an office",
)
MANDATE_FOR_ITSELF = Message(
    "mandate_for_itself",
    "%(name)s needs no mandate to speak for itself",
    fix="name whom the actor speaks for",
)
NO_SUCH_MANDATE = Message(
    "no_such_mandate", "%(name)s has no such mandate", fix="choose one of the actor's mandates"
)
MERGED_INTO_ITSELF = Message(
    "merged_into_itself", "an actor cannot be merged into itself", fix="choose the other actor"
)
MERGED_ALREADY = Message(
    "merged_already", "%(name)s is merged already", fix="undo that merge first"
)
NOT_MERGED = Message("not_merged", "%(name)s is not merged", fix="there is no merge to undo")
MANDATE_ENDS_BEFORE_IT_BEGINS = Message(
    "mandate_ends_before_it_begins",
    "the mandate ends (%(until)s) before it begins (%(since)s)",
    fix="exchange the two dates",
)
ACTOR_NAME_MISSING = Message(
    "actor_name_missing", "the actor has no name", fix="name the actor as the newsroom does"
)

UNKNOWN = "unknown"
"""The kind of an actor until somebody states it; it is not guessed from the name."""
KINDS = ("person", "office", "organisation", "state", "collective", "unnamed", UNKNOWN)
MUTE = ("collective", "unnamed")
"""Kinds that speak for nobody else."""


class ActorName(Content, frozen=True):
    name: str
    reason: str = ""


class ActorIntroduced(Event, frozen=True):
    TOPIC = "actor.introduced"
    slug: str
    kind: str
    content: ActorName | None = None


class ActorRenamed(Event, frozen=True):
    TOPIC = "actor.renamed"
    content: ActorName | None = None


class ActorClassified(Event, frozen=True):
    """The kind of the actor, unknown or wrong before."""

    TOPIC = "actor.classified"
    kind: str
    content: OptionalReason | None = None


class Alias(Content, frozen=True):
    alias: str


class ActorAliasAdded(Event, frozen=True):
    TOPIC = "actor.alias_added"
    content: Alias | None = None


class MandateRole(Content, frozen=True):
    role: str


class ActorMandated(Event, frozen=True):
    """``on_behalf_of`` is the actor spoken for; ``since`` and ``until`` are EDTF or open.

    ``standing`` is one of `timeline.domain.standing.STANDINGS`, or empty if unknown.
    """

    TOPIC = "actor.mandated"
    mandate: str
    on_behalf_of: str
    since: str | None = None
    until: str | None = None
    standing: str = ""
    content: MandateRole | None = None


class ActorMandateEnded(Event, frozen=True):
    TOPIC = "actor.mandate_ended"
    mandate: str
    until: str


class ActorStandingStated(Event, frozen=True):
    """A mandate decides or speaks; this replaces what was recorded with the mandate.

    ``topic`` limits it to one topic (an id); ``since`` and ``until`` are EDTF or open.
    """

    TOPIC = "actor.standing_stated"
    mandate: str
    standing: str
    topic: str | None = None
    since: str | None = None
    until: str | None = None
    content: OptionalReason | None = None


class Attributes(Content, frozen=True):
    """Values of attributes that codebooks define, by id; an empty value removes one."""

    attributes: dict[str, str]
    reason: str = ""


class ActorDescribed(Event, frozen=True):
    """Values of some attributes; all others stay as they are."""

    TOPIC = "actor.described"
    content: Attributes | None = None


class ActorMerged(Event, frozen=True):
    """The actor is the same as ``into``; the event is in the stream of the absorbed actor."""

    TOPIC = "actor.merged"
    into: str
    content: Reason | None = None


class ActorMergeUndone(Event, frozen=True):
    TOPIC = "actor.merge_undone"
    into: str
    content: Reason | None = None


class ActorTranslated(Translated, frozen=True):
    TOPIC = "actor.translated"


class ActorRedacted(Redacted, frozen=True):
    TOPIC = "actor.redacted"


class Mandate(msgspec.Struct, frozen=True):
    """The right to speak for somebody, from and until EDTF dates; ``None`` is an open bound."""

    id: str
    on_behalf_of: str
    role: str
    since: str | None = None
    until: str | None = None
    standing: str = ""

    def covers(self, earliest: int | None, latest: int | None) -> bool:
        """Tell whether it was held at any instant of the interval; ``None`` is unbounded."""
        return is_within(self.since, self.until, earliest, latest)


class Actor(Translatable, Redactable):
    """Decides what may be recorded of one actor."""

    TRANSLATED = ActorTranslated
    REDACTED = ActorRedacted

    def __init__(self) -> None:
        super().__init__()
        self.slug = ""
        self.kind = ""
        self.name = ""
        self.aliases: set[str] = set()
        self.mandates: dict[str, Mandate] = {}
        self.standings: dict[str, list[StatedStanding]] = {}
        """Statements on a mandate's standing, by mandate id, oldest first."""
        self.attributes: dict[str, str] = {}
        """Values of attributes that codebooks define, by id."""
        self.merged_into: str | None = None

    @classmethod
    def introduce(cls, byline: Byline, slug: str, kind: str, name: str) -> Actor:
        """Introduce an actor; raises `Refused` for an unknown kind or an empty name."""
        check_slug(slug)
        check_choice(UNKNOWN_ACTOR_KIND, KINDS, field="actor_kind", kind=kind)
        actor = cls()
        actor.id = stable_id("actor", slug)
        actor._record(
            ActorIntroduced, byline, slug=slug, kind=kind, content=ActorName(name=_clean_name(name))
        )
        return actor

    @command
    def rename(self, byline: Byline, name: str, reason: str) -> None:
        """Give the actor another name; the old one stays as an alias."""
        if _clean_name(name) != self.name:
            content = ActorName(name=_clean_name(name), reason=required_reason(reason))
            self._record(ActorRenamed, byline, content=content)

    @command
    def classify(self, byline: Byline, kind: str, reason: str = "") -> None:
        """Set the kind of the actor; to change a known kind needs a reason.

        Raises `Refused` for an unknown kind, and for a kind that speaks for nobody else if the
        actor has mandates.
        """
        check_choice(UNKNOWN_ACTOR_KIND, KINDS, field="actor_kind", kind=kind)
        if kind == self.kind:
            return
        if kind in MUTE and self.mandates:
            raise Refused(CANNOT_HOLD_A_MANDATE, field="actor_kind", name=self.name)
        why = reason.strip() if self.kind == UNKNOWN else required_reason(reason)
        self._record(ActorClassified, byline, kind=kind, content=OptionalReason(reason=why))

    @command
    def add_alias(self, byline: Byline, alias: str) -> None:
        """Add another spelling under which the actor is found."""
        if _clean_name(alias) != self.name and _clean_name(alias) not in self.aliases:
            self._record(ActorAliasAdded, byline, content=Alias(alias=_clean_name(alias)))

    @command
    def mandate(self, byline: Byline, mandate: Mandate) -> None:
        """Record for whom the actor may speak; raises `Refused` for actors who cannot."""
        if self.kind in MUTE:
            raise Refused(CANNOT_HOLD_A_MANDATE, field="mandates", name=self.name)
        if mandate.on_behalf_of == self.id:
            raise Refused(MANDATE_FOR_ITSELF, field="mandates", name=self.name)
        check_term(mandate.since, mandate.until)
        if mandate.standing:
            check_standing(mandate.standing)
        if mandate.id not in self.mandates:
            self._record(
                ActorMandated,
                byline,
                mandate=mandate.id,
                on_behalf_of=mandate.on_behalf_of,
                since=mandate.since,
                until=mandate.until,
                standing=mandate.standing,
                content=MandateRole(role=mandate.role),
            )

    @command
    def end_mandate(self, byline: Byline, mandate: str, until: str) -> None:
        """Record the last day of a mandate; raises `Refused` if the actor never had it."""
        if mandate not in self.mandates:
            raise Refused(NO_SUCH_MANDATE, field="mandates", name=self.name)
        check_term(self.mandates[mandate].since, until)
        if self.mandates[mandate].until != until:
            self._record(ActorMandateEnded, byline, mandate=mandate, until=until)

    @command
    def state_standing(self, byline: Byline, mandate: str, stated: StatedStanding) -> None:
        """Record whether a mandate decides or speaks; the same again changes nothing.

        Raises `Refused` for a mandate that the actor never had, and for a change without a reason.
        """
        if mandate not in self.mandates:
            raise Refused(NO_SUCH_MANDATE, field="mandates", name=self.name)
        check_standing(stated.standing)
        check_term(stated.since, stated.until)
        before = self.standings.get(mandate, [])
        if before and before[-1].is_of(stated):
            return
        is_first = not before and not self.mandates[mandate].standing
        reason = stated.reason.strip() if is_first else required_reason(stated.reason)
        self._record(
            ActorStandingStated,
            byline,
            mandate=mandate,
            standing=stated.standing,
            topic=stated.topic,
            since=stated.since,
            until=stated.until,
            content=OptionalReason(reason=reason),
        )

    @command
    def describe(self, byline: Byline, attributes: Mapping[str, str], reason: str = "") -> None:
        """Record values of the actor's attributes; known values change nothing.

        Raises `Refused` for a change without a reason.
        """
        new = {
            id_: attributes[id_]
            for id_ in sorted(attributes)
            if attributes[id_] != self.attributes.get(id_, "")
        }
        if not new:
            return
        why = required_reason(reason) if new.keys() & self.attributes.keys() else reason.strip()
        self._record(ActorDescribed, byline, content=Attributes(attributes=new, reason=why))

    @command
    def merge_into(self, byline: Byline, into: str, reason: str) -> None:
        """Record that this actor is the same as another; it can be undone.

        Raises `Refused` for itself, and if it is merged already.
        """
        if into == self.id:
            raise Refused(MERGED_INTO_ITSELF, field="into")
        if self.merged_into is not None:
            raise Refused(MERGED_ALREADY, field="into", name=self.name)
        content = Reason(reason=required_reason(reason))
        self._record(ActorMerged, byline, into=into, content=content)

    @command
    def undo_merge(self, byline: Byline, reason: str) -> None:
        """Undo a merge; raises `Refused` if there is none."""
        if self.merged_into is None:
            raise Refused(NOT_MERGED, name=self.name)
        content = Reason(reason=required_reason(reason))
        self._record(ActorMergeUndone, byline, into=self.merged_into, content=content)

    @property
    def names(self) -> set[str]:
        """Every name and spelling that the actor is found under."""
        return {self.name, *self.aliases}

    def texts(self) -> dict[str, str]:
        """Return the name, and the role of each mandate."""
        roles = {mandate.role for mandate in self.mandates.values() if mandate.role}
        return {"actor_name": self.name} | {f"role:{role}": role for role in sorted(roles)}

    def _apply_description(self, event: Event) -> None:
        if isinstance(event, ActorDescribed) and event.content:
            said = self.attributes | event.content.attributes
            self.attributes = {id_: value for id_, value in said.items() if value}

    def _apply(self, event: Event) -> None:
        super()._apply(event)
        self._apply_description(event)
        match event:
            case ActorIntroduced():
                self.slug, self.kind = event.slug, event.kind
                self.name = event.content.name if event.content else ""
            case ActorClassified():
                self.kind = event.kind
            case ActorRenamed(content=content) if content:
                self.aliases.add(self.name)
                self.name = content.name
            case ActorAliasAdded(content=content) if content:
                self.aliases.add(content.alias)
            case ActorMandated():
                role = event.content.role if event.content else ""
                self.mandates[event.mandate] = Mandate(
                    event.mandate,
                    event.on_behalf_of,
                    role,
                    event.since,
                    event.until,
                    event.standing,
                )
            case ActorMandateEnded():
                mandate = self.mandates[event.mandate]
                self.mandates[event.mandate] = msgspec.structs.replace(mandate, until=event.until)
            case ActorStandingStated():
                stated = self.standings.setdefault(event.mandate, [])
                stated.append(stated_standing(event))
            case ActorMerged():
                self.merged_into = event.into
            case ActorMergeUndone():
                self.merged_into = None


def stated_standing(event: ActorStandingStated) -> StatedStanding:
    """Return the standing that an event records."""
    return StatedStanding(
        standing=event.standing,
        topic=event.topic,
        since=event.since,
        until=event.until,
        reason=event.content.reason if event.content else "",
    )


def check_term(since: str | None, until: str | None) -> None:
    """Raise `Refused` unless both bounds are dates or open, and in order."""
    begins = parse_date(since, "since").earliest if since else None
    ends = parse_date(until, "until").latest if until else None
    if begins is not None and ends is not None and ends < begins:
        last, first = EdtfDate(until or ""), EdtfDate(since or "")
        raise Refused(MANDATE_ENDS_BEFORE_IT_BEGINS, field="mandates", until=last, since=first)


def _clean_name(name: str) -> str:
    if not name.strip():
        raise Refused(ACTOR_NAME_MISSING, field="actor_name")
    return name.strip()
