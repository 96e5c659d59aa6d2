"""Import lines of documents, stories, topics and actors, which contain no entries."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from timeline.application.actors import mandate_of
from timeline.application.additions import NOTHING, add_translations
from timeline.application.batch import Kind, Outcome, differing, record_batch
from timeline.application.commands import Source
from timeline.application.directory import Directory
from timeline.application.intake import AS_STATED
from timeline.application.sources import file
from timeline.application.texts import text
from timeline.application.variables import actor_values, check_attributes
from timeline.domain.actor import UNKNOWN, Actor, ActorIntroduced
from timeline.domain.errors import NotFound, Refused, StandlineError
from timeline.domain.messages import Advice, Message
from timeline.domain.naming import is_slug, slug_of, stable_id
from timeline.domain.standing import StatedStanding
from timeline.domain.story import Side, Story
from timeline.domain.topic import Topic
from timeline.domain.variables import ATTRIBUTES, OF_ACTORS
from timeline.interchange.importing.topic_lines import (
    classify_anew,
    contradicted_field,
    lead_anew,
    opened_topic,
    unrecorded,
    watch_anew,
    word_anew,
    write_anew,
)
from timeline.interchange.native.additions_in import additions_of, part_of
from timeline.interchange.native.fields import check_belongs, is_added, parse_stated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from timeline.application.directory import Register
    from timeline.application.wordings import OtherWording
    from timeline.domain.actor import Mandate
    from timeline.domain.event import Byline, Event
    from timeline.domain.variables import Variable
    from timeline.stores.recordable import Recordable

ACTOR_FIRST = Advice("put the line of that actor before this one")
NOTHING_MAY_BE_CREATED = Message(
    "nothing_may_be_created",
    "the %(noun)s is not on record, and nothing may be created",
    fix="import without --no-create",
)
SLUG_MISSING = Message(
    "slug_missing", "the %(noun)s has no slug", fix="name it in lower-case letters with hyphens"
)


class StatedSide(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One side of a story in a line: actors by slug, in the order of their lanes."""

    label: str
    actors: tuple[str, ...]


class StatedStandingLine(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    rename={"since": "from"},
):
    """A standing of a mandate in a line: the topic by slug, the days in EDTF."""

    standing: str
    topic: str = ""
    since: str | None = None
    until: str | None = None
    reason: str = ""


class StatedMandate(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    rename={"whom": "for", "role": "as", "since": "from"},
):
    """A mandate in a line: for whom, in which role, and from when until when in EDTF.

    ``standing`` was recorded with the mandate, ``stated`` since then.
    """

    whom: str
    role: str = ""
    since: str | None = None
    until: str | None = None
    standing: str = ""
    stated: tuple[StatedStandingLine, ...] = ()


class Permissions(NamedTuple):
    """What rows may do besides recording entries: create nouns, reword questions."""

    creates: bool = True
    other_wording: OtherWording = "reword"

    @property
    def rewords(self) -> bool:
        """Whether a line may reword the question of a topic on record."""
        return self.creates and self.other_wording == "reword"


class Opening(NamedTuple):
    """A story or a topic that a line opens; ``before`` are events that have to come first."""

    noun: Story | Topic
    before: Sequence[Event] = ()


