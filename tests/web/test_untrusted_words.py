from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from tests.web.markup import Page
from tests.web.paper import Paper
from timeline.application.commands import Condition, Quoted, RecordDevelopment, Source
from timeline.domain.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.web.markup import Element, Text

TYPED = "%3Cb%20hx-get=%22/x%22%3EEVIL"
NO_ELEMENTS = ("title", "option", "textarea")
"""What stays text in a browser, whatever is in it."""


@pytest.fixture(scope="module")
def gutter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gutter]:
    """The site over a record full of markup, to be read only."""
    gutter = Gutter(f"sqlite:///{tmp_path_factory.mktemp('gutter') / 'paper.db'}")
    gutter.print_first_edition()
    yield gutter
    gutter.services.close()


def addresses(gutter: Gutter) -> list[str]:
    """Return an address for everything that a page can show."""
    numbers = gutter.numbers
    topic = ["", "?view=table", "?since=@3", "?only=new&since=@3", "?stance=1", "?as_of=2025-07-15"]
    return [
        "/",
        *(f"/t/union{query}" for query in topic),
        *(f"/t/union?s={number}" for number in numbers.values()),
        "/t/union?actor=bland",
        "/t/union?expand=aland",
        "/t/union?source=x",
        "/t/union/why/aland",
        "/t/union/why/bland",
        "/t/next",
        "/a/aland",
        "/a/bland",
        "/actors",
        f"/actors?q={TYPED}",
        *(f"/s/{number}" for number in numbers.values()),
        *(f"/log?at={number}" for number in {1, 3, 5, 6, 7, *numbers.values()}),
        "/log/diff?topic=union&a=@14",
        "/corrections",
        "/search?q=EVIL",
        f"/search?q={TYPED}",
        "/record",
        "/record?topic=union&actor=bland&said_at=2025-07-01",
        "/record/topic?succeeds=union",
        "/record/actor",
        "/record/development",
        *(f"/record/{numbers['own']}/{form}" for form in ("correct", "retract", "link", "second")),
        f"/t/{TYPED}",
        f"/t/union?sort={TYPED}",
        f"/t/union?as_of={TYPED}",
        f"/log?at={TYPED}",
        f"/s/{TYPED}",
        f"/{TYPED}",
    ]


@pytest.fixture(scope="module")
def pages(gutter: Gutter) -> dict[str, Page]:
    """Every page by its address."""
    found = {}
    for path in addresses(gutter):
        answer = gutter.open(path)
        assert answer.status_code in (200, 404, 422), path
        found[path] = Page(answer.text)
    return found


def test_words_never_become_elements_or_attributes(pages: dict[str, Page]) -> None:
    for path, page in pages.items():
        assert not page.find("img"), path
        for element in page.elements:
            assert not any(name.startswith("on") for name in element.attributes), path
            assert not any(name in element.attributes for name in ("b", "evil", "<script")), path
            assert element.tag != "script" or element["src"].startswith("/static/"), path
            assert element.tag != "b" or "hx-get" not in element.attributes, path


def test_no_address_on_a_page_is_made_of_words(pages: dict[str, Page]) -> None:
    known = ("/", "#", "?", "https://example.org/", "http://localhost/")
    for path, page in pages.items():
        for element in page.elements:
            for name in ("href", "src", "action", "hx-get", "hx-post"):
                assert (element.attributes.get(name) or "/").startswith(known), (path, element)


def test_a_part_of_a_page_holds_no_elements_of_words_either(gutter: Gutter) -> None:
    for path in ("/", "/t/union", f"/t/union?s={gutter.numbers['own']}", "/search?q=EVIL"):
        for element in Page(gutter.part(path)).elements:
            assert element.tag not in ("script", "img"), path
            assert element.tag != "b" or "hx-get" not in element.attributes, path


def test_words_stay_text_in_a_picture(gutter: Gutter) -> None:
    drawn = ET.fromstring(gutter.open("/t/union.svg").text)  # noqa: S314 - our own
    names = {element.tag.rpartition("}")[2] for element in drawn.iter()}
    assert names <= {
        *("svg", "title", "desc", "style", "defs", "pattern", "marker", "g", "use"),
        *("rect", "circle", "line", "path", "text"),
    }
    assert not any(name.startswith("on") for element in drawn.iter() for name in element.attrib)
    assert any(EVIL in "".join(element.itertext()) for element in drawn.iter())
    assert gutter.open("/t/union.png?size=social").mimetype == "image/png"


def test_words_are_shown_as_they_were_written(gutter: Gutter, pages: dict[str, Page]) -> None:
    for path in ("/", "/t/union", "/a/aland", f"/s/{gutter.numbers['own']}"):
        assert any(EVIL in text.text for text in pages[path].texts), path


