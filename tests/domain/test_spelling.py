"""Spellings of a name: what German, English and Cyrillic writers share has one key."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.domain.errors import Refused
from timeline.domain.lookalikes import look_alike
from timeline.domain.naming import name_key, nearest
from timeline.domain.text import check_name, whole_number

SPELLINGS = [
    "Selenskyj Selenskij Selenski Zelensky Zelenskyy Zelenskiy Zelenskyi Зеленський Зеленский",
    "Putin Путин",
    "Peskow Peskov Песков",
    "Umerow Umerov Умєров Умеров",
    "Lukaschenko Lukashenko Лукашенко",
    "Schoigu Schojgu Shoigu Шойгу",
    "Jermak Yermak Єрмак Ермак",
    "Gorbatschow Gorbachev Gorbachov Горбачёв Горбачев",
    "Chruschtschow Khrushchev Хрущёв",
    "Jelzin Yeltsin Ельцин",
    "Jazenjuk Yatsenyuk Яценюк",
    "Sacharowa Zakharova Захарова",
    "Medwedew Medwedjew Medvedev Медведев",
    "Lawrow Lavrov Лавров",
    "Uschakow Ushakov Ушаков",
    "Saluschnyj Zaluzhny Zaluzhnyi Залужний",
    "Syrskyj Syrskyi Сирський",
    "Klitschko Klitchko Klychko Кличко",
    "Schmyhal Shmyhal",
    "Sybiha Сибіга",
    "Schirinowski Zhirinovsky Жириновский",
    "Kyslyzja Kyslytsya Кислиця",
    "Paschinjan Pashinyan Пашинян",
    "Tokajew Tokayev Токаев",
    "Alijew Aliyev Алиев Əliyev",
    "Chodorkowski Khodorkovsky Ходорковский",
    "Nawalnaja Navalnaya Навальная",
    "Jewhen Yevhen Євген",
    "Wolodymyr Volodymyr Володимир",
    "Sergej Sergei Sergey Сергей",
    "Alexej Alexei Aleksey Алексей",
    "Julia Julija Yulia Юлия",
    "Müller Mueller Muller MÜLLER Mu\u0308ller",
    "Schröder Schroeder Schroder",
    "Vučić Vucic Вучић",
    "Erdoğan Erdogan ERDOĞAN",
    "O’Brien O'Brien OBrien",
]
APART = (
    "Merz Mertens Macron Makarov Scholz Söder Trump Rubio Vance Witkoff Kushner Starmer Meloni",
    "Tusk Orbán Fico Rutte Kallas Costa Metsola Stubb Wadephul Pistorius Klingbeil Kellogg Biden",
    "Meier Mayer Müller Miller Möller Schmidt Schmitz Schulz Scholl Wagner Weber Becker Braun",
    "Putin Peskow Petrow Popow Umerow Jermak Selenskyj Saluschnyj Lawrow Schoigu Lukaschenko",
)


@pytest.mark.parametrize("spellings", SPELLINGS)
def test_spellings_of_one_name_share_a_key(spellings: str) -> None:
    assert len({name_key(spelling) for spelling in spellings.split()}) == 1


def test_different_names_keep_different_keys() -> None:
    shared = [
        pair
        for pair in itertools.combinations(" ".join(APART).split(), 2)
        if len(set(map(name_key, pair))) < 2
    ]
    assert not shared


def test_the_words_of_a_name_stay_apart_in_its_key() -> None:
    assert (
        name_key("Wolodymyr  Selenskyj") == name_key("Volodymyr Zelensky") == "volodimir selenski"
    )
    assert name_key("Kim Jong-un") == name_key("Kim Jong Un")


def test_a_key_is_found_inside_the_key_of_the_whole_name() -> None:
    assert name_key("Selenskyj") in name_key("Володимир Зеленський")


def test_a_name_without_letters_has_an_empty_key() -> None:
    assert name_key("🙂 ? —") == ""


@given(st.text())
def test_a_key_of_a_key_is_itself(name: str) -> None:
    key = name_key(name)
    assert name_key(key) == key
    assert key.isascii()


@given(st.text("abcdefghijklmnopqrstuvwxyz äöüßїєгчшщ'-", max_size=16))
def test_a_key_of_a_key_is_itself_for_names(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)


@given(st.text())
def test_the_case_of_a_name_is_no_part_of_its_key(name: str) -> None:
    assert name_key(name.casefold()) == name_key(name)


def test_the_nearest_names_come_first_and_far_ones_not_at_all() -> None:
    actors = ["friedrich-merz", "dmitry-peskov", "volodymyr-zelensky", "russia", "peter-szijjarto"]
    assert nearest("Dmitri Peskow", actors) == ["dmitry-peskov"]
    assert nearest("Selenskyj", actors) == ["volodymyr-zelensky"]
    assert nearest("merz", actors) == ["friedrich-merz"]
    assert nearest("rusia", actors) == ["russia"]
    assert nearest("brazil", actors) == []
    assert nearest("Grönland", ["poland", "finland", "russia", "greece"]) == []
    assert nearest("zinland", ["finland"]) == ["finland"]


def test_no_more_names_come_back_than_were_asked_for() -> None:
    topics = ["eu-accession", "eu-accession-date", "nato-accession", "cuba-embargo"]
    assert nearest("eu-acession", topics, n=2) == ["eu-accession", "eu-accession-date"]
    assert nearest("eu-accession", [], n=2) == []


NAMES = st.sampled_from(("Merz", "Mertz", "Merkel", "Anna", "Anna Merz", "Ann-Merz", "Änna"))


@given(NAMES | st.text(), st.lists(NAMES | st.text(max_size=8), max_size=8), st.integers(0, 4))
def test_any_text_has_some_nearest_names_or_none(name: str, others: list[str], n: int) -> None:
    found = nearest(name, others, n)
    assert len(found) <= n
    assert set(found) <= set(others)


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
