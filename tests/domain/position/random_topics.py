"""Random histories of one topic, for edition 2 of the rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from hypothesis import strategies as st

from tests.domain.position.topic_words import carries, office, said, takes_back
from timeline.domain.position.edition2 import (
    Mandate,
    MandateStanding,
    Record,
    Topic,
    Verdict,
    changes,
    findings,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from timeline.domain.position.edition2 import StatementVersion
    from timeline.domain.position.reading import Withdrawal

FIRST_DAY = 20_000
SIDES = ("S", "T")
PEOPLE = ("A", "B", "C")
SPEAKERS = ("ABC", "AAAAABC", "AAAABBB")
"""Who speaks how often: words of one person change, words of several seldom do."""
TURNS = (
    *((), ()),
    *((("A", 2), ("A", -2), ("A", 2)),) * 2,
    (("A", -2), ("B", 2)),
    (("S", 2), ("A", -2)),
)
"""How a history begins: as chance has it, or there and back, with a successor, with a dissent."""
MOST = 9
TOPICS = (
    Topic(),
    Topic(),
    Topic(),
    Topic(limit=2, rhythm=45),
    Topic(limit=None),
    Topic(prints="derived"),
    Topic(asks="decision", limit=None, recurring=True),
    Topic(asks="decision", limit=None, recurring=True),
)


def likely(random: Random, percent: int) -> bool:
    return random.randrange(100) < percent


def histories(
    topics: Sequence[Topic] = TOPICS, *, walk_backs: bool = True
) -> st.SearchStrategy[Record]:
    """Return histories that each follow from a number: so the first is as long as others."""
    random = st.randoms(use_true_random=True)
    return random.map(lambda chance: history(chance, topics, walk_backs=walk_backs))


def history(random: Random, topics: Sequence[Topic] = TOPICS, *, walk_backs: bool = True) -> Record:
    """People, sides and bodies, and what they said, took back, and held as offices."""
    topic = random.choice(topics)
    days = [FIRST_DAY]
    numbers = range(1, random.randint(4, MOST) + 1)
    for _ in numbers:
        days.append(days[-1] + random.choice((0, 1, 1, 3, 5, 7, 10, 14, 20, 40, 100, 800)))
    if likely(random, 20):
        random.shuffle(days)
    bodies = 50 if topic.recurring else 20
    people = random.choice(SPEAKERS)
    first = [statement(random, number, days[number - 1], bodies, people) for number in numbers]
    for place, (by, direction) in enumerate(random.choice(TURNS)):
        first[place] = plainly(first[place], by, direction)
    words = [version for one in first for version in versions(random, one)]
    if likely(random, 15):
        words = merged(words, known_from=random.randint(2, 2 * MOST))
    offices = [
        held
        for person in PEOPLE
        for side in SIDES
        if likely(random, 45)
        for held in held_by(random, person, side, days)
    ]
    if likely(random, 40):
        offices += succession(random, days)
    record = Record(
        topic=topic,
        words=tuple(words),
        withdrawals=tuple(taken_back(random, first)) if walk_backs else (),
        mandates=tuple(held for held, _ in offices),
        standings=tuple(standing for _, said_of in offices for standing in said_of),
    )
    return msgspec.structs.replace(record, verdicts=tuple(verdicts(random, record)))


def statement(random: Random, number: int, day: int, bodies: int, people: str) -> StatementVersion:
    """A statement of a body, or of a person for a side or for nobody."""
    if likely(random, bodies):
        by, side, kind = random.choice(SIDES), None, "state"
    else:
        by = random.choice(people)
        side = random.choice(("S", "S", "S", "T", None))
        kind = "person"
    direction = random.choice((-2, -2, -1, 0, 1, 2, 2, None))
    version = said(
        number,
        day,
        direction,
        by=by,
        speaker_kind=kind,
        side=side,
        at=random.choice((8, 15)) if likely(random, 25) else None,
        days=random.choice((1, 1, 1, 1, 1, 1, 1, 2, 7, 8, 30, None)),
        terms=random.choice(("", "", "", "x", "y", "x y")) if direction is not None else "",
        rank=random.choice((0, 0, 0, 0, 0, 0, 0, 0, 1, 2)),
        joint=likely(random, 12),
        reason="declined" if direction is None else None,
        uncoded=direction == 0 and likely(random, 40),
        wording=random.choice((1, 1, 1, 1, 2)),
        quote=carries(direction) if direction is not None and likely(random, 70) else None,
        voted=(voted := likely(random, 25)),
        against=voted and side is not None and likely(random, 50),
        own_text=likely(random, 20),
        occasion=f"{day}" if likely(random, 70) else None,
    )
    if direction is not None and likely(random, 20):
        return msgspec.structs.replace(version, drops=frozenset({"x", "y"} - version.sets))
    return version


def plainly(version: StatementVersion, by: str, direction: int) -> StatementVersion:
    """The statement as somebody made it in own words, with a vote on what others decide."""
    is_body = by in SIDES
    return msgspec.structs.replace(
        version,
        speaker=by,
        speaker_kind="state" if is_body else "person",
        side=None if is_body else "S",
        stance=direction,
        reason=None,
        uncoded=False,
        sets=frozenset(),
        drops=frozenset(),
        rank=0,
        joint=False,
        voted=True,
        occasion="one",
        quote=carries(direction),
    )


def versions(random: Random, version: StatementVersion) -> list[StatementVersion]:
    """One version of a statement, or a second one that corrected or retracted it."""
    if not likely(random, 15):
        return [version]
    at = version.known_from + random.randint(1, MOST)
    then = msgspec.structs.replace(version, known_from=at, amended_at=at)
    if likely(random, 50):
        then = msgspec.structs.replace(then, retracted=True)
    elif version.stance is not None and not version.uncoded:
        then = msgspec.structs.replace(then, stance=-version.stance, quote=None)
    return [msgspec.structs.replace(version, known_until=at), then]


def merged(words: list[StatementVersion], known_from: int) -> list[StatementVersion]:
    """The same words, where from a position on C is known to be B."""
    found = []
    for version in words:
        if version.speaker != "C" or (version.known_until or known_from + 1) <= known_from:
            found.append(version)
            continue
        if version.known_from < known_from:
            found.append(msgspec.structs.replace(version, known_until=known_from))
        start = max(known_from, version.known_from)
        found.append(msgspec.structs.replace(version, speaker="B", known_from=start))
    return found


def held_by(
    random: Random, person: str, side: str, days: list[int]
) -> list[tuple[Mandate, list[MandateStanding]]]:
    """An office of somebody, open or bounded, and what is said of its standing."""
    begins = random.choice((None, *days)) if likely(random, 60) else None
    ends = random.choice((None, *days)) if likely(random, 60) else None
    if begins is not None and ends is not None and ends < begins:
        begins, ends = ends, begins
    known_from = random.choice((0, 0, 0, 4))
    held, standing = office(
        person, side, decides=likely(random, 60), begins=begins, ends=ends, known_from=known_from
    )
    proposed = msgspec.structs.replace(standing, proposed=likely(random, 50))
    standings = [proposed]
    if likely(random, 30):
        other = "speaks" if standing.standing == "decides" else "decides"
        since = min(days) * 86_400 + random.randrange(200) * 86_400
        standings.append(
            MandateStanding(
                mandate=held.mandate,
                standing=other,  # type: ignore[arg-type]
                for_topic=likely(random, 50),
                begins=since if likely(random, 50) else None,
                known_from=random.choice((1, 6)),
            )
        )
    offices = [(held, standings)]
    if likely(random, 15):
        day = random.choice(days) * 86_400
        seen = {"mandate": f"{held.mandate} seen", "begins": None, "begins_by": day}
        offices.append(
            (
                msgspec.structs.replace(held, **seen),
                [msgspec.structs.replace(standing, mandate=seen["mandate"])],
            )
        )
    return offices


def succession(random: Random, days: list[int]) -> list[tuple[Mandate, list[MandateStanding]]]:
    """An office that decides for a side and passes from one to another between two days."""
    ends, (old, new) = random.choice(days[:3]), random.choice(("AB", "AB", "BA"))
    before = office(old, "S", decides=True, ends=ends)
    after = office(new, "S", decides=True, begins=ends + 1)
    return [(held, [standing]) for held, standing in (before, after)]


def taken_back(random: Random, words: list[StatementVersion]) -> list[Withdrawal]:
    """Words that take earlier ones back, mostly the speaker's own."""
    ordered = sorted(words, key=lambda version: (version.counts_from, version.statement))
    found = []
    for place, by in enumerate(ordered):
        for target in ordered[:place]:
            chance = 18 if by.speaker == target.speaker else 6
            if likely(random, chance) and target.counts_from < by.counts_from:
                found.append(takes_back(by.statement, target.statement))
    return found


def verdicts(random: Random, record: Record) -> list[Verdict]:
    """What editors signed or declined: of what the rule finds, and of any pairs of statements.

    Some were said before an end was corrected, some after it, some twice.
    """
    found = (*changes(record), *findings(record).shades)
    ends = [(change.before, change.after) for change in (*found, *found) if likely(random, 20)]
    numbers = sorted({version.statement for version in record.words})
    pairs = ((number, other) for number in numbers for other in numbers if number != other)
    ends += [((one,), (other,)) for one, other in pairs if likely(random, 4)]
    return [
        Verdict(
            before=frozenset(before),
            after=frozenset(after),
            signed=signed,
            cause="" if signed else "other question",
            known_from=random.randint(2, 3 * MOST),
        )
        for before, after in ends
        for signed in (likely(random, 60),)
    ]
