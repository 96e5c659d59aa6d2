"""Recurring decisions: turns of direction, and votes against the body."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.position.edition2.moves import Move
from timeline.domain.position.edition2.words import is_body, sign

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.domain.position.edition2.lanes import Lanes
    from timeline.domain.position.edition2.line import End
    from timeline.domain.position.edition2.words import StatementVersion


class Dissent(msgspec.Struct, frozen=True):
    """A recorded vote against the body; ``direction`` is ``None`` if it is unknown."""

    body: str
    person: str
    day: int
    decision: int
    vote: int
    decided: int
    direction: int | None


def turns(lanes: Lanes, body: str) -> Iterator[Move]:
    """Yield the turns of a body's decisions; decisions to keep things as they are do not count."""
    last: End | None = None
    passed: list[int] = []
    line = lanes.lines[body]
    for end in sorted((*line.ends, *line.beside), key=lambda end: end.day):
        if end in line.beside or not end.direction:
            passed += end.numbers
            continue
        if last and sign(last.direction) != sign(end.direction):
            yield Move(kind="reversal", before=last, after=end, between=tuple(passed))
        last, passed = (last, [*passed, *end.numbers]) if end.joint else (end, [])


def dissents(lanes: Lanes) -> Iterator[Dissent]:
    """Yield the votes against a body's decision on the same occasion, earliest first."""
    every = [version for some in lanes.said.values() for version in some if not version.retracted]
    decided = {
        version.occasion: version
        for version in sorted(every, key=lambda version: version.statement)
        if version.takes_position and is_body(version)
    }
    decided.pop(None, None)
    votes = [version for version in every if version.voted and not is_body(version)]
    for vote in sorted(votes, key=lambda version: (version.counts_from, version.statement)):
        decision = decided.get(vote.occasion)
        if decision and (vote.against or vote.stance not in (None, decision.stance)):
            yield _dissent(decision, vote)


def _dissent(decision: StatementVersion, vote: StatementVersion) -> Dissent:
    return Dissent(
        body=decision.speaker,
        person=vote.speaker,
        day=vote.day,
        decision=decision.statement,
        vote=vote.statement,
        decided=decision.stance or 0,
        direction=vote.stance,
    )
