"""Turn a command into the events that record it; forms and imports share this."""

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
    from timeline.application.sources import SourceDocument
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
"""Of each text of a content: its name there, the name of its field, and how to read a command."""


def _plain_texts(content: type[Content], fields: Iterable[Field]) -> Texts:
    """Return the texts of a content in its order; the first one with an error is reported."""
    names_by_path = {
        field.path: field.name
        for field in fields
        if field.is_content and field.type is not Type.OBJECT
    }
    names = [name for name in own_fields(content) if name in names_by_path]
    return tuple((name, names_by_path[name], _stated(names_by_path[name])) for name in names)


def _stated(field: str) -> Callable[[Command], str | None]:
    outer, _, inner = field.partition(".")
    if inner:
        return lambda command: getattr(getattr(command, outer), inner, None)
    return attrgetter(outer)


_OF_STATEMENTS = _plain_texts(Words, STATEMENT)
_OF_DEVELOPMENTS = _plain_texts(Headline, DEVELOPMENT)
_STATED = tuple(of for *_, of in _OF_STATEMENTS)

_OWN_FIELDS = frozenset(
    (
        *("actor", "actor_name", "actor_kind", "on_behalf_of", "stance", "no_position_reason"),
        *("variables", "utterance", "key", "first_recorded_at"),
    )
)
_shared_values = attrgetter(
    *(name for name in RecordStatement.__struct_fields__ if name not in _OWN_FIELDS)
)
"""Returns the values that a statement shares with others of its occasion."""

FEW = 1_000
"""How many words are cached: rows of a file often repeat them."""


def prepare(
    command: Command, directory: Directory, byline: Byline, entry: str, *, again: bool = False
) -> list[Event]:
    """Return the events that record a command under the id ``entry``: new nouns, then the entry.

    New nouns are story, topic, actors (if the directory creates) and document. Raises `Refused`
    by a rule, and `NotFound` for a name that is not on record. With ``again`` it is not refused
    for what happened since: topics closed, sources redated, mandates ended.
    """
    if command.key:
        byline = Byline(byline.at, byline.by, byline.via, text(command.key, "key"))
    if isinstance(command, RecordStatement):
        return _statement(command, directory, byline, entry, again=again)
    return _development(command, directory, byline, entry, again=again)


