from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.web.markup import Page
from tests.web.site import plain
from tests.web.topic.test_page import lanes

if TYPE_CHECKING:
    from tests.web.paper import Paper


def test_of_chosen_actors_alone_lanes_and_columns_are_shown(paper: Paper) -> None:
    page = paper.open("/t/union?actor=bland&actor=cland").text
    assert sorted(lanes(page)) == ["bland", "cland"]
    columns = Page(page).words(aria_labelledby="spec-h")
    assert "Bland" in columns
    assert "Aland" not in columns
    others = Page(page).words(id="others")
    assert others.startswith("1 other hidden")
    links = Page(page).links()
    assert "/t/union" in links
    assert "/compare?actor=bland&actor=cland&story=talks" in links
    assert 'id="others"' not in paper.open("/t/union").text


def test_who_speaks_for_somebody_else_alone_has_a_lane_when_chosen(paper: Paper) -> None:
    assert "dora" not in lanes(paper.open("/t/union").text)
    page = paper.open("/t/union?actor=dora&as_of=2025-08-01").text
    assert lanes(page) == ["dora"]
    assert Page(page).words(id="others").startswith("1 other hidden")
    assert "/compare?actor=dora&story=talks&as_of=2025-08-01" in Page(page).links()


def test_the_lanes_of_now_keep_their_places_at_an_earlier_moment_when_chosen(paper: Paper) -> None:
    chosen = "/t/union?actor=bland&actor=cland"
    assert lanes(paper.open(f"{chosen}&as_of=2025-07-10").text) == lanes(paper.open(chosen).text)


def answered(page: Page) -> list[str]:
    """Return the sentence of each side, in order."""
    said = page.find("p", class_="answer-said")
    return [" ".join("".join(t.text for t in page.texts if p in t.around).split()) for p in said]


def test_a_page_of_few_chosen_actors_opens_with_the_sentence_of_each_alone(paper: Paper) -> None:
    text = paper.open("/t/union?actor=bland&actor=cland").text
    assert [one.split(" (")[0] for one in answered(Page(text))] == [
        "Bland supports this",
        "Cland is undecided about this",
    ]
    assert text.index("answer-said") < text.index('id="spec-h"')
    of_all = paper.open("/t/union").text
    assert of_all.index('id="spec-h"') < of_all.index("answer-said")


def test_the_number_of_changes_leads_to_what_changed_oldest_first(paper: Paper) -> None:
    no = {"paraphrase": "No, after all.", "on_behalf_of": "aland"}
    paper.say("back", "dora", "opposes", "2025-11-01", **no)
    paper.sign()
    page = paper.page("/t/union?as_of=2025-12-01")
    (way,) = (link for link in page.links() if "only=changes&order=old" in link)
    assert way == "/t/union?actor=aland&only=changes&order=old&as_of=2025-12-01#tl-h"
    listed = paper.open(way.partition("#")[0])
    assert listed.status_code == 200
    said = listed.text.partition('id="tl-h"')[2]
    yes, back = paper.numbers["yes"], paper.numbers["back"]
    assert f"#{paper.numbers['no']}" not in said
    assert said.index(f"#{yes}") < said.index(f"#{back}")


def test_no_column_says_nobody_of_those_who_are_hidden_alone(paper: Paper) -> None:
    columns = paper.page("/t/union?actor=bland").words(aria_labelledby="spec-h")
    assert "supports 1 Bland" in columns
    assert "nobody" not in columns
    assert " 0" not in columns
    assert "nobody" in paper.page("/t/union").words(aria_labelledby="spec-h")


def test_of_a_chosen_speaker_only_their_own_changes_are_listed_and_badged(paper: Paper) -> None:
    paper.say("own", "dora", "doubts", "2025-10-01", paraphrase="Doubts it herself.")
    paper.say("turned", "dora", "supports", "2025-10-05", paraphrase="Wants it herself.")
    for_aland = {"on_behalf_of": "aland"}
    paper.say("said", "dora", "opposes", "2025-10-09", paraphrase="Aland says no.", **for_aland)
    paper.sign()
    page = paper.open("/t/union?actor=dora&only=changes&order=old").text
    counted = re.search(r"(\d+) changes", plain(page))
    listed = page.partition('id="tl-h"')[2]
    assert counted is not None
    assert int(counted[1]) == listed.count('class="entry ') == listed.count('class="badge"')
    assert "Aland:" not in plain(listed)


def test_turning_points_are_those_of_whom_and_of_when_the_reader_chose(paper: Paper) -> None:
    paper.say("turn", "bland", "opposes", "2025-12-10", paraphrase="No more.")
    paper.sign()

    def turned(query: str) -> list[str]:
        page = paper.open(f"/t/union{query}").text
        told = page.partition('id="turning-points"')[2].partition("</ol>")[0]
        return [plain(one.partition("</h3>")[0]).split()[0] for one in told.split("<h3>")[1:]]

    assert turned("") == ["Dora", "Bland"]
    assert turned("?actor=bland") == turned("?from=2025-12&to=2025-12") == ["Bland"]
    assert turned("?actor=aland") == turned("?to=2025-11") == ["Dora"]
    assert turned("?actor=cland") == []


def test_of_a_stretch_that_the_reader_chose_the_opening_says_that_it_is_of_all(
    paper: Paper,
) -> None:
    told = "This is told of the whole record, not of the stretch that you chose."
    assert told not in paper.read("/t/union")
    page = paper.open("/t/union?from=2025-07&to=2025-08").text
    assert told in plain(page)
    assert 'href="/t/union?as_of=2025-08">Where they stood at its end' in page
    assert "When last heard, Bland supported" in paper.read("/t/union?as_of=2025-08")


def test_a_badge_names_whose_change_it_is_unless_the_speaker_stands_beside_it(paper: Paper) -> None:
    paper.sign()
    said = paper.open("/t/union?actor=aland").text.partition('id="tl-h"')[2]
    assert "Aland: changed from opposes to accepts" in plain(said)
    both = paper.read(f"/s/{paper.numbers['yes']}")
    assert "Aland: changed from opposes to accepts" in both
    assert "Dora Example: changed from opposes to accepts" in both
    paper.say("turn", "bland", "opposes", "2025-12-10", paraphrase="No more.")
    paper.sign()
    alone = paper.read(f"/s/{paper.numbers['turn']}")
    assert "changed from" in alone
    assert "Bland: changed from" not in alone


def test_beside_a_chosen_side_those_who_speak_for_it_are_a_click_away(paper: Paper) -> None:
    path = "/t/union?actor=aland"
    assert "With those who speak for it" not in paper.read(path)
    paper.say("own", "dora", "opposes", "2025-11-03", paraphrase="Would not want it herself.")
    page = paper.open(path).text
    assert [*lanes(page)] == ["aland"]
    both = f"{path}&amp;actor=dora"
    assert f'href="{both}">With those who speak for it' in page
    page = paper.open(both.replace("&amp;", "&")).text
    assert [*lanes(page)] == ["aland", "dora"]
    assert "With those who speak" not in page
