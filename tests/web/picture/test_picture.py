"""A chart as a file: what stands on it, that it needs nothing else, and that all of it fits."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from tests.web.site import Site
from web.chart.text import whole_lines, width
from web.picture.answer import png
from web.picture.ink import style_sheet
from web.shell.publisher import Publisher

if TYPE_CHECKING:
    from tests.web.paper import Paper

SVG = "{http://www.w3.org/2000/svg}"
SIZES = {
    "title": 26,
    "told": 16,
    "name": 14,
    "missing": 12,
    "source": 11.5,
    "legend": 12,
    "note": 11,
}


def drawn(site: Site, path: str) -> ET.Element:
    answer = site.open(path)
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    return ET.fromstring(answer.text)  # noqa: S314 - our own


def words(picture: ET.Element) -> list[str]:
    return ["".join(element.itertext()) for element in picture.iter(f"{SVG}text")]


def measures(data: bytes) -> tuple[int, int]:
    """Return width and height that a PNG gives in its header."""
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    wide, high = struct.unpack(">II", data[16:24])
    return wide, high


def test_a_picture_says_what_it_shows_of_when_and_from_where(paper: Paper) -> None:
    picture = drawn(paper, "/t/union.svg?as_of=2025-10-01&from=2025-06")
    told = " ".join(words(picture))
    head = paper.services.log.head()
    for one in ("Should Aland join the union?", "as of 1 Oct 2025", "Aland", "accepts", "opposes"):
        assert one in told
    assert f"Source: Standline, /t/union; record up to event {head}, 16 Dec 2025" in told
    title, about = picture.find(f"{SVG}title"), picture.find(f"{SVG}desc")
    assert picture.get("aria-labelledby") == "title about"
    assert title is not None
    assert title.text == "Should Aland join the union?"
    assert about is not None
    assert "Aland: " in str(about.text)
    again = f" /t/union?from=2025-06&as_of=2025-10-01&known_at=@{head}"
    assert str(about.text).endswith(again)


def test_a_picture_tells_who_moved_before_it_draws_it(demo: Site) -> None:
    for size in ("print", "social"):
        told = " ".join(words(drawn(demo, f"/t/cuba-embargo.svg?size={size}")))
        assert "When they last voted, on 7 Nov 2019, 15, among them Germany and Poland" in told
        assert "15 of the 20 sides with a position on record changed theirs: Ukraine" in told


def test_a_picture_of_one_actor_tells_their_latest_change_as_an_editor_signed_it(
    paper: Paper,
) -> None:
    paper.sign("Aland now accepts it.", "In one speech.")
    for size in ("print", "social"):
        card = f"/t/union.svg?size={size}&actor=aland"
        signed = "Aland now accepts it. In one speech. Signed by an editor on 16 Dec 2025."
        assert signed in " ".join(words(drawn(paper, card)))
        assert "Aland now accepts" not in paper.open(f"{card}&as_of=2025-07-10").text


def test_of_sentences_that_do_not_fit_none_is_cut() -> None:
    long = ("Aland is for it.", "Word " * 200 + "end.", "Nobody moved.")
    assert whole_lines(long, 948, 16, 4) == ("Aland is for it.",)
    assert whole_lines(long[1:], 948, 16, 4) == ()


def test_a_site_that_others_can_open_is_named(paper: Paper) -> None:
    public = Site(paper.services, hosts=["news.example.org"])
    answer = public.reader.get("/t/union.svg", base_url="https://news.example.org")
    assert "Standline, news.example.org/t/union; record up to event" in answer.text
    assert "https://news.example.org/t/union?known_at=@" in answer.text


def test_a_picture_needs_nothing_beside_itself(paper: Paper) -> None:
    answer = paper.open("/t/union.svg")
    ids = {element.get("id") for element in drawn(paper, "/t/union.svg").iter()}
    used = re.findall(r'(?:href="|url\()([^")]+)', answer.text)
    fonts = [one for one in used if one.startswith("data:font/woff2;base64,")]
    assert len(fonts) == 1
    assert {one.removeprefix("#") for one in used if one not in fonts} <= ids
    assert not re.search(r"<a[ >]|hx-|var\(|light-dark", answer.text)
    assert "style-src 'unsafe-inline'" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_filters_moments_and_lanes_are_those_of_the_page(paper: Paper) -> None:
    whole, element = drawn(paper, "/t/union.svg"), drawn(paper, "/t/union.svg?actor=bland")
    assert {"Aland", "Bland"} <= set(words(whole))
    assert "Aland" not in words(element)
    assert "Bland" in words(element)
    points = re.compile(r'class="point[ "]')
    for query in ("", "?actor=bland", "?known_at=@14", "?from=2025-08&to=2025-10"):
        page, file = paper.open(f"/t/union{query}").text, paper.open(f"/t/union.svg{query}").text
        chart = page[page.index("data-lanes") : page.index('-lanes" tabindex="-1"')]
        assert len(points.findall(file)) == len(points.findall(chart)), query
    opened = paper.open(f"/t/union.svg?s={paper.numbers['yes']}&open=aland&play=1")
    assert opened.data == paper.open("/t/union.svg").data


def test_its_legend_names_no_stance_that_nobody_in_it_takes(paper: Paper) -> None:
    def legend(path: str) -> set[str]:
        shown = drawn(paper, path).iter(f"{SVG}text")
        return {element.text or "" for element in shown if element.get("class") == "picture-legend"}

    assert {"opposes", "accepts", "supports"} <= legend("/t/union.svg?actor=aland")
    assert "supports" in legend("/t/union.svg?actor=bland")
    assert legend("/t/union.svg?actor=bland").isdisjoint({"opposes", "accepts", "doubts"})


def test_it_speaks_and_looks_as_its_address_says(paper: Paper) -> None:
    light, dark = paper.open("/t/union.svg").text, paper.open("/t/union.svg?theme=dark").text
    assert ".picture-ground{fill:#fff}" in light
    assert ".picture-ground{fill:#0f1114}" in dark
    german = drawn(paper, "/t/union.svg?lang=de")
    assert german.get("lang") == "de"
    assert any(word.startswith("Quelle: Standline") for word in words(german))
    paper.reader.set_cookie("theme", "dark")
    assert paper.open("/t/union.svg").text == dark
    assert paper.open("/t/union.svg?theme=light").text == light


def test_a_card_has_its_measures_and_says_what_it_leaves_out(demo: Site) -> None:
    card = drawn(demo, "/t/cuba-embargo.svg?size=social")
    assert (card.get("width"), card.get("height")) == ("1200.0", "675.0")
    whole = words(drawn(demo, "/t/cuba-embargo.svg"))
    shown = words(card)
    (more,) = (one for one in shown if one.endswith("more actors"))
    lanes = re.compile(r'class="baseline"')
    all_of_them = len(lanes.findall(demo.open("/t/cuba-embargo.svg").text))
    left = len(lanes.findall(demo.open("/t/cuba-embargo.svg?size=social").text))
    assert more == f"and {all_of_them - left} more actors"
    assert 3 <= left < all_of_them
    assert not any(one.endswith("more actors") for one in whole)
    assert demo.open("/t/cuba-embargo.svg?size=poster").status_code == 422
    assert "use print or social" in demo.open("/t/cuba-embargo.svg?size=poster").text


@pytest.mark.thorough
@pytest.mark.parametrize("size", ["print", "social"])
@pytest.mark.parametrize("lang", ["en", "de"])
def test_no_word_stands_beyond_the_edges(demo: Site, size: str, lang: str) -> None:
    for topic in ("eu-accession", "cuba-embargo", "talks-progress"):
        picture = drawn(demo, f"/t/{topic}.svg?size={size}&lang={lang}")
        wide, high = map(float, str(picture.get("viewBox")).split()[2:])
        for element in picture.findall(f"{SVG}text"):
            style = str(element.get("class"))
            right = float(element.get("x", 0)) + width(
                str(element.text), SIZES.get(style.removeprefix("picture-").split("-")[0], 13)
            )
            assert right <= wide, (topic, element.text)
            assert float(element.get("y", 0)) <= high, (topic, element.text)


def test_letters_of_a_picture_are_drawn_in_the_typeface_that_lies_here() -> None:
    def of(text: str) -> bytes:
        head = '<svg xmlns="http://www.w3.org/2000/svg" width="99" height="30">'
        return png(f'{head}<text y="20" style="font:600 12px sans-serif">{text}</text></svg>', 1)

    nothing = of("")
    assert nothing not in {of("Ann"), of("Šefčovič"), of("Зеленський")}


def test_a_view_without_statements_says_so(paper: Paper) -> None:
    paper.newsroom.topics.open(paper.dora(), "Will it rain?", "expectation", slug="rain")
    told = words(drawn(paper, "/t/rain.svg"))
    assert "No statement on record in this view." in told


def test_the_publisher_is_credited(paper: Paper) -> None:
    credited = Site(paper.services, publisher=Publisher(credit="Example News, CC BY 4.0"))
    assert "Example News, CC BY 4.0" in words(drawn(credited, "/t/union.svg"))


@pytest.mark.parametrize("place", ["/t/union", "/a/bland"])
def test_it_comes_as_pixels_for_print_and_for_cards(paper: Paper, place: str) -> None:
    card = paper.open(f"{place}.png?size=social")
    assert card.mimetype == "image/png"
    assert measures(card.data) == (1_200, 675)
    assert measures(paper.open(f"{place}.png?size=print").data)[0] == 2_400
    assert measures(paper.open(f"{place}.png").data)[0] == 2_400
    assert paper.open(f"{place}.png?size=social&theme=dark").data != card.data


@pytest.mark.parametrize("view", ["/t/union?actor=bland", "/a/bland?as_of=2025-10-01"])
def test_a_page_leads_to_its_pictures_and_names_its_card(paper: Paper, view: str) -> None:
    place, _, asked = view.partition("?")
    page = paper.open(view).text
    for ending in ("svg", "png"):
        assert f'href="{place}.{ending}?{asked}"' in page
    card = f"http://localhost{place}.png?{asked}&amp;size=social"
    assert f'property="og:image" content="{card}"' in page


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_value_of_the_style_sheet_is_written_out(theme: str) -> None:
    sheet = style_sheet(theme, is_neutral=False, plot=744)
    neutral = style_sheet(theme, is_neutral=True, plot=500)
    assert not re.search(r"var\(|light-dark|--|:is|@|currentcolor", sheet + neutral)
    assert sheet.count("{") == sheet.count("}")
    assert ".line-5{stroke:" in sheet
    assert ".if-wide{display:none}" in neutral
    assert ".if-wide" not in sheet
    assert not re.search(r"font(-weight)?:[456]50", sheet)
    colour = re.compile(r"\.line-5\{stroke:([^}]+)\}")
    assert colour.findall(sheet) != colour.findall(neutral)


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
    return sum(lane.count('class="riser') for lane in lanes)


def test_nobody_s_picture_is_not_found(paper: Paper) -> None:
    assert paper.open("/a/nobody.svg").status_code == 404
    assert paper.open("/a/bland.svg?size=huge").status_code == 422
