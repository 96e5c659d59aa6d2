"""What an editor says of a change: signed or declined, and taken back."""

from __future__ import annotations

import msgspec
import pytest

from timeline.domain.errors import Refused
from timeline.domain.event import Byline
from timeline.domain.verdict import CAUSES, ChangeSigned, Ends, SignedIn, Verdict

ANNA = Byline(at=1_765_800_000_000_000, by="anna", via="form")
CHANGE = Ends("topic", "lane", 2, (12,), (40, 41))


def test_a_change_has_a_stream_of_its_own_that_its_ends_and_edition_name() -> None:
    others = [
        msgspec.structs.replace(CHANGE, edition=1),
        msgspec.structs.replace(CHANGE, before=(13,)),
        msgspec.structs.replace(CHANGE, lane="another"),
        Ends("topic", "lane", 2, (12, 40), (41,)),
    ]
    assert len({ends.stream for ends in (CHANGE, *others)}) == 5
    assert msgspec.structs.replace(CHANGE, after=(41, 40)).stream == CHANGE.stream


def test_the_last_verdict_counts_until_it_is_taken_back() -> None:
    verdict = Verdict()
    verdict.decline(ANNA, CHANGE, "thin", "Three words.")
    assert verdict.verdict == "declined"
    verdict.sign(ANNA, CHANGE, " Now also demands a ceasefire. ", "in talks only")
    assert verdict.verdict == "signed"
    verdict.reopen(ANNA, "A fuller quote was found.")
    assert verdict.verdict == ""
    events = verdict.collect_events()
    assert [event.TOPIC for event in events] == [
        "change.declined",
        "change.signed",
        "change.reopened",
    ]
    assert {event.originator_id for event in events} == {CHANGE.stream}


def test_a_repeated_key_counts_once() -> None:
    verdict, keyed = Verdict(), msgspec.structs.replace(ANNA, key="once")
    for _ in range(2):
        verdict.sign(keyed, CHANGE, "It changed.")
    assert len(verdict.collect_events()) == 1


def test_nonsense_is_refused() -> None:
    with pytest.raises(Refused, match="the sentence that is signed is missing"):
        Verdict().sign(ANNA, CHANGE, " ")
    with pytest.raises(Refused, match="there is no cause 'mood'"):
        Verdict().decline(ANNA, CHANGE, "mood")
    for before, after in (((), (1,)), ((1,), ()), ((1, 2), (2,))):
        with pytest.raises(Refused, match="two ends that differ"):
            Verdict().sign(ANNA, Ends("topic", "lane", 2, before, after), "It changed.")
    with pytest.raises(Refused, match="nobody has signed or declined"):
        Verdict().reopen(ANNA, "Why not.")
    assert len(CAUSES) == 8


def test_a_change_is_signed_in_other_languages_too_once_in_each() -> None:
    verdict, german = Verdict(), SignedIn("de", " Nimmt es jetzt hin. ", "in Gesprächen")
    verdict.sign(ANNA, CHANGE, "Now accepts it.", also=(german,))
    (event,) = verdict.collect_events()
    assert isinstance(event, ChangeSigned)
    assert event.content
    assert event.content.also == (SignedIn("de", "Nimmt es jetzt hin.", "in Gesprächen"),)
    for also, why in (
        ((german, german), "given twice in the language 'de'"),
        ((SignedIn("de", " ", "Beside it."),), "the sentence that is signed is missing"),
        ((SignedIn("Deutsch", "Ja."),), "'Deutsch' is no language"),
    ):
        with pytest.raises(Refused, match=why):
            Verdict().sign(ANNA, CHANGE, "Now accepts it.", also=also)
