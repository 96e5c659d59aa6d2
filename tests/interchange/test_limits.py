"""What no honest file holds is refused in a line, while the rows around it are recorded."""

from __future__ import annotations

import json
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from tests.interchange.desk import Desk, jsonl, row, table
from timeline.domain.actor import Actor
from timeline.domain.errors import Refused
from timeline.domain.naming import stable_id
from timeline.interchange.formats.source_row import Lines
from timeline.interchange.importing.files import RehearsalLog, rehearsed
from timeline.interchange.maps import pattern
from timeline.stores.recordable import Appendable, Recordable

if TYPE_CHECKING:
    from pathlib import Path

GOOD = row(key="good")
LIMIT = 1_000_000


def nested(depth: int) -> str:
    """Return a line with objects inside each other."""
    return '{"quote":' * depth + "1" + "}" * depth


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (nested(20), "objects stand inside each other more than 16 deep"),
        (nested(100_000), "objects stand inside each other more than 16 deep"),
        ('{"aliases":' + "[" * 100_000 + "]" * 100_000 + "}", "more than 16 deep"),
        ('{"stance": "accepts", "stance" : "opposes"}', "stance: the object has 'stance' twice"),
        ('{"quote": {"text": "a", "text": "b"}}', "text: the object has 'text' twice"),
        ('{"themes": [{"a": 1, "a": 2}]}', "the object has 'a' twice"),
    ],
)
def test_a_line_that_is_no_row_does_not_end_the_import(desk: Desk, line: str, told: str) -> None:
    summary = desk.take(desk.file(f"{line}\n{jsonl([GOOD])}", "rows.jsonl"))
    assert (summary.recorded, summary.rejected) == (1, 1)
    assert told in str(summary.rejections[0])


def test_a_text_that_looks_like_a_name_is_no_name(desk: Desk) -> None:
    assert desk.take_rows(row(paraphrase='He said "stance": and "stance":')).recorded == 1


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.csv"])
def test_a_line_that_is_too_long_is_never_whole_in_memory(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    rows = GOOD, GOOD | {"key": "other"}
    text = jsonl(rows) if name.endswith("jsonl") else table(*rows)
    first, *rest = text.splitlines(keepends=True)
    file = desk.file(first + "x" * 20 * LIMIT + "\n" + "".join(rest), name)
    monkeypatch.setattr(Lines.__init__, "__defaults__", (LIMIT,))
    tracemalloc.start()
    summary = desk.take(file)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    (rejection,) = summary.rejections
    assert "the line is longer than 1,000,000 characters; one entry a line" in str(rejection)
    assert (summary.recorded, rejection.line) == (2, 2)
    assert peak < 12 * LIMIT


SEQUENCES = ("9" * 19, "9" * 5_000, str(2**63), "0", "-1", "x", "1e3")


@pytest.mark.few(3)
@pytest.mark.parametrize("sequence", SEQUENCES)
def test_a_sequence_that_is_no_position_is_refused(
    desk: Desk, tmp_path: Path, sequence: str
) -> None:
    desk.take_rows(GOOD)
    events = [json.loads(line) for line in desk.export("log").splitlines()]
    events[0]["sequence"] = sequence
    lines = "\n".join(map(json.dumps, events))
    with Desk.opened(f"sqlite:///{tmp_path / 'other.db'}", tmp_path) as empty:
        with pytest.raises(Refused, match=r"log\.jsonl, line 1: this is no event of a full log"):
            empty.take(empty.file(lines, "log.jsonl"))
        assert empty.log.head() == 0


def test_a_pattern_without_end_is_refused_and_not_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pattern, "SECONDS", 0.05)
    found = pattern.Pattern("^(a|aa)+$", "[statements.match]")
    assert found.is_in("aaaa")
    for cell in ("a" * 60 + "!", "aaaa"):
        with pytest.raises(Refused, match="takes too long in this cell; write it without"):
            found.is_in(cell)


def test_names_that_look_alike_are_told_and_taken(desk: Desk) -> None:
    names = ("Vladimir Putin", "Vladimir Рutin")  # the other in two alphabets
    summary = desk.take_rows(
        *(row(actor=f"v-{at}", actor_name=name) for at, name in enumerate(names))
    )
    assert summary.recorded == 2
    (doubt,) = summary.doubts
    assert "'Vladimir Рutin' looks like 'Vladimir Putin' and is written otherwise" in str(doubt)


def test_topics_that_look_alike_are_told_and_taken(desk: Desk) -> None:
    questions = ("Should Crete join?", "Should Сrete join?")
    summary = desk.take_rows(
        *(row(topic=f"t-{at}", topic_question=words) for at, words in enumerate(questions))
    )
    assert summary.recorded == 2
    (doubt,) = summary.doubts
    assert "'Should Сrete join?' looks like 'Should Crete join?'" in str(doubt)


@pytest.mark.parametrize("field", ["actor_name", "source__title", "source__outlet"])
@pytest.mark.few(3)
@pytest.mark.parametrize("sign", "\u200b\u00ad\x7f\x9b\n\u2028\ufeff")
def test_a_name_with_a_sign_that_nobody_sees_is_refused(desk: Desk, field: str, sign: str) -> None:
    told = desk.refusal(row(**{field: f"Ab{sign}cd"}))
    assert f"column {field.replace('__', '.')}: the text contains " in told
    assert f"U+{ord(sign):04X}, in place 3; remove it" in told


EU, ANN = stable_id("topic", "eu-accession"), stable_id("actor", "ann")


def test_a_rehearsed_log_answers_everything_that_a_log_is_asked_for() -> None:
    named = vars(Appendable).keys() | vars(Recordable).keys()
    asked = {name for name in named if not name.startswith("_")}
    assert {name for name in dir(RehearsalLog) if not name.startswith("_")} == asked


def test_what_is_appended_in_a_rehearsal_is_read_in_it_and_gone_after_it(desk: Desk) -> None:
    desk.take_rows(row())
    head, byline = desk.log.head(), desk.newsroom.byline("ann")
    with rehearsed(desk.log) as aside:
        (place,) = aside.append(Actor.introduce(byline, "ann", "person", "Ann").collect_events())
        assert getattr(aside.event(place), "originator_id", "") == ANN
        ann = aside.load(Actor, ANN)
        assert ann is not None
        assert ann.name == "Ann"
        assert [*aside.first_events([EU, ANN])] == [ANN, EU]
        assert len(aside.streams_of([EU, ANN])) == 2
        assert aside.head() == aside.last()[0] == head
        assert aside.event(head) == desk.log.event(head)
        assert [*aside.stored()] == [*desk.log.stored()]
    assert desk.log.load(Actor, ANN) is None


def test_nothing_is_erased_in_a_rehearsal(desk: Desk) -> None:
    desk.take_rows(row())
    with rehearsed(desk.log) as aside:
        positions = aside.with_content(EU)
        aside.erase(positions)
    assert desk.log.with_content(EU) == positions != []
