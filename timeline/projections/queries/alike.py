"""What a draft may repeat: entries of the same time or words, and topics that ask the same."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from math import log
from typing import TYPE_CHECKING

import msgspec
from rapidfuzz import fuzz, process
from sqlalchemy import select

from timeline.domain.dates import counting_instant, parse_date
from timeline.domain.development import DevelopmentRecorded
from timeline.domain.document import DocumentFiled
from timeline.domain.instants import DAY
from timeline.domain.spelling import comparable_name, name_key
from timeline.domain.statement import StatementRecorded
from timeline.projections.queries import directory, paging
from timeline.projections.queries.documents import documents_by_id
from timeline.projections.queries.entries import DevelopmentEntry, StatementEntry
from timeline.projections.queries.paging import Filter
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import lanes_known
from timeline.projections.tables.rows import utterance_key
from timeline.projections.tables.stems import stems_and_sound, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from timeline.domain.event import Event
    from timeline.domain.quote import Passage
    from timeline.domain.statement import Words
    from timeline.projections.queries.directory import Actor, Topic
    from timeline.projections.queries.entries import Entry

NEAR = 3 * DAY
ALIKE = 0.8
ALIKE_TITLES = 0.6
"""The least share of letters that two titles of one event have in common, in one order."""

ALIKE_NAMES = 0.9
"""The same for two names of one person, by their keys."""

COMPARED = 300
"""Most entries of a topic whose words are compared, the nearest in time."""

_SPACE = re.compile(r"\W+")


def draft_instant(conn: Connection, events: Sequence[Event], statement: StatementRecorded) -> int:
    """Return the instant from which an unrecorded statement would count.

    ``events`` is what recording it would append: its document, if that is new, and itself.
    """
    published = next(
        (event.published_at for event in events if isinstance(event, DocumentFiled)), None
    )
    if published is None:
        filed = documents_by_id(conn, {statement.document}).get(statement.document)
        published = filed.published_at if filed else None
    known = parse_date(published) if published else None
    return counting_instant(parse_date(statement.said_at), known, statement.recorded_at)


def statements_like(
    conn: Connection, draft: StatementRecorded, counts_from: int
) -> list[tuple[StatementEntry, float]]:
    """Return statements that a draft may repeat, with the share of common wording from 0 to 1.

    The most similar come first, then the latest recorded.
    """
    near = _near(conn, draft, counts_from)
    shares = {entry.number: likeness(draft.content, entry.words) for entry in near}
    others = [entry for entry in _around(conn, draft, counts_from) if entry.number not in shares]
    shares |= {
        entry.number: share
        for entry in others
        if (share := likeness(draft.content, entry.words)) >= ALIKE
    }
    known = {entry.number: entry for entry in (*near, *others)}
    order = sorted(shares, key=lambda number: (-shares[number], -number))
    return [(known[number], shares[number]) for number in order]


class RepeatedStatement(msgspec.Struct, frozen=True):
    """A statement that a draft repeats; ``is_verbatim`` if in the same words, or without any."""

    statement: StatementEntry
    is_verbatim: bool


def repeated_statements(
    conn: Connection, draft: StatementRecorded, counts_from: int
) -> list[RepeatedStatement]:
    """Return statements with a draft's lane and stance, in its document or made on its day.

    Those in the same words come first, then the newest. ``counts_from`` is the instant from which
    ``draft`` counts, in seconds.
    """
    repeated = [
        RepeatedStatement(
            entry, _says_the_same(draft.content, entry.words, entry.document == draft.document)
        )
        for entry in _near(conn, draft, counts_from)
        if _is_beside(draft, counts_from, entry, entry.counts_from)
    ]
    return sorted(repeated, key=lambda item: (not item.is_verbatim, -item.statement.number))


def may_repeat(conn: Connection, events: Sequence[Event], other_events: Sequence[Event]) -> bool:
    """Tell whether two unrecorded entries may be the same.

    Each is given as the events that recording it would append.
    """
    event, other = events[-1], other_events[-1]
    if isinstance(event, StatementRecorded) and isinstance(other, StatementRecorded):
        lanes, at = lanes_known(conn), draft_instant(conn, events, event)
        spoke = {lanes.of(speaker) for speaker in (event.speaker, other.speaker)}
        is_asked = event.topic == other.topic and len(spoke) == 1
        return is_asked and _is_beside(event, at, other, draft_instant(conn, other_events, other))
    if isinstance(event, DevelopmentRecorded) and isinstance(other, DevelopmentRecorded):
        return _tell_the_same(event, other)
    return False


def _is_beside(
    event: StatementRecorded, at: int, other: StatementRecorded | StatementEntry, other_at: int
) -> bool:
    """Tell whether two statements of an actor agree and are in one document, or of one day."""
    is_same = (event.stance, event.on_behalf_of) == (other.stance, other.on_behalf_of)
    return is_same and (event.document == other.document or at // DAY == other_at // DAY)


def _tell_the_same(event: DevelopmentRecorded, other: DevelopmentRecorded) -> bool:
    if event.content is None or other.content is None or not {*event.topics} & {*other.topics}:
        return False
    apart = abs(parse_date(event.happened_at).latest - parse_date(other.happened_at).latest)
    return apart <= NEAR and _titles_share(event.content.title, other.content.title) >= ALIKE_TITLES


def _says_the_same(words: Words | None, others: Words, in_one_text: bool) -> bool:  # noqa: FBT001
    """Tell whether words are the same; passages at two places of one text never are."""
    if words is None or not (words.quote or words.paraphrase or words.passage):
        return True
    is_apart = in_one_text and _stand_apart(words.passage, others.passage)
    return not is_apart and likeness(words, others) >= ALIKE


def _stand_apart(passage: Passage | None, other: Passage | None) -> bool:
    """Tell whether two passages of a text are known to have no word in common."""
    if passage is None or other is None or min(passage.start, other.start) < 0:
        return False
    return passage.end <= other.start or other.end <= passage.start


def actors_like(conn: Connection, name: str) -> list[Actor]:
    """Return actors with a name that differs from this one in a letter or two, nearest first."""
    names, key = schema.actor_names, name_key(name)
    rows = conn.execute(select(names.c.actor, names.c.key)).all()
    matches = process.extract(
        key,
        [row.key for row in rows],
        scorer=fuzz.token_sort_ratio,
        score_cutoff=ALIKE_NAMES * 100,
        limit=COMPARED,
    )
    lanes = lanes_known(conn)
    ids = dict.fromkeys(lanes.of(rows[at].actor) for _, _, at in matches)
    known = directory.actors_by_id(conn, set(ids))
    return [known[actor] for actor in ids]


def developments_like(
    conn: Connection, topics: Iterable[str], title: str, happened: int
) -> list[DevelopmentEntry]:
    """Return developments on record on these topics (ids) that may be the same, likest first.

    ``happened`` is the last instant at which it may have happened.
    """
    entries = {entry.number: entry for entry in _happened_around(conn, topics, happened)}
    shares = {number: _titles_share(title, entry.title) for number, entry in entries.items()}
    alike = (number for number, share in shares.items() if share >= ALIKE_TITLES)
    return [entries[number] for number in sorted(alike, key=lambda n: (-shares[n], -n))]


def likeness(words: Words | None, others: Words) -> float:
    """Return the share of wording that two statements have in common, from 0 to 1."""
    if words is None:
        return 0.0
    pairs = (
        (words.quote.exact if words.quote else "", others.quote.exact if others.quote else ""),
        (
            words.passage.exact if words.passage else "",
            others.passage.exact if others.passage else "",
        ),
        (words.paraphrase, others.paraphrase),
        (words.translation, others.translation),
    )
    return max(_ratio(_plain(left), _plain(right)) for left, right in pairs)


def _near(conn: Connection, draft: StatementRecorded, counts_from: int) -> list[StatementEntry]:
    lanes = lanes_known(conn)
    who = lanes.of(draft.speaker)
    members = lanes.members(who)
    wanted = Filter(actors=frozenset(members), begin=counts_from - NEAR, end=counts_from + NEAR)
    page = paging.page(conn, draft.topic, wanted, limit=COMPARED)
    return [entry for entry in _others(draft, page.entries) if entry.speaker in members]


def _around(conn: Connection, draft: StatementRecorded, counts_from: int) -> list[StatementEntry]:
    wanted = Filter(kinds=frozenset({"statement"}), end=counts_from + NEAR)
    earlier = paging.page(conn, draft.topic, wanted, limit=COMPARED)
    wanted = Filter(kinds=frozenset({"statement"}), begin=counts_from)
    later = paging.page(conn, draft.topic, wanted, newest_first=False, limit=COMPARED)
    return _others(draft, (*earlier.entries, *later.entries))


def _others(draft: StatementRecorded, entries: Sequence[Entry]) -> list[StatementEntry]:
    utterance = utterance_key(draft.utterance)
    return [
        entry
        for entry in entries
        if isinstance(entry, StatementEntry)
        and not entry.retracted
        and (entry.utterance is None or entry.utterance != utterance)
    ]


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text).casefold().strip()


def _ratio(left: str, right: str) -> float:
    if not left or not right:
        return 0.0
    return fuzz.ratio(left, right, score_cutoff=ALIKE * 100) / 100


def _happened_around(
    conn: Connection, topics: Iterable[str], happened: int
) -> Iterator[DevelopmentEntry]:
    wanted = Filter(kinds=frozenset({"development"}), begin=happened - NEAR, end=happened + NEAR)
    for topic in topics:
        for entry in paging.page(conn, topic, wanted, limit=COMPARED).entries:
            if isinstance(entry, DevelopmentEntry) and not entry.retracted:
                yield entry


def _titles_share(left: str, right: str) -> float:
    return SequenceMatcher(None, left.casefold(), right.casefold(), autojunk=False).ratio()


SHARED = 0.6
"""The least share, by weight, of the shorter question's words that both have."""

