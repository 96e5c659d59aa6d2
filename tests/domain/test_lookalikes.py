from __future__ import annotations

import pytest

from timeline.domain.errors import Refused
from timeline.domain.lookalikes import look_alike
from timeline.domain.text import check_name, whole_number


@pytest.mark.parametrize(
    ("one", "other"),
    [("Putin", "Рutin"), ("Macron", "Маcron"), ("Anna", "Аnnа"), ("Olaf", "OIaf"), ("Rom", "Rоm")],
)
def test_a_letter_of_another_alphabet_makes_a_name_that_looks_alike(one: str, other: str) -> None:
    assert one != other
    assert look_alike(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Putin", "Putin"),
        ("Putin", " PUTIN "),
        ("Müller", "Mu\u0308ller"),
        ("Müller", "Muller"),
        ("Ina", "Ann"),
        ("Jean-Claude", "Jean–Claude"),
        ("Иванов", "Ivanov"),
    ],
)
def test_the_same_name_and_another_name_do_not_look_alike(one: str, other: str) -> None:
    assert not look_alike(one, other)


@pytest.mark.parametrize("name", ["علی\u200cرضا", "क्\u200dष", "👩\u200d🚀", "❤\ufe0f", "Zoë"])
def test_a_name_may_hold_what_joins_its_letters(name: str) -> None:
    check_name(name, "actor_name")


@pytest.mark.parametrize("name", ["Pu\u200dtin", "Пу\u200cтин", "\u200dPutin", "Ab\u200c", "a\tb"])
def test_a_name_may_not_hold_what_joins_nothing(name: str) -> None:
    with pytest.raises(Refused, match=r"U[+](200D|200C|0009), in place"):
        check_name(name, "actor_name")


@pytest.mark.parametrize("text", ["0", "17", "9" * 18])
def test_a_whole_number_has_as_many_digits_as_fit(text: str) -> None:
    assert whole_number(text) == int(text)


@pytest.mark.parametrize("text", ["", "-1", "1.0", "1e3", "٣", "²", "9" * 19, "9" * 5_000, " 1"])
def test_anything_else_is_no_whole_number(text: str) -> None:
    assert whole_number(text) is None
