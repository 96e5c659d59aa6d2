"""A second factor on the site: after a right password a code, or nobody gets in."""

from __future__ import annotations

import html
import logging
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
import segno

from tests.attacks.corpus import CORPUS, TAG
from tests.support.authenticator import shown_code
from tests.support.tiers import some_of
from tests.web.site import Site, plain
from tests.web.test_account import PEOPLE, WORDS, Newsroom, head, record
from tests.web.test_safety_log import told
from timeline.desk.accounts.roles import Role
from timeline.desk.accounts.second_factors import RECOVERY_CODES
from timeline.desk.accounts.sessions import HALF_LASTS
from timeline.desk.accounts.tries import MINUTE, MOST_TRIES
from web.shell import safety_log
from web.shell.identity import HALF, SESSION

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.web.paper import Paper

PAGE, CODE, SET_UP = "/account/second-factor", "/sign-in/code", "/sign-in/set-up"
SIGNED_IN, REFUSED, HELD_UP = 303, 422, 429


class Desk(Newsroom):
    """A newsroom in which Mira has a second factor; its clock goes on a minute a code."""

    def __init__(self, paper: Paper, needed_from: Role | None = None) -> None:
        super().__init__(paper, needed_from)
        self.keys: dict[str, str] = {}

    @property
    def now(self) -> int:
        return self.services.clock()

    def shown(self, handle: str = "mira") -> str:
        """Return the code that somebody's app shows, a minute later than the last one."""
        self.later += MINUTE
        return shown_code(self.keys[handle], self.now)

    def has_factor(self, handle: str = "mira") -> list[str]:
        """Let somebody have a second factor; return their recovery codes."""
        factors = self.services.desk.second_factors
        self.keys[handle] = factors.offer(handle, "here", self.now)
        return factors.turn_on(handle, "here", self.shown(handle), self.now)

    def half(self, handle: str = "mira", **form: str) -> Site:
        """Return a browser in which somebody gave their password."""
        browser = self.browser()
        answer = browser.post("/sign-in", {"handle": handle, "password": WORDS} | form)
        assert answer.status_code in (200, SIGNED_IN), plain(answer.text)
        return browser

    def whole(self, handle: str = "mira") -> Site:
        """Return a browser in which somebody signed in by both."""
        browser = self.half(handle)
        answer = browser.post(CODE, {"code": self.shown(handle)})
        assert answer.status_code in (200, SIGNED_IN), plain(answer.text)
        return browser

    def proof(self, handle: str = "mira") -> dict[str, str]:
        return {"old": WORDS, "code": self.shown(handle)}


@pytest.fixture
def desk(paper: Paper) -> Desk:
    made = Desk(paper)
    made.has_factor()
    return made


def key_on(page: str) -> str:
    return re.search(r'id="key"[^>]*>([A-Z2-7 ]+)<', page)[1]  # type: ignore[index]


def codes_on(page: str) -> list[str]:
    return re.findall(r"<li><code>([0-9a-z-]{14})</code>", page)


def is_signed_in(browser: Site) -> bool:
    return "Signed in as" in browser.read("/keys")


def test_a_right_password_leads_to_the_code_and_lets_nobody_in(desk: Desk) -> None:
    browser, before = desk.browser(), head(desk)
    form = {"handle": "mira", "password": WORDS, "next": "/record?topic=union"}
    answer = browser.post("/sign-in", form)
    assert (answer.status_code, answer.location) == (SIGNED_IN, CODE)
    assert browser.reader.get_cookie(SESSION) is None
    for path in ("/account", PAGE, "/record", "/people"):
        assert browser.open(path).location.startswith("/sign-in?next=")
    assert record(browser).status_code == 401
    assert not is_signed_in(browser)
    assert head(desk) == before
    half = browser.reader.get_cookie(HALF)
    assert half is not None
    browser.reader.set_cookie(SESSION, half.value)
    assert not is_signed_in(browser)
    for _ in range(2):  # The page stands a reload.
        assert "Code from your app" in browser.read(CODE)
    answer = browser.post(CODE, {"code": desk.shown()})
    assert (answer.status_code, answer.location) == (SIGNED_IN, "/record?topic=union")
    assert is_signed_in(browser)
    assert browser.reader.get_cookie(HALF) is None


