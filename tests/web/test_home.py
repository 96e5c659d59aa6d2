from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.web.markup import Page
from tests.web.site import EDITORS, Site, plain
from timeline.bootstrap import open_store
from timeline.domain.dates import parse_asof
from web.home.page import home_page
from web.shell.identity import everybody_reads

if TYPE_CHECKING:
    from tests.web.paper import Paper


def cards(page: str) -> list[str]:
    """Return what the cards of the latest changes say."""
    found = re.findall(r'<li class="change[ "].*?<a class="change-link".*?</a>', page, re.DOTALL)
    return [plain(one) for one in found]


def matrix(page: str) -> dict[str, dict[str, str]]:
    """Return the cells of the matrix by row and column."""
    head, _, body = page.partition('<table class="matrix">')[2].partition("</thead>")
    columns = [plain(one) for one in re.findall(r"<th.*?</th>", head, re.DOTALL)]
    rows = {}
    for row in body.partition("</table>")[0].split("</tr>")[:-1]:
        name, *cells = (plain(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL))
        rows[name] = dict(zip(columns, cells, strict=True))
    return rows


def test_the_latest_change_of_position_comes_first_with_its_proof(paper: Paper) -> None:
    (told,) = cards(paper.open("/").text)
    assert told.startswith("Union Aland before: opposes, 2 Jul 2025 now accepts «")
    assert told.endswith("Dora Example, 2 Sep 2025 · Invented Times, 16 Dec 2025")
    turn = paper.say("turn", "bland", "opposes", "2025-12-10", paraphrase="Never, after all.")
    page = paper.open("/").text
    assert [one.split(" before")[0] for one in cards(page)] == ["Union Bland", "Union Aland"]
    assert f"/t/union?s={turn}#lane-bland" in Page(page).links()
    assert paper.open(f"/t/union?s={turn}").status_code == 200


def test_only_words_that_the_source_quotes_are_marked_on_a_card(paper: Paper) -> None:
    paper.say("turn", "bland", "opposes", "2025-12-10", paraphrase="Never, after all.")
    first, second = re.findall(r'<li class="change[ "].*?</a>', paper.open("/").text, re.DOTALL)
    assert "quoted-words" not in first
    assert 'class="quoted-words" lang="fr"' in second


def test_a_change_by_hearsay_says_so(paper: Paper) -> None:
    paper.newsroom.actors.introduce(paper.dora(), "Eland", "state", slug="eland")
    for stance, day in (("opposes", "2025-12-01"), ("supports", "2025-12-10")):
        paper.say(
            stance,
            "eland",
            stance,
            day,
            attribution="second_hand",
            reported_via="circles",
            paraphrase="It is said.",
        )
    assert "now supports second-hand, via circles It is said." in cards(paper.open("/").text)[0]


def test_a_topic_on_which_nobody_has_a_position_says_so_and_draws_no_axis(
    paper: Paper, demo: Site
) -> None:
    room = paper.newsroom.topics
    room.open(paper.dora(), "Will it snow in Aland?", "expectation", slug="snow", story="talks")
    item = re.findall(r'<li class="topic[ "].*?</li>\n', paper.open("/").text, re.DOTALL)[-1]
    assert "topic-axis" not in item
    assert plain(item).endswith("Nobody has taken a position on it yet. Record a statement")
    assert "/record?topic=snow" in Page(item).links()
    asked = demo.open("/").text.partition('"/t/deal-by-christmas">')[2].partition("</li>")[0]
    assert "Nobody has taken a position on it yet. What was said" in plain(asked)
    assert "<svg" not in asked


def test_a_tie_is_no_latest_change(paper: Paper) -> None:
    paper.say("one", "cland", "supports", "2025-12-10", paraphrase="Yes.")
    paper.say("two", "cland", "opposes", "2025-12-10", paraphrase="No.")
    assert [one.split(" before")[0] for one in cards(paper.open("/").text)] == ["Union Aland"]


def test_a_change_made_for_another_is_told_once(paper: Paper) -> None:
    assert sum("accepts" in one for one in cards(paper.open("/").text)) == 1


def test_a_retracted_change_is_no_change(paper: Paper) -> None:
    paper.newsroom.statements.retract(paper.dora(), paper.numbers["yes"], "Not said.")
    assert cards(paper.open("/").text) == []


def test_every_topic_is_linked_with_who_moved_last(paper: Paper) -> None:
    page = Page(paper.open("/").text)
    assert {"/t/union", "/t/deal", "/t/union#lane-bland"} <= {*page.links()}
    teasers = plain(paper.open("/").text).partition("Invented talks")[2]
    assert "Should Aland join the union? Aland now accepts, before: opposes, 2 Sep 2025" in teasers


