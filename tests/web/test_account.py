"""Accounts on the site: who signs in records under their own name, and nobody else does."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import msgspec
import pytest

from tests.web.paper import START, Paper
from tests.web.site import Site, plain
from timeline.desk.accounts.roles import Role
from timeline.desk.accounts.sessions import IDLE
from timeline.desk.accounts.tries import MOST_TRIES
from timeline.desk.feeds import AddedFeed
from web.shell.identity import SESSION, SignedIn
from web.shell.policies import POLICIES

if TYPE_CHECKING:
    from typing import Any

    from werkzeug.test import TestResponse

WORDS = "four plain little words"
PEOPLE = {"ada": Role.ADMIN, "mira": Role.EDITOR, "jonas": Role.CODER, "theo": Role.READER}
STATEMENT = {
    "topic": "union",
    "actor": "Aland",
    "stance": "supports",
    "paraphrase": "Would like it & says so.",
    "said_at": "1 Dec 2025",
    "precision": "day",
    "attribution": "reported",
    "source.outlet": "Invented Times",
    "source.published_at": "2025-12-16",
}


class Newsroom(Site):
    """The site of a newsroom whose people sign in; each browser is a reader of its own."""

    def __init__(
        self,
        paper: Paper,
        second_factor_from: Role | None = None,
        **how: Any,  # noqa: ANN401 - what `create_app` takes
    ) -> None:
        self.later = 0
        store = msgspec.structs.replace(paper.services, clock=lambda: paper.now + self.later)
        super().__init__(store, identify=SignedIn(store, second_factor_from), **how)
        for handle, role in PEOPLE.items():
            store.desk.people.add(handle, handle.title(), role, START)
            store.desk.people.set_password(handle, WORDS)

    def browser(self, handle: str = "", password: str = WORDS) -> Site:
        """Return somebody's browser, signed in if a handle is given."""
        other = object.__new__(Site)
        other.services, other.app, other.reader = self.services, self.app, self.app.test_client()
        if handle:
            answer = other.post("/sign-in", {"handle": handle, "password": password})
            assert answer.status_code == 303, plain(answer.text)
        return other


@pytest.fixture
def desk(paper: Paper) -> Newsroom:
    return Newsroom(paper)


def head(desk: Newsroom) -> int:
    return desk.services.log.head()


def record(browser: Site, **changes: str) -> TestResponse:
    return browser.post("/record", STATEMENT | changes)


def test_who_signs_in_records_under_their_own_handle(desk: Newsroom) -> None:
    before = head(desk)
    assert record(desk.browser("mira")).status_code == 303
    later = {"paraphrase": "Says it once more.", "said_at": "12 Dec 2025"}
    assert record(desk.browser("jonas"), **later).status_code == 303
    events = [event for _, event in desk.services.log.stream(before)]
    assert [event.recorded_by for event in events if event.TOPIC == "statement.recorded"] == [
        "mira",
        "jonas",
    ]


def test_readers_need_no_account_and_are_shown_no_form(desk: Newsroom) -> None:
    reader = desk.browser()
    page = reader.open("/t/union").text
    assert 'href="/record' not in page
    assert '<a href="/sign-in">Sign in</a>' in page
    answer = reader.open("/record?topic=union")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=%2Frecord%3Ftopic%3Dunion")


def test_a_name_stands_on_the_pages_of_who_signed_in_and_on_nobody_elses(desk: Newsroom) -> None:
    mira, jonas, reader = desk.browser("mira"), desk.browser("jonas"), desk.browser()
    for _ in range(2):
        assert "Signed in as Mira" in mira.read("/t/union")
        assert "Signed in as Jonas" in jonas.read("/t/union")
        assert "Signed in" not in reader.read("/t/union")


