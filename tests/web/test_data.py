from __future__ import annotations

import csv
import io
import json
import re
import sys
from datetime import date
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import duckdb
import pytest

from tests.web.paper import TIMES, Paper
from timeline.application.commands import RecordStatement, Source
from timeline.domain.actor import ActorMandated
from timeline.domain.dates import iso_us
from timeline.interchange import ExportOptions, ImportOptions, export, import_files
from timeline.projections.queries import directory
from timeline.projections.queries.whose_side import sides_on
from web.lanes.company import below_whom
from web.lanes.history import histories
from web.wording.clocks import Clocks
from web.wording.names import Names

if TYPE_CHECKING:
    from pathlib import Path

    from tests.web.site import Site

ATOM = "{http://www.w3.org/2005/Atom}"


def rows(paper: Paper, path: str) -> list[dict[str, str]]:
    """Return the rows of a table without empty cells."""
    answer = paper.open(path)
    assert answer.mimetype == "text/csv"
    return [
        {name: cell for name, cell in row.items() if cell}
        for row in csv.DictReader(io.StringIO(answer.text))
    ]


def entry_rows(paper: Paper, path: str) -> list[dict[str, str]]:
    """Return the rows of a table that are entries."""
    return [row for row in rows(paper, path) if row["kind"] in ("statement", "development")]


def exported(paper: Paper, **options: str | int) -> list[dict[str, str]]:
    """Return what the command line exports."""
    typed: dict[str, Any] = dict(options)
    out = io.BytesIO()
    export(paper.services, out, "csv", ExportOptions(**typed))
    table = csv.DictReader(io.StringIO(out.getvalue().decode()))
    return [{name: cell for name, cell in row.items() if cell} for row in table]


def in_order(table: list[dict[str, str]]) -> list[dict[str, str]]:
    """Put rows in an order of their own."""
    return sorted(table, key=lambda row: sorted(row.items()))


def test_a_topic_as_table_has_the_rows_of_the_export(paper: Paper) -> None:
    paper.newsroom.statements.retract(paper.dora(), paper.numbers["wants"], "wrong")
    paper.newsroom.statements.correct(paper.dora(), paper.numbers["no"], {"stance": "doubts"}, "x")
    assert in_order(rows(paper, "/t/union.csv")) == in_order(exported(paper, topic="union"))


def test_statements_as_a_table_have_one_row_each_with_number_and_names(paper: Paper) -> None:
    taken_back = paper.numbers["wants"]
    paper.newsroom.statements.retract(paper.dora(), taken_back, "wrong")
    table = rows(paper, "/t/union/statements.csv")
    entries = [row for row in rows(paper, "/t/union.csv") if row["kind"] == "statement"]
    assert len(table) == len(entries) > 1
    assert str(taken_back) not in {row["number"] for row in table}
    for row, entry in zip(table, entries, strict=True):
        assert {name: row[name] for name in row.keys() & entry.keys()}.items() <= entry.items()
        assert paper.open(f"/s/{row['number']}").status_code == 200
        assert row["actor"] != "dora" or row["actor_name"] == "Dora Example"
    for row in table:
        days = [row["earliest"] or row["latest"], row["latest"], row["counts_from"]]
        first, last, counts_from = map(date.fromisoformat, days)
        assert first <= counts_from <= last
        assert row["topic_question"]
        assert (row["scale"], row["wording"]) == ("position", "1")
    told = {(row["stance"], row["value"]) for row in table}
    assert ("opposes", "-2") in told
    assert len(told) == len({row["stance"] for row in table})


