"""What may be on record already: the same actor at the same time, or much the same words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
from rapidfuzz import fuzz

from timeline.domain.instants import DAY
from timeline.projections.queries import paging
from timeline.projections.queries.entries import StatementEntry
from timeline.projections.queries.paging import Filter
from timeline.projections.tables.lanes import lane_of
from web.entries.presenter import Presenter
from web.entries.views import StatementView
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from timeline.domain.statement import StatementRecorded, Words
    from timeline.projections.queries.entries import Entry

NEAR = 3 * DAY
ALIKE = 0.8
COMPARED = 300
"""Statements of a topic, the nearest in time, whose words are compared."""

SHOWN = 3
_SPACE = re.compile(r"\W+")


class Twin(msgspec.Struct, frozen=True):
    """A statement that may be the same; ``alike`` is the share of common wording in percent."""

    statement: StatementView
    alike: int
    same_source: bool


def twins(
    conn: Connection, draft: StatementRecorded, counts_from: int, dismissed: Sequence[str]
) -> list[Twin]:
    """Return what the statement may repeat: likest words first, then nearest in time."""
    near = _near(conn, draft, counts_from)
    found = {one.number: likeness(draft.content, one.words) for one in near}
    others = [one for one in _around(conn, draft, counts_from) if one.number not in found]
    found |= {
        one.number: share
        for one in others
        if (share := likeness(draft.content, one.words)) >= ALIKE
    }
    known = {one.number: one for one in (*near, *others)}
    order = sorted(found, key=lambda number: (-found[number], -number))
    chosen = [known[number] for number in order if str(number) not in dismissed][:SHOWN]
    presenter = Presenter(conn, Names(conn), chosen)
    return [
        Twin(
            presenter.statement(one),
            round(found[one.number] * 100),
            one.document == draft.document,
        )
        for one in chosen
    ]


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
    return max(_ratio(_plain(one), _plain(other)) for one, other in pairs)


def _near(conn: Connection, draft: StatementRecorded, counts_from: int) -> list[StatementEntry]:
    lanes = lane_of(conn)
    who = lanes.get(draft.speaker, draft.speaker)
    members = {who} | {member for member, lane in lanes.items() if lane == who}
    wanted = Filter(actors=frozenset(members), begin=counts_from - NEAR, end=counts_from + NEAR)
    page = paging.page(conn, draft.topic, wanted, limit=COMPARED)
    return [one for one in _others(draft, page.entries) if one.speaker in members]


def _around(conn: Connection, draft: StatementRecorded, counts_from: int) -> list[StatementEntry]:
    wanted = Filter(kinds=frozenset({"statement"}), end=counts_from + NEAR)
    earlier = paging.page(conn, draft.topic, wanted, limit=COMPARED)
    wanted = Filter(kinds=frozenset({"statement"}), begin=counts_from)
    later = paging.page(conn, draft.topic, wanted, newest_first=False, limit=COMPARED)
    return _others(draft, (*earlier.entries, *later.entries))


def _others(draft: StatementRecorded, found: Sequence[Entry]) -> list[StatementEntry]:
    return [
        one
        for one in found
        if isinstance(one, StatementEntry)
        and not one.retracted
        and (one.utterance is None or one.utterance != draft.utterance)
    ]


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text).casefold().strip()


def _ratio(one: str, other: str) -> float:
    if not one or not other:
        return 0.0
    return fuzz.ratio(one, other, score_cutoff=ALIKE * 100) / 100
