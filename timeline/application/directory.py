"""Find topics, actors and stories by slug or name, each once; create new ones in an import."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NoReturn, Protocol, TypeVar, cast

import msgspec

from timeline.application.sources import FiledDocuments, SourceDocument
from timeline.application.strange_names import check_name
from timeline.application.texts import text
from timeline.application.wordings import AnsweredWording, Rewordings, worded_otherwise
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
"""Characters that separate names and never occur in one."""
_JOINED = re.compile(r"\s+(?:and|und|&)\s+|\s*,\s*")
"""What stands between names, and in some: "Ann and Bob", "Bosnia and Herzegovina"."""
OWN_ID, NUMBER_MARK = "urn:uuid:", "#"
"""The prefixes of the id and of the number of an entry."""
ENOUGH = 20_000
"""How many names are cached; beyond that an import forgets them, so memory is bounded."""


class Occasion(msgspec.Struct, frozen=True, gc=False):
    """What the statements of one vote, communiqué or interview share.

    The speakers and their stances are not part of it.
    """

    asked: AnsweredWording
    document: SourceDocument
    said: SaidDate
    attribution: str
    words: Words


class Register(Protocol):
    """Who has which name; the read models implement it."""

    def slugs(self, noun: str) -> Iterable[str]:
        """Return all slugs of a noun: ``topic``, ``actor`` or ``story``."""

    def actors_named(self, key: str) -> Iterable[str]:
        """Return the slugs of the actors with a name or an alias of that `name_key`.

        These are candidates: the directory checks which of them has exactly that name.
        """

    def merged_into(self, actor: str) -> Iterable[str]:
        """Return the ids of the actors that were merged into this one (an id)."""

    def conditions(self, topic: str) -> Iterable[tuple[str, str]]:
        """Return the words of the conditions on a topic (an id), each with its statement's id.

        The oldest statement comes first.
        """

    def signed_ends(self, topic: str) -> Iterable[str]:
        """Return the ids of the statements at the later ends of signed changes on a topic."""

    def attributes(self) -> Iterable[tuple[str, Variable]]:
        """Return the actor attributes of the current codebooks, each with the slug of its topic."""


class Directory:
    """Finds the topics, actors and stories that a command names; ``creates`` allows new ones.

    ``unopened`` has the slugs of topics whose opening row was refused: a row without a question
    does not open them in another way. ``other_wording`` says what to do if a row has the question
    of a topic in other words.

    ``unsettled`` has the first events of what is new, by id, until `settle` says that they are on
    record: every command that needs them includes them. ``occasions`` is a cache for whoever
    prepares commands: what several commands share, forgotten as soon as any of it may change.
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
        self._known: dict[tuple[str, str], Actor | Story | Topic] = {}
        self._own_slugs: dict[str, set[str]] = {}
        self._asked: dict[tuple[str | None, ...], AnsweredWording] = {}
        self._speakers: dict[tuple[str | None, ...], Actor] = {}
        self._near: dict[tuple[str, str], tuple[str, ...]] = {}
        self._merged: dict[str, tuple[str, ...]] = {}
        self._conditions: dict[str, dict[str, str]] = {}

    def topic(self, ref: str, *, field: str = "topic") -> Topic:
        """Return a topic by slug, name or id; raises `NotFound` with the nearest slugs."""
        name = text(ref, field)
        return self._look_up(Topic, name, field) or self._not_found("topic", name, field)

    def story(self, ref: str) -> Story:
        """Return a story by slug, name or id; raises `NotFound` with the nearest slugs."""
        name = text(ref, "story")
        return self._look_up(Story, name, "story") or self._not_found("story", name, "story")

    def actor(self, ref: str, *, field: str = "actor") -> Actor:
        """Return an actor by slug, id or any of its names.

        Raises `NotFound` with the nearest slugs, `Refused` if several have the name.
        """
        name = text(ref, field)
        return self._actor(name, field) or self._not_found("actor", name, field)

    def topic_of(self, byline: Byline, ref: str, command: Command) -> AnsweredWording:
        """Return the topic of a command, and the wording of it that the command answers.

        Opens the topic, or rewords its question, if that is allowed; else raises `Refused`.
        """
        key = ref, command.topic_question, command.scale
        if key in self._asked:
            return self._asked[key]
        name = text(ref, "topic")
        found = self._look_up(Topic, name, "topic")
        topic = found or self._open_topic(byline, name, command)
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
            topic = self._reworded(byline, topic, question, command)
            self._asked.clear()
            self.occasions.clear()
        answered = AnsweredWording(topic, topic.wording_of(question) or topic.wording)
        if found is topic:
            self._asked[key] = answered
        return answered

    def condition(self, ref: str) -> str:
        """Return the id of a topic that a stance depends on.

        An import may name a topic that a later row opens: its id follows from its slug.
        """
        name = text(ref, "condition.topic")
        topic = self._look_up(Topic, name, "condition.topic")
        if topic is None and self.creates:
            return stream_id("topic", name)
        return (topic or self._not_found("topic", name, "condition.topic")).id

    def condition_worded(self, topic: str, words: str) -> str | None:
        """Return the id of the statement that first named a condition on a topic in these words."""
        return self._conditions_on(topic).get(words) if words else None

    def note_condition(self, topic: str, words: str, statement: str) -> None:
        """Let the words of a condition stand for that of a statement from now on."""
        if words:
            self._conditions_on(topic).setdefault(words, statement)

    def _conditions_on(self, topic: str) -> dict[str, str]:
        if topic not in self._conditions:
            oldest_last = [*self._register.conditions(topic)][::-1]
            self._conditions[topic] = dict(oldest_last)
        return self._conditions[topic]

    def statement(self, ref: str | None, field: str) -> str | None:
        """Return the id of a statement, given by its id or by # and its number.

        An import may name one that a later row records. Raises `NotFound` for any other.
        """
        name = text(ref, field).removeprefix(OWN_ID)
        if not name:
            return None
        number = whole_number(name.removeprefix(NUMBER_MARK))
        if name.startswith(NUMBER_MARK) and number is not None:
            event = self._log.event(number)
            if isinstance(event, StatementRecorded):
                return event.originator_id
        elif ID.fullmatch(name) and (self.creates or self._log.first_events([name])):
            return name
        raise NotFound(NO_SUCH_STATEMENT, field=field, name=InQuotes(name))

    def speaker(
        self,
        byline: Byline,
        given: str | None,
        name: str | None = None,
        kind: str | None = None,
        *,
        field: str = "actor",
    ) -> Actor:
        """Return an actor by slug or else by name; introduce a new one if that is allowed.

        Raises `Refused` if nobody is named or several actors match, `NotFound` for an unknown
        actor if none may be introduced.
        """
        cache_key = field, given, name
        if cache_key in self._speakers:
            return self._speakers[cache_key]
        given, name = text(given, field), text(name, "actor_name")
        ref = given or name
        if not ref:
            raise Refused(NOBODY_NAMED, field=field)
        known = self._actor(given, field) if given else self._by_name(ref, field)
        if known:
            self._speakers[cache_key] = known
            return known
        if not self.creates:
            self._not_found("actor", ref, field)
        if not given or name in ("", given):
            check_name(ref, field)
            if self._names_several(ref):
                raise Refused(SEVERAL_ON_RECORD, field=field, name=InQuotes(ref))
        if _LISTED.search(ref):
            raise Refused(SEVERAL_WHERE_ONE, field=field, value=InQuotes(ref))
        slug = slug_of(ref)
        display_name = name or (slug.replace("-", " ").title() if ref == slug else ref)
        actor = Actor.introduce(byline, slug, kind or UNKNOWN_KIND, display_name)
        if slug != slugify(actor.name):
            self._own_slugs.setdefault(comparable_name(actor.name), set()).add(slug)
        return self._note("actor", actor)

    def lane(self, ref: str) -> Actor:
        """Return an actor, or the last one that it is merged into."""
        return self.chain(self.actor(ref))[-1]

    def chain(self, actor: Actor) -> list[Actor]:
        """Return an actor and those that it is merged into, one after the other."""
        chain = [actor]
        while (into := chain[-1].merged_into) and into not in {link.id for link in chain}:
            chain.append(self.actor(into))
        return chain

    def may_speak(self, speaker: Actor, whom: Actor, said: SaidDate) -> bool:
        """Tell whether the speaker had a mandate for ``whom`` then, also under merged names."""
        end = self.chain(whom)[-1].id
        return any(
            mandate.covers(said.earliest, said.latest)
            and self.chain(self.actor(mandate.on_behalf_of))[-1].id == end
            for actor in self._everybody(speaker)
            for mandate in actor.mandates.values()
        )

    def _everybody(self, actor: Actor) -> Iterable[Actor]:
        """Yield an actor and all actors that are merged with it."""
        chain = self.chain(actor)
        yield from chain
        end = chain[-1].id
        if end not in self._merged:
            self._merged[end] = tuple(self._register.merged_into(end))
        yield from (self.actor(actor_id) for actor_id in self._merged[end])

    def document(self, byline: Byline, source: Source) -> SourceDocument:
        """Return the document of a source; it is filed if it is not on record."""
        return self._documents.find(byline, source)

    def published(self, document: str) -> SaidDate | None:
        """Return when a document was published, if that is on record or about to be."""
        return self._documents.published(document)

    def foresee(self, sources: Iterable[Source]) -> None:
        """Look up which documents of a batch are on record, in one query."""
        self._documents.foresee(sources)

    def new(self) -> tuple[int, int]:
        """Return how many things are new at the moment, for `take_back`."""
        return len(self.unsettled), len(self.rewordings)

    def take_back(self, since: tuple[int, int], refused: Command) -> None:
        """Forget what a refused row added."""
        if refused.topic and (refused.topic_question or refused.scale):
            self.unopened.add(slug_of(refused.topic))
        added = islice(self.unsettled.items(), since[0], None)
        dropped = {new for new, event in added if not isinstance(event, DocumentFiled)}
        for new in dropped:
            del self.unsettled[new]
        self._forget(dropped | self.rewordings.drop(since[1]))

    def settle(self, on_record: Container[str]) -> None:
        """Take new things as recorded if their ids are ``on_record``, and forget the others."""
        dropped = {new for new in self.unsettled if new not in on_record}
        self.unsettled.clear()
        self.occasions.clear()
        self._documents.forget(dropped)
        self._forget(dropped | self.rewordings.drop())
        if len(self._known) > ENOUGH:
            self._known.clear()
            self._merged.clear()
            self._forget_sayings()

    def _forget_sayings(self) -> None:
        """Forget the caches by the words of rows."""
        self._asked.clear()
        self._speakers.clear()
        self.occasions.clear()

    def _forget(self, ids: set[str]) -> None:
        if ids:
            self._forget_sayings()
            forgotten = {noun.slug for noun in self._known.values() if noun.id in ids}
            self._known = {key: noun for key, noun in self._known.items() if noun.id not in ids}
            for slugs in self._own_slugs.values():
                slugs.difference_update(forgotten)

    def _open_topic(self, byline: Byline, ref: str, command: Command) -> Topic:
        if not self.creates:
            self._not_found("topic", ref, "topic")
        slug = slug_of(ref)
        name = command.topic_name or ("" if ref == slug else ref)
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

    def _reworded(self, byline: Byline, topic: Topic, question: str, command: Command) -> Topic:
        if not self.creates or self._other_wording == "refuse":
            raise worded_otherwise(topic, question)
        name = text(command.topic_name, "topic_name")
        if self._other_wording == "reword":
            self.rewordings.word(byline, topic, question, name)
            return topic
        existing = self._look_up(Topic, question, "topic_question")
        if existing is not None:
            return existing
        slug, story = slug_of(question), topic.story
        succeeding = Topic.open(
            byline, slug, question, topic.scale, name=name, story=story, succeeds=topic.id
        )
        return self._note("topic", succeeding)

    def _story_of(self, byline: Byline, ref: str) -> str:
        story = self._look_up(Story, ref, "story")
        if story is None:
            slug = slug_of(ref)
            title = slug.replace("-", " ").capitalize() if ref == slug else ref
            story = self._note("story", Story.open(byline, slug, text(title, "story")))
        return story.id

    def _actor(self, ref: str, field: str) -> Actor | None:
        if is_slug(ref):
            return self._load(Actor, ref)
        return self._by_name(ref, field)

    def _by_name(self, name: str, field: str) -> Actor | None:
        if ("name", name) in self._known:
            return cast("Actor", self._known["name", name])
        if ("actor", name) in self._near:
            return None
        natural = self._load(Actor, slugify(name))
        bearers = self._bearers(name, natural)
        if len(bearers) > 1:
            raise Refused(
                NAME_AMBIGUOUS, field=field, name=InQuotes(name), actors=", ".join(sorted(bearers))
            )
        if natural and not bearers:
            raise _slug_taken(name, natural, field)
        for actor in bearers.values():
            if self.creates and (other := _abbreviated_otherwise(actor, name)):
                raise Refused(
                    NAME_IN_OTHER_CASE, field=field, name=InQuotes(name), other=InQuotes(other)
                )
            self._known["name", name] = actor
            return actor
        return None

    def _names_several(self, name: str) -> bool:
        """Tell whether it joins names of which each belongs to an actor on record."""
        parts = _JOINED.split(name)
        return len(parts) > 1 and all(
            part and self._bearers(part, self._load(Actor, slugify(part))) for part in parts
        )

    def _bearers(self, name: str, natural: Actor | None) -> dict[str, Actor]:
        """Return the actors with a name, by slug; merged actors count as one."""
        similar = set(self._register.actors_named(name_key(name)))
        similar |= self._own_slugs.get(comparable_name(name), set())
        actors = [*map(self.actor, similar), *([natural] if natural else [])]
        bearers = {actor.slug: actor for actor in actors if _bears(actor, name)}
        if len(bearers) > 1:
            lanes = [self.chain(actor)[-1] for actor in bearers.values()]
            bearers = {lane.slug: lane for lane in lanes}
        return bearers

    def _look_up(self, kind: type[T], ref: str, field: str) -> T | None:
        """Return a topic or a story, if there is one; raises `Refused` if another has the slug."""
        cached = self._known.get((NOUNS[kind], ref))
        if cached is not None:
            return cast("T", cached)
        found = self._load(kind, slug_of(ref))
        if found is not None:
            if not is_slug(ref) and not _bears(found, ref):
                raise _slug_taken(ref, found, field)
            self._known[NOUNS[kind], ref] = found
        return found

    def _load(self, kind: type[A], slug: str) -> A | None:
        noun = NOUNS[kind]
        found = cast("A | None", self._known.get((noun, slug)))
        if found is None:
            found = kind.replay(self._history(stream_id(noun, slug)))
            if found is not None:
                self._known[noun, slug] = found
        return found

    def _history(self, stream: str) -> list[Event]:
        """Return the events of a topic, a story or an actor, on record or about to be."""
        new = self.unsettled.get(stream)
        return self.rewordings.after(self._log.stream_of(stream) or ([new] if new else []))

    def _note(self, noun: str, new: A) -> A:
        self._forget_sayings()
        self._known[noun, new.slug] = new
        self.unsettled[new.id] = new.collect_events()[0]
        return new

    def _not_found(self, noun: str, ref: str, field: str) -> NoReturn:
        if (noun, ref) not in self._near:
            if len(self._near) > ENOUGH:
                self._near.clear()
            self._near[noun, ref] = tuple(nearest(ref, self._register.slugs(noun)))
        raise NotFound(
            UNKNOWN[noun],
            field=field,
            name=InQuotes(ref),
            nearest=self._near[noun, ref],
        )


def stream_id(noun: str, ref: str) -> str:
    """Return the stream of a topic, an actor or a story, given by id, slug or name."""
    return ref if ID.fullmatch(ref) else stable_id(noun, slug_of(ref))


def _bears(noun: Actor | Story | Topic, name: str) -> bool:
    # A key or a slug finds candidates; only equal letters make a match.
    return comparable_name(name) in map(comparable_name, noun.names)


def _abbreviated_otherwise(actor: Actor, name: str) -> str:
    """Return the actor's name if it differs only in being all capitals: BUND is not Bund."""
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
        other=InQuotes(_display_name(other)),
    )


def _display_name(thing: Actor | Story | Topic) -> str:
    if isinstance(thing, Topic):
        return thing.name or thing.question
    return thing.title if isinstance(thing, Story) else thing.name
