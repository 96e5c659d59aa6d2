"""Changes between the ends of one line: which ends are compared, and the kind of change."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.position.change import SHADES
from timeline.domain.position.edition2.line import (
    End,
    Line,
    draw_line,
    in_sequence,
    is_certain,
    last_own,
)
from timeline.domain.position.edition2.words import StatementVersion, sign

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from timeline.domain.position.change import Kind
    from timeline.domain.position.edition2.mandates import Offices
    from timeline.domain.position.edition2.walk_backs import TakenBack


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """Two ends that differ; ``after`` is ``None`` if words were taken back and nothing is left.

    ``stands_again`` says that ``after`` is older than ``before``, which was taken back.
    ``between`` are the statements between both ends, ``returns_to`` earlier ones that said the
    later thing; ``back`` is the end that returned to ``before`` within two weeks.
    """

    kind: Kind
    before: End
    after: End | None
    taken_back_by: tuple[StatementVersion, ...] = ()
    stands_again: bool = False
    between: tuple[int, ...] = ()
    returns_to: tuple[int, ...] = ()
    back: End | None = None

    @property
    def made_by(self) -> tuple[StatementVersion, ...]:
        """The words that made the change: the later ones, and those that took others back."""
        after = self.after.words if self.after and not self.stands_again else ()
        return (*after, *(version for version in self.taken_back_by if version not in after))

    @property
    def certain(self) -> bool:
        """Whether the dates of both the earlier end and the words of the change are certain."""
        return self.before.certain and is_certain(self.made_by)

    @property
    def at(self) -> int:
        """The instant by which all words that made the change had certainly been said."""
        return max(version.counts_from for version in self.made_by)


def moves_of(
    words: Sequence[StatementVersion],
    last: Line,
    taken_back: Mapping[int, TakenBack],
    offices: Offices,
) -> Iterator[Move]:
    """Yield the changes of one person or body, by their own words, oldest first.

    ``last`` is the line of what they did not take back.
    """
    stops = sorted(
        {taken_back[version.statement].day for version in words if version.statement in taken_back}
    )
    was, seen = Line(), set[int]()
    for start, stop in zip([None, *stops], [*stops, None], strict=True):
        line = last
        if stop is not None:
            line = draw_line(_standing(words, taken_back, stop), offices)
        if start is not None and _is_lost(was, taken_back, start):
            yield from _withdrawn(was.ends[-1], line, taken_back, start)
            seen.add(start)
        seen |= {end.day for end in line.ends if _says_again(was, end)}
        yield from _compared(line, seen)
        seen |= {end.day for end in line.ends}
        was = line


def _says_again(was: Line, end: End) -> bool:
    """Tell whether an end repeats an earlier one that it stood beside.

    Their dates overlap, so what it says was reported with the earlier one.
    """
    return end.words in [other.words for other in was.beside] and any(
        (other.state, other.direction) == (end.state, end.direction)
        and other.day < end.day
        and not in_sequence(other, end)
        for other in was.ends
    )


def _standing(
    words: Iterable[StatementVersion], taken_back: Mapping[int, TakenBack], stop: int
) -> Iterator[StatementVersion]:
    """Yield the words said before a day and not taken back before it."""
    for version in words:
        back = taken_back.get(version.statement)
        if version.day < stop and (back is None or (version.day < back.day and back.day >= stop)):
            yield version


def _compared(line: Line, seen: set[int]) -> Iterator[Move]:
    by_day = sorted((*line.ends, *line.beside), key=lambda end: end.day)
    days = [end.day for end in by_day]
    for place, end in enumerate(line.ends):
        move = None if end.day in seen else compare(line.ends[:place], end)
        if move:
            first, last = bisect_right(days, move.before.day), bisect_left(days, end.day)
            yield msgspec.structs.replace(
                move,
                between=tuple(number for other in by_day[first:last] for number in other.numbers),
                returns_to=_said_before(line.ends[:place], move),
            )


def compare(earlier: Sequence[End], end: End) -> Move | None:
    """Return the change that an end makes after all ends before it on its line, if any."""
    last, last_word = last_own(earlier), earlier[-1] if earlier else None
    if last is None or (last_word and last_word.joint and last_word.state == end.state):
        return None
    turned_from = _opposite(earlier, end)
    if turned_from:
        return Move(kind="reversal", before=turned_from, after=end)
    kind = _kind(last, end)
    return Move(kind=kind, before=last, after=end) if kind else None


def _opposite(earlier: Sequence[End], end: End) -> End | None:
    """Return the last end with a direction, if this end has the opposite direction."""
    directed = (other for other in reversed(earlier) if other.direction and not other.joint)
    last = next(directed, None)
    return last if last and sign(last.direction) == -sign(end.direction) else None


def _kind(last: End, end: End) -> Kind | None:
    was, now = sign(last.direction), sign(end.direction)
    if was == now and last.terms != end.terms:
        return "terms"
    if was != now:
        return "settles" if now else "opens"
    if last.direction == end.direction:
        return None
    return "firmer" if abs(end.direction) > abs(last.direction) else "softer"


def _said_before(earlier: Sequence[End], move: Move) -> tuple[int, ...]:
    """Return the statements that last said the later thing, before the earlier end."""
    after = move.after
    if after is None or move.kind in SHADES:
        return ()
    for end in reversed(earlier):
        if end.state == after.state and not end.joint:
            return end.numbers
    return ()


def _is_lost(was: Line, taken_back: Mapping[int, TakenBack], day: int) -> bool:
    """Tell whether all words of the last end were taken back by a day."""
    return bool(was.ends) and all(
        version.statement in taken_back and taken_back[version.statement].day <= day
        for version in was.ends[-1].words
    )


def _withdrawn(
    last: End, line: Line, taken_back: Mapping[int, TakenBack], day: int
) -> Iterator[Move]:
    """Yield a change for last words taken back on a day, unless the same state remains."""
    after = next((end for end in reversed(line.ends) if end.day <= day), None)
    if after and (after.state, after.direction) == (last.state, last.direction):
        return
    by = {
        version.statement: version for number in last.numbers for version in taken_back[number].by
    }
    yield Move(
        kind="withdrawn",
        before=last,
        after=after,
        taken_back_by=tuple(by[number] for number in sorted(by)),
        stands_again=after is not None and after.day < day,
    )
