"""Searches topics, actors and entries by words; and where the entries that it found are."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, literal, select, text

from timeline.domain.instants import year_of
from timeline.domain.spelling import name_key
from timeline.projections.queries import directory, entries
from timeline.projections.tables import schema
from timeline.projections.tables.interned import key, texts_of
from timeline.projections.tables.lanes import lanes_known
from timeline.projections.tables.stems import (
    SHORTEST_NAME,
    TOPIC,
    actor_word,
    name_word,
    question_word,
    stems_and_sound,
    stems_of,
    story_word,
    topic_word,
    words,
    year_word,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from timeline.projections.queries.directory import Actor, Topic
    from timeline.projections.queries.entries import Entry

MOST_WORDS = 12
TELLING = 3
"""Fewest letters for which the beginning of a name matches."""

LATEST = 2_000
"""Matches that are sorted; earlier recorded ones are only counted."""

MOST_COUNTED = 10_000
"""Most matches that are counted."""

NAMESAKES = 200

UNNAMED = "unnamed"
"""The kind of a source without a name: listed last."""

OWNER = re.compile(r"(?<=\w)['’]s\b")
"""The English possessive ending."""

CASE_ENDINGS = ("s", "es", "n")
"""German endings of names and their adjectives: Russlands, der Vereinigten Staaten."""

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
"""Words of the index, any of which matches."""


class SearchScope(msgspec.Struct, frozen=True):
    """The topics and actors (both by id) and years that entries are limited to.

    An empty set does not limit.
    """

    topics: frozenset[str] = frozenset()
    actors: frozenset[str] = frozenset()
    years: frozenset[int] = frozenset()


EVERYWHERE = SearchScope()
"""No limit."""


class SearchResults(msgspec.Struct, frozen=True):
    """One page of results; ``total`` counts every entry that matches.

    It counts no more than `MOST_COUNTED`; ``uncounted`` tells that there are more.
    ``actors_total`` and ``topics_total`` count those of all pages, ``more`` tells whether entries
    follow. ``called`` has for each actor the name that matched, ``sought`` the words of the index
    to highlight.
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
        """Tell whether a word of a text matches the search."""
        beginnings = tuple(term.word for term in self.sought if term.begins)
        every = stems_and_sound(word)
        return any(Term(stem) in self.sought or stem.startswith(beginnings) for stem in every)


class Namesake(msgspec.Struct, frozen=True):
    """An actor's name that sounds like a word, and the sound of the matching part."""

    actor: str
    name: str
    sound: str


class TypedWord(msgspec.Struct, frozen=True):
    """A typed word and all that it may mean; ``actors`` are names by id."""

    word: str
    terms: Meaning
    names: Meaning
    actors: dict[str, str]
    topics: frozenset[str]


def search(
    conn: Connection, typed: str, *, limit: int, skip: int = 0, scope: SearchScope = EVERYWHERE
) -> SearchResults:
    """Search for words; return of each kind at most ``limit`` results after the first ``skip``.

    Entries hold every word in their text, as the name of their speaker or in their question. The
    nearest come first, then the latest said. ``scope`` limits entries only.
    """
    typed_words = read_words(conn, typed)
    lanes = lanes_known(conn)
    called = {lanes.of(who): name for word in typed_words for who, name in word.actors.items()}
    actors = _best(lanes.of(actor) for word in typed_words for actor in word.actors)
    topics = _best(topic for word in typed_words for topic in word.topics)
    sought = [word for word in typed_words if word.terms]
    widening = _wider_meanings(conn, sought, scope)
    end = skip + limit
    numbers = _nearest(conn, widening, end + 1) if sought else []
    total = _count(conn, widening) if sought else 0
    return SearchResults(
        _actors(conn, actors, called, typed_words)[skip:end],
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
    """Return the numbers of the entries that `search` finds, at most `LATEST` of the nearest."""
    sought = [word for word in read_words(conn, typed) if word.terms]
    numbers: set[int] = set()
    for wanted in _wider_meanings(conn, sought, EVERYWHERE) if sought else ():
        if len(numbers) < LATEST:
            numbers.update(_recorded_last(conn, wanted))
    return sorted(numbers, reverse=True)[:LATEST]


def read_words(conn: Connection, typed: str) -> list[TypedWord]:
    """Read the typed words; the last one may be unfinished."""
    texts = list(words(OWNER.sub("", typed)))[:MOST_WORDS]
    return [
        _meaning(conn, word, begins=place == len(texts) - 1) for place, word in enumerate(texts)
    ]


def _meaning(conn: Connection, word: str, *, begins: bool) -> TypedWord:
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
    return TypedWord(word, frozenset(terms), frozenset(names), called, frozenset(topics))


def _namesakes(conn: Connection, word: str, *, begins: bool) -> list[Namesake]:
    """Return the names that sound like a word, or else like it without its ending."""
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
        spoken.like(wanted), directory.contains_letters(word, typed)
    )
    query = query.order_by(table.c.actor, table.c.name).limit(NAMESAKES)
    return [
        Namesake(row.actor, row.name, next(p for p in row.key.split() if p.startswith(typed)))
        for row in conn.execute(query)
    ]


