"""Changes to sign: editors sign, decline, skip and take back; a correction of an end undoes it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from lxml import html

from tests.stores.test_log_survives import room_for
from tests.support.four_eyes import ask_for_four_eyes
from tests.web.record.desk import TIMES, Desk
from tests.web.site import plain
from timeline.application.commands import Condition, Quoted
from timeline.desk.accounts.roles import Role
from timeline.domain.verdict import ChangeSigned, SignedIn
from web import create_app
from web.shell.identity import everybody_is

if TYPE_CHECKING:
    from flask.testing import FlaskClient

HERE = "/record/changes"
_ID = re.compile(rf'action="{HERE}/([0-9a-f-]+)/sign"')
_SEEN = re.compile(r'name="seen" value="(\d+)"')


def by(desk: Desk, handle: str, role: Role = Role.EDITOR) -> FlaskClient:
    """Return the browser of somebody else at the same desk."""
    return create_app(desk.services, identify=everybody_is(handle, role)).test_client()


def ask(client: FlaskClient, query: str = "", **headers: str) -> str:
    return client.get(f"{HERE}{query}", headers=headers).text


def waiting(page: str) -> list[str]:
    """Return the ids of the changes on a page that may be signed."""
    return _ID.findall(page)


def decide(client: FlaskClient, act: str, page: str, at: int = 0, **form: str) -> str:
    """Sign or decline the change at a place of a page, and return the page that follows."""
    given: dict[str, Any] = {"seen": _SEEN.findall(page)[2 * at]} | form
    answer = client.post(f"{HERE}/{waiting(page)[at]}/{act}", data=given, follow_redirects=True)
    return answer.text


@pytest.fixture
def turned(desk: Desk) -> tuple[int, int]:
    """The numbers of two statements by which Dora Example turned, who decides for Aland."""
    before = desk.say(actor="dora", on_behalf_of="aland", stance="opposes", said_at="2025-11-01")
    after = desk.say(
        actor="dora",
        on_behalf_of="aland",
        stance="supports",
        paraphrase="Wants to join now.",
        quote=Quoted(text="We will join the union next year", lang="en"),
        attribution="quoted",
        said_at="2025-12-03",
    )
    return before, after


def terms(desk: Desk) -> None:
    """Let Pjotr Petrow leave his side of the question."""
    for stance, day in (("supports", "2025-11-03"), ("undecided", "2025-12-05")):
        desk.say(actor="petrow", stance=stance, said_at=day, paraphrase=f"Petrow, {stance}.")


def test_three_editors_sign_decline_and_correct_an_end_and_the_change_waits_again(
    desk: Desk, turned: tuple[int, int]
) -> None:
    terms(desk)
    cora, emil, head = by(desk, "cora"), by(desk, "emil"), desk.head()
    page = ask(cora)
    dora, petrow = waiting(page)
    page = decide(cora, "sign", page, sentence="Dora Example now wants it.", caveat="One outlet.")
    assert "Dora Example now wants it." in page
    assert waiting(page) == [petrow]
    page = decide(emil, "decline", ask(emil), cause="thin", note="Half a sentence.")
    assert waiting(page) == []
    assert desk.types(head) == ["change.signed", "change.declined"]
    signed, declined = desk.events(head)
    assert (signed.recorded_by, declined.recorded_by) == ("cora", "emil")
    printed = ("/api/v1/changes?topic=a-union", "/t/a-union.atom")
    assert all("Dora Example now wants it." in desk.get(path).text for path in printed)
    form = desk.opened(f"/record/{turned[1]}/correct")
    form |= {"paraphrase": "Wants to join one day.", "reason": "Too strong."}
    assert desk.post(f"/record/{turned[1]}/correct", form).status_code == 303
    assert waiting(ask(cora)) == [dora]
    assert "Wants to join one day." in ask(cora)
    assert not any("Dora Example now wants it." in desk.get(path).text for path in printed)


def test_what_was_decided_is_taken_back_right_after(desk: Desk, turned: tuple[int, int]) -> None:
    page = ask(desk.client)
    (change,) = waiting(page)
    after = decide(desk.client, "sign", page, sentence="It changed.")
    assert f"{HERE}/{change}/reopen" in after
    assert waiting(after) == []
    again = desk.client.post(f"{HERE}/{change}/reopen", follow_redirects=True).text
    assert waiting(again) == [change]
    assert desk.types(desk.head() - 1) == ["change.reopened"]
    assert f"{HERE}/{change}/reopen" not in ask(desk.client, f"?done={change}")
    assert len(turned) == 2


def test_both_ends_stand_side_by_side_with_their_words_and_why_it_waits(
    desk: Desk, turned: tuple[int, int]
) -> None:
    page = desk.get(HERE).text
    for words in (
        "Dora Example",
        "decides for Aland",
        "1 Nov 2025",
        "3 Dec 2025",
        "We will join the union next year",
        "Rejects it for good.",
        "Invented Times",
        "At one end no quote carries alone",
        "2 blind readings of this quote are missing.",
        "Dora Example, for Aland, turned from opposing to supporting.",
    ):
        assert words in page
    for number in turned:
        assert f'href="/record/{number}/correct"' in page


def test_reversals_come_before_others_and_skipping_begins_behind_the_first(desk: Desk) -> None:
    terms(desk)
    desk.say(actor="dora", on_behalf_of="aland", stance="opposes", said_at="2025-10-01")
    desk.say(actor="dora", on_behalf_of="aland", stance="supports", said_at="2025-10-09")
    page = ask(desk.client)
    first, second = waiting(page)
    assert page.index("Dora Example") < page.index("Pjotr Petrow")
    skip = re.search(r'id="skip" href="([^"]+)"', page)
    assert skip
    skipped = desk.get(skip[1].replace("&amp;", "&")).text
    assert waiting(skipped) == [second]
    assert f"{HERE}/{first}/" not in skipped
    assert "2 of 2" in skipped
    assert 'id="skip"' not in skipped


def test_a_filter_leaves_what_waits_on_a_topic_or_of_a_story(
    desk: Desk, turned: tuple[int, int]
) -> None:
    assert len(waiting(ask(desk.client, "?topic=a-union"))) == len(turned) - 1
    assert "Nothing waits here." in ask(desk.client, "?topic=deal")
    assert "Nothing waits here." in ask(desk.client, "?story=talks")
    assert "Nothing waits here." in ask(desk.client, "?topic=nowhere&story=nowhere")


def test_a_shade_is_listed_where_somebody_asks_for_shades(desk: Desk) -> None:
    for stance, day in (("accepts", "2025-11-03"), ("supports", "2025-12-05")):
        desk.say(actor="petrow", stance=stance, said_at=day)
    assert "Nothing waits to be signed." in ask(desk.client)
    page = ask(desk.client, "?shades=1")
    assert "Shade: firmer" in page
    decide(desk.client, "sign", page, sentence="Petrow is firmer.", shades="1")
    assert desk.types(desk.head() - 1) == ["change.signed"]


def test_nothing_is_signed_without_a_sentence_nor_declined_without_a_cause(
    desk: Desk, turned: tuple[int, int]
) -> None:
    head, page = desk.head(), ask(desk.client)
    assert "The sentence that is signed is missing" in decide(
        desk.client, "sign", page, sentence=" ", caveat="Kept."
    )
    assert 'value="Kept."' in decide(desk.client, "sign", page, sentence=" ", caveat="Kept.")
    assert "There is no cause" in decide(desk.client, "decline", page, cause="dull")
    assert "too long" in decide(desk.client, "sign", page, sentence="x" * 9_000)
    assert desk.head() == head
    assert len(turned) == 2


def test_a_change_is_decided_on_as_it_was_seen_and_while_it_waits(
    desk: Desk, turned: tuple[int, int]
) -> None:
    page = ask(desk.client)
    by_ben, rooms = desk.byline(), desk.services.newsroom
    rooms.statements.correct(by_ben, turned[0], {"paraphrase": "Says no."}, "Shorter.")
    assert "was corrected since you saw it" in decide(
        desk.client, "sign", page, sentence="It changed."
    )
    fresh = ask(desk.client)
    decide(by(desk, "cora"), "decline", fresh, cause="same")
    assert "This change waits no more" in decide(desk.client, "sign", fresh, sentence="It changed.")
    unknown = desk.post(f"{HERE}/00000000-0000-7000-8000-000000000000/reopen", {})
    assert unknown.status_code == 404


def test_with_four_eyes_who_recorded_or_corrected_an_end_is_told_that_another_decides(
    desk: Desk, turned: tuple[int, int]
) -> None:
    rooms = desk.services.newsroom
    rooms.statements.correct(rooms.byline("cora"), turned[0], {"paraphrase": "No."}, "Shorter.")
    seen = ask(desk.client)
    ask_for_four_eyes(desk.services)
    for handle, told in (("ben", turned), ("cora", turned[:1])):
        page = ask(by(desk, handle))
        numbers = ", ".join(f"#{number}" for number in told)
        assert f"You recorded or corrected {numbers}: somebody else" in page
        assert waiting(page) == []
        refused = decide(by(desk, handle), "sign", seen, sentence="It changed.")
        assert "Who recorded or corrected an end" in refused
    signed = decide(by(desk, "emil"), "sign", seen, sentence="It changed.")
    assert "It changed." in signed
    assert desk.types(desk.head() - 1) == ["change.signed"]


def test_an_uncoded_direction_is_corrected_before_anybody_signs(desk: Desk) -> None:
    for stance, day in (("conditional", "2025-11-03"), ("supports", "2025-12-05")):
        desk.say(actor="petrow", stance=stance, said_at=day)
    page = ask(desk.client)
    assert "A direction was never coded" in page
    assert waiting(page) == []
    assert "/decline" in page


def test_the_desk_says_how_many_wait_and_only_editors_decide(
    desk: Desk, turned: tuple[int, int]
) -> None:
    assert 'id="to-sign"> <span class="figure">1</span></span>' in desk.get("/record").text
    coder = by(desk, "mira", Role.CODER)
    assert coder.get(HERE).status_code == 403
    assert "Changes to sign" not in coder.get("/record").text
    assert by(desk, "mira", Role.READER).get(HERE).status_code == 403
    assert len(turned) == 2


def test_what_was_recorded_since_is_in_the_list_and_votes_never_are(desk: Desk) -> None:
    assert waiting(ask(desk.client)) == []
    rooms = desk.services.newsroom
    rooms.topics.open(desk.byline(), "Motion on A?", "vote", slug="motion")
    for stance, day in (("for", "2025-11-03"), ("against", "2025-12-05")):
        desk.say(
            topic="motion",
            actor="bland",
            stance=stance,
            said_at=day,
            attribution="voted",
            source=TIMES,
        )
    assert waiting(ask(desk.client)) == []
    for stance, day in (("supports", "2025-11-03"), ("opposes", "2025-12-05")):
        desk.say(actor="petrow", stance=stance, said_at=day)
        assert len(waiting(ask(desk.client))) == (stance == "opposes")


def test_htmx_gets_the_next_change_in_place_and_the_count(
    desk: Desk, turned: tuple[int, int]
) -> None:
    page = ask(desk.client)
    given = {"seen": _SEEN.findall(page)[0], "sentence": "It changed."}
    part = desk.client.post(
        f"{HERE}/{waiting(page)[0]}/sign", data=given, headers={"HX-Request": "true"}
    )
    assert part.status_code == 200
    assert "Nothing waits to be signed." in part.text
    assert 'id="to-sign" hx-swap-oob="true"></span>' in part.text
    assert "<html" not in part.text
    assert len(turned) == 2


def test_a_full_disk_takes_no_verdict_and_keeps_the_sentence(
    desk: Desk, turned: tuple[int, int]
) -> None:
    page, head = ask(desk.client), desk.head()
    with room_for(1):
        kept = decide(desk.client, "sign", page, sentence="It changed.", caveat="Beside it.")
    assert "Nothing can be recorded just now" in kept
    assert "\nIt changed.<" in kept
    assert 'value="Beside it."' in kept
    assert desk.head() == head
    assert "Signed:" in decide(desk.client, "sign", kept, sentence="It changed.")
    assert len(turned) == 2


def test_words_between_conditions_and_what_was_said_before_are_shown(desk: Desk) -> None:
    said = (
        ("supports", "2025-06-01", ""),
        ("opposes", "2025-08-01", ""),
        ("undecided", "2025-10-01", ""),
        ("supports", "2025-11-01", ""),
        ("supports", "2025-12-01", "Only after a vote of all"),
    )
    for stance, day, condition in said:
        desk.say(
            actor="petrow",
            stance=stance,
            said_at=day,
            condition=Condition(text=condition) if condition else None,
            paraphrase=f"Petrow {stance}, {day}.",
        )
    every = html.fromstring(ask(desk.client)).xpath("//article")
    told = [plain(html.tostring(one, encoding="unicode")) for one in every]
    (turned,) = [one for one in told if "after 92 days" in one]
    for words in (
        "Reversal Pjotr Petrow",
        "Words between 1",
        "Petrow undecided, 2025-10-01.",
        "Said the later thing before 1",
        "Petrow supports, 2025-06-01.",
        "Other words of theirs lie between.",
        "They had said the later thing before.",
    ):
        assert words in turned
    (terms,) = [one for one in told if "Other conditions" in one]
    assert "New condition Only after a vote of all" in terms
    assert "but now set a condition: “Only after a vote of all”." in terms


def test_a_change_is_signed_in_the_other_language_of_the_site_too(
    desk: Desk, turned: tuple[int, int]
) -> None:
    page, head = ask(desk.client), desk.head()
    assert 'name="sentence_de"' in page
    assert 'name="sentence_en"' not in page
    half = decide(desk.client, "sign", page, sentence="It changed.", caveat_de="Nur heute.")
    assert "The sentence that is signed is missing" in half
    assert "Nur heute." in half
    assert desk.head() == head
    long = "Nun anders, und das aus vielen Gründen, die er nennt. " * 5
    both = {"sentence_de": long, "caveat_de": "Nur heute."}
    seen = {"seen": _SEEN.findall(page)[0], "sentence": "It changed."}
    desk.post(f"{HERE}/{waiting(page)[0]}/sign", seen | both)
    (signed,) = desk.events(head)
    assert isinstance(signed, ChangeSigned)
    assert signed.content
    assert signed.content.also == (SignedIn("de", long.strip(), "Nur heute."),)
    assert len(turned) == 2