def test_the_field_is_one_that_phones_fill_and_its_page_is_kept_nowhere(desk: Desk) -> None:
    answer = desk.half().open(CODE)
    field = re.search(r'<input[^>]*id="code"[^>]*>', answer.text)[0]  # type: ignore[index]
    assert 'autocomplete="one-time-code"' in field
    assert 'inputmode="numeric"' in field
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_wrong_code_is_told_alike_whatever_is_wrong_with_it(desk: Desk) -> None:
    used = desk.shown()
    desk.half().post(CODE, {"code": used})
    browser, answers = desk.half(), set()
    for code in (used, "000000", "abcd-efgh-jkmn", "", "x" * 9_999):
        answer = browser.post(CODE, {"code": code})
        assert answer.status_code == REFUSED
        answers.add(plain(answer.text))
    assert len(answers) == 1
    assert "The code is not right. Type the one that your app shows now" in answers.pop()
    held = browser.post(CODE, {"code": desk.shown()})
    assert held.status_code == HELD_UP
    assert "wait 1" in plain(held.text).lower()
    assert not is_signed_in(browser)


def test_a_wrong_password_is_told_as_it_was_whoever_has_a_second_factor(desk: Desk) -> None:
    told_each = {
        plain(desk.browser().post("/sign-in", {"handle": handle, "password": "wrong"}).text)
        for handle in ("mira", "jonas")
    }
    assert len({text.replace("mira", "").replace("jonas", "") for text in told_each}) == 1


def test_no_number_of_right_passwords_gives_more_tries_of_a_code(desk: Desk) -> None:
    for _ in range(MOST_TRIES):
        assert desk.half().post(CODE, {"code": "000000"}).status_code == REFUSED
    assert desk.half().post(CODE, {"code": desk.shown()}).status_code == HELD_UP


def test_half_signed_in_is_over_after_ten_minutes_and_once_used(desk: Desk) -> None:
    browser = desk.half()
    planted = browser.reader.get_cookie(HALF)
    assert planted is not None
    desk.later += HALF_LASTS
    assert browser.open(CODE).location == "/sign-in"
    answer = browser.post(CODE, {"code": desk.shown()})
    assert answer.status_code == REFUSED
    assert "This sign-in is over" in plain(answer.text)
    browser = desk.half()
    half = browser.reader.get_cookie(HALF)
    assert half is not None
    browser.post(CODE, {"code": desk.shown()})
    again = desk.browser()
    again.reader.set_cookie(HALF, half.value)
    assert again.post(CODE, {"code": desk.shown()}).status_code == REFUSED
    assert desk.browser().open(CODE).location == "/sign-in"
    assert desk.browser().post(SET_UP, {"code": desk.shown()}).status_code == REFUSED


def test_who_has_one_cannot_be_led_to_another_key_by_the_way_of_newcomers(desk: Desk) -> None:
    browser = desk.half()
    assert "Code from your app" in browser.read(SET_UP)
    answer = browser.post(SET_UP, {"code": desk.shown()})
    assert answer.status_code == REFUSED
    assert not is_signed_in(browser)


def test_what_was_written_goes_through_both_steps(desk: Desk) -> None:
    kept = '{"action":"/record","fields":[["paraphrase","Two & “quotes”."]]}'
    browser = desk.browser()
    answer = browser.post("/sign-in", {"handle": "mira", "password": WORDS, "kept": kept})
    for code, status in (("000000", REFUSED), (desk.shown(), 200)):
        assert answer.status_code in (200, REFUSED)
        found = re.findall('name="kept" value="([^"]*)"', answer.text)
        assert {html.unescape(one) for one in found} == {kept}
        answer = browser.post(CODE, {"code": code, "kept": html.unescape(found[0])})
        assert answer.status_code == status
    assert "Two &amp; “quotes”." in answer.text
    assert is_signed_in(browser)


def test_a_recovery_code_lets_in_once(paper: Paper) -> None:
    desk = Desk(paper)
    codes = desk.has_factor()
    lost = desk.half(next="/a/aland")
    answer = lost.post(CODE, {"code": codes[0]})
    assert answer.status_code == SIGNED_IN
    page = lost.open(answer.location).text
    assert "You came in by a recovery code" in plain(page)
    assert '<a class="button" href="/a/aland">' in page
    assert desk.half().post(CODE, {"code": codes[0]}).status_code == REFUSED
    browser = desk.whole()
    assert "9 recovery codes left" in browser.read(PAGE)
    assert "9 recovery codes are left." in browser.read("/account")


def test_a_one_time_link_sets_a_password_and_does_not_go_around_the_code(desk: Desk) -> None:
    secret = desk.services.desk.people.link("mira", desk.now)
    browser = desk.browser()
    answer = browser.post(f"/join/{secret}", {"password": WORDS + "!"})
    assert (answer.status_code, answer.location) == (SIGNED_IN, CODE)
    assert not is_signed_in(browser)
    assert browser.post(CODE, {"code": desk.shown()}).status_code == SIGNED_IN
    assert is_signed_in(browser)


