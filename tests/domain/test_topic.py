from __future__ import annotations

import msgspec
import pytest

from tests.domain.past import ANNA, STREAM, decided, past, told
from timeline.domain.codebook import Codebook, CodingRule, Example, StanceGuide
from timeline.domain.errors import Refused
from timeline.domain.event import Reason
from timeline.domain.lede import Lede, LedeWords
from timeline.domain.naming import stable_id
from timeline.domain.topic import (
    Topic,
    TopicClosed,
    TopicCodebookWritten,
    TopicFiledUnder,
    TopicLedeSet,
    TopicOpened,
    TopicRedacted,
    TopicReopened,
    TopicReworded,
    Wording,
)

QUESTION = "Should Ukraine join the EU?"
OPENED = told(
    TopicOpened,
    slug="eu-accession",
    scale="position",
    story="story-1",
    content=Wording(question=QUESTION, name="EU accession"),
)
REWORDED = told(
    TopicReworded,
    wording=2,
    content=Wording(question="Should Ukraine be an EU member?", name="EU", reason="clearer"),
)
CLOSED = told(TopicClosed, content=Reason(reason="decided"))
REOPENED = told(TopicReopened, content=Reason(reason="open again"))


def test_a_topic_is_opened_with_a_question_on_one_scale() -> None:
    topic = Topic.open(
        ANNA, "eu-accession", f" {QUESTION} ", "position", name="EU accession", story="story-1"
    )
    assert topic.id == stable_id("topic", "eu-accession")
    assert decided(topic) == [OPENED]


def test_a_topic_on_an_unknown_scale_is_refused() -> None:
    with pytest.raises(Refused, match="no scale 'mood'"):
        Topic.open(ANNA, "eu-accession", QUESTION, "mood")


def test_a_topic_without_a_question_is_refused() -> None:
    with pytest.raises(Refused, match="the question is empty"):
        Topic.open(ANNA, "eu-accession", "  ", "position")


def test_a_topic_cannot_succeed_itself() -> None:
    with pytest.raises(Refused, match="cannot succeed itself"):
        Topic.open(ANNA, "eu", QUESTION, "position", succeeds=stable_id("topic", "eu"))


def test_a_new_wording_is_counted_and_keeps_its_reason() -> None:
    topic = past(Topic, OPENED)
    topic.reword(ANNA, "Should Ukraine be an EU member?", "clearer", same_meaning=True, name="EU")
    assert decided(topic) == [REWORDED]
    assert topic.wording == 2


def test_the_same_wording_again_records_nothing() -> None:
    topic = past(Topic, OPENED)
    topic.reword(ANNA, QUESTION, "typing error", same_meaning=True)
    assert decided(topic) == []


def test_a_new_meaning_is_refused_in_favour_of_a_new_topic() -> None:
    with pytest.raises(Refused, match="open a topic that succeeds this one"):
        past(Topic, OPENED).reword(ANNA, "Must it?", "sharper", same_meaning=False)


def test_a_wording_without_a_reason_is_refused() -> None:
    with pytest.raises(Refused, match="a reason is missing"):
        past(Topic, OPENED).reword(ANNA, "Should it?", " ", same_meaning=True)


def test_a_topic_moves_to_another_story_and_out_of_any() -> None:
    topic = past(Topic, OPENED)
    topic.file_under(ANNA, "story-2")
    topic.file_under(ANNA, None)
    topic.file_under(ANNA, None)
    assert decided(topic) == [
        told(TopicFiledUnder, story="story-2"),
        told(TopicFiledUnder, story=None),
    ]


def test_a_closed_topic_takes_no_further_statements() -> None:
    topic = past(Topic, OPENED)
    topic.check_open()
    topic.close(ANNA, "decided")
    assert decided(topic) == [CLOSED]
    with pytest.raises(Refused, match="topic 'eu-accession' is closed; reopen it"):
        topic.check_open()


def test_a_closed_topic_cannot_be_closed_again() -> None:
    with pytest.raises(Refused, match="closed already"):
        past(Topic, OPENED, CLOSED).close(ANNA, "once more")


def test_a_closed_topic_can_be_reopened() -> None:
    topic = past(Topic, OPENED, CLOSED)
    topic.reopen(ANNA, "open again")
    assert decided(topic) == [REOPENED]
    topic.check_open()


def test_an_open_topic_cannot_be_reopened() -> None:
    with pytest.raises(Refused, match="the topic is not closed"):
        past(Topic, OPENED, CLOSED, REOPENED).reopen(ANNA, "once more")


