"""A second factor: what counts, how often, and how long somebody may guess."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text, update

from tests.support.authenticator import shown_code
from timeline.desk import tables
from timeline.desk.accounts.roles import Role
from timeline.desk.accounts.second_factors import (
    MOST_IN_A_ROW,
    OFFER_LASTS,
    RECOVERY_CODES,
    STEP,
    as_recovery_code,
    in_groups,
    new_recovery_codes,
    step_of_code,
)
from timeline.desk.accounts.sessions import HALF_LASTS
from timeline.desk.accounts.tries import MOST_CODES_OF_STRANGERS, MOST_TRIES, TRIES_COUNT_FOR
from timeline.desk.desk import Desk
from timeline.domain.errors import NotFound, Refused
from timeline.domain.instants import MICROSECONDS
from timeline.stores.engines import desk_engine

if TYPE_CHECKING:
    from timeline.stores.store_url import StoreUrl

NOON = 1_765_800_000_000_000
LATER = NOON + 10 * STEP * MICROSECONDS
"""When the first code, which turned the second factor on, is no longer in the way."""

WORDS = "four plain little words"
RFC_KEY = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The key of the examples in RFC 6238, in base32."""


class Phone:
    """Jonas, who has turned it on; ``key`` is in his app, ``codes`` are those that he keeps."""

    def __init__(self, desk: Desk) -> None:
        desk.people.add("jonas", "Jonas", Role.CODER, NOON)
        desk.people.set_password("jonas", WORDS)
        self.factors = desk.second_factors
        self.key = self.factors.offer("jonas", "a session", NOON)
        self.codes = self.factors.turn_on("jonas", "a session", shown_code(self.key, NOON), NOON)

    def shows(self, steps: int = 0) -> str:
        return shown_code(self.key, LATER, steps=steps)

    def prove(self, code: str, now: int = LATER, address: str = "", device: str = "") -> str:
        return self.factors.prove("jonas", code, address, now, device=device).way

    def left(self) -> int:
        factor = self.factors.find("jonas")
        assert factor is not None
        return factor.codes_left


@pytest.fixture
def phone(desk: Desk) -> Phone:
    return Phone(desk)


