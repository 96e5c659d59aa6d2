from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.interchange.desk import Desk, row
from timeline.interchange.formats import json_text
from timeline.interchange.formats.json_text import elements

if TYPE_CHECKING:
    from pathlib import Path

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def test_an_array_is_imported_as_its_lines_would_be(desk: Desk) -> None:
    rows = [row(), row(actor="Ann", stance="doubts")]
    for indent in (None, 2):
        summary = desk.take(desk.file(json.dumps(rows, indent=indent), "rows.json"))
        assert summary.clean
    assert len(desk.events("statement.recorded")) == 2
    assert (summary.recorded, summary.known) == (0, 2)


def test_a_bad_element_is_refused_by_its_line_and_the_others_go_on(
    desk: Desk, tmp_path: Path
) -> None:
    good = json.dumps(row())
    text = f'[\n{good},\n{{"topic": oops}},\n7,\n{json.dumps(row(actor="Ann"))}\n]'
    rejects = tmp_path / "rejects.jsonl"
    summary = desk.take(desk.file(text, "rows.json"), rejects=rejects)
    assert (summary.recorded, summary.rejected) == (2, 2)
    assert [rejection.line for rejection in summary.rejections] == [3, 4]
    assert "the line is not a JSON object" in str(summary.rejections[0])
    assert len(rejects.read_text().splitlines()) == 2


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[{"topic": "x"}', "line 1: the JSON text ends in the middle"),
        ("[\n{} {}\n]", "line 2: the JSON text is broken at '{'"),
        ("[}", "line 1: the JSON text is broken at '}'"),
    ],
)
def test_a_broken_array_is_told_where_it_breaks(desk: Desk, text: str, told: str) -> None:
    summary = desk.take(desk.file(text, "rows.json"))
    assert told in str(summary.rejections[-1])


def test_an_empty_array_has_no_rows(desk: Desk) -> None:
    summary = desk.take(desk.file("[ ]", "rows.json"))
    assert summary.lines() == ["nothing to do: there are no rows"]


@given(st.lists(JSON), st.sampled_from([None, 1]), st.integers(1, 20))
def test_elements_are_those_that_a_whole_reading_finds(
    values: list[Any], indent: int | None, chunk: int
) -> None:
    text = json.dumps({"before": values, "here": {"list": values}}, indent=indent)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_text, "CHUNK", chunk)
        for path in (("before",), ("here", "list")):
            found = [json.loads(element.raw) for element in elements(io.StringIO(text), path)]
            assert found == values
    assert list(elements(io.StringIO(text), ("nowhere",))) == []


PIECES = ("{", "}", "[", "]", ",", ", ", ":", '"', "\\", "\n", "1", '"a"', '{"a": [1]}', '"\\""')


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(lambda some: "".join(["[1, ", *some])))
def test_whatever_stands_there_ends_in_elements_and_at_most_one_error(text: str) -> None:
    found = list(elements(io.StringIO(text)))
    assert found
    assert [element for element in found if element.error] == found[len(found) - 1 :] * bool(
        found and found[-1].error
    )


def test_an_element_longer_than_a_row_can_be_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_text, "LINE_LIMIT", 100)
    monkeypatch.setattr(json_text, "CHUNK", 10)
    (element,) = elements(io.StringIO('["' + "x" * 500 + '"]'))
    assert "the line is longer than" in str(element.error)