def _actors(
    conn: Connection, actor_ids: set[str], called: dict[str, str], typed_words: list[TypedWord]
) -> list[Actor]:
    """Return actors by name; those first that have a typed word as a whole part of their name.

    Sources without a name come last.
    """
    typed = {name_key(word.word) for word in typed_words}
    exact = {actor for actor in actor_ids if typed & set(name_key(called[actor]).split())}
    actors = directory.actors_by_id(conn, actor_ids).values()
    return sorted(
        actors,
        key=lambda actor: (actor.kind == UNNAMED, actor.id not in exact, actor.name, actor.slug),
    )


def _topics(conn: Connection, terms: Iterable[Term], *, by_story: bool = False) -> list[str]:
    """Return the topics with one of these words in their question, or in their story's title.

    A story called "Russia's war" should not find all its topics for the word Russia: pass
    ``by_story`` only for words that are no names.
    """
    kinds = (question_word, story_word) if by_story else (question_word,)
    question_terms = {Term(kind(term.word), begins=term.begins) for term in terms for kind in kinds}
    query = _match_query(conn, [frozenset(question_terms)])
    table = schema.topics
    numbers = [row.number for row in conn.execute(text(MATCHES[conn.dialect.name]), query)]
    ids = select(table.c.id).where(table.c.opened.in_(numbers[:LATEST]))
    return list(conn.execute(ids).scalars())


def topics_with(conn: Connection, word: str) -> list[str]:
    """Return the ids of the topics whose question holds a word in any of its forms."""
    terms = {Term(stem) for stem in stems_of(word)}
    return _topics(conn, terms) if terms else []


def topics_spoken_of(conn: Connection, word: str, latest: int) -> Counter[str]:
    """Count by topic (an id) the latest statements that hold a word in any of its forms.

    At most ``latest`` statements are counted.
    """
    terms = frozenset(Term(stem) for stem in stems_of(word))
    if not terms:
        return Counter()
    matches = text(f"{MATCHES[conn.dialect.name]} ORDER BY number DESC LIMIT {latest:d}")
    rows = conn.execute(matches, _match_query(conn, [terms], without=TOPIC))
    numbers = [row.number for row in rows]
    table = schema.statements
    query = select(table.c.topic).where(table.c.number.in_(numbers), table.c.known_until.is_(None))
    return Counter(conn.execute(query).scalars())


def _exact(word: TypedWord) -> Meaning:
    """Match the word itself, or a speaker of that name."""
    return frozenset(term for term in word.terms if not term.begins) | word.names


def _with_beginnings(word: TypedWord) -> Meaning:
    """Match also longer words that begin with it."""
    return word.terms | word.names


def _with_questions(word: TypedWord) -> Meaning:
    """Match also entries on topics whose question holds it."""
    return _with_beginnings(word) | {Term(topic_word(topic)) for topic in word.topics}


def _wider_meanings(
    conn: Connection, sought: list[TypedWord], scope: SearchScope
) -> list[list[Meaning]]:
    """Return three meanings of all words, each wider than the last, within a scope."""
    merged = {member for member, lane in lanes_known(conn).lane.items() if lane in scope.actors}
    scopes = [
        frozenset(Term(topic_word(topic)) for topic in scope.topics),
        frozenset(Term(actor_word(actor)) for actor in scope.actors | merged),
        frozenset(Term(year_word(year)) for year in scope.years),
    ]
    limits = [terms for terms in scopes if terms]
    return [[*map(wider, sought), *limits] for wider in (_exact, _with_beginnings, _with_questions)]


def _nearest(conn: Connection, widening: list[list[Meaning]], limit: int) -> list[int]:
    """Return the numbers of the entries that match, by the narrowest meaning first."""
    numbers: dict[int, None] = {}
    for wanted in widening:
        if len(numbers) < limit:
            numbers.update(dict.fromkeys(_latest(conn, wanted)))
    return list(numbers)[:limit]


def _best(ids: Iterable[str]) -> set[str]:
    """Return the ids that most of the words mean."""
    counted = Counter(ids)
    most = max(counted.values(), default=0)
    return {identity for identity, times in counted.items() if times == most}


