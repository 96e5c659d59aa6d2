"""Editors sign and decline changes; nobody decides on what they recorded, if a second must."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import msgspec
import pytest

from tests.application.newsdesk import statement
from timeline.domain.errors import NotFound, Refused
from timeline.domain.verdict import Ends

if TYPE_CHECKING:
    from tests.application.newsdesk import Newsdesk


@pytest.fixture
def change(desk: Newsdesk) -> Ends:
    record = desk.newsroom.statements.record
    before = record(desk.anna(), statement()).position
    later = statement(stance="supports", paraphrase="Wants it.")
    after = record(desk.newsroom.byline("ben"), later).position
    return Ends(later.topic, later.actor or "", 2, (before,), (after,))


def test_three_editors_sign_and_decline_a_change_and_open_it_again(
    desk: Newsdesk, change: Ends
) -> None:
    changes, byline, head = desk.newsroom.changes, desk.newsroom.byline, desk.log.head()
    changes.decline(byline("cora"), change, "thin", "Too few words.", four_eyes=True)
    changes.sign(byline("dora"), change, "It now wants it.", four_eyes=True)
    done = changes.reopen(byline("emil"), change, "The quote was cut.")
    assert desk.types(after=head) == ["change.declined", "change.signed", "change.reopened"]
    assert len(desk.log.stream_of(done.id)) == 3


def test_who_recorded_an_end_decides_only_where_one_person_may(
    desk: Newsdesk, change: Ends
) -> None:
    changes = desk.newsroom.changes
    for who in ("anna", "ben"):
        by = desk.newsroom.byline(who)
        with pytest.raises(Refused, match="who recorded or corrected an end"):
            changes.sign(by, change, "It now wants it.", four_eyes=True)
        with pytest.raises(Refused, match="who recorded or corrected an end"):
            changes.decline(by, change, "same", four_eyes=True)
        changes.sign(by, change, "It now wants it.")


def test_who_corrected_an_end_decides_only_where_one_person_may(
    desk: Newsdesk, change: Ends
) -> None:
    rooms, cora = desk.newsroom, desk.newsroom.byline("cora")
    rooms.statements.correct(cora, change.after[0], {"paraphrase": "Wants it now."}, "Too weak.")
    with pytest.raises(Refused, match="recorded or corrected an end"):
        rooms.changes.sign(cora, change, "It now wants it.", four_eyes=True)
    rooms.changes.sign(cora, change, "It now wants it.")
    rooms.changes.sign(desk.newsroom.byline("dora"), change, "It wants it.", four_eyes=True)


def test_who_corrected_an_end_is_no_second_person(desk: Newsdesk, change: Ends) -> None:
    cora = desk.newsroom.byline("cora")
    desk.newsroom.statements.correct(cora, change.after[0], {"hedge": "might"}, "Overseen.")
    with pytest.raises(Refused, match="recorded or corrected an end"):
        desk.newsroom.changes.sign(cora, change, "It now wants it.", four_eyes=True)
    changes, dora = desk.newsroom.changes, desk.newsroom.byline("dora")
    assert changes.sign(dora, change, "It now wants it.", four_eyes=True).fresh


def test_the_ends_are_statements_on_that_topic(desk: Newsdesk, change: Ends) -> None:
    for ends in (
        Ends(change.topic, change.lane, 2, (1,), change.after),
        Ends(change.topic, change.lane, 2, change.before, (999,)),
        Ends("nowhere", change.lane, 2, change.before, change.after),
    ):
        with pytest.raises(NotFound):
            desk.newsroom.changes.sign(desk.anna(), ends, "It changed.")


def test_what_was_said_of_a_change_is_erased_where_a_law_demands_it(
    desk: Newsdesk, change: Ends
) -> None:
    changes = desk.newsroom.changes
    stream = changes.sign(desk.anna(), change, "It now wants it.").id
    changes.redact(desk.anna(), change, "Art. 17 GDPR")
    signed, redacted = desk.log.stream_of(stream)
    assert getattr(signed, "content", "") is None
    assert redacted.TOPIC == "change.redacted"


def test_an_end_that_was_moved_to_another_topic_is_a_statement_there(
    desk: Newsdesk, change: Ends
) -> None:
    rooms, moved = desk.newsroom, {"topic": "nato-membership"}
    for end in (*change.before, *change.after):
        rooms.statements.correct(desk.anna(), end, moved, "It speaks of NATO.")
    there = msgspec.structs.replace(change, **moved)
    for decide in (rooms.changes.sign, rooms.changes.decline):
        with pytest.raises(NotFound, match="no statement on this topic"):
            decide(desk.anna(), change, "thin")
        assert decide(desk.anna(), there, "thin").fresh


def test_only_the_later_end_of_a_signed_change_is_pinned(desk: Newsdesk, change: Ends) -> None:
    room, before, after = desk.newsroom, f"#{change.before[0]}", f"#{change.after[0]}"
    pin = partial(room.topics.set_lede, desk.anna(), change.topic, "It turned.")
    for given in (before, after):
        with pytest.raises(Refused, match=f"'{given}' is not the later end of a signed change"):
            pin([given])
    room.changes.sign(desk.newsroom.byline("dora"), change, "It now wants it.")
    with pytest.raises(Refused, match=f"'{before}' is not the later end"):
        pin([after, before])
    with pytest.raises(NotFound, match="there is no statement '#1'"):
        pin(["#1"])
    assert pin([after, after]).fresh
    room.changes.reopen(desk.newsroom.byline("dora"), change, "The quote was cut.")
    with pytest.raises(Refused, match="not the later end"):
        pin([after])