def test_tables_and_feeds_say_what_makes_a_change_less_than_it_seems(paper: Paper) -> None:
    paper.newsroom.topics.reword(
        paper.dora(), "union", "Is Aland to join the union?", "Clearer.", same_meaning=True
    )
    paper.newsroom.actors.introduce(paper.dora(), "Eve Example", "person", slug="eve")
    (held,) = (
        event for _, event in paper.services.log.stream() if isinstance(event, ActorMandated)
    )
    paper.newsroom.actors.end_mandate(paper.dora(), "dora", held.mandate, "2025-09-30")
    paper.newsroom.actors.mandate(paper.dora(), "eve", "aland", "President", since="2025-10-01")
    number = paper.say(
        "turned", "eve", "opposes", "2025-12-10", on_behalf_of="aland", paraphrase="Is against it."
    )
    paper.sign()
    row, *_ = [
        one for one in rows(paper, "/t/union/statements.csv") if one["number"] == str(number)
    ]
    marks = "change", "changed_from", "other_speaker", "other_wording", "order_open"
    assert [row.get(name) for name in marks] == ["succession", "accepts", "1", "1", "0"]
    story = [one for one in rows(paper, "/story/talks.csv") if one.get("statement") == str(number)]
    assert [[one[name] for name in marks[2:]] for one in story] == [["1", "1", "0"]]
    for form in ("atom", "jsonfeed"):
        for place in ("/t/union", "/a/aland", "/index", "/story/talks"):
            told = paper.open(f"{place}.{form}").text
            assert "Another speaker." in told, (place, form)
            assert "Asked in other words." in told, (place, form)


def test_tables_say_that_which_was_said_first_is_open(paper: Paper) -> None:
    vague = paper.say("vague", "bland", "opposes", "2025-12", paraphrase="Is against it.")
    table = {row["number"]: row for row in rows(paper, "/t/union/statements.csv")}
    assert [one for one, row in table.items() if row.get("order_open") == "1"] == [str(vague)]
    (stands,) = [
        row
        for row in rows(paper, "/index.csv")
        if (row["topic"], row["actor"]) == ("union", "bland")
    ]
    assert (stands["stance"], stands["order_open"]) == ("supports", str(vague))
    assert "which was said first is open" in paper.open("/t/union?view=table").text


def test_an_engine_of_tables_reads_the_days_of_statements_as_days(
    paper: Paper, tmp_path: Path
) -> None:
    file = tmp_path / "statements.csv"
    file.write_bytes(paper.open("/t/union/statements.csv").data)
    relation = duckdb.read_csv(str(file))
    types = dict(zip(relation.columns, map(str, relation.types), strict=True))
    assert {types[name] for name in ("earliest", "latest", "counts_from")} == {"DATE"}
    assert {types[name] for name in ("value", "number", "wording")} == {"BIGINT"}


def test_statements_as_a_table_follow_the_filters_of_their_view(paper: Paper) -> None:
    whole = {row["number"] for row in rows(paper, "/t/union/statements.csv")}
    one = {row["number"] for row in rows(paper, "/t/union/statements.csv?actor=aland")}
    assert one < whole
    on_union = [row for row in rows(paper, "/a/aland/statements.csv") if row["topic"] == "union"]
    assert one == {row["number"] for row in on_union}


