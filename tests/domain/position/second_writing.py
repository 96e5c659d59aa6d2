"""Edition 2 of the position rule, written a second time: from docs/position-rule.md alone.

It shares the structs of what goes in with the rule, and no line of its code. It is naive: each
question draws every line again from all words. What it returns are dictionaries, by the names of
the fields of the rule's answers.
"""

from __future__ import annotations

import datetime as dt
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

from timeline.domain.position.edition2 import changes, findings, positions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from timeline.domain.position.edition2 import Mandate, Record, StatementVersion

DAY = 86_400
SHADES = ("firmer", "softer")
BODIES = ("organisation", "state")
Told = dict[str, Any]


class Said(NamedTuple):
    """What somebody said on a day: an end, a day of two things, or one whose order is open."""

    by: str
    words: tuple[StatementVersion, ...]
    step: int | None
    terms: frozenset[str]
    is_open: bool

    @property
    def first(self) -> float:
        return min(
            -float("inf") if version.earliest is None else version.earliest
            for version in self.words
        )

    @property
    def last(self) -> int:
        return max(version.counts_from for version in self.words)

    @property
    def day(self) -> int:
        return self.last // DAY

    @property
    def numbers(self) -> tuple[int, ...]:
        return numbers(self.words)

    @property
    def is_end(self) -> bool:
        return self.step is not None and not self.is_open

    @property
    def is_joint(self) -> bool:
        return all(version.joint for version in self.words)

    @property
    def is_uncoded(self) -> bool:
        return any(version.uncoded for version in self.words)

    @property
    def is_certain(self) -> bool:
        return self.last - self.first < 7 * DAY

    def agrees(self, other: Said) -> bool:
        if self.step is None or other.step is None:
            return False
        return side_of(self.step) == side_of(other.step) and self.terms == other.terms

    def says_as(self, other: Said) -> bool:
        return (self.step, self.terms) == (other.step, other.terms)


def numbers(words: Iterable[StatementVersion]) -> tuple[int, ...]:
    ordered = sorted(words, key=lambda version: (version.counts_from, version.statement))
    return tuple(version.statement for version in ordered)


def side_of(step: int) -> int:
    return 0 if step == 0 else step // abs(step)


def stood(versions: Iterable[Any], at: int | None) -> list[Any]:
    if at is None:
        return [version for version in versions if version.known_until is None]
    return [
        version
        for version in versions
        if version.known_from <= at and (version.known_until is None or at < version.known_until)
    ]


def dates(other: Mandate, mandate: Mandate) -> bool:
    """Whether a mandate tells when the other began, of which only a day in it is known."""
    if (other.person, other.side) != (mandate.person, mandate.side) or mandate.begins is not None:
        return False
    day, begins, ends = mandate.begins_by, other.begins, other.ends
    return (
        day is not None and begins is not None and begins <= day and (ends is None or day <= ends)
    )


