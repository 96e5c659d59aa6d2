"""When it was said against when recorded: the picture, its list, and the log to take away."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

import pytest
from click.testing import CliRunner

from tests.web.site import Site, plain
from timeline.application.commands import Source
from timeline.cli import cli
from web.log.scatter import COLUMNS, ROWS
from web.shell.identity import everybody_reads

if TYPE_CHECKING:
    from tests.web.paper import Paper

PAGE = "/log/said?topic=union"
UNDATED = Source(outlet="Invented Post", title="Of which nobody knows the day", lang="en")
_LINE = re.compile(
    r'<line class="diagonal" x1="([\d.]+)%" x2="([\d.]+)%" y1="([\d.]+)" y2="([\d.]+)"'
)
_POINT = re.compile(
    r'<a class="point[^"]*" href="([^"]*)" aria-label="([^"]*)">(.*?)</a>', re.DOTALL
)
_PLACE = re.compile(
    r'(?:<use href="#(?:mark|point|heard)-[\w-]+" (?:class="faded" )?|class="count-disc" c)'
    r'x="([\d.]+)%" c?y="([\d.]+)"'
)


class Spot(NamedTuple):
    """A mark of the picture: where it leads, what it is called, where it stands."""

    href: str
    sentence: str
    x: float
    y: float
    drawing: str


def spots(page: str) -> list[Spot]:
    """Return the marks of the picture."""
    found = []
    for href, sentence, drawing in _POINT.findall(page):
        place = _PLACE.search(drawing)
        assert place, drawing
        x, y = map(float, place.groups())
        found.append(Spot(unescape(href), unescape(sentence), x, y, drawing))
    return found


def spot(page: str, number: int) -> Spot:
    """Return the mark of one statement."""
    (found,) = [one for one in spots(page) if one.href == f"/s/{number}"]
    return found


def on_diagonal(page: str, x: float) -> float:
    """Return the height of the diagonal at a place."""
    match = _LINE.search(page)
    assert match
    left, right, bottom, top = map(float, match.groups())
    return bottom + (x - left) / (right - left) * (top - bottom)


def numbers(page: str) -> list[int]:
    """Return the statements listed, in order."""
    return [int(one) for one in re.findall(r'<a href="/s/(\d+)">#', page)]


@pytest.fixture
def followed(paper: Paper) -> Paper:
    """A paper that goes on for two months: recorded the same day, and found later."""
    paper.wait(30)
    paper.say("fresh", "bland", "supports", "2026-01-15", source=UNDATED)
    paper.wait(30)
    paper.say("newer", "cland", "opposes", "2026-02-14", source=UNDATED)
    paper.say("found", "dora", "doubts", "2025-12-20", source=UNDATED)
    return paper


def speak_daily(paper: Paper) -> None:
    """Put on record for four weeks what three say each day."""
    paper.wait(15)
    for day in range(1, 29):
        paper.wait(1)
        for who in ("aland", "bland", "cland"):
            paper.say("", who, "supports", f"2026-01-{day:02}", source=UNDATED)


def test_what_was_recorded_the_day_it_was_said_stands_on_the_diagonal(followed: Paper) -> None:
    page = followed.open(PAGE).text
    for name in ("fresh", "newer"):
        one = spot(page, followed.numbers[name])
        assert one.y == pytest.approx(on_diagonal(page, one.x), abs=2)
    found = spot(page, followed.numbers["found"])
    assert found.y < on_diagonal(page, found.x) - 20


def test_a_statement_alone_is_named_with_both_its_days(followed: Paper) -> None:
    sentence = spot(followed.open(PAGE).text, followed.numbers["found"]).sentence
    assert sentence == ("Dora Example: doubts; 1 statement, said 20 Dec 2025, recorded 14 Feb 2026")
    everywhere = spot(followed.open("/log/said").text, followed.numbers["found"]).sentence
    assert everywhere == f"Union; {sentence}"


def test_what_was_found_later_says_so_in_the_list(followed: Paper) -> None:
    listed = followed.open(PAGE).text.partition('id="list"')[2]
    (late,) = (row for row in listed.split("<tr") if "found later" in row)
    assert f"#{followed.numbers['found']}<" in late


def test_a_retracted_statement_stays_in_picture_and_list_and_says_so(followed: Paper) -> None:
    number = followed.numbers["fresh"]
    followed.newsroom.statements.retract(followed.dora(), number, "Another Bland.")
    page = followed.open(PAGE).text
    assert "#m-ret" in spot(page, number).drawing
    row = page.partition('id="list"')[2].partition(f">#{number}<")[0].rpartition("<tr")[2]
    assert "retracted" in row


def test_a_correction_on_another_day_moves_nothing(paper: Paper) -> None:
    before = spots(paper.open(PAGE).text)
    paper.wait(40)
    number = paper.numbers["yes"]
    paper.newsroom.statements.correct(paper.dora(), number, {"hedge": "may"}, "Overseen.")
    after = spots(paper.open(PAGE).text)
    assert [one.sentence for one in after] == [one.sentence for one in before]
    assert {one.y for one in after} == {one.y for one in before}


def test_the_area_of_a_disc_tells_how_many_statements_it_stands_for(followed: Paper) -> None:
    speak_daily(followed)
    found: dict[int, float] = {}
    for one in spots(followed.open("/log/said").text):
        counted = re.match(r"(\d+) statements", one.sentence)
        rims = [float(r) for r in re.findall(r'class="count-disc"[^>]* r="([\d.]+)"', one.drawing)]
        assert len(rims) == bool(counted)
        assert not counted or 'class="target"' in one.drawing
        found |= {int(counted[1]): rims[0]} if counted else {}
    fewest, most = min(found), max(found)
    assert found[most] == 14 > found[fewest] >= 4
    assert found[fewest] == pytest.approx(max(14 * (fewest / most) ** 0.5, 4), abs=0.1)


def test_the_moments_that_are_compared_cut_the_picture(followed: Paper) -> None:
    known = followed.open(f"/log/diff?topic=union&a=@{followed.numbers['newer']}").text
    (cut,) = re.findall(r'<line class="as-of cut" x1="0" x2="100%" y1="([\d.]+)"', known)
    assert spot(known, followed.numbers["newer"]).y == pytest.approx(float(cut), abs=1)
    assert "What lies beyond was not known, or not said, by then." in plain(known)
    said = followed.open("/log/diff?topic=union&clock=said&a=2026-01-15").text
    assert re.search(r'<line class="as-of cut" x1="[\d.]+%"', said)


def test_an_archive_that_was_recorded_afterwards_shows_the_days_of_its_record(paper: Paper) -> None:
    paper.newsroom.topics.open(paper.dora(), "Was it so?", "position", slug="past")
    said = [("bland", "1990-01"), ("cland", "1990-02"), ("dora", "1990-03")]
    for who, month in said:
        paper.wait(30)
        paper.say(who, who, "supports", month, topic="past", paraphrase="Wanted it.")
    page = paper.open("/log/said?topic=past").text
    assert 'class="diagonal"' not in page
    heights = [spot(page, paper.numbers[who]).y for who, _ in said]
    assert heights == sorted(heights, reverse=True)
    assert heights[0] - heights[-1] > 200


def test_discs_lead_to_their_statements_and_all_statements_are_in_the_picture(paper: Paper) -> None:
    speak_daily(paper)
    page = paper.open(PAGE).text
    several = [one for one in spots(page) if one.href.startswith("/log/said")]
    assert several
    assert f"{84 + 6} statements as a list" in plain(page)
    alone = len(spots(page)) - len(several)
    counted = [int(one.sentence.split()[0]) for one in several]
    assert alone + sum(counted) == 90
    for one, count in zip(several, counted, strict=True):
        listed = paper.open(one.href.partition("#")[0]).text
        assert f"Statements {count}" in plain(listed)
        assert len(numbers(listed)) == min(count, 40)


@pytest.mark.thorough
def test_the_list_goes_on_where_it_ended_and_holds_each_statement_once(paper: Paper) -> None:
    for day in range(1, 29):
        for who in ("aland", "bland", "cland"):
            paper.say("", who, "supports", f"2025-11-{day:02}", paraphrase="Wants it.")
    seen: list[int] = []
    path = PAGE
    for _ in range(9):
        page = paper.open(path).text
        seen += numbers(page)
        more = re.search(r'<a class="button" href="([^"]*)#list"', page)
        if more is None:
            break
        path = unescape(more[1])
        assert numbers(paper.part(path, "list")) == numbers(paper.open(path).text)
    assert len(seen) == len(set(seen)) == 84 + 6


@pytest.mark.parametrize(
    "asked",
    [
        "cell=1",
        "cell=1,2,3",
        "cell=a,b,c,d",
        "cell=1,2,3,-4",
        "cell=%00",
        f"cell={'9' * 30},1,1,1",
        "cell=²,1,1,1",
        "after=1",
        "after=x,y",
        "after=1,-1",
        f"after=1,{'9' * 30}",
        "from=yesterday",
        "from=2025-13-01",
    ],
)
def test_an_address_that_says_nothing_is_answered_in_one_sentence(paper: Paper, asked: str) -> None:
    answer = paper.open(f"{PAGE}&{asked}")
    assert answer.status_code in (404, 422)
    assert "Traceback" not in answer.text
    assert paper.open(f"{PAGE}&{asked}", HX_Request="true").status_code in (404, 422)


@pytest.mark.parametrize(
    "asked",
    [
        f"cell=-{'9' * 18},{'9' * 18},0,{'9' * 18}",
        "cell=9,1,9,1",
        f"after=-{'9' * 18},0",
        f"after={'9' * 18},{'9' * 18}",
        "from=1000",
        "from=Y-13800000000",
    ],
)
def test_an_address_far_off_is_answered_with_what_is_there(paper: Paper, asked: str) -> None:
    assert paper.open(f"{PAGE}&{asked}").status_code == 200
    assert paper.open(f"/log/said?{asked}").status_code == 200


def test_an_unknown_topic_is_not_found(paper: Paper) -> None:
    assert paper.open("/log/said?topic=unio").status_code == 404


def test_a_topic_on_which_nothing_is_on_record_says_so(paper: Paper) -> None:
    paper.newsroom.topics.open(paper.dora(), "Is it so?", "claim", slug="empty")
    assert "No statement is on record here yet." in paper.read("/log/said?topic=empty")


def test_three_thousand_statements_are_drawn_with_few_marks(demo: Site) -> None:
    for path in ("/log/said", "/log/said?topic=cuba-embargo", "/log/said?from=2000-01-01"):
        page = demo.open(path).text
        assert 0 < len(spots(page)) <= COLUMNS * ROWS
        assert page.count("<use") + page.count("<line") + page.count("<text") < 900


# The log to take away


def test_the_log_to_take_away_is_the_export_to_the_byte(paper: Paper) -> None:
    paper.newsroom.statements.retract(
        paper.dora(), paper.numbers["wants"], "Asked to.", withhold=True
    )
    answer = paper.open("/log.jsonl")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    store = f"sqlite:///{paper.services.url.log_path}"
    exported = CliRunner().invoke(cli, ["export", "--format", "log", "--store", store])
    assert answer.data == exported.stdout_bytes
    assert answer.data.count(b"\n") == paper.services.log.head()


def test_readers_do_not_get_the_whole_log_which_holds_withheld_words(paper: Paper) -> None:
    readers = Site(paper.services, identify=everybody_reads)
    answer = readers.open("/log.jsonl")
    assert answer.status_code == 403
    assert "export it on the machine that runs this site" in answer.text
    assert "/log.jsonl" not in readers.open("/log").text
    assert readers.open("/log/said").status_code == 200


def test_who_hangs_up_in_the_middle_of_the_log_does_no_harm(paper: Paper) -> None:
    for day in range(1, 29):
        for who in ("aland", "bland", "cland"):
            paper.say("", who, "supports", f"2025-11-{day:02}", paraphrase="Wants it.")
    for _ in range(20):
        answer = paper.reader.get("/log.jsonl", buffered=False)
        assert next(iter(answer.response))
        answer.close()
    assert paper.open("/log.jsonl").data.count(b"\n") == paper.services.log.head()
    paper.say("after", "bland", "opposes", "2025-12-02", paraphrase="Not any more.")
    assert paper.open("/log").status_code == 200
