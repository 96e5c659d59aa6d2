"""Each cell of the table in docs/position-rule.md is one test."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.domain.position.topic_words import (
    brief,
    carries,
    moved,
    office,
    said,
    signed,
    takes_back,
    topic,
)
from timeline.domain.position.edition2 import Record, Topic, changes, findings, positions

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = Path(__file__).parents[3] / "docs" / "position-rule.md"
Fields = dict[str, Any]
VOTES = Topic(asks="vote", limit=None)
DECISIONS = Topic(recurring=True, limit=None)
CELLS: dict[tuple[str, str], Callable[[], None]] = {}


def cell(row: str, column: str) -> Callable[[Callable[[], None]], None]:
    """Register the test of one cell."""

    def register(test: Callable[[], None]) -> None:
        assert (row, column) not in CELLS
        CELLS[row, column] = test

    return register


def table() -> list[list[str]]:
    """The table of the page, its heading first."""
    lines = PAGE.read_text().partition("## The table")[2].partition("\n## ")[0].splitlines()
    rows = [line for line in lines if line.startswith("|")]
    return [[part.strip() for part in row.strip("|").split("|")] for row in rows]


def test_every_cell_of_the_table_has_a_test_and_every_test_a_cell() -> None:
    heading, _, *rows = table()
    page = {(re.sub(r"\*", "", row[0]), column) for row in rows for column in heading[1:]}
    assert page == CELLS.keys()
    assert all(text for row in rows for text in row)


@cell("What ends", "A person")
def _() -> None:
    # The own words of one day are one end where they are on one side of the question.
    day = said(2, 5, 2), said(3, 5, 1, terms="truce")
    (change,) = changes(topic(said(1, 1, -2), *day))
    assert (change.before, change.after) == ((1,), (2, 3))
    assert (change.to, change.kind) == (1, "reversal")
    # Joint words drop out beside own ones, and of timed words only the latest stay.
    timed = said(2, 5, 2, at=9), said(3, 5, -2, at=15), said(4, 5, 2, joint=True)
    assert moved(said(1, 1, 2), *timed) == [("reversal", (1,), (3,))]


@cell("What ends", "A side")
def _() -> None:
    head = office("A", "S", decides=True)
    minister = office("B", "S", decides=False)
    record = topic(head, minister, said(1, 1, 2, side="S"), said(2, 5, -2, by="B", side="S"))
    (of_side,) = [position for position in positions(record) if position.lane == "S"]
    assert (of_side.stance, of_side.counted, of_side.held_by) == (2, (1,), "A")
    assert [(voice.person, voice.statements) for voice in of_side.voices] == [("B", (2,))]
    # The body itself speaks with its own words, whoever decides for it.
    release = said(3, 9, -2, by="S", speaker_kind="state")
    (of_side,) = [
        position for position in positions(topic(*items_of(record), release)) if position.side
    ]
    assert (of_side.stance, of_side.held_by) == (-2, "S")


@pytest.mark.parametrize(
    ("body", "decider", "holds"),
    [
        (None, None, "S"),
        (None, 9, "S"),
        (9, None, "S"),
        (9, 15, "A"),
        (15, 9, "S"),
        (9, 9, "S"),
    ],
)
def test_of_one_day_the_bodys_words_hold_unless_others_are_certainly_later(
    body: int | None, decider: int | None, holds: str
) -> None:
    release = said(1, 5, 2, by="S", speaker_kind="state", at=body)
    words = said(2, 5, -2, side="S", at=decider)
    record = topic(office("A", "S", decides=True), release, words)
    (of_side,) = [position for position in positions(record) if position.lane == "S"]
    assert of_side.held_by == holds


@cell("What ends", "Votes")
def _() -> None:
    # The latest day of a lane, mixed days among them, whoever spoke.
    votes = said(1, 1, 2), said(2, 5, 2), said(3, 5, -2), said(4, 9, -2)
    found = changes(topic(*votes, on=VOTES))
    assert [(change.from_, change.to) for change in found] == [
        (None, 2),
        (2, "mixed"),
        ("mixed", -2),
    ]
    # What others say holds while nothing of a higher rank is on record; of one day joint words
    # count beside no others, and of timed words the last.
    hearsay, ascribed = said(1, 1, 2, rank=1), said(2, 5, -2, rank=2)
    day = said(3, 9, 0, at=9), said(4, 9, -2, at=15), said(5, 9, 2, joint=True)
    found = changes(topic(hearsay, ascribed, *day, on=VOTES))
    assert [(change.before, change.after) for change in found] == [((), (1,)), ((1,), (4,))]


@cell("What ends", "Recurring decisions")
def _() -> None:
    body: Fields = {"by": "F", "speaker_kind": "organisation"}
    member: Fields = {"by": "A", "voted": True}
    items = said(1, 1, -2, **body), said(2, 1, -2, **member), said(3, 9, 2, **body)
    assert moved(*items, said(4, 9, 2, **member), on=DECISIONS) == [("reversal", (1,), (3,))]


@cell("What is compared", "A person")
def _() -> None:
    # With the same person alone, and with words that are more than a joint text.
    assert moved(said(1, 1, 2), said(2, 5, -2, by="B")) == []
    joint = said(2, 3, 2, joint=True)
    assert moved(said(1, 1, -2), joint, said(3, 5, 2)) == [("reversal", (1,), (2,))]
    assert moved(joint, said(3, 5, -2)) == []
    # A reversal looks back to the last words that had a direction, and names those between.
    (_, turned) = changes(topic(said(1, 1, -2), said(2, 3, 0), said(3, 5, 2)))
    assert (turned.kind, turned.before, turned.between) == ("reversal", (1,), (2,))


@cell("What is compared", "A side")
def _() -> None:
    # A new decider with the one before, once; the decider's own changes are the side's, once.
    before = office("A", "S", decides=True, ends=10)
    after = office("B", "S", decides=True, begins=11)
    words = said(1, 1, 2, side="S"), said(2, 12, -2, by="B", side="S")
    later = said(3, 20, 2, by="B", side="S")
    found = changes(topic(before, after, *words, later))
    assert [(change.kind, change.lanes, change.before, change.after) for change in found] == [
        ("succession", ("S",), (1,), (2,)),
        ("reversal", ("B", "S"), (2,), (3,)),
    ]
    # The body's text and a decider's words are not compared with each other.
    release = said(4, 5, -2, by="S", speaker_kind="state")
    assert moved(before, words[0], release) == []


@cell("What is compared", "Votes")
def _() -> None:
    words = said(1, 1, 2), said(2, 5, -2, by="B", side="A"), said(3, 9, 0)
    record = topic(*words, on=VOTES)
    found = [change for change in changes(record) if change.lanes == ("A",)]
    assert [(change.before, change.after) for change in found] == [
        ((), (1,)),
        ((1,), (2,)),
        ((2,), (3,)),
    ]


@cell("What is compared", "Recurring decisions")
def _() -> None:
    body: Fields = {"by": "F", "speaker_kind": "organisation"}
    rates = [said(day, day, way, **body) for day, way in enumerate((2, 0, 2, 0, -2, 0), start=1)]
    (turn,) = changes(topic(*rates, on=DECISIONS))
    assert (turn.before, turn.after, turn.between) == ((3,), (5,), (4,))


@cell("What is skipped", "A person")
def _() -> None:
    ends = said(1, 1, 2), said(9, 30, 2)
    second_hand, ascribed = said(2, 5, -2, rank=1), said(3, 6, -2, rank=2)
    silent = said(4, 7, None, reason="declined")
    two_things = said(5, 8, 2), said(6, 8, -2)
    open_order = said(7, 20, -2, days=20)
    assert moved(*ends, second_hand, ascribed, silent, *two_things, open_order) == []
    (stands,) = positions(topic(ends[0], second_hand, ascribed, open_order))
    assert (stands.stance, stands.according_to, stands.order_open) == (2, (2, 3), (7,))


@cell("What is skipped", "A side")
def _() -> None:
    # Voices move nobody but themselves; two of them who differ are a finding.
    minister = office("B", "S", decides=False)
    spokesman = office("C", "S", decides=False)
    words = said(1, 1, 2, by="B", side="S"), said(2, 5, -2, by="C", side="S")
    record = topic(minister, spokesman, *words)
    assert changes(record) == ()
    (side,) = [position for position in positions(record) if position.side]
    assert side.stance is None
    (differ,) = findings(record).voices
    assert (differ.against, differ.other, differ.until) == ("C", "B", None)
    came_round = topic(*items_of(record), said(3, 9, 1, by="C", side="S"))
    assert findings(came_round).voices[0].ended_by == (3,)


@cell("What is skipped", "Votes")
def _() -> None:
    skipped = said(3, 5, None, reason="declined"), said(4, 6, -2, rank=1), said(5, 7, 2)
    assert moved(said(1, 1, 2), *skipped, said(2, 9, 0), on=VOTES) == [
        ("first", (), (1,)),
        ("vote", (5,), (2,)),
    ]
    taken = said(2, 5, -2), said(3, 9, None, reason="unstated"), takes_back(3, 2)
    assert moved(said(1, 1, 2), *taken, on=VOTES) == [
        ("first", (), (1,)),
        ("vote", (1,), (2,)),
        ("vote", (2,), (1,)),
    ]
    (stands,) = positions(topic(said(1, 1, 2), skipped[1], on=VOTES))
    assert stands.reported is not None
    assert stands.reported.statements == (4,)


@cell("What is skipped", "Recurring decisions")
def _() -> None:
    # Who votes with the body prints nothing; who votes against it is a finding. A vote of which no
    # direction is on record is against it only where that is recorded.
    body: Fields = {"by": "F", "speaker_kind": "organisation", "occasion": "meeting"}
    vote: Fields = {"voted": True, "occasion": "meeting"}
    votes = [
        said(2, 1, 2, by="A", **vote),
        said(3, 1, 0, by="B", **vote),
        said(4, 1, None, by="C", reason="unstated", **vote),
        said(5, 1, 2, by="D", against=True, **vote),
        said(6, 1, -2, by="E", voted=True, occasion="another"),
        said(7, 1, None, by="G", reason="unstated", against=True, **vote),
    ]
    record = topic(said(1, 1, 2, **body), *votes, on=DECISIONS)
    assert changes(record) == ()
    assert [dissent.person for dissent in findings(record).dissents] == ["B", "D", "G"]


@cell("Which kind wins", "A person")
def _() -> None:
    steps = [
        (said(1, 1, 2), said(2, 9, -1), "reversal"),
        (said(1, 1, 2), said(2, 9, -1, terms="truce"), "reversal"),
        (said(1, 1, 2), said(2, 9, 1, terms="truce"), "terms"),
        (said(1, 1, 2, terms="truce"), said(2, 9, 2, drops="truce"), "terms"),
        (said(1, 1, 2), said(2, 9, 0), "opens"),
        (said(1, 1, 0), said(2, 9, -2), "settles"),
    ]
    for before, after, kind in steps:
        assert moved(before, after) == [(kind, (1,), (2,))]
    assert moved(said(1, 1, 2, terms="truce"), said(2, 9, 2)) == []
    # Words taken back come before everything else; what stood before them stands again.
    taken = said(2, 5, -2), said(3, 9, None, reason="unstated"), takes_back(3, 2)
    (_, back) = changes(topic(said(1, 1, 2), *taken))
    assert (back.kind, back.before, back.withdrawn_by, back.to) == ("withdrawn", (2,), (3,), 2)
    shades = findings(topic(said(1, 1, 1), said(2, 5, 2), said(3, 9, 1))).shades
    assert [change.kind for change in shades] == ["firmer", "softer"]


@cell("Which kind wins", "A side")
def _() -> None:
    before = office("A", "S", decides=True, ends=10)
    after = office("B", "S", decides=True, begins=11)
    words = said(1, 1, -2, side="S"), said(2, 12, 1, by="B", side="S", terms="truce")
    (change,) = changes(topic(before, after, *words))
    assert (change.kind, change.before_by, change.after_by) == ("succession", "A", "B")
    # The same person in another office is that person's own change, and says so.
    own = said(1, 1, -2), said(2, 12, 1, side="S")
    (change,) = changes(topic(office("A", "S", decides=True, begins=11), *own))
    assert (change.kind, change.new_office, change.lanes) == ("reversal", True, ("A",))


@cell("Which kind wins", "Votes")
def _() -> None:
    found = changes(topic(said(1, 1, 2), said(2, 5, -2), said(3, 9, 2), on=VOTES))
    assert [(change.kind, change.status) for change in found] == [
        ("first", "printed"),
        ("vote", "printed"),
        ("vote", "printed"),
    ]


@cell("Which kind wins", "Recurring decisions")
def _() -> None:
    body: Fields = {"by": "F", "speaker_kind": "organisation", "own_text": True}
    steps = said(1, 1, 1, **body), said(2, 5, 2, terms="pace", **body), said(3, 9, -1, **body)
    found = changes(topic(*steps, on=DECISIONS))
    assert brief(found) == [("reversal", (2,), (3,))]
    assert [(change.status, change.because) for change in found] == [("printed", ("decision",))]


def items_of(record: Record) -> tuple[object, ...]:
    """What a record was made of, to add to it."""
    return (*record.words, *zip(record.mandates, record.standings, strict=True))


@pytest.mark.parametrize("test", CELLS.values(), ids=[" of ".join(key) for key in CELLS])
def test_a_cell_says_what_the_rule_does(test: Callable[[], None]) -> None:
    test()


def test_a_topic_of_research_prints_its_changes_as_derived() -> None:
    research = Topic(prints="derived")
    before, later = said(1, 1, 1), said(2, 9, -1)

    def printed(*items: object) -> list[tuple[str, tuple[str, ...]]]:
        return [(change.status, change.because) for change in changes(topic(*items, on=research))]

    assert printed(before, later) == [("printed", ("derived",))]
    assert printed(before, said(2, 9, 0)) == [("printed", ("derived",))]
    assert printed(before, later, signed(1, 2, at=5)) == [("printed", ("signed",))]
    assert printed(before, later, signed(1, 2, at=5, cause="thin")) == [("declined", ("thin",))]
    quoted = said(1, 1, 1, quote=carries(1)), said(2, 9, -1, quote=carries(-1))
    assert printed(*quoted) == [("printed", ("both_quotes_carry",))]
    ((status, because),) = printed(before, said(2, 9, 0, uncoded=True, terms="truce"))
    assert status == "waiting"
    assert "uncoded" in because
    (shade,) = findings(topic(before, said(2, 9, 2), on=research)).shades
    assert (shade.kind, shade.status) == ("firmer", "waiting")


def test_a_shade_may_be_signed() -> None:
    (shade,) = findings(topic(said(1, 1, 1), said(2, 9, 2), signed(1, 2, at=5))).shades
    assert (shade.kind, shade.status) == ("firmer", "printed")
