"""Where the words of statements are in the text of their source, or in a later version of it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.document import DocumentSnapshotTaken
from timeline.projections.queries.documents import documents_with_text
from timeline.projections.queries.entries import StatementEntry
from timeline.projections.queries.selected_entries import entries_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection

    from timeline.projections.queries.entries import Entry
    from timeline.stores.log import EventLog

NOWHERE = -1
RUN = 5
"""Texts are compared by runs of so many words."""

ALIKE = 0.6
"""Two texts are alike if they share this part of the shorter one's runs."""

MOST_HOLDERS = 50
"""A run of words in more texts than this is ignored: it is a footer, or a form."""

_WORD = re.compile(r"\w+")


class Anchor(msgspec.Struct, frozen=True):
    """The words of a statement and their place in a text; ``start`` is -1 for nowhere."""

    number: int
    words: str
    start: int = NOWHERE
    end: int = NOWHERE


class CheckedDocument(msgspec.Struct, frozen=True):
    """How the text of a source matches the entries from it.

    ``texts`` counts the stored versions of its text, ``entries`` those from it, ``found`` those
    whose words are in the latest version; ``missing`` are the numbers of those whose words are not.
    ``alike`` are the ids of other documents with nearly the same text.
    """

    document: str
    name: str
    texts: int
    entries: int
    found: int
    missing: tuple[int, ...]
    alike: tuple[str, ...] = ()


def place_of(text: str, words: str, near: int = 0) -> int:
    """Return the place of words in a text, from ``near`` on or else anywhere; -1 if not in it."""
    start = text.find(words, near) if words else NOWHERE
    return text.find(words) if words and start < 0 else start


def find_anchors(text: str, entries: Iterable[Entry]) -> list[Anchor]:
    """Return the anchors of statements in a text; statements without words are left out."""
    placed = []
    for entry in entries:
        words = (
            (entry.words.passage or entry.words.quote)
            if isinstance(entry, StatementEntry)
            else None
        )
        if words is None or not words.exact:
            continue
        start = place_of(text, words.exact, max(words.start, 0))
        end = start + len(words.exact) if start >= 0 else NOWHERE
        placed.append(Anchor(entry.number, words.exact, start, end))
    return placed


def snapshots(log: EventLog, document: str) -> list[str]:
    """Return the stored texts of a document, oldest first; erased ones are left out."""
    events = log.stream_of(document)
    taken = (event for event in events if isinstance(event, DocumentSnapshotTaken))
    return [event.content.text for event in taken if event.content]


def check_documents(conn: Connection, log: EventLog) -> Iterator[CheckedDocument]:
    """Check every document with a stored text, in the order in which they were filed."""
    known = {source.id: source for source in reversed(documents_with_text(conn))}
    texts = {key: (len(stored), stored[-1]) for key in known if (stored := snapshots(log, key))}
    alike = _alike({key: text for key, (_, text) in texts.items()})
    for document, (versions, text) in texts.items():
        entries = entries_from(conn, document)
        placed = find_anchors(text, entries)
        source = known[document]
        yield CheckedDocument(
            document,
            source.title or source.outlet or source.url,
            versions,
            len(entries),
            sum(anchor.start >= 0 for anchor in placed),
            tuple(anchor.number for anchor in placed if anchor.start < 0),
            tuple(alike[document]),
        )


def _alike(texts: dict[str, str]) -> dict[str, list[str]]:
    """Return for each text (by id) the others that share most of their runs of words with it.

    Runs in more than `MOST_HOLDERS` texts do not count: a footer makes no texts alike, and memory
    stays small. So a report that more texts repeat is not found.
    """
    runs = {key: _runs(text) for key, text in texts.items()}
    holders: dict[int, list[str]] = defaultdict(list)
    for key, its_runs in runs.items():
        for run in its_runs:
            holders[run].append(key)
    shared: Counter[tuple[str, str]] = Counter()
    for run, keys in holders.items():
        if len(keys) > MOST_HOLDERS:
            for key in keys:
                runs[key].discard(run)
            continue
        shared.update(combinations(keys, 2))
    alike: dict[str, list[str]] = {key: [] for key in texts}
    for (left, right), count in shared.items():
        if count >= ALIKE * min(len(runs[left]), len(runs[right])):
            alike[left].append(right)
            alike[right].append(left)
    return alike


def _runs(text: str) -> set[int]:
    words = _WORD.findall(text.casefold())
    return {hash(tuple(words[at : at + RUN])) for at in range(max(0, len(words) - RUN + 1))}
