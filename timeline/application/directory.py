"""Who and what is on record: topics, actors and stories found by slug or name, once each."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NoReturn, Protocol, TypeVar, cast

import msgspec

from timeline.application.sources import Filed, FiledDocuments
from timeline.application.strange_names import check_name
from timeline.application.texts import text
from timeline.application.wordings import Asked, Rewordings, worded_otherwise
from timeline.domain.actor import NO_SUCH_ACTOR, Actor
from timeline.domain.actor import UNKNOWN as UNKNOWN_KIND
from timeline.domain.document import DocumentFiled
from timeline.domain.errors import NotFound, Refused
from timeline.domain.messages import Advice, InQuotes, Message
from timeline.domain.naming import is_slug, slug_of, slugify, stable_id
from timeline.domain.spelling import comparable_name, name_key, nearest
from timeline.domain.statement import StatementRecorded
from timeline.domain.story import NO_SUCH_STORY, Story
from timeline.domain.text import whole_number
from timeline.domain.topic import NO_SUCH_TOPIC, Topic

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from timeline.application.commands import Command, Source
    from timeline.application.wordings import OtherWording
    from timeline.domain.aggregate import Aggregate
    from timeline.domain.dates import SaidDate
    from timeline.domain.event import Byline, Event
    from timeline.domain.statement import Words
    from timeline.domain.variables import Variable
    from timeline.stores.recordable import Appendable

TOPIC_ON_ANOTHER_SCALE = Message(
    "topic_on_another_scale",
    "topic %(topic)s is on the %(scale)s scale, not %(given)s",
    fix="use its scale, or open another topic",
)
NO_SUCH_STATEMENT = Message(
    "no_such_statement",
    "there is no statement %(name)s",
    fix="name it by its number, such as #12, or by its key",
)
NOBODY_NAMED = Message(
    "nobody_named", "nobody is named", fix="give the actor's name or address (slug)"
)
TOPIC_NOT_OPENED = Message(
    "topic_not_opened",
    "topic %(topic)s is not open, since the row that opens it was refused",
    fix="correct that row and import both again",
)
NAME_AMBIGUOUS = Message(
    "name_ambiguous",
    "%(name)s may be any of %(actors)s",
    fix="name the actor by its address (slug)",
)
SEVERAL_WHERE_ONE = Message(
    "several_where_one",
    "%(value)s is a list, and one name belongs here",
    fix="write a row for each, or let a map split them ([split])",
)
SEVERAL_ON_RECORD = Message(
    "several_on_record",
    "%(name)s joins names that are on record, each of an actor of its own",
    fix="write a row for each, or give a slug (actor) beside it (actor_name)",
)
NAME_IN_OTHER_CASE = Message(
    "name_in_other_case",
    "%(name)s is written like %(other)s but for its capitals, which may be somebody else",
    fix="add it as an alias if they are the same, else give it a slug of its own",
)
SLUG_TAKEN_BY_ANOTHER_NAME = Message(
    "slug_taken_by_another_name",
    "%(name)s has the address (slug) %(slug)s, which belongs to %(other)s",
    fix="use that slug if they are the same, else give it one of its own",
)
SAME_OR_NOT = Advice("add it as an alias if they are the same, else give it a slug of its own")

A = TypeVar("A", Actor, Story, Topic)
T = TypeVar("T", Story, Topic)

UNKNOWN = {"actor": NO_SUCH_ACTOR, "story": NO_SUCH_STORY, "topic": NO_SUCH_TOPIC}
NOUNS: dict[type[Aggregate], str] = {Actor: "actor", Story: "story", Topic: "topic"}
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LISTED = re.compile(r"[;|\n\r\t]")
"""What stands between names and never in one."""
_JOINED = re.compile(r"\s+(?:and|und|&)\s+|\s*,\s*")
"""What stands between names, and in some: "Ann and Bob", "Bosnia and Herzegovina"."""
OWN_ID, NUMBER_MARK = "urn:uuid:", "#"
"""What stands before the id and before the number of an entry."""
ENOUGH = 20_000
"""Names kept at hand; beyond that an import forgets and looks up again, so memory is bounded."""


class Occasion(msgspec.Struct, frozen=True, gc=False):
    """What statements have in common that were made together: a vote, a communiqué, an interview.

    Who said what is not part of it.
    """

    asked: Asked
    document: Filed
    said: SaidDate
    attribution: str
    words: Words


class Register(Protocol):
    """Who is known by which name; the read models answer it."""

    def slugs(self, noun: str) -> Iterable[str]:
        """Return the slugs of all of a noun: ``topic``, ``actor`` or ``story``."""

    def actors_named(self, key: str) -> Iterable[str]:
        """Return the slugs of the actors with a name or an alias of that `name_key`.

        They may be meant: which of them bears the very name, the directory looks up.
        """

    def merged_into(self, actor: str) -> Iterable[str]:
        """Return the ids of the actors whose words stand in the lane of this one (an id)."""

    def conditions(self, topic: str) -> Iterable[tuple[str, str]]:
        """Return the words of the conditions on a topic (an id), each with its statement's id.

        The oldest statement comes first.
        """

    def signed_ends(self, topic: str) -> Iterable[str]:
        """Return the ids of the statements at the later ends of signed changes on a topic."""

    def attributes(self) -> Iterable[tuple[str, Variable]]:
        """Return what the codebooks in force ask of actors, each with the slug of its topic."""


class Directory:
    """Finds what a command names, and opens or introduces what is new where ``creates`` allows.

    ``unopened`` holds the slugs of topics of which a refused row said how they are opened: a row
    that does not say so opens them in no other way. ``other_wording`` says what is done where a
    row asks the question of a topic in other words.

    ``unsettled`` holds the first events of what is new, by id, until `settle` says that they
    are on record: every command that needs them carries them along. ``occasions`` is for whoever
    prepares commands: what is the same for several, by what they say alike, forgotten as soon as
    any of it may be another.
    """

    def __init__(
        self,
        log: Appendable,
        register: Register,
        *,
        creates: bool = False,
        unopened: set[str] | None = None,
        other_wording: OtherWording = "reword",
    ) -> None:
        self.creates = creates
        self.rewordings = Rewordings()
        self.unopened = set() if unopened is None else unopened
        self.unsettled: dict[str, Event] = {}
        self.occasions: dict[tuple[object, ...], Occasion] = {}
        self._other_wording = other_wording
        self._log = log
        self._register = register
        self._documents = FiledDocuments(log, self.unsettled)
        self._found: dict[tuple[str, str], Actor | Story | Topic] = {}
        self._own_slugs: dict[str, set[str]] = {}
        self._asked: dict[tuple[str | None, ...], Asked] = {}
        self._speakers: dict[tuple[str | None, ...], Actor] = {}
        self._near: dict[tuple[str, str], tuple[str, ...]] = {}
        self._merged: dict[str, tuple[str, ...]] = {}
        self._conditions: dict[str, dict[str, str]] = {}

    def topic(self, given: str, *, field: str = "topic") -> Topic:
        """Return a topic by slug, name or id; raises `NotFound` with the nearest slugs."""
        named = text(given, field)
        return self._look_up(Topic, named, field) or self._fail("topic", named, field)

    def story(self, given: str) -> Story:
        """Return a story by slug, name or id; raises `NotFound` with the nearest slugs."""
        named = text(given, "story")
        return self._look_up(Story, named, "story") or self._fail("story", named, "story")

    def actor(self, given: str, *, field: str = "actor") -> Actor:
        """Return an actor by slug, id or any of its names.

        Raises `NotFound` with the nearest slugs, `Refused` where several bear the name.
        """
        named = text(given, field)
        return self._actor(named, field) or self._fail("actor", named, field)

    def topic_of(self, byline: Byline, given: str, command: Command) -> Asked:
        """Return the topic that a command is about, and the wording of it that is answered.

        A topic is opened, and a question worded anew, where that is allowed; raises `Refused`
        where it is not.
        """
        said = given, command.topic_question, command.scale
        if said in self._asked:
            return self._asked[said]
        named = text(given, "topic")
        known = self._look_up(Topic, named, "topic")
        topic = known or self._open_topic(byline, named, command)
        if command.scale and command.scale != topic.scale:
            raise Refused(
                TOPIC_ON_ANOTHER_SCALE,
                field="scale",
                topic=InQuotes(topic.slug),
                scale=topic.scale,
                given=command.scale,
            )
        question = text(command.topic_question, "topic_question")
        if question and topic.wordings and topic.wording_of(question) is None:
            topic = self._worded_anew(byline, topic, question, command)
            self._asked.clear()
            self.occasions.clear()
        asked = Asked(topic, topic.wording_of(question) or topic.wording)
        if known is topic:
            self._asked[said] = asked
        return asked

    def condition(self, given: str) -> str:
        """Return the id of a topic that a stance depends on.

        An import may name one that a later row opens: its id follows from its slug.
        """
        named = text(given, "condition.topic")
        topic = self._look_up(Topic, named, "condition.topic")
        if topic is None and self.creates:
            return stream_id("topic", named)
        return (topic or self._fail("topic", named, "condition.topic")).id

    def condition_worded(self, topic: str, words: str) -> str | None:
        """Return the id of the statement that named a condition on a topic in these words first."""
        return self._conditions_on(topic).get(words) if words else None

    def note_condition(self, topic: str, words: str, statement: str) -> None:
        """Let who names a condition in these words from here on mean that of a statement."""
        if words:
            self._conditions_on(topic).setdefault(words, statement)

    def _conditions_on(self, topic: str) -> dict[str, str]:
        if topic not in self._conditions:
            oldest_last = [*self._register.conditions(topic)][::-1]
            self._conditions[topic] = dict(oldest_last)
        return self._conditions[topic]

    def statement(self, given: str | None, field: str) -> str | None:
        """Return the id of a statement that is given by it, or behind a # by its number.

        An import may name one that a later row records. Raises `NotFound` for any other.
        """
        named = text(given, field).removeprefix(OWN_ID)
        if not named:
            return None
        number = whole_number(named.removeprefix(NUMBER_MARK))
        if named.startswith(NUMBER_MARK) and number is not None:
            event = self._log.event(number)
            if isinstance(event, StatementRecorded):
                return event.originator_id
        elif ID.fullmatch(named) and (self.creates or self._log.first_events([named])):
            return named
        raise NotFound(NO_SUCH_STATEMENT, field=field, name=InQuotes(named))

    def speaker(
        self,
        byline: Byline,
        given: str | None,
        name: str | None = None,
        kind: str | None = None,
        *,
        field: str = "actor",
    ) -> Actor:
        """Return who is named, by slug or else by name, introduced if new and allowed.

        Raises `Refused` where nobody is named or several are, `NotFound` for a stranger where
        nobody may be introduced.
        """
        said = field, given, name
        if said in self._speakers:
            return self._speakers[said]
        given, name = text(given, field), text(name, "actor_name")
        wanted = given or name
        if not wanted:
            raise Refused(NOBODY_NAMED, field=field)
        found = self._actor(given, field) if given else self._by_name(wanted, field)
        if found:
            self._speakers[said] = found
            return found
        if not self.creates:
            self._fail("actor", wanted, field)
        if not given or name in ("", given):
            check_name(wanted, field)
            if self._names_several(wanted):
                raise Refused(SEVERAL_ON_RECORD, field=field, name=InQuotes(wanted))
        if _LISTED.search(wanted):
            raise Refused(SEVERAL_WHERE_ONE, field=field, value=InQuotes(wanted))
        slug = slug_of(wanted)
        called = name or (slug.replace("-", " ").title() if wanted == slug else wanted)
        actor = Actor.introduce(byline, slug, kind or UNKNOWN_KIND, called)
        if slug != slugify(actor.name):
            self._own_slugs.setdefault(comparable_name(actor.name), set()).add(slug)
        return self._note("actor", actor)

    def lane(self, given: str) -> Actor:
        """Return an actor, or the one that it is merged into in the end."""
        return self.chain(self.actor(given))[-1]

    def chain(self, actor: Actor) -> list[Actor]:
        """Return an actor and those it is merged into, one after the other: the last's lane."""
        chain = [actor]
        while (into := chain[-1].merged_into) and into not in {one.id for one in chain}:
            chain.append(self.actor(into))
        return chain

    def may_speak(self, speaker: Actor, whom: Actor, said: SaidDate) -> bool:
        """Tell whether a mandate of then is on record, under whichever of their merged names."""
        end = self.chain(whom)[-1].id
        return any(
            mandate.covers(said.earliest, said.latest)
            and self.chain(self.actor(mandate.on_behalf_of))[-1].id == end
            for actor in self._everybody(speaker)
            for mandate in actor.mandates.values()
        )

    def _everybody(self, actor: Actor) -> Iterable[Actor]:
        """Yield an actor under every name that it is known to be the same as."""
        chain = self.chain(actor)
        yield from chain
        end = chain[-1].id
        if end not in self._merged:
            self._merged[end] = tuple(self._register.merged_into(end))
        yield from (self.actor(one) for one in self._merged[end])

    def document(self, byline: Byline, source: Source) -> Filed:
        """Return the document of a source, to be filed if it is not on record."""
        return self._documents.find(byline, source)

    def published(self, document: str) -> SaidDate | None:
        """Return when a document was published, if that is on record, or about to be."""
        return self._documents.published(document)

    def foresee(self, sources: Iterable[Source]) -> None:
        """Look up at once which documents of a batch are on record."""
        self._documents.foresee(sources)

    def new(self) -> tuple[int, int]:
        """Return how much is new at the moment, for `take_back`."""
        return len(self.unsettled), len(self.rewordings)

    def take_back(self, since: tuple[int, int], refused: Command) -> None:
        """Forget whom and what a refused row brought beyond what was new before it."""
        if refused.topic and (refused.topic_question or refused.scale):
            self.unopened.add(slug_of(refused.topic))
        brought = islice(self.unsettled.items(), since[0], None)
        gone = {new for new, event in brought if not isinstance(event, DocumentFiled)}
        for new in gone:
            del self.unsettled[new]
        self._forget(gone | self.rewordings.drop(since[1]))

    def settle(self, on_record: Container[str]) -> None:
        """Take what was new as on record if its id is among these, else as never mentioned."""
        gone = {new for new in self.unsettled if new not in on_record}
        self.unsettled.clear()
        self.occasions.clear()
        self._documents.forget(gone)
        self._forget(gone | self.rewordings.drop())
        if len(self._found) > ENOUGH:
            self._found.clear()
            self._merged.clear()
            self._forget_sayings()

    def _forget_sayings(self) -> None:
        """Forget who and what was meant by the very words of rows."""
        self._asked.clear()
        self._speakers.clear()
        self.occasions.clear()

    def _forget(self, gone: set[str]) -> None:
        if gone:
            self._forget_sayings()
            forgotten = {one.slug for one in self._found.values() if one.id in gone}
            self._found = {key: one for key, one in self._found.items() if one.id not in gone}
            for slugs in self._own_slugs.values():
                slugs.difference_update(forgotten)

    def _open_topic(self, byline: Byline, given: str, command: Command) -> Topic:
        if not self.creates:
            self._fail("topic", given, "topic")
        slug = slug_of(given)
        name = command.topic_name or ("" if given == slug else given)
        question = command.topic_question
        if slug in self.unopened and not question and not command.scale:
            raise Refused(TOPIC_NOT_OPENED, field="topic", topic=InQuotes(slug))
        story = self._story_of(byline, command.story) if command.story else None
        topic = Topic.open(
            byline,
            slug,
            text(question or name or slug, "topic_question"),
            command.scale or ("position" if question else "claim"),
            name=text(name, "topic_name"),
            story=story,
        )
        return self._note("topic", topic)

    def _worded_anew(self, byline: Byline, topic: Topic, question: str, command: Command) -> Topic:
        if not self.creates or self._other_wording == "refuse":
            raise worded_otherwise(topic, question)
        name = text(command.topic_name, "topic_name")
        if self._other_wording == "reword":
            self.rewordings.word(byline, topic, question, name)
            return topic
        known = self._look_up(Topic, question, "topic_question")
        if known is not None:
            return known
        slug, story = slug_of(question), topic.story
        succeeding = Topic.open(
            byline, slug, question, topic.scale, name=name, story=story, succeeds=topic.id
        )
        return self._note("topic", succeeding)

    def _story_of(self, byline: Byline, given: str) -> str:
        story = self._look_up(Story, given, "story")
        if story is None:
            slug = slug_of(given)
            title = slug.replace("-", " ").capitalize() if given == slug else given
            story = self._note("story", Story.open(byline, slug, text(title, "story")))
        return story.id

    def _actor(self, given: str, field: str) -> Actor | None:
        if is_slug(given):
            return self._load(Actor, given)
        return self._by_name(given, field)

    def _by_name(self, given: str, field: str) -> Actor | None:
        if ("name", given) in self._found:
            return cast("Actor", self._found["name", given])
        if ("actor", given) in self._near:
            return None
        natural = self._load(Actor, slugify(given))
        bearers = self._bearers(given, natural)
        if len(bearers) > 1:
            raise Refused(
                NAME_AMBIGUOUS, field=field, name=InQuotes(given), actors=", ".join(sorted(bearers))
            )
        if natural and not bearers:
            raise _slug_taken(given, natural, field)
        for actor in bearers.values():
            if self.creates and (other := _abbreviated_otherwise(actor, given)):
                raise Refused(
                    NAME_IN_OTHER_CASE, field=field, name=InQuotes(given), other=InQuotes(other)
                )
            self._found["name", given] = actor
            return actor
        return None

    def _names_several(self, name: str) -> bool:
        """Tell whether it joins names of which each belongs to an actor on record."""
        parts = _JOINED.split(name)
        return len(parts) > 1 and all(
            part and self._bearers(part, self._load(Actor, slugify(part))) for part in parts
        )

    def _bearers(self, name: str, natural: Actor | None) -> dict[str, Actor]:
        """Return who bears a name, by slug; of several who are merged into one, that one."""
        similar = set(self._register.actors_named(name_key(name)))
        similar |= self._own_slugs.get(comparable_name(name), set())
        actors = [*map(self.actor, similar), *([natural] if natural else [])]
        bearers = {actor.slug: actor for actor in actors if _bears(actor, name)}
        if len(bearers) > 1:
            lanes = [self.chain(actor)[-1] for actor in bearers.values()]
            bearers = {lane.slug: lane for lane in lanes}
        return bearers

    def _look_up(self, kind: type[T], given: str, field: str) -> T | None:
        """Return a topic or a story, if there is one; raises `Refused` for another name's slug."""
        known = self._found.get((NOUNS[kind], given))
        if known is not None:
            return cast("T", known)
        found = self._load(kind, slug_of(given))
        if found is not None:
            if not is_slug(given) and not _bears(found, given):
                raise _slug_taken(given, found, field)
            self._found[NOUNS[kind], given] = found
        return found

    def _load(self, kind: type[A], slug: str) -> A | None:
        noun = NOUNS[kind]
        found = cast("A | None", self._found.get((noun, slug)))
        if found is None:
            found = kind.replay(self._history(stream_id(noun, slug)))
            if found is not None:
                self._found[noun, slug] = found
        return found

    def _history(self, stream: str) -> list[Event]:
        """Return what is on record of a topic, a story or an actor, or about to be."""
        new = self.unsettled.get(stream)
        return self.rewordings.after(self._log.stream_of(stream) or ([new] if new else []))

    def _note(self, noun: str, new: A) -> A:
        self._forget_sayings()
        self._found[noun, new.slug] = new
        self.unsettled[new.id] = new.collect_events()[0]
        return new

    def _fail(self, noun: str, given: str, field: str) -> NoReturn:
        if (noun, given) not in self._near:
            if len(self._near) > ENOUGH:
                self._near.clear()
            self._near[noun, given] = tuple(nearest(given, self._register.slugs(noun)))
        raise NotFound(
            UNKNOWN[noun],
            field=field,
            name=InQuotes(given),
            nearest=self._near[noun, given],
        )


