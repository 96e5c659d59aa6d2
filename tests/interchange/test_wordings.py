"""The wording that a row names is the wording that its statement answers."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.application.newsdesk import statement
from tests.interchange.desk import Desk, row, table, without_clock
from tests.support.tiers import scaled
from timeline.application.additions import NOTHING
from timeline.application.directory import Directory
from timeline.application.intake import Intake, IntakeRow
from timeline.domain.topic import Topic

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST, SECOND, THIRD = "Should Ukraine join the EU?", "Should Kyiv join?", "Is Ukraine to join?"
ROWS = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from((FIRST, SECOND, THIRD, None))),
    min_size=1,
    max_size=8,
)


def answered(desk: Desk) -> Iterator[tuple[str, str]]:
    """Yield the key of each statement with the question that it answers."""
    for said in desk.events("statement.recorded"):
        topic = Topic.replay(desk.log.stream_of(said.topic))
        assert topic is not None
        yield said.key, topic.wordings[said.wording].question


def test_a_question_in_other_words_is_recorded_and_answered(desk: Desk) -> None:
    summary = desk.take_rows(row(key="1"), row(key="2", topic_question=SECOND), row(key="3"))
    assert (summary.recorded, summary.wordings, summary.clean) == (3, 1, True)
    assert "1 question worded anew" in summary.lines()
    assert dict(answered(desk)) == {"1": FIRST, "2": SECOND, "3": FIRST}
    reworded = desk.event("topic.reworded")
    assert (reworded.wording, reworded.content.reason) == (2, "worded so in the imported file")


def test_a_row_without_a_question_answers_the_latest_wording(desk: Desk) -> None:
    desk.take_rows(row(key="1"), row(key="2", topic_question=SECOND))
    desk.take_rows(row(key="3", topic_question=None))
    assert dict(answered(desk))["3"] == SECOND


def test_more_space_is_no_other_wording(desk: Desk) -> None:
    summary = desk.take_rows(row(key="1"), row(key="2", topic_question=f" {FIRST}  "))
    assert (summary.recorded, summary.wordings) == (2, 0)


def test_a_row_that_is_refused_words_nothing_anew(desk: Desk) -> None:
    summary = desk.take_rows(
        row(key="1"),
        row(key="2", topic_question=SECOND, stance="nonsense"),
        row(key="3", topic_question=THIRD),
        row(key="4", topic_question=SECOND),
    )
    assert (summary.recorded, summary.rejected, summary.wordings) == (3, 1, 2)
    assert dict(answered(desk)) == {"1": FIRST, "3": THIRD, "4": SECOND}


def test_without_leave_to_create_no_question_is_worded_anew(desk: Desk) -> None:
    desk.take_rows(row(key="1"))
    told = desk.refusal(row(key="2", topic_question=SECOND), creates=False)
    assert f"topic 'eu-accession' asks {FIRST!r} and not {SECOND!r}" in told
    assert desk.events("topic.reworded") == []


def by_map(desk: Desk, choice: str) -> Any:  # noqa: ANN401 - a summary
    rows = [
        {"who": who, "what": "EU", "asked": asked, "how": "accepts"}
        for who, asked in (("Ann", FIRST), ("Ben", SECOND), ("Cid", FIRST), ("Dan", SECOND))
    ]
    mapping = {
        "columns": {"actor": "who", "stance": "how", "topic_question": "asked"},
        "constants": {"said_at": "2025", "actor_kind": "person"},
        "topics": {"column": "what"},
        "on_other_wording": choice,
    }
    return desk.take(desk.file(table(*rows)), mapping=mapping)


def test_a_map_may_refuse_other_wordings(desk: Desk) -> None:
    summary = by_map(desk, "refuse")
    assert (summary.recorded, summary.rejected, summary.wordings) == (2, 2, 0)
    told = summary.rejections[0]
    assert told.column == "asked"
    assert "or let the map record other wordings" in told.reason


def test_a_map_may_make_other_wordings_topics_of_their_own(desk: Desk) -> None:
    for _ in range(2):
        summary = by_map(desk, "new_topic")
        assert (summary.wordings, summary.clean) == (0, True)
    first, second = desk.events("topic.opened")
    assert (second.slug, second.succeeds) == ("should-kyiv-join", first.originator_id)
    topics = [said.topic for said in desk.events("statement.recorded")]
    assert topics == [first.originator_id, second.originator_id] * 2


def test_a_line_of_a_topic_words_its_question_anew(desk: Desk) -> None:
    line = {"kind": "topic", "topic": "eu-accession", "topic_question": FIRST}
    desk.take_rows(line)
    again = line | {"topic_question": SECOND}
    assert desk.take_rows(again).wordings == 1
    assert (desk.take_rows(again).known, desk.take_rows(line).known) == (1, 1)
    assert len(desk.events("topic.reworded")) == 1


def test_a_row_of_an_erased_topic_brings_its_words_not_back(desk: Desk) -> None:
    desk.take_rows(row(key="1"))
    desk.newsroom.topics.redact(desk.anna(), "eu-accession", "Art. 17 GDPR")
    assert desk.take_rows(row(key="2", topic_question=SECOND)).recorded == 1
    assert desk.events("topic.reworded") == []


def test_somebody_who_words_the_question_meanwhile_loses_no_row(desk: Desk) -> None:
    desk.take_rows(row(key="1"))
    log = Rewording(desk)
    directory = Directory(log, desk.register, creates=True)
    intake = Intake(log, directory, desk.anna)
    command = statement(topic_question=SECOND, key="2", actor="dmitry-peskov")
    (outcome,) = intake.put([IntakeRow("00000000-0000-7000-8000-000000000000", command, NOTHING)])
    assert outcome.kind == "fresh"
    assert [event.content.question for event in desk.events("topic.reworded")] == [THIRD, SECOND]
    assert dict(answered(desk))["2"] == SECOND


class Rewording:
    """A log on which an editor words the question anew just before the first append."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._log = desk, desk.log
        self._done = False

    def append(self, events: Any, *_numbered: Any) -> list[int]:  # noqa: ANN401 - as the log
        if not self._done:
            self._done = True
            topics = self._desk.newsroom.topics
            topics.reword(self._desk.anna(), "eu-accession", THIRD, "shorter", same_meaning=True)
        return self._log.append(events)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the log has
        return getattr(self._log, name)


