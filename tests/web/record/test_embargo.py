"""An embargo: coded now, on record from its moment on, and seen by no reader before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
import pytest
from playwright.sync_api import expect

from tests.support.access import THEMES, check_access
from tests.web.record.desk import Desk, hidden, statement
from tests.web.record.test_review import Colleague
from tests.web.record.test_workbench import NOTHING, at, filled, opened
from tests.web.site import plain
from timeline.application.commands import RecordStatement
from timeline.desk.accounts.roles import Role
from timeline.releasing import entries_in, release_due
from web import create_app
from web.shell.identity import Identity, everybody_is

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.access import Theme
    from tests.support.web_server import Serve

FAR = "28 Nov 2099 9:00"
WORDS = "Wants it as of tomorrow."
LIST = "/record/embargo"


@pytest.fixture
def anna(desk: Desk) -> Colleague:
    return Colleague(desk, "anna")


@pytest.fixture
def ben(desk: Desk) -> Colleague:
    return Colleague(desk, "ben")


def kept(desk: Desk, **changes: str) -> str:
    """Put a statement under embargo and return its id."""
    form = desk.opened("/record") | statement(embargo_until=FAR, paraphrase=WORDS)
    answer = desk.post("/record", form | changes)
    assert answer.location == LIST
    return desk.services.desk.embargoes.waiting()[-1].id


def test_what_is_under_embargo_waits_on_the_desk_with_its_moment_and_zone(desk: Desk) -> None:
    head = desk.head()
    entry = kept(desk)
    assert desk.head() == head
    page = plain(desk.get(LIST).text)
    for words in ("28 Nov 2099, 09:00 UTC", WORDS, "Bland", "Should A join the union?", "by anna"):
        assert words in page
    (waits,) = desk.services.desk.embargoes.waiting()
    command = entries_in(waits)[0].command
    assert isinstance(command, RecordStatement)
    assert (command.actor, command.stance, command.paraphrase) == ("bland", "supports", WORDS)
    assert (waits.author, waits.via) == ("anna", "form")
    assert desk.services.desk.drafts.count() == 0
    answer = desk.post(f"{LIST}/{entry}/release", {})
    assert answer.location == f"/s/{desk.types().index('statement.recorded') + 1}"
    assert desk.events()[-1].recorded_by == "anna"
    assert "Nothing waits for its moment." in desk.get(LIST).text


def test_of_two_who_bear_one_name_the_list_says_the_name(desk: Desk) -> None:
    actors = desk.services.newsroom.actors
    actors.introduce(desk.byline(), "Bland", "person", slug="bland-the-poet")
    desk.services.models.catch_up()
    kept(desk, actor="bland-the-poet")
    (waits,) = desk.services.desk.embargoes.waiting()
    assert waits.gist.actor == "Bland"


def test_what_waits_for_its_moment_is_asked_back_before_it_is_recorded(desk: Desk) -> None:
    entry, head = kept(desk), desk.head()
    response = desk.post("/record", statement())
    assert (response.status_code, desk.head()) == (409, head)
    assert "One of yours under embargo may be the same." in plain(response.text)
    assert f'href="{LIST}#e-{entry}"' in response.text
    assert desk.post("/record", statement(distinct=entry)).status_code == 303


READERS_SEE = (
    "/",
    "/t/a-union",
    "/t/a-union.json",
    "/t/a-union.csv",
    "/t/a-union.atom",
    "/t/a-union.jsonfeed",
    "/a/bland",
    "/a/bland.json",
    "/log",
    "/corrections",
    "/search?q=tomorrow",
    "/api/v1/search?q=tomorrow",
    "/api/v1/topics/a-union/statements",
    "/matrix",
    "/data",
)


def test_no_reader_sees_any_of_it_before_its_moment(desk: Desk) -> None:
    at = desk.services.clock()
    # A page is another one in the next minute.
    still = msgspec.structs.replace(desk.services, clock=lambda: at)
    app = create_app(still, identify=lambda _: Identity("", Role.READER))
    app.testing = True
    reader = app.test_client()
    desk.say()
    desk.services.models.catch_up()
    before = {path: reader.get(path) for path in READERS_SEE}
    entry = kept(desk)
    for path, answer in before.items():
        now = reader.get(path)
        assert now.status_code == answer.status_code, path
        assert WORDS not in now.text, path
        assert now.headers.get("ETag") == answer.headers.get("ETag"), path
    for path in (LIST, f"{LIST}/{entry}/release"):
        assert reader.get(path).status_code in (401, 403, 405)
    assert reader.post(f"{LIST}/{entry}/release", data={}).status_code in (401, 403)
    desk.post(f"{LIST}/{entry}/release", {})
    assert WORDS in reader.get("/t/a-union").text


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("28 Nov 2099 9:00", "28 Nov 2099, 09:00 UTC"),
        ("28.11.2099 09.00 Uhr", "28 Nov 2099, 09:00 UTC"),
        ("2099-11-28T09:00+01:00", "28 Nov 2099, 08:00 UTC"),
        ("2099-11-28 09:00 -05:00", "28 Nov 2099, 14:00 UTC"),
        ("28 November 2099, 9:00 UTC", "28 Nov 2099, 09:00 UTC"),
        ("28 Nov 2099", "is no moment"),
        ("tomorrow", "is no moment"),
        ("28 Nov 2099 25:00", "“28 Nov 2099 25:00” is no moment"),
        ("31.2.2099 9:00", "“31.2.2099 9:00” is no moment"),
    ],
)
def test_a_moment_is_typed_as_people_write_it(desk: Desk, typed: str, understood: str) -> None:
    form = desk.opened("/record") | statement(embargo_until=typed)
    answer = desk.post("/record/check", form, **{"HX-Request": "true"})
    assert understood in plain(answer.text)


def test_a_moment_that_has_passed_is_refused_and_the_form_kept(desk: Desk) -> None:
    head = desk.head()
    form = desk.opened("/record") | statement(embargo_until="1 Jan 2020 9:00")
    answer = desk.post("/record", form)
    assert answer.status_code == 422
    assert "That moment has passed" in answer.text
    assert "Wants it now." in answer.text
    assert desk.head() == head


def test_what_will_be_said_until_then_may_be_prepared(desk: Desk) -> None:
    dates = {"said_at": "27 Nov 2099", "source.published_at": "2099-11-27"}
    form = desk.opened("/record") | statement() | dates
    assert desk.post("/record", form).status_code == 422
    assert desk.post("/record", form | {"embargo_until": FAR}).location == LIST


def test_a_moment_is_moved_and_what_is_no_moment_is_told_beside_it(desk: Desk) -> None:
    entry = kept(desk)
    assert desk.post(f"{LIST}/{entry}/move", {"embargo_until": "2099-11-29 10:00"}).location == (
        f"{LIST}#e-{entry}"
    )
    assert 'value="29 Nov 2099, 10:00 UTC"' in desk.get(LIST).text
    german = desk.get(LIST, **{"Accept-Language": "de"}).text
    (shown,) = re.findall(r'name="embargo_until"[^>]* value="([^"]*)"', german)
    assert shown == "29. Nov. 2099, 10:00 UTC"
    assert desk.post(f"{LIST}/{entry}/move", {"embargo_until": shown}).status_code == 303
    assert 'value="29 Nov 2099, 10:00 UTC"' in desk.get(LIST).text
    for wrong, told in (("soon", "is no moment"), ("2020-01-01 10:00", "has passed")):
        answer = desk.post(f"{LIST}/{entry}/move", {"embargo_until": wrong})
        assert answer.status_code == 422
        assert told in answer.text
        assert f'value="{wrong}"' in answer.text
    assert "29 Nov 2099, 10:00 UTC" in desk.get(LIST).text


def test_what_was_moved_and_taken_back_has_the_moment_to_which_it_was_moved(desk: Desk) -> None:
    entry = kept(desk)
    desk.post(f"{LIST}/{entry}/move", {"embargo_until": "30. November 2099 um 9 Uhr MEZ"})
    desk.post(f"{LIST}/{entry}/back", {})
    assert 'value="30 Nov 2099, 08:00 UTC"' in desk.get(f"/record?draft={entry}").text


def test_what_is_taken_back_is_its_authors_draft_again(desk: Desk) -> None:
    entry = kept(desk)
    desk.post(f"{LIST}/{entry}/back", {})
    assert desk.services.desk.embargoes.waiting() == []
    page = desk.get(f"/record?draft={entry}").text
    assert WORDS in page
    assert 'value="28 Nov 2099, 09:00 UTC"' in page
    again = hidden(page) | statement(paraphrase="Wants it.", embargo_until="2099-11-28T09:00:00Z")
    assert desk.post("/record", again).location == LIST
    assert desk.services.desk.embargoes.waiting()[0].id == entry


def test_a_coder_moves_and_releases_only_what_is_their_own(desk: Desk) -> None:
    entry = kept(desk)
    app = create_app(desk.services, identify=lambda _: Identity("cora", Role.CODER))
    app.testing = True
    cora = app.test_client()
    assert WORDS in cora.get(LIST).text
    assert f"{entry}/move" not in cora.get(LIST).text
    for act in ("move", "release", "back"):
        answer = cora.post(f"{LIST}/{entry}/{act}", data={"embargo_until": FAR})
        assert answer.status_code == 422
        assert "anna" in answer.text
    assert len(desk.services.desk.embargoes.waiting()) == 1


def test_with_four_eyes_a_second_person_agrees_before_it_waits(
    anna: Colleague, ben: Colleague
) -> None:
    head = anna.head()
    form = anna.opened("/record") | statement(embargo_until=FAR, paraphrase=WORDS)
    assert anna.post("/record", form).location == "/record/review"
    assert anna.services.desk.embargoes.waiting() == []
    look = plain(ben.get(ben.only_waiting()).text)
    assert "28 Nov 2099, 09:00 UTC" in look
    assert "Agree: it waits until then" in look
    assert "agree and record" not in look.casefold()
    before = ben.get(LIST).text
    assert f'href="{ben.only_waiting()}"' in before
    assert "not before 28 Nov 2099, 09:00 UTC" in plain(before)
    assert "Nothing waits for its moment." not in before
    assert ben.agree().location == LIST
    assert "First a second person" not in ben.get(LIST).text
    assert ben.services.desk.reviews.waiting() == []
    assert anna.head() == head
    (waits,) = anna.services.desk.embargoes.waiting()
    assert (waits.author, waits.via, waits.set_by) == ("anna", "review:ben", "ben")
    anna.post(f"{LIST}/{waits.id}/release", {})
    said = anna.events()[-1]
    assert (said.recorded_by, said.via) == ("anna", "review:ben")


def test_who_agreed_to_one_under_embargo_has_the_next_that_waits_before_them(
    anna: Colleague, ben: Colleague
) -> None:
    for changes in ({"embargo_until": FAR}, {"topic": "deal", "stance": "expects"}):
        anna.post("/record", anna.opened("/record") | statement(**changes))
    first, other = (f"/record/review/{entry.id}" for entry in anna.services.desk.reviews.waiting())
    there = ben.post(f"{first}/agree", hidden(ben.get(first).text)).location
    assert there.partition("?")[0] == other
    assert "Agreed: it waits for its moment. This is the next that waits." in plain(
        ben.get(there).text
    )


def test_what_was_under_embargo_until_before_the_second_person_agrees_is_recorded_at_once(
    anna: Colleague, ben: Colleague
) -> None:
    form = anna.opened("/record") | statement(embargo_until=FAR, paraphrase=WORDS)
    anna.post("/record", form)
    (handed,) = anna.services.desk.reviews.waiting()
    handed.fields["embargo_until"] = ["2020-01-01T00:00:00Z"]
    anna.services.desk.reviews.hand_over(handed)
    assert ben.agree().location.startswith("/s/")


def test_in_the_workbench_the_passage_is_done_with_and_the_text_stays_until_then(
    desk: Desk,
) -> None:
    place = opened(desk)
    head = desk.head()
    answer = desk.post(place, filled(desk.get(place).text, embargo_until=FAR))
    assert "held=1" in answer.location
    page = plain(desk.get(answer.location.partition("#")[0]).text)
    assert "Under embargo It is recorded when its moment comes." in page
    assert "1 of about 3" in page
    shown = desk.get(f"{place}?kind=development&at={at(NOTHING)}").text
    form = {"title": "Nothing happened.", "topics": "a-union", "status": "confirmed"}
    desk.post(f"{place}/development", hidden(shown) | form | {"embargo_until": FAR})
    assert desk.head() == head
    document = place.rpartition("/")[2]
    assert desk.post(f"/record/text/{document}/discard", {}).status_code == 422
    for waits in desk.services.desk.embargoes.waiting():
        desk.post(f"{LIST}/{waits.id}/release", {})
    types = desk.types(head)
    assert types.count("document.snapshot_taken") == 1
    assert types.count("statement.recorded") == types.count("development.recorded") == 1
    (decision,) = desk.services.desk.texts.decided(document)
    assert decision.exact == NOTHING
    assert desk.services.desk.texts.waiting() == []


def test_what_is_coded_next_from_the_text_waits_as_long_unless_somebody_says_otherwise(
    desk: Desk,
) -> None:
    place = opened(desk)
    assert 'value="2099' not in desk.get(place).text
    desk.post(place, filled(desk.get(place).text, embargo_until=FAR))
    head = desk.head()
    for kind in ("statement", "development"):
        page = desk.get(f"{place}?kind={kind}&at={at(NOTHING)}").text
        assert 'value="28 Nov 2099, 09:00 UTC"' in page
    following = desk.get(place).text
    desk.post(place, filled(following, embargo_until="2099-11-28T09:00:00Z"))
    assert desk.head() == head
    assert len(desk.services.desk.embargoes.waiting()) == 2


def test_why_it_was_not_recorded_stands_on_the_list_in_the_readers_language(desk: Desk) -> None:
    entry = kept(desk)
    desk.services.newsroom.topics.close(desk.byline(), "a-union", "It is over.")
    desk.post(f"{LIST}/{entry}/release", {})
    assert "is closed" in desk.get(LIST).text
    page = desk.get(LIST, **{"Accept-Language": "de"}).text
    assert "geschlossen" in page
    assert "Unter Sperrfrist" in page
    assert release_due(desk.services) == []


@pytest.mark.parametrize("theme", THEMES)
def test_the_list_is_within_reach_of_everybody(
    desk: Desk, page: Page, serve: Serve, theme: Theme
) -> None:
    kept(desk)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(serve(create_app(desk.services, identify=everybody_is("anna"))) + LIST)
    check_access(page, theme)
    until = page.get_by_label("Until")
    until.fill("2099-12-01 8:30")
    until.press("Enter")
    expect(page.locator("time")).to_have_text("1 Dec 2099, 08:30 UTC")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide == 390
