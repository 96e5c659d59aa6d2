from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.web.markup import Page
from tests.web.site import plain

if TYPE_CHECKING:
    from tests.web.paper import Paper
    from tests.web.site import Site


LANE = r'id="lane-([\w-]+)".*?<span class="now-line">(.*?)</span>\s*<div class="now-text">'
"""A lane of the chart, and where it stands."""


def why(site: Site, path: str) -> tuple[str, list[int], dict[int, str]]:
    """Return the position explained, what counted, and what did not with its reason."""
    page = site.open(path).text
    chip = re.search(r'<p class="statement-who">(.*?)</p>', page, re.DOTALL)
    assert chip is not None
    counted, _, ignored = page.partition('aria-labelledby="wi"')
    number = r'<article class="entry[^>]* id="s(\d+)"'
    reasons = re.findall(rf'<p class="why-reason"><b>(.*?)</b></p>.*?{number}', ignored, re.DOTALL)
    return (
        plain(chip[1]),
        [int(one) for one in re.findall(number, counted)],
        {int(one): reason for reason, one in reasons},
    )


def test_it_names_the_position_the_rule_what_counted_and_what_did_not(paper: Paper) -> None:
    n = paper.numbers
    stance, counted, ignored = why(paper, "/t/union/why/aland")
    assert stance.startswith("accepts")
    assert "according to government circles: supports" in stance
    assert counted == [n["yes"]]
    assert ignored == {
        n["no"]: "Superseded by newer words",
        n["circles"]: "What others say of somebody holds no position",
    }
    assert "The rule, edition 2" in paper.read("/t/union/why/aland")


def test_every_standing_position_leads_to_its_reason_and_the_two_agree(demo: Site) -> None:
    for topic in ("security-guarantees", "talks-progress", "cuba-embargo"):
        text = demo.open(f"/t/{topic}").text
        lanes = dict(re.findall(LANE, text, re.DOTALL))
        reasons = {link for link in Page(text).links() if "/why/" in link}
        assert lanes.keys() <= {link.rpartition("/")[2] for link in reasons}
        for link in sorted(reasons)[:6]:
            stance, counted, _ = why(demo, link)
            assert counted or stance.startswith("no statement")
            # A person who spoke for a side alone stands in the side's lane.
            stands = lanes.get(link.rpartition("/")[2])
            if stands is None or "stance-missing" in stands:
                assert stands is None or not counted
                continue
            assert plain(stands).split(" ")[0] == stance.split(" ")[0]


def test_it_explains_the_moment_that_was_looked_at(paper: Paper) -> None:
    n = paper.numbers
    lane = paper.page("/t/union?as_of=2025-08-01")
    (link,) = {one for one in lane.links() if "/why/aland" in one}
    assert link == "/t/union/why/aland?as_of=2025-08-01"
    stance, counted, ignored = why(paper, link)
    assert stance.startswith("opposes")
    assert counted == [n["no"]]
    assert ignored == {
        n["yes"]: "Said later than the moment shown",
        n["circles"]: "Said later than the moment shown",
    }
    assert "as of 1 Aug 2025" in paper.read(link)
    assert "Stand vom 1. Aug. 2025" in paper.read(link, Accept_Language="de")


def test_at_a_position_of_the_log_it_tells_what_was_not_on_record_yet(paper: Paper) -> None:
    n = paper.numbers
    link = f"/t/union/why/aland?known_at=@{n['yes']}"
    assert link in paper.page(f"/t/union?known_at=@{n['yes']}").links()
    _, counted, ignored = why(paper, link)
    assert counted == [n["yes"]]
    assert ignored[n["circles"]] == "Not on record at the moment shown"
    told = paper.read(link)
    assert f"known at event {n['yes']} of the log" in told
    assert f"@{n['yes']}" not in told.replace(f"/s/{n['yes']}@{n['yes']}", "")


def test_each_way_of_not_counting_has_its_reason(any_paper: Paper) -> None:
    paper, n = any_paper, any_paper.numbers
    room = paper.newsroom.statements
    paper.say("joint", "cland", "supports", "2025-12-03", attribution="joint", paraphrase="We do.")
    paper.say("own", "cland", "accepts", "2025-12-03", paraphrase="I could.")
    paper.say("silent2", "cland", "no_position", "2025-12-04", no_position_reason="unstated")
    paper.say("gone", "cland", "opposes", "2025-12-05", paraphrase="Never.")
    room.retract(paper.dora(), n["gone"], "Not said.")
    paper.say("taken", "cland", "opposes", "2025-12-06", paraphrase="Never!")
    paper.say("back", "cland", "no_position", "2025-12-07", no_position_reason="unstated")
    room.link(paper.dora(), n["back"], "withdraws", n["taken"])
    stance, counted, ignored = why(paper, "/t/union/why/cland")
    assert stance.startswith("accepts")
    assert counted == [n["own"]]
    assert ignored == {
        n["if"]: "Superseded by newer words",
        n["joint"]: "Own words of that day stand before a joint statement",
        n["silent2"]: "Takes no position",
        n["gone"]: "Retracted by us",
        n["taken"]: "Withdrawn by the actor",
        n["back"]: "Takes no position",
    }


def test_without_any_statement_it_says_so(paper: Paper) -> None:
    stance, counted, ignored = why(paper, "/t/union/why/bland?as_of=1999-01-01")
    assert stance.startswith("no statement")
    assert counted == []
    assert set(ignored.values()) == {"Said later than the moment shown"}
    assert why(paper, "/t/deal/why/cland") == ("no statement", [], {})


def test_mixed_counts_every_statement_of_the_day(paper: Paper) -> None:
    paper.say("one", "cland", "supports", "2025-12-10", paraphrase="Yes.")
    paper.say("two", "cland", "opposes", "2025-12-10", paraphrase="No.")
    stance, counted, _ = why(paper, "/t/union/why/cland")
    assert stance.startswith("mixed")
    assert sorted(counted) == [paper.numbers["one"], paper.numbers["two"]]


def test_unknown_topics_and_actors_are_not_found(paper: Paper) -> None:
    assert paper.open("/t/nowhere/why/aland").status_code == 404
    assert paper.open("/t/union/why/nobody").status_code == 404
    assert paper.open("/t/union/why/aland?as_of=soon").status_code == 422


def test_below_its_lane_it_gives_the_words_what_was_set_aside_and_the_way_to_the_rest(
    paper: Paper,
) -> None:
    path = "/t/union/why/aland?as_of=2025-12-01"
    part = paper.open(path, HX_Request="true", HX_Target="why-below").text
    n = paper.numbers
    assert "<html" not in part
    assert "<h1" not in part
    assert "we do not oppose" in part
    assert "Superseded by newer words" in part
    assert {f"/s/{n['yes']}", f"/s/{n['no']}", path} <= {*Page(part).links()}


def test_below_its_lane_it_names_some_of_many_that_were_set_aside(paper: Paper) -> None:
    for day in range(1, 9):
        paper.say(f"no {day}", "cland", "opposes", f"2025-11-0{day}", paraphrase="No.")
    part = paper.read("/t/union/why/cland", HX_Request="true", HX_Target="why-below")
    assert "and 3 more" in part
