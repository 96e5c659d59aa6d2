from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.markup import Page
from tests.web.site import HTMX, plain
from tests.web.topic.test_filters import standing
from tests.web.topic.test_page import lanes
from timeline.domain.two_clocks import TwoClocks
from timeline.projections.queries import attached, directory, paging
from timeline.projections.queries.paging import Filter
from timeline.projections.queries.positions import positions_at
from timeline.projections.queries.steps import known_places

if TYPE_CHECKING:
    from tests.web.paper import Paper
    from tests.web.site import Site

SAID = [
    "2025-07-02",
    "2025-08-15",
    "2025-09-02",
    "2025-09-30",
    "2025-12-01",
    "2025-12-14",
    "2025-12-16",
]
"""The days from which something on the union counts; "2025-12~" was in print on the 16th."""


def go(site: Site, path: str, step: str) -> str:
    """Take a step as a link or a button of the bar does, and return where it leads."""
    answer = site.open(f"{path}{'&' if '?' in path else '?'}go={step}")
    assert answer.status_code == 303
    to: str = answer.headers["Location"]
    assert site.open(to).status_code == 200
    return to


def said_aloud(site: Site, path: str) -> str:
    """Return what is said aloud when a step leads to this address."""
    return site.page(path).one("form", id="replay")["data-say"]


def walk(site: Site, path: str, step: str) -> list[str]:
    """Take a step again and again until it leads nowhere new."""
    seen = [path]
    while (to := go(site, seen[-1], step)) not in seen:
        seen.append(to)
    return seen[1:]


def history(paper: Paper) -> None:
    """Let everything happen to the topic that can happen to one."""
    room, numbers = paper.newsroom, paper.numbers
    room.actors.introduce(paper.dora(), "Bland Kingdom", "state", slug="kingdom")
    paper.say("crown", "kingdom", "doubts", "2025-10-01", paraphrase="Perhaps not.")
    room.statements.correct(paper.dora(), numbers["no"], {"stance": "doubts"}, "Misread.")
    room.statements.link(paper.dora(), numbers["yes"], "contradicts", numbers["no"])
    room.statements.retract(paper.dora(), numbers["wants"], "Another Bland.")
    room.actors.merge(paper.dora(), "kingdom", "bland", "The same country.")
    room.statements.reinstate(paper.dora(), numbers["wants"], "It was this one.")
    room.actors.undo_merge(paper.dora(), "kingdom", "Another country after all.")
    on_the_deal = {"topic": "deal", "stance": "thinks unlikely"}
    room.statements.correct(paper.dora(), numbers["still"], on_the_deal, "It spoke of the deal.")
    room.developments.correct(paper.dora(), numbers["end"], {"topics": ("deal",)}, "Not on this.")
    room.statements.unlink(paper.dora(), numbers["yes"], "contradicts", numbers["no"], "Too far.")
    room.topics.reword(
        paper.dora(), "deal", "Will they agree by spring?", "Plainer.", same_meaning=True
    )


@pytest.fixture(params=["said", "known"])
def clock(request: pytest.FixtureRequest) -> str:
    """One of the two clocks."""
    name: str = request.param
    return name


def test_forward_from_the_first_each_moment_comes_once_and_then_now(paper: Paper) -> None:
    first = go(paper, "/t/union", "first")
    assert first == f"/t/union?as_of={SAID[0]}"
    after = walk(paper, first, "next")
    assert after == [*(f"/t/union?as_of={day}" for day in SAID[1:]), "/t/union"]


def test_back_from_now_each_moment_comes_once_and_the_first_stays(paper: Paper) -> None:
    days = walk(paper, "/t/union", "prev")
    assert days == [f"/t/union?as_of={day}" for day in reversed(SAID)]
    assert go(paper, days[-1], "prev") == days[-1]


def test_the_known_clock_steps_over_positions_of_the_log(paper: Paper) -> None:
    start = "/t/union?clock=known"
    first = go(paper, start, "first")
    after = walk(paper, first, "next")
    on_union = sorted(
        number for name, number in paper.numbers.items() if name not in ("likely", "silent")
    )
    assert [first, *after] == [*(f"{start}&known_at=@{n}" for n in on_union), start]
    assert walk(paper, start, "prev") == [f"{start}&known_at=@{n}" for n in reversed(on_union)]


