"""Walk-backs: which words were taken back, by whom, and on which day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.position.edition2.words import StatementVersion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from timeline.domain.position.edition2.mandates import Offices
    from timeline.domain.position.reading import Withdrawal


class TakenBack(msgspec.Struct, frozen=True):
    """The words of the first day that took a statement back."""

    day: int
    by: tuple[StatementVersion, ...]


def taken_back_by_speaker(
    words: Iterable[StatementVersion], links: Iterable[Withdrawal]
) -> dict[int, TakenBack]:
    """Return the walk-backs of speakers' own words, by statement."""
    return _taken_back(words, links, lambda by, target: by.speaker == target.speaker)


def taken_back_for_side(
    words: Iterable[StatementVersion], links: Iterable[Withdrawal], offices: Offices
) -> dict[int, TakenBack]:
    """Return the walk-backs of words on a side's behalf, by the body or another decider."""

    def by_side(by: StatementVersion, target: StatementVersion) -> bool:
        return by.speaker != target.speaker and target.side in (
            by.speaker,
            *offices.decided_sides(by),
        )

    return _taken_back(words, links, by_side)


def _taken_back(
    words: Iterable[StatementVersion],
    links: Iterable[Withdrawal],
    may: Callable[[StatementVersion, StatementVersion], bool],
) -> dict[int, TakenBack]:
    """Return the unretracted walk-backs of an equal or higher rank, of any stance."""
    said = {version.statement: version for version in words}
    by_target: dict[int, list[StatementVersion]] = {}
    for link in links:
        by, target = said.get(link.by), said.get(link.target)
        if by and target and not by.retracted and by.rank <= target.rank and may(by, target):
            by_target.setdefault(link.target, []).append(by)
    return {number: _first(some) for number, some in by_target.items()}


def _first(some: list[StatementVersion]) -> TakenBack:
    day = min(version.day for version in some)
    by = sorted(
        (version for version in some if version.day == day), key=lambda version: version.statement
    )
    return TakenBack(day, tuple(by))
