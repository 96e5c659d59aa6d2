"""What the pages give to take away comes back as what it was."""

from __future__ import annotations

import csv
import io
import json
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings

from tests.interchange.desk import jsonl
from tests.interchange.histories import IN_FULL, ROWS
from tests.support.tiers import scaled
from tests.web.paper import Paper
from timeline.application.commands import Source
from timeline.interchange import ImportOptions, import_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.interchange.desk import Row
    from timeline.interchange import Summary

pytestmark = pytest.mark.thorough

FORMS = ("csv", "json")


@contextmanager
def store(folder: Path) -> Iterator[Paper]:
    """Open a site over an empty store."""
    other = Paper(f"sqlite:///{folder / 'store.db'}")
    with closing(other.services):
        yield other


def take(paper: Paper, path: Path, content: bytes | str) -> Summary:
    """Import a file and bring what pages read up to it."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    summary = import_files(paper.services, [path], ImportOptions(by="carl"))
    paper.services.models.catch_up()
    return summary


def told(paper: Paper, page: str) -> list[Row]:
    """Return all rows of a page, but when its own store recorded them, in an order of their own."""
    table = csv.DictReader(io.StringIO(paper.open(page.replace("*", "csv")).text))
    rows = [{n: row[n] for n in row if row[n] and n != "first_recorded_at"} for row in table]
    return in_order([without_itself(row, "condition.same_as", row.get("key")) for row in rows])


def without_itself(row: Row, name: str, key: str | None) -> Row:
    """Leave out that a condition is its own, which is said unless it is the first of a page."""
    return row if row.get(name) != key else {one: row[one] for one in row if one != name}


def in_order(rows: list[Row]) -> list[Row]:
    """Put rows in an order of their own: of one day, they stand in that of their numbers."""
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))


def entries(paper: Paper, page: str) -> list[Row]:
    """Return the entries of a page as data that stand, each without its place in its own log."""
    listed: list[Any] = paper.data(page.replace("*", "json"))["entries"]
    own = ("number", "first_recorded_at")
    standing = [each for each in listed if not each["retracted"]]
    for each in standing:
        if condition := each.get("condition"):
            each["condition"] = without_itself(condition, "same_as", each.get("key"))
    return in_order([{name: e[name] for name in e if name not in own} for e in standing])


PAGES = ("/t/union.*", "/t/deal.*", "/a/aland.*", "/t/union.*?actor=bland", "/t/union.*?order=old")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_comes_back_as_what_it_was(
    paper: Paper, tmp_path: Path, page: str, form: str
) -> None:
    number = paper.numbers
    room = paper.newsroom.statements
    room.second(paper.dora(), number["wants"], Source(outlet="Radio"), "reported")
    room.translate(paper.dora(), number["wants"], "de", {"paraphrase": "Will es."})
    room.link(paper.dora(), number["still"], "repeats", number["wants"], "word for word")
    room.link(paper.dora(), number["yes"], "contradicts", number["no"])
    room.correct(paper.dora(), number["if"], {"stance": "doubts"}, "misread")
    room.retract(paper.dora(), number["circles"], "a hoax")
    with store(tmp_path) as other:
        summary = take(other, tmp_path / f"page.{form}", paper.open(page.replace("*", form)).data)
        assert summary.clean, summary.rejections
        assert entries(other, page) == entries(paper, page) != []
        assert told(other, page) == told(paper, page)


def test_what_was_retracted_stays_behind_and_is_counted(paper: Paper, tmp_path: Path) -> None:
    paper.newsroom.statements.retract(paper.dora(), paper.numbers["yes"], "a hoax")
    with store(tmp_path) as other:
        page = paper.data("/t/union.json")
        summary = take(other, tmp_path / "page.json", json.dumps(page))
        assert "1 left out: retracted on that page" in summary.lines()
        assert summary.recorded == len(page["entries"]) - 1 + len(page["nouns"])


def test_a_refused_entry_of_a_page_comes_back_as_a_native_row(paper: Paper, tmp_path: Path) -> None:
    page = paper.data("/t/union.json")
    before = page["entries"][0]["stance"]
    page["entries"][0]["stance"] = "wants"
    file, rejects = tmp_path / "page.json", tmp_path / "rejects.jsonl"
    file.write_text(json.dumps(page))
    with store(tmp_path) as other:
        options = ImportOptions(by="carl", rejects=rejects)
        assert import_files(other.services, [file], options).rejected == 1
        mended = rejects.read_text().replace('"wants"', f'"{before}"')
        again = take(other, tmp_path / "mended.jsonl", mended)
        assert (again.recorded, again.clean) == (1, True), again.rejections


def test_a_page_as_it_was_known_comes_back_as_that(paper: Paper, tmp_path: Path) -> None:
    page = f"/t/union.*?known_at=@{paper.services.log.head()}&as_of=2025-09-30"
    before = entries(paper, page)
    downloads = {form: paper.open(page.replace("*", form)).data for form in FORMS}
    paper.newsroom.statements.correct(paper.dora(), paper.numbers["no"], {"stance": "doubts"}, "x")
    paper.services.models.catch_up()
    for form, data in downloads.items():
        folder = tmp_path / form
        folder.mkdir()
        with store(folder) as other:
            assert take(other, folder / f"page.{form}", data).clean
            assert entries(other, "/t/union.*") == before != []


def test_a_page_imported_where_it_came_from_changes_nothing(paper: Paper, tmp_path: Path) -> None:
    for form in FORMS:
        head = paper.services.log.head()
        data = paper.open(f"/t/union.{form}").data
        assert take(paper, tmp_path / f"page.{form}", data).clean
        assert paper.services.log.head() == head


def test_a_link_to_an_entry_that_the_page_does_not_show_stays_behind(paper: Paper) -> None:
    paper.newsroom.statements.link(
        paper.dora(), paper.numbers["likely"], "repeats", paper.numbers["wants"]
    )
    assert paper.data("/a/bland.json")["links"][0]["relation"] == "repeats"
    assert paper.data("/t/deal.json")["links"] == []


def test_the_front_page_has_no_entries_and_says_so(paper: Paper, tmp_path: Path) -> None:
    file = tmp_path / "index.json"
    file.write_bytes(paper.open("/index.json").data)
    summary = import_files(paper.services, [file], ImportOptions(by="carl", goes_on=True))
    (refused,) = summary.refused_files
    assert str(refused).startswith("index.json: this is the front page as data")


def test_a_page_that_was_cut_short_brings_what_is_whole_and_says_so(
    paper: Paper, tmp_path: Path
) -> None:
    whole = paper.open("/t/deal.json").text
    cut = whole[: whole.index('"links"')]
    with store(tmp_path) as other:
        summary = take(other, tmp_path / "page.json", cut)
        page = json.loads(whole)
        assert summary.recorded == len(page["entries"]) + len(page["nouns"])
        (rejection,) = summary.rejections
        assert "the JSON text ends in the middle; fetch the file again" in str(rejection)


@settings(
    max_examples=scaled(5),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(ROWS)
@example(IN_FULL)
def test_any_page_comes_back_as_what_it_was(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Row]
) -> None:
    folder = tmp_path_factory.mktemp("first")
    nouns = (
        {"kind": "actor", "actor": "russia", "actor_kind": "state", "aliases": ["Россия"]},
        {"kind": "story", "story": "talks", "title": "The talks"}
        | {"sides": [{"label": "East", "actors": ["russia"]}]},
    )
    with store(folder) as paper:
        take(paper, folder / "rows.jsonl", jsonl((*nouns, *rows)))
        for slug in [topic["slug"] for topic in paper.data("/index.json")["topics"]]:
            page = f"/t/{slug}.*"
            kept = entries(paper, page)
            for form in FORMS:
                again = tmp_path_factory.mktemp("again")
                with store(again) as other:
                    data = paper.open(page.replace("*", form)).data
                    summary = take(other, again / f"page.{form}", data)
                    assert summary.clean, summary.rejections
                    if kept:
                        assert entries(other, page) == kept
                        assert told(other, page) == told(paper, page)