@pytest.mark.few(1)
def test_the_way_there_and_the_way_back_are_one(own_demo: Site, clock: str) -> None:
    for topic in ("talks-progress", "security-guarantees"):
        start = f"/t/{topic}" if clock == "said" else f"/t/{topic}?clock=known"
        back = walk(own_demo, start, "prev")
        forth = walk(own_demo, go(own_demo, start, "first"), "next")
        assert [*back][::-1] == [back[-1], *forth[:-1]]
        assert forth[-1] == start
        assert go(own_demo, back[-1], "last") == start


def test_one_clock_stands_while_the_other_is_stepped(paper: Paper) -> None:
    numbers = paper.numbers
    here = f"/t/union?as_of=2025-09-02&known_at=@{numbers['wants']}"
    assert go(paper, here, "prev") == f"/t/union?as_of=2025-08-15&known_at=@{numbers['wants']}"
    on_log = f"/t/union?clock=known&as_of=2025-09-02&known_at=@{numbers['wants']}"
    stepped = go(paper, on_log, "prev")
    assert stepped == f"/t/union?clock=known&as_of=2025-09-02&known_at=@{numbers['circles']}"
    assert go(paper, on_log, "last") == "/t/union?clock=known&as_of=2025-09-02"


def test_what_was_not_known_is_no_step_of_the_other_clock(paper: Paper) -> None:
    here = f"/t/union?known_at=@{paper.numbers['yes']}"
    steps = walk(paper, here, "prev")
    assert [step.partition("as_of=")[2].partition("&")[0] for step in steps] == [SAID[2], SAID[0]]


def test_a_step_from_between_two_moments_leads_to_the_next_of_them(paper: Paper) -> None:
    assert go(paper, "/t/union?as_of=2025-08-20", "next") == "/t/union?as_of=2025-09-02"
    assert go(paper, "/t/union?as_of=2025-08-20", "prev") == "/t/union?as_of=2025-08-15"
    assert go(paper, "/t/union?as_of=1999", "next") == f"/t/union?as_of={SAID[0]}"
    assert go(paper, "/t/union?as_of=2030-01-01", "prev") == f"/t/union?as_of={SAID[-1]}"
    assert go(paper, "/t/union?as_of=2030-01-01", "next") == "/t/union"
    timed = f"/t/union?as_of=2025-08-15T10:00Z&known_at=@{paper.services.log.head()}"
    assert go(paper, timed, "next").startswith("/t/union?as_of=2025-08-15&")


@pytest.mark.thorough
def test_every_position_at_which_the_topic_changes_is_a_step_and_no_other(paper: Paper) -> None:
    history(paper)
    paper.services.models.catch_up()
    with paper.services.models.engine().connect() as conn:
        for slug in ("union", "deal"):
            topic = directory.topic(conn, slug)
            steps = known_places(conn, topic.id)
            seen = [_shown(conn, topic.id, at) for at in range(paper.services.log.head() + 1)]
            changes = [at for at in range(1, len(seen)) if seen[at] != seen[at - 1]]
            assert steps == changes, slug


def _shown(conn: Any, topic: str, at: int) -> object:  # noqa: ANN401 - a connection
    """Return all that a page shows of a topic as known at a position."""
    page = paging.page(conn, topic, Filter(), TwoClocks(known_at=at), limit=99).entries
    numbers = [entry.number for entry in page]
    stands = [
        (position.lane, position.position.stance, position.position.counted)
        for position in positions_at(conn, TwoClocks(known_at=at), topic=topic)
    ]
    links = [(link.number, link.kind, link.target) for link in attached.links(conn, numbers, at)]
    return [(e.number, e.known_from) for e in page], sorted(stands), links


def test_at_a_moment_the_page_shows_what_had_been_said_and_counts_the_rest(paper: Paper) -> None:
    text = paper.read("/t/union?as_of=2025-09-02")
    assert "You are looking at the past" in text
    assert "What had been said by the end of 2 Sep 2025." in text
    assert "4 later entries are hidden." in text
    assert "Wants it." in text
    assert "Wants it still." not in text
    assert "Only after reforms." not in text
    assert "Talks in the capital end" not in text


