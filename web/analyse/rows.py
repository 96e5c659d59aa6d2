"""The table below a chart: the answers as rows of cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from timeline.domain.instants import MICROSECONDS, parse_moment
from timeline.domain.position import MIXED
from web.analyse import figures
from web.i18n import dates
from web.i18n.translate import lazy_gettext, translator
from web.wording import stances
from web.wording.kinds import kinds_word
from web.wording.when import dated_by

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flask_babel.speaklater import LazyString

    from timeline.analysis.answers import (
        Agreement,
        ArchivedChange,
        ArchivedPosition,
        Cell,
        Polarisation,
        Tie,
    )
    from timeline.domain.scales import Scale
    from web.analyse.figures import NameLookup
    from web.wording.stances import StanceView

PROOFS = 4
"""The most statements that a cell names; files have all."""


class Column(msgspec.Struct, frozen=True):
    """A column's heading; numbers are aligned right."""

    title: LazyString
    is_number: bool = False


class CellView(msgspec.Struct, frozen=True, kw_only=True):
    """One cell: a text, perhaps a link, or a stance, or numbers of statements.

    ``noun`` has the language of a name.
    """

    text: str = ""
    href: str = ""
    noun: msgspec.Struct | None = None
    stance: StanceView | None = None
    numbers: tuple[int, ...] = ()
    more: int = 0


TOPIC, ACTOR = Column(lazy_gettext("Question")), Column(lazy_gettext("Actor"))
DAY, STANCE = Column(lazy_gettext("As of")), Column(lazy_gettext("Position"))
PAIR = (Column(lazy_gettext("Actor")), Column(lazy_gettext("and")))
QUESTIONS = Column(lazy_gettext("Questions"), is_number=True)
COLUMNS: dict[str, tuple[Column, ...]] = {
    "polarisation": (
        TOPIC,
        DAY,
        Column(lazy_gettext("Actors"), is_number=True),
        Column(lazy_gettext("above the middle"), is_number=True),
        Column(lazy_gettext("in the middle"), is_number=True),
        Column(lazy_gettext("below it"), is_number=True),
        Column(lazy_gettext("mixed"), is_number=True),
        Column(lazy_gettext("Polarisation"), is_number=True),
    ),
    "agreement": (
        *PAIR,
        Column(lazy_gettext("Words from")),
        Column(lazy_gettext("to")),
        QUESTIONS,
        Column(lazy_gettext("the same"), is_number=True),
        Column(lazy_gettext("opposite"), is_number=True),
        Column(lazy_gettext("Agreement"), is_number=True),
        Column(lazy_gettext("Steps apart"), is_number=True),
    ),
    "matrix": (TOPIC, ACTOR, DAY, STANCE, Column(lazy_gettext("Said"))),
    "networks": (
        *PAIR,
        QUESTIONS,
        Column(lazy_gettext("Congruence"), is_number=True),
        Column(lazy_gettext("Conflict"), is_number=True),
        Column(lazy_gettext("Difference"), is_number=True),
    ),
    "positions": (
        TOPIC,
        ACTOR,
        STANCE,
        Column(lazy_gettext("Statements"), is_number=True),
        Column(lazy_gettext("Proof")),
    ),
    "changes": (
        Column(lazy_gettext("Counts from")),
        TOPIC,
        ACTOR,
        Column(lazy_gettext("Kind")),
        Column(lazy_gettext("Before")),
        Column(lazy_gettext("After")),
        Column(lazy_gettext("Proof")),
    ),
}


def rows(
    question: str, shown: Sequence[Any], names: NameLookup, *, as_of: str
) -> list[Sequence[CellView]]:
    """Return the cells of answers; ``as_of`` is the moment in the address."""
    if question == "changes":
        names.read_statements(number for answer in shown for number in _dating_statements(answer))
    return [_ROWS[question](answer, names, as_of) for answer in shown]


