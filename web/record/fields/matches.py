"""Suggestions for what somebody types: actors, topics and entries, in every language."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.errors import NotFound, Refused
from timeline.domain.messages import InQuotes, Message
from timeline.domain.spelling import comparable_name, name_key
from timeline.domain.text import whole_number
from timeline.projections.queries import directory, entries
from timeline.projections.queries.entries import developments, statements
from timeline.projections.queries.search import search
from timeline.projections.queries.selected_entries import actors_coded_by, topics_coded_by
from timeline.projections.queries.translations import texts_in_every_language
from web.entries.presenter import Presenter
from web.entries.views import StatementView
from web.i18n.translate import gettext
from web.record.fields.choices import known_as
from web.record.forms.form_state import Offer, Problem
from web.shell.request import reader_language
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Actor, Topic
    from timeline.projections.queries.entries import Entry
    from timeline.projections.queries.translations import Texts
    from web.entries.views import EntryView
    from web.record.forms.form_state import FormState


SHOWN = 8
COMPARED = 300
"""How many matching actors are compared; the best of them are shown."""


class Match(msgspec.Struct, frozen=True):
    """A suggestion: ``value`` goes into the form, ``note`` tells it from others."""

    value: str
    name: str
    note: str = ""


def actor_matches(conn: Connection, typed: str, handle: str) -> list[Match]:
    """Return actors with a name that holds what was typed; the best match by name first.

    Among equal matches, those that ``handle`` coded last come first. If nothing is typed, only
    those are returned.
    """
    last = actors_coded_by(conn, handle)
    if typed:
        actors = directory.actors_matching(conn, typed, COMPARED)
    else:
        by_id = directory.actors_by_id(conn, set(last))
        actors = [by_id[actor_id] for actor_id in last if actor_id in by_id]
    rank = {actor_id: at for at, actor_id in enumerate(last)}
    aliases = directory.aliases_by_id(conn, {actor.id for actor in actors})
    offsets = {
        actor.id: _distance((actor.name, *aliases.get(actor.id, ())), typed) for actor in actors
    }
    actors.sort(key=lambda actor: (offsets[actor.id], rank.get(actor.id, len(rank))))
    shown = actors[:SHOWN]
    return [_actor(conn, actor, aliases.get(actor.id, [])) for actor in shown]


def _distance(names: Iterable[str], typed: str) -> int:
    """Return the distance of the nearest name: 0 if it is equal, 1 if it has the same words.

    2 if one of its words begins so, 3 if it only sounds alike.
    """
    query, spellings = comparable_name(typed), [comparable_name(name) for name in names]
    if query in spellings:
        return 0
    if any(f" {query} " in f" {name} " for name in spellings):
        return 1
    return 2 if any(f" {query}" in f" {name}" for name in spellings) else 3


def topic_matches(conn: Connection, typed: str, handle: str) -> list[Match]:
    """Return open topics with a question that holds every word typed, in any language.

    Those that ``handle`` coded last come first; the words are in the reader's language.
    """
    topics = [topic for topic in directory.topics(conn) if not topic.closed]
    worded = texts_in_every_language(conn, {topic.id for topic in topics})
    words = name_key(typed).split()
    matching = [topic for topic in topics if _holds(_names(topic, worded.get(topic.id, {})), words)]
    rank = {topic_id: at for at, topic_id in enumerate(topics_coded_by(conn, handle))}
    shown = sorted(matching, key=lambda topic: rank.get(topic.id, len(rank)))[:SHOWN]
    with reader_language():
        by_id = directory.topics_by_id(conn, {topic.id for topic in shown})
    translated = [by_id[topic.id] for topic in shown]
    return [Match(topic.slug, topic.question, topic.label) for topic in translated]


def _names(topic: Topic, worded: Mapping[str, Texts]) -> list[str]:
    translated = (text for by_language in worded.values() for text in by_language.values())
    return [topic.question, topic.label, topic.slug, *translated]


def _holds(names: Iterable[str], words: list[str]) -> bool:
    padded = [f" {name_key(name)}" for name in names]
    return all(any(f" {word}" in name for name in padded) for word in words)


def _actor(conn: Connection, actor: Actor, aliases: list[str]) -> Match:
    also = gettext("also “%(name)s”", name=aliases[0]) if aliases else ""
    current = [mandate for mandate in directory.mandates(conn, of=actor.id) if not mandate.until]
    role = current[-1].role if current else ""
    return Match(known_as(conn, actor), actor.name, " · ".join(filter(None, (role, also))))


TARGET_NOT_A_NUMBER = Message(
    "target_not_a_number",
    "%(text)s is not the number of an entry",
    fix="give it like 1042, paste the address, or choose what is found by its words",
)

WRITTEN = re.compile(r"(?:.*/s/|#)?(?P<number>\d+)(?:@\d+)?(?:[?#].*| · .*)?", re.DOTALL)
"""The number of an entry, its address, or its `entry_label`."""

LONGEST = 80
"""How many characters of an entry's words a label shows."""