@pytest.mark.parametrize("path", ["/t/union", "/a/aland"])
def test_a_page_in_typed_columns_has_the_rows_of_its_table(
    paper: Paper, path: str, tmp_path: Path
) -> None:
    answer = paper.open(f"{path}.parquet")
    assert answer.mimetype == "application/vnd.apache.parquet"
    file = tmp_path / "rows.parquet"
    file.write_bytes(answer.data)
    relation = duckdb.read_parquet(str(file))
    typed = [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
    told = {"kind", "topic", "actor", "stance", "said_at", "title", "key"}
    assert in_order([{name: row[name] for name in told if row[name]} for row in typed]) == in_order(
        [{name: row[name] for name in told if name in row} for row in rows(paper, f"{path}.csv")]
    )
    assert f'href="{path}.parquet"' in paper.open(path).text


def test_without_the_engine_nobody_is_led_to_typed_columns(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.shell.template_context.is_installed", lambda: False)
    assert ".parquet" not in paper.open("/t/union").text
    monkeypatch.setitem(sys.modules, "duckdb", None)
    answer = paper.open("/t/union.parquet")
    assert answer.status_code == 422
    assert "install standline[analysis]" in answer.text


def test_a_table_and_its_data_hold_translations_and_further_sources(paper: Paper) -> None:
    statements, number = paper.newsroom.statements, paper.numbers["wants"]
    statements.second(paper.dora(), number, Source(outlet="Radio"), "reported")
    statements.translate(paper.dora(), number, "de", {"paraphrase": "Will es."})
    source = {"outlet": "Radio", "attribution": "reported"}
    (cell,) = [row for row in rows(paper, "/t/union.csv") if "further_sources" in row]
    assert cell["translations.de.paraphrase"] == "Will es."
    assert json.loads(cell["further_sources"]) == [source]
    entries = paper.open("/t/union.json").get_json()["entries"]
    (told,) = [entry for entry in entries if "translations" in entry]
    assert told["translations"] == {"de": {"paraphrase": "Will es."}}
    assert told["further_sources"] == [source]
    assert in_order(rows(paper, "/t/union.csv")) == in_order(exported(paper, topic="union"))


def test_so_it_has_at_both_clocks(paper: Paper) -> None:
    known = paper.numbers["yes"]
    paper.newsroom.statements.correct(paper.dora(), paper.numbers["no"], {"stance": "doubts"}, "x")
    paper.services.models.catch_up()
    here = rows(paper, f"/t/union.csv?known_at=@{known}&as_of=2025-08-01")
    there = exported(paper, topic="union", known_at=known, as_of="2025-08-01")
    assert in_order(here) == in_order(there)
    assert [row["stance"] for row in here if "stance" in row] == ["opposes"]


def test_filters_of_the_page_hold_for_its_data(paper: Paper) -> None:
    bland, accepting = "/t/union.csv?actor=bland", "/t/union.csv?stance=1"
    assert {row["actor"] for row in entry_rows(paper, bland)} == {"bland"}
    assert [row["stance"] for row in entry_rows(paper, accepting)] == ["accepts"]
    happened = entry_rows(paper, "/t/union.csv?kind=development")
    assert [row["kind"] for row in happened] == ["development"]
    paper.sign()
    told = paper.data("/t/union.json?actor=bland&stance=2")
    assert [one["actor"] for one in told["positions"]] == ["bland"]
    assert (told["changes"], told["rule"]) == ([], 2)
    assert len(told["entries"]) == 2
    (of_aland,) = paper.data("/t/union.json?actor=aland")["changes"]
    assert (of_aland["actor"], bool(of_aland["sentence"])) == ("aland", True)
    moves = paper.data("/t/union.json?only=changes")
    assert [move["number"] for move in moves["entries"]] == [paper.numbers["yes"]]


def test_entries_stand_in_the_order_of_the_page(paper: Paper) -> None:
    newest = [one["number"] for one in paper.data("/t/union.json")["entries"]]
    oldest = [one["number"] for one in paper.data("/t/union.json?order=old")["entries"]]
    assert newest == oldest[::-1]
    assert oldest[0] == paper.numbers["no"]


def test_a_table_can_be_imported_into_another_store(paper: Paper, tmp_path: Path) -> None:
    path = tmp_path / "union.csv"
    path.write_bytes(paper.open("/t/union.csv?actor=aland&actor=bland").data)
    other = Paper(f"sqlite:///{tmp_path / 'other.db'}")
    summary = import_files(other.services, [path], ImportOptions(by="carl"))
    assert summary.clean
    other.services.models.catch_up()
    mine, theirs = (rows(one, "/t/union.csv?actor=aland&actor=bland") for one in (other, paper))
    assert other.open("/t/union").status_code == 200
    for row in (*mine, *theirs):
        row.pop("first_recorded_at", None)
    assert in_order(mine) == in_order(theirs)
    other.services.close()


def test_a_condition_on_a_topic_that_is_not_here_breaks_no_page(
    paper: Paper, tmp_path: Path
) -> None:
    path = tmp_path / "union.csv"
    path.write_bytes(paper.open("/t/union.csv?actor=cland").data)
    other = Paper(f"sqlite:///{tmp_path / 'other.db'}")
    assert import_files(other.services, [path], ImportOptions(by="carl")).clean
    for page in ("/t/union", "/a/cland", "/t/union.json", "/"):
        assert other.open(page).status_code == 200
    assert "reforms first" in other.read("/t/union")
    other.services.close()


def test_a_topic_as_json_speaks_as_the_command_line_does(paper: Paper) -> None:
    paper.sign()
    told = paper.data("/t/union.json")
    assert told["topic"]["slug"] == "union"
    assert told["topic"]["scale"] == "position"
    aland = next(one for one in told["positions"] if one["actor"] == "aland")
    assert (aland["stance"], aland["first_said"]) == ("accepts", "2025-09-02")
    assert aland["reported"]["stance"] == "supports"
    first = told["changes"][0]
    assert {"kind", "from", "to", "said_at", "known_at", "before", "after"} <= first.keys()
    quoted = next(one for one in told["entries"] if one["number"] == paper.numbers["yes"])
    assert quoted["quote"]["text"] == "nous ne nous opposons pas"
    assert (told["as_of"], told["known_at"]) == (None, None)


def test_positions_at_a_moment_are_those_of_that_moment(paper: Paper) -> None:
    told = paper.data("/t/union.json?as_of=2025-08-01")
    assert told["as_of"] == "2025-08-01"
    assert {one["actor"]: one["stance"] for one in told["positions"]} == {
        "aland": "opposes",
        "dora": "opposes",
    }
    assert told["changes"] == []  # first words are no change


def test_withheld_words_are_in_no_data(paper: Paper) -> None:
    number = paper.numbers["yes"]
    paper.newsroom.statements.retract(paper.dora(), number, "private", withhold=True)
    told = paper.open("/t/union.json").text
    assert "opposons" not in told
    assert "we do not oppose" not in told
    entry = next(load for load in json.loads(told)["entries"] if load["number"] == number)
    assert entry["retracted"] is True
    assert "opposons" not in paper.open("/t/union.csv").text


def test_an_actor_as_data_holds_all_its_words(paper: Paper) -> None:
    told = paper.data("/a/aland.json")
    assert told["actor"] == {"slug": "aland", "name": "Aland", "aliases": []}
    assert {one["topic"] for one in told["entries"]} == {"union", "deal"}
    assert {one["actor"] for one in told["positions"]} == {"aland"}
    assert len(entry_rows(paper, "/a/aland.csv")) == len(told["entries"]) == 4


def test_a_merged_actor_leads_to_the_other(paper: Paper) -> None:
    paper.newsroom.actors.merge(paper.dora(), "cland", "bland", "the same")
    answer = paper.open("/a/cland.json")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/a/bland.json")


def test_the_front_page_as_data_holds_topics_positions_and_latest_changes(paper: Paper) -> None:
    assert [paper.data("/index.json")[name] for name in ("changes", "waiting")] == [[], 1]
    paper.sign()
    told = paper.data("/index.json")
    assert (told["rule"], told["waiting"]) == (2, 0)
    assert [one["slug"] for one in told["topics"]] == ["union", "deal"]
    assert ("union", "aland") in {(one["topic"], one["actor"]) for one in told["positions"]}
    (change,) = told["changes"]
    assert (change["actors"], change["from"], change["to"]) == (
        ["dora", "aland"],
        "opposes",
        "accepts",
    )
    standing = rows(paper, "/index.csv")
    assert {"topic": "deal", "actor": "bland", "stance": "thinks likely"}.items() <= next(
        row for row in standing if row["topic"] == "deal" and row["actor"] == "bland"
    ).items()


@pytest.mark.parametrize("path", ["/t/union.atom", "/a/aland.atom", "/index.atom"])
def test_changes_are_a_feed(paper: Paper, path: str) -> None:
    paper.sign()
    answer = paper.open(path)
    assert answer.mimetype == "application/atom+xml"
    feed = ET.fromstring(answer.data)  # noqa: S314 - our own
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    told = [entry.findtext(f"{ATOM}title") or "" for entry in entries]
    assert any("opposes → accepts" in one for one in told)
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == len(ids)
    for entry in entries:
        updated = entry.findtext(f"{ATOM}updated") or ""
        assert updated.startswith("2025-12-16T")


def entries_of(paper: Paper, path: str) -> list[ET.Element]:
    """Return the entries of a feed, in its order."""
    return ET.fromstring(paper.open(path).data).findall(f"{ATOM}entry")  # noqa: S314 - our own


def links_of(element: ET.Element) -> dict[str, str]:
    """Return where a feed or an entry leads, by relation."""
    return {link.attrib["rel"]: link.attrib["href"] for link in element.findall(f"{ATOM}link")}


def test_what_came_to_be_known_last_stands_first_in_a_feed(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = [
        element.findtext(f"{ATOM}updated") or "" for element in entries_of(paper, "/t/union.atom")
    ]
    assert known == sorted(known, reverse=True)
    late = paper.say("late", "bland", "supports", "2025-06-01", paraphrase="Liked it.")
    monkeypatch.setattr("web.data.feed.MOST", 1)
    (latest,) = entries_of(paper, "/t/union.atom")
    assert links_of(latest)["related"].endswith(f"/s/{late}@{late}")


def test_the_id_of_a_change_stays_as_readers_of_feeds_have_kept_it(paper: Paper) -> None:
    moved = "urn:uuid:ee3bb87b-e9d5-596c-b07d-c2e087ad0140"
    paper.sign()
    elements = {
        element.findtext(f"{ATOM}id"): element for element in entries_of(paper, "/t/union.atom")
    }
    assert links_of(elements[moved])["related"].endswith(f"/s/{paper.numbers['yes']}@11")
    paper.say("later", "dora", "opposes", "2025-10-01", paraphrase="No.", on_behalf_of="aland")
    paper.sign()
    later = {
        element.findtext(f"{ATOM}id") for element in entries_of(paper, "/t/union.atom?actor=aland")
    }
    assert moved in later
    assert len(later - elements.keys()) == 1


AT = "{http://purl.org/atompub/tombstones/1.0}"


def test_a_change_that_was_taken_back_leaves_a_tombstone(paper: Paper) -> None:
    paper.sign()

    def tombstones(path: str) -> set[tuple[str | None, str | None]]:
        feed = ET.fromstring(paper.open(path).data)  # noqa: S314 - our own
        elements = feed.findall(f"{AT}deleted-entry")
        assert all(
            str(element.get("when")) <= str(feed.findtext(f"{ATOM}updated")) for element in elements
        )
        return {(element.get("ref"), element.findtext(f"{AT}comment")) for element in elements}

    views = ("/t/union.atom", "/a/aland.atom", "/index.atom")
    assert [tombstones(path) for path in views] == [set(), set(), set()]
    moved = "urn:uuid:ee3bb87b-e9d5-596c-b07d-c2e087ad0140"
    statements, yes = paper.newsroom.statements, paper.numbers["yes"]
    statements.retract(paper.dora(), yes, "Somebody else said it.")
    for path in views:
        assert (moved, "Somebody else said it.") in tombstones(path)
        assert moved not in {element.findtext(f"{ATOM}id") for element in entries_of(paper, path)}
    assert moved not in {ref for ref, _ in tombstones("/t/union.atom?actor=bland")}
    assert tombstones(f"/t/union.atom?known_at=@{yes}") == set()
    statements.reinstate(paper.dora(), yes, "It was Aland.")
    paper.sign()
    for path in views:  # it is told anew, by another id
        told = {element.findtext(f"{ATOM}id") for element in entries_of(paper, path)}
        assert told
        assert told.isdisjoint(ref for ref, _ in tombstones(path))


@pytest.mark.thorough
@pytest.mark.parametrize("path", ["/t/union", "/a/aland", "/index", "/story/talks", "/corrections"])
def test_a_json_feed_tells_what_the_atom_feed_does(paper: Paper, path: str) -> None:
    statements, yes = paper.newsroom.statements, paper.numbers["yes"]
    statements.correct(paper.dora(), yes, {"translation": "we are not against it"}, "Closer.")
    paper.sign()
    answer = paper.open(f"{path}.jsonfeed")
    assert answer.mimetype == "application/feed+json"
    feed, atom = json.loads(answer.text), ET.fromstring(paper.open(f"{path}.atom").data)  # noqa: S314
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"] == atom.findtext(f"{ATOM}title")
    assert feed["feed_url"] == f"http://localhost{path}.jsonfeed"
    assert feed["home_page_url"] == links_of(atom)["alternate"]
    assert feed["items"]
    assert [
        (one["id"], one["title"], one["content_text"], one["date_modified"], one["url"])
        for one in feed["items"]
    ] == [
        (
            *(element.findtext(f"{ATOM}{name}") for name in ("id", "title", "summary", "updated")),
            links_of(element)["alternate"],
        )
        for element in atom.findall(f"{ATOM}entry")
    ]
    assert 'type="application/feed+json" title="' in paper.open(path.removesuffix("index")).text


@pytest.mark.parametrize("clock", ["", "&known_at=@99", "&as_of=2025-12-14"])
def test_a_feed_leaves_out_differing_answers_at_whatever_moment(paper: Paper, clock: str) -> None:
    for day, stance in ((3, "opposes"), (3, "supports"), (5, "supports")):
        paper.say(stance, "bland", stance, f"2025-12-0{day}", paraphrase="Said so.")
    (first,) = entries_of(paper, f"/t/union.atom?actor=bland{clock}")
    assert links_of(first)["related"].endswith(f"/s/{paper.numbers['wants']}@13")
    told = paper.data(f"/t/union.json?actor=bland{clock}")["changes"]
    assert told == []


def test_a_feed_leads_to_itself_and_its_entries_to_lane_and_proof(paper: Paper) -> None:
    path, number = "/t/union.atom?actor=aland&as_of=2025-12-14", paper.numbers["yes"]
    paper.sign()
    feed = ET.fromstring(paper.open(path).data)  # noqa: S314 - our own
    page = "http://localhost/t/union?actor=aland&as_of=2025-12-14"
    assert links_of(feed) == {"self": f"http://localhost{path}", "alternate": page}
    assert links_of(entries_of(paper, path)[0]) == {
        "alternate": f"http://localhost/t/union?s={number}#lane-aland",
        "related": f"http://localhost/s/{number}@{number}",
        "via": "https://example.org/talks",
    }


FEEDS = ("/t/union.atom", "/t/deal.atom?actor=cland", "/a/cland.atom", "/index.atom")
WHEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
TOLD = ("id", "title", "updated")
"""What RFC 4287 asks of every feed and entry."""


@pytest.mark.parametrize("path", [*FEEDS, "/corrections.atom"])
def test_a_feed_has_what_the_standard_asks_for_with_or_without_entries(
    paper: Paper, path: str
) -> None:
    feed = ET.fromstring(paper.open(path).data)  # noqa: S314 - our own
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        assert all(len(element.findall(ATOM + name)) == 1 for name in TOLD)
        assert WHEN.fullmatch(element.findtext(f"{ATOM}updated") or "")
        assert element.findtext(f"{ATOM}title")
        assert re.match(r"(https?://|urn:uuid:)\S+$", element.findtext(f"{ATOM}id") or "")
        assert any(link.get("rel") == "alternate" for link in element.findall(f"{ATOM}link"))
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    assert any(link.get("rel") == "self" for link in feed.findall(f"{ATOM}link"))


def test_a_feed_without_entries_is_as_old_as_the_record(paper: Paper) -> None:
    feed = ET.fromstring(paper.open("/t/deal.atom?actor=cland").data)  # noqa: S314 - our own
    assert feed.findall(f"{ATOM}entry") == []
    last = paper.services.log.event(paper.services.log.head())
    assert last
    assert feed.findtext(f"{ATOM}updated") == iso_us(last.recorded_at)
    earlier = ET.fromstring(paper.open("/t/deal.atom?known_at=@3").data)  # noqa: S314 - our own
    third = paper.services.log.event(3)
    assert third
    assert earlier.findtext(f"{ATOM}updated") == iso_us(third.recorded_at)


def test_the_feed_of_an_empty_record_is_of_now(tmp_path: Path) -> None:
    empty = Paper(f"sqlite:///{tmp_path / 'empty.db'}")
    for path in ("/index.atom", "/corrections.atom"):
        feed = ET.fromstring(empty.open(path).data)  # noqa: S314 - our own
        assert (feed.findtext(f"{ATOM}updated") or "").startswith("2025-12-16T")
    empty.services.close()


def test_a_feed_speaks_the_readers_language_and_keeps_its_ids(paper: Paper) -> None:
    english = ET.fromstring(paper.open("/t/union.atom").data)  # noqa: S314 - our own
    german = ET.fromstring(paper.open("/t/union.atom", Accept_Language="de").data)  # noqa: S314
    ids = [
        [e.findtext(f"{ATOM}id") for e in element.iter(f"{ATOM}entry")]
        for element in (english, german)
    ]
    assert ids[0] == ids[1]
    assert "Positionswechsel" in "".join(german.itertext())


def test_pages_lead_to_their_data_with_the_same_query(paper: Paper) -> None:
    page = paper.open("/t/union?stance=2&as_of=2025-12-14").text
    assert 'href="/t/union.json?stance=2&amp;as_of=2025-12-14"' in page
    assert 'type="application/atom+xml"' in page
    assert 'href="/a/aland.csv"' in paper.open("/a/aland").text
    assert 'href="/index.json"' in paper.open("/").text


def test_what_is_wrong_is_said_in_the_same_form(paper: Paper) -> None:
    answer = paper.open("/t/unio.json")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert json.loads(answer.text) == {
        "title": "Not Found",
        "status": 404,
        "detail": "there is no topic “unio”",
        "fix": "did you mean union?",
        "code": "no_such_topic",
        "values": {"name": "unio", "meant": "union"},
        "nearest": ["union"],
    }
    assert paper.open("/t/union.json?as_of=x").status_code == 422
    refused = paper.open("/t/unio.csv")
    assert (refused.status_code, refused.mimetype) == (404, "text/plain")
    assert refused.text.count("\n") == 1


def test_many_entries_come_in_runs(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.data.view.AT_ONCE", 3)
    monkeypatch.setattr("timeline.interchange.exporting.picking.AT_ONCE", 2)
    for day in range(1, 9):
        command = RecordStatement(
            topic="union", actor="cland", stance="supports", said_at=f"2025-11-0{day}", source=TIMES
        )
        paper.newsroom.statements.record(paper.dora(), command)
    assert in_order(rows(paper, "/t/union.csv")) == in_order(exported(paper, topic="union"))


@pytest.mark.thorough
@pytest.mark.parametrize(("moment", "changes"), [
    ("", 1),
    ("?as_of=2025-08-20", 0),
    ("?as_of=2025-09-02", 1),
    ("?known_at=@{before}", 0),
    ("?known_at=@{then}", 1),
    ("?known_at=@{then}&as_of=2025-08-20", 0),
])  # fmt: skip
def test_the_front_page_as_data_has_the_changes_of_its_moment(
    paper: Paper, moment: str, changes: int
) -> None:
    yes, unsigned = paper.numbers["yes"], paper.services.log.head()
    assert paper.sign() == 1
    path = moment.format(before=unsigned, then=unsigned + 1)
    told = paper.data(f"/index.json{path}")
    assert [one["after"] for one in told["changes"]] == [[yes]] * changes
    # The same words moved a person and their side: a feed tells of both in one entry.
    assert len(paper.data(f"/index.jsonfeed{path}")["items"]) == min(changes, 1)


def test_positions_name_the_side_below_which_the_page_draws_a_speaker(paper: Paper) -> None:
    standing = rows(paper, "/index.csv")
    sides = {(one["topic"], one["actor"]): one.get("side") for one in standing}
    assert paper.open("/index.csv").text.splitlines()[0].endswith(",side")
    assert sides["union", "dora"] == "aland"
    assert sides["union", "aland"] is sides["union", "bland"] is None
    told = paper.data("/t/union.json")["positions"]
    assert {one["actor"]: one["side"] for one in told}["dora"] == "aland"
    asked = paper.data("/api/v1/positions?actor=dora&as_of=2025-12-01")["items"]
    assert {one["side"] for one in asked} == {"aland"}


def test_the_sides_of_data_are_those_of_the_pages(demo: Site) -> None:
    with demo.app.test_request_context(), demo.services.models.engine().connect() as conn:
        stories = {story.id: story for story in directory.stories(conn)}
        topics = {topic.id: topic for topic in directory.topics(conn)}
        lanes = {topic: histories(conn, topic, Clocks()) for topic in topics}
        drawn = {
            (topic, speaker): side
            for topic, some in lanes.items()
            for speaker, side in below_whom(
                conn, topic, some, stories.get(topics[topic].story or ""), Names(conn)
            ).items()
        }
        asked = {(topic, one.actor) for topic, some in lanes.items() for one in some}
        assert sides_on(conn, asked) == drawn
        for lane, side in drawn.items():
            assert sides_on(conn, {lane}) == {lane: side}, "asked alone"
        assert len(drawn) > 5