def test_signing_in_leads_on_to_a_page_of_this_site_alone(desk: Newsroom) -> None:
    for asked, leads in (
        ("/record?topic=union", "/record?topic=union"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
    ):
        form = {"handle": "mira", "password": WORDS, "next": asked}
        assert desk.browser().post("/sign-in", form).location == leads


def test_the_cookie_is_out_of_reach_of_scripts_and_other_hosts(desk: Newsroom) -> None:
    form = {"handle": "mira", "password": WORDS}
    plain_cookie = desk.browser().post("/sign-in", form).headers["Set-Cookie"]
    assert re.fullmatch(rf"{SESSION}=[\w-]{{43}}; HttpOnly; Path=/; SameSite=Lax", plain_cookie)
    over_tls = desk.app.test_client().post("/sign-in", data=form, base_url="https://localhost")
    found = over_tls.headers["Set-Cookie"]
    assert re.fullmatch(rf"__Host-{SESSION}=[\w-]+; Secure; HttpOnly; Path=/; SameSite=Lax", found)


def test_a_session_planted_in_a_browser_is_not_the_one_that_signs_in(desk: Newsroom) -> None:
    attacker = desk.browser("theo")
    planted = attacker.reader.get_cookie(SESSION)
    assert planted is not None
    victim = desk.browser()
    victim.reader.set_cookie(SESSION, planted.value)
    victim.post("/sign-in", {"handle": "mira", "password": WORDS})
    assert "Signed in" not in attacker.read("/t/union")
    assert "Signed in as Mira" in victim.read("/t/union")


def test_a_wrong_password_says_so_and_keeps_the_handle(desk: Newsroom) -> None:
    answer = desk.browser().post("/sign-in", {"handle": "mira", "password": "wrong"})
    assert answer.status_code == 422
    assert "Handle or password is not right. Try again, or ask an admin" in plain(answer.text)
    assert 'value="mira"' in answer.text
    for _ in range(4):
        desk.browser().post("/sign-in", {"handle": "mira", "password": "wrong"})
    answer = desk.browser().post("/sign-in", {"handle": "mira", "password": WORDS})
    assert answer.status_code == 429
    told = plain(answer.text)
    assert "Wait 15 minutes, or use another browser in which you signed in before." in told


def test_a_browser_that_signed_in_before_is_not_held_up_by_what_others_guess(
    desk: Newsroom,
) -> None:
    mira, stranger = desk.browser("mira"), desk.browser()
    mira.post("/sign-out", {})
    for _ in range(MOST_TRIES + 1):
        answer = stranger.post("/sign-in", {"handle": "mira", "password": "wrong"})
    assert answer.status_code == 429
    assert mira.post("/sign-in", {"handle": "mira", "password": WORDS}).status_code == 303
    assert "Signed in as Mira" in mira.read("/t/union")


def test_what_was_written_when_the_session_ended_is_sent_after_signing_in(desk: Newsroom) -> None:
    browser, before = desk.browser("mira"), head(desk)
    desk.later = IDLE
    answer = record(browser, paraphrase="Two\r\nlines & “quotes”.")
    assert (answer.status_code, head(desk)) == (401, before)
    assert "Your session ended. What you were writing is kept" in plain(answer.text)
    kept = html.unescape(re.search('name="kept" value="([^"]*)"', answer.text)[1])  # type: ignore[index]
    wrong = browser.post("/sign-in", {"handle": "mira", "password": "wrong", "kept": kept})
    assert html.escape(kept) in wrong.text.replace("&#34;", "&quot;")
    answer = browser.post("/sign-in", {"handle": "mira", "password": WORDS, "kept": kept})
    assert answer.status_code == 200
    areas = r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>'
    fields = re.findall(areas, answer.text, re.DOTALL)
    form = {name: html.unescape(value) for name, value in fields}
    assert form["paraphrase"] == "Two\r\nlines & “quotes”."
    assert browser.post("/record", form).status_code == 303
    assert head(desk) > before


def test_a_kept_form_goes_to_this_site_alone(desk: Newsroom) -> None:
    kept = '{"action":"https://evil.example/","fields":[["a","b"]]}'
    form = {"handle": "mira", "password": WORDS, "kept": kept}
    answer = desk.browser().post("/sign-in", form)
    assert (answer.status_code, answer.location) == (303, "/")


def test_who_is_signed_out_is_out(desk: Newsroom) -> None:
    browser = desk.browser("mira")
    cookie = browser.reader.get_cookie(SESSION)
    assert cookie is not None
    answer = browser.post("/sign-out")
    assert answer.status_code == 303
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert browser.reader.get_cookie(SESSION) is None
    browser.reader.set_cookie(SESSION, cookie.value)
    assert record(browser).status_code == 401


def test_a_role_that_is_not_enough_is_told_so(desk: Newsroom) -> None:
    coder = desk.browser("jonas")
    assert coder.open("/record").status_code == 200
    answer = coder.open("/record/actor")
    assert answer.status_code == 403
    assert "your role does not include this; ask an admin" in plain(answer.text).lower()
    assert desk.browser("theo").open("/record").status_code == 403
    assert desk.browser("mira").open("/people").status_code == 403


def test_a_person_ends_a_session_that_they_left_open_elsewhere(desk: Newsroom) -> None:
    here, elsewhere = desk.browser("mira"), desk.browser("mira")
    page = here.open("/account").text
    (other,) = re.findall('name="id" value="([0-9a-f]{64})"', page)
    assert here.post("/account/session", {"id": other}).status_code == 303
    assert record(elsewhere).status_code == 401
    assert here.open("/account").status_code == 200


def test_nobody_ends_or_revokes_what_is_another_persons(desk: Newsroom) -> None:
    mira, jonas = desk.browser("mira"), desk.browser("jonas")
    (session,) = desk.services.desk.sessions.of("mira", START)
    jonas.post("/account/session", {"id": session.id})
    assert "Signed in as Mira" in mira.read("/t/union")
    secret = desk.services.desk.tokens.make("mira", "export", "read", 1, START)
    (token,) = desk.services.desk.tokens.of("mira")
    jonas.post("/account/revoke", {"id": token.id})
    assert desk.services.desk.tokens.find(secret, START) is not None


def test_a_token_is_shown_once_and_records_for_its_person(desk: Newsroom) -> None:
    browser = desk.browser("mira")
    made = browser.post("/account/token", {"name": "feeds", "scope": "record", "days": "30"})
    secret = re.search('value="(sl_[^"]+)"', made.text)[1]  # type: ignore[index]
    assert secret not in browser.open("/account").text
    program, before = desk.browser(), head(desk)
    program.post("/record", STATEMENT, Authorization=f"Bearer {secret}")
    (event,) = [e for _, e in desk.services.log.stream(before) if e.TOPIC == "statement.recorded"]
    assert event.recorded_by == "mira"
    reads = browser.post("/account/token", {"name": "x", "scope": "read", "days": "30"}).text
    secret = re.search('value="(sl_[^"]+)"', reads)[1]  # type: ignore[index]
    answer = program.post("/record", STATEMENT, Authorization=f"Bearer {secret}")
    assert answer.status_code == 403
    bad = browser.post("/account/token", {"name": "x", "scope": "read", "days": "9" * 5000})
    assert bad.status_code == 422


def test_another_password_needs_the_present_one_and_ends_other_sessions(desk: Newsroom) -> None:
    browser, elsewhere = desk.browser("mira"), desk.browser("mira")
    new = "another four plain words"
    wrong = browser.post("/account/password", {"old": "wrong", "password": new})
    assert wrong.status_code == 422
    assert browser.post("/account/password", {"old": WORDS, "password": new}).status_code == 303
    assert "Signed in as Mira" in browser.read("/t/union")
    assert "Signed in" not in elsewhere.read("/t/union")
    desk.browser("mira", new)


def test_an_admin_adds_somebody_who_sets_their_password_by_a_link(desk: Newsroom) -> None:
    admin = desk.browser("ada")
    page = admin.post("/people", {"handle": "kim", "name": "Kim Auer", "role": "coder"}).text
    link = re.search('value="http://localhost(/join/[^"]+)"', page)[1]  # type: ignore[index]
    assert "Give this link to Kim Auer (kim)." in page
    kim = desk.browser()
    assert "Choose a password Kim Auer kim" in kim.read(link)
    short = kim.post(link, {"password": "short"})
    assert short.status_code == 422
    assert "The password has 5 characters. Take 12 or more" in plain(short.text)
    assert kim.post(link, {"password": WORDS}).status_code == 303
    assert "Signed in as Kim Auer" in kim.read("/t/union")
    assert desk.browser().open(link).status_code == 422


def test_an_admin_changes_what_others_may_and_never_leaves_nobody(desk: Newsroom) -> None:
    admin, mira = desk.browser("ada"), desk.browser("mira")
    assert admin.post("/people/mira/role", {"role": "reader"}).status_code == 303
    assert record(mira).status_code == 403
    admin.post("/people/mira/disable")
    assert record(mira).status_code == 401
    admin.post("/people/mira/enable")
    desk.browser("mira")
    answer = admin.post("/people/ada/disable")
    assert answer.status_code == 422
    assert "is the only admin" in plain(answer.text)
    answer = admin.post("/people", {"handle": "Mira!", "name": "M", "role": "boss"})
    assert answer.status_code == 422
    assert 'value="Mira!"' in answer.text


def test_an_admin_joins_two_accounts_after_seeing_what_moves(desk: Newsroom) -> None:
    admin, mira = desk.browser("ada"), desk.browser("mira")
    assert record(desk.browser("jonas")).status_code == 303
    assert desk.browser("jonas").open("/people/join?account=mira&into=jonas").status_code == 403
    shown = admin.read("/people/join?account=jonas&into=mira")
    assert "Goes over to Mira (mira) nothing: nothing lies on the desk under it" in shown
    assert "Ends 2 sessions, every way in as jonas" in shown
    desk.services.desk.feeds.add(AddedFeed("https://example.org/feed", "jonas", 0))
    shown = admin.read("/people/join?account=jonas&into=mira")
    assert "Goes over to Mira (mira) 1 other thing on the desk" in shown
    assert "The role of Mira: editor. What jonas recorded keeps that handle" in shown
    refused = admin.post("/people/join", {"account": "mira", "into": "mira"})
    assert refused.status_code == 422
    assert "cannot be joined with itself" in plain(refused.text)
    assert admin.post("/people/join", {"account": "jonas", "into": "mira"}).status_code == 303
    answer = desk.browser().post("/sign-in", {"handle": "jonas", "password": WORDS})
    assert answer.status_code == 422
    assert "Signed in as Mira" in mira.read("/t/union")


def test_the_table_of_roles_is_what_the_policies_say(desk: Newsroom) -> None:
    text = desk.browser("ada").read("/people")
    assert "Erase what a law wants gone – no – no – no yes" in text
    assert "Record statements and developments – no yes yes yes" in text
    assert "Correct, retract and link entries – no – no yes yes" in text
    assert "People, roles, other people’s sessions – no – no – no yes" in text


def test_the_first_admin_chooses_a_handle_by_the_link_of_the_first_start(paper: Paper) -> None:
    site = Site(paper.services, identify=SignedIn(paper.services))
    secret = paper.services.desk.people.first_link(paper.services.clock())
    assert "Make the first admin" in site.read(f"/join/{secret}")
    form = {"handle": "ada", "name": "Ada Lindqvist", "password": WORDS}
    assert site.post(f"/join/{secret}", form).status_code == 303
    assert "Everyone" in site.read("/account")


def test_pages_that_others_must_not_see_are_not_kept_for_them(desk: Newsroom) -> None:
    ada = desk.browser("ada")
    link = ada.post("/people/jonas/link")
    assert "/join/" in link.text
    token = ada.post("/account/token", {"name": "export", "scope": "read", "days": "30"})
    assert "Copy the token now" in token.text
    for answer in (link, token, desk.browser().open("/sign-in"), ada.open("/join/spent")):
        assert answer.headers["Cache-Control"] == "no-store"
    for path in ("/account", "/people"):
        answer = ada.open(path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert "ETag" not in answer.headers
        assert desk.browser().open(path).status_code == 303


@pytest.mark.thorough
def test_every_route_asks_for_the_role_that_the_table_names(desk: Newsroom) -> None:
    """Each role, each route, each method: what is refused is refused before anything is done."""
    browsers = {role: desk.browser(handle) for handle, role in PEOPLE.items()}
    wrong = []
    for rule in desk.app.url_map.iter_rules():
        path = re.sub(r"<int:[^>]+>", "1", rule.rule)
        path = re.sub(r"<uuid:[^>]+>", "00000000-0000-7000-8000-000000000000", path)
        path = re.sub(r"<any\((\w+)[^>]+>", r"\1", path)
        path = re.sub(r"<[^>]+>", "union", path)
        if rule.endpoint in {"account.sign_out", "log.rebuild"}:
            continue
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            for role, browser in browsers.items():
                before, may = head(desk), _may(rule.endpoint, method, role)
                status = browser.reader.open(path, method=method).status_code
                if (status != 403) != may or (not may and head(desk) != before):
                    wrong.append((rule.endpoint, method, role, status))
    assert wrong == []


def _may(endpoint: str, method: str, role: Role) -> bool:
    while endpoint not in POLICIES:
        endpoint = endpoint.rpartition(".")[0]
    policy = POLICIES[endpoint]
    needed = policy.see if method == "GET" else policy.send
    return needed is not None and role >= needed


def test_a_site_for_one_machine_says_that_nobody_signs_in(paper: Paper) -> None:
    assert "You are signed in as the editor of this machine." in paper.read("/sign-in")
    assert paper.open("/account").location == "/sign-in?next=/account"


def test_every_page_of_accounts_reads_german(desk: Newsroom) -> None:
    for path, words in (
        ("/sign-in", "Am Desk anmelden"),
        ("/account", "Eigene Sitzungen"),
        ("/people", "Was jede Rolle darf"),
        ("/people/join?account=mira&into=ada", "Geht über an Ada (ada)"),
    ):
        assert words in desk.browser("ada").read(path, Accept_Language="de")
