"""Where an actor moved: the days whose position differs from the one before, and the proof."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from timeline.domain.position.lane import Lane
from timeline.domain.position.reading import (
    RULE,
    Reading,
    WalkBack,
    Withdrawal,
    known,
    walk_backs,
)
from timeline.domain.position.standing import NOTHING_SAID, ProvenStance, Stance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Kind: TypeAlias = Literal[
    "first",
    "reported",
    "reversal",
    "shift",
    "step",
    "withdrawn",
    "succession",
    "vote",
    "terms",
    "opens",
    "settles",
    "firmer",
    "softer",
]
"""What a change is: *shift* and *reported* of edition 1 alone, from *step* on of edition 2."""

Status: TypeAlias = Literal["printed", "waiting", "declined"]

SHADES = ("firmer", "softer")
"""Shades within a class: findings that may be signed, but count nowhere."""

HIDDEN_KINDS = ("first", "step", *SHADES)
"""Kinds that readers do not see as changes: first words, a step of a line, and shades."""


class Step(msgspec.Struct, frozen=True):
    """The position at the end of a day on which words were added or taken back.

    ``taken_back`` holds the walk-backs of that day, by the number of the statement that they
    removed.
    """

    day: int
    standing: ProvenStance
    taken_back: dict[int, list[WalkBack]]


class Side(msgspec.Struct, frozen=True):
    """One side of a change: a position, the words that prove it, and when they became known."""

    stance: Stance
    words: tuple[Reading, ...]
    known_from: int


class Ending(msgspec.Struct, frozen=True):
    """What ended a position: the words of walk-backs, and when the end became known."""

    words: tuple[Reading, ...] = ()
    known_from: int = 0


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Two positions, one after the other, that differ.

    ``before`` and ``after`` name the statements that prove either side: those that held the
    position, or, if it was lost, the walk-backs that ended it. ``withdrawn_by`` names the
    walk-backs without which the old position would still stand. ``counts_from`` is the instant by
    which all words of the change had certainly been said, ``known_at`` the log position at which
    all the proof was known. ``other_speaker`` says that somebody new speaks after it.
    ``other_wording`` says that the words after it answer another wording of the question, so the
    question may have changed. ``lowest`` and ``highest`` are set if ``to`` is mixed.

    All other fields are of edition 2 alone. ``lanes`` are those of the speaker and of the sides
    that moved with them. ``before_by`` and ``after_by`` are the speakers at the ends. ``appeared``
    and ``gone`` are conditions. ``between`` names the statements between the ends, ``returns_to``
    earlier ones that said the later thing, and ``back`` those of the day ``back_on``, on which the
    earlier thing was said again. ``old`` says that more than the topic's limit lies between the
    ends: a sentence then says "by" and "last found in". ``because`` gives the reasons for
    ``status``.
    """

    kind: Kind
    from_: Stance
    to: Stance
    counts_from: int
    day: int
    before: tuple[int, ...]
    after: tuple[int, ...]
    withdrawn_by: tuple[int, ...]
    other_speaker: bool
    other_wording: bool
    known_at: int
    lowest: int | None
    highest: int | None
    lanes: tuple[str, ...] = ()
    before_by: str = ""
    after_by: str = ""
    appeared: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    between: tuple[int, ...] = ()
    returns_to: tuple[int, ...] = ()
    back: tuple[int, ...] = ()
    back_on: int | None = None
    certain: bool = True
    old: bool = False
    joint: bool = False
    uncoded: bool = False
    new_office: bool = False
    status: Status = "printed"
    because: tuple[str, ...] = ()
    rule: int = RULE

    @property
    def is_derived(self) -> bool:
        """Whether it is printed as derived, without an editor's signature."""
        return self.because == ("derived",)

    @property
    def is_signed(self) -> bool:
        """Whether an editor signed it."""
        return self.because == ("signed",)

    @property
    def is_visible(self) -> bool:
        """Whether pages show this change to readers."""
        return self.status == "printed" and self.kind not in HIDDEN_KINDS


