"""Edition 2 of the position rule, written a second time: from docs/position-rule.md alone.

It shares the structs of what goes in with the rule, and no line of its code. It is naive: each
question draws every line again from all words. What it returns are dictionaries, by the names of
the fields of the rule's answers.
"""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from timeline.domain.position.edition2 import Record, Words

DAY = 86_400
Told = dict[str, Any]


class Said(NamedTuple):
    """What somebody said on a day: an end, a day of two things, or one whose order is open."""

    by: str
    words: tuple[Words, ...]
    step: int | None
    terms: frozenset[str]
    is_open: bool

    @property
    def first(self) -> float:
        return min(-float("inf") if one.earliest is None else one.earliest for one in self.words)

    @property
    def last(self) -> int:
        return max(one.counts_from for one in self.words)

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
        return all(one.joint for one in self.words)

    @property
    def is_uncoded(self) -> bool:
        return any(one.uncoded for one in self.words)

    @property
    def is_certain(self) -> bool:
        return self.last - self.first < 7 * DAY

    def says_as(self, other: Said) -> bool:
        return (self.step, self.terms) == (other.step, other.terms)


def numbers(words: Iterable[Words]) -> tuple[int, ...]:
    return tuple(sorted(one.statement for one in words))


def side_of(step: int) -> int:
    return 0 if step == 0 else step // abs(step)


def stood(versions: Iterable[Any], at: int | None) -> list[Any]:
    if at is None:
        return [one for one in versions if one.known_until is None]
    return [
        one
        for one in versions
        if one.known_from <= at and (one.known_until is None or at < one.known_until)
    ]


