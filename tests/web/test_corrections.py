from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import fromstring

from tests.web.paper import TIMES
from timeline.application.commands import Source
from timeline.domain.naming import document_id
from web.shell.publisher import Publisher

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    import pytest
    from werkzeug.test import TestResponse

    from tests.web.paper import Paper

ATOM = "{http://www.w3.org/2005/Atom}"


def parsed(answer: TestResponse) -> Element:
    """Return a feed, taken apart."""
    return fromstring(answer.data)  # noqa: S314 - our own


def test_nothing_corrected_says_so_and_how_it_would_be_done(paper: Paper) -> None:
    text = paper.read("/corrections")
    assert "Nothing has been corrected yet." in text
    assert "The earlier version stays readable" in text
    assert "has not named a contact" in text


def test_every_kind_is_listed_latest_first_with_what_changed_and_why(paper: Paper) -> None:
    room, numbers = paper.newsroom, paper.numbers
    room.statements.correct(paper.dora(), numbers["no"], {"stance": "doubts"}, "Misread.")
    room.statements.correct(
        paper.dora(),
        numbers["yes"],
        {"translation": "we are not against it"},
        "Closer.",
        material=False,
    )
    room.statements.retract(paper.dora(), numbers["wants"], "Another Bland.")
    room.statements.reinstate(paper.dora(), numbers["wants"], "It was this one.")
    room.statements.receive_reply(
        paper.dora(), numbers["still"], "2025-12-16", "We never said so.", "en"
    )
    text = paper.read("/corrections")
    told = [
        "Reply",
        "Bland: supports",
        "We never said so.",
        "replied 16 Dec 2025",
        "Reinstated material",
        "It was this one.",
        "Retracted material",
        "Another Bland.",
        "Corrected clerical",
        "Translation: we do not oppose, corrected to: we are not against it.",
        "Corrected material",
        "Dora Example: doubts",
        "Stance: opposes, corrected to: doubts.",
        "Misread.",
    ]
    places = [text.index(one) for one in told]
    assert places == sorted(places)


def test_a_value_that_came_or_went_is_told_as_such_and_in_words(paper: Paper) -> None:
    room, dora, number = paper.newsroom.statements, paper.dora(), paper.numbers["wants"]
    silent = {"stance": "no_position", "no_position_reason": "unstated"}
    room.correct(dora, number, silent, "They take no side.")
    room.correct(dora, number, {"hedge": "perhaps"}, "It was there.")
    room.correct(dora, number, {"hedge": ""}, "It was not.")
    text = paper.read("/corrections")
    assert "Reason for no position: took no side, not recorded before" in text
    assert "perhaps, not recorded before." in text
    assert "perhaps, taken out." in text
    assert "nothing" not in text