def test_at_a_position_the_page_shows_what_was_known_and_nothing_amended_since(
    paper: Paper,
) -> None:
    numbers = paper.numbers
    before = paper.services.log.head()
    room = paper.newsroom.statements
    room.correct(paper.dora(), numbers["no"], {"paraphrase": "Rejects it now."}, "Closer.")
    room.retract(paper.dora(), numbers["wants"], "Another Bland.")
    now, then = paper.read("/t/union"), paper.read(f"/t/union?known_at=@{before}")
    assert "Rejects it now." in now
    assert "Another Bland." in now
    assert "Rejects it now." not in then
    assert "Another Bland." not in then
    assert "What this record knew on 16 Dec 2025, " in then
    assert "later entries are hidden" not in then
    assert "1 later retraction is undone: what was retracted stands here as it stood then." in then
    assert "1 later correction is undone." in then


def test_at_a_moment_before_anything_the_page_says_so_and_leads_back(paper: Paper) -> None:
    for query in ("as_of=1999-01-01", "known_at=@1", "known_at=2001-01-01T00:00Z"):
        page = paper.open(f"/t/union?{query}")
        assert page.status_code == 200
        assert "Nothing was on record at this moment." in page.text
        assert "Record a statement" not in Page(page.text).words(id="chart")
        assert "/t/union" in Page(page.text).links()


def test_where_nothing_came_later_a_past_moment_says_so(paper: Paper) -> None:
    head = paper.services.log.head()
    paper.newsroom.topics.open(paper.dora(), "Is it cold?", "claim", slug="cold", story="talks")
    then = paper.read(f"/t/union?known_at=@{head}")
    assert "Nothing on this topic was said or recorded later." in then


def test_what_was_reinstated_later_is_told_as_still_retracted(paper: Paper) -> None:
    number, clerk = paper.numbers["still"], paper.dora
    paper.newsroom.statements.retract(clerk(), number, "Another Bland.")
    before = paper.services.log.head()
    paper.newsroom.statements.reinstate(clerk(), number, "The same Bland.")
    then = paper.read(f"/t/union?known_at=@{before}")
    assert "1 entry that was reinstated later is still retracted." in then


@pytest.mark.few(1)
@pytest.mark.parametrize("clock", ["said", "known"])
def test_the_slider_has_a_place_for_every_moment_and_the_last_is_now(
    paper: Paper, clock: str
) -> None:
    at, seen = f"/t/union?clock={clock}" if clock == "known" else "/t/union", []
    slider = paper.page(at).one("input", id="rng")
    most = int(slider["max"])
    for place in range(most):
        glue = "&" if "?" in at else "?"
        location = paper.open(f"{at}{glue}place={place}").headers["Location"]
        slider = paper.page(location).one("input", id="rng")
        assert (slider["min"], slider["max"], slider["value"]) == ("0", str(most), str(place))
        seen.append(location.rpartition("=")[2].removeprefix("@"))
    numbers = sorted(n for name, n in paper.numbers.items() if name not in ("likely", "silent"))
    assert seen == (SAID if clock == "said" else [str(n) for n in numbers[:most]])
    for beyond in (most, most + 99):
        assert paper.open(f"{at}{glue}place={beyond}").headers["Location"] == at


def test_from_any_moment_the_slider_reaches_any_other(paper: Paper) -> None:
    for here in (*SAID, ""):
        for place, there in enumerate((*SAID, "")):
            query = f"as_of={here}&" if here else ""
            location = paper.open(f"/t/union?{query}place={place}").headers["Location"]
            assert location == (f"/t/union?as_of={there}" if there else "/t/union")


def test_between_two_moments_the_bar_tells_of_the_earlier(paper: Paper) -> None:
    bar = paper.page("/t/union?as_of=2025-08-20").words(class_="replay-told")
    assert bar.startswith("step 2 of ")
    assert "15 Aug 2025" in bar


