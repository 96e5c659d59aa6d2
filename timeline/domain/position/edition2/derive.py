"""Edition 2 of the rule over one topic: positions, changes and findings at both clocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import DAY
from timeline.domain.nature import VOTE
from timeline.domain.position import rule as edition1
from timeline.domain.position.change import SHADES, Change
from timeline.domain.position.edition2.change import RULE, change_of
from timeline.domain.position.edition2.lanes import lanes_at
from timeline.domain.position.edition2.line import draw_line
from timeline.domain.position.edition2.moves import moves_of
from timeline.domain.position.edition2.printing import verdict_on
from timeline.domain.position.edition2.recurring import Dissent, dissents, turns
from timeline.domain.position.edition2.stands import mark_last_known, position_on
from timeline.domain.position.edition2.successions import side_moves
from timeline.domain.position.edition2.there_and_back import join_returns
from timeline.domain.position.edition2.voices import Disagreement, differing_voices
from timeline.domain.position.edition2.votes import (
    readings_by_lane,
    vote_changes,
    withdrawals_among,
)
from timeline.domain.position.edition2.words import BODIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from timeline.domain.position.edition2.lanes import Lanes
    from timeline.domain.position.edition2.moves import Move
    from timeline.domain.position.edition2.record import Record, Verdict
    from timeline.domain.position.rule import Position


class Findings(msgspec.Struct, frozen=True):
    """Findings that are no change: disagreements of voices, shades within a class, dissents."""

    voices: tuple[Disagreement, ...] = ()
    shades: tuple[Change, ...] = ()
    dissents: tuple[Dissent, ...] = ()


def changes(
    record: Record, *, as_of: int | None = None, known_at: int | None = None
) -> tuple[Change, ...]:
    """Return the changes of position on a topic, in order of time, each once.

    ``as_of`` is an instant in seconds, ``known_at`` a log position; ``None`` bounds neither.
    Votes keep their first positions; no other kind of topic has them among its changes.
    """
    live = record.known(known_at)
    if live.topic.asks == VOTE:
        return tuple(sorted(vote_changes(live, as_of), key=_in_order))
    every = changes_and_shades(live, lanes_at(live, as_of))
    return tuple(change for change in every if change.kind not in SHADES)


def findings(record: Record, *, as_of: int | None = None, known_at: int | None = None) -> Findings:
    """Return what is no change: disagreements of voices, shades, and votes against a body."""
    if record.topic.asks == VOTE:
        return Findings()
    live = record.known(known_at)
    lanes = lanes_at(live, as_of)
    return findings_on(live, lanes, changes_and_shades(live, lanes), as_of)


def findings_on(live: Record, lanes: Lanes, every: Iterable[Change], as_of: int | None) -> Findings:
    """Return the findings from lanes without votes, and ``every`` change and shade on them."""
    if live.topic.recurring:
        return Findings(dissents=tuple(dissents(lanes)))
    shades = (change for change in every if change.kind in SHADES)
    voices = differing_voices(lanes, lambda day: lanes_at(live, day * DAY - 1), as_of)
    return Findings(voices=tuple(voices), shades=tuple(shades))


def positions(
    record: Record,
    *,
    as_of: int | None = None,
    known_at: int | None = None,
    now: int | None = None,
) -> tuple[Position, ...]:
    """Return the position of each person and side with words on the topic, by lane.

    Ages count up to ``as_of``, or else up to ``now``.
    """
    live = record.known(known_at)
    if live.topic.asks == VOTE:
        return tuple(_vote_positions(live, as_of))
    lanes, moment = lanes_at(live, as_of), as_of if as_of is not None else now
    return tuple(mark_last_known(lanes, position_on(lanes, lane), moment) for lane in lanes.every)


def changes_and_shades(live: Record, lanes: Lanes) -> list[Change]:
    """Return changes and shades on a topic without votes, in order of time.

    Recurring decisions have no shades.
    """
    every = sorted(_every_change(live, lanes), key=_in_order)
    return [change for change in every if not (lanes.topic.recurring and change.kind in SHADES)]


def _every_change(live: Record, lanes: Lanes) -> Iterator[Change]:
    """Yield the changes of persons and bodies, then those of sides alone."""
    for speaker in lanes.own:
        for move in _moves(lanes, speaker, live.verdicts):
            yield change_of(move, _lanes_of(move), lanes.topic, live.verdicts)
    if lanes.topic.recurring:
        return
    for side, move in side_moves(lanes, lambda day: lanes_at(live, day * DAY - 1)):
        yield change_of(move, (side,), lanes.topic, live.verdicts)


def _moves(lanes: Lanes, speaker: str, verdicts: Sequence[Verdict]) -> Iterator[Move]:
    words, line = lanes.own[speaker], lanes.lines[speaker]
    if lanes.topic.recurring and any(version.speaker_kind in BODIES for version in words):
        yield from turns(lanes, speaker)
        return
    if lanes.topic.recurring:
        words = [version for version in words if not version.voted]
        line = draw_line(words, lanes.offices, lanes.taken_back)
    moves = moves_of(words, line, lanes.taken_back, lanes.offices)
    yield from join_returns(
        moves, {version.day for version in words}, lambda move: _is_signed(move, verdicts)
    )


def _is_signed(move: Move, verdicts: Sequence[Verdict]) -> bool:
    verdict = verdict_on(move, verdicts)
    return verdict is not None and verdict.signed


def _lanes_of(move: Move) -> tuple[str, ...]:
    """Return the lanes of a change: the speaker's, and those of sides that both ends bind."""
    before, after = move.before, move.after
    binds = before.binds & after.binds if after else before.binds
    return (before.speaker, *sorted(binds - {before.speaker}))


def _vote_positions(record: Record, as_of: int | None) -> Iterator[Position]:
    for lane, readings in readings_by_lane(record.words).items():
        links = withdrawals_among(readings, record.withdrawals)
        stood = edition1.position(readings, links, as_of=as_of)
        held_by = lane if stood.counted else None
        yield msgspec.structs.replace(stood, lane=lane, held_by=held_by, rule=RULE)


def _in_order(change: Change) -> tuple[int, tuple[int, ...], tuple[str, ...], str]:
    return change.counts_from, change.after, change.lanes, change.kind
