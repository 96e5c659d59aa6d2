"""The cells of a comparison: a position, its date, words and source."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import DAY
from timeline.domain.position import MIXED
from timeline.domain.two_clocks import TwoClocks
from timeline.projections.queries import attached, entries
from timeline.projections.queries.answers import Ages
from timeline.projections.queries.coverage import read_coverages
from web.entries.sources import shown_sources
from web.i18n import dates
from web.i18n.languages import direction, quoted
from web.i18n.translate import translator
from web.lanes.coverage import gap_in_words
from web.wording import stances
from web.wording.quotations import in_translation
from web.wording.when import changed_on, proofs_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from timeline.domain.position import Change
    from timeline.projections.queries.compared import PositionCell
    from timeline.projections.queries.directory import Actor, Topic
    from timeline.projections.queries.entries import StatementEntry
    from web.compare.grid import Grid
    from web.entries.views import SourceView
    from web.wording.clocks import Clocks
    from web.wording.names import Names
    from web.wording.stances import StanceView

ALONE = 6
"""The fewest words of a quote that can stand alone; a shorter one needs our summary."""

LONG, BRIEF = 260, 180
"""The most characters of a quote in a cell, with two actors and with more.

A quote is never cut: a longer one is replaced by our summary.
"""

CONDITION = 120
"""Characters of a condition."""

SILENT = 90 * DAY
"""How much longer others must have spoken before a position counts as not repeated."""

LATELY = 365 * DAY
"""How long a change stands out."""

EACH = 3
"""The most answers of one day that a mixed cell names."""


class CellText(msgspec.Struct, frozen=True):
    """A quote, or our summary; ``lang`` is the language of a quote.

    ``field`` is the statement's field of a summary.
    """

    text: str
    field: str
    entry: StatementEntry
    lang: str = ""
    direction: str = "ltr"
    in_translation: str = ""


class CellStatement(msgspec.Struct, frozen=True):
    """A statement with its stance, day and address, and ``by`` whom if somebody speaks for it."""

    stance: StanceView
    when: str
    machine: str
    href: str
    words: CellText | None = None
    by: str = ""


class Shift(msgspec.Struct, frozen=True):
    """The last change of a position: the word before, and the date."""

    came_from: str
    on: str
    is_recent: bool


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """Where an actor stands on a question; without ``said`` there is no statement.

    ``column`` is its heading: the actor's name in a comparison. ``each`` are differing answers of
    one day, ``again`` is a later statement without a new position, ``now`` is the position now if
    it ``differs``. ``unwatched`` says since when nobody watched, so that a repetition would be
    unknown. ``is_last_known`` if the position is older than the topic's limit at the moment shown.
    ``is_hidden`` if the position rests on statements that the filter leaves out.
    """

    column: str
    said: CellStatement | None = None
    words: CellText | None = None
    condition: str = ""
    each: list[CellStatement] = []
    change: Shift | None = None
    is_silent: bool = False
    is_last_known: bool = False
    is_hidden: bool = False
    unwatched: str = ""
    again: CellStatement | None = None
    source: SourceView | None = None
    differs: bool = False
    now: StanceView | None = None


class CellMaker:
    """Makes the cells of a grid; each kind of record is read once for all cells."""

    def __init__(
        self, conn: Connection, grid: Grid, names: Names, clocks: Clocks, moment: int
    ) -> None:
        self._grid, self._clocks, self._moment = grid, clocks, moment
        self._length = LONG if len(grid.actors) <= 2 else BRIEF  # noqa: PLR2004 - two columns
        known = clocks.known_at
        self._said = entries.statements(conn, _numbers(grid.positions.values()), known)
        self._now = {}
        if grid.positions_now is not grid.positions:
            self._now = entries.statements(conn, _numbers(grid.positions_now.values()))
        names.learn(self._said.values())
        proofs = [proof for cell in grid.positions.values() if (proof := cell.position.counted[-1])]
        self._sources = attached.sources(conn, proofs, known)
        names.documents(
            {source.document for sources in self._sources.values() for source in sources}
        )
        self._names = names
        topics = [
            topic for topic in grid.topics if any(topic.id == key for key, _ in grid.positions)
        ]
        self._ages = Ages(conn, topics, TwoClocks(clocks.as_of, known), moment)
        self._watched = read_coverages(conn, {topic for topic, _ in grid.positions}, known)

    def said_on(self, number: int) -> str:
        """Return in words when a statement of the cells was said; empty for any other."""
        entry = self._said.get(number)
        return dates.said(entry.said_at) if entry else ""

    def row(self, topic: Topic) -> list[Cell]:
        """Return the cells of a question, in the order of the actors."""
        spoke = {
            lane[1]: cell.spoke_at
            for lane, cell in self._grid.positions.items()
            if lane[0] == topic.id
        }
        return [
            self._cell(topic, actor, _last_of_others(spoke, actor)) for actor in self._grid.actors
        ]

    def _cell(self, topic: Topic, actor: Actor, others_spoke: int) -> Cell:
        lane = topic.id, actor.id
        held, differs = self._grid.positions.get(lane), self._grid.differs(lane)
        now = self._reads_now(topic, self._grid.positions_now.get(lane)) if differs else None
        entry = self._said.get(held.position.counted[-1]) if held else None
        if held is None or entry is None:
            hidden = lane in self._grid.hidden
            return Cell(column=actor.name, is_hidden=hidden, differs=differs, now=now)
        position = held.position
        answers = [self._said[n] for n in position.counted if n in self._said][:EACH]
        sources = shown_sources(entry, self._sources.get(entry.number, ())[:1], self._names)
        said = self._statement(topic, actor, entry)
        stance = stances.of_position(topic.scale, position, self._said)
        is_mixed = position.stance == MIXED
        unwatched = self._unwatched(topic, actor, held)
        return Cell(
            column=actor.name,
            said=msgspec.structs.replace(said, stance=stance, words=None),
            words=None if is_mixed else said.words,
            condition="" if is_mixed else _condition(entry),
            each=[self._statement(topic, actor, entry) for entry in answers] if is_mixed else [],
            is_silent=not unwatched and 0 < held.spoke_at < others_spoke - SILENT,
            is_last_known=self._ages.is_last_known(topic.id, actor.id),
            unwatched=unwatched,
            again=self._again(topic, actor, held),
            source=next(iter(sources), None),
            differs=differs,
            now=now,
            change=self._shift(topic, held.moved),
        )

    def _unwatched(self, topic: Topic, actor: Actor, held: PositionCell) -> str:
        """Describe the last gap in watching between an actor's statement and the moment."""
        watched = self._watched[topic.id]
        gaps = watched.gaps_between(held.spoke_at + 1, self._moment + 1, actor.id)
        return gap_in_words(gaps[-1]) if gaps else ""

    def _shift(self, topic: Topic, moved: Change | None) -> Shift | None:
        if moved is None:
            return None
        before = stances.word(topic.scale, moved.from_)
        is_recent = moved.counts_from > self._moment - LATELY
        return Shift(before, changed_on(moved, self._said), is_recent)

    def _again(self, topic: Topic, actor: Actor, held: PositionCell) -> CellStatement | None:
        """Return the last statement if it is later than that of the position."""
        entry, proof = self._said.get(held.spoke_in), self._said.get(held.position.counted[-1])
        if entry is None or proof is None or entry.counts_from <= proof.counts_from:
            return None
        return self._statement(topic, actor, entry)

    def _statement(self, topic: Topic, actor: Actor, entry: StatementEntry) -> CellStatement:
        known, speaker = self._clocks.known_at, self._names.lane(entry.speaker)
        return CellStatement(
            stances.of(topic.scale, entry),
            dates.said(entry.said_at),
            dates.machine(entry.counts_from),
            f"/s/{entry.number}" + ("" if known is None else f"@{known}"),
            _words(entry, self._length),
            "" if speaker.id == actor.id else speaker.name,
        )

    def _reads_now(self, topic: Topic, held: PositionCell | None) -> StanceView | None:
        return stances.of_position(topic.scale, held.position, self._now) if held else None