def _polarisation(polarisation: Polarisation, names: NameLookup, _as_of: str) -> Sequence[CellView]:
    counts = (
        polarisation.actors,
        polarisation.above,
        polarisation.middle,
        polarisation.below,
        polarisation.mixed,
    )
    measure = (
        "–" if polarisation.polarisation is None else figures.figure(polarisation.polarisation)
    )
    return (
        _topic(names, polarisation.topic, polarisation.as_of),
        _day(polarisation.as_of),
        *map(_number, counts),
        _text(measure),
    )


def _agreement(agreement: Agreement, names: NameLookup, _as_of: str) -> Sequence[CellView]:
    return (
        *(_actor(names, slug) for slug in (agreement.one, agreement.other)),
        *(_day(date) for date in (agreement.since, agreement.until)),
        *map(_number, (agreement.topics, agreement.same, agreement.opposite)),
        _text(figures.share(agreement.agreement)),
        _text(figures.figure(agreement.distance)),
    )


def _matrix(cell: Cell, names: NameLookup, _as_of: str) -> Sequence[CellView]:
    return (
        _topic(names, cell.topic, cell.as_of),
        _actor(names, cell.actor),
        _day(cell.as_of),
        _stance(names, cell.topic, cell.stance if cell.value is None else cell.value, cell.rank),
        _day(cell.said),
    )


def _tie(tie: Tie, names: NameLookup, _as_of: str) -> Sequence[CellView]:
    counts = (tie.topics, tie.congruence, tie.conflict, tie.difference)
    return (*(_actor(names, slug) for slug in (tie.one, tie.other)), *map(_number, counts))


def _position(position: ArchivedPosition, names: NameLookup, as_of: str) -> Sequence[CellView]:
    return (
        _topic(names, position.topic, as_of),
        _actor(names, position.actor),
        _stance(
            names,
            position.topic,
            MIXED if position.value is None else position.value,
            position.rank,
        ),
        _number(position.statements),
        _proof(position.counted),
    )


def _dating_statements(moved: ArchivedChange) -> tuple[int, ...]:
    """Return the statements that may date a change."""
    return (*moved.after, *moved.withdrawn_by)


def _change(moved: ArchivedChange, names: NameLookup, _as_of: str) -> Sequence[CellView]:
    scale = names.topic(moved.topic).scale
    before = _text("–") if moved.from_ is None else _side(scale, moved.from_)
    counts_from = parse_moment(moved.counts_from, "counts_from") // MICROSECONDS
    return (
        _text(dates.said(dated_by(_dating_statements(moved), counts_from, names.said))),
        _topic(names, moved.topic, ""),
        _actor(names, moved.actor),
        _text(kinds_word(moved.kind)),
        before,
        _side(scale, moved.to),
        _proof((*moved.before[-1:], *_dating_statements(moved))),
    )


_ROWS: dict[str, Callable[..., Sequence[CellView]]] = {
    "polarisation": _polarisation,
    "agreement": _agreement,
    "matrix": _matrix,
    "networks": _tie,
    "positions": _position,
    "changes": _change,
}


def _topic(names: NameLookup, slug: str, as_of: str) -> CellView:
    topic = names.topic(slug)
    href = f"/t/{topic.slug}" + (f"?as_of={as_of}" if as_of else "")
    return CellView(text=topic.label, href=href, noun=topic)


def _actor(names: NameLookup, slug: str) -> CellView:
    actor = names.actor(slug)
    return CellView(text=actor.name, href=f"/a/{actor.slug}", noun=actor)


def _stance(names: NameLookup, topic: str, level: int | str, rank: int) -> CellView:
    return CellView(stance=stances.view(names.topic(topic).scale, level, rank=rank))


def _side(scale: Scale, word: str | None) -> CellView:
    level = word if word is None or word == MIXED else scale.value(word)
    return CellView(stance=stances.view(scale, level))


def _day(date: str) -> CellView:
    return CellView(text=dates.said(date))


def _number(count: int) -> CellView:
    return CellView(text=translator().figure(count))


def _text(text: str) -> CellView:
    return CellView(text=text)


def _proof(numbers: Sequence[int]) -> CellView:
    every = tuple(dict.fromkeys(numbers))
    return CellView(numbers=every[:PROOFS], more=len(every[PROOFS:]))
