"""All wordings of a lane: each once while it is repeated, with what differs from the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import entries
from web.i18n import dates
from web.i18n.quotation_marks import direction
from web.lanes.wordings import compare_words
from web.wording import rewording, stances
from web.wording.changed_words import Piece, Rewording
from web.wording.quotations import in_translation
from web.wording.stances import StanceView

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.projections.queries.entries import StatementEntry
    from web.wording.names import Names

AROUND = 20
"""Statements before and after the two that are listed."""


class Wording(msgspec.Struct, frozen=True, kw_only=True):
    """One wording: the first statement that has it, and how often it was repeated at once.

    ``pieces`` are its words, marked where they differ from the wording before; ``gone`` are the
    words that it lacks. ``holds`` are the numbers of all statements that have it.
    """

    number: int
    holds: tuple[int, ...]
    stance: StanceView
    said: str
    machine: str
    again: str
    pieces: tuple[Piece, ...]
    lang: str
    direction: str
    in_translation: str
    gone: list[str]
    field: str
    entry: StatementEntry


def all_wordings(
    conn: Connection, numbers: list[int], at: tuple[int, int], names: Names, known_at: int | None
) -> tuple[list[Wording], int]:
    """Return the wordings around two statements, whose places are ``at``, and count the rest."""
    near = [*range(max(at[0] - AROUND, 0), min(at[1] + AROUND + 1, len(numbers)))]
    if len(near) > 4 * AROUND:
        near = [*near[: 2 * AROUND], *near[-2 * AROUND :]]
    shown = [numbers[place] for place in near]
    found = entries.statements(conn, shown, known_at)
    said = [found[number] for number in shown if number in found]
    return _wordings(said, names), len(numbers) - len(shown)


def _wordings(said: list[StatementEntry], names: Names) -> list[Wording]:
    groups: list[list[StatementEntry]] = []
    for one in said:
        if groups and _text(groups[-1][0]) == _text(one) and groups[-1][0].stance == one.stance:
            groups[-1].append(one)
        else:
            groups.append([one])
    before = [None, *(group[-1] for group in groups)]
    return [_wording(group, old, names) for old, group in zip(before, groups, strict=False)]


def _wording(group: list[StatementEntry], before: StatementEntry | None, names: Names) -> Wording:
    first, last = group[0], group[-1]
    changed = compare_words(before, first) if before else None
    quote = first.words.quote if not first.withheld else None
    return Wording(
        number=first.number,
        holds=tuple(one.number for one in group),
        stance=stances.of(names.topic(first.topic).scale, first),
        said=dates.said(first.said_at),
        machine=dates.machine(first.counts_from),
        again=rewording.again(len(group) - 1, dates.said(last.said_at)) if group[1:] else "",
        pieces=_marked(changed, _text(first)),
        lang=quote.lang if quote else "",
        direction=direction(quote.lang) if quote else "ltr",
        gone=changed.gone if changed and changed.is_marked else [],
        in_translation=in_translation(quote),
        field="" if quote else "paraphrase",
        entry=first,
    )


def _marked(changed: Rewording | None, text: str) -> tuple[Piece, ...]:
    if changed is None or not changed.is_marked:
        return (Piece(text, "both"),) if text else ()
    return changed.later


def _text(entry: StatementEntry) -> str:
    """Return verbatim words, else our own."""
    if entry.withheld:
        return ""
    quote = entry.words.quote
    return quote.exact if quote else entry.words.paraphrase or entry.words.translation