def test_everybody_sees_what_a_step_brought_and_the_way_to_its_lane(paper: Paper) -> None:
    paper.sign()
    page = paper.open("/t/union?as_of=2025-09-02").text
    bar = Page(page).words(class_="replay-told")
    assert bar == (
        "step 3 of 7 2 Sep 2025 Aland: now accepts, before: opposes."
        " « nous ne nous opposons pas » Dora Example , Invented Times, 16 Dec 2025 Aland"
    )
    assert "#lane-aland" in Page(page).links()
    assert re.findall(r'id="lane-([\w-]+)" data-moved', page) == ["aland"]
    assert "Now: everything on record." in paper.page("/t/union").words(class_="replay-told")


def test_a_step_names_the_source_of_words_that_its_list_leaves_out(paper: Paper) -> None:
    step = plain(paper.part("/t/union?order=old&as_of=2025-09-02"))
    assert "« nous ne nous opposons pas » Dora Example , Invented Times" in step


def test_play_begins_with_the_window_that_is_shown(paper: Paper) -> None:
    page = paper.page("/t/union?from=2025-09-01&to=2025-12-31")
    begin = page.one("a", id="play")["href"]
    assert "as_of=2025-09-02" in begin


def test_play_goes_on_by_itself_until_the_last_moment(paper: Paper) -> None:
    begin = paper.page("/t/union").one("a", id="play")["href"]
    assert begin == f"/t/union?as_of={SAID[0]}&play=1"
    at = begin
    seen = []
    while "play=1" in at:
        seen.append(at)
        (timer,) = [
            element
            for element in paper.page(at).elements
            if element.attributes.get("hx-trigger", "").startswith("load")
        ]
        assert timer["hx-trigger"] == "load delay:900ms"
        at = paper.open(timer["hx-get"]).headers["Location"]
    assert seen == [f"/t/union?as_of={day}&play=1" for day in SAID[:-1]]
    assert at == f"/t/union?as_of={SAID[-1]}"
    assert "load delay" not in paper.open(at).text


def test_pause_and_any_step_by_hand_stop_the_play(paper: Paper) -> None:
    page = paper.page("/t/union?as_of=2025-09-02&play=1")
    assert page.one("a", id="play")["href"] == "/t/union?as_of=2025-09-02"
    for element in page.elements:
        if "data-go" in element.attributes:
            assert "play=1" not in element["href"]


@pytest.mark.parametrize(("speed", "delay"), [(1, 900), (2, 450), (4, 225)])
def test_the_speed_is_part_of_the_address(paper: Paper, speed: int, delay: int) -> None:
    told = f"&speed={speed}" if speed > 1 else ""
    page = paper.open(f"/t/union?as_of=2025-09-02&play=1{told}").text
    assert f'hx-trigger="load delay:{delay}ms"' in page


def test_every_step_is_said_aloud(paper: Paper) -> None:
    assert said_aloud(paper, "/t/union?as_of=2025-08-15") == (
        "15 Aug 2025, step 2 of 7. Bland: supports."
    )
    assert said_aloud(paper, "/t/union") == "Now: everything on record."


def test_the_end_of_one_clock_is_not_now_while_the_other_stands_in_the_past(paper: Paper) -> None:
    known = said_aloud(paper, f"/t/union?known_at=@{paper.numbers['yes']}")
    assert known.startswith("Every day, as known on ")
    said = said_aloud(paper, "/t/union?clock=known&as_of=2025-09-02")
    assert said == "All that is known now, of what had been said by 2 Sep 2025."


def test_the_bar_says_which_clock_moves_and_which_is_held(paper: Paper) -> None:
    known = paper.read(f"/t/union?known_at=@{paper.numbers['yes']}")
    assert "Said on selected any day Known on held 16 Dec 2025" in known
    said = paper.read("/t/union?clock=known&as_of=2025-09-02")
    assert "Said on held 2 Sep 2025 Known on selected now" in said
    stepped = paper.read("/t/union?as_of=2025-09-02").partition("Said on selected")[2]
    assert " held " not in stepped[:60]


