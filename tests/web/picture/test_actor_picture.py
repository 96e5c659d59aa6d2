"""An actor's chart as a file: every topic a lane, of the moment and the period of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.picture.test_picture import SVG, drawn, measures, words

if TYPE_CHECKING:
    from tests.web.paper import Paper


def test_a_picture_of_an_actor_has_every_topic_and_where_it_is_from(paper: Paper) -> None:
    picture = drawn(paper, "/a/bland.svg?as_of=2025-10-01")
    told = words(picture)
    head = paper.services.log.head()
    assert "Bland" in told
    assert "as of 1 Oct 2025" in " ".join(told)
    assert f"Source: Standline, /a/bland; record up to event {head}, 16 Dec 2025" in told
    about = picture.find(f"{SVG}desc")
    assert about is not None
    assert str(about.text).endswith(f" /a/bland?as_of=2025-10-01&known_at=@{head}")


def test_it_draws_what_the_page_draws(paper: Paper) -> None:
    for query in ("", "?as_of=2025-08-20", "?known_at=@14"):
        page, file = paper.open(f"/a/bland{query}").text, paper.open(f"/a/bland.svg{query}").text
        assert file.count('class="riser') == page.count('class="riser') - small(page), query


def small(page: str) -> int:
    """Return how many risers of the page are drawn in small, beside the words."""
    lanes = (part.partition("</svg>")[0] for part in page.split("pair-lane"))
    return sum(one.count('class="riser') for one in lanes)


@pytest.mark.parametrize(("size", "measured"), [("print", 2_400), ("social", 1_200)])
def test_it_comes_as_pixels_for_print_and_for_cards(paper: Paper, size: str, measured: int) -> None:
    answer = paper.open(f"/a/bland.png?size={size}")
    assert answer.mimetype == "image/png"
    assert measures(answer.data)[0] == measured


def test_the_page_leads_to_it_and_shows_its_card_where_it_is_posted(paper: Paper) -> None:
    page = paper.open("/a/bland?as_of=2025-10-01").text
    assert 'href="/a/bland.svg?as_of=2025-10-01"' in page
    card = "http://localhost/a/bland.png?as_of=2025-10-01&amp;size=social"
    assert f'property="og:image" content="{card}"' in page


def test_nobody_s_picture_is_not_found(paper: Paper) -> None:
    assert paper.open("/a/nobody.svg").status_code == 404
    assert paper.open("/a/bland.svg?size=huge").status_code == 422
