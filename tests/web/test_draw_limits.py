"""What is counted, since it is more than a chart draws, says the same as what is read."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests.web.topic.test_filters import boxes, entries, rows
from tests.web.topic.test_page import lanes
from timeline.bootstrap import Services
from timeline.domain.instants import DAY, month_number
from timeline.projections.queries import crowds, directory, extent
from timeline.projections.queries.paging import Filter
from timeline.projections.queries.topic_changes import TopicChanges
from web.chart import layout
from web.lanes import chart_input, filters, reading
from web.lanes.history import histories
from web.lanes.reading import lanes_in_short
from web.shell.identity import everybody_is
from web.wording.clocks import Clocks

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy import Connection

    from tests.web.paper import Paper
    from web.lanes.history import LaneHistory

pytestmark = pytest.mark.thorough

MID = 1_000_000_000
"""An instant in the middle of the UN votes: 9 September 2001."""


@pytest.fixture(scope="module")
def demo(demo_record: Services) -> Services:
    return demo_record


def read_up_to(patch: pytest.MonkeyPatch, words: int) -> None:
    """Let charts draw so many statements of a lane one by one, and no more."""
    patch.setattr(reading, "ALTOGETHER", 0)
    patch.setattr(reading, "AT_LEAST", words)


def count_beyond(patch: pytest.MonkeyPatch, words: int) -> None:
    """Let lanes of which more words than that are drawn be counted, and not read."""
    patch.setattr(reading, "MARKS", words)
    read_up_to(patch, words)


def read_but_count_beyond(patch: pytest.MonkeyPatch, words: int) -> None:
    """Let lanes of which more words than that are drawn be read, and counted all the same."""
    read_whole = reading.DetailedLanes.read

    def read(
        lanes: reading.DetailedLanes, some: list[LaneHistory], drawn: set[str]
    ) -> list[LaneHistory]:
        lanes.counted |= {one for one in drawn if lanes.words_in_window(one) > words}
        return read_whole(lanes, some, drawn)

    patch.setattr(reading.DetailedLanes, "read", read)


def in_short(conn: Connection, topic: str, clocks: Clocks) -> list[LaneHistory]:
    changes = TopicChanges(conn, topic, clocks)
    return lanes_in_short(conn, topic, clocks, changes)


def stands(lanes: list[LaneHistory]) -> dict[str, object]:
    return {lane.actor: (lane.position.stance, lane.position.counted) for lane in lanes}


@pytest.mark.parametrize(
    "clocks", [Clocks(), Clocks(as_of=MID), Clocks(known_at=2_000), Clocks(as_of=MID, known_at=900)]
)
@pytest.mark.parametrize("slug", ["cuba-embargo", "mercenaries", "right-to-development"])
def test_a_lane_in_short_stands_where_its_words_put_it(
    demo: Services, slug: str, clocks: Clocks
) -> None:
    with demo.models.engine().connect() as conn:
        topic = directory.topic(conn, slug)
        read = histories(conn, topic.id, clocks)
        counted = in_short(conn, topic.id, clocks)
    assert stands(counted) == stands(read)


@pytest.mark.parametrize(
    "clocks", [Clocks(), Clocks(as_of=MID), Clocks(known_at=2_000), Clocks(as_of=MID, known_at=900)]
)
def test_the_latest_change_of_a_lane_in_short_is_that_of_its_words(
    demo: Services, clocks: Clocks
) -> None:
    with demo.models.engine().connect() as conn:
        topic = directory.topic(conn, "mercenaries")
        read = {lane.actor: lane.changes[-1:] for lane in histories(conn, topic.id, clocks)}
        counted = {lane.actor: lane.changes for lane in in_short(conn, topic.id, clocks)}
    assert counted == read


@pytest.mark.parametrize("count", [crowds.daily, crowds.monthly])
def test_the_days_and_the_months_of_a_lane_add_up_to_its_statements(
    demo: Services, count: Callable[..., dict[str, dict[int, crowds.Counts]]]
) -> None:
    with demo.models.engine().connect() as conn:
        topic = directory.topic(conn, "cuba-embargo")
        actors = [lane.actor for lane in in_short(conn, topic.id, Clocks())]
        first, last = extent.span(conn, topic.id) or (0, 0)
        days = first // DAY, last // DAY
        found = count(conn, topic.id, actors, days=days)
        everything = extent.facts(conn, topic.id).statements
    counted = sum(sum(counts) for of_days in found.values() for counts in of_days.values())
    assert counted == everything == topic.statements


SOME_DAYS = (9_000, 17_000), (9_333, 17_222), (11_000, 11_020), (-800_000, 20_000)
"""UTC days that begin and end within months, within one month, and before the year 1."""


@pytest.mark.parametrize("days", SOME_DAYS)
@pytest.mark.parametrize("as_of", [None, MID])
@pytest.mark.parametrize("wanted", [Filter(), Filter(stances=frozenset({2})), Filter(end=MID)])
def test_months_are_what_their_days_add_up_to(
    demo: Services, days: tuple[int, int], as_of: int | None, wanted: Filter
) -> None:
    with demo.models.engine().connect() as conn:
        topic = directory.topic(conn, "cuba-embargo")
        actors = [lane.actor for lane in in_short(conn, topic.id, Clocks())]
        by_day, by_month = (
            count(conn, topic.id, actors, wanted, Clocks(as_of), days=days)
            for count in (crowds.daily, crowds.monthly)
        )
    assert by_month.keys() == by_day.keys()
    for actor, of_days in by_day.items():
        assert _months(by_month[actor]) == _months(of_days)
        assert all(days[0] <= day for day, counts in by_month[actor].items() if any(counts))


def _months(counted: dict[int, crowds.Counts]) -> dict[int, list[int]]:
    """Add counts up by month, without months of nothing."""
    found: dict[int, list[int]] = {}
    for day, counts in counted.items():
        if any(counts):
            of_month = found.setdefault(month_number(day), [0] * 5)
            found[month_number(day)] = [a + b for a, b in zip(of_month, counts, strict=True)]
    return found


def chart_of(page: str) -> str:
    """Return the whole chart of a page: what is drawn, in which order, and all its words."""
    return page.partition('id="chart"')[2].partition('<form class="replay')[0]


def test_who_comes_back_hears_of_as_many_changes_where_words_are_counted(
    reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told() -> list[str]:
        reader.application.extensions["pages"].forget()
        page = reader.get("/t/mercenaries?only=new&since=@20").get_data(as_text=True)
        return re.findall(r"and \d+ more changes?", page)

    read = told()
    read_up_to(monkeypatch, 5)
    assert told() == read != []


MOMENTS = ("", "as_of=2001-09-09", "known_at=@3000", "as_of=2001-09-09&known_at=@3000")


def counted_chart(reader: FlaskClient, query: str) -> str:
    """Return the chart of twenty years, on which lanes have more words than are drawn."""
    reader.application.extensions["pages"].forget()
    page = reader.get(f"/t/{query}", follow_redirects=True).get_data(as_text=True)
    chart = chart_of(page)
    assert "statements, by " in chart
    return chart


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("slug", ["cuba-embargo", "mercenaries"])
def test_a_lane_whose_words_are_counted_tells_the_same_changes_whether_they_are_read_or_not(
    reader: FlaskClient, monkeypatch: pytest.MonkeyPatch, slug: str, moment: str
) -> None:
    def told() -> list[str]:
        chart = counted_chart(reader, f"{slug}?from=1993&to=2012&{moment}".rstrip("&"))
        return re.findall(SIGNS, chart)

    # Where there is not room for all, what is left out hangs on when something was said again.
    monkeypatch.setattr(layout, "MOST_ELEMENTS", 9_000)
    with monkeypatch.context() as patch:
        read_but_count_beyond(patch, 5)
        read = told()
    count_beyond(monkeypatch, 5)
    assert told() == read
    assert sum("point" in one for one in read) > 3
    assert any("riser turn" in one for one in read)


SIGNS = r'<a class="point.*?</a>|<text.*?</text>|<line class="riser.*?>'
"""The signs, words and changes of a chart."""


def test_the_sentence_of_a_counted_lane_counts_what_lies_outside_the_window_too(
    reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sentences() -> list[str]:
        reader.application.extensions["pages"].forget()
        at = "/t/cuba-embargo?from=1993&to=2012"
        return re.findall(
            r'aria-label="([^"]+: [0-9,]+ statements?; at the moment[^"]*)"',
            chart_of(reader.get(at, follow_redirects=True).get_data(as_text=True)),
        )

    read = sentences()
    monkeypatch.setattr(chart_input, "MARKS", 5)
    count_beyond(monkeypatch, 5)
    assert sentences() == read
    assert len(read) > 3


def test_a_counted_lane_tells_all_changes_before_the_window_however_many_it_tells_inside(
    reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lanes_told() -> dict[str, str]:
        chart = counted_chart(reader, "mercenaries?from=2006&to=2012")
        rows = re.split(r'(?=<div class="lane-block" id="lane-)', chart)[1:]
        told = (row for row in rows if not re.search(r"by \w+; \d+ changes?<", row))
        return {one.partition('id="lane-')[2].partition('"')[0]: one for one in told}

    monkeypatch.setattr(layout, "MOST_ELEMENTS", 9_000)
    monkeypatch.setattr(chart_input, "MARKS", 5)
    count_beyond(monkeypatch, 5)
    monkeypatch.setattr(reading, "MARKS", 400)
    every = lanes_told()
    monkeypatch.setattr(reading, "TOLD", 1)
    monkeypatch.setattr(chart_input, "TOLD", 1)
    some = lanes_told()
    assert some == {slug: every[slug] for slug in some}
    assert any("changes. Shows these days." in one for one in some.values())


@pytest.fixture
def ballot(paper: Paper) -> Paper:
    """The paper with a question that is voted on, before anybody voted."""
    room, by = paper.newsroom.topics, paper.dora()
    room.open(by, "Shall Aland join the union?", "vote", slug="ballot", story="talks")
    return paper


def vote(paper: Paper, name: str, actor: str, stance: str, day: str, **more: object) -> None:
    paper.say(name, actor, stance, day, topic="ballot", paraphrase="Votes so.", **more)


@pytest.mark.parametrize("time", ["T10:00Z", "T12:00Z", ""])
def test_a_counted_lane_tells_at_a_moment_within_a_day_what_had_been_said_by_then(
    ballot: Paper, monkeypatch: pytest.MonkeyPatch, time: str
) -> None:
    for day in range(1, 8):
        vote(ballot, f"again {day}", "bland", "for", f"2025-11-0{day}")
    vote(ballot, "morning", "bland", "against", "2025-12-14T09:00Z")
    vote(ballot, "evening", "bland", "abstained", "2025-12-14T18:00Z")
    at = "/t/ballot?from=2025-06&to=2025"
    read, counted = pages_of(ballot.reader, monkeypatch, f"{at}&as_of=2025-12-14{time}", 5)
    rows = (one.partition('id="lane-bland"')[2] for one in (read, counted))
    told = [re.findall(SIGNS, row.partition('class="lane-block')[0]) for row in rows]
    assert told[1] == told[0]
    assert "for → " in str(told)


@pytest.mark.parametrize("moment", ["", "&as_of=2025-11-20", "&known_at=@25", "&as_of=2025-12-10"])
@pytest.mark.parametrize("first", ["second_hand", "ascribed"])
def test_a_counted_lane_is_dashed_while_only_others_pass_its_position_on(
    ballot: Paper, monkeypatch: pytest.MonkeyPatch, first: str, moment: str
) -> None:
    ballot.newsroom.actors.introduce(ballot.dora(), "Eland", "state", slug="eland")
    for number, (day, stance, rank) in enumerate(
        (
            ("2025-05-02", "against", first),
            ("2025-05-03", "against", first),
            ("2025-06-01", "for", first),
            ("2025-08-01", "for", "second_hand"),
            ("2025-10-01", "abstained", "second_hand"),
            ("2025-12-01", "abstained", "reported"),
            ("2025-12-05", "against", "second_hand"),
            ("2025-12-12", "for", "reported"),
        )
    ):
        via = "an envoy" if rank == "second_hand" else ""
        said = {"attribution": rank, "reported_via": via}
        vote(ballot, f"e{number}", "eland", stance, day, **said)
    at = f"/t/ballot?from=2025-05&to=2025{moment}"
    read, counted = pages_of(ballot.reader, monkeypatch, at, 4)
    rows = (one.partition('id="lane-eland"')[2] for one in (read, counted))
    line = r'<line class="line line-(\d[^"]*)"'
    told = [
        [*dict.fromkeys(re.findall(line, row.partition('class="lane-block')[0]))] for row in rows
    ]
    assert told[1] == told[0]
    assert any("second" in one for one in told[0])


@pytest.mark.parametrize(
    "moment",
    ["as_of=1993-12-31", "as_of=2001-09-09", "known_at=@600", "as_of=1996-01-01&known_at=@3000"],
)
def test_a_lane_of_a_long_topic_is_as_high_at_every_moment_of_a_replay(
    reader: FlaskClient, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    def heights(query: str) -> dict[str, str]:
        reader.application.extensions["pages"].forget()
        page = reader.get(f"/t/arms-trade-treaty?from=1993&to=2019{query}").get_data(as_text=True)
        lanes = re.split(r'(?=<div class="lane-block" id="lane-)', chart_of(page))[1:]
        return {
            lane.partition('id="lane-')[2].partition('"')[0]: high[1]
            for lane in lanes
            if (high := re.search(r'class="lane-plot[^>]* height="(\d+)"', lane))
        }

    count_beyond(monkeypatch, 5)
    now = heights("")
    assert "108" in now.values()
    assert heights(f"&{moment}") == now


@pytest.mark.parametrize("day", ["1996-11-30", "2001-09-09", "2004-12-31"])
def test_a_step_of_a_long_topic_tells_all_that_it_brought(
    reader: FlaskClient, monkeypatch: pytest.MonkeyPatch, day: str
) -> None:
    def brought() -> tuple[str, int]:
        reader.application.extensions["pages"].forget()
        page = reader.get(f"/t/mercenaries?as_of={day}").get_data(as_text=True)
        told = page.partition('<p class="replay-told">')[2].partition("</p>")[0]
        return told, chart_of(page).count(" data-moved")

    read = brought()
    count_beyond(monkeypatch, 5)
    told, marked = brought()
    # Where it stands among the steps hangs on how these are found.
    number = r'<span class="number">.*?</span>'
    assert re.sub(number, "", told) == re.sub(number, "", read[0])
    assert marked == read[1] > 0


def test_a_filter_leaves_where_a_lane_stood_as_it_is_below_what_it_lets_through(
    reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    count_beyond(monkeypatch, 5)
    window = "cuba-embargo?from=1993&to=2012"
    every, some = (counted_chart(reader, at) for at in (window, f"{window}&stance=0"))
    held, bins = r'<line class="line.*?>', r'<a class="bin.*?</a>'
    assert re.findall(held, some) == re.findall(held, every)
    assert len(re.findall(held, every)) > 10
    assert re.findall(bins, some) != re.findall(bins, every)


QUERIES = (
    "",
    "actor=brazil",
    "actor=brazil&actor=japan",
    "actor=united-states&stance=0",
    "stance=-2",
    "stance=none",
    "kind=development",
    "kind=statement&actor=brazil",
    "only=changes",
    "only=changes&actor=israel",
    "from=2001&to=2004",
    "as_of=2001-09-09",
    "actor=brazil&as_of=2001-09-09&stance=2",
    "only=new&since=@2000",
)


def counted_in(text: str, slug: str) -> int:
    """Return how many statements the bins of a lane count."""
    lane = text.partition(f'id="lane-{slug}"')[2].partition('class="lane-block')[0]
    return sum(
        map(int, re.findall(r'class="bin[ "][^>]*aria-label="[^"]*?: (\d+) statement', lane))
    )


def everything(reader: FlaskClient, query: str) -> list[int]:
    """Return the numbers of all entries of a view, page by page."""
    found: list[int] = []
    at = f"/t/cuba-embargo?{query}".rstrip("?")
    while at:
        text = reader.get(at, follow_redirects=True).get_data(as_text=True)
        found += entries(text)
        more = re.search(r'class="more"><a class="button" href="([^"]+)"', text)
        at = unescape(more[1]) if more else ""
    return found


@pytest.fixture
def reader(demo: Services) -> FlaskClient:
    from web import create_app  # noqa: PLC0415 - the site of one test

    return create_app(demo, identify=everybody_is("editor")).test_client()


@pytest.mark.parametrize("query", QUERIES)
def test_the_numbers_beside_the_kinds_are_those_of_the_entries_and_of_the_table(
    reader: FlaskClient, query: str
) -> None:
    page = reader.get(
        f"/t/cuba-embargo?{query}&view=table".replace("?&", "?"), follow_redirects=True
    )
    text = page.get_data(as_text=True)
    chosen = [kind for kind in ("statement", "development") if f"kind={kind}" in query]
    counts = {kind: count or 0 for kind, (_, count, _) in boxes(text, "kind").items()}
    shown = sum(counts[kind] for kind in chosen or counts)
    assert shown == len(everything(reader, query))
    earlier = re.search(r"(\d+) earlier statements? (?:is|are) not in this table", text)
    told = 0 if chosen == ["development"] else counts["statement"]
    assert len(rows(text)) + (int(earlier[1]) if earlier else 0) == told


NOT_COUNTED = "Counts are shown by actor and by source, for now only"


def test_of_too_much_to_count_boxes_have_the_numbers_that_are_kept_and_say_so(
    reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def menu(query: str, name: str) -> tuple[dict[str, tuple[str, int | None, bool]], str]:
        text = reader.get(f"/t/cuba-embargo{query}").get_data(as_text=True)
        return boxes(text, name), text.partition(f'id="menu-{name}"')[2].partition("</details>")[0]

    read = {name: menu("", name)[0] for name in ("actor", "source")}
    monkeypatch.setattr(filters, "MOST_COUNTED", 100)
    reader.application.extensions["pages"].forget()
    for name, counts in read.items():
        found, text = menu("", name)
        assert [one[1] for one in found.values()] == [count[1] for count in counts.values()]
        assert NOT_COUNTED not in text
    assert menu("", "actor")[0] == read["actor"]
    assert "and 19 more" in menu("", "source")[1]
    for query, name in (("", "stance"), ("?stance=2", "actor"), ("?as_of=2001-09-09", "source")):
        found, text = menu(query, name)
        assert found
        assert 'class="number"' not in text
        assert NOT_COUNTED in text


def test_filters_reach_the_counts_of_a_lane(
    reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_up_to(monkeypatch, 0)

    def count(query: str) -> int:
        return counted_in(reader.get(f"/t/cuba-embargo{query}").get_data(as_text=True), "brazil")

    assert count("") == 27
    assert (count("?stance=-2"), count("?stance=2"), count("?stance=-2&stance=2")) == (1, 26, 27)
    assert (count("?actor=brazil"), count("?actor=japan"), count("?kind=development")) == (27, 0, 0)
    assert count("?only=changes") == 1
    assert count("?actor=brazil&from=2001&to=2004-12-31") == 4


def test_an_actor_that_the_filter_names_has_a_lane_however_long_ago_it_changed(
    reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "MANY_LANES", 14)
    usual = lanes(reader.get("/t/cuba-embargo").get_data(as_text=True))
    every = lanes(reader.get("/t/cuba-embargo?all=1").get_data(as_text=True))
    (left_out, *_) = sorted(set(every) - set(usual))
    named = lanes(reader.get(f"/t/cuba-embargo?actor={left_out}").get_data(as_text=True))
    assert len(usual) == 12
    assert list(named) == [left_out]


def test_at_a_past_position_of_the_log_lanes_are_counted_too(
    reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_up_to(monkeypatch, 0)
    text = reader.get("/t/cuba-embargo?known_at=@3000").get_data(as_text=True)
    assert len(lanes(text)) == 20
    assert all(counted_in(text, slug) for slug in lanes(text))


def pages_of(
    reader: FlaskClient, monkeypatch: pytest.MonkeyPatch, at: str, words: int
) -> tuple[str, str]:
    """Return a page as it is, and where charts draw so many statements of a lane and no more."""

    def page() -> str:
        reader.application.extensions["pages"].forget()
        return reader.get(at, follow_redirects=True).get_data(as_text=True)

    with monkeypatch.context() as patch:
        read_but_count_beyond(patch, words)
        read = page()
    with monkeypatch.context() as patch:
        count_beyond(patch, words)
        return read, page()


def test_of_lanes_that_are_left_out_the_changes_are_told_at_any_moment(
    reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(moment: str) -> str:
        reader.application.extensions["pages"].forget()
        page = reader.get(f"/t/cuba-embargo?{moment}".rstrip("?")).get_data(as_text=True)
        return page.partition("<main")[2].partition('id="chart"')[0]

    monkeypatch.setattr(layout, "MANY_LANES", 14)
    for moment in MOMENTS:
        read = told(moment)
        assert "changed theirs" in read
        with monkeypatch.context() as patch:
            read_up_to(patch, 0)
            assert told(moment) == read, moment


def entries_of(page: str) -> str:
    return page.partition('id="tl-h"')[2].partition("<aside")[0]


def test_a_lane_of_which_a_part_is_read_spoke_last_when_all_of_it_did(
    reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who moved lately is said beside who stands where, and that is not lately."""

    def columns() -> str:
        reader.application.extensions["pages"].forget()
        page = reader.get("/t/cuba-embargo?from=1995&to=1999").get_data(as_text=True)
        return page.partition('class="spectrum-columns"')[2].partition("</ol>")[0]

    read = columns()
    read_up_to(monkeypatch, 9)
    assert columns() == read
    assert "United States" in read
    assert "changed Nov 1996" not in read