def test_the_ways_on_from_a_topic_take_a_past_moment_along_in_parts_of_the_page_too(
    paper: Paper,
) -> None:
    past, at = f"as_of=2025-09-02&known_at=@{paper.numbers['no']}", paper.numbers["no"]
    moved = {
        f"/compare?topic=union&{past}",
        f"/matrix?topic=union&at=2025-09-02&known_at=@{at}",
        f"/analyse?topic=union&to=2025-09-02&known_at=@{at}",
        f"/t/union/codebook?known_at=@{at}",
        f"/t/union/coverage?{past}",
    }
    for headers in ({}, HTMX | {"HX-Target": "view"}):
        assert moved <= {*paper.page(f"/t/union?{past}", **headers).links()}
        now = paper.page("/t/union", **headers).links()
        assert {"/compare?topic=union", "/matrix?topic=union", "/analyse?topic=union"} <= {*now}
    assert {paper.open(one).status_code for one in moved} == {200}


def test_before_the_record_began_the_page_says_so_and_leads_to_what_had_been_said(
    paper: Paper,
) -> None:
    begins = "This record begins on 16 Dec 2025: nothing was in it then."
    assert begins in paper.read("/t/union?known_at=2001-01-01")
    links = paper.page("/t/union?known_at=2001-01-01").links()
    assert "/t/union?as_of=2001-01-01" in links
    ancient = paper.page("/t/union?known_at=-0500-01-01").links()
    assert "/t/union?as_of=-0500-01-01" in ancient
    assert "This record begins" not in paper.read(f"/t/union?known_at=@{paper.numbers['yes']}")
    assert begins in paper.read("/t/union?as_of=2001-01-01&known_at=2001-01-01")
    both = f"/t/union?as_of=2001-01-01&known_at=@{paper.numbers['yes']}"
    assert "This record begins" not in paper.read(both)


def test_a_step_tells_who_stands_elsewhere_now_and_where_before(paper: Paper) -> None:
    paper.sign()
    told = [said_aloud(paper, f"/t/union?as_of={day}") for day in SAID]
    assert any("now accepts, before: opposes" in one for one in told)


def test_a_step_on_which_nothing_changed_names_who_spoke(paper: Paper) -> None:
    paper.say("again", "bland", "supports", "2025-11-20", paraphrase="Still wants it.")
    paper.sign()
    told = said_aloud(paper, "/t/union?as_of=2025-11-20")
    assert "Bland spoke; no position changed." in told
    assert "changed nothing" not in told
    german = paper.open("/t/union?as_of=2025-11-20", **{"Accept-Language": "de"}).text
    assert "Bland äußerte sich; keine Position änderte sich." in german


def test_a_step_along_the_log_tells_what_was_recorded_and_whose_words(paper: Paper) -> None:
    number = paper.numbers["no"]
    told = said_aloud(paper, f"/t/union?clock=known&known_at=@{number}")
    assert told.startswith(f"Event {number} of the log, 16 Dec 2025, ")
    assert told.endswith(" Statement recorded. Dora Example: opposes.")


def test_many_changes_of_one_day_are_told_by_number(paper: Paper) -> None:
    for n in range(6):
        paper.newsroom.actors.introduce(paper.dora(), f"Eland {n}", "state", slug=f"eland-{n}")
        paper.say(f"eland {n}", f"eland-{n}", "supports", "2025-12-15", paraphrase="Wants it.")
    told = said_aloud(paper, "/t/union?as_of=2025-12-15")
    assert told.count(": supports.") == 3
    assert told.endswith("3 more changes.")


def test_without_script_the_bar_is_a_form_that_keeps_the_view(paper: Paper) -> None:
    page = paper.page("/t/union?actor=bland&view=table&clock=known&known_at=@14")
    form = page.one("form", id="replay")
    assert (form["method"], form["action"]) == ("get", "/t/union")
    hidden = [
        (element["name"], element["value"])
        for element in page.find("input", type="hidden")
        if form in element.around
    ]
    assert hidden == [
        ("actor", "bland"),
        ("view", "table"),
        ("clock", "known"),
        ("known_at", "@14"),
    ]


def test_a_late_find_changes_the_past_as_said_and_not_as_known(any_paper: Paper) -> None:
    paper = any_paper
    before = paper.services.log.head()
    paper.say("late", "cland", "opposes", "2025-07-20", paraphrase="Found in an archive.")
    said, known = "/t/union?as_of=2025-08-15", f"/t/union?as_of=2025-08-15&known_at=@{before}"
    assert "Found in an archive." in paper.read(said)
    assert "Found in an archive." not in paper.read(known)