def stream_id(noun: str, given: str) -> str:
    """Return the stream of a topic, an actor or a story that is given by id, slug or name."""
    return given if ID.fullmatch(given) else stable_id(noun, slug_of(given))


def _bears(one: Actor | Story | Topic, name: str) -> bool:
    # A key or a slug finds who may be meant; only the same letters say who is.
    return comparable_name(name) in map(comparable_name, one.names)


def _abbreviated_otherwise(actor: Actor, name: str) -> str:
    """Return the name of an actor where just one of both is in capitals: BUND is not Bund."""
    if name in actor.names or " " in name:
        return ""
    alike = (other for other in actor.names if other.lower() == name.lower())
    return next((other for other in alike if other.isupper() != name.isupper()), "")


def _slug_taken(name: str, other: Actor | Story | Topic, field: str) -> Refused:
    return Refused(
        SLUG_TAKEN_BY_ANOTHER_NAME,
        field=field,
        fix=SAME_OR_NOT if isinstance(other, Actor) else None,
        name=InQuotes(name),
        slug=InQuotes(other.slug),
        other=InQuotes(_called(other)),
    )


def _called(one: Actor | Story | Topic) -> str:
    if isinstance(one, Topic):
        return one.name or one.question
    return one.title if isinstance(one, Story) else one.name