def test_a_redaction_of_a_topic_names_what_is_erased() -> None:
    topic = past(Topic, OPENED)
    topic.redact(ANNA, (7,), "court order 12/25")
    assert decided(topic) == [told(TopicRedacted, positions=(7,), basis="court order 12/25")]


def test_a_topic_whose_wording_was_erased_is_still_there() -> None:
    topic = past(Topic, msgspec.structs.replace(OPENED, content=None))
    assert (topic.id, topic.scale, topic.question) == (STREAM, "position", "")


WRITTEN = Codebook(
    about="Whether, not when.",
    stances=(StanceGuide(stance=2, rule="Wants it.", clear=(Example(words="Yes!", stance=2),)),),
)
SET = told(TopicCodebookWritten, codebook=1, content=WRITTEN)


def test_a_codebook_is_written_and_each_version_is_kept() -> None:
    topic = past(Topic, OPENED, SET)
    later = Codebook(about="Whether, and when.", reason="Two coders differed.")
    topic.write_codebook(ANNA, later)
    assert decided(topic) == [told(TopicCodebookWritten, codebook=2, content=later)]
    assert topic.codebooks == {1: WRITTEN, 2: later}
    assert topic.codebook == later


def test_the_same_rules_again_are_no_new_version() -> None:
    topic = past(Topic, OPENED, SET)
    topic.write_codebook(ANNA, msgspec.structs.replace(WRITTEN, reason="again"))
    assert decided(topic) == []


def test_a_later_version_gives_its_reason() -> None:
    topic = past(Topic, OPENED, SET)
    with pytest.raises(Refused, match="a reason is missing"):
        topic.write_codebook(ANNA, Codebook(about="Otherwise."))


@pytest.mark.parametrize(
    ("codebook", "why"),
    [
        (Codebook(), "says nothing"),
        (Codebook(stances=(StanceGuide(stance=2),)), "says nothing"),
        (Codebook(about="x", stances=(StanceGuide(stance=3, rule="x"),)), "no step"),
        (
            Codebook(stances=(StanceGuide(rule="x"), StanceGuide(rule="y"))),
            "two entries for the stance 'no_position'",
        ),
        (
            Codebook(stances=(StanceGuide(clear=(Example(why="x"),)),)),
            "neither words nor a statement",
        ),
        (
            Codebook(stances=(StanceGuide(clear=(Example(words="x", statement="y"),)),)),
            "words of its own and a statement",
        ),
        (
            Codebook(stances=(StanceGuide(clear=(Example(words="x", stance=-3),)),)),
            "no step",
        ),
        (Codebook(rules=(CodingRule(title="", text="x"),)), "no title"),
    ],
)
def test_what_is_no_codebook_of_the_scale_is_refused(codebook: Codebook, why: str) -> None:
    with pytest.raises(Refused, match=why):
        past(Topic, OPENED).write_codebook(ANNA, codebook)


def test_a_version_whose_words_were_erased_is_counted_and_missing() -> None:
    topic = past(Topic, OPENED, told(TopicCodebookWritten, codebook=1, content=None))
    assert (topic.codebook_version, topic.codebook) == (1, None)


LED = told(TopicLedeSet, pinned=("a", "b"), content=LedeWords(sentence="It began."))


def test_a_lede_is_set_anew_as_a_whole_and_nothing_takes_it_back() -> None:
    topic = past(Topic, OPENED, LED)
    topic.set_lede(ANNA, Lede("It began again."))
    topic.set_lede(ANNA, Lede())
    assert decided(topic) == [
        told(TopicLedeSet, content=LedeWords(sentence="It began again.")),
        told(TopicLedeSet, content=LedeWords()),
    ]
    assert not topic.lede


def test_a_lede_said_again_changes_nothing_and_nothing_is_no_lede() -> None:
    topic = past(Topic, OPENED, LED)
    topic.set_lede(ANNA, Lede(" It began. ", ("a", "b", "a")))
    assert decided(topic) == []
    untouched = past(Topic, OPENED)
    untouched.set_lede(ANNA, Lede(" "))
    assert decided(untouched) == []


def test_more_turning_points_than_a_page_shows_are_not_pinned() -> None:
    with pytest.raises(Refused, match="6 turning points are pinned, and a page shows 5"):
        past(Topic, OPENED).set_lede(ANNA, Lede(pinned=tuple("abcdef")))


def test_of_a_lede_whose_words_were_erased_the_pins_are_left() -> None:
    topic = past(Topic, OPENED, msgspec.structs.replace(LED, content=None))
    assert topic.lede == Lede(pinned=("a", "b"))