@pytest.mark.parametrize(
    ("second", "code"), [(1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_codes_are_those_of_the_standard(second: int, code: str) -> None:
    at = second * MICROSECONDS
    assert step_of_code(RFC_KEY, code, at) == second // STEP
    assert step_of_code(RFC_KEY, f" {code[:3]} {code[3:]}", at) == second // STEP
    assert step_of_code(RFC_KEY, code, at + 30 * MICROSECONDS) == second // STEP
    assert step_of_code(RFC_KEY, code, at - 30 * MICROSECONDS) == second // STEP
    assert step_of_code(RFC_KEY, code, at + 60 * MICROSECONDS) is None
    assert step_of_code(RFC_KEY, code, at - 60 * MICROSECONDS) is None


@pytest.mark.parametrize("typed", ["", "28708", "2870822", "٢٨٧٠٨٢", "28708a", "0" * 99_999, "\0"])
def test_what_is_no_code_of_six_digits_is_wrong(typed: str) -> None:
    assert step_of_code(RFC_KEY, typed, 59 * MICROSECONDS) is None


def test_recovery_codes_are_read_as_people_type_them() -> None:
    codes = new_recovery_codes()
    assert len({code[0] for code in codes}) == RECOVERY_CODES
    shown = in_groups(codes[0], "-")
    assert as_recovery_code(f" {shown.upper()} ") == codes[0]
    assert as_recovery_code("OIL0-1111-1111") == "011011111111"
    assert [as_recovery_code(one) for one in ("", "abc", codes[0] * 2, "ü" * 12)] == [""] * 4


def test_a_key_counts_only_once_a_code_of_it_was_given(desk: Desk, phone: Phone) -> None:
    desk.people.add("ada", "Ada", Role.ADMIN, NOON)
    key = phone.factors.offer("ada", "here", NOON)
    assert desk.people.find("ada").second_factor is None
    assert phone.factors.offered("ada", "here", NOON) == key
    assert phone.factors.offered("ada", "elsewhere", NOON) is None
    assert phone.factors.offered("jonas", "here", NOON) is None
    with pytest.raises(Refused, match="the code is not right"):
        phone.factors.turn_on("ada", "here", shown_code(key, NOON, steps=5), NOON)
    late = NOON + OFFER_LASTS
    with pytest.raises(Refused, match="the key was shown too long ago"):
        phone.factors.turn_on("ada", "here", shown_code(key, late), late)
    assert len(phone.factors.turn_on("ada", "here", shown_code(key, NOON), NOON)) == RECOVERY_CODES
    assert desk.people.find("ada").second_factor == NOON
    with pytest.raises(Refused, match="or was taken already"):
        phone.factors.turn_on("ada", "here", shown_code(key, NOON), NOON)


def test_a_key_that_is_confirmed_twice_at_once_counts_once(phone: Phone) -> None:
    key = phone.factors.offer("jonas", "here", LATER)

    def confirm(_: int) -> int:
        try:
            return len(phone.factors.turn_on("jonas", "here", shown_code(key, LATER), LATER))
        except Refused:
            return 0

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(confirm, range(4))) == [0, 0, 0, RECOVERY_CODES]
    assert phone.left() == RECOVERY_CODES


def test_a_code_counts_once_and_so_does_that_which_turned_it_on(phone: Phone) -> None:
    with pytest.raises(Refused, match="the code is not right"):
        phone.prove(shown_code(phone.key, NOON), NOON)
    assert phone.prove(phone.shows(1)) == "code"
    for steps in (1, 0, -1):  # The same again, and those before it.
        with pytest.raises(Refused, match="the code is not right"):
            phone.prove(phone.shows(steps))
    assert phone.prove(phone.shows(2), LATER + STEP * MICROSECONDS) == "code"


def test_of_many_who_send_one_code_at_once_one_gets_in(phone: Phone) -> None:
    def attempt(code: str) -> str:
        try:
            return phone.prove(code)
        except Refused as error:
            return error.code

    for code, way in ((phone.shows(), "code"), (phone.codes[0], "recovery code")):
        with ThreadPoolExecutor(4) as pool:
            told = list(pool.map(attempt, [code] * 4))
        assert told.count(way) == 1
        assert set(told) <= {way, "wrong_code", "too_many_tries"}


def test_a_recovery_code_counts_once(phone: Phone) -> None:
    assert phone.left() == RECOVERY_CODES
    assert phone.prove(in_groups(phone.codes[3], "-").upper()) == "recovery code"
    assert phone.left() == RECOVERY_CODES - 1
    with pytest.raises(Refused, match="the code is not right"):
        phone.prove(phone.codes[3])
    renewed = phone.factors.renew_codes("jonas")
    with pytest.raises(Refused, match="the code is not right"):
        phone.prove(phone.codes[4])
    assert phone.prove(renewed[4]) == "recovery code"


def wrong(phone: Phone, times: int, address: str = "", device: str = "") -> None:
    for _ in range(times):
        with pytest.raises(Refused, match="the code is not right"):
            phone.prove("000000" if phone.shows() != "000000" else "111111", LATER, address, device)


def test_wrong_codes_hold_up_who_sends_them_and_then_all_strangers(
    desk: Desk, phone: Phone
) -> None:
    wrong(phone, MOST_TRIES, "203.0.113.0")
    with pytest.raises(Refused, match="too many wrong tries; wait 15 minutes"):
        phone.prove(phone.shows(), address="203.0.113.0")
    # A right password forgives no wrong code.
    desk.people.sign_in("jonas", WORDS, "203.0.113.0", LATER)
    with pytest.raises(Refused, match="too many wrong tries"):
        phone.prove(phone.shows(), address="203.0.113.0")
    device = desk.devices.remember("jonas", LATER)
    wrong(phone, MOST_CODES_OF_STRANGERS - MOST_TRIES, "198.51.100.0")
    with pytest.raises(Refused, match="too many wrong tries"):
        phone.prove(phone.shows(), address="192.0.2.0")
    assert phone.prove(phone.shows(), device=device) == "code"
    after = LATER + TRIES_COUNT_FOR
    assert phone.prove(shown_code(phone.key, after), after, "203.0.113.0") == "code"


def test_after_a_hundred_wrong_codes_in_a_row_none_is_taken(
    desk: Desk, phone: Phone, url: StoreUrl
) -> None:
    engine = desk_engine(url)
    with engine.begin() as conn:
        conn.execute(update(tables.second_factors).values(failures=MOST_IN_A_ROW - 1))
    engine.dispose()
    wrong(phone, 1)
    for code in (phone.shows(), phone.codes[0]):
        with pytest.raises(Refused, match="100 wrong codes in a row"):
            phone.prove(code)
    phone.factors.take_off("jonas")
    assert desk.people.find("jonas").second_factor is None


def test_a_right_code_forgets_the_wrong_ones(phone: Phone) -> None:
    wrong(phone, 3)
    factor = phone.factors.find("jonas")
    assert factor is not None
    assert factor.failures == 3
    assert phone.factors.prove("jonas", phone.shows(), "", LATER).wrong_before == 3
    factor = phone.factors.find("jonas")
    assert factor is not None
    assert factor.failures == 0
    again = phone.factors.prove("jonas", phone.codes[0], "", LATER)
    assert (again.way, again.wrong_before) == ("recovery code", 0)


def test_another_app_takes_the_place_of_the_first_one(phone: Phone) -> None:
    key = phone.factors.offer("jonas", "a session", LATER)
    phone.factors.turn_on("jonas", "a session", shown_code(key, LATER, steps=-1), LATER)
    for old in (phone.shows(), phone.codes[0]):
        with pytest.raises(Refused, match="the code is not right"):
            phone.prove(old)
    assert phone.prove(shown_code(key, LATER)) == "code"


def test_turning_it_on_or_off_ends_what_began_before(desk: Desk, phone: Phone) -> None:
    for change in ("on", "off"):
        session = desk.sessions.begin("jonas", NOON)
        half = desk.half_sign_ins.begin("jonas", NOON, proven_by="password")
        if change == "on":
            key = phone.factors.offer("jonas", "here", NOON)
            phone.factors.turn_on("jonas", "here", shown_code(key, NOON), NOON)
        else:
            phone.factors.take_off("jonas")
        assert desk.sessions.find(session, NOON) is None
        assert desk.half_sign_ins.find(half, NOON) is None
    with pytest.raises(Refused, match="'jonas' has no second factor"):
        phone.factors.take_off("jonas")
    with pytest.raises(Refused, match="'jonas' has no second factor"):
        phone.factors.renew_codes("jonas")
    with pytest.raises(Refused, match="'jonas' has no second factor"):
        phone.prove(phone.shows())
    with pytest.raises(NotFound, match="nobody at this desk is called 'nobody'"):
        phone.factors.take_off("nobody")


def test_new_recovery_codes_end_every_session(desk: Desk, phone: Phone) -> None:
    session = desk.sessions.begin("jonas", NOON)
    half = desk.half_sign_ins.begin("jonas", NOON, proven_by="password")
    phone.factors.renew_codes("jonas")
    assert desk.sessions.find(session, NOON) is None
    assert desk.half_sign_ins.find(half, NOON) is None


def test_a_first_key_takes_the_place_of_none_that_was_turned_on_meanwhile(
    desk: Desk, phone: Phone
) -> None:
    key = phone.factors.offer("jonas", "of another", LATER)
    with pytest.raises(Refused, match="begin again"):
        phone.factors.turn_on("jonas", "of another", shown_code(key, LATER), LATER, first=True)
    assert phone.left() == RECOVERY_CODES
    assert phone.prove(phone.shows()) == "code"
    with pytest.raises(Refused, match="a second factor was turned on meanwhile"):
        desk.sessions.begin("jonas", NOON, proves_one=True)
    assert desk.sessions.of("jonas", NOON) == []


def test_half_signed_in_lasts_ten_minutes_and_ends_once(desk: Desk, phone: Phone) -> None:
    assert phone.left() == RECOVERY_CODES
    secret = desk.half_sign_ins.begin("jonas", NOON, proven_by="password", following="/t/union")
    half = desk.half_sign_ins.find(secret, NOON + HALF_LASTS - 1)
    assert half is not None
    assert (half.handle, half.following) == ("jonas", "/t/union")
    assert desk.half_sign_ins.find(secret, NOON + HALF_LASTS) is None
    assert desk.half_sign_ins.find("", NOON) is None
    assert desk.sessions.find(secret, NOON) is None
    assert [desk.half_sign_ins.end(half), desk.half_sign_ins.end(half)] == [True, False]


def test_who_takes_another_password_or_is_shut_out_is_half_signed_in_no_more(
    desk: Desk, phone: Phone
) -> None:
    assert phone.left() == RECOVERY_CODES
    desk.people.add("ada", "Ada", Role.ADMIN, NOON)
    changes = (
        lambda: desk.people.set_password("jonas", WORDS + "!"),
        lambda: desk.people.redeem(desk.people.link("jonas", NOON), WORDS, NOON),
        lambda: desk.people.disable("jonas", NOON),
    )
    for change in changes:
        secret = desk.half_sign_ins.begin("jonas", NOON, proven_by="password")
        change()
        assert desk.half_sign_ins.find(secret, NOON) is None


def test_of_codes_and_cookies_hashes_are_kept(desk: Desk, phone: Phone, url: StoreUrl) -> None:
    half = desk.half_sign_ins.begin("jonas", NOON, proven_by="password")
    engine = desk_engine(url)
    with engine.connect() as conn:
        names = ("recovery_codes", "half_sign_ins", "tries")
        kept = str([conn.execute(text(f"SELECT * FROM {name}")).all() for name in names])  # noqa: S608
    engine.dispose()
    assert kept.count("$argon2id$") == RECOVERY_CODES
    assert not [one for one in (*phone.codes, half) if one in kept]
