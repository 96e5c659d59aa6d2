"""The rows of the review queue: who takes which stance, from which source."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from timeline.application.commands import RecordStatement
from timeline.desk.reviews import CHANGE
from timeline.domain.errors import StandlineError
from timeline.domain.naming import stable_id
from timeline.domain.scales import NO_POSITION
from timeline.projections.queries import directory
from timeline.releasing import entries_in
from web.i18n import dates
from web.i18n.languages import quoted
from web.record.fields.choices import StanceChoice, stance_choices
from web.record.forms.signing import own_handle
from web.record.reviewing.changes import title_of
from web.shell.request import reader_language, services
from web.wording import stances

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from timeline.application.commands import Command, Source
    from timeline.desk.reviews import Review
    from timeline.projections.queries.directory import Topic

LONGEST = 160
"""How many characters of a quote or a passage a row shows."""


class QueueLine(msgspec.Struct, frozen=True):
    """A stance of an entry in the queue; a development has only questions."""

    question: str
    stance: StanceChoice | None = None
    takes_none: bool = False
    neutral: bool = False


class FirstWords(msgspec.Struct, frozen=True):
    """The first words of a quote or passage, in their language; empty if there are none.

    Only a quote has quotation marks.
    """

    words: str = ""
    lang: str = ""


class HandedRow(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that waits, as the queue shows it.

    ``title`` has our own words, ``how`` the way in which the source gives the statement. ``actor``
    speaks, for ``whom`` if not for themselves. ``by`` coded it and handed it over ``when``.
    ``sent_back`` names who did not agree to a change.
    """

    id: str
    kind: str
    title: str
    actor: str
    whom: str
    lines: Sequence[QueueLine]
    begun: FirstWords
    how: str
    source: str
    by: str
    when: str
    is_own: bool
    sent_back: str


def handed_rows(entries: Sequence[Review]) -> list[HandedRow]:
    """Return the rows of entries in the queue, in their order."""
    pairs = [(entry, [command for _, command in entries_in(entry)]) for entry in entries]
    with reader_language() as conn:
        names = _names(conn, (command for _, commands in pairs for command in commands))
        topics = {topic.slug: topic for topic in directory.topics(conn)}
    return [_row(entry, commands, topics, names) for entry, commands in pairs]


def _names(conn: Connection, commands: Iterable[Command]) -> dict[str, str]:
    """Return the names of the speakers, and of those they speak for, by slug."""
    statements = [command for command in commands if isinstance(command, RecordStatement)]
    slugs = {
        slug for command in statements for slug in (command.actor, command.on_behalf_of) if slug
    }
    actors = directory.actors_by_id(conn, {stable_id("actor", slug) for slug in slugs})
    return {actor.slug: actor.name for actor in actors.values()}


def _row(
    entry: Review,
    commands: Sequence[Command],
    topics: Mapping[str, Topic],
    names: Mapping[str, str],
) -> HandedRow:
    first = next(iter(commands), None)
    statement = first if isinstance(first, RecordStatement) else None
    whom = (statement.on_behalf_of if statement else None) or ""
    return HandedRow(
        id=entry.id,
        kind=entry.kind,
        title=title_of(entry) if entry.kind == CHANGE else _title(first) or entry.gist.words,
        actor=names.get((statement.actor if statement else None) or "", entry.gist.actor),
        whom=names.get(whom, whom),
        lines=[line for command in commands for line in _lines(command, topics)],
        begun=_first_words(first),
        how=_how(first),
        source=_source(first.source) if first else "",
        by=entry.author,
        when=dates.moment_us(entry.handed_at),
        is_own=entry.author == own_handle(),
        sent_back=entry.gist.sent_back,
    )


def _title(command: Command | None) -> str:
    if isinstance(command, RecordStatement):
        return command.paraphrase or ""
    return command.title if command else ""


def _lines(command: Command, topics: Mapping[str, Topic]) -> list[QueueLine]:
    if not isinstance(command, RecordStatement):
        return [QueueLine(topics[slug].question) for slug in command.topics if slug in topics]
    topic = topics.get(command.topic)
    if topic is None:
        return []
    chosen = {choice.value: choice for choice in stance_choices(topic.scale)}.get(command.stance)
    takes_none = command.stance == NO_POSITION
    return [QueueLine(topic.question, chosen, takes_none, neutral=not topic.scale.partisan)]


def _first_words(command: Command | None) -> FirstWords:
    if not isinstance(command, RecordStatement):
        return FirstWords()
    lang = command.source.lang or ""
    if command.quote:
        lang = command.quote.lang or lang
        return FirstWords(quoted(_shortened(command.quote.text), lang), lang)
    return FirstWords(_shortened(command.passage.text), lang) if command.passage else FirstWords()


def _shortened(words: str) -> str:
    words = " ".join(words.split())
    if len(words) <= LONGEST:
        return words
    return f"{words[:LONGEST].rpartition(' ')[0] or words[:LONGEST]}…"


def _how(command: Command | None) -> str:
    if not isinstance(command, RecordStatement) or not command.attribution:
        return ""
    return stances.attribution(command.attribution, command.reported_via or "")


def _source(source: Source) -> str:
    names = [*filter(None, (source.outlet, source.title))] or [source.url or ""]
    published = [dates.said(source.published_at)] if source.published_at else []
    return ", ".join([*names, *published])


def to_review() -> int:
    """Count the entries that the reader should look at; 0 if the desk fails."""
    with suppress(StandlineError):
        desk, own = services().desk, own_handle()
        back = sum(bool(draft.gist.sent_back) for draft in desk.drafts.of(own))
        return desk.reviews.count(but_of=own) + back
    return 0
