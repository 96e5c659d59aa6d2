"""The inbox: what waits to be coded, and who put which of it where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from timeline.desk import inbox
from timeline.desk.erased_words import ErasedWords
from timeline.desk.feeds import SOURCE_STATUS, Feed, after_failing, after_reading
from timeline.desk.inbox import ASIDE, DONE, LATER, NEW, NOBODY, TAKEN, Arrival, Move
from timeline.domain.errors import NotFound, Refused

if TYPE_CHECKING:
    from timeline.desk.desk import Desk

NOON = 1_765_800_000_000_000
DAY = 86_400_000_000
WORDS = "The ministers met in Berlin and agreed on nothing at all, said one of them. " * 4


def arrival(number: int = 1, **changes: object) -> Arrival:
    name = f"00000000-0000-5000-8000-{number:012}"
    one = Arrival(
        id=name,
        document=name,
        source="https://example.org/feed.xml",
        listed_at=NOON + number,
        imprint={"source.title": f"“Ünï” {number}", "source.url": f"https://example.org/{number}"},
        lead="They met.",
    )
    return msgspec.structs.replace(one, **changes)


def to(tray: str, by: str = "anna", reason: str = "", at: int = NOON) -> Move:
    return Move(tray=tray, moved_by=by, moved_at=at, reason=reason)


def listed(desk: Desk, tray: str = NEW) -> list[str]:
    return [item.id[-2:].lstrip("0") for item in desk.inbox.listed(tray, 50)]


def name(number: int) -> str:
    return arrival(number).id


def test_what_comes_twice_waits_once_and_the_newest_stands_first(desk: Desk) -> None:
    assert desk.inbox.take_in([arrival(1), arrival(2)], NOON) == inbox.IntakeCounts(2, 0)
    assert desk.inbox.take_in([arrival(2), arrival(3)], NOON + 1) == inbox.IntakeCounts(1, 0)
    assert listed(desk) == ["3", "2", "1"]
    (first, second) = desk.inbox.listed(NEW, 2)
    assert (first.came_at, second.came_at) == (NOON + 1, NOON)
    assert [item.id for item in desk.inbox.listed(NEW, 9, (second.listed_at, second.id))] == [
        name(1)
    ]
    assert desk.inbox.knows([name(1), name(9)]) == {name(1)}
    assert desk.inbox.counts() == {NEW: 3, TAKEN: 0, LATER: 0, DONE: 0, ASIDE: 0}


def test_the_same_words_elsewhere_are_folded_under_those_that_came_first(desk: Desk) -> None:
    agency = arrival(1, text=WORDS)
    copied = arrival(2, text=WORDS.upper().replace(",", " –"))
    again = arrival(3, text=WORDS)
    short = [arrival(number, text="Read more.") for number in (4, 5)]
    assert desk.inbox.take_in([agency, copied, *short], NOON) == inbox.IntakeCounts(4, 1)
    assert desk.inbox.take_in([again], NOON) == inbox.IntakeCounts(1, 1)
    assert listed(desk) == ["5", "4", "1"]
    found = desk.inbox.repeated([name(1), name(4)])
    assert [[item.id for item in found[key]] for key in found] == [[name(2), name(3)], []]
    assert desk.inbox.counts()[NEW] == 3


def test_one_source_that_comes_by_two_ways_waits_once(desk: Desk) -> None:
    file = arrival(2, document=name(1), text=WORDS, suggested=2)
    assert desk.inbox.take_in([arrival(1), file], NOON) == inbox.IntakeCounts(2, 1)
    assert desk.inbox.find(name(1)).has_text
    assert desk.inbox.text_of(name(1)) == WORDS
    late = to(ASIDE, NOBODY, at=NOON + 40 * DAY)
    desk.inbox.move(name(1), to(DONE), 0)
    desk.inbox.tidy(late, 0)
    desk.inbox.move(name(1), to(NEW), 1)
    again = arrival(6, document=name(1), text=WORDS, suggested=3)
    desk.inbox.take_in([again], NOON)
    assert desk.inbox.text_of(name(1)) == WORDS
    elsewhere = arrival(5, text=WORDS)
    assert desk.inbox.take_in([elsewhere], NOON).repeated == 1
    nameless = [arrival(number, document="") for number in (3, 4)]
    assert desk.inbox.take_in(nameless, NOON).repeated == 0


def test_every_move_is_kept_with_who_made_it_and_why(desk: Desk) -> None:
    desk.inbox.take_in([arrival(text=WORDS)], NOON)
    desk.inbox.move(name(1), to(TAKEN), 0)
    desk.inbox.move(name(1), to(TAKEN), 0)
    desk.inbox.move(name(1), to(ASIDE, reason="No statement in it."), 1)
    desk.inbox.move(name(1), to(NEW, "ben"), 2)
    assert desk.inbox.moves_of(name(1)) == [
        to(TAKEN),
        to(ASIDE, reason="No statement in it."),
        to(NEW, "ben"),
    ]
    item = desk.inbox.find(name(1))
    assert (item.tray, item.moved_by, item.moves, item.has_text) == (NEW, "ben", 3, True)
    assert desk.inbox.text_of(name(1)) == WORDS


def test_of_two_who_move_it_at_once_the_second_is_told(desk: Desk) -> None:
    desk.inbox.take_in([arrival()], NOON)
    desk.inbox.move(name(1), to(TAKEN), 0)
    with pytest.raises(Refused, match="anna was faster"):
        desk.inbox.move(name(1), to(TAKEN, "ben"), 0)
    with pytest.raises(Refused, match="anna works on this text"):
        desk.inbox.move(name(1), to(ASIDE, "ben", "Not ours."), 1)
    assert desk.inbox.find(name(1)).moved_by == "anna"
    desk.inbox.move(name(1), to(TAKEN, "ben"), 1, over=True)
    assert desk.inbox.find(name(1)).moved_by == "ben"


def test_nothing_is_set_aside_without_a_reason_of_some_length(desk: Desk) -> None:
    desk.inbox.take_in([arrival()], NOON)
    with pytest.raises(Refused, match="not said why"):
        desk.inbox.move(name(1), to(ASIDE), 0)
    with pytest.raises(Refused, match="301 characters"):
        desk.inbox.move(name(1), to(ASIDE, reason="x" * 301), 0)
    with pytest.raises(NotFound, match="not in the inbox any more"):
        desk.inbox.move(name(7), to(TAKEN), 0)


def test_what_nobody_took_is_put_away_and_what_is_long_settled_goes(desk: Desk) -> None:
    desk.inbox.take_in([arrival(1), arrival(2), arrival(3, text=WORDS)], NOON)
    desk.inbox.take_in([arrival(4, text=WORDS)], NOON)
    desk.inbox.move(name(2), to(TAKEN), 0)
    desk.inbox.move(name(3), to(DONE), 0)
    late = to(ASIDE, NOBODY, at=NOON + 31 * DAY)
    assert desk.inbox.tidy(late, NOON + DAY) == 1
    assert (listed(desk), listed(desk, TAKEN), listed(desk, ASIDE)) == ([], ["2"], ["1"])
    assert desk.inbox.moves_of(name(1)) == [late]
    assert not any(desk.inbox.find(name(number)).has_text for number in (3, 4))
    desk.inbox.tidy(to(ASIDE, NOBODY, at=NOON + 366 * DAY), 0)
    assert desk.inbox.knows([name(3), name(4)]) == set()
    assert listed(desk, ASIDE) == ["1"]


def test_a_full_inbox_takes_nothing_in(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "MOST", 2)
    desk.inbox.take_in([arrival(1), arrival(2)], NOON)
    with pytest.raises(Refused, match="2 texts wait"):
        desk.inbox.take_in([arrival(2), arrival(3)], NOON)
    assert desk.inbox.take_in([arrival(2)], NOON) == inbox.IntakeCounts(0, 0)


def test_words_that_are_to_go_go_from_the_inbox(desk: Desk) -> None:
    gone = "Anna Kern said that she would never sign it, whatever happened."
    desk.inbox.take_in(
        [
            arrival(1, lead=f"{gone} More."),
            arrival(2, text=f"{WORDS} {gone}"),
            arrival(3, imprint={"source.title": gone}),
            arrival(4),
            arrival(5),
            arrival(6, document=""),
        ],
        NOON,
    )
    assert desk.forget(ErasedWords([gone])) == 3
    assert desk.forget(ErasedWords([], name(5))) == 1
    assert listed(desk) == ["6", "4"]


def test_a_source_that_fails_is_left_alone_for_longer_each_time(desk: Desk) -> None:
    trouble = Refused(SOURCE_STATUS, status=500)
    feed, pauses = Feed(address="https://example.org/feed.xml", etag='"1"'), []
    for _ in range(8):
        feed = after_failing(feed, NOON, trouble)
        pauses.append((feed.again_at - NOON) // 60_000_000)
    assert pauses == [10, 20, 40, 80, 160, 320, 360, 360]
    assert after_failing(feed, NOON, trouble, pause=10**15).again_at == NOON + 6 * 3_600_000_000
    desk.feeds.keep(feed)
    (kept,) = desk.feeds.every()
    assert (kept.failing_since, kept.failures, kept.etag) == (NOON, 8, '"1"')
    assert str(kept.trouble) == str(trouble)
    desk.feeds.keep(after_reading(kept, NOON + 1, name="Example", etag='"2"'))
    assert desk.feeds.every() == [
        Feed(address=feed.address, name="Example", etag='"2"', read_at=NOON + 1)
    ]
    desk.feeds.leave_out(["https://example.org/other.xml"])
    assert desk.feeds.every() == []


# Much the same words

REPORT = " ".join(
    f"On day {day} the ministers met in hall {day * 3} and one of them spoke of matter {day * 7}."
    for day in range(1, 30)
)
OTHERS = " ".join(
    f"At port {port} a ship of line {port * 5} was loaded with {port * 11} crates of tea."
    for port in range(1, 40)
)


def test_much_the_same_words_are_folded_under_those_that_came_first(desk: Desk) -> None:
    longer = f"Our reporter adds. {REPORT} " + " ".join(OTHERS.split()[:60])
    shorter = " ".join(REPORT.split()[:300])
    texts = dict(enumerate((REPORT, longer, shorter, OTHERS), 1))
    desk.inbox.take_in([arrival(n, text=text) for n, text in texts.items()], NOON)
    assert listed(desk) == ["4", "1"]
    folded = [item.id for item in desk.inbox.repeated([name(1)])[name(1)]]
    assert folded == [name(2), name(3)]
    shares = desk.inbox.shares(folded)
    assert all(0.9 <= shares[one] <= 1 for one in folded)


def test_what_shares_less_than_most_stands_by_itself(desk: Desk) -> None:
    half = " ".join([*REPORT.split()[:200], *OTHERS.split()[:250]])
    desk.inbox.take_in([arrival(1, text=REPORT), arrival(2, text=half)], NOON)
    assert listed(desk) == ["2", "1"]


def test_nothing_new_is_folded_under_what_was_put_away(desk: Desk) -> None:
    desk.inbox.take_in([arrival(1, text=REPORT)], NOON)
    desk.inbox.move(name(1), to(DONE), 0)
    desk.inbox.take_in([arrival(2, text=f"{REPORT} And more was said.")], NOON)
    assert listed(desk) == ["2"]


def test_a_line_that_every_text_ends_with_makes_none_alike(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("timeline.desk.likeness.MOST_HOLDERS", 3)
    for number in range(1, 10):
        own = " ".join(f"{word}{number}" for word in OTHERS.split()[:80])
        desk.inbox.take_in([arrival(number, text=f"{own} {REPORT}")], NOON)
    assert len(listed(desk)) > 5


def test_what_was_folded_can_stand_by_itself(desk: Desk) -> None:
    desk.inbox.take_in([arrival(1, text=REPORT), arrival(2, text=f"{REPORT} More.")], NOON)
    assert listed(desk) == ["1"]
    desk.inbox.set_apart(name(2))
    assert listed(desk) == ["2", "1"]
    with pytest.raises(NotFound):
        desk.inbox.set_apart(name(9))


def test_an_erasure_takes_the_samples_and_leaves_texts_of_other_words(desk: Desk) -> None:
    told = "Nobody was to know of the third harbour at all."
    desk.inbox.take_in([arrival(1, text=f"{REPORT} {told}")], NOON)
    desk.inbox.take_in([arrival(2, text=REPORT), arrival(3, text=f"{REPORT} {told}")], NOON)
    assert listed(desk) == ["1"]
    assert desk.forget(ErasedWords([told])) == 2
    assert listed(desk) == ["2"]
    assert desk.inbox.shares([name(1), name(3)]) == {}


# Searching


def test_texts_are_found_by_all_words_in_any_tray(desk: Desk) -> None:
    desk.inbox.take_in([arrival(1, text=WORDS), arrival(2, text="Élan vital.")], NOON)
    desk.inbox.take_in([arrival(3, lead="", text=OTHERS), arrival(4, text=OTHERS)], NOON)
    desk.inbox.move(name(1), to(DONE), 0)

    def found(typed: str) -> list[str]:
        return [item.id for item in desk.inbox.searched(typed, 9)]

    assert found("MINISTERS berlin") == [name(1)]
    assert found("ministers tea") == []
    assert found("elan") == [name(2)]
    assert found("unï") == [name(3), name(2), name(1)]
    assert found("crates") == [name(3)]
    assert found("   ") == []
    assert len(desk.inbox.searched("met", 1)) == 1


def test_how_much_is_suggested_is_kept_where_it_is_known(desk: Desk) -> None:
    desk.inbox.take_in([arrival(1, suggested=4), arrival(2, suggested=0), arrival(3)], NOON)
    assert desk.inbox.suggested([name(1), name(2), name(3)]) == {name(1): 4, name(2): 0}