def test_words_stand_where_htmx_does_nothing(pages: dict[str, Page]) -> None:
    for path, page in pages.items():
        open_to_htmx = [text for text in page.texts if "EVIL" in text.text and not _is_inert(text)]
        assert not open_to_htmx, (
            path,
            [(element.tag, element.attributes) for element in open_to_htmx[0].around[-4:]],
        )


def _is_inert(text: Text) -> bool:
    return text.around[-1].tag in NO_ELEMENTS or any(_disables(element) for element in text.around)


def _disables(element: Element) -> bool:
    return "hx-disable" in element.attributes


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example/x",
        "https://user:secret@example.org/",
        'https://example.org/"onclick="x',
        "http://169.254.169.254/latest/meta-data/",
    ],
)
def test_no_address_gets_in_that_is_more_than_a_link(paper: Paper, address: str) -> None:
    with pytest.raises(Refused):
        paper.say("bad", "bland", "opposes", "2025-12-01", source=Source(url=address))
    form = {
        "topic": "union",
        "actor": "Bland",
        "stance": "opposes",
        "paraphrase": "No.",
        "attribution": "reported",
        "said_at": "1 Dec 2025",
        "precision": "day",
        "source.url": address,
    }
    head = paper.services.log.head()
    answer = paper.post("/record", form)
    assert answer.status_code == 422
    assert not any(
        element["href"].lower().startswith(("javascript", "data")) for element in _links(answer)
    )
    assert paper.services.log.head() == head


def _links(answer: object) -> list[Element]:
    page = Page(getattr(answer, "text"))  # noqa: B009 - the client's answer is not typed
    return [element for element in page.find("a") if "href" in element.attributes]


EVIL = (
    "'\"><b hx-get=/log/rebuild hx-trigger=load onclick=x()>EVIL</b></title></textarea></svg>"
    "<script>x()</script><img src=x onerror=x()>{{ 7*7 }}{% raw %}&lt;"
)
SOURCE = Source(
    outlet=EVIL,
    title=EVIL,
    author=EVIL,
    url="https://example.org/talks",
    published_at="2025-12-16",
    lang="en",
)


class Gutter(Paper):
    """The site over such a record."""

    def print_first_edition(self) -> None:
        """Put markup on record under every name and in every field."""
        room = self.newsroom
        room.stories.open(self.dora(), EVIL, slug="talks")
        room.actors.introduce(self.dora(), EVIL, "state", slug="aland")
        room.actors.introduce(self.dora(), f"B {EVIL}", "person", slug="bland")
        room.actors.add_alias(self.dora(), "bland", f"C {EVIL}")
        room.actors.mandate(self.dora(), "bland", "aland", EVIL)
        room.topics.open(self.dora(), EVIL, "position", slug="union", story="talks", name=EVIL)
        room.topics.open(self.dora(), f"{EVIL}2", "claim", slug="next", succeeds="union")
        self._quarrel()
        self._think_again()
        room.topics.close(self.dora(), "union", EVIL)

    def _quarrel(self) -> None:
        words = Quoted(text=EVIL, lang="en", wording="original", prefix=EVIL, suffix=EVIL)
        self._put("own", "opposes", "2025-07-01", quote=words, translation=EVIL, utterance="u")
        self._put("later", "supports", "2025-08-01")
        self._put("heard", "doubts", "2025-09-01", attribution="second_hand", reported_via=EVIL)
        declined = {"no_position_reason": "declined", "asked": EVIL, "condition": None}
        self._put("silent", "no_position", "2025-07-01", topic="next", utterance="u", **declined)
        happened = RecordDevelopment(
            topics=("union",),
            title=EVIL,
            summary=EVIL,
            status="claimed",
            according_to="aland",
            happened_at="2025-08-03",
            source=SOURCE,
        )
        recorded = self.newsroom.developments.record(self.dora(), happened)
        self.numbers["event"] = recorded.position

    def _put(self, name: str, stance: str, said_at: str, **more: object) -> None:
        fields: dict[str, Any] = {
            "topic": "union",
            "on_behalf_of": "aland",
            "paraphrase": EVIL,
            "hedge": EVIL,
            "asked": EVIL,
            "condition": Condition(text=EVIL, topic="next"),
            "source": SOURCE,
        }
        self.say(name, "bland", stance, said_at, **(fields | more))

    def _think_again(self) -> None:
        room, number = self.newsroom.statements, self.numbers
        room.correct(self.dora(), number["own"], {"paraphrase": f"{EVIL}!"}, EVIL)
        room.correct(self.dora(), number["own"], {"said_at": "2025-07-02"}, EVIL)
        room.link(self.dora(), number["later"], "contradicts", number["own"], EVIL)
        room.receive_reply(self.dora(), number["own"], "2025-12-16", EVIL, "en")
        room.code(self.dora(), number["own"], "doubts", None, EVIL)
        room.second(self.dora(), number["later"], Source(outlet=f"{EVIL}2"), "reported")
        room.retract(self.dora(), number["silent"], EVIL)
