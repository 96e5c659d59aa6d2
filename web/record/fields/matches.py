"""Who and what may be meant by what is typed: names in every language, recent ones first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.spelling import letters, name_key
from timeline.projections.queries import directory, recent
from timeline.projections.queries.translations import texts_in_every_language
from web.i18n.translate import gettext
from web.record.fields.choices import known_as
from web.shell.request import reader_language

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Actor, Topic

FOUND = 8
COMPARED = 300
"""Actors that match, of whom the likeliest are shown."""


class Match(msgspec.Struct, frozen=True):
    """What may be meant: ``value`` is what the form takes for it, ``note`` tells it from others."""

    value: str
    name: str
    note: str = ""


def actor_matches(conn: Connection, typed: str, handle: str) -> list[Match]:
    """Return actors one of whose names holds what was typed; those that begin just so first.

    Among equals, whom somebody coded last comes first. Where nothing is typed, only those are
    returned.
    """
    last = recent.actors_coded_by(conn, handle)
    if typed:
        found = directory.actors_matching(conn, typed, COMPARED)
    else:
        known = directory.actors_by_id(conn, set(last))
        found = [known[one] for one in last if one in known]
    place = {one: at for at, one in enumerate(last)}
    others = directory.aliases_by_id(conn, {one.id for one in found})
    begins = {one.id for one in found if _begins((one.name, *others.get(one.id, ())), typed)}
    found.sort(key=lambda one: (one.id not in begins, place.get(one.id, len(place))))
    shown = found[:FOUND]
    return [_actor(conn, one, others.get(one.id, [])) for one in shown]


def _begins(names: Iterable[str], typed: str) -> bool:
    """Tell whether a word of a name begins with just these letters, not merely sounds like them."""
    return any(f" {letters(typed)}" in f" {letters(name)}" for name in names)


def topic_matches(conn: Connection, typed: str, handle: str) -> list[Match]:
    """Return open topics whose question holds every word typed, in any language.

    Those that somebody coded last come first, each as the reader's language words it.
    """
    topics = [one for one in directory.topics(conn) if not one.closed]
    told = texts_in_every_language(conn, {one.id for one in topics})
    words = name_key(typed).split()
    found = [one for one in topics if _holds([*_names(one), *told.get(one.id, ())], words)]
    place = {one: at for at, one in enumerate(recent.topics_coded_by(conn, handle))}
    shown = sorted(found, key=lambda one: place.get(one.id, len(place)))[:FOUND]
    with reader_language():
        worded = directory.topics_by_id(conn, {one.id for one in shown})
    return [_topic(worded[one.id]) for one in shown]


def _topic(topic: Topic) -> Match:
    return Match(topic.slug, topic.question, topic.label)


def _names(topic: Topic) -> tuple[str, ...]:
    return topic.question, topic.label, topic.slug


def _holds(names: Iterable[str], words: list[str]) -> bool:
    written = [f" {name_key(name)}" for name in names]
    return all(any(f" {word}" in one for one in written) for word in words)


def _actor(conn: Connection, actor: Actor, aliases: list[str]) -> Match:
    also = gettext("also “%(name)s”", name=aliases[0]) if aliases else ""
    held = [one for one in directory.mandates(conn, of=actor.id) if not one.until]
    role = held[-1].role if held else ""
    return Match(known_as(conn, actor), actor.name, " · ".join(filter(None, (role, also))))
