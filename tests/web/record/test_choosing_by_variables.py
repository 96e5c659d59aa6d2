"""The entries of a topic are chosen by what its codebook asks beside the stance."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

import duckdb
import pytest

from tests.analysis.asked import FRUGAL
from tests.web.site import plain
from timeline.analysis.archiving import archive
from timeline.analysis.duck import open_duckdb
from timeline.analysis.inquiry import Inquiry, ask_archive
from timeline.domain.codebook import Codebook
from timeline.domain.variables import CHOICE, TEXT, YES_NO, Variable

if TYPE_CHECKING:
    from pathlib import Path

    from tests.web.record.desk import Desk

BOOK = Codebook(
    variables=(
        Variable(id="room", kind=CHOICE, label="Room", choices=("a line", "a page")),
        Variable(id="named", kind=YES_NO, label="Named"),
    )
)


@pytest.fixture
def chosen(desk: Desk) -> dict[str, int]:
    """What was said with which values."""
    desk.services.newsroom.topics.write_codebook(desk.byline(), "a-union", BOOK)
    return {
        "line": desk.say(paraphrase="In a line.", variables={"room": "a line", "named": "yes"}),
        "page": desk.say(paraphrase="On a page.", variables={"room": "a page", "named": "yes"}),
        "none": desk.say(paraphrase="Without any.", said_at="2025-12-02"),
    }


def read(desk: Desk, path: str) -> str:
    return desk.client.get(path, follow_redirects=True).text


def shown(desk: Desk, query: str) -> set[int]:
    """Return the numbers of the entries in the list."""
    page = desk.client.get(f"/t/a-union?{query}", follow_redirects=True).text
    return {int(number) for number in re.findall(r'<article [^>]*id="s(\d+)"', page)}


def test_a_choice_lets_through_what_has_any_of_the_values_of_every_variable(
    desk: Desk, chosen: dict[str, int]
) -> None:
    assert shown(desk, "variable=room:a+page") == {chosen["page"]}
    assert shown(desk, "variable=room:a+page&variable=room:a+line") == {
        chosen["line"],
        chosen["page"],
    }
    assert shown(desk, "variable=room:a+page&variable=named:no") == set()
    assert shown(desk, "variable=named:yes&variable=room:a+line") == {chosen["line"]}
    page = desk.get("/t/a-union?variable=room:a+page").text
    assert 'name="variable" value="room:a page" checked' in page


def test_a_value_that_was_corrected_is_found_as_it_was_known_then(
    desk: Desk, chosen: dict[str, int]
) -> None:
    statements, head = desk.services.newsroom.statements, desk.head()
    statements.correct(desk.byline(), chosen["line"], {"variables.room": "a page"}, "Misread.")
    assert shown(desk, "variable=room:a+line") == set()
    assert shown(desk, f"variable=room:a+line&known_at=@{head}") == {chosen["line"]}


def test_a_table_of_statements_has_a_column_for_each_variable(
    desk: Desk, chosen: dict[str, int]
) -> None:
    table = desk.get("/t/a-union/statements.csv?variable=room:a+page").text
    (line,) = csv.DictReader(io.StringIO(table))
    assert (line["number"], line["variables.room"]) == (str(chosen["page"]), "a page")
    assert line["variables.named"] == "yes"


@pytest.fixture
def compared(desk: Desk) -> dict[str, int]:
    """Two actors on one question, one of them of a party, by statements with values."""
    asks = Variable(
        id="party", kind=CHOICE, is_attribute=True, label="Party", choices=("green", "red")
    )
    book = Codebook(variables=(*BOOK.variables, Variable(id="frame", kind=TEXT), asks))
    rooms = desk.services.newsroom
    rooms.topics.write_codebook(desk.byline(), "a-union", book)
    desk.get("/t/a-union")  # which brings up what is read of codebooks
    rooms.actors.describe(desk.byline(), "bland", {"party": "green"})
    page = {"room": "a page", "frame": "somebody's words"}
    line = {"room": "a line"}
    return {
        "bland": desk.say(paraphrase="Bland on a page.", variables=page),
        "aland": desk.say(actor="aland", paraphrase="Aland in a line.", variables=line),
        "again": desk.say(actor="aland", stance="supports", said_at="2025-11-01", variables=page),
    }


def test_a_comparison_is_narrowed_to_actors_and_to_what_their_positions_rest_on(
    desk: Desk, compared: dict[str, int]
) -> None:
    whole = read(desk, "/compare?topic=a-union&actor=bland&actor=aland")
    assert 'name="attribute" value="party:green"' in whole
    assert 'name="variable" value="room:a page"' in whole
    both = "/compare{}?topic=a-union&actor=bland&actor=aland&variable=room:a+page"
    page = plain(read(desk, both.format("")))
    assert "Bland on a page." in page
    assert "Aland in a line." not in page
    assert "rests on other statements" in page
    rows = [*csv.DictReader(io.StringIO(read(desk, both.format(".csv"))))]
    assert [(row["actor"], row["number"]) for row in rows] == [("bland", str(compared["bland"]))]
    for asked in ("actor=bland&actor=aland&", ""):
        page = read(desk, f"/compare?topic=a-union&{asked}attribute=party:green")
        assert "Bland on a page." in page
        assert "Aland in a line." not in page
        assert 'value="party:green" checked' in page
    assert "Bland on a page." not in read(desk, "/compare?topic=a-union&attribute=party:red")


def test_a_network_counts_the_statements_that_have_the_values(
    desk: Desk, compared: dict[str, int], tmp_path: Path
) -> None:
    def ties(*variables: str) -> list[tuple[int, int]]:
        desk.get("/t/a-union")
        manifest = archive(desk.services, tmp_path, limits=FRUGAL)
        inquiry = Inquiry(question="networks", variables=variables)
        with open_duckdb(tmp_path, manifest, FRUGAL) as engine:
            found = ask_archive(engine, inquiry, manifest.upto)
        return [(one.congruence, one.conflict) for one in found.answers]

    assert ties() == [(1, 1)]  # both oppose, and Aland supported it before
    assert ties("room:a page") == [(0, 1)]
    assert ties("room:a page", "room:a line") == [(1, 1)]
    assert ties("room:a line") == []
    query = "question=networks&topic=a-union&variable=room:a+page"
    assert "asked_values" in read(desk, f"/analyse.sql?{query}")
    page = read(desk, f"/analyse?{query}")
    assert 'value="room:a page" checked' in page
    assert "--variable &#39;room:a page&#39;" in page
    desk.services.newsroom.statements.redact(desk.byline(), compared["again"], "a law")
    assert ties("room:a page") == []
    held = str([duckdb.read_parquet(str(one)).fetchall() for one in tmp_path.glob("*.parquet")])
    assert "somebody's words" not in held
    assert held.count("a page") == 1
    assert held.count("green") == 1


def test_a_matrix_shows_the_positions_that_rest_on_what_is_chosen(
    desk: Desk, compared: dict[str, int]
) -> None:
    def cells(path: str) -> list[tuple[str, str]]:
        rows = csv.DictReader(io.StringIO(read(desk, path)))
        return [(row["actor"], row["number"]) for row in rows if row["stance"]]

    asked = "topic=a-union&at=2025-12-31"
    both = [("aland", str(compared["aland"])), ("bland", str(compared["bland"]))]
    assert sorted(cells(f"/matrix.csv?{asked}")) == both
    assert cells(f"/matrix.csv?{asked}&variable=room:a+page") == both[1:]
    assert cells("/matrix.csv?topic=a-union&at=2025-11-30&variable=room:a+page") == [
        ("aland", str(compared["again"]))
    ]
    page = read(desk, f"/matrix?{asked}&variable=room:a+page")
    assert 'name="variable" value="room:a page" checked' in page
    assert "rests on other statements" in page
    everybody = read(desk, "/compare?topic=a-union&variable=room:a+page")
    assert "/matrix?topic=a-union&amp;variable=room:a+page" in everybody
    items = json.loads(read(desk, f"/api/v1/matrix?{asked}&variable=room:a+page"))["items"]
    assert [(one["actor"], one["number"]) for one in items if one["stance"]] == [
        ("bland", compared["bland"])
    ]
    listed = json.loads(read(desk, "/api/v1/entries?variable=room:a+line"))["items"]
    assert [one["number"] for one in listed] == [compared["aland"]]


@pytest.mark.usefixtures("compared")
@pytest.mark.parametrize("topic", ["a-union", "a-vote"])
def test_every_analysis_is_narrowed_to_what_rests_on_the_statements_chosen(
    desk: Desk, tmp_path: Path, topic: str
) -> None:
    """An archive works out positions of votes, and has what the rule found of other topics."""
    if topic == "a-vote":
        rooms = desk.services.newsroom
        rooms.topics.open(desk.byline(), "Shall A join?", "vote", slug=topic)
        rooms.topics.write_codebook(desk.byline(), topic, BOOK)
        page, line = {"room": "a page"}, {"room": "a line"}
        cast = {"topic": topic, "attribution": "voted", "paraphrase": "Voted."}
        desk.say(**cast, stance="against", variables=page)
        desk.say(**cast, actor="aland", stance="against", variables=line)
        desk.say(**cast, actor="aland", stance="for", said_at="2025-11-01", variables=page)
    desk.get(f"/t/{topic}")
    manifest = archive(desk.services, tmp_path, limits=FRUGAL)

    def ask(question: str, *variables: str) -> list[tuple[object, ...]]:
        inquiry = Inquiry(
            question=question, topics=(topic,), variables=variables, every="month", window=60
        )
        with open_duckdb(tmp_path, manifest, FRUGAL) as engine:
            found = ask_archive(engine, inquiry, manifest.upto).answers
        keys = {
            "positions": ("actor",),
            "changes": ("actor", "kind"),
            "matrix": ("actor", "as_of"),
            "agreement": ("one", "other", "until"),
            "polarisation": ("as_of", "actors"),
        }[question]
        return [tuple(getattr(one, key) for key in keys) for one in found]

    november, december = "2025-11-30", "2025-12-31"
    assert ask("positions") == [("aland",), ("bland",)]
    assert ask("positions", "room:a page") == [("bland",)]
    assert ask("positions", "room:a line") == [("aland",)]
    moved = {one[0] for one in ask("changes")}
    assert {one[0] for one in ask("changes", "room:a line")} == moved & {"aland"}
    assert ask("matrix") == [("aland", november), ("aland", december), ("bland", december)]
    assert ask("matrix", "room:a page") == [("aland", november), ("bland", december)]
    assert ask("agreement") == [("aland", "bland", december)]
    assert ask("agreement", "room:a page") == []
    assert ask("polarisation") == [(november, 1), (december, 2)]
    assert ask("polarisation", "room:a page") == [(november, 1), (december, 1)]
    assert ask("polarisation", "room:a line") == [(december, 1)]


@pytest.mark.usefixtures("compared")
@pytest.mark.parametrize(
    "path",
    [
        "/t/a-union?variable={}",
        "/compare?topic=a-union&variable={}",
        "/matrix?topic=a-union&variable={}",
        "/matrix.csv?topic=a-union&variable={}",
        "/analyse?variable={}",
        "/analyse.csv?question=networks&variable={}",
        "/api/v1/matrix?topic=a-union&variable={}",
        "/api/v1/entries?variable={}",
    ],
)
def test_a_variable_that_no_codebook_declares_is_refused_with_the_nearest(
    desk: Desk, path: str
) -> None:
    desk.get("/t/a-union")
    answer = desk.client.get(path.format("rooom:a+page"), follow_redirects=True)
    assert answer.status_code == 404
    text = plain(answer.text)
    assert "no codebook declares" in text.lower()
    assert "room" in text.replace("rooom", "")
    unnamed = desk.client.get(path.format("room"), follow_redirects=True)
    assert unnamed.status_code == 422
    assert "room:a line" in plain(unnamed.text)
    # What somebody declared and nobody said is no mistake.
    assert desk.client.get(path.format("named:no"), follow_redirects=True).status_code == 200