def _latest(conn: Connection, wanted: list[Meaning]) -> list[int]:
    """Return the numbers of the entries that match, latest said first."""
    numbers = _recorded_last(conn, wanted)
    keys: list[tuple[int, int]] = []
    for table in (schema.statements, schema.developments):
        columns: Any = table.c
        query = select(columns.counts_from, columns.number).where(
            columns.number.in_(numbers), columns.known_until.is_(None)
        )
        keys += [(row.counts_from, row.number) for row in conn.execute(query)]
    return [number for _, number in sorted(keys, reverse=True)]


def _recorded_last(conn: Connection, wanted: list[Meaning]) -> list[int]:
    """Return the numbers of the `LATEST` recorded entries that match."""
    matches = text(f"{MATCHES[conn.dialect.name]} ORDER BY number DESC LIMIT {LATEST}")
    result = conn.execute(matches, _match_query(conn, wanted, without=TOPIC))
    return [row.number for row in result]


def _count(conn: Connection, widening: list[list[Meaning]]) -> int:
    """Count the entries that match, up to one more than `MOST_COUNTED`.

    If the exact words have that many already, wider meanings are not counted.
    """
    narrow, *_, wide = widening
    narrow_count = _matching(conn, narrow)
    return narrow_count if narrow_count > MOST_COUNTED or narrow == wide else _matching(conn, wide)


def _matching(conn: Connection, wanted: list[Meaning]) -> int:
    matches = f"{MATCHES[conn.dialect.name]} LIMIT {MOST_COUNTED + 1}"
    query = text(f"SELECT count(*) FROM ({matches}) AS found")  # noqa: S608 - our own text
    return int(conn.execute(query, _match_query(conn, wanted, without=TOPIC)).scalar_one())


def _entries(conn: Connection, numbers: list[int]) -> list[Entry]:
    by_number: dict[int, Entry] = {}
    by_number |= entries.statements(conn, numbers)
    by_number |= entries.developments(conn, [key for key in numbers if key not in by_number])
    return [by_number[number] for number in numbers if number in by_number]


def _busiest(topic: Topic) -> tuple[int, str]:
    return -topic.statements, topic.slug


def _match_query(conn: Connection, wanted: list[Meaning], *, without: str = "") -> dict[str, str]:
    """Write the query in the database's search language; terms are ASCII words in quotes."""
    both, either, neither = SIGNS[conn.dialect.name]
    write = _fts5 if conn.dialect.name == "sqlite" else _tsquery
    parts = ["(" + either.join(write(term) for term in sorted(any_of)) + ")" for any_of in wanted]
    query = "(" + both.join(parts) + ")"
    return {"wanted": query + neither.format(without) if without else query}


def _fts5(term: Term) -> str:
    return f'"{term.word}" *' if term.begins else f'"{term.word}"'


def _tsquery(term: Term) -> str:
    return f"'{term.word}':*" if term.begins else f"'{term.word}'"


class Spread(msgspec.Struct, frozen=True):
    """Counts of entries by topic, by actor (both by id) and by year."""

    topics: Counter[str]
    actors: Counter[str]
    years: Counter[int]


def spread_of(conn: Connection, numbers: Sequence[int]) -> Spread:
    """Return the spread of some statements and developments (by number), as they now are."""
    spread = Spread(Counter(), Counter(), Counter())
    _count_statements(conn, numbers, spread)
    _count_developments(conn, numbers, spread)
    return spread


def _count_statements(conn: Connection, numbers: Sequence[int], spread: Spread) -> None:
    lanes, table = lanes_known(conn), schema.statements
    ids = key(table.c.topic), key(table.c.speaker), key(table.c.on_behalf_of)
    query = select(*ids, table.c.counts_from).where(
        table.c.number.in_(numbers), table.c.known_until.is_(None)
    )
    rows = conn.execute(query).all()
    named = texts_of(
        conn, {text_key for row in rows for text_key in row[:3] if text_key is not None}
    )
    topics, pairs = Counter(row[0] for row in rows), Counter(row[1:3] for row in rows)
    for topic, count in topics.items():
        spread.topics[named[topic]] += count
    for pair, count in pairs.items():
        spoken = {lanes.of(named[text_key]) for text_key in pair if text_key is not None}
        spread.actors.update(dict.fromkeys(spoken, count))
    spread.years.update(year_of(row.counts_from) for row in rows)


def _count_developments(conn: Connection, numbers: Sequence[int], spread: Spread) -> None:
    lanes, table = lanes_known(conn), schema.developments
    query = select(table.c.topics, table.c.according_to, table.c.counts_from).where(
        table.c.number.in_(numbers), table.c.known_until.is_(None)
    )
    for topics, says, instant in conn.execute(query):
        spread.topics.update(msgspec.json.decode(topics, type=tuple[str, ...]))
        spread.actors.update([lanes.of(says)] if says else [])
        spread.years[year_of(instant)] += 1
