"""Made-up lanes, hundreds at once: what the archive holds of them, and what the rule reads.

Every topic has a few statements by the same few actors, in versions, with walk-backs; actors are
merged and unmerged. Histories that editors make hold each other up; these are any that might be.
"""

from __future__ import annotations

import random
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from timeline.analysis.manifest import File, Ledger, Manifest, Segment, hash_of
from timeline.analysis.tables import TABLES
from timeline.domain.instants import DAY, day_of
from timeline.domain.position import Reading, Withdrawal
from timeline.domain.position.edition2 import RULE
from timeline.parquet import open_engine, write_table
from timeline.projections.tables.lanes import Lanes, unique

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TOGETHER = 5
"""Actors who speak on the same topics, and are merged into each other."""

DAYS = range(-2, 6)
CLOCKS = (0, 9, 15, 24)
"""Hours at which words count; a whole day counts from its end."""

Row = tuple[Any, ...]
Lane = tuple[int, int]


class MadeUp:
    """Topics, actors and what was said, with log positions up to ``upto``.

    ``dense`` puts it on few days and into one rank, so that much is said on a day.
    """

    def __init__(self, seed: int, topics: int = 120, *, dense: bool = False) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - the same lanes in every run
        self._days = DAYS[:3] if dense else DAYS
        self._ranks: Sequence[int] = (0,) if dense else (0, 0, 0, 1, 1, 2)
        self._next = 0
        self.actors = [self._position() for _ in range(topics // 10 * TOGETHER)]
        self.topics = [self._position() for _ in range(topics)]
        self.lanes: list[Row] = []
        self.words: list[Row] = []
        self.walkbacks: list[Row] = []
        begin = self._next
        self.upto = begin + topics * 90
        free = list(range(begin + 1, self.upto + 1))
        self._chance.shuffle(free)
        self._free = free
        for place in range(0, len(self.actors), TOGETHER):
            self._merge(self.actors[place : place + TOGETHER])
        for place, topic in enumerate(self.topics):
            group = place % (len(self.actors) // TOGETHER) * TOGETHER
            self._speak(topic, self.actors[group : group + TOGETHER])

    def _position(self) -> int:
        self._next += 1
        return self._next

    def _some(self, count: int) -> list[int]:
        return sorted(self._free.pop() for _ in range(count))

    def _spans(self, most: int) -> list[tuple[int, int | None]]:
        """Return intervals of log positions, one after the other, the last of them maybe open."""
        times = self._some(self._chance.randint(1, most))
        ends = [*times[1:], None]
        return [
            (begin, end if end is None or self._chance.random() < 0.7 else begin + 1)
            for begin, end in zip(times, ends, strict=True)
        ]

    def _merge(self, group: list[int]) -> None:
        # Whoever is merged stands in the lane of one who is not.
        for member in group[2:]:
            if self._chance.random() < 0.6:
                for begin, end in self._spans(3):
                    self.lanes.append((member, self._chance.choice(group[:2]), begin, end))

    def _speak(self, topic: int, group: list[int]) -> None:
        numbers = self._some(self._chance.randint(1, 12))
        for number in numbers:
            self._statement(topic, group, number)
        for _ in range(self._chance.choice((0, 0, 2, 6, 12))):
            by, target = self._chance.choice(numbers), self._chance.choice(numbers)
            if by > target and not any(walkback[:2] == (by, target) for walkback in self.walkbacks):
                for begin, end in self._spans(2):
                    self.walkbacks.append((by, target, begin, end))

    def _statement(self, topic: int, group: list[int], number: int) -> None:
        # A correction comes later in the log than the statement.
        later = [one for one in self._some(self._chance.choice((0, 0, 0, 1, 2))) if one > number]
        times = [number, *later]
        for begin, end in zip(times, [*later, None], strict=True):
            said = self._said()
            # Two of them say most, so that lanes are long.
            speaker, behalf = self._chance.sample(group[:2] * 4 + group[2:], 2)
            both = speaker != behalf and self._chance.random() < 0.3
            for actor in (speaker, behalf) if both else (speaker,):
                self.words.append((number, topic, actor, speaker, begin, end, *said))

    def _said(self) -> Row:
        choice = self._chance.choice
        hours = choice(CLOCKS)
        counts_from = choice(self._days) * DAY + (hours * 3_600 if hours < 24 else DAY - 1)
        rank = choice(self._ranks)
        return (
            rank,
            int(rank == 0 and choice((True, False, False))),
            int(hours < 24),
            day_of(counts_from),
            counts_from,
            choice((-2, -1, 1, 1, 2, 0, None)),
            choice((1, 1, 1, 2)),
            choice((0,) * 9 + (1,)),
        )

    def archived(self, folder: Path, cuts: tuple[int, ...]) -> Manifest:
        """Write them as an archive in ranges that end at these shares of a hundred, and the end."""
        folder.mkdir(parents=True, exist_ok=True)
        bounds = [0, *(self.upto * cut // 100 for cut in cuts), self.upto]
        segments = []
        with open_engine() as duck:
            for after, upto in pairwise(bounds):
                files = []
                for table, rows in self._tables(after, upto).items():
                    place = folder / f"{table}-{upto}.parquet"
                    if count := write_table(duck, place, TABLES[table], rows):
                        size, digest = place.stat().st_size, hash_of(place)
                        files.append(File(table, place.name, count, size, digest))
                segments.append(Segment(after, upto, "", tuple(files)))
        return Manifest(
            rule=RULE, read_models=0, upto=self.upto, ledger=Ledger(0, ""), segments=tuple(segments)
        )

    def _tables(self, after: int, upto: int) -> dict[str, list[Row]]:
        topics = [topic for topic in self.topics if after < topic <= upto]
        actors = [actor for actor in self.actors if after < actor <= upto]
        found: dict[str, list[Row]] = {
            "topics": [(topic, f"topic-{topic}", "position") for topic in topics],
            "actors": [(actor, f"actor-{actor}") for actor in actors],
        }
        for name, rows, ids, begin in (
            ("words", self.words, (0, 2), 4),
            ("lanes", self.lanes, (0, 1), 2),
            ("walkbacks", self.walkbacks, (0, 1), 2),
        ):
            found[name], found[f"{name}_ended"] = [], []
            for row in rows:
                known_from, known_until = row[begin : begin + 2]
                if after < known_from <= upto:
                    late = known_until is not None and known_until > upto
                    until = None if late else known_until
                    found[name].append((*row[: begin + 1], until, *row[begin + 2 :]))
                elif known_until is not None and known_from <= after < known_until <= upto:
                    keys = [row[place] for place in ids]
                    found[f"{name}_ended"].append((*keys, known_from, known_until))
        return found

    def read(self, known_at: int) -> dict[Lane, tuple[list[Reading], list[Withdrawal]]]:
        """Return the lanes as the read models give them to the rule, as known at a position."""
        members = [row for row in self.lanes if _known(row[2], row[3], known_at)]
        lanes = Lanes(
            {str(row[0]): str(row[1]) for row in members}, {str(row[0]): row[2] for row in members}
        )
        found = defaultdict(list)
        for row in self.words:
            number, topic, actor, speaker, known_from, known_until, *said = row
            rank, joint, timed, day, counts_from, stance, wording, retracted = said
            if _known(known_from, known_until, known_at):
                reading = lanes.reading(
                    (
                        *("", str(actor), number, known_from, known_until, rank, day, counts_from),
                        *(stance, timed, joint, retracted),
                        *(str(speaker) if speaker != actor else None, wording),
                    )
                )
                found[topic, int(lanes.of(str(actor)))].append(reading)
        links = [
            Withdrawal(by=by, target=target, known_from=begin, known_until=end)
            for by, target, begin, end in self.walkbacks
            if _known(begin, end, known_at)
        ]
        return {lane: (unique(readings), links) for lane, readings in found.items()}


def _known(known_from: int, known_until: int | None, at: int) -> bool:
    return known_from <= at and (known_until is None or at < known_until)