def test_lanes_keep_their_places_at_every_moment(paper: Paper) -> None:
    paper.say("turn", "cland", "opposes", "2025-12-14", paraphrase="Not any more.")
    now = lanes(paper.open("/t/union").text)
    for day in SAID:
        assert lanes(paper.open(f"/t/union?as_of={day}").text) == now
    silent = standing(paper.open(f"/t/union?as_of={SAID[0]}").text)
    assert "bland: nothing said by then" in silent
    first = f"/t/union?clock=known&known_at=@{paper.numbers['no']}"
    assert lanes(paper.open(first).text) == now
    assert "bland: nothing known by then" in standing(paper.open(first).text)


def test_a_lane_that_is_counted_now_is_as_high_before_there_is_much_to_count(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("chart_input", "reading"):
        monkeypatch.setattr(f"web.lanes.{place}.MARKS", 40)
    for number in range(41):
        day = f"2025-{10 + number // 28}-{number % 28 + 1:02d}"
        paper.say(f"n{number}", "bland", "supports", day, paraphrase=f"Wants it, {number}.")
    heights = [
        re.findall(r'class="lane-plot"[^>]* height="(\d+)"', paper.open(path).text)
        for path in ("/t/union", f"/t/union?as_of={SAID[0]}", f"/t/union?as_of={SAID[1]}")
    ]
    assert "108" in heights[0]
    assert heights == [heights[0]] * 3


def test_a_step_tells_what_happened_on_its_day(paper: Paper) -> None:
    assert said_aloud(paper, "/t/union?as_of=2025-12-14") == (
        "14 Dec 2025, step 6 of 7. Development: Talks in the capital end without a text."
    )


def test_a_day_is_typed_beside_the_slider_and_moves_its_clock(paper: Paper) -> None:
    for clock, name in (("said", "as_of"), ("known", "known_at")):
        asked = f"/t/union?order=old&clock={clock}&known_at=@20&as_of=2025-09"
        page = Page(paper.reader.get(asked, follow_redirects=True).text)
        form = page.one("form", id="replay")
        hidden = [
            element for element in page.find("input", type="hidden") if form in element.around
        ]
        sent = {element["name"]: element["value"] for element in hidden} | {
            "place": "3",
            "day": "1. Dez. 2025",
        }
        moved = paper.reader.get("/t/union", query_string=sent).headers["Location"]
        assert f"{name}=2025-12-01" in moved
        assert "order=old" in moved
        assert "day" not in moved


def test_a_day_that_cannot_be_read_is_told_beside_its_clock(paper: Paper) -> None:
    answer = paper.reader.get("/t/union?place=3&day=soon")
    assert answer.status_code == 422
    page = Page(answer.text)
    field = page.one("input", name="day")
    assert page.one("form", id="replay") in field.around
    assert (field["value"], field["autofocus"]) == ("soon", "")


def test_an_empty_day_and_a_slider_that_was_not_moved_stay_at_the_moment(paper: Paper) -> None:
    for asked in ("/t/union?as_of=2025-08-20", "/t/union?as_of=1900", "/t/union"):
        page = paper.page(asked)
        place = page.one("input", id="rng")["value"]
        sent = asked + ("&" if "?" in asked else "?") + f"day=&place={place}"
        assert paper.reader.get(sent).headers["Location"] == asked


def test_before_the_first_step_the_bar_says_that_nothing_was_on_record(paper: Paper) -> None:
    page = paper.open("/t/union?as_of=1900").text
    assert said_aloud(paper, "/t/union?as_of=1900").startswith("Before the first step")
    assert "Now: everything" not in page
    known = paper.page("/t/union?clock=known&known_at=2020-12-14").words()
    assert "What this record knew on 14 Dec 2020." in known


def test_a_step_names_a_side_and_who_spoke_for_it_once_where_the_same_words_moved_both(
    paper: Paper,
) -> None:
    paper.say("own", "dora", "opposes", "2025-11-03", paraphrase="Would not want it.")
    paper.say(
        "both", "dora", "supports", "2025-12-05", paraphrase="Wants it.", on_behalf_of="aland"
    )
    told = said_aloud(paper, "/t/union?as_of=2025-12-05")
    assert [told.count(one) for one in ("Aland", "Dora Example", "supports")] == [1, 1, 1], told