def test_somebody_turns_it_on_with_their_password_and_a_first_code(desk: Desk) -> None:
    jonas, elsewhere = desk.browser("jonas"), desk.browser("jonas")
    assert "Off: your password alone lets you in." in jonas.read("/account")
    assert jonas.post(f"{PAGE}/offer", {"old": "wrong"}).status_code == REFUSED
    assert 'id="key"' not in jonas.open(PAGE).text
    assert jonas.post(f"{PAGE}/offer", {"old": WORDS}).location == PAGE
    page = jonas.open(PAGE).text
    desk.keys["jonas"] = key_on(page)
    assert jonas.post(f"{PAGE}/confirm", {"code": "000000"}).status_code == REFUSED
    assert 'id="key"' not in elsewhere.open(PAGE).text
    assert desk.services.desk.people.find("jonas").second_factor is None
    before = jonas.reader.get_cookie(SESSION)
    answer = jonas.post(f"{PAGE}/confirm", {"code": desk.shown("jonas")})
    codes = codes_on(answer.text)
    assert len(codes) == RECOVERY_CODES
    after = jonas.reader.get_cookie(SESSION)
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert not is_signed_in(elsewhere)
    page = jonas.open(PAGE).text
    assert "10 recovery codes left" in plain(page)
    assert not [one for one in (*codes, 'id="key"') if one in page]
    assert is_signed_in(desk.whole("jonas"))


def test_the_picture_is_the_key_as_its_letters_are(desk: Desk) -> None:
    jonas = desk.browser("jonas")
    jonas.post(f"{PAGE}/offer", {"old": WORDS})
    page = jonas.open(PAGE).text
    address = html.unescape(re.search(r'href="(otpauth:[^"]+)"', page)[1])  # type: ignore[index]
    key = key_on(page).replace(" ", "")
    named = "otpauth://totp/Standline%20localhost:jonas?secret="
    assert address == f"{named}{key}&issuer=Standline%20localhost"
    rows = list(segno.make(address, error="m", micro=False).matrix_iter(border=4))
    assert f'viewBox="0 0 {len(rows)} {len(rows)}"' in page
    dark = page.partition("account-picture")[2].partition('<path d="')[2].partition('"')[0]
    drawn = {
        (int(y), x)
        for left, y, right in re.findall(r"M(\d+) (\d+)H(\d+)V\d+H\1z", dark)
        for x in range(int(left), int(right))
    }
    assert drawn == {(y, x) for y, row in enumerate(rows) for x, one in enumerate(row) if one}


def test_the_codes_are_a_file_of_text_too(desk: Desk) -> None:
    page = desk.whole().post(f"{PAGE}/codes", desk.proof()).text
    link = html.unescape(re.search(r'href="(data:text/plain[^"]+)" download', page)[1])  # type: ignore[index]
    lines = unquote(link.partition(",")[2]).split("\r\n")
    assert lines[0] == "Recovery codes of mira for localhost"
    assert lines[3:-1] == codes_on(page)


@pytest.mark.few(1)
@pytest.mark.parametrize("act", ["offer", "codes", "off"])
def test_each_change_asks_for_the_password_and_a_code(desk: Desk, act: str) -> None:
    mira = desk.whole()
    for form in ({"old": "wrong", "code": desk.shown()}, {"old": WORDS, "code": "000000"}, {}):
        assert mira.post(f"{PAGE}/{act}", form).status_code == REFUSED
    factor = desk.services.desk.second_factors.find("mira")
    assert factor is not None
    assert factor.codes_left == RECOVERY_CODES
    assert mira.post(f"{PAGE}/{act}", desk.proof()).status_code in (200, SIGNED_IN)


def test_who_turns_it_off_signs_in_by_password_alone_and_nowhere_else(desk: Desk) -> None:
    mira, elsewhere = desk.whole(), desk.whole()
    assert mira.post(f"{PAGE}/off", desk.proof()).location == PAGE
    assert is_signed_in(mira)
    assert not is_signed_in(elsewhere)
    assert is_signed_in(desk.browser("mira"))


def test_another_app_takes_the_place_of_the_present_one(desk: Desk) -> None:
    mira, old = desk.whole(), desk.keys["mira"]
    mira.post(f"{PAGE}/offer", desk.proof())
    desk.keys["mira"] = key_on(mira.open(PAGE).text)
    assert codes_on(mira.post(f"{PAGE}/confirm", {"code": desk.shown()}).text)
    desk.later += MINUTE
    assert desk.half().post(CODE, {"code": shown_code(old, desk.now)}).status_code == REFUSED
    assert is_signed_in(desk.whole())