def _statement(
    command: RecordStatement, directory: Directory, byline: Byline, entry: str, *, again: bool
) -> list[Event]:
    shared = _shared_values(command)
    cached = None if again else directory.occasions.get(shared)
    answered = cached.asked if cached else directory.topic_of(byline, command.topic, command)
    topic = answered.topic
    if not (again or cached):
        topic.check_open()
    speaker = directory.speaker(byline, command.actor, command.actor_name, command.actor_kind)
    behalf = _behalf(command, directory, byline)
    document, said_at = (
        (cached.document, cached.said)
        if cached
        else _dated(command, directory, byline, again=again)
    )
    if behalf and not (again or command.mandate_reason):
        check_mandate(directory, speaker, behalf, said_at)
    occasion = cached or Occasion(
        answered,
        document,
        said_at,
        command.attribution or _attribution(command, topic.scale),
        _words(command),
    )
    takes_none = command.stance == NO_POSITION
    scale, condition = SCALES[topic.scale], command.condition or Condition()
    values, words = statement_values(topic, command, again=again), occasion.words
    event = StatementRecorded(
        **stamp(byline, entry),
        topic=topic.id,
        wording=answered.wording,
        speaker=speaker.id,
        said_at=said_at.text,
        document=document.id,
        attribution=occasion.attribution,
        content=replace(words, variables=values) if values else words,
        stance=None if takes_none else scale.value(command.stance),
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
    if not (cached or again):
        directory.occasions[shared] = occasion
    if not any(directory.new()):
        return [event]
    ids = (
        *(topic.story, topic.id, speaker.id, event.on_behalf_of, event.condition_actor),
        document.id,
    )
    return [*_new(directory, *ids), *directory.rewordings.needed(answered), event]


def _dated(
    command: RecordStatement, directory: Directory, byline: Byline, *, again: bool
) -> tuple[SourceDocument, SaidDate]:
    """Return the document of a statement, and when it was said."""
    document = directory.document(byline, command.source)
    said_at = said_or_published(command.said_at, _day(command.source, document))
    if not again:
        check_dates(said_at, document.published, byline.at)
    return document, said_at


def _development(
    command: RecordDevelopment, directory: Directory, byline: Byline, entry: str, *, again: bool
) -> list[Event]:
    about = command.topic or next(iter(command.topics), "")
    answered = directory.topic_of(byline, about, command) if command.topic_question else None
    topics = [
        answered.topic if answered and ref == about else directory.topic(ref, field="topics")
        for ref in dict.fromkeys(command.topics)
    ]
    document = directory.document(byline, command.source)
    happened = _happened_at(command, document)
    if not again:
        announced = command.status == "announced"
        published = document.published
        check_dates(happened, published, byline.at, announced=announced, field="happened_at")
    ref = command.according_to
    source = directory.speaker(byline, ref, field="according_to") if ref else None
    values = [of(command) for *_, of in _OF_DEVELOPMENTS]
    event = record_development(
        DevelopmentRecorded(
            **stamp(byline, entry),
            topics=tuple(topic.id for topic in topics),
            happened_at=happened.text,
            status=command.status,
            document=document.id,
            content=Headline(**{"title": ""} | _texts(_OF_DEVELOPMENTS, values)),
            according_to=source.id if source else None,
        )
    )
    stories = [topic.story for topic in topics]
    ids = (*stories, *event.topics, event.according_to, document.id)
    reworded = directory.rewordings.needed(answered) if answered else []
    return [*_new(directory, *ids), *reworded, event]


def check_mandate(directory: Directory, speaker: Actor, behalf: Actor, said_at: SaidDate) -> None:
    """Raise `Refused` unless the speaker had a mandate for the other at that time."""
    if not directory.may_speak(speaker, behalf, said_at):
        raise Refused(
            NO_MANDATE_THEN,
            field="on_behalf_of",
            name=speaker.name,
            whom=behalf.name,
            day=EdtfDate(said_at.text),
        )


def _behalf(command: RecordStatement, directory: Directory, byline: Byline) -> Actor | None:
    ref = command.on_behalf_of
    return directory.speaker(byline, ref, field="on_behalf_of") if ref else None


def _whose_act(condition: Condition, directory: Directory, byline: Byline) -> str | None:
    ref = condition.actor
    return directory.speaker(byline, ref, field="condition.actor").id if ref else None


def _same_condition(
    condition: Condition, directory: Directory, topic: Topic, words: Words, *, again: bool
) -> str | None:
    """Return the id of the statement with the same condition: as given, or by the same words."""
    statement = directory.statement(condition.same_as, "condition.same_as")
    return statement or (None if again else directory.condition_worded(topic.id, words.condition))


def _dropped(command: RecordStatement, directory: Directory) -> tuple[str, ...]:
    statements = (directory.statement(ref, "drops") for ref in command.drops or ())
    return tuple(dict.fromkeys(filter(None, statements)))


def is_said(value: str | None, field: str) -> bool:
    """Tell whether a value is yes; raises `Refused` if it is neither yes nor empty."""
    if value not in (None, "", YES):
        raise Refused(NEITHER_YES_NOR_NOTHING, field=field, given=InQuotes(value))
    return value == YES


def _happened_at(command: RecordDevelopment, document: SourceDocument) -> SaidDate:
    if command.happened_at:
        return parse_date(command.happened_at, "happened_at")
    return said_or_published(None, _day(command.source, document))


def _day(source: Source, document: SourceDocument) -> str | None:
    published = document.published
    return source.published_at or (published.text if published else None)


def _attribution(command: RecordStatement, scale: str) -> str:
    if command.reported_via:
        return "second_hand"
    if command.quote:
        return "quoted"
    return "voted" if scale == "vote" else "reported"


def _words(command: RecordStatement) -> Words:
    return _words_of(command.quote, command.passage, *(of(command) for of in _STATED))


@cached_words(FEW)
def _words_of(quote: Quoted | None, passage: Excerpt | None, *stated: str | None) -> Words:
    """Return the words of a statement; in an import, many statements share them."""
    return Words(
        quote=_quote(quote) if quote else None,
        passage=passage_of(passage) if passage else None,
        **_texts(_OF_STATEMENTS, stated),
    )


def _texts(texts: Texts, stated: Iterable[str | None]) -> dict[str, Any]:
    pairs = zip(texts, stated, strict=True)
    return {name: text(words, field) for (name, field, _), words in pairs if words}


def _quote(quoted: Quoted) -> Quote:
    quote = Quote(
        exact=text(quoted.text, "quote.text"),
        lang=text(quoted.lang, "quote.lang"),
        wording=quoted.wording or "unknown",
        translated_by=text(quoted.translated_by, "quote.translated_by"),
        prefix=text(quoted.prefix, "quote.prefix"),
        suffix=text(quoted.suffix, "quote.suffix"),
        start=quoted.start,
        end=quoted.end,
    )
    return _within_marks(quote, clean(quoted.text, "quote.text").strip())


def _within_marks(quote: Quote, written: str) -> Quote:
    """Return a quote with the place of its words, without the quotation marks around them."""
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


def passage_of(excerpt: Excerpt) -> Passage | None:
    """Return a passage as the record keeps it; raises `Refused` if it cannot be stored."""
    exact = text(excerpt.text, "passage.text")
    if not exact:
        return None
    return Passage(
        exact=exact,
        prefix=text(excerpt.prefix, "passage.prefix"),
        suffix=text(excerpt.suffix, "passage.suffix"),
        start=excerpt.start,
        end=excerpt.end,
    )


def _new(directory: Directory, *ids: str | None) -> list[Event]:
    unsettled = directory.unsettled
    return [unsettled[name] for name in dict.fromkeys(ids) if name in unsettled]
