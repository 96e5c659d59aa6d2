"""The positions once more, the slow way: the log read from its start, every lane from nothing."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from timeline.domain.actor import ActorMerged, ActorMergeUndone
from timeline.domain.dates import counting_instant, parse_date
from timeline.domain.document import DocumentCorrected, DocumentFiled
from timeline.domain.entry import RANKS, Linked, Seconded, Unlinked
from timeline.domain.position import Reading, Withdrawal
from timeline.domain.statement import (
    Statement,
    StatementCorrected,
    StatementRecorded,
    StatementReinstated,
    StatementRetracted,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from timeline.domain.event import Byline, Event

Lane = tuple[str, str]
Words = tuple[Any, ...]


class SlowReading:
    """What a log of this length says of every lane, but for statements that are withheld.

    ``withheld`` are the numbers of those that were withheld later.
    """

    def __init__(self, events: Iterable[tuple[int, Event]], withheld: Collection[int] = ()) -> None:
        self._streams: dict[str, list[Event]] = defaultdict(list)
        self._numbers: dict[str, int] = {}
        self._merges: dict[str, str] = {}
        self._published: dict[str, str | None] = {}
        self._since: dict[tuple[int, str], tuple[Words, int]] = {}
        self._lanes: dict[str, tuple[str, int]] = {}
        self._links: dict[tuple[str, str], int] = {}
        self._withheld: set[str] = set()
        self._withheld_later = withheld
        for position, event in events:
            self._take(position, event)
            self._look(position)

    def lanes(self) -> dict[Lane, tuple[list[Reading], list[Withdrawal]]]:
        """Return the readings and walk-backs of every lane."""
        found: dict[Lane, dict[int, Reading]] = defaultdict(dict)
        hidden = {*self.withheld(), *self._withheld_later}
        for (number, actor), (words, since) in self._since.items():
            if number in hidden:
                continue
            topic, speaker, counts_from, timed, rank, joint, stance, wording, retracted = words
            lane, joined = self._lanes.get(actor, (actor, 0))
            known_from = max(since, joined)
            same = found[topic, lane].get(number)
            if same is None or known_from < same.known_from:
                found[topic, lane][number] = Reading(
                    statement=number,
                    speaker=self._lanes.get(speaker, (speaker, 0))[0],
                    counts_from=counts_from,
                    timed=timed,
                    rank=rank,
                    joint=joint,
                    stance=stance,
                    wording=wording,
                    retracted=retracted,
                    known_from=known_from,
                )
        links = [
            Withdrawal(by=self._numbers[by], target=self._numbers[target], known_from=since)
            for (by, target), since in self._links.items()
            if hidden.isdisjoint((self._numbers[by], self._numbers[target]))
        ]
        return {lane: (list(said.values()), links) for lane, said in found.items()}

    def withheld(self) -> set[int]:
        """Return the numbers of the statements that are withheld where the log ends."""
        return {self._numbers[stream] for stream in self._withheld}

    def withhold(self, numbers: Collection[int], byline: Byline) -> list[Event]:
        """Return the events that withhold what is on record of these, and is not yet withheld."""
        events: list[Event] = []
        for stream, number in self._numbers.items():
            statement = Statement.replay(self._streams[stream])
            assert statement is not None
            if number in numbers and stream not in self._withheld:
                if statement.retracted:
                    statement.reinstate(byline, "To be withheld.")
                statement.retract(byline, "A private person.", withhold=True)
                events += statement.collect_events()
        return events

    def _take(self, position: int, event: Event) -> None:
        stream = event.originator_id
        self._streams[stream].append(event)
        match event:
            case StatementRecorded():
                self._numbers[stream] = position
            case ActorMerged():
                self._merges[stream] = event.into
            case ActorMergeUndone():
                del self._merges[stream]
            case DocumentFiled():
                self._published[stream] = event.published_at
            case DocumentCorrected(field="published_at"):
                self._published[stream] = event.new
            case Linked(kind="withdraws"):
                self._links[stream, event.target] = position
            case Unlinked(kind="withdraws"):
                del self._links[stream, event.target]
            case StatementRetracted(withhold=True):
                self._withheld.add(stream)
            case StatementReinstated():
                self._withheld.discard(stream)

    def _look(self, position: int) -> None:
        lanes = self._in_force()
        for actor in {*lanes, *self._lanes}:
            if lanes.get(actor) != self._lanes.get(actor, (None, 0))[0]:
                self._lanes.pop(actor, None)
                if actor in lanes:
                    self._lanes[actor] = (lanes[actor], position)
        for stream, number in self._numbers.items():
            self._look_at(stream, number, position)

    def _in_force(self) -> dict[str, str]:
        """Return the lane of each merged actor, the later of two that close a circle left out."""
        into: dict[str, str] = {}
        for absorbed, target in self._merges.items():
            end = target
            while end in into:
                end = into[end]
            if end != absorbed:
                into[absorbed] = target
        lanes = {}
        for absorbed in into:
            end = absorbed
            while end in into:
                end = into[end]
            lanes[absorbed] = end
        return lanes

    def _further(self, stream: str) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for event in self._streams[stream]:
            match event:
                case Seconded():
                    found.append((event.document, event.attribution))
                case StatementCorrected(field="further_sources", new=tuple(kept)):
                    found = [one for one in found if one[0] in kept]
        return found

    def _look_at(self, stream: str, number: int, position: int) -> None:
        statement = Statement.replay(self._streams[stream])
        assert statement is not None
        fields = statement.fields
        said = parse_date(fields["said_at"])
        sources = [(fields["document"], fields["attribution"]), *self._further(stream)]
        dates = [parse_date(day) for each, _ in sources if (day := self._published.get(each))]
        first = min(dates, key=lambda date: date.latest, default=None)
        strongest = min((attribution for _, attribution in sources), key=RANKS.__getitem__)
        words = (
            fields["topic"],
            fields["speaker"],
            counting_instant(said, first, statement.first_recorded_at),
            said.timed,
            RANKS[strongest],
            strongest == "joint",
            fields["stance"],
            fields["wording"],
            statement.retracted,
        )
        actors = {fields["speaker"], fields["on_behalf_of"]} - {None}
        for known in [key for key in self._since if key[0] == number and key[1] not in actors]:
            del self._since[known]
        for actor in actors:
            if self._since.get((number, actor), (None, 0))[0] != words:
                self._since[number, actor] = (words, position)
