"""What waits for a second person, a line each: who takes which stance, from which source."""

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
from web.i18n.quotation_marks import quoted
from web.record.fields.choices import StanceChoice, stance_choices
from web.record.forms.signing import own_handle
from web.record.reviewing.changes import title_of
from web.shell.request import reader_language, services
from web.wording import stances

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from timeline.application.commands import Command, Source
    from timeline.desk.reviews import Handed
    from timeline.projections.queries.directory import Topic

LONGEST = 160
"""Characters of a quote or a passage that a line shows."""


class Line(msgspec.Struct, frozen=True):
    """A stance of an entry that waits; a development has questions alone."""

    question: str
    stance: StanceChoice | None = None
    takes_none: bool = False
    neutral: bool = False


class Begun(msgspec.Struct, frozen=True):
    """How the words of a source begin, in their language; ``words`` is empty where none are kept.

    What it quotes stands in quotation marks, and nothing else does.
    """

    words: str = ""
    lang: str = ""


class HandedRow(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that waits, as the queue shows it.

    ``title`` says it in our words, ``how`` in which way the source gives it. ``actor`` speaks, and
    for ``whom`` if not for themselves. ``by`` coded it, and handed it over ``when``.
    Who ``sent_back`` a change did not agree to it.
    """

    id: str
    kind: str
    title: str
    actor: str
    whom: str
    lines: Sequence[Line]
    begun: Begun
    how: str
    source: str
    by: str
    when: str
    is_own: bool
    sent_back: str


def handed_rows(entries: Sequence[Handed]) -> list[HandedRow]:
    """Return entries that wait as lines, in their order.

    One that an older version kept has only what tells it from others.
    """
    kept = [(entry, _commands(entry)) for entry in entries]
    with reader_language() as conn:
        names = _names(conn, (command for _, commands in kept for command in commands))
        topics = {topic.slug: topic for topic in directory.topics(conn)}
    return [_row(entry, commands, topics, names) for entry, commands in kept]


def _commands(entry: Handed) -> list[Command]:
    return [command for _, command in entries_in(entry)] if entry.command else []


def _names(conn: Connection, commands: Iterable[Command]) -> dict[str, str]:
    """Return the names of those who speak, and for whom, by slug."""
    said = [command for command in commands if isinstance(command, RecordStatement)]
    slugs = {slug for command in said for slug in (command.actor, command.on_behalf_of) if slug}
    actors = directory.actors_by_id(conn, {stable_id("actor", slug) for slug in slugs})
    return {actor.slug: actor.name for actor in actors.values()}


def _row(
    entry: Handed,
    commands: Sequence[Command],
    topics: Mapping[str, Topic],
    names: Mapping[str, str],
) -> HandedRow:
    first = next(iter(commands), None)
    lines = [line for command in commands for line in _lines(command, topics)]
    topic = topics.get(entry.gist.topic)
    said = first if isinstance(first, RecordStatement) else None
    whom = (said.on_behalf_of if said else None) or ""
    return HandedRow(
        id=entry.id,
        kind=entry.kind,
        title=title_of(entry) if entry.kind == CHANGE else _title(first) or entry.gist.words,
        actor=names.get((said.actor if said else None) or "", entry.gist.actor),
        whom=names.get(whom, whom),
        lines=lines or ([Line(topic.question)] if topic else []),
        begun=_begun(first),
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


def _lines(command: Command, topics: Mapping[str, Topic]) -> list[Line]:
    if not isinstance(command, RecordStatement):
        return [Line(topics[one].question) for one in command.topics if one in topics]
    topic = topics.get(command.topic)
    if topic is None:
        return []
    chosen = {choice.value: choice for choice in stance_choices(topic.scale)}.get(command.stance)
    takes_none = command.stance == NO_POSITION
    return [Line(topic.question, chosen, takes_none, neutral=not topic.scale.partisan)]


def _begun(command: Command | None) -> Begun:
    if not isinstance(command, RecordStatement):
        return Begun()
    lang = command.source.lang or ""
    if command.quote:
        lang = command.quote.lang or lang
        return Begun(quoted(_shortened(command.quote.text), lang), lang)
    return Begun(_shortened(command.passage.text), lang) if command.passage else Begun()


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
    """Count what others coded, and what came back to who asks; 0 where the desk fails."""
    with suppress(StandlineError):
        desk, own = services().desk, own_handle()
        back = sum(bool(draft.gist.sent_back) for draft in desk.drafts.of(own))
        return desk.reviews.count(but_of=own) + back
    return 0
