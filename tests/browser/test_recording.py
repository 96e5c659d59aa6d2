"""One editor, one keyboard: a statement is recorded, mended, withdrawn, and replayed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.reader import NewReader, Reader

TOPIC = "/t/nato-membership"
SEND = "form button.button-primary[type=submit], form button.button-primary:not([type])"


def write(me: Reader, name: str, text: str) -> None:
    """Go to a field by Tab and type into it."""
    me.tab_to(f'[name="{name}"]')
    me.page.keyboard.type(text)


def record(me: Reader) -> str:
    """Record that Germany is against it, by keyboard alone, and return its number."""
    me.go(TOPIC)
    me.tab_to(".page-actions summary")
    me.press("Enter")
    me.tab_to('.page-actions a[href^="/record"]')
    me.press("Enter")
    expect(me.find('[name="topic"]')).to_have_value("nato-membership")
    write(me, "source.outlet", "An evening paper")
    write(me, "source.published_at", "18 Dec 2025")
    write(me, "paraphrase", "Says that the question does not arise now.")
    write(me, "actor", "Germany")
    me.tab_to('[name="stance"]')
    me.press("ArrowRight")
    write(me, "said_at", "17 Dec 2025")
    me.tab_to("#send")
    expect(me.find("#preview")).to_contain_text("first position")
    me.press("Enter")
    me.page.wait_for_url(f"**{TOPIC}?s=*")
    return me.where().rpartition("=")[2]


def test_a_statement_goes_from_the_form_to_the_chart_and_through_its_life_by_keyboard(
    reader: NewReader, desk: str
) -> None:
    me = reader(desk)
    number = record(me)
    expect(me.find("#lane-germany .point.selected")).to_have_count(1)
    expect(me.find("#lane-germany #proof")).to_contain_text("the question does not arise now")
    recorded = me.chart()

    me.go(f"/record/{number}/correct")
    me.tab_to('[name="paraphrase"]')
    me.press("ControlOrMeta+A")
    me.page.keyboard.type("Says that the question does not arise this year.")
    write(me, "reason", "The paper says this year.")
    me.tab_to(f"main {SEND}")
    me.press("Enter")
    me.at(f"/s/{number}")
    expect(me.find("h1")).to_contain_text("this year")
    expect(me.find(".chain")).to_contain_text("The paper says this year.")

    me.go(f"/record/{number}/retract")
    write(me, "reason", "The paper took it back.")
    me.tab_to(f"main {SEND}")
    me.press("Enter")
    me.at(f"/s/{number}")
    expect(me.find("main")).to_contain_text("was retracted")

    me.go(f"{TOPIC}?clock=known&s={number}")
    expect(me.find("#lane-germany .lane .lane-now")).to_contain_text("no statement")
    me.press(",")
    expect(me.find(".replaying")).to_be_visible()
    me.settled()
    me.press(",")
    expect(me.find("#lane-germany .lane .lane-now .stance")).not_to_have_text("no statement")
    me.settled()
    corrected = me.where()
    assert corrected.startswith(f"{TOPIC}?clock=known&known_at=@")
    me.press(",")
    expect(me.find("#proof")).to_contain_text("does not arise now")
    me.settled()

    other = me.another_window()
    other.go(me.where())
    assert other.chart() == me.chart()
    other.go(corrected)
    expect(other.find("#proof")).to_contain_text("does not arise this year")
    assert recorded.count("pt ") == me.chart().count("pt ")


@pytest.mark.thorough
def test_who_was_here_before_is_told_what_is_new(reader: NewReader, desk: str) -> None:
    me, editor = reader(desk), reader(desk)
    me.go(TOPIC)
    expect(me.find("#since")).to_have_count(0)
    record(editor)
    me.go(TOPIC)
    expect(me.find("#since")).to_contain_text("1 new")
    me.page.get_by_role("button", name="Mark as seen").click()
    expect(me.find("#since")).to_have_count(0)
    me.go(TOPIC)
    expect(me.find("#since")).to_have_count(0)


@pytest.mark.thorough
def test_a_topic_without_words_says_what_to_do_next(reader: NewReader, desk: str) -> None:
    me = reader(desk)
    me.go("/record/topic")
    me.find('[name="topic_question"]').fill("Should the talks go on in January?")
    me.find('[name="scale"]').first.check(force=True)
    me.find(f"main {SEND}").click()
    expect(me.find(".empty").first).to_contain_text("No one is on record here yet.")
    me.check_access()
    me.find(".empty").get_by_role("link", name="Record a statement").click()
    expect(me.find('[name="topic"]')).not_to_have_value("")


@pytest.mark.thorough
def test_a_statement_that_was_interrupted_is_found_again(reader: NewReader, desk: str) -> None:
    me = reader(desk)
    me.go("/record?topic=nato-membership")
    write(me, "source.outlet", "An evening paper")
    write(me, "paraphrase", "Says that the question does not arise now.")
    write(me, "actor", "Germany")
    with me.page.expect_response(lambda it: b"Germany" in (it.request.post_data_buffer or b"")):
        me.press("Tab")
    expect(me.find("#saved")).to_contain_text("Draft saved")
    me.go("/")
    me.go("/record")
    me.tab_to('.drafts a[href*="draft="]')
    me.press("Enter")
    expect(me.find('[name="actor"]')).to_have_value("Germany")
    expect(me.find('[name="paraphrase"]')).to_have_value(
        "Says that the question does not arise now."
    )
    me.check_access()
    other = reader(desk, script=False)
    other.go("/record")
    expect(other.find(".draft-words")).to_have_text("Says that the question does not arise now.")
    other.find(".drafts").get_by_role("button", name="Discard").click()
    expect(other.find(".drafts")).to_have_count(0)


def test_a_click_below_an_open_list_of_actors_is_not_lost(reader: NewReader, desk: str) -> None:
    me = reader(desk)
    me.go("/record?topic=nato-membership")
    me.find('[name="actor"]').press_sequentially("Germ")
    expect(me.find(".suggestions li").first).to_be_visible()
    me.settled()
    box = me.find(".scale-option").last.bounding_box()
    assert box is not None
    me.page.mouse.move(box["x"] + 20, box["y"] + 20)
    me.page.mouse.down()
    me.page.mouse.up()
    expect(me.find('.scale-option [name="stance"]').last).to_be_checked()
    expect(me.find(".suggestions li").first).to_be_hidden()


def test_a_text_that_the_server_takes_no_more_of_stays_in_its_form(
    reader: NewReader, desk: str
) -> None:
    """A server refuses what is far too long in its own words, before the site sees it."""
    me = reader(desk)
    me.go("/record/text")
    me.page.route("**/record/text", lambda route: route.fulfill(status=413, body="Too large"))
    me.find('[name="text"]').fill("One more word.")
    me.page.get_by_role("button", name="Open the text").click()
    expect(me.find("#failure")).to_contain_text("What you typed is still in the form")
    expect(me.find("#failure")).to_contain_text("It is too long; shorten it there.")
    expect(me.find("#failure")).not_to_contain_text("could not be loaded", use_inner_text=True)
    assert me.find('[name="text"]').input_value() == "One more word."
    assert all("413" in complaint for complaint in me.complaints)
    me.complaints.clear()


def test_who_copies_a_sentence_sees_that_it_is_copied(reader: NewReader) -> None:
    me = reader()
    me.go("/t/donetsk-withdrawal/why/russia")
    me.find("summary").filter(has_text="As a sentence").click()
    button = me.find("[data-copy]").first
    button.click()
    expect(button).to_have_text("Copied")
    assert "Russia supported this" in me.page.evaluate("navigator.clipboard.readText()")


def test_a_link_to_a_proof_shows_the_proof(reader: NewReader) -> None:
    me = reader()
    me.go("/t/eu-accession?s=64")
    expect(me.find("#proof .drawer-now")).to_be_in_viewport(ratio=1)