def test_wrong_codes_since_the_last_right_one_are_told_their_person(desk: Desk) -> None:
    mira, stranger = desk.whole(), desk.half()
    for _ in range(2):
        stranger.post(CODE, {"code": "000000"})
    assert "2 wrong codes since the last right one." in mira.read(PAGE)
    back = desk.half(next="/a/aland")
    answer = back.post(CODE, {"code": desk.shown()})
    assert "2 wrong codes were typed before this right one." in plain(answer.text)
    assert "somebody knows your password" in plain(answer.text)
    assert 'href="/a/aland"' in answer.text
    assert is_signed_in(back)
    assert "wrong code" not in back.read(PAGE)


def test_new_recovery_codes_end_the_other_sessions(desk: Desk) -> None:
    mira, elsewhere = desk.whole(), desk.whole()
    assert codes_on(mira.post(f"{PAGE}/codes", desk.proof()).text)
    assert is_signed_in(mira)
    assert not is_signed_in(elsewhere)


def test_who_turns_it_on_while_another_gives_the_password_is_asked_for_a_code(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(paper)
    before = desk.services.desk.people.find("mira")
    desk.has_factor()
    monkeypatch.setattr("web.account.check_password", lambda _handle, _password: before)
    stranger = desk.browser()
    assert stranger.post("/sign-in", {"handle": "mira", "password": WORDS}).location == CODE
    assert not is_signed_in(stranger)


@pytest.fixture
def strict(paper: Paper) -> Desk:
    return Desk(paper, Role.EDITOR)


def test_whose_role_needs_one_gets_in_when_it_is_set_up(strict: Desk) -> None:
    assert is_signed_in(strict.browser("jonas"))
    browser = strict.half("mira", next="/record?topic=union")
    assert browser.open(CODE).status_code == 200
    page = browser.open(SET_UP).text
    assert key_on(browser.open(SET_UP).text) == key_on(page)
    assert record(browser).status_code == 401
    assert browser.open(PAGE).location.startswith("/sign-in")
    strict.keys["mira"] = key_on(page)
    assert browser.post(SET_UP, {"code": "000000"}).status_code == REFUSED
    assert not is_signed_in(browser)
    answer = browser.post(SET_UP, {"code": strict.shown()})
    assert len(codes_on(answer.text)) == RECOVERY_CODES
    assert 'href="/record?topic=union"' in answer.text
    assert is_signed_in(browser)
    assert record(browser).status_code == SIGNED_IN
    assert is_signed_in(strict.whole())


@pytest.mark.scaled
def test_nothing_that_is_typed_breaks_a_step(strict: Desk) -> None:
    browser = strict.half("mira")
    for text in some_of(CORPUS, 12):
        answer = browser.post(SET_UP, {"code": text, "kept": text})
        assert answer.status_code == REFUSED, text
        assert f"<{TAG}" not in answer.text
    assert strict.services.desk.people.find("mira").second_factor is None


def test_a_link_leads_there_too_and_so_does_what_was_written(strict: Desk) -> None:
    secret = strict.services.desk.people.link("mira", strict.now)
    browser = strict.browser()
    assert browser.post(f"/join/{secret}", {"password": WORDS}).location == SET_UP
    assert not is_signed_in(browser)
    kept = '{"action":"/record","fields":[["paraphrase","What was written."]]}'
    page = browser.post("/sign-in", {"handle": "mira", "password": WORDS, "kept": kept}).text
    strict.keys["mira"] = key_on(page)
    page = browser.post(SET_UP, {"code": strict.shown(), "kept": kept}).text
    assert codes_on(page)
    assert "What was written.</textarea>" in page


def test_who_must_have_one_moves_it_and_does_not_turn_it_off(strict: Desk) -> None:
    strict.has_factor()
    mira = strict.whole()
    answer = mira.post(f"{PAGE}/off", strict.proof())
    assert answer.status_code == REFUSED
    assert "Your role needs a second factor. Take another app in its place." in plain(answer.text)
    assert mira.post(f"{PAGE}/offer", strict.proof()).status_code == SIGNED_IN


def test_a_session_from_before_its_person_had_to_prove_more_is_over(strict: Desk) -> None:
    jonas, now = strict.browser("jonas"), strict.now
    old = strict.services.desk.sessions.begin("mira", now)
    mira = strict.browser()
    mira.reader.set_cookie(SESSION, old)
    assert not is_signed_in(mira)
    ours = strict.services.desk.sessions.begin("mira", now, proven_by="provider")
    mira.reader.set_cookie(SESSION, ours)
    assert is_signed_in(mira)
    assert is_signed_in(jonas)
    strict.services.desk.people.set_role("jonas", Role.EDITOR)
    assert not is_signed_in(jonas)
    token = strict.services.desk.tokens.make("mira", "a program", "record", 1, now)
    assert record(strict.browser(), paraphrase="By a program.").status_code == 401
    program = strict.browser()
    answer = program.post("/record", {}, Authorization=f"Bearer {token}")
    assert answer.status_code not in (401, 403)


def test_another_password_keeps_what_a_session_proves(strict: Desk) -> None:
    strict.has_factor()
    mira = strict.whole()
    form = {"old": WORDS, "password": "other plain little words"}
    assert mira.post("/account/password", form).status_code == SIGNED_IN
    assert is_signed_in(mira)


def test_taking_one_off_asks_once(desk: Desk) -> None:
    page = desk.browser("ada").open("/people").text
    asks = re.search(r"<details class=\"account-ask\">.*?</details>", page, re.DOTALL)
    assert asks is not None
    assert "Make sure first that it is Mira who asks." in plain(asks[0])
    assert 'formaction="/people/mira/factor"' in asks[0]
    assert "/factor" not in page.replace(asks[0], "")


def test_an_admin_sees_who_has_one_and_takes_a_lost_one_off(desk: Desk) -> None:
    ada, mira = desk.browser("ada"), desk.whole()
    assert "mira Reader Coder Editor Admin Set password and code" in ada.read("/people").replace(
        "reader coder editor admin", "Reader Coder Editor Admin"
    )
    assert mira.post("/people/mira/factor").status_code == 403
    assert ada.post("/people/mira/factor").status_code == SIGNED_IN
    assert not is_signed_in(mira)
    assert is_signed_in(desk.browser("mira"))
    assert ada.post("/people/mira/factor").status_code == REFUSED


def test_all_of_it_is_in_the_log_of_safety_and_no_code_or_key(
    paper: Paper, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, safety_log.LOGGER)
    desk = Desk(paper)
    codes = desk.has_factor()
    told(caplog)
    browser = desk.half()
    browser.post(CODE, {"code": "000000"})
    browser.post(CODE, {"code": codes[0]})
    browser.post(f"{PAGE}/codes", desk.proof())
    browser.post(f"{PAGE}/off", desk.proof())
    lines = [re.sub(r" from=\S+ to=\S+ \S+", "", line) for line in told(caplog)]
    assert lines == [
        "half signed in: handle=mira why=password",
        "code refused: handle=mira why=wrong_code",
        "signed in: handle=mira why=password+recovery code",
        "new recovery codes: by=mira handle=mira",
        "signed in: by=mira handle=mira why=password+code",
        "second factor off: by=mira handle=mira",
        "signed in: by=mira handle=mira why=password",
    ]
    browser.post(f"{PAGE}/offer", {"old": WORDS})
    desk.keys["mira"] = key_on(browser.open(PAGE).text)
    browser.post(f"{PAGE}/confirm", {"code": desk.shown()})
    desk.browser("ada").post("/people/mira/factor")
    lines = [re.sub(r" from=\S+ to=\S+ \S+", "", line) for line in told(caplog)]
    assert lines == [
        "second factor offered: by=mira handle=mira",
        "second factor on: by=mira handle=mira",
        "signed in: by=mira handle=mira why=password+code",
        "signed in: handle=ada why=password",
        "changed factor: by=ada handle=mira",
    ]


def test_nobody_reaches_it_where_nobody_signs_in(paper: Paper) -> None:
    for path in (CODE, SET_UP, PAGE):
        assert paper.open(path).status_code == 403


def test_its_pages_read_german(strict: Desk) -> None:
    answers: list[TestResponse] = []
    strict.has_factor("ada")
    answers.append(strict.half("ada").open(CODE, Accept_Language="de"))
    answers.append(strict.half("mira").open(SET_UP, Accept_Language="de"))
    answers.append(strict.browser("jonas").open(PAGE, Accept_Language="de"))
    words = ("Code eingeben", "Zweiten Faktor einrichten", "Zweiter Faktor")
    for answer, word in zip(answers, words, strict=True):
        assert word in plain(answer.text)
    assert set(PEOPLE) >= {"ada", "mira", "jonas"}