def test_topics_stand_by_latest_change_or_by_name(paper: Paper) -> None:
    paper.newsroom.topics.open(
        paper.dora(), "Any question?", "claim", slug="any", story="talks", name="Any"
    )
    by = {}
    for sort in ("", "?sort=name"):
        page = paper.open(f"/{sort}").text
        by[sort] = re.findall(r'<h3 hx-disable><a href="/t/([\w-]+)"', page)
    assert by == {"": ["deal", "union", "any"], "?sort=name": ["any", "deal", "union"]}
    assert paper.open("/?sort=size").status_code == 422


def test_the_matrix_says_where_everybody_stands(paper: Paper) -> None:
    assert matrix(paper.open("/").text) == {
        "Bland": {"Union": "supports 1 Dec 2025", "Deal": "thinks likely 15 Dec 2025"},
        "Aland": {"Union": "accepts 2 Sep 2025", "Deal": "– no statement"},
        "Cland": {"Union": "conditional Sep 2025", "Deal": "– no statement"},
    }


def test_a_cell_leads_to_its_lane(paper: Paper) -> None:
    page = paper.open("/").text
    for link in re.findall(r'class="matrix-cell matrix-cell-[^"]*" href="([^"]+)"', page):
        path, _, lane = link.partition("#")
        assert f'id="{lane}"' in paper.open(path).text


def test_a_cell_that_changed_within_thirty_days_is_outlined(paper: Paper) -> None:
    paper.services.models.catch_up()
    recent = {}
    with paper.app.test_request_context(), paper.services.models.engine().connect() as conn:
        for day in ("2025-09-20", "2025-10-20"):
            page = home_page(conn, sort="changed", now=parse_asof(day), host="http://localhost/")
            (section,) = page.stories
            assert section.matrix is not None
            cells = [cell for _, row in section.matrix.rows for cell in row if cell.recent]
            recent[day] = [cell.came_from for cell in cells]
    assert recent == {"2025-09-20": ["opposes"], "2025-10-20": []}


def test_second_hand_cells_name_via_whom(demo: Site) -> None:
    page = demo.open("/").text
    assert re.search(r'class="matrix-cell matrix-cell-\w+ matrix-cell-second-hand', page)
    assert "via " in plain(page)


def test_the_front_page_of_the_demo_links_every_topic_and_both_stories(demo: Site) -> None:
    page = Page(demo.open("/").text)
    topics = {link for link in page.links() if re.fullmatch(r"/t/[\w-]+", link)}
    assert len(topics) == 20
    assert {"/t/eu-accession", "/t/cuba-embargo", "/t/deal-by-christmas"} <= topics
    ids = {one.attributes.get("id") for one in page.elements}
    assert {"story-berlin-talks", "story-un-votes"} <= ids
    assert page.one("html")["lang"] == "en"


def test_topics_without_a_story_have_a_section_of_their_own(paper: Paper) -> None:
    paper.newsroom.topics.open(paper.dora(), "Any question?", "claim", slug="any")
    _, _, other = paper.open("/").text.partition('id="story-other"')
    assert 'href="/t/any"' in other.partition("</section>")[0]


def test_of_very_many_topics_the_latest_to_change_are_drawn_and_the_others_named(
    paper: Paper,
) -> None:
    for n in range(70):
        slug = f"topic-{n:02}"
        paper.newsroom.topics.open(paper.dora(), f"Is number {n:02} so?", "claim", slug=slug)
        said = f"2025-{1 + n // 28:02}-{1 + n % 28:02}"
        paper.say(slug, "bland", "asserts", said, topic=slug, paraphrase="Yes.")
    page = Page(paper.open("/").text)
    links = page.links()
    assert all(f"/t/topic-{n:02}" in links for n in range(70))
    drawn = [
        one
        for one in page.elements
        if one.tag == "li" and "topic" in one.attributes.get("class", "").split()
    ]
    assert len([one for one in drawn if "topic-new" not in one["class"]]) == 2 + 24
    assert "46 more topics" in page.words(class_="topics-more")
    assert "Is number 69 so?" in page.words(class_="topics")
    assert "number 69" not in page.words(class_="topics-more")


def test_an_empty_record_says_what_to_do(sqlite_url: str) -> None:
    services = open_store(sqlite_url)
    for identify in (EDITORS, everybody_reads):
        page = Site(services, identify=identify).open("/")
        assert page.status_code == 200
        assert "Nothing is on record yet." in plain(page.text)
        assert ("/record/topic" in Page(page.text).links()) == (identify is EDITORS)
    services.close()


@pytest.mark.parametrize(
    "path", ["/log", "/actors", "/corrections", "/search", "/log/diff", "/keys", "/record"]
)
def test_every_page_opens_on_an_empty_record(sqlite_url: str, path: str) -> None:
    services = open_store(sqlite_url)
    assert Site(services).open(path).status_code == 200
    services.close()


def test_where_no_question_is_on_record_the_form_leads_to_where_one_is_opened(
    sqlite_url: str, paper: Paper
) -> None:
    services = open_store(sqlite_url)
    form = Site(services).open("/record").text
    services.close()
    assert (
        form.count('href="/record/topic"')
        == paper.open("/record").text.count('href="/record/topic"') + 1
    )
