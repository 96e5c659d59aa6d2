"""Where the words of entries stand in the text of their source, and in a later version of it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.document import DocumentSnapshotTaken
from timeline.projections.queries import sourced
from timeline.projections.queries.documents import documents_with_text
from timeline.projections.queries.entries import StatementEntry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection

    from timeline.projections.queries.entries import Entry
    from timeline.stores.log import EventLog

NOWHERE = -1
RUN = 5
"""Words in a row by which two texts are compared."""

ALIKE = 0.6
"""The least share of the shorter text's runs that two texts of one report have in common."""

MOST_HOLDERS = 50
"""Texts that may hold a run of words before it tells nothing of them: it is a footer, or a form."""

_WORD = re.compile(r"\w+")


class Anchored(msgspec.Struct, frozen=True):
    """The words of a statement, and where they stand in a text: nowhere, if ``start`` is -1."""

    number: int
    words: str
    start: int = NOWHERE
    end: int = NOWHERE


class CheckedDocument(msgspec.Struct, frozen=True):
    """How a source stands to what is recorded from it.

    ``texts`` counts the versions of its text that are kept, ``entries`` what is on record from it,
    ``found`` those whose words stand in the latest version; ``missing`` are the numbers of those
    whose words do not. ``alike`` are the ids of other documents with much the same text.
    """

    document: str
    name: str
    texts: int
    entries: int
    found: int
    missing: tuple[int, ...]
    alike: tuple[str, ...] = ()


def place_of(text: str, words: str, near: int = 0) -> int:
    """Return where words stand in a text, from ``near`` on or else anywhere; -1 for nowhere."""
    start = text.find(words, near) if words else NOWHERE
    return text.find(words) if words and start < 0 else start


def anchored(text: str, entries: Iterable[Entry]) -> list[Anchored]:
    """Return where the words of statements stand in a text; those without words are left out."""
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
        placed.append(Anchored(entry.number, words.exact, start, end))
    return placed


def snapshots(log: EventLog, document: str) -> list[str]:
    """Return the texts of a document that are kept, oldest first; erased ones are left out."""
    taken = (event for event in log.stream_of(document) if isinstance(event, DocumentSnapshotTaken))
    return [one.content.text for one in taken if one.content]


def check_documents(conn: Connection, log: EventLog) -> Iterator[CheckedDocument]:
    """Yield every document whose text is kept, in the order in which they were filed."""
    known = {one.id: one for one in reversed(documents_with_text(conn))}
    texts = {one: (len(kept), kept[-1]) for one in known if (kept := snapshots(log, one))}
    alike = _alike({one: text for one, (_, text) in texts.items()})
    for document, (versions, text) in texts.items():
        entries = sourced.entries_from(conn, document)
        placed = anchored(text, entries)
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
    """Return for each text those that share most of their runs of words with it.

    Runs that more than `MOST_HOLDERS` texts hold do not count, so that what every page of an outlet
    ends with makes none alike, and no pair of them all has to be kept. Of a report that more texts
    than that repeat nothing is found.
    """
    runs = {one: _runs(text) for one, text in texts.items()}
    holders: dict[int, list[str]] = defaultdict(list)
    for one, held in runs.items():
        for run in held:
            holders[run].append(one)
    shared: Counter[tuple[str, str]] = Counter()
    for run, names in holders.items():
        if len(names) > MOST_HOLDERS:
            for one in names:
                runs[one].discard(run)
            continue
        shared.update((a, b) for at, a in enumerate(names) for b in names[at + 1 :])
    found: dict[str, list[str]] = {text: [] for text in texts}
    for (one, other), count in shared.items():
        if count >= ALIKE * min(len(runs[one]), len(runs[other])):
            found[one].append(other)
            found[other].append(one)
    return found


def _runs(text: str) -> set[int]:
    words = _WORD.findall(text.casefold())
    return {hash(tuple(words[at : at + RUN])) for at in range(max(0, len(words) - RUN + 1))}
