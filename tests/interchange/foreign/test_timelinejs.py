from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.interchange.desk import Desk
from tests.support.neighbours import beside
from timeline.domain.errors import Refused
from timeline.interchange.foreign.plain_text import plain_text
from timeline.interchange.foreign.timelinejs import edtf_of, edtf_of_text

if TYPE_CHECKING:
    from timeline.interchange import Summary

NEW: dict[str, Any] = {
    "title": {"text": {"headline": "The <b>harbour</b>", "text": "A timeline"}},
    "events": [
        {
            "unique_id": "first-stone",
            "start_date": {"year": "2015", "month": "1", "day": ""},
            "text": {"headline": "Stone &amp; <i>speech</i>", "text": "<p>One.</p><p>Two.</p>"},
            "media": {"url": "https://example.org/a.jpg", "caption": "A stone"},
        },
        {
            "start_date": {"year": 2016, "month": 3, "day": 9, "hour": 10, "minute": 5},
            "end_date": {"year": 2016, "month": 4},
            "text": {"headline": "", "text": "Work stops\nfor a month"},
        },
        {"start_date": {"year": "-13800000000"}, "media": {"caption": "The beginning"}},
    ],
    "eras": [{"start_date": {"year": 2015}, "end_date": {"year": 2016}}],
}
OLD: dict[str, Any] = {
    "timeline": {
        "headline": "The harbour",
        "type": "default",
        "date": [
            {"startDate": "1963,8,9", "endDate": "1963,8,10", "headline": "One", "text": "<p>x"},
            {"startDate": "1964", "headline": "Two"},
        ],
        "era": [{"startDate": "1963", "endDate": "1964", "headline": "Sixties"}],
    }
}


@pytest.fixture
def on_topic(desk: Desk) -> Desk:
    """A desk with a topic on which slides bear."""
    desk.take_rows({"kind": "topic", "topic": "harbour", "topic_question": "Should it be built?"})
    return desk


def take(desk: Desk, content: str, name: str = "timeline.json") -> Summary:
    return desk.take(desk.file(content, name), topic="harbour")


def developments(desk: Desk) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in desk.export().splitlines()]
    return [row for row in rows if row["kind"] == "development"]


def test_slides_come_in_as_developments_as_exact_as_they_are_dated(on_topic: Desk) -> None:
    summary = take(on_topic, json.dumps(NEW))
    assert summary.clean, summary.rejections
    assert summary.left_out == {"era of a timeline": 1, "title slide of a timeline": 1}
    first, second, third = developments(on_topic)
    assert (first["title"], first["summary"]) == ("Stone & speech", "One.\nTwo.")
    assert (first["happened_at"], first["key"]) == ("2015-01", "timelinejs:first-stone")
    assert first["source"] == {"title": "The harbour"}
    assert (second["title"], second["happened_at"]) == ("Work stops", "2016-03-09/2016-04")
    assert (third["title"], third["happened_at"]) == ("The beginning", "Y-13800000000")


@pytest.mark.parametrize(
    "written",
    [json.dumps(OLD), f"storyjs_jsonp_data = {json.dumps(OLD)};", f"f({json.dumps(OLD)})"],
)
def test_so_do_those_of_version_2_and_of_jsonp(on_topic: Desk, written: str) -> None:
    summary = take(on_topic, written, "timeline.jsonp")
    assert summary.clean, summary.rejections
    one, two = developments(on_topic)
    assert (one["title"], one["happened_at"]) == ("One", "1963-08-09/1963-08-10")
    assert (two["title"], two["happened_at"]) == ("Two", "1964")


def test_so_does_the_sheet(on_topic: Desk) -> None:
    sheet = (
        "Year,Month,Day,Time,End Year,End Month,End Day,Headline,Text,Media Caption,Type\n"
        ",,,,,,,The harbour,,,title\n2015,1,,,,,,First stone,<p>One.</p>,,\n"
        "2015,,,,2016,,,Era,,,era\n"
    )
    summary = take(on_topic, sheet, "timeline.csv")
    assert summary.left_out == {"era of a timeline": 1, "title slide of a timeline": 1}
    (one,) = developments(on_topic)
    assert (one["title"], one["happened_at"]) == ("First stone", "2015-01")