def test_the_proof_of_a_statement_counts_all_of_a_lane_of_which_a_part_is_read(
    reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = "/t/cuba-embargo?from=2003&to=2009&actor=brazil"
    page = reader.get(at, follow_redirects=True).get_data(as_text=True)
    number = re.findall(r'id="pt-brazil-(\d+)"', page)[-1]
    opened = f"{at}&s={number}"
    read = reader.get(opened, follow_redirects=True).get_data(as_text=True)
    read_up_to(monkeypatch, 9)
    reader.application.extensions["pages"].forget()
    counted = reader.get(opened, follow_redirects=True).get_data(as_text=True)
    found = [re.findall(r"\d+ of \d+ in this lane", one) for one in (read, counted)]
    assert found[0] == found[1]
    assert "of 27 in this lane" in found[0][0]


def test_a_side_that_is_split_leaves_the_counts_of_other_lanes(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(10, 20):
        paper.say(f"again {day}", "bland", "supports", f"2025-11-{day}", paraphrase="Wants it.")
    at = "/t/union?expand=aland&expand=bland&from=2025-01&to=2025"
    read = paper.reader.get(at, follow_redirects=True).get_data(as_text=True)
    read_up_to(monkeypatch, 5)
    paper.reader.application.extensions["pages"].forget()
    counted = paper.reader.get(at, follow_redirects=True).get_data(as_text=True)
    assert sorted(lanes(counted)) == sorted(lanes(read)) == ["aland", "bland", "cland", "dora"]
    assert counted_in(counted, "bland") == 12


def test_a_lane_in_short_says_at_a_past_moment_when_it_was_said_last_and_not_since_when(
    ballot: Paper,
) -> None:
    """Only the days that decide are looked at; of two actors of one lane these are two."""
    ballot.newsroom.actors.introduce(ballot.dora(), "Ministry of Bland", "office", slug="office")
    for day in ("2025-08-15", "2025-12-01"):
        vote(ballot, day, "bland", "for", day)
    vote(ballot, "office", "office", "for", "2025-12-05")
    ballot.newsroom.actors.merge(ballot.dora(), "office", "bland", "the same")
    ballot.services.models.catch_up()
    with ballot.services.models.engine().connect() as conn:
        topic, bland = directory.topic(conn, "ballot"), directory.actor(conn, "bland").id
        found = {lane.actor: lane for lane in in_short(conn, topic.id, Clocks(as_of=1_765_000_000))}
    stood = found[bland].position
    assert stood.first == stood.last == ballot.numbers["office"]


def test_the_shortest_lanes_are_read_first_as_long_as_all_together_are_few() -> None:
    assert reading.words_read([]) == 400
    assert reading.words_read([15, 160, 400, 8_000]) == 400
    assert reading.words_read([400, 400, 400, 200, 350]) == 399
    assert reading.words_read([300] * 8) == 299
    assert reading.words_read([80] * 24) == 79
    assert reading.words_read([50] * 24) == 60
    assert reading.words_read([7_000] * 12) == 400
