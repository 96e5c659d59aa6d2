"""Rows of the tables that the projector writes most, with named columns."""

from __future__ import annotations

from hashlib import blake2b
from typing import NamedTuple

import msgspec


def utterance_key(name: str | None) -> int | None:
    """Return the number of an utterance within its source: a 63-bit hash of its name."""
    if name is None:
        return None
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest()) >> 1


class Terms(msgspec.Struct, frozen=True, omit_defaults=True):
    """The condition that a statement names, and those that it drops, each by its identity.

    The identity is the id of the statement that named it first; ``actor`` (an id) is who must act.
    """

    condition: str | None = None
    actor: str | None = None
    drops: tuple[str, ...] = ()


NO_TERMS = Terms()
_terms = msgspec.json.Decoder(Terms).decode


def read_terms(written: str) -> Terms:
    """Read the conditions of a row."""
    return _terms(written) if written else NO_TERMS


def write_terms(terms: Terms) -> str:
    """Return conditions as a row stores them; mostly there are none."""
    return "" if terms == NO_TERMS else msgspec.json.encode(terms).decode()


class BearingRow(NamedTuple):
    """One version of a development on one of its topics."""

    topic: str
    number: int
    known_from: int
    known_until: int | None
    counts_from: int
    retracted: int


class SourceRow(NamedTuple):
    """One version of a source of an entry, added by the event at ``added``."""

    number: int
    document: str
    attribution: str
    reported_via: str
    added: int
    known_from: int
    known_until: int | None


class PositionRow(NamedTuple):
    """Where a lane stands."""

    topic: str
    lane: str
    stance: int | None
    lowest: int | None
    highest: int | None
    rank: int | None
    counted: str
    reported: str
    first: int | None
    last: int | None
    statements: int
    changed_from: int | None
    turned: int
    known: int
    on_record: int
    marks: str = ""


class ChangeRow(NamedTuple):
    """One change of a lane, or a step of its line."""

    topic: str
    lane: str
    day: int
    kind: str
    from_stance: int | None
    to_stance: int | None
    lowest: int | None
    highest: int | None
    counts_from: int
    before: str
    after: str
    withdrawn_by: str
    other_speaker: int
    other_wording: int
    known_at: int
    place: int = 0
    found: str = ""
    status: str = "printed"
    back_on: int | None = None
    marks: str = ""


class LogRow(NamedTuple):
    """One event, as the log page lists it: ``recorded_at`` is in µs UTC.

    It is about the entry with this ``number``, else about the noun with the id ``stream``.
    """

    position: int
    type: str
    stream: str | None
    number: int | None
    recorded_at: int
    recorded_by: str
    via: str


class SearchRow(NamedTuple):
    """The stems by which search finds a topic or an entry; ``rowid`` is its first log position."""

    rowid: int
    stems: str
