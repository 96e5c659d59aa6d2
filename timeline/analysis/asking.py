"""What a question to an archive is limited to: a moment, topics, actors and values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from timeline.analysis.tables import LONG, TEXT
from timeline.analysis.text import question
from timeline.domain.dates import parse_instant_us
from timeline.domain.errors import NotFound, Refused
from timeline.domain.instants import NEWEST, day_of, end_of_day
from timeline.domain.messages import InQuotes, Message
from timeline.domain.spelling import nearest
from timeline.domain.text import whole_number
from timeline.domain.variables import parse_variable_filter
from timeline.projections.queries.log import NOT_A_LOG_POSITION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from timeline.analysis.manifest import Manifest
    from timeline.analysis.text import Question, SmallTables

TOPIC_NOT_ARCHIVED = Message("topic_not_archived", "there is no topic %(name)s in the archive")
ACTOR_NOT_ARCHIVED = Message("actor_not_archived", "there is no actor %(name)s in the archive")
VALUE_NOT_ARCHIVED = Message(
    "value_not_archived", "no statement in the archive has %(name)s as a value of its own"
)
NOT_ARCHIVED_YET = Message(
    "not_archived_yet",
    "position @%(position)s is not in the archive, which ends at @%(upto)s",
    fix="bring it up first: standline archive",
)


NOT_FOUND_AT = Message(
    "not_found_at",
    "the archive has what the rule finds as known at %(positions)s, and not at @%(position)s",
    fix="add it: standline archive FOLDER --known-at @%(position)s; or ask about votes alone",
)
WITHIN_A_DAY = Message(
    "within_a_day",
    "the archive has what the rule finds at the end of each day, and not within one",
    fix="give a day, or ask the record itself: standline positions, standline changes",
)


class Engine(Protocol):
    """What runs questions over an archive."""

    manifest: Manifest

    def answer(self, question: Question, tables: SmallTables) -> Iterator[dict[str, Any]]:
        """Yield the rows of an answer; ``tables`` are the small tables that the question names."""
        ...


class Scope(msgspec.Struct, frozen=True):
    """The moment, topics and actors of a question; empty means all.

    ``as_of`` is an instant in seconds, ``known_at`` a position of the log. Topics are numbers in
    the archive, actors are slugs. ``values`` are pairs of the id of an own variable and a value:
    only statements count that have one of the values of each variable.
    """

    known_at: int
    as_of: int | None = None
    topics: tuple[int, ...] = ()
    actors: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()

    def checked_tables(self, engine: Engine) -> SmallTables:
        """Return the small tables, if the archive has the rule's results for this moment.

        Raises `Refused` if it has none for the log position, or ``as_of`` is within a day. It has
        all votes.
        """
        manifest, known = engine.manifest, self.known_at
        is_known = manifest.tells_of(known)
        if not is_known or _is_within_day(self.as_of):
            position = (
                known
                if is_known
                else max((rules.known_at for rules in manifest.found), default=known)
            )
            rows = engine.answer(question("tracked"), {})
            topics = {int(row["topic"]) for row in rows if int(row["known_at"]) == position}
            if topics and (not self.topics or topics & {*self.topics}):
                if is_known:
                    raise Refused(WITHIN_A_DAY, field="--as-of")
                positions = ", ".join(f"@{rules.known_at}" for rules in manifest.found)
                raise Refused(NOT_FOUND_AT, field="--known-at", positions=positions, position=known)
        return self.tables()

    def tables(self) -> SmallTables:
        """Return the small tables that every question uses."""
        as_of = NEWEST if self.as_of is None else self.as_of
        return {
            "asked": ({"known_at": LONG, "as_of": LONG}, [(self.known_at, as_of)]),
            "asked_topics": ({"topic": LONG}, [(topic,) for topic in self.topics]),
            "asked_actors": ({"slug": TEXT}, [(slug,) for slug in self.actors]),
            "asked_values": ({"variable": TEXT, "value": TEXT}, self.values),
        }


def _is_within_day(as_of: int | None) -> bool:
    return as_of is not None and as_of != end_of_day(day_of(as_of))


def topics_named(engine: Engine, slugs: Sequence[str]) -> tuple[int, ...]:
    """Return the numbers of topics in the archive; raises `NotFound` for an unknown slug."""
    return tuple(_numbers(engine, "topic", slugs, TOPIC_NOT_ARCHIVED).values())


def actors_named(engine: Engine, slugs: Sequence[str]) -> tuple[str, ...]:
    """Check that these actors are in the archive; raises `NotFound` for an unknown slug."""
    return tuple(_numbers(engine, "actor", slugs, ACTOR_NOT_ARCHIVED))


def values_asked(chosen: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Read pairs of an own variable and a value, written like ``room:a line``.

    Raises `Refused` for another form.
    """
    return tuple(
        (name, value)
        for name, values in parse_variable_filter(chosen).items()
        for value in sorted(values)
    )


def values_named(engine: Engine, chosen: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Do the same, and raise `NotFound` for a value that no statement in the archive has."""
    pairs = values_asked(chosen)
    rows = engine.answer(question("values"), {}) if pairs else iter(())
    known = {(row["variable"], row["value"]): f"{row['variable']}:{row['value']}" for row in rows}
    for pair in pairs:
        if pair not in known:
            name = ":".join(pair)
            meant = tuple(nearest(name, known.values()))
            raise NotFound(VALUE_NOT_ARCHIVED, field="variable", name=InQuotes(name), nearest=meant)
    return pairs


def _numbers(engine: Engine, noun: str, slugs: Sequence[str], missing: Message) -> dict[str, int]:
    """Return the numbers of topics or actors by slug, in the order given."""
    if not slugs:
        return {}
    rows = engine.answer(question(f"{noun}s"), {})
    known = {row["slug"]: int(row[noun]) for row in rows}
    for slug in slugs:
        if slug not in known:
            meant = tuple(nearest(slug, known))
            raise NotFound(missing, field=noun, name=InQuotes(slug), nearest=meant)
    return {slug: known[slug] for slug in slugs}


def position_known(engine: Engine, manifest: Manifest, text: str | None) -> int:
    """Read ``@POSITION`` or a UTC instant as a log position; ``None`` is the end of the archive.

    Raises `Refused` for any other text, and for a position after the end.
    """
    if text is None:
        return manifest.upto
    if not text.startswith("@"):
        moment = {"moment": ({"instant": LONG}, [(parse_instant_us(text),)])}
        return next(int(row["position"]) for row in engine.answer(question("known"), moment))
    position = whole_number(text[1:])
    if position is None:
        raise Refused(NOT_A_LOG_POSITION, field="--known-at", text=InQuotes(text))
    if position > manifest.upto:
        raise Refused(NOT_ARCHIVED_YET, field="--known-at", position=position, upto=manifest.upto)
    return position


def extent(engine: Engine, scope: Scope) -> tuple[int, int] | None:
    """Return the first and the last day with statements, ``None`` if there are none."""
    row = next(engine.answer(question("extent"), scope.tables()))
    first, last = row["first_day"], row["last_day"]
    return None if first is None else (int(first), int(last))