def draw(words: Iterable[StatementVersion]) -> list[Said]:
    """What was said day by day, of one speaker's words that stand."""
    line: list[Said] = []
    every = [version for version in words if version.rank == 0 and version.stance is not None]
    for day in sorted({version.counts_from // DAY for version in every}):
        today = [version for version in every if version.counts_from // DAY == day]
        today = [version for version in today if not version.joint] or today
        latest = max((version.counts_from for version in today if version.timed), default=None)
        today = [version for version in today if not version.timed or version.counts_from == latest]
        line.append(settle(today, [statement for statement in line if statement.is_end]))
    return line


def settle(today: list[StatementVersion], ends: list[Said]) -> Said:
    sets = frozenset().union(*(version.sets for version in today))
    drops = frozenset().union(*(version.drops for version in today))
    clash = any(a.sets & b.drops for a in today for b in today if a is not b)
    steps = [version.stance for version in today if version.stance is not None]
    one_class = len({side_of(step) for step in steps}) == 1
    step = min(steps, key=abs) if one_class and not clash else None
    terms = conditions(side_of(min(steps, key=abs)), sets, drops, ends)
    statement = Said(today[0].speaker, tuple(today), step, terms, is_open=False)
    return statement._replace(is_open=bool(ends) and statement.first <= ends[-1].last)


def conditions(
    side: int, sets: frozenset[str], drops: frozenset[str], ends: list[Said]
) -> frozenset[str]:
    """The conditions that stand; a joint text hands its own on to words that say the same."""
    for said in reversed(ends):
        kept = said.terms if side_of(said.step or 0) == side else frozenset()
        if not said.is_joint:
            return (kept | sets) - drops
        if (
            said is ends[-1]
            and (kept | sets) - drops == kept == said.terms
            and side_of(said.step or 0) == side
        ):
            return kept
    return sets - drops


class SecondWriting:
    """The answers of edition 2 on one topic, as of an instant and as known at a position."""

    def __init__(self, record: Record, as_of: int | None, known_at: int | None) -> None:
        self.topic, self.as_of = record.topic, as_of
        live = stood(record.words, known_at)
        live = [one for one in live if as_of is None or one.counts_from <= as_of]
        self.words: list[StatementVersion] = [one for one in live if not one.retracted]
        held = stood(record.mandates, known_at)
        self.mandates = [one for one in held if not any(dates(other, one) for other in held)]
        self.standings = stood(record.standings, known_at)
        self.verdicts = stood(record.verdicts, known_at)
        by_number = {version.statement: version for version in self.words}
        self.walk_backs = [
            (by_number[link.by], by_number[link.target])
            for link in stood(record.withdrawals, known_at)
            if link.by in by_number and link.target in by_number
        ]
        self.walk_backs = [(by, of) for by, of in self.walk_backs if by.rank <= of.rank]

    # Who decides

    def decides(self, person: str, side: str, first: float, last: int) -> bool:
        def touches(one: Any) -> bool:  # noqa: ANN401 - a mandate or its standing
            begins, ends = one.begins, one.ends
            return (begins is None or begins <= last) and (ends is None or first <= ends)

        for held in self.mandates:
            if (held.person, held.side) == (person, side) and touches(held):
                said = [
                    standing
                    for standing in self.standings
                    if standing.mandate == held.mandate and touches(standing)
                ]
                if said and max(said, key=lambda one: one.weight).standing == "decides":
                    return True
        return False

    def is_for(self, word: StatementVersion, side: str) -> bool:
        """Whether the words are a side's: its own, or on its behalf by whoever decides then."""
        if word.speaker == side:
            return word.side is None
        first = -float("inf") if word.earliest is None else word.earliest
        return word.side == side and self.decides(word.speaker, side, first, word.counts_from)

    # Lines

    def gone(self, day: float, side: str | None = None) -> dict[int, list[StatementVersion]]:
        """The walk-backs up to a day, by the statement that they take back."""
        found: dict[int, list[StatementVersion]] = {}
        for by, of in self.walk_backs:
            by_side = side is not None and of.side == side and self.is_for(by, side)
            if by.counts_from // DAY <= day and (by.speaker == of.speaker or by_side):
                found.setdefault(of.statement, []).append(by)
        return found

    def line(
        self,
        speaker: str,
        day: float = float("inf"),
        side: str | None = None,
        *,
        votes: bool = True,
    ) -> list[Said]:
        gone = self.gone(day, side)
        return draw(
            version
            for version in self.words
            if version.speaker == speaker
            and version.statement not in gone
            and version.counts_from // DAY <= day
            and (votes or not version.voted)
        )

    def side_line(self, side: str, day: float = float("inf")) -> list[Said]:
        """What the body and those who decide for it said, in order of time."""
        said = [
            said
            for speaker in {version.speaker for version in self.words}
            for said in self.line(speaker, day, side)
            if any(self.is_for(version, side) for version in said.words)
        ]
        body = {statement.day: statement for statement in said if statement.by == side}
        before = [
            statement
            for statement in said
            if statement.day in body and statement.last < body[statement.day].first
        ]

        def turn(statement: Said) -> tuple[int, int, int, int]:
            place = 0 if statement in before else 1 if statement.by == side else 2
            return statement.day, place, statement.last, statement.words[-1].statement

        return sorted(said, key=turn)

    def in_sequence(self, line: Iterable[Said]) -> tuple[list[Said], list[Said]]:
        """The days that are certainly one after the other, and those that may be later."""
        days: list[Said] = []
        beside: list[Said] = []
        for said in line:
            if not days or said.first > days[-1].last or said.agrees(days[-1]):
                days.append(said)
                beside = []
            else:
                beside.append(said)
        return days, beside

    # Positions

    def positions(self, now: int | None) -> dict[str, Told]:
        lanes = {version.speaker for version in self.words} | {
            version.side for version in self.words if version.side
        }
        return {lane: self.position(lane, now) for lane in lanes}

    def position(self, lane: str, now: int | None) -> Told:
        is_side = any(version.side == lane for version in self.words)
        line = self.side_line(lane) if is_side else self.line(lane)
        stands, beside = self.in_sequence(line)
        held = stands[-1] if stands else None
        run = [held] if held else []
        for said in reversed(stands[:-1]):
            if held is None or held.step is None or not said.agrees(held):
                break
            run.insert(0, said)
        ages = bool(
            held and now is not None and (self.is_old(held.last, now) or self.is_absent(held.by))
        )
        return {
            "stance": None if held is None else "mixed" if held.step is None else held.step,
            "terms": tuple(sorted(held.terms)) if held and held.step is not None else (),
            "held_by": held.by if held else None,
            "counted": held.numbers if held else (),
            "first": run[0].numbers[0] if run else None,
            "last": run[-1].numbers[-1] if run else None,
            "uncoded": bool(held and held.is_uncoded),
            "joint": bool(held and held.is_joint),
            "last_known": ages,
            "order_open": tuple(number for said in beside for number in said.numbers),
            "according_to": numbers(
                version
                for version in self.words
                if lane in (version.speaker, version.side) and version.rank > 0
            ),
            "voices": self.voices_of(lane) if is_side else {},
        }

    def voices_of(self, side: str) -> dict[str, Any]:
        found = {}
        for person in {version.speaker for version in self.words if version.side == side}:
            said = [
                said
                for said in self.line(person)
                if said.is_end and any(version.side == side for version in said.words)
            ]
            if said and not any(self.is_for(version, side) for version in said[-1].words):
                found[person] = (said[-1].step, said[-1].numbers)
        return found

    def is_absent(self, member: str) -> bool:
        """Whether a body of which a member voted decided after all that the member said."""
        if not self.topic.recurring:
            return False
        said = [
            version for version in self.words if version.speaker == member and not version.retracted
        ]
        occasions = {
            version.occasion
            for version in said
            if version.voted
            and version.occasion
            and (version.speaker_kind not in BODIES or version.side)
        }
        decided = [
            version
            for version in self.words
            if version.takes_position and version.speaker_kind in BODIES
        ]
        bodies = {
            version.speaker
            for version in decided
            if not version.side and version.occasion in occasions
        }
        later = [version.counts_from for version in decided if version.speaker in bodies]
        return bool(later) and max(version.counts_from for version in said) < max(later)

    def is_old(self, before: int, after: int) -> bool:
        if self.topic.limit is None:
            return False
        then = dt.datetime.fromtimestamp(before, dt.UTC)
        months = then.year * 12 + then.month - 1 + self.topic.limit
        year, month = divmod(months, 12)
        for day in range(then.day, then.day - 4, -1):
            try:
                limit = then.replace(year=year, month=month + 1, day=day)
            except ValueError:
                continue
            break
        return after > limit.timestamp()

    # Changes

    def changes(self) -> list[Told]:
        found = []
        for speaker in sorted({version.speaker for version in self.words}):
            if self.topic.recurring and self.is_body(speaker):
                found += self.turns(speaker)
            else:
                moves = self.there_and_back(self.moves(speaker), speaker)
                found += [
                    move for move in moves if not self.topic.recurring or move["kind"] not in SHADES
                ]
        if not self.topic.recurring:
            for side in sorted({version.side for version in self.words if version.side}):
                found += [*self.successions(side), *self.taken_back_by_side(side)]
        return [self.judged(one) for one in found]

    def moves(self, speaker: str) -> list[Told]:
        found: list[Told] = []
        seen: set[int] = set()
        votes = not self.topic.recurring
        for day in sorted(
            {version.counts_from // DAY for version in self.words if version.speaker == speaker}
        ):
            was = [said for said in self.line(speaker, day - 1, votes=votes) if said.is_end]
            line = self.line(speaker, day, votes=votes)
            ends = [said for said in line if said.is_end]
            if was and (by := self.takers(was[-1], self.gone(day))):
                seen.add(day)
                if not ends or not ends[-1].says_as(was[-1]):
                    found.append(self.withdrawn(was[-1], by, ends))
            for place, end in enumerate(ends):
                if end.day not in seen and not self.was_told(end, votes=votes):
                    found += self.compared(ends[:place], end, line)
            seen |= {end.day for end in ends}
        return found

    def was_told(self, end: Said, *, votes: bool) -> bool:
        """Whether words taken back since, beside which it stood as of open order, said the same."""
        drawn = [
            self.line(end.by, day - 1, votes=votes)
            for day in {
                version.counts_from // DAY for version in self.words if version.speaker == end.by
            }
            if day > end.day
        ]
        return any(
            said.is_end and said.says_as(end) and said.day < end.day and said.last >= end.first
            for line in drawn
            for was in line
            if was.words == end.words and was.is_open
            for said in line
        )

    @staticmethod
    def takers(lost: Said, gone: dict[int, list[StatementVersion]]) -> list[StatementVersion]:
        """Who took back all of an end, each part on the first day on which anybody did."""
        if not all(version.statement in gone for version in lost.words):
            return []
        found = {}
        for taken in lost.words:
            first = min(version.counts_from // DAY for version in gone[taken.statement])
            for one in gone[taken.statement]:
                if one.counts_from // DAY == first:
                    found[one.statement] = one
        return [found[number] for number in sorted(found)]

    def compared(  # noqa: PLR0911 - a case of the table each
        self, earlier: Sequence[Said], end: Said, line: Sequence[Said]
    ) -> list[Told]:
        own = [said for said in earlier if not said.is_joint]
        if not own:
            return []
        if earlier[-1].is_joint and earlier[-1].agrees(end):
            return []
        before, after_class = own[-1], side_of(end.step or 0)
        directed = [said for said in own if side_of(said.step or 0)]
        if after_class and directed and side_of(directed[-1].step or 0) == -after_class:
            return [self.change("reversal", directed[-1], end, line)]
        if side_of(before.step or 0) != after_class:
            return [self.change("settles" if after_class else "opens", before, end, line)]
        if before.terms != end.terms:
            return [self.change("terms", before, end, line)]
        if before.step != end.step:
            firmer = abs(end.step or 0) > abs(before.step or 0)
            return [self.change("firmer" if firmer else "softer", before, end, line)]
        return []

    def change(self, kind: str, before: Said, end: Said, line: Sequence[Said]) -> Told:
        between = [said for said in line if before.day < said.day < end.day]
        ends = [said for said in line if said.is_end and said.day < end.day and not said.is_joint]
        as_before = [said.numbers for said in ends if said.agrees(end)]
        return {
            "kind": kind,
            "lanes": {before.by, *self.sides_of(before, end)},
            "ends": (before, end),
            "by": end.words,
            "before": before.numbers,
            "after": end.numbers,
            "to": end.step,
            "between": tuple(n for said in between for n in said.numbers),
            "returns_to": as_before[-1] if as_before and kind not in SHADES else (),
            "back": (),
            "back_on": None,
            "day": end.day,
        }

    def sides_of(self, *ends: Said) -> set[str]:
        sides = {version.side for end in ends for version in end.words if version.side}
        return {
            side
            for side in sides
            if all(any(self.is_for(version, side) for version in end.words) for end in ends)
        }

    def withdrawn(
        self, lost: Said, by: list[StatementVersion], ends: Sequence[Said], side: str | None = None
    ) -> Told:
        day = max(version.counts_from for version in by) // DAY
        stands = ends[-1] if ends else None
        new = stands.words if stands and stands.day == day else ()
        both = [lost, *([stands] if stands else [])]
        return {
            "kind": "withdrawn",
            "lanes": {side} if side else {lost.by, *self.sides_of(*both)},
            "ends": tuple(both),
            "by": tuple(dict.fromkeys((*new, *by))),
            "before": lost.numbers,
            "after": tuple(dict.fromkeys((*numbers(new), *(version.statement for version in by)))),
            "to": stands.step if stands else None,
            "between": (),
            "returns_to": (),
            "back": (),
            "back_on": None,
            "day": day,
        }

    def there_and_back(self, moves: list[Told], speaker: str) -> list[Told]:
        found: list[Told] = []
        for move in moves:
            there = found[-1] if found else None
            if there and not there["back"] and self.goes_back(there, move, speaker):
                there.update(back=move["after"], back_on=move["day"])
            else:
                found.append(move)
        return found

    def goes_back(self, there: Told, back: Told, speaker: str) -> bool:
        if {"withdrawn", *SHADES} & {there["kind"], back["kind"]}:
            return False
        begins = there["ends"][0].day
        said = {
            version.counts_from // DAY
            for version in self.words
            if version.speaker == speaker and version.rank == 0 and version.stance is not None
            if not (self.topic.recurring and version.voted)
        }
        return (
            back["before"] == there["after"]
            and back["ends"][1].says_as(there["ends"][0])
            and back["day"] - there["day"] <= 14
            and sum(begins < day < back["day"] for day in said) == 1
            and not any((one := self.verdict_on(half)) and one.signed for half in (there, back))
        )

    def successions(self, side: str) -> list[Told]:
        found = []
        told = set()
        for day in sorted(
            {version.counts_from // DAY for version in self.words if version.side == side}
        ):
            line = [
                said
                for speaker in {version.speaker for version in self.words if version.side == side}
                for said in self.line(speaker, day)
                if said.is_end and any(self.is_for(version, side) for version in said.words)
            ]
            line.sort(key=lambda said: (said.last, said.words[-1].statement))
            for place, end in enumerate(line):
                own = [said for said in line[:place] if not said.is_joint]
                gone = [
                    said
                    for said in own
                    if said.by != end.by
                    and said.last < end.first
                    and not self.decides(said.by, side, end.first, end.last)
                ]
                last = gone[-1] if gone else None
                if end.day != day or last is None or (end.by, last.day) in told:
                    continue
                if any(said.by == end.by and said.last > last.last for said in own):
                    continue
                if not last.agrees(end):
                    told.add((end.by, last.day))
                    found.append(self.change("succession", last, end, []) | {"lanes": {side}})
        return found

    def taken_back_by_side(self, side: str) -> list[Told]:
        found = []
        for day in sorted({by.counts_from // DAY for by, _ in self.walk_backs}):
            was = self.in_sequence(self.side_line(side, day - 1))[0]
            was = [said for said in was if said.step is not None]
            ends = self.in_sequence(self.side_line(side, day))[0]
            ends = [said for said in ends if said.step is not None]
            gone = {
                number: [version for version in by if version.speaker != was[-1].by]
                for number, by in self.gone(day, side).items()
                if was and any(version.speaker != was[-1].by for version in by)
            }
            by = self.takers(was[-1], gone) if was else []
            if by and (not ends or not ends[-1].says_as(was[-1])):
                found.append(self.withdrawn(was[-1], by, ends, side))
        return found

    # Printing

    def judged(self, move: Told) -> Told:
        before, by = move["ends"][0], move["by"]
        after = move["ends"][1] if len(move["ends"]) == 2 else None
        latest = max(one.counts_from for one in by)
        first = min(-float("inf") if one.earliest is None else one.earliest for one in by)
        move["certain"] = before.is_certain and latest - first < 7 * DAY
        move["old"] = self.is_old(before.last, latest)
        move["joint"] = bool(after and after.is_joint)
        move["uncoded"] = any(end.is_uncoded for end in move["ends"])
        same_offices = not after or self.offices(before) == self.offices(after)
        move["new_office"] = bool(after and after.by == before.by and not same_offices)
        asked = {word.wording for word in before.words}
        move["other_wording"] = any(one.wording not in asked for one in by)
        move["status"], move["because"] = self.status(move, same_offices=same_offices)
        return move

    def offices(self, said: Said) -> set[tuple[str, str]]:
        return {
            (mandate.side, mandate.role)
            for mandate in self.mandates
            if mandate.person == said.by
            and (mandate.begins is None or mandate.begins <= said.last)
            and (mandate.ends is None or said.first <= mandate.ends)
        }

    def verdict_on(self, move: Told) -> Any:  # noqa: ANN401 - a verdict, or nothing
        corrected = max(one.amended_at for one in (*move["ends"][0].words, *move["by"]))
        verdicts = [
            verdict
            for verdict in self.verdicts
            if verdict.before <= {*move["before"]}
            and verdict.after <= {*move["after"]}
            and verdict.known_from > corrected
        ]
        return max(verdicts, key=lambda one: (one.known_from, not one.signed), default=None)

    def status(self, move: Told, *, same_offices: bool) -> tuple[str, set[str]]:
        verdict = self.verdict_on(move)
        words = (*move["ends"][0].words, *move["by"])
        if verdict and not verdict.signed:
            return "declined", {verdict.cause}
        if all(self.is_decision(word) for word in words):
            return "printed", {"decision"}
        if verdict and not move["uncoded"]:
            return "printed", {"signed"}
        said = [word for end in move["ends"] for word in end.words]
        people = {(one.speaker, one.speaker_kind) for one in said}
        reasons = {
            "not_a_reversal": move["kind"] != "reversal",
            "not_one_person": len(people) > 1 or next(iter(people))[1] != "person",
            "quote_does_not_carry": not all(
                any(word.carries for word in end.words) for end in move["ends"]
            ),
            "date_uncertain": not move["certain"],
            "new_office": not same_offices,
            "words_between": bool(move["between"]),
            "old": move["old"],
            "returns": bool(move["returns_to"]),
            "there_and_back": bool(move["back"]),
            "joint": move["joint"],
            "uncoded": move["uncoded"],
        }
        against = {reason for reason, is_so in reasons.items() if is_so}
        if against and self.topic.prints == "derived" and "uncoded" not in against:
            return ("waiting", against) if move["kind"] in SHADES else ("printed", {"derived"})
        return ("waiting", against) if against else ("printed", {"both_quotes_carry"})

    @staticmethod
    def is_decision(word: StatementVersion) -> bool:
        is_body = word.speaker_kind in BODIES and word.side is None
        return is_body and not word.uncoded and (word.voted or word.own_text)

    # Recurring decisions

    def turns(self, body: str) -> list[Told]:
        line = self.line(body)
        found = []
        ends = [said for said in line if said.is_end and side_of(said.step or 0)]
        for place, end in enumerate(ends):
            own = [said for said in ends[:place] if not said.is_joint]
            if own and side_of(own[-1].step or 0) != side_of(end.step or 0):
                found.append(self.change("reversal", own[-1], end, line) | {"returns_to": ()})
        return found

    def is_body(self, speaker: str) -> bool:
        return any(
            version.speaker_kind in BODIES and version.side is None
            for version in self.words
            if version.speaker == speaker
        )

    def dissents(self) -> set[tuple[str, str, int, int]]:
        if not self.topic.recurring:
            return set()
        decided = {
            version.occasion: version
            for version in sorted(self.words, key=lambda one: one.statement)
            if self.is_body(version.speaker) and version.rank == 0 and version.stance is not None
        }
        return {
            (decision.speaker, vote.speaker, decision.statement, vote.statement)
            for vote in self.words
            if vote.voted and not self.is_body(vote.speaker) and vote.occasion is not None
            if (decision := decided.get(vote.occasion))
            and (vote.against or (vote.stance is not None and vote.stance != decision.stance))
        }

    # Differing voices

    def voices(self) -> list[Told]:
        found = []
        for side in (
            {version.side for version in self.words if version.side}
            if not self.topic.recurring
            else ()
        ):
            people = {version.speaker for version in self.words if version.side == side}
            for pair in combinations(sorted(people), 2):
                found += self.differing(side, pair)
        return found

    def voice_ends(self, person: str, side: str, day: int) -> list[Said]:
        """What somebody said for a side up to a day, without what they took back by then."""
        return [
            end
            for end in self.line(person, day)
            if end.is_end and any(version.side == side for version in end.words)
        ]

    def differing(self, side: str, pair: tuple[str, ...]) -> list[Told]:
        told: Told | None = None
        latest: dict[str, Said] = {}
        window = max(30, self.topic.rhythm)

        def look(day: int, by: tuple[int, ...]) -> None:
            nonlocal told
            both = sorted(
                latest.values(), key=lambda statement: (statement.last, statement.numbers[-1])
            )
            steps = sorted(statement.step or 0 for statement in both)
            differ = len(both) == 2 and steps[0] == -2 and steps[1] >= 0
            is_open = told is not None and told["until"] is None
            if differ and not is_open and both[1].day - both[0].day <= window:
                against, wants = both if (both[0].step or 0) < 0 else both[::-1]
                told = told or {
                    "side": side,
                    "against": against.by,
                    "other": wants.by,
                    "since": day,
                    "statements": (*both[0].numbers, *both[1].numbers),
                    "uncoded": any(statement.is_uncoded for statement in both),
                }
                told |= {"until": None, "ended_by": ()}
            elif told and is_open and not differ:
                told |= {"until": day, "ended_by": by}

        for day in sorted(
            {version.counts_from // DAY for version in self.words if version.speaker in pair}
        ):
            ends = [end for person in pair for end in self.voice_ends(person, side, day)]
            ends.sort(key=lambda statement: (statement.last, statement.numbers[-1]))
            lost = {number for end in latest.values() for number in end.numbers}
            by = {
                version.statement
                for number, some in self.gone(day).items()
                for version in some
                if number in lost and version.counts_from // DAY == day
            }
            latest = {end.by: end for end in ends if end.day < day}
            before = dict(told) if told else None
            if any(
                version.counts_from // DAY == day
                for some in self.gone(day).values()
                for version in some
            ):
                look(day, tuple(sorted(by)))
            for end in ends:
                if end.day == day:
                    latest[end.by] = end
                    look(day, end.numbers)
            if told and told["until"] == day and (before is None or before["until"] is not None):
                told = before
        if told and told["until"] is None:
            over = [self.out_of_office(person, side) for person in pair]
            days = [one // DAY for one in over if one is not None]
            told["until"] = max(min(days), told["since"]) if days else None
        return [told] if told else []

    def out_of_office(self, person: str, side: str) -> int | None:
        """When somebody's last mandate for a side ended, if all of them have."""
        mine = [
            mandate for mandate in self.mandates if (mandate.person, mandate.side) == (person, side)
        ]
        if not mine or any(one.ends is None for one in mine):
            return None
        last: int = max(one.ends for one in mine)
        return last if self.as_of is None or last <= self.as_of else None


CHANGE = [
    *("kind", "lanes", "before", "after", "to", "between", "returns_to", "back", "back_on", "day"),
    *("certain", "old", "joint", "uncoded", "new_office", "other_wording", "status", "because"),
]
POSITION = [
    *("stance", "terms", "held_by", "counted", "first", "last", "uncoded", "joint", "last_known"),
    *("order_open", "according_to", "voices"),
]
VOICES = ["side", "against", "other", "since", "statements", "until", "ended_by", "uncoded"]
UNORDERED = ("lanes", "because")
NOWHERE: Told = dict.fromkeys(POSITION) | {
    **dict.fromkeys(("terms", "counted", "order_open", "according_to"), ()),
    **dict.fromkeys(("uncoded", "joint", "last_known"), False),
    "voices": {},
}
"""What is said of somebody of whom nothing that stands is on record."""


def disagreements(
    record: Record, as_of: int | None, known_at: int | None, now: int | None
) -> dict[str, tuple[object, object]]:
    """What each says of positions, changes and findings, where these are not the same."""
    second = SecondWriting(record, as_of, known_at)
    beside = findings(record, as_of=as_of, known_at=known_at)
    changed = (*changes(record, as_of=as_of, known_at=known_at), *beside.shades)
    stands = positions(record, as_of=as_of, known_at=known_at, now=now)
    told = second.positions(now if as_of is None else as_of)
    lanes = {position.lane for position in stands}
    both = {
        "changes": (ordered(changed, CHANGE), ordered(second.changes(), CHANGE)),
        "voices": (ordered(beside.voices, VOICES), ordered(second.voices(), VOICES)),
        "dissents": (
            {
                (dissent.body, dissent.person, dissent.decision, dissent.vote)
                for dissent in beside.dissents
            },
            second.dissents(),
        ),
        "positions": (
            {position.lane: fields(position, POSITION) for position in stands},
            {lane: fields(told.get(lane, NOWHERE), POSITION) for lane in lanes | told.keys()},
        ),
    }
    return {what: (one, other) for what, (one, other) in both.items() if one != other}


def ordered(answers: Iterable[object], names: list[str]) -> list[Told]:
    return sorted((fields(answer, names) for answer in answers), key=str)


def fields(answer: Any, names: list[str]) -> Told:  # noqa: ANN401 - of either
    """The fields of an answer of the rule, or of its second writing."""
    by_name = answer.__getitem__ if isinstance(answer, dict) else partial(getattr, answer)
    found = {name: by_name(name) for name in names}
    for name in UNORDERED:
        if name in found:
            found[name] = sorted(found[name])
    if not isinstance(found.get("voices", {}), dict):
        voices = found["voices"]
        found["voices"] = {voice.person: (voice.direction, voice.statements) for voice in voices}
    return found