def test_the_list_goes_on_page_by_page(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.corrections.PAGE", 2)
    for name in ("no", "yes", "if"):
        paper.newsroom.statements.retract(paper.dora(), paper.numbers[name], f"Not {name}.")
    first = paper.open("/corrections").text
    assert "Not if." in first
    assert "Not no." not in first
    link = first.split('href="/corrections?before=')[1].split('"')[0]
    following = paper.part(f"/corrections?before={link}")
    assert "Not no." in following
    assert "<html" not in following
    assert "There is nothing earlier." in paper.read("/corrections?before=1")
    assert paper.open("/corrections?before=x").status_code == 422


def test_the_latest_are_a_feed_that_keeps_its_ids(paper: Paper) -> None:
    empty = parsed(paper.open("/corrections.atom"))
    assert empty.findall(f"{ATOM}entry") == []
    room, number = paper.newsroom.statements, paper.numbers["wants"]
    room.correct(paper.dora(), number, {"paraphrase": "Wants it soon."}, "A word was missing.")
    first = parsed(paper.open("/corrections.atom"))
    room.retract(paper.dora(), number, "Another Bland.")
    answer = paper.open("/corrections.atom")
    assert answer.mimetype == "application/atom+xml"
    feed = parsed(answer)
    latest, earlier = feed.findall(f"{ATOM}entry")
    assert latest.findtext(f"{ATOM}title") == "Retracted: Bland: supports"
    assert latest.findtext(f"{ATOM}summary") == "Another Bland"
    assert feed.findtext(f"{ATOM}updated") == latest.findtext(f"{ATOM}updated")
    link = latest.find(f"{ATOM}link")
    assert link is not None
    assert link.get("href") == f"http://localhost/s/{number}"
    assert earlier.findtext(f"{ATOM}id") == first.findtext(f"{ATOM}entry/{ATOM}id")
    assert "/corrections.atom" in paper.page("/corrections").links()


def test_a_correction_of_withheld_words_names_the_field_only(paper: Paper) -> None:
    room, number = paper.newsroom, paper.numbers["wants"]
    room.statements.correct(paper.dora(), number, {"paraphrase": "Wants all of it."}, "Closer.")
    room.statements.retract(paper.dora(), number, "Private.", withhold=True)
    for path in ("/corrections", f"/s/{number}", "/t/union"):
        text = paper.read(path)
        assert "Wants all of it." not in text
        assert "Wants it." not in text
    assert "Paraphrase was corrected." in paper.read("/corrections")


def test_many_like_corrections_are_one_line_that_opens(paper: Paper) -> None:
    sources = [Source(outlet=f"Gazette {n}") for n in range(5)]
    numbers = [
        paper.say(f"s{n}", "cland", "supports", "2025-12-01", paraphrase="Yes.", source=one)
        for n, one in enumerate(sources)
    ]
    mend, reason = paper.newsroom.documents.correct, "The address was missing."
    for n, number in enumerate(numbers):
        source = paper.services.log.event(number).document  # type: ignore[union-attr]
        address = f"https://example.org/{n}"
        mend(paper.dora(), source, "url", address, reason, material=False)
    page = paper.page("/corrections")
    (details,) = page.find("details", class_="corrections-alike")
    assert page.words(class_="corrections-alike").startswith("5 like corrections: Address")
    inside = [element for element in page.find("li") if details in element.around]
    assert len(inside) == 5
    assert page.words().count(reason) == 1
    assert "Gazette 3" in page.words(class_="corrections-alike")
    (entry,) = parsed(paper.open("/corrections.atom")).findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Source corrected: 5 like corrections: Address"


def test_like_corrections_are_folded_across_pages(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.corrections.PAGE", 2)
    room, number = paper.newsroom.statements, paper.numbers["wants"]
    room.retract(paper.dora(), paper.numbers["no"], "Not no.")
    room.correct(paper.dora(), number, {"hedge": "maybe"}, "Once.", material=False)
    for word in ("one", "two", "three", "four", "five"):
        room.correct(paper.dora(), number, {"hedge": word}, "Again.", material=False)
    page = paper.page("/corrections")
    assert page.words(class_="corrections-alike").startswith("5 like corrections: hedge")
    assert "Once." not in page.words()
    (more,) = [link for link in page.links() if link.startswith("/corrections?before=")]
    assert "Once." in paper.part(more)
    assert "Not no." in paper.part(more)


def test_material_corrections_and_a_few_like_ones_are_told_one_by_one(paper: Paper) -> None:
    room, number = paper.newsroom.statements, paper.numbers["wants"]
    for word in ("one", "two", "three", "four"):
        room.correct(paper.dora(), number, {"hedge": word}, "Material.")
    for word in ("five", "six", "seven"):
        room.correct(paper.dora(), number, {"hedge": word}, "A few.", material=False)
    assert "like corrections" not in paper.read("/corrections")


def test_a_corrected_source_is_listed(paper: Paper) -> None:
    source = document_id(TIMES.url or "", "", "", "")
    paper.newsroom.documents.correct(
        paper.dora(), source, "published_at", "2025-12-17", "The paper of the day after."
    )
    text = paper.read("/corrections")
    assert "Source corrected material" in text
    assert "Invented Times, Talks in the capital" in text
    assert "2025-12-16, corrected to: 2025-12-17" in text
    assert "The paper of the day after." in text


def test_a_material_correction_heads_its_topic_and_a_clerical_one_does_not(paper: Paper) -> None:
    room, numbers = paper.newsroom, paper.numbers
    room.statements.correct(
        paper.dora(),
        numbers["yes"],
        {"translation": "we are not against it"},
        "Closer.",
        material=False,
    )
    assert "Corrections of the last 30 days" not in paper.open("/t/union").text
    room.statements.correct(paper.dora(), numbers["no"], {"stance": "doubts"}, "Misread.")
    page = paper.open("/t/union").text
    assert "Corrections of the last 30 days" in page
    assert "Stance: opposes, corrected to: doubts." in page
    assert "Corrections of the last 30 days" not in paper.open("/t/deal").text
    assert "Corrections of the last 30 days" not in paper.open("/t/union?as_of=2025-10-01").text


def test_the_policy_is_in_the_words_of_who_runs_the_site(paper: Paper) -> None:
    paper.app.config["PUBLISHER"] = Publisher(
        contact="desk@example.org", policy={"en": "We mend.\n\nQuickly.", "de": "Wir bessern nach."}
    )
    page = paper.open("/corrections").text
    assert "<p>We mend.</p><p>Quickly.</p>" in page
    assert 'href="mailto:desk@example.org"' in page
    german = paper.open("/corrections", Accept_Language="de").text
    assert "Wir bessern nach." in german