@pytest.mark.thorough
@settings(max_examples=scaled(20))
@given(said=ROWS, batch=st.integers(1, 4))
def test_every_statement_answers_the_question_of_its_row_and_comes_back_so(
    said: list[tuple[str, str | None]], batch: int
) -> None:
    rows = [
        row(
            topic=topic,
            topic_question=question,
            key=str(number),
            stance="accepts",
            scale="position",
        )
        for number, (topic, question) in enumerate(said)
    ]
    with tempfile.TemporaryDirectory() as folder:
        with Desk.opened(f"sqlite:///{folder}/one.db", Path(folder)) as desk:
            assert desk.take_rows(*rows, batch=batch).recorded == len(rows)
            told = dict(answered(desk))
            assert all(
                told[each["key"]] == each.get("topic_question", told[each["key"]]) for each in rows
            )
            head = desk.log.head()
            if named := [each for each in rows if "topic_question" in each]:
                assert desk.take_rows(*named).known == len(named)
            assert desk.log.head() == head
            exported = {name: desk.export(name) for name in ("jsonl", "csv")}
        for name, text in exported.items():
            with Desk.opened(f"sqlite:///{folder}/{name}.db", Path(folder)) as desk:
                assert desk.take(desk.file(text, f"again.{name}")).clean
                assert without_clock(desk.export()) == without_clock(exported["jsonl"])
                assert dict(answered(desk)) == told


@pytest.mark.parametrize("name", ["jsonl", "csv"])
def test_wordings_come_back_with_their_reasons(desk: Desk, tmp_path: Path, name: str) -> None:
    desk.take_rows(row(key="1"))
    desk.newsroom.topics.reword(
        desk.anna(), "eu-accession", SECOND, "as Kyiv puts it", same_meaning=True, name="Joining"
    )
    exported = desk.export(name)
    with Desk.opened(f"sqlite:///{tmp_path}/other.db", tmp_path) as other:
        other.take(other.file(exported, f"again.{name}"))
        content = other.event("topic.reworded").content
        assert (content.question, content.name, content.reason) == (
            SECOND,
            "Joining",
            "as Kyiv puts it",
        )
        assert dict(answered(other)) == {"1": FIRST}