def changes(
    readings: Iterable[Reading],
    withdrawals: Iterable[Withdrawal] = (),
    *,
    known_at: int | None = None,
) -> tuple[Change, ...]:
    """Return the changes of position on this lane in order of time, as known at a log position.

    Takes O(n log n) steps for n readings. Each day on which words were taken back takes as many
    steps more as there were words on the day that it reaches back to.
    """
    return changes_between(steps(readings, withdrawals, known_at=known_at))


def changes_between(days: Iterable[Step]) -> tuple[Change, ...]:
    """Return the changes between each of these days, as `steps` yields them, and the next."""
    changes: list[Change] = []
    standing, made_way = NOTHING_SAID, Ending()
    for step in days:
        if step.standing == standing:
            continue
        ended_by = _ended_by(standing, step)
        if step.standing.stance != standing.stance:
            before, after = _side(standing, made_way), _side(step.standing, ended_by)
            changes.append(_change(before, after, step, ended_by, first=not changes))
        standing, made_way = step.standing, ended_by
    return tuple(changes)


def steps(
    readings: Iterable[Reading],
    withdrawals: Iterable[Withdrawal] = (),
    *,
    known_at: int | None = None,
) -> Iterator[Step]:
    """Yield the position at the end of each day on which it may have changed."""
    live = known(readings, known_at)
    taken_back = walk_backs(live, known(withdrawals, known_at))
    coming: dict[int, list[Reading]] = {}
    going: dict[int, list[Reading]] = {}
    for reading in live:
        if reading.retracted or reading.stance is None:
            continue
        day, last_day = reading.day, None
        if reading.statement in taken_back:
            last_day = min(by.words.day for by in taken_back[reading.statement])
        if last_day is None or day < last_day:
            coming.setdefault(day, []).append(reading)
            if last_day is not None:
                going.setdefault(last_day, []).append(reading)
    lane = Lane()
    for day in sorted(coming.keys() | going.keys()):
        gone = going.get(day, ())
        for reading in gone:
            lane.drop(reading)
        for reading in coming.get(day, ()):
            lane.put(reading)
        effective = {
            reading.statement: [by for by in taken_back[reading.statement] if by.words.day == day]
            for reading in gone
        }
        yield Step(day, lane.standing(), effective)


def _ended_by(standing: ProvenStance, step: Step) -> Ending:
    """Return what ended a position: the walk-backs without which it would still stand.

    All its words have to be taken back; of several walk-backs of the same words the first known
    one is enough.
    """
    if step.standing.outdoes(standing):
        return Ending()
    taken_back = [by for number in standing.numbers if (by := step.taken_back.get(number))]
    words = {back.words.statement: back.words for by in taken_back for back in by}
    return Ending(
        tuple(words[number] for number in sorted(words)),
        max((min(back.known_from for back in by) for by in taken_back), default=0),
    )


def _side(standing: ProvenStance, ended_by: Ending) -> Side:
    known_from = [reading.known_from for reading in standing.counted]
    words = standing.counted or ended_by.words
    return Side(standing.stance, words, max([*known_from, ended_by.known_from]))


def _change(before: Side, after: Side, step: Step, ended_by: Ending, *, first: bool) -> Change:
    speakers = {reading.speaker for reading in before.words}
    wordings = {reading.wording for reading in before.words}
    lowest, highest = step.standing.span
    made_it = [*after.words, *ended_by.words]
    return Change(
        kind="first" if first else _kind(before, after),
        from_=before.stance,
        to=after.stance,
        counts_from=max(reading.counts_from for reading in made_it),
        day=step.day,
        before=_numbers(before.words),
        after=_numbers(after.words),
        withdrawn_by=_numbers(ended_by.words),
        other_speaker=bool(speakers) and any(r.speaker not in speakers for r in after.words),
        other_wording=bool(wordings) and any(r.wording not in wordings for r in after.words),
        known_at=max(before.known_from, after.known_from),
        lowest=lowest,
        highest=highest,
    )


def _numbers(words: Iterable[Reading]) -> tuple[int, ...]:
    return tuple(reading.statement for reading in words)


def _kind(before: Side, after: Side) -> Kind:
    if all(reading.rank > 0 for reading in after.words):
        return "reported"
    if isinstance(before.stance, int) and isinstance(after.stance, int):
        return "reversal" if before.stance * after.stance < 0 else "shift"
    return "shift"
