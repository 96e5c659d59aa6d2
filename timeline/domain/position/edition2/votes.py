"""Topics that ask for votes: positions and changes of edition 1, with kinds of edition 2."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.position import change as edition1
from timeline.domain.position.edition2.change import RULE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from timeline.domain.position.edition2.record import Record
    from timeline.domain.position.edition2.words import StatementVersion
    from timeline.domain.position.reading import Reading, Withdrawal
    from timeline.domain.position.rule import Position


def vote_changes(record: Record, as_of: int | None) -> Iterator[edition1.Change]:
    """Yield the changes of each lane."""
    for lane, readings in readings_by_lane(record.words).items():
        said = [reading for reading in readings if as_of is None or reading.counts_from <= as_of]
        for change in edition1.changes(said, withdrawals_among(said, record.withdrawals)):
            vote = as_vote(change)
            yield msgspec.structs.replace(
                vote, lanes=(lane,), before_by=lane, after_by=lane, because=("vote",)
            )


def readings_by_lane(words: Iterable[StatementVersion]) -> dict[str, list[Reading]]:
    """Return the input of edition 1: words in the speaker's lane and in that of their side."""
    by_lane: dict[str, list[Reading]] = defaultdict(list)
    for version in words:
        for lane in dict.fromkeys(filter(None, (version.speaker, version.side))):
            by_lane[lane].append(version)
    return dict(sorted(by_lane.items()))


def withdrawals_among(said: Sequence[Reading], links: Iterable[Withdrawal]) -> list[Withdrawal]:
    """Return the walk-backs whose two statements are both on the lane."""
    here = {reading.statement for reading in said}
    return [withdrawal for withdrawal in links if {withdrawal.by, withdrawal.target} <= here]


def as_votes_stand(stood: Position) -> Position:
    """Return a position of edition 1 as one of edition 2, unchanged."""
    return msgspec.structs.replace(stood, rule=RULE)


def as_vote(change: edition1.Change) -> edition1.Change:
    """Return a change of edition 1 as a vote; a first position stays one."""
    kind: edition1.Kind = "first" if change.kind == "first" else "vote"
    return msgspec.structs.replace(change, kind=kind, rule=RULE)