FEWEST = 2
"""The fewest words that two questions must share, unless they have no more."""

_ASKING = """
should would could shall will may might must can do does did has have had is are was were be been
there get soll sollte sollen sollten wird werden wurde ist sind hat haben hatte kann darf mag muss
ought whether ob es
"""
ASKING = frozenset(_ASKING.split())
"""Words that questions begin with: they tell no question from another."""

Word = frozenset[str]
"""The stems of a word of a question."""


def questions_alike(conn: Connection, question: str) -> list[Topic]:
    """Return the topics that may ask the same, in the language of the connection, likest first.

    Rare words count for more: "Taurus" says more than "Germany".
    """
    telling = _telling(question)
    topics = directory.topics(conn)
    known = [_telling(topic.question) for topic in topics]
    weights = _weights([telling, *known])
    shares = [
        (
            _share(telling, other, weights)
            + (comparable_name(topic.question) == comparable_name(question)),
            topic,
        )
        for topic, other in zip(topics, known, strict=True)
    ]
    alike = [(share, topic) for share, topic in shares if share >= SHARED]
    return [topic for _, topic in sorted(alike, key=lambda pair: (-pair[0], pair[1].opened))]


def _telling(question: str) -> list[Word]:
    """Return the words that tell a question from others."""
    stems_by_word = (
        stems_and_sound(word) for word in words(question) if word.casefold() not in ASKING
    )
    return [frozenset(stems) for stems in stems_by_word if stems]


def _weights(questions: Sequence[Sequence[Word]]) -> dict[str, float]:
    """Return the weight of each stem: the fewer questions have it, the more it weighs."""
    counts = Counter(stem for sequence in questions for stem in frozenset().union(*sequence))
    return {stem: log(1 + len(questions) / count) for stem, count in counts.items()}


def _share(left: Sequence[Word], right: Sequence[Word], weights: dict[str, float]) -> float:
    """Return the share of the shorter question that is in the longer one, from 0 to 1."""
    shorter, longer = sorted((left, right), key=lambda sequence: _weight(sequence, weights))
    stems = frozenset[str]().union(*longer)
    shared = [word for word in shorter if word & stems]
    if len(shared) < min(FEWEST, len(longer)) or not shared:
        return 0.0
    return _weight(shared, weights) / _weight(shorter, weights)


def _weight(question: Sequence[Word], weights: dict[str, float]) -> float:
    return sum(max(weights[stem] for stem in word) for word in question)