def draw(words: Iterable[Words]) -> list[Said]:
    """What was said day by day, of one speaker's words that stand."""
    line: list[Said] = []
    every = [one for one in words if one.rank == 0 and one.direction is not None]
    for day in sorted({one.counts_from // DAY for one in every}):
        today = [one for one in every if one.counts_from // DAY == day]
        today = [one for one in today if not one.joint] or today
        latest = max((one.counts_from for one in today if one.timed), default=None)
        today = [one for one in today if not one.timed or one.counts_from == latest]
        line.append(settle(today, [one for one in line if one.is_end]))
    return line


def settle(today: list[Words], ends: list[Said]) -> Said:
    sets = frozenset().union(*(one.sets for one in today))
    drops = frozenset().union(*(one.drops for one in today))
    clash = any(a.sets & b.drops for a in today for b in today if a is not b)
    steps = [one.direction for one in today if one.direction is not None]
    one_class = len({side_of(step) for step in steps}) == 1
    step = min(steps, key=abs) if one_class and not clash else None
    is_same = bool(ends) and step is not None and side_of(ends[-1].step or 0) == side_of(step)
    terms = ((ends[-1].terms if is_same else frozenset()) | sets) - drops
    found = Said(today[0].speaker, tuple(today), step, terms, is_open=False)
    return found._replace(is_open=bool(ends) and found.first <= ends[-1].last)


class SecondWriting:
    """The answers of edition 2 on one topic, as of an instant and as known at a position."""

    def __init__(self, record: Record, as_of: int | None, known_at: int | None) -> None:
        self.topic = record.topic
        live = stood(record.words, known_at)
        live = [one for one in live if as_of is None or one.counts_from <= as_of]
        self.words: list[Words] = [one for one in live if not one.retracted]
        self.mandates = stood(record.mandates, known_at)
        self.standings = stood(record.standings, known_at)
        self.verdicts = stood(record.verdicts, known_at)
        by_number = {one.statement: one for one in self.words}
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
                    one for one in self.standings if one.mandate == held.mandate and touches(one)
                ]
                if said and max(said, key=lambda one: one.weight).standing == "decides":
                    return True
        return False

    def is_for(self, word: Words, side: str) -> bool:
        """Whether the words are a side's: its own, or on its behalf by whoever decides then."""
        if word.speaker == side:
            return word.side is None
        first = -float("inf") if word.earliest is None else word.earliest
        return word.side == side and self.decides(word.speaker, side, first, word.counts_from)

    # Lines

    def gone(self, day: float, side: str | None = None) -> dict[int, list[Words]]:
        """The walk-backs up to a day, by the statement that they take back."""
        found: dict[int, list[Words]] = {}
        for by, of in self.walk_backs:
            by_side = side is not None and self.is_for(by, side)
            if by.counts_from // DAY <= day and (by.speaker == of.speaker or by_side):
                found.setdefault(of.statement, []).append(by)
        return found

    def line(self, speaker: str, day: float = float("inf")) -> list[Said]:
        gone = self.gone(day)
        return draw(
            one
            for one in self.words
            if one.speaker == speaker
            and one.statement not in gone
            and one.counts_from // DAY <= day
        )

    def side_line(self, side: str, day: float = float("inf")) -> list[Said]:
        """What the body and those who decide for it said, in order of time."""
        gone = self.gone(day, side)
        here = [
            one
            for one in self.words
            if self.is_for(one, side)
            and one.statement not in gone
            and one.counts_from // DAY <= day
        ]
        drawn = [
            said
            for speaker in {one.speaker for one in here}
            for said in draw(one for one in here if one.speaker == speaker)
        ]
        line: list[Said] = []
        for said in sorted(drawn, key=lambda one: (one.last, one.numbers)):
            ends = [one for one in line if one.is_end]
            is_open = said.is_open or (bool(ends) and said.first <= ends[-1].last)
            line.append(said._replace(is_open=is_open))
        return line

    # Positions

    def positions(self, now: int | None) -> dict[str, Told]:
        lanes = {one.speaker for one in self.words} | {one.side for one in self.words if one.side}
        return {lane: self.position(lane, now) for lane in lanes}

    def position(self, lane: str, now: int | None) -> Told:
        is_side = any(one.side == lane for one in self.words)
        line = self.side_line(lane) if is_side else self.line(lane)
        stands = [said for said in line if not said.is_open]
        held = stands[-1] if stands else None
        after = line[line.index(held) + 1 :] if held else line
        gone = self.gone(float("inf"), lane if is_side else None)
        run = [held] if held else []
        for said in reversed(stands[:-1]):
            if held is None or held.step is None or not said.says_as(held):
                break
            run.insert(0, said)
        ages = held is not None and now is not None and self.is_old(held.last, now)
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
            "order_open": tuple(sorted(n for said in after if said.is_open for n in said.numbers)),
            "according_to": numbers(
                one
                for one in self.words
                if lane in (one.speaker, one.side)
                and one.rank > 0
                and one.direction is not None
                and one.statement not in gone
            ),
            "voices": self.voices_of(lane) if is_side else {},
        }

    def voices_of(self, side: str) -> dict[str, Any]:
        found = {}
        gone = self.gone(float("inf"))
        for person in {one.speaker for one in self.words if one.side == side}:
            line = draw(
                one
                for one in self.words
                if (one.speaker, one.side) == (person, side)
                and not self.is_for(one, side)
                and one.statement not in gone
            )
            stands = [said for said in line if not said.is_open]
            if stands:
                last = stands[-1]
                found[person] = ("mixed" if last.step is None else last.step, last.numbers)
        return found

    def is_old(self, before: int, after: int) -> bool:
        import datetime as dt

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
        for speaker in sorted({one.speaker for one in self.words}):
            if self.topic.recurring:
                found += self.turns(speaker)
            else:
                found += self.there_and_back(self.moves(speaker), speaker)
        if not self.topic.recurring:
            for side in sorted({one.side for one in self.words if one.side}):
                found += [*self.successions(side), *self.taken_back_by_side(side)]
        return [self.judged(one) for one in found]

    def moves(self, speaker: str) -> list[Told]:
        found = []
        days = {one.counts_from // DAY for one in self.words if one.speaker == speaker}
        for day in sorted(days):
            was, line = self.line(speaker, day - 1), self.line(speaker, day)
            taken = self.gone(day)
            last = [said for said in was if said.is_end][-1:]
            ends = [said for said in line if said.is_end]
            if last and all(one.statement in taken for one in last[0].words):
                if not ends or not ends[-1].says_as(last[0]):
                    by = {w.statement: w for one in last[0].words for w in taken[one.statement]}
                    found.append(self.withdrawn(last[0], [*by.values()], ends, (speaker,)))
            elif ends and ends[-1].day == day:
                found += self.compared(ends[:-1], ends[-1], line)
        return found

    def compared(self, earlier: Sequence[Said], end: Said, line: Sequence[Said]) -> list[Told]:
        own = [said for said in earlier if not said.is_joint]
        if not own:
            return []
        since = earlier[earlier.index(own[-1]) + 1 :]
        if not end.is_joint and any(said.says_as(end) for said in since):
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
        between = [said for said in line if before.day < said.day < end.day and not said.is_open]
        ends = [said for said in line if said.is_end and said.day < before.day]
        as_before = [said.numbers for said in ends if said.says_as(end)]
        return {
            "kind": kind,
            "lanes": {before.by, *self.sides_of(before, end)},
            "ends": (before, end),
            "before": before.numbers,
            "after": end.numbers,
            "to": end.step,
            "between": tuple(n for said in between for n in said.numbers),
            "returns_to": as_before[-1] if as_before else (),
            "back": (),
            "back_on": None,
            "day": end.day,
        }

    def sides_of(self, *ends: Said) -> set[str]:
        sides = {one.side for end in ends for one in end.words if one.side}
        return {
            side
            for side in sides
            if all(any(self.is_for(one, side) for one in end.words) for end in ends)
        }

    def withdrawn(
        self, lost: Said, by: list[Words], ends: Sequence[Said], lanes: Iterable[str]
    ) -> Told:
        day = max(one.counts_from for one in by) // DAY
        after = Said(by[0].speaker, tuple(by), None, frozenset(), is_open=False)
        return {
            "kind": "withdrawn",
            "lanes": {*lanes, *(self.sides_of(lost) if lost.by in lanes else ())},
            "ends": (lost, after),
            "before": lost.numbers,
            "after": numbers(by),
            "to": ends[-1].step if ends else None,
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
        if "withdrawn" in (there["kind"], back["kind"]) or back["before"] != there["after"]:
            return False
        line = self.line(speaker, back["day"])
        left = [said for said in line if said.is_end and there["day"] <= said.day < back["day"]]
        return (
            back["ends"][1].says_as(there["ends"][0])
            and back["day"] - there["day"] <= 14
            and len(left) == 1
            and not any(self.signs(one, half) for one in self.verdicts for half in (there, back))
        )

    @staticmethod
    def signs(verdict: Any, move: Told) -> bool:  # noqa: ANN401 - a verdict
        ends = (verdict.before, verdict.after)
        return verdict.signed and ends == ({*move["before"]}, {*move["after"]})

    def successions(self, side: str) -> list[Told]:
        found = []
        days = {one.counts_from // DAY for one in self.words if one.side == side}
        begun: set[str] = set()
        for day in sorted(days):
            line = [said for said in self.side_line(side, day) if said.by != side and said.is_end]
            for end in [said for said in line if said.day == day and said.by not in begun]:
                begun.add(end.by)
                earlier = [said for said in line if said.last < end.first]
                last = earlier[-1] if earlier else None
                if last is None or self.decides(last.by, side, end.first, end.last):
                    continue
                is_other_class = side_of(last.step or 0) != side_of(end.step or 0)
                if is_other_class or last.terms != end.terms:
                    move = self.change("succession", last, end, [])
                    found.append(move | {"lanes": {side}})
        return found

    def taken_back_by_side(self, side: str) -> list[Told]:
        found = []
        for day in sorted({by.counts_from // DAY for by, _ in self.walk_backs}):
            last = [said for said in self.side_line(side, day - 1) if said.is_end][-1:]
            taken = self.gone(day, side)
            ends = [said for said in self.side_line(side, day) if said.is_end]
            if last and all(one.statement in taken for one in last[0].words):
                by = {w.statement: w for one in last[0].words for w in taken[one.statement]}
                others = [one for one in by.values() if one.speaker != last[0].by]
                if others and (not ends or not ends[-1].says_as(last[0])):
                    found.append(self.withdrawn(last[0], others, ends, (side,)))
        return found

    # Printing

    def judged(self, move: Told) -> Told:
        before, after = move["ends"]
        move["certain"] = before.is_certain and after.is_certain
        move["old"] = self.is_old(before.last, after.last)
        move["joint"] = after.is_joint
        move["uncoded"] = before.is_uncoded or after.is_uncoded
        move["new_office"] = self.offices(before) != self.offices(after)
        wordings = [{one.wording for one in end.words} for end in (before, after)]
        move["other_wording"] = wordings[0] != wordings[1]
        move["status"], move["because"] = self.status(move)
        return move

    def offices(self, said: Said) -> set[tuple[str, str]]:
        return {
            (one.side, one.role)
            for one in self.mandates
            if one.person == said.by
            and (one.begins is None or one.begins <= said.last)
            and (one.ends is None or said.first <= one.ends)
        }

    def status(self, move: Told) -> tuple[str, set[str]]:
        before, after = move["ends"]
        verdicts = [
            one
            for one in self.verdicts
            if (one.before, one.after) == ({*move["before"]}, {*move["after"]})
        ]
        verdict = max(verdicts, key=lambda one: one.known_from, default=None)
        words = (*before.words, *after.words)
        if verdict and not verdict.signed:
            return "declined", {verdict.cause}
        if not move["uncoded"]:
            if all(self.is_decision(one) for one in words):
                return "printed", {"decision"}
            if verdict and all(one.amended_at <= verdict.known_from for one in words):
                return "printed", {"signed"}
        is_person = before.by == after.by and after.words[0].speaker_kind == "person"
        reasons = {
            "not_a_reversal": move["kind"] != "reversal",
            "not_one_person": not is_person,
            "quote_does_not_carry": not all(
                any(one.carries for one in end.words) for end in (before, after)
            ),
            "date_uncertain": not move["certain"],
            "new_office": move["new_office"],
            "words_between": bool(move["between"]),
            "old": move["old"],
            "returns": bool(move["returns_to"]),
            "there_and_back": bool(move["back"]),
            "joint": move["joint"],
            "uncoded": move["uncoded"],
        }
        against = {reason for reason, is_so in reasons.items() if is_so}
        return ("waiting", against) if against else ("printed", {"both_quotes_carry"})

    @staticmethod
    def is_decision(word: Words) -> bool:
        is_body = word.speaker_kind in ("organisation", "state") and word.side is None
        return is_body and (word.voted or word.own_text)

    # Recurring decisions

    def turns(self, body: str) -> list[Told]:
        line = [said for said in self.line(body) if self.is_body(said)]
        found = []
        ends = [said for said in line if said.is_end and side_of(said.step or 0)]
        for before, end in pairwise(ends):
            if side_of(before.step or 0) != side_of(end.step or 0):
                found.append(self.change("reversal", before, end, line))
        return found

    @staticmethod
    def is_body(said: Said) -> bool:
        word = said.words[0]
        return word.speaker_kind in ("organisation", "state") and word.side is None

    def dissents(self) -> set[tuple[str, str, int, int]]:
        return {
            (one.speaker, vote.speaker, one.statement, vote.statement)
            for one in self.words
            for vote in self.words
            if self.topic.recurring
            and one.speaker == vote.side
            and one.rank == vote.rank == 0
            and one.direction is not None
            and vote.against
            and one.occasion == vote.occasion
            and one.speaker_kind in ("organisation", "state")
            and one.side is None
        }

    # Differing voices

    def voices(self) -> list[Told]:
        found = []
        gone = self.gone(float("inf"))
        for side in {one.side for one in self.words if one.side} if not self.topic.recurring else ():
            people = {one.speaker for one in self.words if one.side == side}
            for pair in combinations(sorted(people), 2):
                said = [
                    end
                    for person in pair
                    for end in draw(
                        one
                        for one in self.words
                        if (one.speaker, one.side) == (person, side) and one.statement not in gone
                    )
                    if end.is_end
                ]
                found += self.differing(side, sorted(said, key=lambda one: (one.last, one.numbers)))
        return found

    def differing(self, side: str, said: Sequence[Said]) -> list[Told]:
        told: Told | None = None
        latest: dict[str, Said] = {}
        for end in said:
            latest[end.by] = end
            other = next((one for by, one in latest.items() if by != end.by), None)
            if other is None:
                continue
            classes = {side_of(end.step or 0), side_of(other.step or 0)}
            differ = -1 in classes and len(classes) == 2
            days = max(30, self.topic.rhythm)
            if differ and end.day - other.day <= days and (told is None or told["until"]):
                against, wants = (end, other) if (end.step or 0) < 0 else (other, end)
                told = told or {
                    "side": side,
                    "against": against.by,
                    "other": wants.by,
                    "since": end.day,
                    "statements": tuple(sorted((*end.numbers, *other.numbers))),
                    "uncoded": end.is_uncoded or other.is_uncoded,
                }
                told |= {"until": None, "ended_by": ()}
            elif not differ and told and told["until"] is None:
                told |= {"until": end.day, "ended_by": end.numbers}
        return [told] if told else []
