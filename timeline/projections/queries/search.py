"""Searching the record: who, which questions and which entries are meant by what is typed."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, literal, select, text

from timeline.domain.spelling import name_key
from timeline.projections.queries import directory, entries
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import lane_of
from timeline.projections.tables.stems import (
    SHORTEST_NAME,
    TOPIC,
    actor_word,
    found_by,
    name_word,
    question_word,
    stems_of,
    story_word,
    topic_word,
    words,
    year_word,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from timeline.projections.queries.directory import Actor, Topic
    from timeline.projections.queries.entries import Entry

MOST_WORDS = 12
TELLING = 3
"""Letters that must be typed before a beginning stands for everybody whose name begins so."""

LATEST = 2_000
"""Matches that are put in order; the ones recorded before them are only counted."""

MOST_COUNTED = 10_000
"""Matches that are counted: of a word that half the record has, nobody needs the very number."""

NAMESAKES = 200

UNNAMED = "unnamed"
"""The kind of a source without a name: found behind all others."""

OWNER = re.compile(r"(?<=\w)['’]s\b")
"""What English puts after the name of an owner."""

CASE_ENDINGS = ("s", "es", "n")
"""What German puts after a name or its adjective: Russlands, der Vereinigten Staaten."""

MATCHES = {
    "sqlite": "SELECT rowid AS number FROM search WHERE search MATCH :wanted",
    "postgresql": "SELECT rowid AS number FROM search"
    " WHERE to_tsvector('simple', stems) @@ to_tsquery('simple', :wanted)",
}
SIGNS = {"sqlite": (" AND ", " OR ", ' NOT "{}"'), "postgresql": (" & ", " | ", " & !{}")}


class Term(msgspec.Struct, frozen=True, order=True):
    """A word of the index, or with ``begins`` every word that begins like it."""

    word: str
    begins: bool = False


Meaning = frozenset[Term]
"""Words of the index, any of which will do."""


class Narrowed(msgspec.Struct, frozen=True):
    """What entries are held to: to any of these topics, actors (both by id) and years.

    An empty set holds to none.
    """

    topics: frozenset[str] = frozenset()
    actors: frozenset[str] = frozenset()
    years: frozenset[int] = frozenset()


WHOLE = Narrowed()
"""Nothing is left out."""


class Found(msgspec.Struct, frozen=True):
    """One page of what a search found; ``total`` counts every entry that matches.

    No more than `MOST_COUNTED` are counted; ``uncounted`` tells that there are others.
    ``actors_total`` and ``topics_total`` count those of other pages, too, and ``more`` tells
    whether entries follow. ``called`` gives for each actor the name by which it was found,
    ``sought`` what the words of the index may be, so that a page can point at them.
    """

    actors: list[Actor]
    topics: list[Topic]
    entries: list[Entry]
    total: int
    called: dict[str, str]
    sought: Meaning
    actors_total: int = 0
    topics_total: int = 0
    more: bool = False
    uncounted: bool = False

    def points_at(self, word: str) -> bool:
        """Tell whether a word of a text is one of those that were looked for."""
        begun = tuple(term.word for term in self.sought if term.begins)
        return any(Term(one) in self.sought or one.startswith(begun) for one in found_by(word))


class Namesake(msgspec.Struct, frozen=True):
    """A name that sounds like a word: whose it is, and the sound of the part that does."""

    actor: str
    name: str
    sound: str


class Typed(msgspec.Struct, frozen=True):
    """One word of what was typed, and all that it may mean; ``actors`` by id, with a name."""

    word: str
    terms: Meaning
    names: Meaning
    actors: dict[str, str]
    topics: frozenset[str]


def search(
    conn: Connection, typed: str, *, limit: int, skip: int = 0, only: Narrowed = WHOLE
) -> Found:
    """Return what is meant by some words, of each kind at most ``limit`` after the first ``skip``.

    Entries hold every word, be it in their text, as the name of who speaks or in their question;
    the nearest stand first, and of equally near ones the latest said. They alone are narrowed.
    """
    meant = read_words(conn, typed)
    lanes = lane_of(conn)
    called = {lanes.get(who, who): name for word in meant for who, name in word.actors.items()}
    actors = _best(lanes.get(actor, actor) for word in meant for actor in word.actors)
    topics = _best(topic for word in meant for topic in word.topics)
    sought = [word for word in meant if word.terms]
    widening = _widening(conn, sought, only)
    end = skip + limit
    numbers = _nearest(conn, widening, end + 1) if sought else []
    total = _count(conn, widening) if sought else 0
    return Found(
        _actors(conn, actors, called, meant)[skip:end],
        sorted(directory.topics_by_id(conn, topics).values(), key=_busiest)[skip:end],
        _entries(conn, numbers[skip:end]),
        min(total, MOST_COUNTED),
        called,
        frozenset(term for word in sought for term in word.terms | word.names),
        actors_total=len(actors),
        topics_total=len(topics),
        more=len(numbers) > end,
        uncounted=total > MOST_COUNTED,
    )


def matching(conn: Connection, typed: str) -> list[int]:
    """Return the numbers of what `search` finds, of more than `LATEST` some that it finds first."""
    sought = [word for word in read_words(conn, typed) if word.terms]
    numbers: set[int] = set()
    for wanted in _widening(conn, sought, WHOLE) if sought else ():
        if len(numbers) < LATEST:
            numbers.update(_recorded_last(conn, wanted))
    return sorted(numbers, reverse=True)[:LATEST]


def read_words(conn: Connection, typed: str) -> list[Typed]:
    """Read what is typed; its last word may be a beginning."""
    found = list(words(OWNER.sub("", typed)))[:MOST_WORDS]
    return [
        _meaning(conn, word, begins=place == len(found) - 1) for place, word in enumerate(found)
    ]


def _meaning(conn: Connection, word: str, *, begins: bool) -> Typed:
    stems = stems_of(word)
    terms = {Term(stem) for stem in stems}
    if begins and stems:
        terms.add(Term(stems[-1], begins=True))
    named = _namesakes(conn, word, begins=begins) if stems or begins else []
    names = set()
    if len(word) >= TELLING or not begins:
        names = {Term(actor_word(namesake.actor)) for namesake in named}
        names |= {Term(name_word(namesake.sound)) for namesake in named}
    is_name = any(name_key(word).startswith(namesake.sound) for namesake in named)
    topics = _topics(conn, terms, by_story=not is_name) if terms else []
    called = {namesake.actor: namesake.name for namesake in named}
    return Typed(word, frozenset(terms), frozenset(names), called, frozenset(topics))


def _namesakes(conn: Connection, word: str, *, begins: bool) -> list[Namesake]:
    """Return the names of this sound, or where there is none those that it is a case of."""
    if namesakes := _sounding(conn, word, begins=begins):
        return namesakes
    lower = word.lower()
    stems = (lower.removesuffix(ending) for ending in CASE_ENDINGS if lower.endswith(ending))
    names = (_sounding(conn, stem, begins=False) for stem in stems if len(stem) >= SHORTEST_NAME)
    return next(filter(None, names), [])


def _sounding(conn: Connection, word: str, *, begins: bool) -> list[Namesake]:
    typed = name_key(word).partition(" ")[0]
    if not typed:
        return []
    table = schema.actor_names
    spoken = literal(" ") + table.c.key + literal(" ")
    wanted = f"% {typed}%" if begins else f"% {typed} %"
    query = select(table.c.actor, table.c.name, table.c.key).where(
        spoken.like(wanted), directory.as_written(word, typed)
    )
    query = query.order_by(table.c.actor, table.c.name).limit(NAMESAKES)
    return [
        Namesake(row.actor, row.name, next(p for p in row.key.split() if p.startswith(typed)))
        for row in conn.execute(query)
    ]


def _actors(
    conn: Connection, found: set[str], called: dict[str, str], meant: list[Typed]
) -> list[Actor]:
    """Return actors by name, those first one of whose names is wholly what was typed.

    Sources without a name come behind all others.
    """
    typed = {name_key(word.word) for word in meant}
    whole = {actor for actor in found if typed & set(name_key(called[actor]).split())}
    actors = directory.actors_by_id(conn, found).values()
    return sorted(
        actors,
        key=lambda actor: (actor.kind == UNNAMED, actor.id not in whole, actor.name, actor.slug),
    )


def _topics(conn: Connection, terms: Iterable[Term], *, by_story: bool = False) -> list[str]:
    """Return the topics in whose question, or in whose story's title too, one of these stands.

    A story of "Russia's war" is no reason to find all its topics for Russia: who is named in a
    title is meant as somebody who speaks.
    """
    kinds = (question_word, story_word) if by_story else (question_word,)
    asked = {Term(kind(term.word), begins=term.begins) for term in terms for kind in kinds}
    query = _written(conn, [frozenset(asked)])
    table = schema.topics
    numbers = [row.number for row in conn.execute(text(MATCHES[conn.dialect.name]), query)]
    found = select(table.c.id).where(table.c.opened.in_(numbers[:LATEST]))
    return list(conn.execute(found).scalars())


def topics_with(conn: Connection, word: str) -> list[str]:
    """Return the ids of the topics whose question holds a word in any of its forms."""
    terms = {Term(stem) for stem in stems_of(word)}
    return _topics(conn, terms) if terms else []


def topics_spoken_of(conn: Connection, word: str, latest: int) -> Counter[str]:
    """Return the ids of the topics of the latest statements that hold a word in any of its forms.

    No more than so many statements are looked at; each topic has its share of them.
    """
    terms = frozenset(Term(stem) for stem in stems_of(word))
    if not terms:
        return Counter()
    matches = text(f"{MATCHES[conn.dialect.name]} ORDER BY number DESC LIMIT {latest:d}")
    numbers = [row.number for row in conn.execute(matches, _written(conn, [terms], without=TOPIC))]
    table = schema.statements
    query = select(table.c.topic).where(table.c.number.in_(numbers), table.c.known_until.is_(None))
    return Counter(conn.execute(query).scalars())


def _whole(word: Typed) -> Meaning:
    """Take the word itself, or its speaker."""
    return frozenset(term for term in word.terms if not term.begins) | word.names


def _begun(word: Typed) -> Meaning:
    """Take also longer words that begin like it."""
    return word.terms | word.names


def _about(word: Typed) -> Meaning:
    """Take also whatever answers a question that holds it."""
    return _begun(word) | {Term(topic_word(topic)) for topic in word.topics}


def _widening(conn: Connection, sought: list[Typed], only: Narrowed) -> list[list[Meaning]]:
    """Return ever wider meanings of all words, held to what they are narrowed to."""
    merged = {member for member, lane in lane_of(conn).items() if lane in only.actors}
    held = [
        frozenset(Term(topic_word(topic)) for topic in only.topics),
        frozenset(Term(actor_word(actor)) for actor in only.actors | merged),
        frozenset(Term(year_word(year)) for year in only.years),
    ]
    kept = [terms for terms in held if terms]
    return [[*map(wider, sought), *kept] for wider in (_whole, _begun, _about)]


def _nearest(conn: Connection, widening: list[list[Meaning]], limit: int) -> list[int]:
    """Return the numbers of entries that match, those by the narrowest meaning first."""
    numbers: dict[int, None] = {}
    for wanted in widening:
        if len(numbers) < limit:
            numbers.update(dict.fromkeys(_latest(conn, wanted)))
    return list(numbers)[:limit]


def _best(found: Iterable[str]) -> set[str]:
    """Keep what most of the words mean."""
    counted = Counter(found)
    most = max(counted.values(), default=0)
    return {one for one, times in counted.items() if times == most}


def _latest(conn: Connection, wanted: list[Meaning]) -> list[int]:
    """Return the numbers of the entries that match, latest said first."""
    numbers = _recorded_last(conn, wanted)
    said: list[tuple[int, int]] = []
    for table in (schema.statements, schema.developments):
        columns: Any = table.c
        query = select(columns.counts_from, columns.number).where(
            columns.number.in_(numbers), columns.known_until.is_(None)
        )
        said += [(row.counts_from, row.number) for row in conn.execute(query)]
    return [number for _, number in sorted(said, reverse=True)]


def _recorded_last(conn: Connection, wanted: list[Meaning]) -> list[int]:
    """Return the numbers of the entries that match, the latest recorded of very many."""
    matches = text(f"{MATCHES[conn.dialect.name]} ORDER BY number DESC LIMIT {LATEST}")
    result = conn.execute(matches, _written(conn, wanted, without=TOPIC))
    return [row.number for row in result]


def _count(conn: Connection, widening: list[list[Meaning]]) -> int:
    """Count the entries that match, one more than `MOST_COUNTED` where there are more.

    Where the words themselves have so many, nobody looks for those that begin like them.
    """
    narrow, *_, wide = widening
    found = _matching(conn, narrow)
    return found if found > MOST_COUNTED or narrow == wide else _matching(conn, wide)


def _matching(conn: Connection, wanted: list[Meaning]) -> int:
    matches = f"{MATCHES[conn.dialect.name]} LIMIT {MOST_COUNTED + 1}"
    query = text(f"SELECT count(*) FROM ({matches}) AS found")  # noqa: S608 - our own text
    return int(conn.execute(query, _written(conn, wanted, without=TOPIC)).scalar_one())


def _entries(conn: Connection, numbers: list[int]) -> list[Entry]:
    found: dict[int, Entry] = {}
    found |= entries.statements(conn, numbers)
    found |= entries.developments(conn, [number for number in numbers if number not in found])
    return [found[number] for number in numbers if number in found]


def _busiest(topic: Topic) -> tuple[int, str]:
    return -topic.statements, topic.slug


def _written(conn: Connection, wanted: list[Meaning], *, without: str = "") -> dict[str, str]:
    """Write the query in the database's own language; terms are ASCII words in quotes."""
    both, either, neither = SIGNS[conn.dialect.name]
    term = _fts5 if conn.dialect.name == "sqlite" else _tsquery
    parts = ["(" + either.join(term(one) for one in sorted(any_of)) + ")" for any_of in wanted]
    query = "(" + both.join(parts) + ")"
    return {"wanted": query + neither.format(without) if without else query}


def _fts5(term: Term) -> str:
    return f'"{term.word}" *' if term.begins else f'"{term.word}"'


def _tsquery(term: Term) -> str:
    return f"'{term.word}':*" if term.begins else f"'{term.word}'"
