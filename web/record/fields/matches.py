"""Who and what may be meant by what is typed: names in every language, recent ones first."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.errors import NotFound, Refused
from timeline.domain.messages import InQuotes, Message
from timeline.domain.spelling import comparable_name, name_key
from timeline.domain.text import whole_number
from timeline.projections.queries import directory, entries, recent
from timeline.projections.queries.entries import developments, statements
from timeline.projections.queries.search import search
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


FOUND = 8
COMPARED = 300
"""Actors that match, of whom the likeliest are shown."""


class Match(msgspec.Struct, frozen=True):
    """What may be meant: ``value`` is what the form takes for it, ``note`` tells it from others."""

    value: str
    name: str
    note: str = ""


def actor_matches(conn: Connection, typed: str, handle: str) -> list[Match]:
    """Return actors one of whose names holds what was typed; the best match by name first.

    Only among equals whom somebody coded last comes first. Where nothing is typed, only those are
    returned.
    """
    last = recent.actors_coded_by(conn, handle)
    if typed:
        actors = directory.actors_matching(conn, typed, COMPARED)
    else:
        known = directory.actors_by_id(conn, set(last))
        actors = [known[one] for one in last if one in known]
    place = {one: at for at, one in enumerate(last)}
    others = directory.aliases_by_id(conn, {actor.id for actor in actors})
    far = {actor.id: _distance((actor.name, *others.get(actor.id, ())), typed) for actor in actors}
    actors.sort(key=lambda actor: (far[actor.id], place.get(actor.id, len(place))))
    shown = actors[:FOUND]
    return [_actor(conn, actor, others.get(actor.id, [])) for actor in shown]


def _distance(names: Iterable[str], typed: str) -> int:
    """Return how far off the nearest name is: 0 for the very name, 1 for whole words of one.

    2 is for one of which a word begins so, 3 for one that merely sounds like it.
    """
    asked, known = comparable_name(typed), [comparable_name(name) for name in names]
    if asked in known:
        return 0
    if any(f" {asked} " in f" {name} " for name in known):
        return 1
    return 2 if any(f" {asked}" in f" {name}" for name in known) else 3


def topic_matches(conn: Connection, typed: str, handle: str) -> list[Match]:
    """Return open topics whose question holds every word typed, in any language.

    Those that somebody coded last come first, each as the reader's language words it.
    """
    topics = [topic for topic in directory.topics(conn) if not topic.closed]
    told = texts_in_every_language(conn, {topic.id for topic in topics})
    words = name_key(typed).split()
    found = [topic for topic in topics if _holds(_names(topic, told.get(topic.id, {})), words)]
    place = {one: at for at, one in enumerate(recent.topics_coded_by(conn, handle))}
    shown = sorted(found, key=lambda topic: place.get(topic.id, len(place)))[:FOUND]
    with reader_language():
        worded = directory.topics_by_id(conn, {topic.id for topic in shown})
    return [_topic(worded[topic.id]) for topic in shown]


def _topic(topic: Topic) -> Match:
    return Match(topic.slug, topic.question, topic.label)


def _names(topic: Topic, told: Mapping[str, Texts]) -> list[str]:
    others = (text for by_language in told.values() for text in by_language.values())
    return [topic.question, topic.label, topic.slug, *others]


def _holds(names: Iterable[str], words: list[str]) -> bool:
    written = [f" {name_key(name)}" for name in names]
    return all(any(f" {word}" in one for one in written) for word in words)


def _actor(conn: Connection, actor: Actor, aliases: list[str]) -> Match:
    also = gettext("also “%(name)s”", name=aliases[0]) if aliases else ""
    held = [mandate for mandate in directory.mandates(conn, of=actor.id) if not mandate.until]
    role = held[-1].role if held else ""
    return Match(known_as(conn, actor), actor.name, " · ".join(filter(None, (role, also))))


TARGET_NOT_A_NUMBER = Message(
    "target_not_a_number",
    "%(text)s is not the number of an entry",
    fix="give it like 1042, paste the address, or choose what is found by its words",
)

WRITTEN = re.compile(r"(?:.*/s/|#)?(?P<number>\d+)(?:@\d+)?(?:[?#].*| · .*)?", re.DOTALL)
"""The number of an entry, its address, or what `entry_label` makes of it."""

LONGEST = 80
"""Characters of its words that stand behind a number."""


def number_written(written: str) -> int | None:
    """Return the number of the entry that somebody names, or nothing where none is named."""
    match = WRITTEN.fullmatch(written.strip())
    return whole_number(match["number"]) if match else None


def entry_number(written: str, field: str) -> int:
    """Return the number of the entry that somebody names; raises `Refused` where none is named."""
    number = number_written(written)
    if number is None:
        raise Refused(TARGET_NOT_A_NUMBER, field=field, text=InQuotes(written))
    return number


def entry_label(conn: Connection, number: int) -> str:
    """Return the number of an entry with what it says; raises `NotFound`."""
    (told,) = _labels(conn, [entries.entry(conn, number)])
    return told


def ask_which(conn: Connection, sheet: FormState, field: str) -> None:
    """Ask whether the number that stands in a field is that of the entry that is meant.

    Whoever chose the entry by what it says is asked nothing, and that there is none is not told.
    """
    written = sheet.value(field)
    number = number_written(written)
    if number is None:
        return
    with suppress(NotFound):
        told = entry_label(conn, number)
        if written != told:
            words = gettext("Is it this one? %(entry)s", entry=told)
            offer = Offer(gettext("Yes, number %(n)s", n=number), f"{field}={told}", answers=True)
            sheet.note_problem(Problem(field, words, (offer,), href=f"/s/{number}"))


def entry_labels(conn: Connection, numbers: Collection[int]) -> dict[int, str]:
    """Return the same of several entries by number; one that is not there is left out."""
    found: list[Entry] = [*statements(conn, numbers).values()]
    found += developments(conn, numbers).values()
    return dict(zip([entry.number for entry in found], _labels(conn, found), strict=True))


def entry_matches(conn: Connection, typed: str, but: int | None = None) -> list[Match]:
    """Return entries that may be meant, by their number or their words; ``but`` is none of them.

    A number is no word: that of no entry finds nothing.
    """
    number, found = number_written(typed), []
    with suppress(NotFound):
        found = [] if number is None else [entries.entry(conn, number)]
    if typed and number is None:
        found = search(conn, typed, limit=FOUND).entries
    shown = [entry for entry in found if entry.number != but]
    return [Match(label, label) for label in _labels(conn, shown)]


def _labels(conn: Connection, found: Sequence[Entry]) -> list[str]:
    if not found:
        return []
    presenter = Presenter(conn, Names(conn), found)
    return [_label(presenter.show(entry)) for entry in found]


def _label(shown: EntryView) -> str:
    state = gettext("retracted") if shown.retracted else ""
    if isinstance(shown, StatementView):
        parts = (state, shown.speaker.name, shown.stance.word, shown.said)
        return _line(shown.number, *parts, shown.paraphrase or shown.quote)
    return _line(shown.number, state, shown.when, shown.title)


def _line(number: int, *parts: str) -> str:
    *known, words = (" ".join(part.split()) for part in parts)
    words = words if len(words) <= LONGEST else f"{words[:LONGEST].rpartition(' ')[0]}…"
    return " · ".join(filter(None, (f"#{number}", *known, words)))