class Definitions:
    """Imports such lines, each as a whole or not at all; a repeated line changes nothing."""

    def __init__(
        self,
        log: Recordable,
        register: Register,
        byline: Callable[[], Byline],
        allowed: Permissions,
    ) -> None:
        self.brought: dict[tuple[str, int], Event] = {}
        self._log = log
        self._register = register
        self._byline = byline
        self._allowed = allowed
        self._asked: list[tuple[str, Variable]] = []
        self._asked_before: list[tuple[str, Variable]] | None = None

    def take(self, kind: str, row: dict[str, Any]) -> Outcome:
        """Import a line and return the outcome."""
        try:
            check_belongs(row, kind)
            if kind == "document":
                return self._document(row)
            if kind == "actor":
                return self._actor(row)
            if kind == "topic":
                return self._topic(row)
            return self._story_line(row)
        except StandlineError as error:
            return Outcome("refused", "", None, error=error)

    def finish_story(self, row: dict[str, Any]) -> tuple[str, ...]:
        """Set the sides of a story, translate it, and return the types of the events."""
        story = self._directory().story(_slug(row, "story", "title"))
        history = self._log.stream_of(story.id)
        if "sides" in row:
            self._arrange_sides(story, row)
        add_translations(story, history, self._byline(), additions_of(row, "story"))
        events = story.collect_events()
        self._log.append(events)
        return tuple(event.TOPIC for event in events)

    def finish_actor(self, row: dict[str, Any]) -> tuple[str, ...]:
        """Record the attributes of an actor, and return the types of the events."""
        actor = self._directory().actor(_slug(row, "actor", "actor_name"))
        said = actor_values(self, attributes_of(row))
        actor.describe(self._once(row), said, AS_STATED)
        events = actor.collect_events()
        self._log.append(events)
        return tuple(event.TOPIC for event in events)

    def attributes(self) -> list[tuple[str, Variable]]:
        """Return the attributes in codebooks on record and in this file, with topic slugs."""
        if self._asked_before is None:
            self._asked_before = [*self._register.attributes()]
        return [*self._asked_before, *self._asked]

    def _ask(self, topic: Topic) -> None:
        """Add the attributes of a topic's codebook; raises `Refused` if another one differs."""
        if topic.codebook is not None:
            check_attributes(self, topic, topic.codebook)
            self._asked += [
                (topic.slug, variable)
                for variable in topic.codebook.variables_of(OF_ACTORS).values()
            ]

    def _arrange_sides(self, story: Story, row: dict[str, Any]) -> None:
        directory = self._directory()
        stated = parse_stated(row["sides"], list[StatedSide], "sides")
        sides = tuple(
            Side(
                text(side.label, "side"),
                tuple(directory.actor(actor, field="sides").id for actor in side.actors),
            )
            for side in stated
        )
        story.arrange_sides(self._once(row), sides)

    def _once(self, row: dict[str, Any]) -> Byline:
        """Return a byline with a key, under which a line is imported only once.

        A repeated import must not undo an editor's later change.
        """
        bare = {name: value for name, value in row.items() if not is_added(name)}
        said = msgspec.json.encode(bare, order="sorted")
        key = f"line:{hashlib.sha256(said).hexdigest()[:32]}"
        return msgspec.structs.replace(self._byline(), key=key)

    def _open(self, opening: Opening, row: dict[str, Any], kind: str) -> Outcome:
        noun = opening.noun
        firsts = self._log.first_events([noun.id])
        if firsts and _only_adds(row, kind):
            return Outcome("known", noun.id, firsts[noun.id][0])
        first = noun.collect_events()
        # A story is finished at the end of the file.
        at_once = additions_of(row, kind) if kind == "topic" else NOTHING
        add_translations(noun, first, self._byline(), at_once)
        later = noun.collect_events()
        new = [event for event in (*opening.before, *first) if self._may_be_new(event)]
        outcome = record_batch(self._log, [[*new, *later]])[0]
        if outcome.kind != "fresh":
            return outcome
        self._bring(new)
        return msgspec.structs.replace(outcome, added=tuple(event.TOPIC for event in later))

    def _topic(self, row: dict[str, Any]) -> Outcome:
        slug = _slug(row, "topic", "topic_name")
        story = stable_id("story", _slug(row, "story", "story")) if "story" in row else None
        history = self._log.stream_of(stable_id("topic", slug))
        topic = Topic.replay(history)
        if topic is not None:
            return self._known_topic(topic, history, row, story)
        opened = opened_topic(self._byline(), row, slug, story)
        self._ask(opened)
        is_known = story is None or self._log.first_events([story])
        before = () if is_known else self._story({"story": row["story"]}).noun.collect_events()
        return self._open(Opening(opened, before), row, "topic")

    def _known_topic(
        self, topic: Topic, history: list[Event], row: dict[str, Any], story: str | None
    ) -> Outcome:
        position, _ = self._log.first_events([topic.id])[topic.id]
        if differs := contradicted_field(topic, row, story):
            return Outcome("conflict", topic.id, position, (differs,))
        word_anew(topic, self._byline(), row, allowed=self._allowed.rewords)
        write_anew(topic, self._byline(), row, allowed=self._allowed.creates)
        self._ask(topic)
        watch_anew(topic, self._byline(), row, allowed=self._allowed.creates)
        classify_anew(topic, self._byline(), row, allowed=self._allowed.creates)
        lead_anew(topic, self._byline(), row, allowed=self._allowed.creates)
        reworded = topic.collect_events()
        add_translations(topic, history, self._byline(), additions_of(row, "topic"))
        events = [*reworded, *topic.collect_events()]
        self._log.append(events)
        kind: Kind = "fresh" if reworded else "known"
        added = tuple(event.TOPIC for event in events)
        return Outcome(kind, topic.id, position, added=added)

    def _document(self, row: dict[str, Any]) -> Outcome:
        document = file(self._byline(), Source(**part_of(row, "source")))
        if firsts := self._log.first_events([document.id]):
            return Outcome("known", document.id, firsts[document.id][0])
        first = document.collect_events()
        self._bring(first)
        return record_batch(self._log, [first])[0]

    def _may_be_new(self, event: Event) -> bool:
        if not self._allowed.creates and not self._log.first_events([event.originator_id]):
            noun = event.TOPIC.partition(".")[0]
            raise Refused(NOTHING_MAY_BE_CREATED, field=noun, noun=noun)
        return True

    def _story_line(self, row: dict[str, Any]) -> Outcome:
        opening = self._story(row)
        old = self._log.load(Story, opening.noun.id)
        if old and opening.noun.names <= old.names:
            # An older file has an earlier title, which must not come back.
            return Outcome("known", old.id, self._log.first_events([old.id])[old.id][0])
        return self._open(opening, row, "story")

    def _story(self, row: dict[str, Any]) -> Opening:
        slug = _slug(row, "story", "title")
        title = row.get("title") or _titled(row["story"])
        return Opening(Story.open(self._byline(), slug, text(title, "title")))

    def _actor(self, row: dict[str, Any]) -> Outcome:
        introduced = self._introduced(row)
        actor = self._log.load(Actor, introduced.id)
        first = introduced.collect_events()[0]
        if actor is None:
            self._may_be_new(first)
        else:
            position, recorded = self._log.first_events([actor.id])[actor.id]
            if differs := _contradicts(actor, recorded, first, row):
                return Outcome("conflict", actor.id, position, differs)
        return self._add_to(actor or introduced, row, [] if actor else [first])

    def _introduced(self, row: dict[str, Any]) -> Actor:
        name = row.get("actor_name") or row["actor"].replace("-", " ").title()
        kind = row.get("actor_kind") or UNKNOWN
        slug = _slug(row, "actor", "actor_name")
        return Actor.introduce(self._byline(), slug, kind, text(name, "actor_name"))

    def _add_to(self, actor: Actor, row: dict[str, Any], first: list[Event]) -> Outcome:
        byline = self._byline()
        if actor.kind == UNKNOWN:
            actor.classify(byline, row.get("actor_kind") or UNKNOWN)
        for alias in parse_stated(row.get("aliases", []), list[str], "aliases"):
            actor.add_alias(byline, text(alias, "alias"))
        for stated in parse_stated(row.get("mandates", []), list[StatedMandate], "mandates"):
            mandate = mandate_of(
                actor.id,
                self._actor_id(stated.whom),
                stated.role,
                since=stated.since,
                until=stated.until,
                standing=stated.standing,
            )
            actor.mandate(byline, mandate)
            _state_standing(actor, byline, mandate, stated.stated)
        events = [*first, *actor.collect_events()]
        history = first or self._log.stream_of(actor.id)
        add_translations(actor, history, byline, additions_of(row, "actor"))
        later = actor.collect_events()
        positions = self._log.append([*events, *later])
        self._bring(first)
        kind: Kind = "fresh" if events else "known"
        added = tuple(event.TOPIC for event in later)
        return Outcome(kind, actor.id, next(iter(positions), None), added=added)

    def _actor_id(self, name: str) -> str:
        try:
            return self._directory().actor(name, field="mandates").id
        except NotFound as error:
            fix = error.advice or ACTOR_FIRST
            raise NotFound.again(error, field="mandates", fix=fix) from None

    def _bring(self, events: Iterable[Event]) -> None:
        self.brought |= {(event.originator_id, event.originator_version): event for event in events}

    def _directory(self) -> Directory:
        return Directory(self._log, self._register)