def test_the_same_timeline_again_changes_nothing(on_topic: Desk) -> None:
    take(on_topic, json.dumps(NEW))
    again = take(on_topic, json.dumps(NEW))
    assert (again.recorded, again.known) == (0, 3)


def test_without_a_topic_each_slide_says_what_it_lacks(desk: Desk) -> None:
    summary = desk.take(desk.file(json.dumps(OLD), "timeline.json"))
    assert summary.rejected == 2
    assert "topic" in str(summary.rejections[0])


def test_a_slide_that_cannot_be_read_stops_no_other(on_topic: Desk) -> None:
    events = [
        {"start_date": {"year": "long ago"}, "text": {"headline": "One"}},
        {"start_date": {"year": 2015}, "text": {"headline": "Two"}},
        {"start_date": "2015", "text": {"headline": "Three"}},
        {"text": {"headline": "Four"}},
        7,
    ]
    summary = take(on_topic, json.dumps({"events": events}))
    assert (summary.recorded, summary.rejected) == (1, 4)
    assert "'year': 'long ago'" in str(summary.rejections[0])


@pytest.mark.parametrize(
    ("given", "edtf"),
    [
        ({"year": "2015"}, "2015"),
        ({"year": 2015, "month": 0, "day": 0}, "2015"),
        ({"year": "2015", "month": "2", "day": "3"}, "2015-02-03"),
        ({"year": "-44", "month": 3, "day": 15}, "-0044-03-15"),
        ({"year": ""}, ""),
        (None, ""),
    ],
)
def test_a_date_is_no_more_exact_than_it_is_given(given: object, edtf: str) -> None:
    assert edtf_of(given) == edtf


@pytest.mark.parametrize(
    ("given", "edtf"),
    [
        ("1963,8,9", "1963-08-09"),
        ("1963", "1963"),
        ("2012,1,26,10,30", "2012-01-26"),
        ("8/9/1963", "1963-08-09"),
        ("", ""),
    ],
)
def test_so_is_one_of_version_2(given: str, edtf: str) -> None:
    assert edtf_of_text(given) == edtf


def test_a_date_of_version_2_that_is_none_is_refused() -> None:
    with pytest.raises(Refused, match="'in May' is not a date of TimelineJS"):
        edtf_of_text("in May")


def test_a_slide_that_is_refused_comes_back_as_a_native_row(on_topic: Desk) -> None:
    rejects = on_topic.folder / "rejects.jsonl"
    slides = [NEW["events"][0], NEW["events"][1] | {"text": {"headline": ""}}]
    file = on_topic.file(json.dumps({"events": slides}), "timeline.json")
    assert on_topic.take(file, topic="harbour", rejects=rejects).rejected == 1
    row = json.loads(rejects.read_text())
    assert (row["kind"], row["happened_at"]) == ("development", "2016-03-09/2016-04")
    mended = on_topic.file(json.dumps(row | {"title": "Work stops"}), "mended.jsonl")
    assert on_topic.take(mended, topic="harbour").recorded == 1


def test_a_row_of_the_sheet_that_is_ragged_is_kept_as_it_is(on_topic: Desk) -> None:
    rejects = on_topic.folder / "rejects.jsonl"
    sheet = on_topic.file("Year,Month,Day,Headline\n2015,1,2,One\n2016,Two\n", "sheet.csv")
    assert on_topic.take(sheet, topic="harbour", rejects=rejects).recorded == 1
    assert json.loads(rejects.read_text())["reject"]["text"] == "2016,Two"


def test_markup_is_read_as_readers_see_it() -> None:
    assert plain_text("<p>a &lt; b</p><script>x()</script>c<br>d") == "a < b\nc\nd"
    assert plain_text("1 < 2 and 3 > 2") == "1 < 2 and 3 > 2"


@pytest.mark.thorough
def test_every_example_of_timelinejs_has_as_many_developments_as_it_has_slides(
    on_topic: Desk,
) -> None:
    """Where TimelineJS' own examples lie beside the project."""
    folder = beside("timelinejs3_examples")
    expected = json.loads((folder / "expected.json").read_text()) if folder else []
    for told in expected:
        if folder is None or "events" not in told:
            continue
        options: Any = {"topic": "harbour", "dry_run": True}
        summary = on_topic.take(folder / told["file"], **options)
        assert summary.clean, (told["file"], summary.rejections)
        assert summary.recorded + summary.repeated == told["events"], told["file"]
