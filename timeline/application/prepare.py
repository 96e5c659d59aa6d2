"""From what somebody says to what the log will hold: the route that form and import share."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from timeline.application.commands import (
    Command,
    Condition,
    Excerpt,
    Quoted,
    RecordDevelopment,
    RecordStatement,
)
from timeline.application.directory import Occasion
from timeline.application.texts import text
from timeline.application.variables import statement_values
from timeline.domain.dates import SaidDate, check_dates, parse_date, said_or_published
from timeline.domain.development import DevelopmentRecorded, Headline, record_development
from timeline.domain.errors import Refused
from timeline.domain.event import Byline, own_fields, stamp
from timeline.domain.field import WORD, Type
from timeline.domain.fields import DEVELOPMENT, STATEMENT
from timeline.domain.messages import EdtfDate, InQuotes, Message
from timeline.domain.quote import Passage, Quote
from timeline.domain.scales import NO_POSITION, SCALES
from timeline.domain.statement import StatementRecorded, Words, record_statement
from timeline.domain.text import clean
from timeline.domain.word_cache import cached_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from timeline.application.commands import Source
    from timeline.application.directory import Directory
    from timeline.application.sources import Filed
    from timeline.domain.actor import Actor
    from timeline.domain.event import Content, Event
    from timeline.domain.field import Field
    from timeline.domain.topic import Topic

NO_MANDATE_THEN = Message(
    "no_mandate_then",
    "%(name)s had no mandate to speak for %(whom)s then (%(day)s)",
    fix="record the mandate, or say why the words stand for both (mandate_reason)",
)

NEITHER_YES_NOR_NOTHING = Message(
    "neither_yes_nor_nothing",
    "%(given)s is neither yes nor nothing",
    fix="say yes, or leave it out",
)
YES = "yes"

Texts = tuple[tuple[str, str, Callable[[Command], str | None]], ...]
"""Of each text of a content: its name there, that of its field, and how a command states it."""


def _plain_texts(content: type[Content], fields: Iterable[Field]) -> Texts:
    """Return what a content holds itself, in its order: what is refused first is told."""
    there = {
        field.path: field.name
        for field in fields
        if field.is_content and field.type is not Type.OBJECT
    }
    names = [name for name in own_fields(content) if name in there]
    return tuple((name, there[name], _stated(there[name])) for name in names)


def _stated(field: str) -> Callable[[Command], str | None]:
    outer, _, inner = field.partition(".")
    if inner:
        return lambda command: getattr(getattr(command, outer), inner, None)
    return attrgetter(outer)


_OF_STATEMENTS = _plain_texts(Words, STATEMENT)
_OF_DEVELOPMENTS = _plain_texts(Headline, DEVELOPMENT)
_STATED = tuple(of for *_, of in _OF_STATEMENTS)

_OF_ONE_VOICE = frozenset(
    (
        *("actor", "actor_name", "actor_kind", "on_behalf_of", "stance", "no_position_reason"),
        *("variables", "utterance", "key", "first_recorded_at"),
    )
)
_said_alike = attrgetter(
    *(name for name in RecordStatement.__struct_fields__ if name not in _OF_ONE_VOICE)
)
"""Returns what a statement shares with others of its occasion."""

FEW = 1_000
"""Words that are remembered: rows of a file say many of them again and again."""


def prepare(
    command: Command, directory: Directory, byline: Byline, entry: str, *, again: bool = False
) -> list[Event]:
    """Return the events that record this under the id ``entry``: what is new to it, then itself.

    What is new are story, topic, actors (where the directory creates) and document. Raises
    `Refused` where a rule says no and `NotFound` where nothing of that name is on record. Told
    ``again``, it is not refused for what followed: topics are closed, sources redated, mandates
    ended.
    """
    if command.key:
        byline = Byline(byline.at, byline.by, byline.via, text(command.key, "key"))
    if isinstance(command, RecordStatement):
        return _statement(command, directory, byline, entry, again=again)
    return _development(command, directory, byline, entry, again=again)


def _statement(
    command: RecordStatement, directory: Directory, byline: Byline, entry: str, *, again: bool
) -> list[Event]:
    alike = _said_alike(command)
    known = None if again else directory.occasions.get(alike)
    asked = known.asked if known else directory.topic_of(byline, command.topic, command)
    topic = asked.topic
    if not (again or known):
        topic.check_open()
    speaker = directory.speaker(byline, command.actor, command.actor_name, command.actor_kind)
    behalf = _behalf(command, directory, byline)
    document, said = (
        (known.document, known.said) if known else _dated(command, directory, byline, again=again)
    )
    if behalf and not (again or command.mandate_reason):
        check_mandate(directory, speaker, behalf, said)
    occasion = known or Occasion(
        asked,
        document,
        said,
        command.attribution or _attribution(command, topic.scale),
        _words(command),
    )
    silent = command.stance == NO_POSITION
    scale, condition = SCALES[topic.scale], command.condition or Condition()
    values, words = statement_values(topic, command, again=again), occasion.words
    event = StatementRecorded(
        **stamp(byline, entry),
        topic=topic.id,
        wording=asked.wording,
        speaker=speaker.id,
        said_at=said.text,
        document=document.id,
        attribution=occasion.attribution,
        content=replace(words, variables=values) if values else words,
        stance=None if silent else scale.value(command.stance),
        scale_version=scale.version(command.stance),
        no_position_reason=command.no_position_reason or None,
        on_behalf_of=behalf.id if behalf else None,
        condition_topic=directory.condition(condition.topic) if condition.topic else None,
        condition_actor=_whose_act(condition, directory, byline),
        condition_id=_same_condition(condition, directory, topic, words, again=again),
        drops=_dropped(command, directory),
        dissent=is_said(command.dissent, "dissent"),
        utterance=text(command.utterance, "utterance") or None,
    )
    event = record_statement(event, topic.scale, speaker.kind)
    directory.note_condition(topic.id, words.condition, entry)
    if not (known or again):
        directory.occasions[alike] = occasion
    if not any(directory.new()):
        return [event]
    named = (
        *(topic.story, topic.id, speaker.id, event.on_behalf_of, event.condition_actor),
        document.id,
    )
    return [*_new(directory, *named), *directory.rewordings.needed(asked), event]


def _dated(
    command: RecordStatement, directory: Directory, byline: Byline, *, again: bool
) -> tuple[Filed, SaidDate]:
    """Return the document of a statement and when it was said."""
    document = directory.document(byline, command.source)
    said = said_or_published(command.said_at, _day(command.source, document))
    if not again:
        check_dates(said, document.published, byline.at)
    return document, said


def _development(
    command: RecordDevelopment, directory: Directory, byline: Byline, entry: str, *, again: bool
) -> list[Event]:
    about = command.topic or next(iter(command.topics), "")
    asked = directory.topic_of(byline, about, command) if command.topic_question else None
    topics = [
        asked.topic if asked and given == about else directory.topic(given, field="topics")
        for given in dict.fromkeys(command.topics)
    ]
    document = directory.document(byline, command.source)
    happened = _happened(command, document)
    if not again:
        announced = command.status == "announced"
        published = document.published
        check_dates(happened, published, byline.at, announced=announced, field="happened_at")
    given = command.according_to
    says = directory.speaker(byline, given, field="according_to") if given else None
    stated = [of(command) for *_, of in _OF_DEVELOPMENTS]
    event = record_development(
        DevelopmentRecorded(
            **stamp(byline, entry),
            topics=tuple(topic.id for topic in topics),
            happened_at=happened.text,
            status=command.status,
            document=document.id,
            content=Headline(**{"title": ""} | _texts(_OF_DEVELOPMENTS, stated)),
            according_to=says.id if says else None,
        )
    )
    stories = [topic.story for topic in topics]
    named = (*stories, *event.topics, event.according_to, document.id)
    reworded = directory.rewordings.needed(asked) if asked else []
    return [*_new(directory, *named), *reworded, event]


def check_mandate(directory: Directory, speaker: Actor, behalf: Actor, said: SaidDate) -> None:
    """Raise `Refused` unless the speaker had a mandate to speak for the other at that time."""
    if not directory.may_speak(speaker, behalf, said):
        raise Refused(
            NO_MANDATE_THEN,
            field="on_behalf_of",
            name=speaker.name,
            whom=behalf.name,
            day=EdtfDate(said.text),
        )


def _behalf(command: RecordStatement, directory: Directory, byline: Byline) -> Actor | None:
    given = command.on_behalf_of
    return directory.speaker(byline, given, field="on_behalf_of") if given else None


def _whose_act(condition: Condition, directory: Directory, byline: Byline) -> str | None:
    given = condition.actor
    return directory.speaker(byline, given, field="condition.actor").id if given else None


def _same_condition(
    given: Condition, directory: Directory, topic: Topic, words: Words, *, again: bool
) -> str | None:
    """Return the id of the statement that named the same condition: as said, or in these words."""
    named = directory.statement(given.same_as, "condition.same_as")
    return named or (None if again else directory.condition_worded(topic.id, words.condition))


def _dropped(command: RecordStatement, directory: Directory) -> tuple[str, ...]:
    named = (directory.statement(given, "drops") for given in command.drops or ())
    return tuple(dict.fromkeys(filter(None, named)))


def is_said(given: str | None, field: str) -> bool:
    """Tell whether somebody says yes; raises `Refused` for what is neither that nor nothing."""
    if given not in (None, "", YES):
        raise Refused(NEITHER_YES_NOR_NOTHING, field=field, given=InQuotes(given))
    return given == YES


def _happened(command: RecordDevelopment, document: Filed) -> SaidDate:
    if command.happened_at:
        return parse_date(command.happened_at, "happened_at")
    return said_or_published(None, _day(command.source, document))


def _day(source: Source, document: Filed) -> str | None:
    published = document.published
    return source.published_at or (published.text if published else None)


def _attribution(command: RecordStatement, scale: str) -> str:
    if command.reported_via:
        return "second_hand"
    if command.quote:
        return "quoted"
    return "voted" if scale == "vote" else "reported"


def _words(command: RecordStatement) -> Words:
    return _worded(command.quote, command.passage, *(of(command) for of in _STATED))


@cached_words(FEW)
def _worded(quote: Quoted | None, passage: Excerpt | None, *stated: str | None) -> Words:
    """Return the words of a statement: in an import, many have the same."""
    return Words(
        quote=_quote(quote) if quote else None,
        passage=passage_of(passage) if passage else None,
        **_texts(_OF_STATEMENTS, stated),
    )


def _texts(texts: Texts, stated: Iterable[str | None]) -> dict[str, Any]:
    given = zip(texts, stated, strict=True)
    return {name: text(words, field) for (name, field, _), words in given if words}


def _quote(given: Quoted) -> Quote:
    quote = Quote(
        exact=text(given.text, "quote.text"),
        lang=text(given.lang, "quote.lang"),
        wording=given.wording or "unknown",
        translated_by=text(given.translated_by, "quote.translated_by"),
        prefix=text(given.prefix, "quote.prefix"),
        suffix=text(given.suffix, "quote.suffix"),
        start=given.start,
        end=given.end,
    )
    return _within_marks(quote, clean(given.text, "quote.text").strip())


def _within_marks(quote: Quote, written: str) -> Quote:
    """Return a quote with the place of its words, where that was given with marks around them."""
    before, _, after = written.partition(quote.exact)
    is_placed = quote.start >= 0
    if not before or (is_placed and quote.end - quote.start != len(written)):
        return quote
    return replace(
        quote,
        prefix=quote.prefix and (quote.prefix + before)[-WORD:],
        suffix=quote.suffix and (after + quote.suffix)[:WORD],
        start=quote.start + len(before) if is_placed else quote.start,
        end=quote.end - len(after) if is_placed else quote.end,
    )


def passage_of(given: Excerpt) -> Passage | None:
    """Return a passage as the record keeps it; raises `Refused` for what cannot be stored."""
    exact = text(given.text, "passage.text")
    if not exact:
        return None
    return Passage(
        exact=exact,
        prefix=text(given.prefix, "passage.prefix"),
        suffix=text(given.suffix, "passage.suffix"),
        start=given.start,
        end=given.end,
    )


def _new(directory: Directory, *ids: str | None) -> list[Event]:
    new = directory.unsettled
    return [new[name] for name in dict.fromkeys(ids) if name in new]
