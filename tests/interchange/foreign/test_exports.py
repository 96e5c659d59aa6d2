"""What neighbours read of an export, by their own libraries."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import icalendar
import networkx as nx
import pytest
from pyld import jsonld

from tests.interchange.desk import Desk, row
from tests.interchange.test_export import store
from timeline.domain.errors import NotFound
from timeline.interchange import ExportOptions, export
from timeline.interchange.foreign.named_rows import calendar_parts

if TYPE_CHECKING:
    from pathlib import Path

HAPPENED = {
    "kind": "development",
    "title": "Talks end <early>; no text, no date",
    "summary": "Two lines.\nOf summary, folded: " + "ä" * 80,
    "topics": ["eu-accession"],
    "happened_at": "2025-12-14",
    "status": "confirmed",
    "source": {"outlet": "Der Standard", "url": "https://example.org/talks"},
    "key": "dev:1",
}


@pytest.fixture
def full_desk(desk: Desk) -> Desk:
    """A desk on whose record two topics, four actors and some dates of every kind are."""
    ask = {"topic": "ceasefire", "topic_question": "Should the fighting stop?"}
    ann = {"actor": "Ann", "actor_kind": "person"}
    desk.take_rows(
        row(**ann, stance="supports", key="1", quote__text="Ja <b>", quote__lang="de"),
        row(**ann, stance="supports", key="2", said_at="2025-12-15", source__title="Other"),
        row(actor="Bo", actor_kind="state", stance="opposes", key="3", said_at="2025-11"),
        row(actor="Cy", stance="accepts", key="4", on_behalf_of="Bo", said_at="../2025-12-01"),
        row(actor="Dee", stance="conditional", key="5"),
        row(**ask | ann, stance="supports", key="6", said_at="2025-12-01/2025-12-03"),
        row(**ask, actor="Bo", stance="supports", key="7", said_at="2024-12-14"),
        row(**ask, actor="Dee", stance="no_position", no_position_reason="unstated", key="8"),
        HAPPENED,
        HAPPENED | {"title": "Long ago", "happened_at": "Y-13800000000", "key": "dev:2"},
        HAPPENED | {"title": "At noon", "happened_at": "2025-12-14T12:00:00Z", "key": "dev:3"},
    )
    first, *_ = desk.events("statement.recorded")
    desk.newsroom.statements.correct(
        desk.anna(), first.originator_id, {"paraphrase": "Said yes."}, "it was missing"
    )
    return desk


def graph(desk: Desk, network: str, duplicates: str = "all") -> Any:  # noqa: ANN401 - networkx has no types
    exported = desk.export("graphml", network=network, duplicates=duplicates)
    return nx.parse_graphml(exported)


def weights(found: Any) -> dict[tuple[str, str], float]:  # noqa: ANN401 - networkx has no types
    return {
        (min(one, other), max(one, other)): weight
        for one, other, weight in found.edges(data="weight")
    }


def test_networkx_reads_who_said_what_of_which_topic(full_desk: Desk) -> None:
    found = graph(full_desk, "affiliation")
    assert found.nodes["a/ann"] == {"label": "Ann", "mode": "actor", "kind": "person"}
    assert found.nodes["t/ceasefire"] == {"label": "Should the fighting stop?", "mode": "topic"}
    assert found.edges["a/ann", "t/eu-accession"] == {"weight": 2.0, "agree": 2, "disagree": 0}
    assert found.edges["a/bo", "t/eu-accession"] == {"weight": 0.0, "agree": 1, "disagree": 1}
    assert "a/dee" not in found
    assert "a/cy" not in found


@pytest.mark.parametrize(
    ("network", "duplicates", "weight"),
    [
        ("congruence", "all", 2 * 1 + 1 * 1),
        ("conflict", "all", 2 * 1),
        ("subtract", "all", 2 + 1 - 2),
        ("congruence", "year", 1 * 1 + 1 * 1),
        ("conflict", "document", 2 * 1),
        ("conflict", "month", 1),
    ],
)
def test_networks_are_those_of_dna(
    full_desk: Desk, network: str, duplicates: str, weight: float
) -> None:
    expected = {("a/ann", "a/bo"): weight} if weight else {}
    assert weights(graph(full_desk, network, duplicates)) == expected


ASKS = {
    "kind": "topic",
    "topic": "eu-accession",
    "topic_question": "Should Ukraine join the EU?",
    "scale": "position",
    "codebooks": [
        {
            "variables": [
                {"id": "room", "kind": "choice", "choices": ["a line", "a page"]},
                {"id": "named", "kind": "yes/no"},
                {"id": "party", "kind": "text", "of": "actor"},
            ]
        }
    ],
}


def test_a_graph_has_what_is_said_of_actors_and_counts_what_has_the_values(desk: Desk) -> None:
    page, line = {"variables.room": "a page"}, {"variables.room": "a line"}
    desk.take_rows(
        ASKS,
        {"kind": "actor", "actor": "ann", "actor_name": "Ann", "attributes.party": "Greens"},
        row(actor="Ann", stance="supports", key="1", **page, **{"variables.named": "yes"}),
        row(actor="Ann", stance="supports", key="2", said_at="2025-12-13", **line),
        row(actor="Bo", stance="opposes", key="3", **page),
        HAPPENED,
    )
    whole = graph(desk, "affiliation")
    assert whole.nodes["a/ann"]["attributes.party"] == "Greens"
    assert "attributes.party" not in whole.nodes["a/bo"]
    assert whole.edges["a/ann", "t/eu-accession"]["agree"] == 2

    def counted(*variables: str) -> dict[str, int]:
        found = nx.parse_graphml(desk.export("graphml", variables=variables))
        return {actor: told["agree"] for actor, _, told in found.edges(data=True)}

    assert counted("room:a page") == {"a/ann": 1, "a/bo": 0}
    assert counted("room:a page", "room:a line") == {"a/ann": 2, "a/bo": 0}
    assert counted("room:a page", "named:yes") == {"a/ann": 1}
    assert counted("room:nothing") == {}
    with pytest.raises(NotFound, match="no codebook declares 'rom' here; did you mean room"):
        counted("rom:a page")
    assert "Talks end" in desk.export("jsonld", variables=("room:a line",))


def test_what_others_say_of_somebody_is_told_as_theirs_and_counts_for_nobody(desk: Desk) -> None:
    desk.take_rows(
        row(actor="Ann", stance="supports", key="1"),
        row(
            actor="Bo",
            stance="supports",
            key="2",
            attribution="second_hand",
            reported_via="aides",
            paraphrase="Is said to want it.",
        ),
    )
    assert "a/bo" not in graph(desk, "affiliation")
    assert weights(graph(desk, "congruence")) == {}
    listed = [*csv.DictReader(io.StringIO(desk.export("dna")), delimiter=";")]
    told = [
        (one["person"] or one["organization"], one["attribution"], one["reported_via"])
        for one in listed
    ]
    assert told == [("Ann", "reported", ""), ("Bo", "second_hand", "aides")]
    slides = json.loads(desk.export("timelinejs"))["events"]
    headlines = [slide["text"]["headline"] for slide in slides]
    assert headlines == ["Ann: supports", "Bo, according to aides: supports"]
    for form in ("dna", "timelinejs", "jsonld"):
        assert "Bo" in desk.export(form)
        assert "Bo" not in desk.export(form, own_words=True)
    own, told = json.loads(desk.export("jsonld"))["@graph"]
    assert (own["author"]["name"], "mentions" in own) == ("Ann", False)
    assert ("author" in told, told["mentions"]["name"]) == (False, "Bo")


@pytest.mark.parametrize(("attribution", "via"), [("second_hand", "aides"), ("ascribed", "")])
def test_what_others_say_of_somebody_comes_back_from_dna_as_such(
    desk: Desk, tmp_path: Path, attribution: str, via: str
) -> None:
    told = {"attribution": attribution, "reported_via": via, "paraphrase": "They say."}
    desk.take_rows(row(actor="Bo", stance="supports", actor_kind="person", **told))
    (tmp_path / "other").mkdir()
    with store(tmp_path / "other") as other:
        assert other.take(other.file(desk.export("dna"), "list.csv")).recorded == 1
        said = other.event("statement.recorded")
        assert (said.attribution, said.content.reported_via) == (attribution, via)


@pytest.mark.parametrize("said_at", ["2025-11", "../2025-12-01", "2025-12-01/2025-12-03"])
def test_when_it_was_said_comes_back_from_dna_as_exactly_as_it_was_recorded(
    desk: Desk, tmp_path: Path, said_at: str
) -> None:
    desk.take_rows(row(actor="Bo", stance="supports", said_at=said_at))
    (tmp_path / "other").mkdir()
    with store(tmp_path / "other") as other:
        assert other.take(other.file(desk.export("dna"), "list.csv")).recorded == 1
        assert other.event("statement.recorded").said_at == said_at


def test_the_same_week_of_another_year_is_another_one(desk: Desk) -> None:
    days = ("2024-12-30", "2025-01-02", "2023-12-28", "2024-01-02")
    desk.take_rows(
        *(row(actor="Ann", said_at=day, key=day, source__published_at=None) for day in days)
    )
    once = graph(desk, "affiliation", "week").edges["a/ann", "t/eu-accession"]
    assert once["agree"] == 3  # two of them are in the first week of 2025


def test_an_entry_counts_at_the_latest_from_the_day_of_its_source(desk: Desk) -> None:
    vague = row(actor="Ann", said_at="2025", source__published_at="2025-03-07", key="vague")
    desk.take_rows(vague, row(actor="Ann", said_at="2025-12-14", key="exact"))
    listed = csv.DictReader(io.StringIO(desk.export("dna")), delimiter=";")
    days = [one["time"] for one in listed]
    assert days == ["2025-03-07 00:00:00", "2025-12-14 00:00:00"]
    edge = "a/ann", "t/eu-accession"
    assert graph(desk, "affiliation", "month").edges[edge]["agree"] == 2
    assert graph(desk, "affiliation", "year").edges[edge]["agree"] == 1


@pytest.mark.parametrize(
    ("edtf", "parts"),
    [
        ("2025-12-14", ([2025, 12, 14], [])),
        ("2025-12?", ([2025, 12], [])),
        ("2025-12-XX", ([2025, 12], [])),
        ("2025", ([2025], [])),
        ("-0044-03-15", ([-44, 3, 15], [])),
        ("Y-13800000000", ([-13800000000], [])),
        ("2025-12-14T23:30:00-05:00", ([2025, 12, 14], [])),
        ("2024/2025-03", ([2024], [2025, 3])),
        ("../2025-12", ([2025, 12], [])),
        ("199X", ([1990, 1, 1], [1999, 12, 31])),
        ("19XX/2025", ([1900, 1, 1], [2025])),
        ("2025-1X", ([2025, 10, 1], [2025, 12, 31])),
        ("2024-02-2X", ([2024, 2, 20], [2024, 2, 29])),
    ],
)
def test_a_date_has_the_parts_that_it_is_given_with(
    edtf: str, parts: tuple[list[int], list[int]]
) -> None:
    assert calendar_parts(edtf) == parts


def test_a_date_with_digits_left_open_is_shown_as_it_is_written(desk: Desk) -> None:
    desk.take_rows(row(actor="Ann", said_at="199X", source__published_at=None))
    (slide,) = json.loads(desk.export("timelinejs"))["events"]
    assert (slide["display_date"], slide["start_date"]["year"]) == ("199X", 1990)


def test_icalendar_reads_developments_and_leaves_out_what_no_calendar_holds(
    full_desk: Desk,
) -> None:
    calendar: Any = icalendar.Calendar.from_ical(full_desk.export("ics"))
    day, noon = calendar.walk("VEVENT")
    assert str(day["SUMMARY"]) == HAPPENED["title"]
    assert str(HAPPENED["summary"]) in str(day["DESCRIPTION"])
    assert (day.decoded("DTSTART").isoformat(), day.decoded("DTEND").isoformat()) == (
        *("2025-12-14", "2025-12-15"),
    )
    assert (str(day["STATUS"]), str(day["URL"])) == ("CONFIRMED", "https://example.org/talks")
    assert noon.decoded("DTSTART").isoformat() == "2025-12-14T12:00:00+00:00"
    assert day["UID"] != noon["UID"]


def test_ids_stay_from_export_to_export(full_desk: Desk) -> None:
    before = {load["unique_id"] for load in json.loads(full_desk.export("timelinejs"))["events"]}
    full_desk.take_rows(row(actor="Eve", key="9"))
    after = {load["unique_id"] for load in json.loads(full_desk.export("timelinejs"))["events"]}
    assert (len(before), len(after - before), before - after) == (11, 1, set())


def test_a_timeline_has_a_slide_for_each_entry_and_no_markup_but_its_own(full_desk: Desk) -> None:
    slides = json.loads(full_desk.export("timelinejs"))["events"]
    ann = slides[0]
    assert ann["text"]["headline"] == "Ann: supports"
    assert "<p>“Ja &lt;b&gt;”</p>" in ann["text"]["text"]
    assert ann["start_date"] == {"year": 2025, "month": 12, "day": 14}
    assert slides[2]["start_date"] == {"year": 2025, "month": 11}
    assert slides[3]["text"]["headline"] == "Cy (Bo): accepts"
    assert slides[3]["start_date"]["display_date"] == "../2025-12-01"
    assert slides[5]["end_date"] == {"year": 2025, "month": 12, "day": 3}
    assert slides[9]["start_date"] == {"year": -13800000000}
    assert slides[8]["text"]["headline"] == "Talks end &lt;early&gt;; no text, no date"
    assert '<a href="https://example.org/talks">Der Standard</a>' in slides[8]["text"]["text"]


def test_a_timeline_comes_back_with_as_many_developments(full_desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "again.json").write_text(full_desk.export("timelinejs"))
    summary = full_desk.take(tmp_path / "again.json", topic="eu-accession")
    assert (summary.recorded, summary.clean) == (11, True)


def test_a_list_of_dna_comes_back_as_who_stands_where(full_desk: Desk, tmp_path: Path) -> None:
    exported = full_desk.export("dna")
    listed = list(csv.DictReader(io.StringIO(exported), delimiter=";"))
    assert [(one["person"], one["organization"], one["agreement"]) for one in listed] == [
        ("Ann", "", "1"),
        ("Ann", "", "1"),
        ("", "Bo", "0"),
        ("Cy", "Bo", "1"),
        ("Ann", "", "1"),
        ("", "Bo", "1"),
    ]
    assert (listed[0]["time"], listed[0]["text"]) == ("2025-12-14 00:00:00", "Ja <b>")
    assert listed[3]["time"] == "2025-12-01 00:00:00"
    other = tmp_path / "other"
    other.mkdir()
    with Desk.opened(f"sqlite:///{other / 'newsroom.db'}", other) as again:
        summary = again.take(again.file(exported, "list.csv"))
        assert (summary.recorded, summary.clean) == (6, True), summary.rejections


def test_pyld_expands_claims_quotations_events_and_corrections(full_desk: Desk) -> None:
    nodes = {one["@id"]: one for one in jsonld.expand(json.loads(full_desk.export("jsonld")))}
    schema = "https://schema.org/"
    claim = next(node for node in nodes.values() if schema + "hasPart" in node)
    assert claim["@type"] == [schema + "Claim"]
    (quotation,) = claim[schema + "hasPart"]
    assert quotation["@type"] == [schema + "Quotation"]
    assert quotation[schema + "text"] == [{"@value": "Ja <b>"}]
    (correction,) = claim[schema + "correction"]
    assert correction["@type"] == [schema + "CorrectionComment"]
    assert correction[schema + "text"] == [{"@value": "it was missing"}]
    (author,) = claim[schema + "author"]
    assert (author["@type"], author[schema + "name"]) == (
        *([schema + "Person"], [{"@value": "Ann"}]),
    )
    (whom,) = next(
        node[schema + "sponsor"] for node in nodes.values() if schema + "sponsor" in node
    )
    assert (whom["@type"], whom[schema + "name"]) == ([schema + "Country"], [{"@value": "Bo"}])
    events = [node for node in nodes.values() if node["@type"] == [schema + "Event"]]
    assert [event.get(schema + "startDate") for event in events] == [
        [{"@value": "2025-12-14"}],
        None,
        [{"@value": "2025-12-14T12:00:00Z"}],
    ]
    assert len(nodes) == 11


FORMS = ("timelinejs", "dna", "graphml", "ics", "jsonld")


@pytest.mark.parametrize("form", FORMS)
def test_an_export_is_of_any_part_and_of_any_moment(full_desk: Desk, form: str) -> None:
    whole = full_desk.export(form)
    part = full_desk.export(form, topic="ceasefire", as_of="2025-06-01")
    assert len(part) < len(whole)
    assert full_desk.export(form, known_at=1) != whole
    out = io.BytesIO()
    with pytest.raises(NotFound):
        export(full_desk, out, form, ExportOptions(topic="nowhere"))
    assert out.getvalue() == b""


@pytest.mark.parametrize("form", FORMS)
def test_an_export_of_nothing_is_whole_too(desk: Desk, form: str) -> None:
    exported = desk.export(form)
    if form in ("timelinejs", "jsonld"):
        json.loads(exported)
    if form == "graphml":
        assert len(nx.parse_graphml(exported)) == 0
    if form == "ics":
        icalendar.Calendar.from_ical(exported)
