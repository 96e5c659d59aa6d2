"""Accounts: who gets in, by what, for how long, and who may say so."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from timeline.desk.accounts import secrets
from timeline.desk.accounts.devices import KNOWN_FOR, MOST_DEVICES
from timeline.desk.accounts.people import FIRST_LINK_LASTS, LINK_LASTS
from timeline.desk.accounts.roles import Role
from timeline.desk.accounts.sessions import IDLE, LONGEST
from timeline.desk.accounts.tokens import DAY
from timeline.desk.accounts.tries import (
    HOUR,
    MINUTE,
    MOST_TRIES,
    MOST_TRIES_FROM_ADDRESS,
    MOST_TRIES_OF_STRANGERS,
    TRIES_COUNT_FOR,
)
from timeline.domain.errors import NotFound, Refused, StandlineError
from timeline.stores.engines import desk_engine

if TYPE_CHECKING:
    from argon2 import PasswordHasher

    from timeline.desk.desk import Desk
    from timeline.stores.store_url import StoreUrl

NOON = 1_765_800_000_000_000
WORDS = "four plain little words"


def code(info: pytest.ExceptionInfo[StandlineError]) -> str:
    return info.value.code


@pytest.fixture
def staff(desk: Desk) -> Desk:
    """Return a desk with an admin and a coder, who both have a password."""
    for handle, role in (("ada", Role.ADMIN), ("jonas", Role.CODER)):
        desk.people.add(handle, handle.title(), role, NOON)
        desk.people.set_password(handle, WORDS)
    return desk


def test_somebody_signs_in_with_their_own_password_alone(staff: Desk) -> None:
    assert staff.people.sign_in("jonas", WORDS, "", NOON).role is Role.CODER
    wrong = [("jonas", WORDS + "!"), ("nobody", WORDS), ("", ""), ("ada", "x" * 999)]
    for handle, password in wrong:
        with pytest.raises(Refused, match="handle or password is not right"):
            staff.people.sign_in(handle, password, "", NOON)


def wrong(staff: Desk, times: int = MOST_TRIES, address: str = "", device: str = "") -> None:
    for _ in range(times):
        with pytest.raises(Refused, match="is not right"):
            staff.people.sign_in("jonas", "wrong and long enough", address, NOON, device=device)


def made_before(staff: Desk, who: str, count: int) -> None:
    """Count tries that nobody waited for: fifty hashes would take long."""
    with staff._open().begin() as conn:  # noqa: SLF001
        values = [{"who": who, "at": NOON}] * count
        conn.execute(text("INSERT INTO tries (who, at) VALUES (:who, :at)"), values)


def test_five_wrong_tries_hold_up_one_handle_in_one_network_for_a_quarter_of_an_hour(
    staff: Desk,
) -> None:
    wrong(staff)
    with pytest.raises(Refused, match="too many wrong tries; wait 15 minutes"):
        staff.people.sign_in("jonas", WORDS, "", NOON)
    assert staff.people.sign_in("ada", WORDS, "", NOON).handle == "ada"
    assert staff.people.sign_in("jonas", WORDS, "elsewhere", NOON).handle == "jonas"
    assert staff.people.sign_in("jonas", WORDS, "", NOON + TRIES_COUNT_FOR).handle == "jonas"


def test_whoever_guesses_from_many_networks_holds_up_strangers_and_no_known_device(
    staff: Desk,
) -> None:
    own, of_ada = staff.devices.remember("jonas", NOON), staff.devices.remember("ada", NOON)
    made_before(staff, "handle jonas", MOST_TRIES_OF_STRANGERS)
    made_before(staff, "address 203.0.113.0", MOST_TRIES_FROM_ADDRESS)
    for device in ("", of_ada, "made up"):
        with pytest.raises(Refused, match="too many wrong tries"):
            staff.people.sign_in("jonas", WORDS, "198.51.100.0", NOON, device=device)
    for address in ("198.51.100.0", "203.0.113.0"):
        staff.people.sign_in("jonas", WORDS, address, NOON, device=own)


def test_a_known_device_has_five_tries_of_its_own(staff: Desk) -> None:
    own = staff.devices.remember("jonas", NOON)
    wrong(staff, device=own)
    with pytest.raises(Refused, match="too many wrong tries"):
        staff.people.sign_in("jonas", WORDS, "elsewhere", NOON, device=own)
    assert staff.people.sign_in("jonas", WORDS, "", NOON).handle == "jonas"


def test_a_device_is_known_until_its_handle_gets_another_password_or_long_stays_away(
    staff: Desk,
) -> None:
    own, later = staff.devices.remember("jonas", NOON), NOON + KNOWN_FOR - 1
    assert staff.devices.remember("jonas", NOON + 1, own) == own
    assert staff.devices.remember("jonas", later, own) == own
    assert staff.devices.remember("ada", later, own) != own
    assert staff.devices.remember("jonas", later + KNOWN_FOR, own) != own
    staff.people.set_password("jonas", WORDS)
    assert staff.devices.remember("jonas", later, own) != own


def test_of_many_devices_the_last_ones_are_known(staff: Desk) -> None:
    given = [staff.devices.remember("jonas", NOON + turn) for turn in range(MOST_DEVICES + 1)]
    known = [staff.devices.remember("jonas", NOON + 99, one) == one for one in reversed(given)]
    assert known == [True] * MOST_DEVICES + [False]


def test_right_tries_are_not_held_against_anybody(staff: Desk) -> None:
    for turn in range(MOST_TRIES_FROM_ADDRESS + 2):
        staff.people.sign_in("jonas", WORDS, "203.0.113.7", NOON + turn)


def test_wrong_tries_for_many_handles_hold_up_the_address_that_makes_them(staff: Desk) -> None:
    made_before(staff, "address 203.0.113.7", MOST_TRIES_FROM_ADDRESS)
    with pytest.raises(Refused, match="too many wrong tries"):
        staff.people.sign_in("ada", WORDS, "203.0.113.7", NOON)
    assert staff.people.sign_in("ada", WORDS, "203.0.113.8", NOON).handle == "ada"


def test_a_try_is_kept_short_however_long_its_handle(staff: Desk) -> None:
    with pytest.raises(Refused, match="is not right"):
        staff.people.sign_in("x" * 900_000, "x" * 999, "", NOON)
    with staff._open().connect() as conn:  # noqa: SLF001 - nobody is shown what is counted
        longest = conn.execute(text("SELECT max(length(who)) FROM tries")).scalar_one()
    assert longest < 100


def test_tries_at_once_are_counted_each(staff: Desk) -> None:
    def attempt(_: int) -> str:
        try:
            staff.people.sign_in("jonas", "wrong and long enough", "", NOON)
        except Refused as error:
            return error.code
        return ""

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(attempt, range(12)))
    assert (told.count("wrong_password"), told.count("too_many_tries")) == (MOST_TRIES, 7)


@pytest.mark.parametrize(
    ("password", "error"),
    [
        ("short", "password_too_short"),
        ("x" * 300, "password_too_long"),
        ("aaaaaaaaaaaaaa", "password_guessed"),
        ("My name is JONAS!", "password_guessed"),
        ("all of Waterhouse's", "password_guessed"),
        ("StandLine, 2026", "password_guessed"),
        ("password1234", "password_common"),
        ("QWERTYUIOP12", "password_common"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused(
    staff: Desk, password: str, error: str
) -> None:
    staff.people.add("jonas.w", "Jonas Waterhouse", Role.CODER, NOON)
    link = staff.people.link("jonas.w", NOON)
    with pytest.raises(Refused) as info:
        staff.people.redeem(link, password.replace("JONAS", "jonas.w"), NOON)
    assert code(info) == error
    with pytest.raises(Refused) as info:
        staff.people.set_password("jonas.w", password.replace("JONAS", "jonas.w"))
    assert code(info) == error


def test_a_password_from_before_it_was_refused_still_signs_in(
    staff: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "is_bad_password", WORDS.__eq__)
    with pytest.raises(Refused, match="used and stolen most"):
        staff.people.set_password("jonas", WORDS)
    monkeypatch.setattr("timeline.desk.accounts.people.is_outdated", bool)
    assert staff.people.sign_in("jonas", WORDS, "", NOON).handle == "jonas"


def test_nothing_on_the_desk_is_a_password_or_a_secret(staff: Desk, url: StoreUrl) -> None:
    hidden = [
        WORDS,
        staff.sessions.begin("jonas", NOON),
        staff.tokens.make("jonas", "export", "read", 30, NOON),
        staff.people.link("ada", NOON),
        staff.devices.remember("jonas", NOON),
    ]
    engine = desk_engine(url)
    with engine.connect() as conn:
        tables = ("people", "sessions", "tokens", "invitations", "devices", "tries")
        kept = str([conn.execute(text(f"SELECT * FROM {table}")).all() for table in tables])  # noqa: S608
    engine.dispose()
    assert "$argon2id$" in kept
    assert not [one for one in hidden if one in kept]


@pytest.mark.thorough
def test_a_newsroom_hashes_with_the_work_that_the_standard_asks(
    staff: Desk, url: StoreUrl, slow_hasher: PasswordHasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "HASHER", slow_hasher)
    staff.people.set_password("jonas", WORDS + "!")
    engine = desk_engine(url)
    with engine.connect() as conn:
        kept = conn.execute(text("SELECT password FROM people WHERE handle = 'jonas'")).scalar_one()
    engine.dispose()
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert staff.people.sign_in("jonas", WORDS + "!", "", NOON).role is Role.CODER
    with pytest.raises(Refused, match="is not right"):
        staff.people.sign_in("jonas", WORDS, "", NOON)


def test_a_session_is_known_by_its_cookie_until_it_rests_too_long(staff: Desk) -> None:
    cookie = staff.sessions.begin("jonas", NOON, browser="Firefox", address="203.0.113.0")
    found = staff.sessions.find(cookie, NOON)
    assert found is not None
    assert (found.handle, found.name, found.role) == ("jonas", "Jonas", Role.CODER)
    assert staff.sessions.find(cookie + "x", NOON) is None
    assert staff.sessions.find(cookie, NOON + IDLE) is None
    at = NOON
    while at < NOON + LONGEST - HOUR:
        at += 11 * HOUR
        assert staff.sessions.find(cookie, min(at, NOON + LONGEST - 1)) is not None
    assert staff.sessions.find(cookie, NOON + LONGEST) is None


def test_signing_in_again_ends_the_session_that_was_brought_along(staff: Desk) -> None:
    planted = staff.sessions.begin("jonas", NOON)
    fresh = staff.sessions.begin("jonas", NOON, instead=planted)
    assert fresh != planted
    assert staff.sessions.find(planted, NOON) is None
    assert staff.sessions.find(fresh, NOON) is not None


def test_a_person_sees_and_ends_their_own_sessions_and_nobody_elses(staff: Desk) -> None:
    mine, other = staff.sessions.begin("jonas", NOON), staff.sessions.begin("jonas", NOON + 1)
    hers = staff.sessions.begin("ada", NOON)
    seen = staff.sessions.of("jonas", NOON + 2)
    assert [session.signed_in for session in seen] == [NOON + 1, NOON]
    (of_ada,) = staff.sessions.of("ada", NOON)
    staff.sessions.end("jonas", of_ada.id)
    assert staff.sessions.find(hers, NOON) is not None
    staff.sessions.end_all("jonas", but=seen[1].id)
    assert staff.sessions.find(other, NOON) is None
    assert staff.sessions.find(mine, NOON) is not None


def test_a_role_holds_from_the_next_request_on(staff: Desk) -> None:
    cookie = staff.sessions.begin("jonas", NOON)
    staff.people.set_role("jonas", Role.EDITOR)
    found = staff.sessions.find(cookie, NOON)
    assert found is not None
    assert found.role is Role.EDITOR


def test_who_is_disabled_is_out_at_once_by_every_way(staff: Desk) -> None:
    cookie = staff.sessions.begin("jonas", NOON)
    token = staff.tokens.make("jonas", "export", "read", 30, NOON)
    link = staff.people.link("jonas", NOON)
    staff.people.disable("jonas", NOON)
    assert staff.sessions.find(cookie, NOON) is None
    assert staff.tokens.find(token, NOON) is None
    with pytest.raises(Refused):
        staff.people.redeem(link, WORDS, NOON)
    with pytest.raises(Refused, match="is not right"):
        staff.people.sign_in("jonas", WORDS, "", NOON)
    staff.people.enable("jonas")
    assert staff.people.sign_in("jonas", WORDS, "", NOON).handle == "jonas"


def test_a_new_password_ends_every_session(staff: Desk) -> None:
    cookie = staff.sessions.begin("jonas", NOON)
    staff.people.set_password("jonas", WORDS + " and one more")
    assert staff.sessions.find(cookie, NOON) is None


def test_an_admin_is_left_whatever_happens(staff: Desk) -> None:
    with pytest.raises(Refused, match="is the only admin; make somebody else an admin first"):
        staff.people.set_role("ada", Role.EDITOR)
    with pytest.raises(Refused, match="is the only admin"):
        staff.people.disable("ada", NOON)
    staff.people.set_role("jonas", Role.ADMIN)
    staff.people.disable("ada", NOON)


def test_a_link_sets_a_password_once_and_not_too_late(staff: Desk) -> None:
    staff.people.add("kim", "Kim Auer", Role.CODER, NOON)
    first, link = staff.people.link("kim", NOON), staff.people.link("kim", NOON)
    assert staff.people.find("kim").invited_until == NOON + LINK_LASTS
    with pytest.raises(Refused, match="this link was used, is too old"):
        staff.people.redeem(first, WORDS, NOON)
    with pytest.raises(Refused, match="this link was used, is too old"):
        staff.people.redeem(link, WORDS, NOON + LINK_LASTS)
    assert staff.people.redeem(link, WORDS, NOON + LINK_LASTS - 1).has_password
    with pytest.raises(Refused, match="this link was used"):
        staff.people.redeem(link, WORDS + "!", NOON)
    assert staff.people.sign_in("kim", WORDS, "", NOON).handle == "kim"


def test_the_first_admin_is_made_by_one_link_and_the_second_by_the_first(desk: Desk) -> None:
    link = desk.people.first_link(NOON)
    assert desk.people.invited(link, NOON) is None
    with pytest.raises(Refused):
        desk.people.redeem(link, WORDS, NOON + FIRST_LINK_LASTS, handle="ada", name="Ada")
    with pytest.raises(Refused, match="cannot be a handle"):
        desk.people.redeem(link, WORDS, NOON, handle="Ada!", name="Ada")
    made = desk.people.redeem(link, WORDS, NOON, handle="ada", name="Ada Lindqvist")
    assert (made.handle, made.role, made.has_password) == ("ada", Role.ADMIN, True)
    with pytest.raises(Refused, match="has an admin already"):
        desk.people.first_link(NOON)


def test_of_two_who_use_the_first_link_at_once_one_is_admin(desk: Desk) -> None:
    link = desk.people.first_link(NOON)

    def redeem(handle: str) -> bool:
        try:
            desk.people.redeem(link, WORDS, NOON, handle=handle, name=handle)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(redeem, ["aa", "bb", "cc", "dd"])) == 1
    assert len(desk.people.everyone()) == 1


def test_a_token_does_what_it_says_and_never_more_than_its_person(staff: Desk) -> None:
    reads = staff.tokens.make("ada", "nightly export", "read", 30, NOON)
    records = staff.tokens.make("jonas", "feeds", "record", 1, NOON)
    assert reads.startswith("sl_")
    assert staff.tokens.find(reads, NOON) == ("ada", Role.READER)
    assert staff.tokens.find(records, NOON) == ("jonas", Role.CODER)
    assert staff.tokens.find(records, NOON + DAY) is None
    assert staff.tokens.find("sl_made up", NOON) is None
    (shown,) = staff.tokens.of("ada")
    assert (shown.name, shown.scope, shown.last_used) == ("nightly export", "read", NOON)
    assert shown.hint == f"{reads[:6]}…{reads[-2:]}"
    staff.tokens.revoke("jonas", shown.id)
    assert staff.tokens.find(reads, NOON + MINUTE) is not None
    staff.tokens.revoke("ada", shown.id)
    assert staff.tokens.find(reads, NOON) is None


@pytest.mark.parametrize(
    ("name", "scope", "days", "error"),
    [
        ("", "read", 1, "token_unnamed"),
        ("x", "write", 1, "no_such_scope"),
        ("x", "read", 0, "token_lasts"),
        ("x", "read", 10**30, "token_lasts"),
    ],
)
def test_a_token_that_makes_no_sense_is_refused(
    staff: Desk, name: str, scope: str, days: int, error: str
) -> None:
    with pytest.raises(Refused) as info:
        staff.tokens.make("ada", name, scope, days, NOON)
    assert code(info) == error


def test_handles_are_plain_and_one_persons_each(staff: Desk) -> None:
    for handle in ("", "Ada", "1a", "a b", "ä", "a" * 33, "a\nb"):
        with pytest.raises(Refused, match="cannot be a handle"):
            staff.people.add(handle, "Somebody", Role.READER, NOON)
    with pytest.raises(Refused, match="somebody is called 'ada' already"):
        staff.people.add("ada", "Somebody", Role.READER, NOON)
    with pytest.raises(Refused, match="has no name"):
        staff.people.add("eve", "  ", Role.READER, NOON)
    with pytest.raises(NotFound, match="nobody at this desk is called 'eve'"):
        staff.people.find("eve")
    with pytest.raises(Refused, match="'boss' is not a role; use reader, coder, editor or admin"):
        Role.named("boss")