def number_written(written: str) -> int | None:
    """Return the number of the entry that a text names, or nothing if it names none."""
    match = WRITTEN.fullmatch(written.strip())
    return whole_number(match["number"]) if match else None


def entry_number(written: str, field: str) -> int:
    """Return the number of the entry that a text names; raises `Refused` if it names none."""
    number = number_written(written)
    if number is None:
        raise Refused(TARGET_NOT_A_NUMBER, field=field, text=InQuotes(written))
    return number


def entry_label(conn: Connection, number: int) -> str:
    """Return the number and the words of an entry; raises `NotFound`."""
    (label,) = _labels(conn, [entries.entry(conn, number)])
    return label


def ask_which(conn: Connection, sheet: FormState, field: str) -> None:
    """Ask whether a field has the number of the intended entry, and show that entry.

    Ask nothing if the field has the full label already, or the number of no entry.
    """
    written = sheet.value(field)
    number = number_written(written)
    if number is None:
        return
    with suppress(NotFound):
        label = entry_label(conn, number)
        if written != label:
            words = gettext("Is it this one? %(entry)s", entry=label)
            offer = Offer(gettext("Yes, number %(n)s", n=number), f"{field}={label}", answers=True)
            sheet.note_problem(Problem(field, words, (offer,), href=f"/s/{number}"))


def entry_labels(conn: Connection, numbers: Collection[int]) -> dict[int, str]:
    """Return the labels of several entries by number; unknown numbers are left out."""
    rows: list[Entry] = [*statements(conn, numbers).values()]
    rows += developments(conn, numbers).values()
    return dict(zip([entry.number for entry in rows], _labels(conn, rows), strict=True))


def entry_matches(conn: Connection, typed: str, except_number: int | None = None) -> list[Match]:
    """Return entries that match a number or words, without ``except_number``.

    A number is not searched for as a word: an unknown number finds nothing.
    """
    number, matching = number_written(typed), []
    with suppress(NotFound):
        matching = [] if number is None else [entries.entry(conn, number)]
    if typed and number is None:
        matching = search(conn, typed, limit=SHOWN).entries
    shown = [entry for entry in matching if entry.number != except_number]
    return [Match(label, label) for label in _labels(conn, shown)]


def _labels(conn: Connection, rows: Sequence[Entry]) -> list[str]:
    if not rows:
        return []
    presenter = Presenter(conn, Names(conn), rows)
    return [_label(presenter.show(entry)) for entry in rows]


def _label(view: EntryView) -> str:
    state = gettext("retracted") if view.retracted else ""
    if isinstance(view, StatementView):
        parts = (state, view.speaker.name, view.stance.word, view.said)
        return _line(view.number, *parts, view.paraphrase or view.quote)
    return _line(view.number, state, view.when, view.title)


def _line(number: int, *parts: str) -> str:
    *facts, words = (" ".join(part.split()) for part in parts)
    words = words if len(words) <= LONGEST else f"{words[:LONGEST].rpartition(' ')[0]}…"
    return " · ".join(filter(None, (f"#{number}", *facts, words)))