def _state_standing(
    actor: Actor, byline: Byline, mandate: Mandate, lines: tuple[StatedStandingLine, ...]
) -> None:
    """Record the standings of a mandate that a line has beyond the record.

    A mandate that was recorded without a standing takes it from the line.
    """
    said = [_standing(line) for line in lines]
    recorded = actor.standings.get(mandate.id, [])
    if mandate.standing and not recorded and not actor.mandates[mandate.id].standing:
        said.insert(0, StatedStanding(standing=mandate.standing))
    for standing in unrecorded(said, [*recorded], StatedStanding.is_of):
        before = actor.standings.get(mandate.id)
        is_otherwise = before or actor.mandates[mandate.id].standing
        reason = standing.reason or (AS_STATED if is_otherwise else "")
        actor.state_standing(byline, mandate.id, msgspec.structs.replace(standing, reason=reason))


def _standing(stated: StatedStandingLine) -> StatedStanding:
    return StatedStanding(
        standing=stated.standing,
        topic=stable_id("topic", slug_of(stated.topic)) if stated.topic else None,
        since=text(stated.since, "since") or None,
        until=text(stated.until, "until") or None,
        reason=text(stated.reason, "reason"),
    )


def attributes_of(row: dict[str, Any]) -> dict[str, str]:
    """Return the attributes in a line of an actor, by id."""
    own = (name for name in row if name.startswith(ATTRIBUTES))
    return {name.removeprefix(ATTRIBUTES): str(row[name]) for name in own}


def _only_adds(row: dict[str, Any], kind: str) -> bool:
    """Tell whether a line only adds to its noun, without the fields of its first event."""
    return all(
        name in ("kind", kind, "aliases", "mandates", "sides")
        or is_added(name)
        or name.startswith(ATTRIBUTES)
        for name in row
    )


def _contradicts(actor: Actor, first: Event, stated: Event, row: dict[str, Any]) -> tuple[str, ...]:
    """Return the fields in which a line contradicts the introduction of an actor on record."""
    if _only_adds(row, "actor"):
        return ()
    differs = [name for name in differing(first, stated) if name != "kind"]
    at_first = first.kind if isinstance(first, ActorIntroduced) else UNKNOWN
    fitting = {None, "", UNKNOWN, at_first, actor.kind}
    if actor.kind != UNKNOWN and row.get("actor_kind") not in fitting:
        differs.append("actor_kind")
    return tuple(differs)


def _slug(row: dict[str, Any], slug: str, name: str) -> str:
    value = row.get(slug) or row.get(name)
    if not value:
        raise Refused(SLUG_MISSING, field=slug, noun=slug)
    return slug_of(value)


def _titled(name: str) -> str:
    return name.replace("-", " ").capitalize() if is_slug(name) else name