def _last_of_others(spoke: dict[str, int], actor: Actor) -> int:
    return max((at for by, at in spoke.items() if by != actor.id), default=0)


def _numbers(held: Iterable[PositionCell]) -> set[int]:
    return {
        n
        for cell in held
        for n in (
            *cell.position.counted,
            cell.spoke_in,
            *(proofs_of(cell.moved) if cell.moved else ()),
        )
        if n
    }


def _condition(entry: StatementEntry) -> str:
    text = "" if entry.withheld else entry.words.condition
    return textwrap.shorten(text, CONDITION, placeholder=" …")


def _words(entry: StatementEntry, length: int) -> CellText | None:
    """Return a quote that the reader can read and that stands alone, else our summary."""
    words = entry.words
    if entry.withheld:
        return None
    quote = words.quote
    is_read = (
        quote is not None and quote.lang.partition("-")[0] == translator().code.partition("_")[0]
    )
    stands_alone = quote is not None and entry.quote_carries and len(quote.exact.split()) >= ALONE
    if quote is not None and is_read and stands_alone and len(quote.exact) <= length:
        return _quote(entry)
    summaries = {"paraphrase": words.paraphrase, "translation": words.translation}
    for field, text in summaries.items():
        if text:
            return CellText(textwrap.shorten(text, LONG, placeholder=" …"), field, entry)
    return _quote(entry)


def _quote(entry: StatementEntry) -> CellText | None:
    quote = entry.words.quote
    if quote is None:
        return None
    words, how = quoted(quote.exact, quote.lang), in_translation(quote)
    return CellText(words, "", entry, quote.lang, direction(quote.lang), how)
